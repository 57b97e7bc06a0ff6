"""What says that a mark within a word is meant: names, pairs, entries, codes, talk of words."""

from __future__ import annotations

import re

from hanfix.english import is_english
from hanfix.filters.patterns import compiled
from hanfix.filters.rejoin.chain import Chain, Word, is_row, span_of
from hanfix.filters.rejoin.marks import HAN, HAN_CLASS, SPACE
from hanfix.filters.rejoin.sighting import Sighting
from hanfix.filters.rejoin.vocabulary import KeptApart

# Romanized speech beside a word (政-府 tsìng-hú, “民-主”（mínzhǔ）) says that its syllables are set apart on
# purpose: syllables with a hyphen, or a letter with a tone, or syllables with a space within brackets.
_SYLLABLE = "(?<![A-Za-z])[A-Za-zÀ-ɏḀ-ỿ\u0300-\u036f]{1,8}[0-9]?(?![A-Za-z])"
_KANA = "[\u3041-\u30ff]{2}"  # the reading in Japanese
_HANGUL = "[\uac00-\ud7a3]"  # the reading in Korean
_TONED = "[A-Za-z]{0,6}[À-ÖØ-öø-ɏḀ-ỿ\u0300-\u036f]"
_BESIDE = "[ \\t\u3000|｜/（(\\[【:：,，=）)\\]】”’」』》〉]{0,4}"
_ROMANIZED_AFTER = (
    rf"{_BESIDE}(?:{_SYLLABLE}-{{1,2}}{_SYLLABLE}|{_TONED}|{_KANA}|{_HANGUL}"
    rf"|(?<=[（(\[【]){_SYLLABLE}[ '’]{_SYLLABLE})"
)
_ROMANIZED_BEFORE = (
    rf"(?:{_SYLLABLE}-{{1,2}}{_SYLLABLE}|{_TONED}[A-Za-z0-9]{{0,4}})[“‘「『《〈]?{_BESIDE}[“‘「『《〈]?\Z"
)
# A word of small letters right behind, in brackets; an English one is rather a translation.
_READING_AFTER = r" ?[（(]([a-z]{2,20})[）)]"
_ROMANIZED_REACH = 24  # characters: two long syllables with tone digits and what stands between
# What is said of words and not with them: 三个字, 两个词的分写, 加连字符作; spaced-out lines say it too.
_ABOUT_WORDS = (
    "[二两兩三四五六七八九十几幾] ?[个個] ?(?:汉|漢)? ?(?:字|词|詞|音[节節])"
    "|[二两兩三] ?[词詞字](?![典曲牌汇彙经經])|一(?<!众口一)(?<!眾口一) ?[词詞]"
    "|[这這那该該此][个個]?[词詞字](?![典曲牌汇彙])"
)
# What is said of how they are written or read, and of grammar: there no word at all is split to hide it.
_ABOUT_WRITING = (
    "[个個]字(?:分[别別]|各|[连連]|拆|[之中]间|[之中]間|合|笔[画顺]|筆[畫順])"
    "|逐[个個]?字|一字一[句顿頓字]|一[个個]字一[个個]字"
    "|是[两兩二三四五六][个個][^，。；]{0,8}(?:姓氏|字|[词詞])"
    "|[词詞](?:条|條|目|素|性|组|組|语分解|語分解)|[组組构構断斷][词詞]|[语語]素|音[节節]"
    "|[动動名副量][词詞](?!典)|形容[词詞]"
    "|[分连連拼] ?[写寫]|分[开開]?[写寫]|拼音|注音|[读讀](?:音|作)|[连連](?:字符|字号|字號|接号|接號)"
    "|短横|短橫|横[线杠]|橫[線槓]|[间間]隔[号號]|分隔[号號符]|斜[杠線线]"
)
_ABOUT_REACH = 20  # characters on each side, within the sentence
SENTENCE_END = re.compile("[。！？!?\r\n]")
# A word alone in brackets of these kinds is an entry or a title; in quotation marks, where they begin a line.
_ENTRY_BRACKETS = dict(zip("【〔《〈", "】〕》〉", strict=True))
_QUOTATION_MARKS = dict(zip("“‘「『", "”’」』", strict=True))
# Between them lies a part of the one name, the word, and a part of the other.
_ROUTE_BEFORE = f"(?m)(?:^|[^{HAN}]|[的从從由往在到经經搭乘])[{HAN}]{{1,3}}\\Z"
_ROUTE_AFTER = (
    f"[{HAN}]{{0,3}}?(?:段|[线線]|高速|高[铁鐵]|[铁鐵]路|公路|航班|班[机機]|列[车車]|[车車机機]票|[车車]程|区间|區間"
    "|一[带帶]|之[间間]|全程|往返|[来來]回|直[飞飛]|[两兩]地)"
)
_ROUTE_REACH = 5
_SECTION = "(?<![阶階时時片手])段(?![落时時性])"
# With a word often split there must be more of the second name, and no doubt that a route follows.
_SECTION_AFTER = f"[{HAN}]{{1,2}}?(?:{_SECTION}|高速公路|[铁鐵]路|高[铁鐵]|航[线線班]|[区區][间間])"
_STREET_AFTER = f"[{HAN}]{{0,1}}(?:[街巷弄]|{_SECTION}|路[口段]|大道|交叉口)"
# The same where the head of the second name is a word with what follows: 縣政-府城隍廟, 市政-府谷市场.
_PLACE_AFTER = f"[{HAN}]{{1,2}}(?:[庙廟寺宫宮观觀桥橋站镇鎮村]|市[场場]|古城)"
# A hyphen joins a prefix to the name of a compound: 邻-苯二甲酸, 顺-丁烯二酸.
_CHEMICAL_PREFIXES = frozenset("邻鄰间間对對顺順反异異正仲叔聚内內外")
_COMPOUND_AFTER = (
    f"(?=[一二三四五六七八九十甲乙丙丁戊己庚辛壬癸苯萘氯溴碘氟硝氨羟羥羧酮醛酚])[{HAN}]{{1,10}}?"
    "[酸酯醇醛酮烯烷炔酚胺腈苯醚酐]"
)
# A primer gives words with one head, or one tail, next to one another: 獨-立、獨-特.
_BETWEEN_WORDS = frozenset("、，,；;/／ \t\u3000")
# So many of them are no chance, whatever else the document does.
_WORDS_OF_A_PRIMER = 3
_EQUALS = ("=", "＝", "≠")
_NUMERALS = frozenset("一二三四五六七八九十廿卅")
HYPHENS = frozenset("-—")  # what stands for them
_DASH = "——"
# A heading or a name is padded between all its characters, or is no longer than this.
_LONGEST_PADDED_ONCE = 3
_ONE_KANA = "[\u3041-\u30fa\u30fc-\u30ff]"  # without the middle dot
# Between two of these a word is part of running text.
_CLAUSE_MARKS = frozenset("，。、；！？（）“”‘’「」『』《》…,;!?()")
# A row of a table, as Markdown and terminals draw it: a bar at an end of the line, or with room around it.
BAR = "|"
_BAR_OF_A_TABLE = r"^\s*[|｜]|[|｜]\s*$|\s[|｜]\s"
_LINE_REACH = 200  # characters on each side that are looked at as the line


