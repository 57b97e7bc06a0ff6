"""Head, tail and gaps of a text: what lines of words are furniture there, by what stands around them.

Each line is first classed by itself, by what its words cover; then revised by its place and neighbours, as
jusText does for HTML. Lines are only looked at where there is cause: at the edges of the text, and around
words of furniture.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, pairwise
from typing import NamedTuple

from hanfix.filters.patterns import compiled
from hanfix.filters.strip.furniture import normal
from hanfix.filters.strip.kinds import (
    BYLINE,
    MENU_PARTS,
    OWN_HEADING,
    PARTS,
    SECTION,
    STATEMENT,
    TIMESTAMP,
    Kind,
    are_tags,
    bars,
    is_menu,
    is_spoken_of,
    kind_of,
)
from hanfix.filters.strip.page import Page
from hanfix.filters.strip.removals import Removals
from hanfix.filters.strip.thread import Thread
from hanfix.filters.strip.words import Cover, Vocabulary, Words, folded

# Share of a sentence in a page that must be words for it to be a notice.
_NOTICE_IN_PAGE = 0.5
# Visible characters that one of its strong words must have.
_SHORTEST_TELLING = 4
# Likely lines one below the other that need no other company.
_LIKELY_RUN = 2
# Links below each other that end a text; single words do end a poem.
_LINKS_AT_END = 2
# Lines of furniture, and the lines on either side of a place in which they must stand, for what stands there
# to be a page: between sentences words of interfaces may be what a manual is about.
FURNISHED = 3
_FURNISHED_KINDS = 3
# The same for the head and the tail of a text, where furniture is looked for.
_FURNISHED_AT_EDGE = 2
# Lines that one page of a site has at most; longer texts are books and manuals, or many pages in one.
SINGLE_PAGE = 300
PAGE_REACH = 120
# The same at the very head of a text, where a bar of links is what one looks for.
_MENU_SHARE_AT_HEAD = 0.2
# Lines of the head in which the path to a page and the main menu of a site stand.
_TOP_LINES = 5
# Visible characters of sentences that make a text have a body; less is a list, a poem or a bare page.
_LEAST_BODY = 30
# Lines looked at on either side of a cause; regions of furniture are shorter, and a text without sentences
# (a table, a poem) is not walked through for each.
_REACH = 200
# Lines that a heading of a list may be followed by, and lines of a tail that need no heading above them.
_MOST_ITEMS = 100
# Lines above a sentence; when half of them are furniture it is a notice and not the end of the text.
_TAIL_LINES = 8
_MOST_STRAYS = 3
# The same in a tail of which at least as many lines are furniture anyway.
_MOST_STRAYS_OF_MANY = 8
# Items of a list in the middle of a text, unless each has a date.
_MOST_ITEMS_INSIDE = 3
# The time or the floor of a post: what follows it was written by somebody.
_STAMP = r"[0-9]:[0-5][0-9]|[0-9] ?[楼#]|# ?[0-9]|楼主|沙发|板凳|[0-9] ?(?:小时|分钟|天)前"
_PATH = r"[^>»›→]*[一-龥][^>»›→]*(?: ?(?:>{1,2}|[»›→]) ?[^>»›→]*){2,}"
_COUNTER = r"[一-龥]{2,5}: ?[0-9][0-9,.]*[^0-9]{0,4}"
_FLOOR_ALONE = r"(?:# ?[0-9]{1,5}|[0-9]{1,5} ?[#楼])[:.]?"
# What is put down to entries whose words it does not have: stamps of posts, the head of a site, tags.
_THREAD_RULE, _SITE_RULE, _TAG_RULE = "post-stamps", "path-links", "blog-words"
_AUTHOR_RULE, _PICTURE_RULE = "member-cards", "wechat-tails"
# Bars in a line of names, if a title stands below it, and if the title may be what begins the text.
_LEAST_BARS = 2
_BARS_ALONE = 3
# A name, and what may stand below it: a trade, a place. They stand among the first lines.
_SHORT_NAME = r"[^,。、!?:;()《》“”「」【】\[\]0-9]{2,20}"
_MOST_NAMES = 2
_AUTHOR_LINES = 15
# What stands below a name above the title.
_MEMBER = r"关注|追踪|粉丝|等级|(?i:lv)|积分|头像|分类|签名|简介|认证|[0-9]级|[0-9] ?/ ?[0-9]"
# A heading between rows of marks.
_DECORATED = r"[【●◆■★☆◎※=~▼▲◇□○-]{1,6} ?[^。!?]{2,16} ?[】●◆■★☆◎※=~▼▲◇□○-]{1,6}"
# What is left of a picture or a film, in a page.
_PICTURE = r"[\[(【]?(?:图片|动图|视频|音频|表情)[\])】]?[0-9]{0,2}"
_SITE_NAME = (
    r"[^\s,。!?:;]{2,14}(?:网|网站|论坛|社区|资料库|数据库|检索系统|查询系统|公报|电子报|电子版|百科全书"
    r"|部落格|博客|小站|门户|频道|文学城|书城|新闻台|知识库|资讯网|入口网)"
)
# Characters above a line of tags among which their words are looked for.
_TAGGED_TEXT = 20_000
# Lines of the head in which the data of an article stand, and visible characters of names that no table knows
# in such a line: who has posted it, the section; and in one without a label or the time of day, which may
# be a headline about numbers.
_DATA_LINES = 8
_MOST_UNKNOWN = 8
_FEW_UNKNOWN = 2
# What says that data are those of a page; a time and a person alone may head a letter or a diary.
_PAGE_DATUM = (
    r"来源|出处|稿源|发布|发表|更新|录入|上传|刊登|浏览|阅读|点[击阅]|人气|访问|评论|留言|热度|围观|收藏|责编|责任编辑"
    r"|字[号体级]|打印|关闭|纠错|反馈|举报|列印"
)
_TOOL = r"打印|列印|关闭|纠错|反馈|举报|字[号体级]"
# Other labels and words that stand in such a line; any further one makes it a record of something else.
_DATUM = (
    r"时间|日期|作者|编辑|标签|tags?|分类|栏目|记者|审核|校对|初审|复审|终审|监制|原创|转载|版权|编号|序号|字数"
    r"|星期|周[一二三四五六日]|[0-9](?:秒|分钟?|小时|天|周|个?月|年)(?:以?前)?|次|℃|来自|本站|网络|未知|佚名|admin"
)
_YEAR_DATE = r"(?:19|20)[0-9]{2} ?[-/.年] ?[01]?[0-9] ?[-/.月] ?[0-3]?[0-9]"
_DATA_RULE = "source-labels"
# The path to a page without arrows: it begins at the main page and ends in the title, which stands below it.
PATH_STARTS = ("首页 ", "主页 ", "网站首页 ")
_LONGEST_PATH = 40
_TO_MAIN_PAGE = r"(?:^|\W)(?:网站|[回返][回到]?)?(?:首页|主页)(?:\W|$)"
# A line of a program; no label takes it along.
_CODE = r"/\*|\*/|\* [ -~]+$|//|#(?:include|define|!)|[{}][;,)]?$|[ -~]*[A-Za-z_)\]\"'][;{}]$"
# Visible characters of a line from which it may be one that was broken within its sentence.
_LEAST_WRAPPED = 20
# What a text tells of a place it has been at, and the labels that only shops and sights have.
_PLACE = (
    r"(?:店家?|餐厅|店铺|商家|景点)?(?:地址|地点|电话|店名|店家|营业时间|开放时间|营业日|公休日?|店休|门票|票价"
    r"|人均|人均消费|价位|消费|低消|交通|停车|订位|订位电话|推荐(?:菜|餐点|指数)?|评分|网址|官网|粉丝专页|粉专"
    r"|脸书|fb|ig)[^:]{0,4}: ?\S"
)
_HOURS = r"(?:店家?|餐厅)?(?:营业时间|开放时间|营业日|公休日?|店休|门票|票价|人均|店名|价位|低消)[^:]{0,4}:"
# Lines of data: a label with its value, and the time that a line of a log begins with.
_RECORD = r"(?!\[?[0-9])[^\s:。,;]{2,8}: ?\S(?!.*[0-9]:[0-5][0-9])"
_LOG = r"\[?[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?[^0-9]{1,12}[A-Za-z一-龥]"
_CLOCK = r"[0-9]:[0-5][0-9]"
_REPLIES = r"评论|留言|回复|回应|跟[帖贴]|回响|回答|答案|讨论"
_DATED = (
    r"[0-9]{1,2}[-/.月][0-9]{1,2}日?[)\]】]?(?: ?[0-9]{1,2}:[0-9]{2})?$"
    r"|^[(\[]?(?:[0-9]{4}[-/.年])?[0-9]{1,2}[-/.月][0-9]{1,2}"
)
_MARKED = r"[·•●○◆■▪►▶▲★☆>»*]|[0-9]{1,2}[.、 ]|-\s"
_QUOTED = r"[“「『\"‘【\[]([^“”「」『』\"‘’【】\[\]\n]{1,16})[”」』\"’】\]]"


class _Region(NamedTuple):
    """Lines with no text between them; blank ones are left out."""

    lines: Sequence[int]
    is_head: bool
    is_tail: bool


class Zones:
    """What is furniture in one text by its words, its place and its neighbours."""

    def __init__(
        self, page: Page, vocabulary: Vocabulary, removals: Removals, telling: Iterable[int]
    ) -> None:
        self._page = page
        # Lines that hold strong words; sentences that do not are text.
        self._telling = frozenset(telling)
        self._vocabulary = vocabulary
        self._removals = removals
        self._kinds: dict[int, Kind] = {}
        self._going: dict[int, tuple[Words, str]] = {}
        # What lines go by that are furniture by structure alone and have no words.
        self._owners: dict[int, Words] = {}
        # Data of the article and paths to it at the head, which need no company.
        self._data: set[int] = set()
        # The lines that are furniture by themselves, in order.
        self._furnished: list[int] = []

    def remove(self) -> None:
        """Remove what is furniture at the edges of the text, beside what goes, and around strong words."""
        self._look_for_data()
        regions = list(self._regions({*self._removals.gone(), *self._telling, *self._data}))
        if (
            sum(self._is_telling(number) for region in regions for number in self._certain(region.lines))
            >= FURNISHED
        ):
            # It is a page, in which words of interfaces stand for themselves.
            around = sorted(set(self._around(regions)))
            for number in around:
                self._look_for_notice(number)
            self._look_for_thread(around)
            self._look_for_pictures(around)
            regions = list(self._regions({*around, *self._data}))
        for region in regions:
            if region.is_head and not region.is_tail:
                self._look_for_menus(region.lines)
                self._look_for_site(region.lines)
                self._look_for_author(region.lines, is_titled=False)
            elif not region.is_head and not region.is_tail and region.lines[0] <= _AUTHOR_LINES:
                self._look_for_author(region.lines, is_titled=True)
            if region.is_tail and not region.is_head:
                self._look_for_shop(region.lines)
                self._look_for_tags(region.lines)
        certain = [self._certain(region.lines) for region in regions]
        self._furnished = sorted(filter(self._is_telling, chain.from_iterable(certain)))
        for region, lines in zip(regions, certain, strict=True):
            self._revise(region, lines)
        if self._going:
            self._spare_spoken()
        for number, (words, why) in self._going.items():
            self._removals.take(number, words.rule.id, f"{words.says}, {why}")

    # Lines by themselves ------------------------------------------------------------------------------------

    def _cover(self, number: int) -> Cover:
        return self._vocabulary.cover(self._page.normal(number))

    def _kind(self, number: int) -> Kind:
        kind = self._kinds.get(number)
        if kind is None:
            if self._removals.is_gone(number):
                kind = Kind.FURNITURE
            elif (
                not self._page.normal(number)
                or self._removals.is_kept(number)
                or (number not in self._telling and STATEMENT.search(self._page.normal(number)))
            ):
                kind = Kind.TEXT
            else:
                kind = kind_of(self._cover(number))
                # What a rule cuts something out of is text, unless all of it is furniture.
                if self._removals.is_cut(number):
                    rest = kind_of(self._vocabulary.cover(normal(self._removals.rest(number)).strip()))
                    kind = Kind.FURNITURE if kind is rest is Kind.FURNITURE else Kind.TEXT
                if kind is not Kind.TEXT and (
                    self._page.is_protected(number)
                    or self._is_in_log(number)
                    or self._ends_sentence(number)
                    or compiled(_CODE).match(self._page.normal(number))
                ):
                    kind = Kind.TEXT
            self._kinds[number] = kind
        return kind

    def _ends_sentence(self, number: int) -> bool:
        """Tell whether a label is the end of a sentence that the line above it begins."""
        if number == 0 or not self._page.normal(number).endswith(":") or self._page.is_blank(number - 1):
            return False
        above = self._page.normal(number - 1)
        return (
            len(above) >= _LEAST_WRAPPED
            and above[-1].isalnum()
            and not above[-1].isascii()
            and self._kind(number - 1) in (Kind.NEUTRAL, Kind.CLAUSE, Kind.TEXT)
        )

    @cached_property
    def _end_of_text(self) -> int:
        """The last line that is text for certain; a sentence behind much furniture is not."""
        for number in range(len(self._page) - 1, -1, -1):
            if self._page.is_blank(number) or self._kind(number) is not Kind.TEXT:
                continue
            above = [
                near for near in range(max(0, number - _TAIL_LINES), number) if not self._page.is_blank(near)
            ]
            furniture = sum(self._kind(near) in (Kind.FURNITURE, Kind.LIKELY) for near in above)
            if 2 * furniture < len(above) or not above:
                return number
        return -1

    def _is_stamp(self, number: int) -> bool:
        return bool(compiled(_STAMP).search(self._page.normal(number)))

    # Regions ------------------------------------------------------------------------------------------------

    def _around(self, regions: Iterable[_Region]) -> Iterator[int]:
        """Yield the lines around those that are furniture by themselves, as far as a page reaches."""
        last = -1
        for number in sorted(chain.from_iterable(self._certain(region.lines) for region in regions)):
            yield from range(max(last + 1, number - PAGE_REACH), min(len(self._page), number + PAGE_REACH))
            last = number + PAGE_REACH - 1

    def _regions(self, causes: Iterable[int]) -> Iterator[_Region]:
        page = self._page
        last = len(page) - 1
        seen: set[int] = set()
        for start in dict.fromkeys((0, last, *sorted(causes))):
            if start in seen or start < 0:
                continue
            is_edge = start in (0, last)
            if not is_edge and (page.is_blank(start) or self._stops(start)):
                continue
            up, at_top = self._walk(start, -1)
            down, at_bottom = self._walk(start, 1)
            middle = [] if page.is_blank(start) or self._stops(start) else [start]
            lines = [*reversed(up), *middle, *down]
            seen.update(lines)
            if lines:
                yield _Region(lines, at_top, at_bottom)

    def _walk(self, number: int, step: int) -> tuple[list[int], bool]:
        """Return the lines from one on that are no text, and whether they reach the edge."""
        page = self._page
        lines: list[int] = []
        if not page.is_blank(number) and self._stops(number):
            return lines, False
        at = number + step
        for _ in range(_REACH):
            if not 0 <= at < len(page):
                return lines, True
            if not page.is_blank(at):
                if self._stops(at):
                    return lines, False
                lines.append(at)
            at += step
        return lines, False

    def _stops(self, number: int) -> bool:
        return self._kind(number) in (Kind.CLAUSE, Kind.TEXT)

    @cached_property
    def _has_body(self) -> bool:
        """Tell whether there are sentences in the text that make a body."""
        length = 0
        for number in range(len(self._page)):
            if not self._page.is_blank(number) and self._stops(number):
                start, end = self._page.span(number)
                length += end - start
                if length >= _LEAST_BODY:
                    return True
        return False

    # Revision -----------------------------------------------------------------------------------------------

    def _revise(self, region: _Region, certain: Sequence[int]) -> None:
        lines = region.lines
        believed = self._believed(region, certain)
        if not believed and region.is_head and not region.is_tail:
            return
        for number in believed:
            if not self._removals.is_gone(number):
                self._go(number, "made of words that pages are furnished with")
        if not self._has_body:
            return
        if self._is_page_around(lines):
            for number in list(self._likely_runs(lines)):
                self._go(number, "with others in a page")
            if region.is_tail and not region.is_head:
                self._take_likely(lines)
        if region.is_tail:
            self._take_links_at_the_end(lines)
        if not region.is_head:
            self._take_stamps(lines, is_page=bool(believed))
        self._take_lists(region)
        self._take_company(region)
        if self._is_page_around(lines):
            self._take_counters(lines)
        if region.is_tail and not region.is_head:
            self._take_rest_of_tail(lines)
        self._take_fillers(region)

    def _look_for_data(self) -> None:
        """Class the data of an article below its title, and a path that ends in the title, as furniture."""
        data, path = self._vocabulary.entry(_DATA_RULE), self._vocabulary.entry(_SITE_RULE)
        page = self._page
        number = -1
        for _ in range(_DATA_LINES):
            below = page.near(number, 1)
            if below is None:
                return
            number = below
            seen = page.normal(number)
            if not seen or self._removals.is_gone(number) or self._removals.is_cut(number):
                continue
            if self._kind(number) is not Kind.TEXT:
                owner = None
                if self._is_data(number):
                    owner = data
                elif self._leads_to_title(number) or self._is_main_menu(number):
                    owner = path
                if owner is not None:
                    self._own(number, owner)
                    self._data.add(number)
            if self._kind(number) is Kind.TEXT or STATEMENT.search(seen):
                return

    def _is_data(self, number: int) -> bool:
        """Tell whether a line is made of an article's data: time, source, people, counts, tools."""
        cover = self._cover(number)
        if self._page.is_list_item(number):
            return False
        said = [cover.line[token.start : token.end + 2] for token in cover.words]
        known = [each for each in said if compiled(_PAGE_DATUM).search(each)]
        unknown = cover.uncovered
        for each in said:
            if each in known or compiled(_DATUM).search(each):
                continue
            if ":" in each or any(map(str.isdigit, each)):
                return False
            # A name may hold a word that pages are furnished with.
            unknown += len(each)
        if unknown > _MOST_UNKNOWN:
            return False
        # An ordinary word (评论, 发布) that has neither a value nor a number says nothing.
        of_page = [each for each in known if ":" in each or any(map(str.isdigit, each))]
        labelled = any(":" in each for each in of_page) or TIMESTAMP.search(cover.line) is not None
        if unknown > _FEW_UNKNOWN and not labelled:
            return False
        if compiled(_YEAR_DATE).search(cover.line) is not None:
            return bool(of_page) or any(compiled(_TOOL).search(each) for each in known)
        return sum(any(map(str.isdigit, each)) for each in of_page) > 1

    def _is_main_menu(self, number: int) -> bool:
        """Tell whether the first line is a row of links with one to the main page among them."""
        cover = self._cover(number)
        return (
            self._page.near(number, -1) is None
            and len(PARTS.split(cover.line)) > MENU_PARTS
            and is_menu(cover.line, cover.words)
            and compiled(_TO_MAIN_PAGE).search(cover.line) is not None
        )

    def _leads_to_title(self, number: int) -> bool:
        """Tell whether a line is the path to a page, the end of which is the title below it."""
        below = self._page.near(number, 1)
        if below is None:
            return False
        path, title = self._page.normal(number), self._page.normal(below)
        return (
            bool(title)
            and path.startswith(PATH_STARTS)
            and path.endswith(f" {title}")
            and len(path) - len(title) <= _LONGEST_PATH
        )

    def _look_for_notice(self, number: int) -> None:
        """Class a sentence as likely if in a page it is mostly made of words of pages."""
        if self._page.is_blank(number) or self._kind(number) not in (Kind.CLAUSE, Kind.TEXT):
            return
        if not self._page.normal(number) or self._removals.is_cut(number) or self._page.is_protected(number):
            return
        cover = self._cover(number)
        words = [token for token in cover.words if not is_spoken_of(cover.line, token)]
        said = sum(token.said for token in words)
        if (
            any(token.strong and token.said >= _SHORTEST_TELLING for token in words)
            and said >= _NOTICE_IN_PAGE * cover.visible
        ):
            self._kinds[number] = Kind.LIKELY

    def _look_for_menus(self, lines: Sequence[int]) -> None:
        """Class the path to a page, and a menu of few words that are known, where the text begins."""
        for number in lines[:_TOP_LINES]:
            if self._kind(number) not in (Kind.NEUTRAL, Kind.LIKELY):
                continue
            cover = self._cover(number)
            if cover.words and (
                compiled(_PATH).fullmatch(cover.line) or is_menu(cover.line, cover.words, _MENU_SHARE_AT_HEAD)
            ):
                self._kinds[number] = Kind.FURNITURE

    def _look_for_thread(self, around: Sequence[int]) -> None:
        """Class floors that count on, and the names of those who post, as furniture."""
        owner = self._vocabulary.entry(_THREAD_RULE)
        if owner is not None:
            for number in Thread(self._page, self._kind, self._is_certain).lines(around):
                self._own(number, owner)

    def _look_for_pictures(self, around: Sequence[int]) -> None:
        """Class what is left of pictures as furniture."""
        owner = self._vocabulary.entry(_PICTURE_RULE)
        if owner is None or len(self._page) > SINGLE_PAGE:
            return
        for number in around:
            if (
                not self._page.is_blank(number)
                and compiled(_PICTURE).fullmatch(self._page.normal(number))
                and not self._page.is_set(number)
            ):
                self._own(number, owner)

    def _look_for_site(self, lines: Sequence[int]) -> None:
        """Class bars of names that no table knows and the name of the site as furniture, above a title."""
        certain = self._certain(lines)
        owner = self._vocabulary.entry(_SITE_RULE)
        if owner is None or not certain:
            return
        neutral = [number for number in lines if self._kind(number) in (Kind.NEUTRAL, Kind.LIKELY)]
        for index, number in enumerate(neutral):
            if number not in lines[:_TOP_LINES]:
                break
            seen = self._page.normal(number)
            below = neutral[index + 1 :]
            # The longest line may be the title.
            is_site = (
                len(certain) >= _FURNISHED_AT_EDGE
                and compiled(_SITE_NAME).fullmatch(seen) is not None
                and any(len(self._page.normal(other)) > len(seen) for other in below)
            )
            if is_site or bars(seen) >= (_LEAST_BARS if below else _BARS_ALONE):
                self._own(number, owner)

    def _look_for_author(self, lines: Sequence[int], *, is_titled: bool) -> None:
        """Class a name or two between furniture above the text as furniture: who has written it.

        The longest line is the title, unless that stands above.
        """
        owner = self._vocabulary.entry(_AUTHOR_RULE)
        neutral = [number for number in lines if self._kind(number) is Kind.NEUTRAL]
        certain = self._certain(lines)
        likely = [number for number in lines if self._kind(number) is Kind.LIKELY]
        if owner is None or not neutral or not certain or len(certain) + len(likely) < _FURNISHED_AT_EDGE:
            return
        title = None if is_titled else max(neutral, key=lambda number: len(self._page.normal(number)))
        run: list[int] = []
        opened = below_title = False
        for number in lines[:_AUTHOR_LINES]:
            seen = self._page.normal(number)
            if self._kind(number) is not Kind.NEUTRAL:
                is_member = compiled(_MEMBER).search(seen) is not None
                is_named = (opened and (title is None or title < number)) or is_member
                closes = self._is_certain(number) or (is_member and self._kind(number) is not Kind.TEXT)
                if (opened or below_title) and is_named and closes and 0 < len(run) <= _MOST_NAMES:
                    for each in run:
                        self._own(each, owner)
                opened = opened or self._is_certain(number)
                below_title = False
                run = []
            elif (
                number == title
                or not compiled(_SHORT_NAME).fullmatch(seen)
                or SECTION.match(seen)
                or OWN_HEADING.fullmatch(seen)
                or BYLINE.fullmatch(seen)
                # What the path to the page or a heading says again is the title.
                or self._page.text.count(self._page.line(number).strip()) > 1
            ):
                opened = False
                below_title = number == title
                run = []
            else:
                run.append(number)

    def _look_for_tags(self, lines: Sequence[int]) -> None:
        """Class tags right behind the text as furniture where a page goes on below them."""
        owner = self._vocabulary.entry(_TAG_RULE)
        if owner is None:
            return
        for number in lines:
            if self._is_certain(number):
                continue
            if self._kind(number) not in (Kind.NEUTRAL, Kind.LIKELY):
                return
            below = self._page.near(number, 1)
            if (
                below is not None
                and self._kind(below) in (Kind.FURNITURE, Kind.LIKELY)
                and are_tags(self._page.normal(number), self._normal_text(number))
            ):
                self._own(number, owner)
            else:
                return

    def _look_for_shop(self, lines: Sequence[int]) -> None:
        """Class the address and the hours of a place right behind the text as text: it tells of the place."""
        run: list[int] = []
        for number in lines:
            if compiled(_PLACE).match(self._page.normal(number)) and not self._removals.is_gone(number):
                run.append(number)
            elif run or self._kind(number) is Kind.FURNITURE:
                break
        if any(compiled(_HOURS).match(self._page.normal(number)) for number in run):
            self._kinds.update(dict.fromkeys(run, Kind.TEXT))

    def _normal_text(self, number: int) -> str:
        """Return the text above a line, in normal form, as far back as a page reaches."""
        start, _ = self._page.whole(max(0, number - PAGE_REACH))
        end, _ = self._page.whole(number)
        return normal(self._page.text[max(start, end - _TAGGED_TEXT) : end])

    def _own(self, number: int, owner: Words) -> None:
        self._kinds[number] = Kind.FURNITURE
        self._owners[number] = owner

    def _certain(self, lines: Sequence[int]) -> list[int]:
        """Return the lines that are furniture by themselves."""
        return [number for number in lines if self._is_certain(number)]

    def _likely_runs(self, lines: Sequence[int]) -> Iterator[int]:
        """Yield the likely lines that stand one below the other."""
        run: list[int] = []
        for number in (*lines, None):
            if (
                number is not None
                and self._kind(number) is Kind.LIKELY
                and not self._page.is_list_item(number)
            ):
                run.append(number)
                continue
            if len(run) >= _LIKELY_RUN:
                yield from run
            run = []

    def _is_certain(self, number: int) -> bool:
        if self._removals.is_gone(number):
            return True
        return (
            self._kind(number) is Kind.FURNITURE
            and not self._page.is_list_item(number)
            and not self._heads_section(number)
        )

    def _believed(self, region: _Region, certain: Sequence[int]) -> Sequence[int]:
        """Return the lines that may go where they stand; a line that has no company there needs more."""
        if not self._has_body:
            # A list, a poem, a form: words of interfaces may be what it is about.
            strong = [number for number in certain if self._is_strong(number)]
            return (
                strong if len(strong) > 1 else [number for number in strong if self._removals.is_gone(number)]
            )
        if not certain:
            return []
        gone = [number for number in certain if self._removals.is_gone(number)]
        if not region.is_tail:
            # What keeps a site has its address and number at the tail.
            certain = [number for number in certain if number in self._data or not self._is_in_record(number)]
        if not certain:
            return gone
        if not self._data.isdisjoint(certain) and not region.is_tail:
            return certain if region.is_head else sorted({*gone, *self._data.intersection(certain)})
        if region.is_tail or region.is_head:
            has_company = len(certain) > 1 or self._is_page_around(certain, _FURNISHED_AT_EDGE)
            return certain if has_company or (region.is_tail and self._is_strong(certain[0])) else gone
        if not self._is_page_around(certain):
            return gone
        # Between sentences a label with its value is text: an address, opening hours.
        return gone if all(map(self._is_datum, certain)) else certain

    def _is_in_record(self, number: int) -> bool:
        """Tell whether a line is a label among labels that no page is furnished with: a form, a list."""
        if not compiled(_RECORD).match(self._page.normal(number)) or self._removals.is_gone(number):
            return False
        for step in (-1, 1):
            near = self._page.near(number, step)
            for _ in range(_MOST_ITEMS_INSIDE):
                if near is None or not compiled(_RECORD).match(self._page.normal(near)):
                    break
                if self._kind(near) in (Kind.NEUTRAL, Kind.CLAUSE, Kind.TEXT):
                    return True
                near = self._page.near(near, step)
        return False

    def _is_in_log(self, number: int) -> bool:
        """Tell whether a line and one beside it begin with a time, as in a log."""
        if not compiled(_LOG).match(self._page.normal(number)):
            return False
        nears = (self._page.near(number, step) for step in (-1, 1))
        return any(near is not None and compiled(_LOG).match(self._page.normal(near)) for near in nears)

    def _is_datum(self, number: int) -> bool:
        """Tell whether a line is a label with its value, and not the time of a post."""
        if self._removals.is_gone(number) or TIMESTAMP.search(self._page.normal(number)):
            return False
        # A label that heads a list has a link for its value.
        words = self._cover(number).words
        if any(token.strong and not token.is_label for token in words):
            return False
        return any(token.is_label and token.words is not None and not token.words.heading for token in words)

    def _is_telling(self, number: int) -> bool:
        """Tell whether furniture speaks for a page: rules know the line, or it has strong words or a time."""
        return (
            self._removals.is_gone(number)
            or number in self._owners
            or self._cover(number).strong > 0
            or TIMESTAMP.search(self._page.normal(number)) is not None
        )

    def _is_page_around(self, lines: Sequence[int], least: int = _FURNISHED_KINDS) -> bool:
        """Tell whether there is so much furniture, of several kinds, around some lines that it is a page."""
        if len(self._page) <= SINGLE_PAGE:
            least = min(least, _FURNISHED_AT_EDGE)
        first = bisect_left(self._furnished, lines[0] - PAGE_REACH)
        last = bisect_right(self._furnished, lines[-1] + PAGE_REACH)
        if last - first < min(least, FURNISHED):
            return False
        kinds: Counter[str] = Counter()
        stamps = 0
        for number in self._furnished[first:last]:
            seen = self._page.normal(number)
            kind = self._removals.rule(number) or self._chief(number).name
            # Labels in a series, each with a number or a date of its own, are of one page too.
            kinds[kind] += self._is_strong(number) and any(map(str.isdigit, seen))
            stamps += TIMESTAMP.search(seen) is not None
            if len(kinds) >= least or max(stamps, kinds[kind]) >= FURNISHED:
                return True
        return False

    def _chief(self, number: int) -> Words:
        chief = self._owners.get(number) or self._cover(number).chief
        assert chief is not None, "only lines with words are furniture by themselves"
        return chief

    def _is_strong(self, number: int) -> bool:
        cover = self._cover(number)
        return self._removals.is_gone(number) or (cover.strong > 0 and cover.uncovered == 0)

    def _heads_section(self, number: int) -> bool:
        """Tell whether a heading stands between paragraphs: then it heads what is below it."""
        below = self._page.near(number, 1)
        if below is None or self._kind(below) is not Kind.TEXT:
            return False
        if self._heading(number) is None and not compiled(_DECORATED).fullmatch(self._page.normal(number)):
            return False
        above = self._page.near(number, -1)
        return above is None or self._kind(above) is Kind.TEXT

    def _links_at_the_end(self, lines: Sequence[int]) -> list[int]:
        links: list[int] = []
        for number in reversed(lines):
            if self._kind(number) is not Kind.LIKELY or self._page.is_list_item(number):
                break
            links.append(number)
        return links

    def _take_links_at_the_end(self, lines: Sequence[int]) -> None:
        links = self._links_at_the_end(lines)
        if len(links) >= _LINKS_AT_END:
            for number in links:
                self._go(number, "with others at the tail of the text")

    def _take_stamps(self, lines: Sequence[int], *, is_page: bool) -> None:
        """Let the time of a post go with the links below or above it."""
        if not is_page and not self._is_page_around(lines):
            return
        for one, other in pairwise(lines):
            kinds = {self._kind(one), self._kind(other)}
            stamp = one if self._kind(one) is Kind.FILLER else other
            if kinds == {Kind.FILLER, Kind.LIKELY} and compiled(_CLOCK).search(self._page.normal(stamp)):
                link = other if stamp == one else one
                self._go(link, "beside the time of a post")
                self._go(stamp, "the time of a post beside links", self._going[link][0])

    def _take_likely(self, lines: Sequence[int]) -> None:
        """Let what is likely furniture go at the tail of a page."""
        for number in lines:
            if self._kind(number) is Kind.LIKELY and not self._page.is_list_item(number):
                self._go(number, "after the end of the text in a page")

    def _take_company(self, region: _Region) -> None:
        """Let likely lines go beside those that go, but not the last that may be the title."""
        lines = region.lines
        titled = not region.is_head or any(self._kind(number) is Kind.NEUTRAL for number in lines)
        for order in (lines, list(reversed(lines))):
            before_goes = False
            for number in order:
                is_likely = self._kind(number) is Kind.LIKELY and not self._page.is_list_item(number)
                if self._goes(number):
                    before_goes = True
                elif (
                    before_goes
                    and is_likely
                    and (titled or not self._cover(number).uncovered)
                    and (region.is_tail or not self._is_in_record(number))
                ):
                    self._go(number, "beside other furniture")
                else:
                    before_goes = False

    def _take_lists(self, region: _Region) -> None:
        """Let a heading of a list and the headlines below it go."""
        for number in region.lines:
            heading = self._heading(number)
            items = [] if heading is None else self._items(number)
            if items and self._is_list_believed(region, items):
                why = f"a heading and {len(items)} item{'s' * (len(items) > 1)}"
                for line in (number, *items):
                    self._go(line, why, heading)

    def _heading(self, number: int) -> Words | None:
        kind = self._kind(number)
        if kind not in (Kind.FURNITURE, Kind.LIKELY):
            return None
        cover = self._cover(number)
        for token in cover.words:
            if token.words is not None and token.words.heading:
                mostly = 2 * (token.end - token.start) >= cover.visible
                # What a rule takes as a whole is a sentence that has such words, but no heading.
                known = kind is Kind.FURNITURE and not self._removals.is_gone(number)
                if mostly or known or not any(map(str.isalnum, cover.line[token.end :])):
                    return token.words
        # A heading may begin with the title that its list belongs to.
        for token in self._vocabulary.cover(cover.line.rpartition("】")[2]).words:
            if token.words is not None and token.words.heading and "】" in cover.line:
                return token.words
        if self._removals.is_gone(number):
            return None
        return cover.chief if cover.line.endswith(":") and cover.uncovered == 0 else None

    def _items(self, heading: int) -> list[int]:
        """Return the lines below a heading that may be headlines, up to the next furniture or text."""
        page = self._page
        items: list[int] = []
        # A label alone above its value is no heading of headlines.
        is_list = any(token.words is not None and token.words.heading for token in self._cover(heading).words)
        for number in range(heading + 1, min(len(page), heading + 1 + _MOST_ITEMS)):
            if page.is_blank(number):
                continue
            kind = self._kind(number)
            if self._goes(number) or kind in (Kind.FURNITURE, Kind.TEXT) or self._heading(number):
                break
            if (kind is Kind.CLAUSE and not is_list) or OWN_HEADING.fullmatch(page.normal(number)):
                break
            if kind is Kind.LIKELY and self._cover(number).strong:
                break
            if BYLINE.fullmatch(page.normal(number)):
                # An article, and the heading is the name of its section.
                return []
            items.append(number)
        return items

    def _is_list_believed(self, region: _Region, items: Sequence[int]) -> bool:
        page = self._page
        seen = [page.normal(number) for number in items]
        if items[0] > self._end_of_text and not region.is_head:
            return not self._is_comment(items)
        if all(map(compiled(_DATED).search, seen)):
            return True
        below = page.near(items[-1], 1)
        closed = below is not None and (self._goes(below) or self._kind(below) is Kind.FURNITURE)
        if region.is_head:
            # The title may stand below a list without a heading of its own.
            return closed and all(len(PARTS.split(line)) >= MENU_PARTS - 1 for line in seen)
        # What stands right above the text may be its heading.
        return len(items) <= _MOST_ITEMS_INSIDE and (closed or all(map(compiled(_MARKED).match, seen)))

    def _is_comment(self, items: Sequence[int]) -> bool:
        """Tell whether something said stands where headlines should: a clause that ends as a sentence."""
        return self._kind(items[0]) is Kind.CLAUSE and self._is_stamp(items[0])

    def _take_rest_of_tail(self, lines: Sequence[int]) -> None:
        """Let what says nothing go between and behind furniture of the tail, but not what people wrote."""
        run: list[int] = []
        above: list[int] = []
        started = False
        going = min(_MOST_STRAYS_OF_MANY, sum(map(self._goes, lines)))
        for number in (*lines, None):
            if number is None or self._goes(number):
                if started and 0 < len(run) <= max(_MOST_STRAYS, going) and not self._is_written(run, above):
                    owner = self._owner(above)
                    for stray in run:
                        if owner is not None:
                            self._go(stray, "between furniture after the end of the text", owner)
                if number is not None:
                    above = [number] if run else [*above, number]
                run = []
                started = True
            else:
                run.append(number)

    def _is_written(self, run: Sequence[int], above: Sequence[int]) -> bool:
        """Tell whether a run has a heading of its own, or the lines above announce a post or a comment."""
        if OWN_HEADING.fullmatch(self._page.normal(run[0])):
            return True
        return any(map(self._is_stamp, above)) or (
            bool(above) and bool(compiled(_REPLIES).search(self._page.normal(above[-1])))
        )

    def _owner(self, above: Sequence[int]) -> Words | None:
        return next((self._going[number][0] for number in reversed(above) if number in self._going), None)

    def _take_fillers(self, region: _Region) -> None:
        """Let numbers, dates and rules of dashes go that stand between lines that go."""
        lines = region.lines
        for index, number in enumerate(lines):
            if self._goes(number) or self._kind(number) is not Kind.FILLER:
                continue
            seen = self._page.normal(number)
            is_stamp = compiled(_CLOCK).search(seen) or compiled(_FLOOR_ALONE).fullmatch(seen)
            if is_stamp and not region.is_head and self._is_page_around([number]):
                owner = self._owner(self._near_going(lines, index))
                if owner is not None:
                    self._go(number, "the time or the floor of a post in a page", owner)
                continue
            below = next((line for line in lines[index + 1 :] if self._kind(line) is not Kind.FILLER), None)
            above = lines[index - 1] if index else None
            ends = below is None and region.is_tail
            if (
                above is not None
                and self._goes(above)
                and (ends or (below is not None and self._goes(below)))
            ):
                owner = self._owner([above])
                if owner is not None and not self._page.is_list_item(number):
                    self._go(number, "between other furniture", owner)

    def _take_counters(self, lines: Sequence[int]) -> None:
        """Let counts of a user or a page go beside furniture."""
        for order in (lines, list(reversed(lines))):
            above: int | None = None
            for number in order:
                if self._goes(number):
                    above = number
                elif above is not None and compiled(_COUNTER).fullmatch(self._page.normal(number)):
                    owner = self._owner([above])
                    if owner is None:
                        above = None
                    else:
                        self._go(number, "a count beside other furniture", owner)
                        above = number
                else:
                    above = None

    def _near_going(self, lines: Sequence[int], index: int) -> Sequence[int]:
        """Return the lines around one that go, the nearest last."""
        return sorted(self._going, key=lambda number: -abs(number - lines[index]))[-2:]

    def _go(self, number: int, why: str, words: Words | None = None) -> None:
        if self._goes(number):
            return
        self._going[number] = words or self._chief(number), why

    def _goes(self, number: int) -> bool:
        return number in self._going or self._removals.is_gone(number)

    # Words that the text speaks of -------------------------------------------------------------------------

    def _spare_spoken(self) -> None:
        """Keep the lines whose words the text puts between quotation marks: it speaks of them."""
        spoken = {folded(match[1]).strip() for match in compiled(_QUOTED).finditer(self._page.text)}
        for number in list(self._going):
            said = {
                self._cover(number).line[each.start : each.end].strip() for each in self._cover(number).words
            }
            if said & spoken and not compiled(_QUOTED).search(self._page.line(number)):
                del self._going[number]
