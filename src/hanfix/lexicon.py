"""Words with their frequencies and characters with their readings; loaded on first use.

Words are kept in simplified script; a word in traditional script is looked up by its simplified form, so
either script finds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from math import log

from hanfix.script import simplify

# The longest word in the table, in characters; a user's may be longer.
LONGEST_WORD = 8
# Sum of all frequencies in the table: what a frequency is a share of.
TOTAL_FREQUENCY = 60_000_000
# So many sightings are added to those of a pair and to those expected by chance: a pair that is rare at best
# and was not seen says nothing.
_PRIOR_SIGHTINGS = 0.5
# A character that is no word of the table costs as much as a word seen this often would: less than once.
UNKNOWN_FREQUENCY = 0.2

_WITHOUT_TONE = str.maketrans("āáǎàēéěèếềīíǐìōóǒòūúǔùǖǘǚǜńňǹḿüê", "aaaaeeeeeeiiiioooouuuuvvvvnnnmve")
_VOWELS = frozenset("aeiouv")
_LONGEST_SYLLABLE = 6  # letters: zhuang


class Lexicon:
    """A word list with frequencies, the package's own and a user's, whose words may be of any length.

    The list is one block of sorted lines, kept as bytes; the words of a first character are found in it by
    halving, and decoded, when one of them is first asked for: a process pays for the words it meets.

    >>> lexicon = Lexicon(["和谐号"])
    >>> lexicon.frequency("和諧"), lexicon.frequency("公共产"), lexicon.frequency("和谐号") > 0
    (1578, 0, True)
    >>> lexicon.segment("公共產品")
    ['公共', '產品']
    """

    # A user's word counts as much as a fairly common word: it was named because it matters.
    _USER_FREQUENCY = 1000

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._user_words: dict[str, dict[str, int]] = {}
        # Simplified as one text, since callers may have many thousands.
        for word in simplify("\n".join(words)).split():
            self._user_words.setdefault(word[:1], {})[word] = self._USER_FREQUENCY
        self._by_first: dict[str, dict[str, int]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}

    def words_from(self, first: str) -> dict[str, int]:
        """Return the words that begin with a simplified character, with their frequencies."""
        words = self._by_first.get(first)
        if words is None:
            pairs = (line.split(" ") for line in _lines_from(first))
            words = {word: int(frequency) for word, frequency in pairs}
            for word, frequency in self._user_words.get(first, {}).items():
                words[word] = max(frequency, words.get(word, 0))
            self._by_first[first] = words
        return words

    def lengths_from(self, first: str) -> tuple[int, ...]:
        """Return the lengths of the words that begin with a simplified character, in order; 1 is always one.

        No other length need be looked up. A user's words may be longer than those of the table.
        """
        lengths = self._lengths.get(first)
        if lengths is None:
            lengths = self._lengths[first] = tuple(sorted({1, *map(len, self.words_from(first))}))
        return lengths

    def frequency(self, word: str) -> int:
        """Return how often the word was counted, 0 for what is no word; either script."""
        simple = simplify(word)
        return self.words_from(simple[:1]).get(simple, 0)

    def segment(self, text: str) -> list[str]:
        """Return the most probable division of a run of Chinese characters into words."""
        pieces: list[str] = []
        back = self._best(simplify(text))[1]
        end = len(text)
        while end > 0:
            pieces.append(text[back[end] : end])
            end = back[end]
        return pieces[::-1]

    def cost(self, text: str) -> float:
        """Return the negative log probability (natural) of the most probable division into words.

        Lower is more like Chinese; compare only texts of the same length.
        """
        return self._best(simplify(text))[0]

    def _best(self, text: str) -> tuple[float, list[int]]:
        costs = [0.0] * (len(text) + 1)
        back = [0] * (len(text) + 1)
        for end in range(1, len(text) + 1):
            costs[end] = float("inf")
        for start, first in enumerate(text):
            words = self.words_from(first)
            base = costs[start]
            for length in self.lengths_from(first):
                end = start + length
                if end > len(text):
                    break
                frequency: float = words.get(text[start:end], 0)
                if frequency == 0:
                    if length > 1:
                        continue
                    frequency = UNKNOWN_FREQUENCY
                cost = base + log(TOTAL_FREQUENCY / frequency)
                if cost < costs[end]:
                    costs[end] = cost
                    back[end] = start
        return costs[-1], back


@cache
def _word_list() -> bytes:
    return files("hanfix").joinpath("tables", "words.txt").read_bytes()


def _lines_from(first: str) -> list[str]:
    """Return the lines of the word list that begin with a character."""
    key = first.encode("utf-8", "surrogatepass")
    if not key:
        return []
    data = _word_list()
    # Bytes of UTF-8 sort as code points do, so lines that begin with the key stand together.
    start = first_line(data, key)
    # No byte of UTF-8 is as high as this one: the place behind the last line with the key.
    end = first_line(data, key + b"\xff")
    return data[start:end].decode("utf-8").splitlines()


def first_line(data: bytes, key: bytes) -> int:
    """Return where the first line of a table that is not less than ``key`` begins; its lines are sorted.

    >>> first_line(b"ab\\nac\\nb\\n", b"ac")
    3
    """
    low, high = 0, len(data)
    while low < high:
        start = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = data.index(b"\n", start) + 1
        if data[start:end] < key:
            low = end
        else:
            high = start
    return low


@cache
def default_lexicon() -> Lexicon:
    """Return the package's own word list, shared by all filters of the process."""
    return Lexicon()


