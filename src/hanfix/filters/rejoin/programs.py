"""What says that a mark within a word belongs to a path, a program, a link or a menu."""

from __future__ import annotations

import re

from hanfix.filters.rejoin.marks import HAN, HAN_CLASS, UNDERSCORE
from hanfix.filters.rejoin.meant import BAR, HYPHENS
from hanfix.filters.rejoin.sighting import Sighting

# The same mark stands between a word and what belongs to a code: 国-安-3B.
_CODE_CHARACTER = re.compile("[A-Za-z0-9]")
# An address stands around the word: 民-主@example.com, ftp://主机/文-件.
_ADDRESS_AFTER = re.compile(r"@[A-Za-z0-9]|\.(?:com|cn|net|org|tw|hk|html?|php)(?![A-Za-z])")
_ADDRESS_BEFORE = re.compile(r"(?:[A-Za-z0-9]@|://[^\s，。；！？、“”「」（）]{0,60})\Z")
_ADDRESS_REACH = 64  # characters on each side
# A name in a program, or a text in one: 打印(姓_名), split("政|府").
_AROUND_NAMES = "[\\s()\\[\\]{}=,.:;+*\"'`<>&|!-]"
_NAME_BEFORE, _NAME_AFTER = re.compile(rf"(?:^|{_AROUND_NAMES})\Z"), re.compile(f"{_AROUND_NAMES}|$")
_TEXT_BEFORE, _TEXT_AFTER = re.compile("[\"'`(\\[/^]\\Z"), re.compile("[\"'`)\\]/$]")
_PATH_MARKS = "/\\_"
# What a path may hold, in running text; white space ends it.
_IN_PATH = "[^\\s，。；：！？、“”‘’「」『』《》（）…\"'<>|*?]"
_PATH_REACH = 120  # characters on each side
# It begins with a drive, a server or a folder: C:\, \\server, ~/, ./, ../, and / with nothing before.
_PATH_BEFORE = re.compile(
    rf"(?:(?<![A-Za-z])[A-Za-z]:[\\/]|\\\\|(?<![^\s\"'“‘「（(：:=])(?:~|\.{{1,2}})?/){_IN_PATH}{{0,{_PATH_REACH}}}\Z"
)
_SUFFIX = (
    r"\.(?:txt|md|rst|pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|csv|tsv|json|xml|ya?ml|toml|ini|conf|log|html?|css"
    r"|jpe?g|png|gif|bmp|svg|webp|tiff?|ico|psd|mp[34]|m4a|avi|mkv|wmv|rmvb|rm|flv|mov|wav|flac|ape|ogg|srt|ass"
    r"|zip|rar|7z|tar|gz|bz2|xz|iso|exe|dll|apk|deb|rpm|jar|py|js|ts|java|cpp|c|h|go|rs|sh|bat|php|sql|db"
    r"|epub|mobi|azw3|torrent|lnk|bak|tmp|po)(?![A-Za-z0-9])"
)
# A path with folders, or a name with a number or the like: 圖-片-01.png.
_PATH_AFTER = re.compile(rf"{_IN_PATH}{{0,{_PATH_REACH}}}?{_SUFFIX}", re.IGNORECASE)
_NAME_OF_A_FILE_AFTER = re.compile(rf"[\w-]{{0,8}}{_SUFFIX}", re.IGNORECASE)
_FOLDERS = re.compile(rf"[\\/_]{_IN_PATH}*\Z")
# A text of a program is the word alone, in quotation marks of ASCII, and is set equal to something, handed
# over, one of several, or named on a command line: print("政-府"), grep '民-主'.
_LITERAL_BEFORE = re.compile(
    rf"(?:[(\[{{=+&|<>]|(?:^|[^{HAN}\s])[ \t]{{0,8}}[,:]|[A-Za-z0-9_]|^)[ \t]{{0,8}}([\"'`])\Z"
)
_LITERAL_AT_START_AFTER = re.compile(r"[ \t]{0,8}[:,=\])};+]")
_LITERAL_REACH = 24  # characters
# The text of a link, or of a picture, in Markdown; the target stays as it is.
_LINK_AFTER = re.compile(r"[^\[\]\r\n]{0,100}\]\(([^()\s]{1,2000})")
_LINK_BEFORE = re.compile(r"\[[^\[\]\r\n]{0,100}\Z")
_LINK_REACH = 2200  # characters
# An underscore before the letter that chooses an entry of a menu; entries are short, no sentences of somebody
# about somebody, and tell the letter in brackets or end with an ellipsis.
_LONGEST_ENTRY = 16
_ENTRY = re.compile(r"[^，。！？；,!?;我你妳他她您咱了吗嗎吧呢啊就都很]*\Z")
_KEY_AFTER = re.compile(rf"{HAN_CLASS}{{0,8}}(?:\(_?[A-Z]\)|（_?[A-Z]）|…$|\.\.\.$)")


