"""What says that a mark within a word is meant: names, pairs, entries, codes, talk of words."""

from __future__ import annotations

import re

from hanfix.filters.rejoin.chain import Chain, Word, span_of
from hanfix.filters.rejoin.marks import SPACE
from hanfix.filters.rejoin.vocabulary import KeptApart

# Romanized speech beside a word (政-府 tsìng-hú, “民-主”（mínzhǔ）) says that its syllables are set apart on
# purpose: syllables with a hyphen, or a letter with a tone, or syllables with a space within brackets.
_SYLLABLE = "[A-Za-zÀ-ɏḀ-ỿ\u0300-\u036f]{1,8}[0-9]?"
_TONED = "[A-Za-z]{0,6}[À-ÖØ-öø-ɏḀ-ỿ\u0300-\u036f]"
_BESIDE = "[ \\t\u3000|｜/（(\\[【:：,，=）)\\]】”’」』》〉]{0,4}"
ROMANIZED_AFTER = re.compile(
    rf"{_BESIDE}(?:{_SYLLABLE}-{{1,2}}{_SYLLABLE}|{_TONED}|(?<=[（(\[【]){_SYLLABLE}[ '’]{_SYLLABLE})"
)
ROMANIZED_BEFORE = re.compile(
    rf"(?:{_SYLLABLE}-{{1,2}}{_SYLLABLE}|{_TONED}[A-Za-z0-9]{{0,4}})[“‘「『《〈]?{_BESIDE}[“‘「『《〈]?\Z"
)
ROMANIZED_REACH = 24  # characters: two long syllables with tone digits and what stands between
# What is said of words and not with them: 三个字, 两个词的分写, 加连字符作; spaced-out lines say it too.
_ABOUT_WORDS = re.compile(
    "[二两兩三四五六七八九十几幾] ?[个個] ?(?:汉|漢)? ?(?:字|词|詞|音[节節])"
    "|[二两兩三] ?[词詞字](?![典曲牌汇彙经經])|一(?<!众口一)(?<!眾口一) ?[词詞]"
    "|[这這那该該此][个個]?[词詞字](?![典曲牌汇彙])"
    "|[词詞](?:条|條|目|素|性|组|組|语分解|語分解)|[组組构構断斷][词詞]|[语語]素|音[节節]"
    "|[动動名副量][词詞](?!典)|形容[词詞]"
    "|[分连連拼] ?[写寫]|拼音|注音|[读讀](?:音|作)|[连連](?:字符|字号|字號|接号|接號)|短横|短橫"
    "|[间間]隔[号號]|分隔[号號符]|斜[杠線线]"
)
_ABOUT_REACH = 20  # characters on each side, within the sentence
_SENTENCE_END = re.compile("[。！？!?\r\n]")
# A word alone in brackets of these kinds is an entry or a title; in quotation marks, where they begin a line.
_ENTRY_BRACKETS = dict(zip("【〔《〈", "】〕》〉", strict=True))
_QUOTATION_MARKS = dict(zip("“‘「『", "”’」』", strict=True))
# The same mark stands between a word and what belongs to a code: 国-安-3B.
_CODE_CHARACTER = re.compile("[A-Za-z0-9]")
# Between two of these a word is part of running text.
_CLAUSE_MARKS = frozenset("，。、；！？（）“”‘’「」『』《》…,;!?()")
# A row of a table, as Markdown and terminals draw it: a bar at an end of the line, or with room around it.
BAR = "|"
_BAR_OF_A_TABLE = re.compile(r"^\s*[|｜]|[|｜]\s*$|\s[|｜]\s")
_LINE_REACH = 200  # characters on each side that are looked at as the line


def is_in_a_name(chain: Chain, cut: int, meant: KeptApart) -> bool:
    """Tell whether a dot stands within a foreign name, or between a dynasty and an author."""
    return meant.foreign.issuperset(chain.simple[cut - 1 : cut + 1]) or (
        cut == 1 and chain.simple[0] in meant.dynasties
    )


def are_set_apart(simple: str, cut: int, meant: KeptApart) -> bool:
    """Tell whether the characters around a gap are of a kind to be set side by side."""
    left, right = simple[cut - 1], simple[cut]
    return (
        left == right  # a stutter: 我-我
        or left + right in meant.pairs
        or simple[max(0, cut - 2)] == right  # 页首/页尾
        or simple[cut + 1 : cut + 2] == left  # 左向/右向
    )


def stands_alone(text: str, at: int, chain: Chain, word: Word) -> bool:
    """Tell whether a word split by spaces has no text beside it: a padded heading, name or table cell."""
    if chain.gaps[word.first].marks.rule != SPACE:
        return False
    joined_left = word.start > 0 and word.start not in chain.cuts
    joined_right = word.end < len(chain.text) and word.end not in chain.cuts
    if joined_left or joined_right:
        return False
    start, end = span_of(at, chain, word)
    return not (text[max(0, start - 1) : start] in _CLAUSE_MARKS and text[end : end + 1] in _CLAUSE_MARKS)


def in_row_of_bars(text: str, start: int, end: int) -> bool:
    """Tell whether the line is a row of a table, as Markdown and terminals draw it."""
    left = text[max(0, start - _LINE_REACH) : start].splitlines()[-1:]
    right = text[end : end + _LINE_REACH].splitlines()[:1]
    line = "".join(left) + "".join(right)
    return bool(_BAR_OF_A_TABLE.search(line))


def is_an_entry(text: str, start: int, end: int) -> bool:
    """Tell whether a word stands alone in brackets as entries and titles do."""
    bracket, closing = text[max(0, start - 1) : start], text[end : end + 1]
    if not closing:
        return False
    if _ENTRY_BRACKETS.get(bracket) == closing:
        return True
    return _QUOTATION_MARKS.get(bracket) == closing and (start == 1 or text[start - 2] in "\r\n")


def is_spoken_about(text: str, start: int, end: int) -> bool:
    """Tell whether the sentence around a word speaks of words, of how they are written or read."""
    if not _ABOUT_WORDS.search(text, max(0, start - _ABOUT_REACH), end + _ABOUT_REACH):
        return False
    before = _SENTENCE_END.split(text[max(0, start - _ABOUT_REACH) : start])[-1]
    after = _SENTENCE_END.split(text[end : end + _ABOUT_REACH], 1)[0]
    return bool(_ABOUT_WORDS.search(before) or _ABOUT_WORDS.search(after))


def is_in_a_code(text: str, start: int, end: int, members: str) -> bool:
    """Tell whether a mark of these stands between the word and a letter or digit, too: 国-安-3B."""
    if end < len(text) and text[end] in members and _CODE_CHARACTER.match(text, end + 1):
        return True
    return start > 1 and text[start - 1] in members and bool(_CODE_CHARACTER.match(text, start - 2))