def is_in_a_name(chain: Chain, cut: int, meant: KeptApart) -> bool:
    """Tell whether a dot stands within a foreign name, or between a dynasty and an author."""
    return meant.foreign.issuperset(chain.simple[cut - 1 : cut + 1]) or (
        cut == 1 and chain.simple[0] in meant.dynasties
    )


def is_in_a_date(chain: Chain, cut: int) -> bool:
    """Tell whether a gap has numerals on both sides."""
    return _NUMERALS.issuperset(chain.simple[cut - 1 : cut + 1])


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
    if chain.gaps[word.first].marks.rule != SPACE or (
        word.end - word.start > _LONGEST_PADDED_ONCE and not is_row(word)
    ):
        return False
    joined_left = word.start > 0 and word.start not in chain.cuts
    joined_right = word.end < len(chain.text) and word.end not in chain.cuts
    if joined_left or joined_right:
        return False
    start, end = span_of(at, chain, word)
    return not (text[max(0, start - 1) : start] in _CLAUSE_MARKS and text[end : end + 1] in _CLAUSE_MARKS)


def is_padded(find: Sighting) -> bool:
    """Tell whether a word split by spaces stands alone, now that all around it is known."""
    return stands_alone(find.text, find.at, find.chain, find.word)


def is_romanized(find: Sighting) -> bool:
    """Tell whether the reading of a word stands beside it, which tells syllables apart as well."""
    before = find.text[max(0, find.start - _ROMANIZED_REACH) : find.start]
    after = find.text[find.end : find.end + _ROMANIZED_REACH]
    if compiled(_ROMANIZED_AFTER).match(after) or compiled(_ROMANIZED_BEFORE).search(before):
        return True
    reading = compiled(_READING_AFTER).match(after)
    return reading is not None and not is_english(reading[1])