@cache
def _characters() -> dict[str, list[str]]:
    text = files("hanfix").joinpath("tables", "characters.txt").read_text(encoding="utf-8")
    return {line[0]: line[2:].split(" ") for line in text.splitlines()}


def readings(char: str) -> tuple[str, ...]:
    """Return the Mandarin readings of a character of GBK, the main one first; empty when there are none.

    >>> readings("長")
    ('zhǎng', 'cháng', 'zhàng')
    """
    return tuple(_characters().get(char, ())[2:])


@cache
def plain_readings(char: str) -> tuple[str, ...]:
    """Return the Mandarin readings of a character of GBK without tones, ``v`` for ``ü``, the main one first.

    >>> plain_readings("女")
    ('nv', 'ru')
    """
    return tuple(dict.fromkeys(reading.translate(_WITHOUT_TONE) for reading in readings(char)))


@cache
def _syllables() -> frozenset[str]:
    """Return the syllables of two letters and more; what has no vowel is an interjection (哼, 呣)."""
    known = {syllable for char in _characters() for syllable in plain_readings(char)}
    return frozenset(syllable for syllable in known if len(syllable) > 1 and not _VOWELS.isdisjoint(syllable))


def are_syllables(word: str) -> bool:
    """Tell whether a word in Latin letters consists of Mandarin syllables without tones.

    >>> are_syllables("Zhongguancun"), are_syllables("Zhon"), are_syllables("inform")
    (True, False, False)
    """
    known = _syllables()
    word = word.lower()
    # The places up to which the word consists of syllables.
    reached = [0]
    for end in range(1, len(word) + 1):
        if any(word[start:end] in known for start in reached[-_LONGEST_SYLLABLE:]):
            reached.append(end)
    return reached[-1] == len(word)


def character_frequency(char: str) -> int:
    """Return how often a character of GBK occurs in all words of the list, in either script; 0 when never.

    >>> character_frequency("為") > 1000 * character_frequency("懌")
    True
    """
    entry = _characters().get(char)
    return int(entry[0]) if entry else 0


def closing_rate(char: str) -> float:
    """Return how often a character that is a word by itself closes a clause, 0 to 1; 0 when unknown.

    >>> closing_rate("人") > 0.2 > closing_rate("任")
    True
    """
    entry = _characters().get(char)
    return int(entry[1]) / 1000 if entry else 0.0


@cache
def pair_counts() -> tuple[dict[str, int], int]:
    """Return how often characters and pairs of them were seen in running text, and how many characters were.

    In simplified script; rare pairs are left out.

    >>> counts, total = pair_counts()
    >>> total > counts["中"] > counts["中国"] > 0
    True
    """
    text = files("hanfix").joinpath("tables", "pairs.txt").read_text(encoding="utf-8")
    entries = text.split()
    counts = dict(zip(entries[::2], map(int, entries[1::2]), strict=True))
    return counts, sum(count for key, count in counts.items() if len(key) == 1)


def pair_gain(first: str, second: str) -> float:
    """Return how much more often one character follows another than by chance, as a natural logarithm.

    Both in either script; characters never met give 0.

    >>> pair_gain("協", "議") > 3 > 0 > pair_gain("的", "的")
    True
    """
    counts, total = pair_counts()
    first, second = simplify(first), simplify(second)
    before, after = counts.get(first, 0), counts.get(second, 0)
    if not before or not after:
        return 0.0
    by_chance = before * after / total
    return log((counts.get(first + second, 0) + _PRIOR_SIGHTINGS) / (by_chance + _PRIOR_SIGHTINGS))
