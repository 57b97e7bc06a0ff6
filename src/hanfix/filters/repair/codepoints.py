"""Characters that stand as another code point of the same look: radicals, compatibility, private use.

PDF readers take ``⼈`` (a radical) for ``人``, since fonts draw both with one glyph; Korean and Taiwanese
codecs have some ideographs twice; old codecs of GBK and Hong Kong put what Unicode did not have yet into its
private-use area, where no other font shows it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import ClassVar

from hanfix.document import Document
from hanfix.edit import Edit, Flag
from hanfix.filter import Example, Filter, Risk, Rule, Scope, option
from hanfix.filters.classes import HAN, MARKS
from hanfix.filters.patterns import compiled
from hanfix.filters.repair.mention import around
from hanfix.filters.rounds import in_rounds
from hanfix.lexicon import character_frequency, default_lexicon
from hanfix.script import simplified_marks, traditional_marks

_RADICAL, _RADICAL_LEAN = "repair/radical", "repair/radical-lean"
_COMPATIBILITY, _FULL_WIDTH = "repair/compatibility-ideograph", "repair/full-width"
_GBK, _HKSCS, _HKSCS_LEAN = (
    "repair/gbk-private-use",
    "repair/hkscs-private-use",
    "repair/hkscs-private-use-lean",
)

# Runs are bounded. Their first character stands by itself, which makes the search for it twice as fast.
_RADICALS = "[\u2e80-\u2fd5][\u2e80-\u2fd5]{0,199}"
_COMPATIBLE = "[\uf900-\ufaff\U0002f800-\U0002fa1f]"
_PRIVATE = "[\ue000-\uf8ff][\ue000-\uf8ff]{0,199}"
_WIDE = "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]{1,200}"
_TO_NARROW = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# Signs that GBK read as Big5 is full of, and sound text has none of beside a radical: there it is bytes of
# damaged text, which are gone when it becomes the ideograph.
_MISREAD = r"[\u309b-\u309e\u30fd\u30fe\u3105-\u312f\u0400-\u045f]"
_MISREAD_REACH = 2
_IDEOGRAPH = "[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_HAN = f"[{HAN}]"
_CHINESE = f"[{HAN}{MARKS}]"
_NEITHER_CHINESE = "[\u3041-\u30ff\u1100-\u11ff\uac00-\ud7a3]"

# First bytes in UTF-16 of what this filter may change, and what ideographs of the compatibility supplement
# begin with. All others are deleted from a text, and what is left tells what to look for.
_OF_RADICALS, _OF_PRIVATE = frozenset({0x2E, 0x2F}), frozenset(range(0xE0, 0xF9))
_OF_COMPATIBLE, _OF_PAIRS = frozenset({0xF9, 0xFA}), frozenset({0xD8})
_NOT_TELLING = bytes(set(range(256)) - _OF_RADICALS - _OF_PRIVATE - _OF_COMPATIBLE - _OF_PAIRS)
_SUPPLEMENT = "\U0002f800".encode("utf-16-le")[:2]

# Some radicals are older forms than those in use; fonts for simplified text draw two more as it writes them.
_USUAL = str.maketrans("靑", "青")
_USUAL_SIMPLIFIED = str.maketrans("戶黃", "户黄")
# A line with one of these may be about the characters themselves.
_TALK = (
    r"部首|偏旁|部件|笔画|筆畫|字根|字源|字形|康熙|异体|異體|兼容|相容|[Uu]nicode|[Rr]adical|U\+[0-9A-F]{4}"
)
# What stands between a form and the one it stands for where they are set side by side on purpose: a mark or
# two, or a word that says so.
_BETWEEN = "(?:[^\u3400-\u9fff\u2e80-\u2fdf]{1,3}|[即是为為作同与與和]|)"
# So many radicals in rising order, which make no words, are a list.
_LIST = 3
# A radical alone between marks is damage where the text has so many in running text.
_HABIT = 3
# One in so many characters makes a text Japanese or Korean.
_ONE_IN = 20
# So many private-use characters have their lines looked at for the script of the text.
_LOOKED_AT = 100
# What Cantonese writes all the time and HKSCS has.
_CANTONESE = frozenset("嘅咗啲嚟嘢哋嗰喺啱嘥攞瞓餸揸嗱㗎啩嘞")


@dataclass(frozen=True)
class CodePoints(Filter):
    """Write characters with the code points that are theirs.

    Left alone: radicals in lists and where the text is about them; compatibility ideographs in Japanese and
    Korean text, which tell names and readings apart by them, beside the form they stand for, and the twelve
    that are no duplicates; private-use characters of fonts, and all where the text does not tell which codec
    they come from; variation selectors, ideographic spaces, full-width punctuation. Full-width letters and
    digits stay unless ``narrow`` is set.

    >>> CodePoints()("⼈⼝增⻓，不樂")
    '人口增长，不樂'
    >>> CodePoints()("部首：⼀⼁⼂")
    '部首：⼀⼁⼂'
    >>> CodePoints(narrow=True)("ＷＴＯ２０１９年，好！")
    'WTO2019年，好！'
    """

    name: ClassVar[str] = "repair"
    scope: ClassVar[Scope] = Scope.DOCUMENT
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            _RADICAL,
            "a Kangxi radical or a radical of the supplement in running text, put as the ideograph",
            Risk.LIKELY,
            examples=(
                Example("⽤⼾⽹⻚的⽅法", "用户网页的方法"),
                Example("⼤⼩", "大小"),
                Example("⼀、⼈⼝增⻓；⼆、⾼铁；三、⻛景", "一、人口增长；二、高铁；三、风景"),
            ),
            keeps=("⼀⼁⼂⼃⼄⼅", "“人”的部首是⼈", "⼈（人）字旁", "⺮、⺀", "偏旁：亻、氵、⺮"),
        ),
        Rule(
            _RADICAL_LEAN,
            "a radical that stands alone, put as the ideograph",
            Risk.GUESS,
            examples=(Example("三、⼿、足", "三、手、足"),),
            keeps=("部首：⼿、⾜", "⼿→手"),
        ),
        Rule(
            _COMPATIBILITY,
            "a compatibility ideograph, put as the ideograph that it equals",
            Risk.LIKELY,
            examples=(Example("不\uf914的\uf90a子", "不樂的金子"), Example("\U0002f800人", "丽人")),
            keeps=(
                "\ufa0e\ufa0f\ufa11\ufa13是汉字",
                "民主主義의 \uf914園과 자유",
                "\ufa19社に行きました",
                "\uf914與樂",
                "兼容字：\uf914",
            ),
        ),
        Rule(
            _GBK,
            "a private-use character of GBK, put as the character that Unicode has by now",
            Risk.LIKELY,
            examples=(
                Example("这只\ue862\ue861会潜水", "这只䴙䴘会潜水"),
                Example("刘\ue863说", "刘䶮说"),
                Example("\ue5e5\ue5e5时间到了", "　　时间到了"),
            ),
            keeps=("\ue815首页 发现", "这只\ue862和\uf8ff", "abc\ue862说", "这 \ue862"),
        ),
        Rule(
            _HKSCS,
            "a private-use character of HKSCS in Cantonese, put as the character that Unicode has by now",
            Risk.LIKELY,
            examples=(Example("我\uecd8度等\uecd9好耐，還沒來", "我喺度等咗好耐，還沒來"),),
            keeps=("我\uecd8度等\uecd9好耐说", "\uecd8 頭條", "還\uecd8來\uf8ff", "a\uecd8b還"),
        ),
        Rule(
            _HKSCS_LEAN,
            "a private-use character of HKSCS in traditional text, put as the character of today",
            Risk.GUESS,
            examples=(Example("乘\uecd4上樓還來", "乘𨋢上樓還來"),),
            keeps=("\ue547還來", "這\ue547人说"),
        ),
        Rule(
            _FULL_WIDTH,
            "full-width letters and digits, put as ASCII on request",
            Risk.SAFE,
            examples=(Example("ＷＴＯ成立于１９９５年", "ＷＴＯ成立于１９９５年"),),
            keeps=("１２３，ＡＢＣ！",),
        ),
    )

    narrow: bool = option(False, help="Turn full-width letters and digits into ASCII.")

    def find(self, doc: Document) -> Iterator[Edit | Flag]:
        """Yield an edit for each run of code points that stand for others."""
        yield from in_rounds(doc.text, self._found, last={_RADICAL_LEAN, _HKSCS_LEAN})

    def _found(self, text: str) -> list[Edit]:
        # Slicing and deleting bytes takes a fifth of the time of a search for these classes.
        encoded = text.encode("utf-16-le", "surrogatepass")
        told = set(encoded[1::2].translate(None, _NOT_TELLING))
        edits: list[Edit] = []
        if told & _OF_RADICALS:
            edits += _radicals(text)
        if told & _OF_PRIVATE:
            edits += _private(text)
        if told & _OF_COMPATIBLE or (told & _OF_PAIRS and _SUPPLEMENT in encoded):
            edits += _compatible(text)
        if self.narrow:
            edits += _wide(text)
        return sorted(edits)


@cache
def _table(kind: str) -> Mapping[str, str]:
    """Return the characters that code points of a kind (radical, gbk, hkscs) stand for."""
    lines = files("hanfix").joinpath("tables", "code_points.txt").read_text(encoding="utf-8").splitlines()
    entries = (line.split(" ") for line in lines if line.endswith(f" {kind}"))
    return {
        chr(int(code, 16)): "".join(chr(int(each, 16)) for each in chars.split("+"))
        for code, chars, _ in entries
    }


def _radicals(text: str) -> list[Edit]:
    """Return the edits of radicals; whether those alone between marks are damage, the others tell."""
    in_text: list[Edit] = []
    alone: list[Edit] = []
    components = frozenset(_table("gbk").values())
    for match in compiled(_RADICALS).finditer(text):
        start, end = match.span()
        before, after = around(text, start, end)
        new = "".join(_table("radical").get(char, char) for char in match.group()).translate(_USUAL)
        if not traditional_marks().intersection(before + after):
            new = new.translate(_USUAL_SIMPLIFIED)
        # Those that GB 18030 has, too, are parts of characters: no font draws them for a character.
        if not all(map(character_frequency, new)) or not components.isdisjoint(match.group()):
            continue
        if compiled(_TALK).search(before) or compiled(_TALK).search(after):
            continue
        if compiled(_MISREAD).search(before[-_MISREAD_REACH:] + after[:_MISREAD_REACH]):
            continue
        if _paired(new, before, after) or _is_list(match.group(), new):
            continue
        glued = len(new) > 1 or compiled(_IDEOGRAPH).match(before[-1:]) or compiled(_IDEOGRAPH).match(after)
        why = f"radical{'s' * (len(new) > 1)} of {new}"
        (in_text if glued else alone).append(Edit(start, end, new, _RADICAL if glued else _RADICAL_LEAN, why))
    if len(in_text) >= _HABIT and len(in_text) > len(alone):
        alone = [edit._replace(rule=_RADICAL) for edit in alone]
    return in_text + alone


def _is_list(radicals: str, new: str) -> bool:
    """Tell whether radicals stand in their order and are no words."""
    rising = len(radicals) >= _LIST and list(radicals) == sorted(set(radicals))
    return rising and any(len(word) == 1 for word in default_lexicon().segment(new))


def _paired(new: str, before: str, after: str) -> bool:
    """Tell whether what a form stands for is set beside it on purpose: ``⼈（人）``, ``人即⼈``."""
    ahead, behind = compiled(_BETWEEN).match(after), compiled(f"{_BETWEEN}$").search(before)
    return (ahead is not None and after.startswith(new, ahead.end())) or (
        behind is not None and before.endswith(new, 0, behind.start())
    )


def _compatible(text: str) -> Iterator[Edit]:
    """Yield the edits of compatibility ideographs: their canonical equivalents."""
    found = list(compiled(_COMPATIBLE).finditer(text))
    if not found or len(compiled(_NEITHER_CHINESE).findall(text)) * _ONE_IN > len(text):
        return
    for match in found:
        # The twelve that are no duplicates have no equivalent.
        new = unicodedata.normalize("NFC", match.group())
        before, after = around(text, *match.span())
        line = before + after
        if new == match.group() or compiled(_NEITHER_CHINESE).search(line) or compiled(_TALK).search(line):
            continue
        if not _paired(new, before, after):
            yield Edit(*match.span(), new, _COMPATIBILITY, f"compatibility form of {new}")


def _private(text: str) -> Iterator[Edit]:
    """Yield the edits of private-use characters, when all of the text come from the codec of its script."""
    found = list(compiled(_PRIVATE).finditer(text))
    if not found:
        return
    used = set("".join(match.group() for match in found))
    if not (used <= _table("gbk").keys() or used <= _table("hkscs").keys()):
        return
    nearby = "".join("".join(around(text, *match.span())) for match in found[:_LOOKED_AT])
    nearby = unicodedata.normalize("NFC", "".join(_table("radical").get(char, char) for char in nearby))
    simplified = sum(char in simplified_marks() for char in nearby)
    traditional = sum(char in traditional_marks() for char in nearby)
    table = _table("gbk" if simplified > traditional else "hkscs")
    if simplified == traditional or not used <= table.keys():
        return
    if simplified > traditional:
        rule = _GBK
    else:
        rule = _HKSCS if _CANTONESE & {table[char] for char in used} else _HKSCS_LEAN
    for match in found:
        before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
        new = "".join(map(table.__getitem__, match.group()))
        in_text = compiled(_CHINESE).match(before) and (not after.strip() or compiled(_CHINESE).match(after))
        beside = compiled(_HAN).match(before) or compiled(_HAN).match(after) or len(new) > 1
        if (in_text and beside) or new.isspace():
            yield Edit(*match.span(), new, rule, f"private use of {new}")


def _wide(text: str) -> Iterator[Edit]:
    """Yield the edits of full-width letters and digits."""
    for match in compiled(_WIDE).finditer(text):
        yield Edit(*match.span(), match.group().translate(_TO_NARROW), _FULL_WIDTH, "full-width forms")