def is_in_japanese(find: Sighting) -> bool:
    """Tell whether the same mark stands between the row of a word and kana: 存·在·の·意·义."""
    text, start, end, members = find.text, find.row_start, find.row_end, find.marks.members or find.kind
    return bool(
        (end < len(text) and text[end] in members and compiled(_ONE_KANA).match(text, end + 1))
        or (start > 1 and text[start - 1] in members and compiled(_ONE_KANA).match(text, start - 2))
    )


def is_in_row_of_bars(find: Sighting) -> bool:
    """Tell whether the line is a row of a table, as Markdown and terminals draw it."""
    return find.kind == BAR and bool(compiled(_BAR_OF_A_TABLE).search("".join(find.line(_LINE_REACH))))


def is_an_entry(find: Sighting) -> bool:
    """Tell whether a word stands alone in brackets as entries and titles do.

    A word often split is no entry where a sentence goes on around the brackets.
    """
    text, start, end = find.text, find.start, find.end
    bracket, closing = text[max(0, start - 1) : start], text[end : end + 1]
    if not closing:
        return False
    goes_on = bool(compiled(HAN_CLASS).match(text, end + 1))
    if _ENTRY_BRACKETS.get(bracket) == closing:
        return not (find.listed and (goes_on or (start > 1 and compiled(HAN_CLASS).match(text, start - 2))))
    at_start = start == 1 or text[start - 2] in "\r\n"
    return _QUOTATION_MARKS.get(bracket) == closing and at_start and not goes_on


def is_spoken_about(find: Sighting) -> bool:
    """Tell whether the sentence around a word speaks of words, of how they are written or read.

    Of a word often split only the latter says that the split is meant, unless nothing else is said
    (政-府这两个字) or the word is quoted whole beside.
    """
    text, start, end = find.text, find.start, find.end
    if _is_said(_ABOUT_WRITING, text, start, end):
        return True
    if not _is_said(_ABOUT_WORDS, text, start, end):
        return False
    after = SENTENCE_END.split(text[end : end + 2 * _ABOUT_REACH], 1)[0]
    said = compiled(_ABOUT_WORDS).search(after)
    if not find.listed or said is None:
        return True
    if "，" not in after[: said.start()] and not compiled(HAN_CLASS).search(after, said.end()):
        return True
    around = text[max(0, start - _ABOUT_REACH) : start] + "\n" + text[end : end + _ABOUT_REACH]
    return any(f"{left}{find.whole}{right}" in around for left, right in _QUOTATION_MARKS.items())


def _is_said(pattern: str, text: str, start: int, end: int) -> bool:
    if not compiled(pattern).search(text, max(0, start - _ABOUT_REACH), end + _ABOUT_REACH):
        return False
    before = SENTENCE_END.split(text[max(0, start - _ABOUT_REACH) : start])[-1]
    after = SENTENCE_END.split(text[end : end + _ABOUT_REACH], 1)[0]
    return bool(compiled(pattern).search(before) or compiled(pattern).search(after))