def is_in_a_code(find: Sighting) -> bool:
    """Tell whether a word is part of a code, an address, or a program: 国-安-3B, 民-主@example.com."""
    text, start, end, kind = find.text, find.row_start, find.row_end, find.kind
    if kind == BAR:
        return bool(_TEXT_BEFORE.search(text, max(0, start - 1), start) and _TEXT_AFTER.match(text, end))
    members = find.marks.members
    if kind in _PATH_MARKS or HYPHENS.issuperset(kind):
        if end < len(text) and text[end] in members and _CODE_CHARACTER.match(text, end + 1):
            return True
        if start > 1 and text[start - 1] in members and _CODE_CHARACTER.match(text, start - 2):
            return True
    before = text[max(0, start - _ADDRESS_REACH) : start]
    if _ADDRESS_AFTER.match(text, end) or _ADDRESS_BEFORE.search(before):
        return True
    return kind == UNDERSCORE and bool(_NAME_BEFORE.search(before) and _NAME_AFTER.match(text, end))


def is_in_a_path(find: Sighting) -> bool:
    r"""Tell whether a word is part of the path or name of a file: C:\文档\政\府, 图片/中/国/地图.png."""
    before = find.text[max(0, find.row_start - _PATH_REACH) : find.row_start]
    if _PATH_BEFORE.search(before):
        return True
    if _NAME_OF_A_FILE_AFTER.match(find.text, find.row_end):
        return True
    return bool(
        (find.kind in _PATH_MARKS or _FOLDERS.search(before)) and _PATH_AFTER.match(find.text, find.row_end)
    )


def is_a_literal(find: Sighting) -> bool:
    """Tell whether a word is a text of a program by itself: print("政-府"), {"民-主": 1}."""
    before, after = find.line(_LITERAL_REACH)
    match = _LITERAL_BEFORE.search(before)
    if match is None or not after.startswith(match[1]):
        return False
    return match.start() > 0 or match.end() > 1 or bool(_LITERAL_AT_START_AFTER.match(after, 1))


def is_named_by_its_link(find: Sighting) -> bool:
    """Tell whether a word is split in the target of its link as well: [民-主](http://…/民-主)."""
    after = _LINK_AFTER.match(find.text, find.end, find.end + _LINK_REACH)
    if after is None or find.text[find.start : find.end] not in after[1]:
        return False
    return bool(_LINK_BEFORE.search(find.text, max(0, find.start - _LINK_REACH), find.start))


def is_keyed(find: Sighting) -> bool:
    """Tell whether an underscore says which letter chooses an entry of a menu: 生成表_达式, 打开文_件(_O)."""
    if find.kind != UNDERSCORE or find.row or find.word.first != find.word.last:
        return False
    if _KEY_AFTER.match(find.text, find.end):
        return True
    before, after = (part.strip("\"' \t") for part in find.line(_LONGEST_ENTRY + 1))
    return (
        not find.listed
        and len(before) + len(find.whole) + len(after) <= _LONGEST_ENTRY
        and UNDERSCORE not in before + after
        and all(map(_ENTRY.match, (before, after)))
    )