def is_on_a_route(find: Sighting) -> bool:
    """Tell whether a word straddles two names that a route runs between: 府中-亚东段."""
    after = _SECTION_AFTER if find.listed else _ROUTE_AFTER
    return find.is_hyphened and bool(
        compiled(_ROUTE_BEFORE).search(find.text, max(0, find.start - _ROUTE_REACH), find.start)
        and compiled(after).match(find.text, find.end)
    )


def is_on_a_street(find: Sighting) -> bool:
    """Tell whether a word takes the end of one name and the head of a street or place: 新民-主街."""
    if not find.is_hyphened:
        return False
    chain, word = find.chain, find.word
    cut = chain.cuts[word.first]
    # The one name ends at the gap: with what stands before the word (新民), or within it (市政).
    start = word.start - 1 if cut - word.start == 1 and word.start not in chain.cuts else word.start
    name = chain.simple[max(0, start) : cut]
    lexicon = find.vocabulary.lexicon
    if len(name) < 2 or not lexicon.frequency(name):
        return False
    if compiled(_STREET_AFTER).match(find.text, find.end):
        return True
    head = find.text[find.end - (word.end - cut) : find.end + 1]
    return bool(compiled(_PLACE_AFTER).match(find.text, find.end)) and lexicon.frequency(head) > 0


def is_in_a_compound_name(find: Sighting) -> bool:
    """Tell whether a hyphen joins a prefix to the name of a chemical compound: 邻-苯二甲酸."""
    cut = find.chain.cuts[find.word.first]
    if not find.is_hyphened or find.chain.text[cut - 1] not in _CHEMICAL_PREFIXES:
        return False
    return bool(compiled(_COMPOUND_AFTER).match(find.text, find.at + find.chain.gaps[find.word.first].end))


def is_in_a_primer(find: Sighting) -> bool:
    """Tell whether words of two characters with the same head, or tail, stand split beside one another."""
    start = find.start
    if find.end - start != 3 or find.row:
        return False
    return any(
        1 + _words_alike(find.text, start, -4, place) + _words_alike(find.text, start, 4, place)
        >= _WORDS_OF_A_PRIMER
        for place in (0, 2)
    )


def _words_alike(text: str, start: int, step: int, place: int) -> int:
    """Return how many words in a row are split as the one at ``start`` and share its head, or tail."""
    shared, mark = text[start + place], text[start + 1]
    words = 0
    at = start + step
    while (
        0 <= at <= len(text) - 3
        and words < _WORDS_OF_A_PRIMER
        and text[at + place] == shared
        and text[at + 2 - place] != text[start + 2 - place]
        and text[at + 1] == mark
        and text[at + 3 if step < 0 else at - 1] in _BETWEEN_WORDS
    ):
        words += 1
        at += step
    return words


def is_in_a_sum(find: Sighting) -> bool:
    """Tell whether an equals sign stands beside the word: 田+力=男, 少+女=妙."""
    text = find.text
    return text[find.end : find.end + 1] in _EQUALS or text[max(0, find.start - 1) : find.start] in _EQUALS


def is_a_quotation_mark(find: Sighting) -> bool:
    """Tell whether an apostrophe in a word closes a quotation: ‘左’倾."""
    apostrophe = find.text.find("’", find.start, find.end)
    return apostrophe >= 0 and "‘" in find.text[max(0, apostrophe - _ABOUT_REACH) : apostrophe]


def is_drawn_out(find: Sighting) -> bool:
    """Tell whether the mark stands after the last character too, as in drawn-out speech: 自~由~飞~翔~.

    A hyphen there may be a dash; and nothing is drawn out in 在~家~创~业~, all of which is a word often
    split.
    """
    if find.kind in HYPHENS or (find.listed and is_row(find.word) and find.row is None):
        return False
    end = find.row_end
    return find.text[end : end + 1] in tuple(find.marks.members or find.kind) and not compiled(
        HAN_CLASS
    ).match(find.text, end + 1)


def is_sung(find: Sighting) -> bool:
    """Tell whether a word stands between dashes, as syllables held in song do: 啊——黄-河——."""
    return find.text.startswith(_DASH, find.end) and find.text.endswith(_DASH, 0, find.start)
