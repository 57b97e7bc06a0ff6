"""Learning a site's furniture: what is found and goes, what stays, bounds, order, files and the command."""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanfix.filters.strip import Strip
from hanfix.filters.strip.furniture import checked_rules, normal, read_file
from hanfix.learn import Learned, learn
from hanfix.learn.counts import Counts
from hanfix.learn.files import text_files
from hanfix.learn.shapes import TEXT, matcher, seen, shapes, shown
from hanfix.pipeline import Pipeline
from running import hanfix
from site_dump import (
    CLAUSES,
    FORUM,
    PLAIN,
    PORTAL,
    PROSE,
    TWELVE,
    Page,
    Template,
    article,
    date,
    name,
    page,
    paragraph,
    site,
    title,
    traditional,
    write,
)


def cleaner(learned: Learned, folder: Path) -> Callable[[str], str]:
    """Return strip with the rules that were learnt and no others, so that nothing else helps or harms."""
    path = folder / "learnt.toml"
    path.write_text(learned.rule_file("site"), encoding="utf-8")
    # Without a rule there is no family to choose.
    return Pipeline([Strip(rules_=(str(path),), classes=("learnt",))] if learned.choices else [])


def said(learned: Learned) -> list[str]:
    return [shown(each.shape) for each in learned.choices]


# What must be found -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "seed"), [(500, 1), (50, 2), (50, 3), (20, 4), (20, 5)])
def test_every_line_of_a_template_is_found_and_every_page_restored(
    tmp_path: Path, number: int, seed: int
) -> None:
    pages = site(TWELVE, number, seed)
    write(tmp_path / "pages", pages)
    learned = learn([tmp_path / "pages"])
    assert TWELVE.lines() == 12
    assert len(learned.choices) == 12
    assert not any(each.doubtful for each in learned.choices)
    strip = cleaner(learned, tmp_path)
    assert [strip(each.text) for each in pages] == [each.article for each in pages]


@pytest.mark.parametrize(
    "template",
    [
        FORUM,
        PORTAL,
        PLAIN,
        [TWELVE, FORUM],
        [TWELVE, FORUM, PLAIN],
        Template(TWELVE.head, TWELVE.under_title, TWELVE.foot, blanks=True),
    ],
    ids=["forum", "portal", "no telling words", "two templates", "three templates", "blank lines"],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_templates_are_taken_off_exactly(
    tmp_path: Path, template: Template | Sequence[Template], newline: str
) -> None:
    pages = site(template, 150, newline=newline)
    write(tmp_path / "pages", pages)
    strip = cleaner(learn([tmp_path / "pages"]), tmp_path)
    assert [strip(each.text) for each in pages] == [each.article for each in pages]


def test_both_scripts_and_three_encodings_are_one_site(tmp_path: Path) -> None:
    pages = site(TWELVE, 60)
    write(tmp_path / "pages", pages, ["utf-8", "gb18030", "big5"])
    learned = learn([tmp_path / "pages"])
    assert len(learned.choices) == 12
    strip = cleaner(learned, tmp_path)
    for each in pages:
        assert strip(each.text) == each.article
        assert strip(traditional(each.text)) == traditional(each.article)


HEADS = [
    "海蓝资讯网 | 国内 | 国际 | 社会 | 财经",
    "欢迎光临海蓝资讯网，今天是{date}",
    "设为首页 加入收藏 联系我们",
    "您现在的位置：首页 > {section} > 正文",
    "首页 / {section} / {heading}",
    "栏目：{section}　点击：{number}",
    "0.6 广告合作QQ：12345678",
    "返回海蓝首页",
]
UNDER = [
    "发布：{user} 时间：{date} {clock} 阅读：{number}",
    "更新时间：{date}　字体：大 中 小",
    "楼主 {user} 发表于 {date}",
    "0.5 点击图片查看大图",
    "已有{number}人评论 收藏 分享",
]
FEET = [
    "本文地址：http://www.hailan.example.com/{number}.html",
    "0.7 扫描二维码，关注海蓝公众号",
    "标签：{section} {name}",
    "上一篇：{title}",
    "下一篇：{title}",
    "【打印】【关闭】【返回顶部】",
    "共{number}条评论，{small}条最新评论",
    "更多相关阅读",
    "海蓝资讯网版权所有，未经授权禁止转载。",
    "客服热线：400-123-4567　投稿邮箱：{user}@example.com",
    "京ICP备12345678号 京公网安备11010502030405号",
    "0.8 Powered by HailanCMS {small}.0",
]


@given(
    st.lists(st.sampled_from(HEADS), unique=True),
    st.lists(st.sampled_from(UNDER), unique=True, max_size=2),
    st.lists(st.sampled_from(FEET), unique=True),
    st.booleans(),
    st.integers(0, 1000),
)
@settings(max_examples=25)
def test_any_template_of_telling_lines_is_taken_off(
    tmp_path_factory: pytest.TempPathFactory,
    head: list[str],
    under_title: list[str],
    foot: list[str],
    blanks: bool,
    seed: int,
) -> None:
    folder = tmp_path_factory.mktemp("site")
    pages = site(Template(head, under_title, foot, blanks=blanks), 40, seed)
    write(folder / "pages", pages)
    strip = cleaner(learn([folder / "pages"]), folder)
    for each in pages:
        assert strip(each.text) == each.article


FOOTED = Template(head=["首页 | 散文 | 小说 | 诗歌"], foot=["本站版权所有"])


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("阅读 {number}", "阅读 ‹number›"),
        ("{user} 发表于 {date} {clock}", "‹name› 发表于 ‹date›‹time›"),
        ("{name} 发表于 {date}", "… 发表于 ‹date›"),
        ("下一篇：{title}", "下一篇:…"),
        ("本文标题：{heading}", "本文标题:…"),
        ("标题：{heading}", "标题:…"),
        ("{heading} - 灯塔文学网", "… - 灯塔文学网"),
        ("来源：{name} 编辑：{name} 浏览：{number}次", "来源:‹value› 编辑:‹value› 浏览:‹value›"),
        ("第 {small} 页 共 {number} 页 下一页", "第 ‹number› 页 共 ‹number› 页 下一页"),
        ("1 2 3 4 下一页 尾页", "1 2 3 4 下一页 尾页"),
        ("山间来信，每夜十点", "山间来信,每夜十点"),
        ("客服邮箱：{user}@example.com", "客服邮箱:‹address›"),
    ],
)
def test_what_varies_is_left_open(tmp_path: Path, line: str, shape: str) -> None:
    template = Template(head=[FOOTED.head[0], line], foot=FOOTED.foot)
    pages = site(template, 40)
    write(tmp_path / "pages", pages)
    learned = learn([tmp_path / "pages"])
    assert shape in said(learned)
    strip = cleaner(learned, tmp_path)
    assert [strip(each.text) for each in pages] == [each.article for each in pages]


def test_the_sites_name_is_cut_off_a_title_that_is_nowhere_else(tmp_path: Path) -> None:
    chance = random.Random(1)
    titles = [title(chance) for _ in range(40)]
    texts = [
        f"{each} - 灯塔文学网\n{paragraph(chance)}\n{paragraph(chance)}\n本站版权所有\n" for each in titles
    ]
    write(tmp_path / "pages", [Page(each, "") for each in texts])
    strip = cleaner(learn([tmp_path / "pages"]), tmp_path)
    for heading, text in zip(titles, texts, strict=True):
        assert strip(text).splitlines()[0] == heading


def test_a_line_inside_the_text_needs_words_that_only_a_page_says(tmp_path: Path) -> None:
    chance = random.Random(1)
    pages = []
    for _ in range(40):
        one, two = article(chance), article(chance)
        pages.append(Page("\n".join([*one, "▼廣告▼", "他停了一会儿", *two, ""]), ""))
    write(tmp_path / "pages", pages)
    assert said(learn([tmp_path / "pages"])) == ["▼广告▼"]


def test_lines_of_a_forums_floors_go_beside_each_other_only(tmp_path: Path) -> None:
    chance = random.Random(3)
    pages = []
    for _ in range(40):
        floors, text = [], []
        for number in range(chance.randint(2, 5)):
            stamp = f"{name(chance)} 发表于 {date(chance)} 20:55 | 只看该作者"
            said_ = article(chance, 1, 2)
            floors += [stamp, f"积分 {chance.randint(1, 999)}", *said_, "点评", "使用道具 举报"]
            text += [*said_, *(["点评"] if number == 1 else [])]
            floors += ["点评"] * (number == 1) + [paragraph(chance)]
            text.append(floors[-1])
        pages.append(Page("\n".join([*floors, ""]), "\n".join([*text, ""])))
    write(tmp_path / "pages", pages)
    learned = learn([tmp_path / "pages"])
    assert "积分 ‹number›" in said(learned)
    strip = cleaner(learned, tmp_path)
    text = "灯还亮着。\n\n积分 12\n\n他说了一句。\n点评\n船来了。\n"
    assert strip(text) == text
    assert not re.search("发表于|积分|举报", strip(pages[0].text))


# What must stay ---------------------------------------------------------------------------------------------

R = random.Random(7)
SINGLE = article(R, 8, 8)
LONG = [title(R), *article(R, 20, 20)]


def changed(lines: list[str], chance: random.Random) -> list[str]:
    """Return a version of a text: two paragraphs are others."""
    version = list(lines)
    for _ in range(2):
        version[chance.randrange(1, len(version))] = paragraph(chance)
    return version


# Sites of one genre each, in which lines of the text recur: by number of the page and chance.
GENRES: dict[str, Callable[[int, random.Random], list[str]]] = {
    "drama": lambda _, r: (
        [title(r), "人物：甲、乙", "地点：渡口"]
        + [f"{r.choice('甲乙')}：{r.choice(CLAUSES)}，{r.choice(CLAUSES)}。" for _ in range(20)]
        + ["（幕落）"]
    ),
    "contract": lambda _, r: [
        "房屋租赁合同",
        f"甲方：{name(r)}",
        f"乙方：{name(r)}",
        "根据《中华人民共和国合同法》，甲乙双方经协商一致，订立本合同。",
        f"第一条 {paragraph(r)}",
        f"第二条 {paragraph(r)}",
        "本合同一式两份，甲乙双方各执一份，具有同等法律效力。",
        "甲方（签字）：",
        "乙方（签字）：",
    ],
    "letter": lambda _, r: [f"亲爱的{name(r)}：", "你好！", *article(r), "此致", "敬礼", name(r), date(r)],
    "agency": lambda _, r: [title(r), f"新华社北京１月{r.randint(1, 28)}日电", *article(r), "（完）"],
    "agency with reporter": lambda _, r: [
        title(r),
        f"新华社北京１月{r.randint(1, 28)}日电（记者{name(r)}）{paragraph(r)}",
        *article(r),
        "新华社供本报特稿",
    ],
    "paper": lambda _, r: [
        title(r),
        name(r),
        "摘要：" + paragraph(r),
        "关键词：灯塔；渡口",
        "一、引言",
        *article(r),
        "二、结论",
        *article(r),
        "参考文献",
        f"[1] {name(r)}. {title(r)}[J]. 海洋, 2008(3): 12-15.",
    ],
    "chapters": lambda i, r: [
        "夜航船",
        f"第{i + 1}回 {title(r)}",
        "却说" + paragraph(r),
        *article(r),
        "欲知后事如何，且听下回分解。",
    ],
    "poems": lambda _, r: [
        title(r),
        r.choice(["李白", "杜甫"]),
        *(r.choice(CLAUSES) + "，" for _ in range(8)),
    ],
    "sutras": lambda _, r: ["如是我闻：", *article(r), "南无阿弥陀佛", "南无阿弥陀佛"],
    "interviews": lambda _, r: [
        title(r),
        f"受访者：{name(r)}",
        *(line for _ in range(5) for line in ("问：你怎么看这件事？", "答：" + paragraph(r))),
    ],
    "notices": lambda _, r: [
        f"南河县人民政府关于{title(r)}的通知",
        "各乡镇人民政府，县政府各部门：",
        *article(r),
        "以上通知，请认真贯彻执行。",
        "特此通知。",
        "南河县人民政府",
        "2019年3月4日",
    ],
    "reports": lambda i, r: [
        f"{2000 + i % 20}年工作总结",
        *article(r),
        "＊＊＊",
        *article(r),
        "以上是我的工作总结，不足之处请领导批评指正。",
        "谢谢大家！",
    ],
    "series": lambda _, r: [
        "灯塔丛书",
        "第三辑",
        title(r),
        "目录",
        *(title(r) for _ in range(6)),
        "序",
        *article(r),
    ],
    "judgments": lambda i, r: [
        "民事判决书",
        f"（2019）皖0104民初{i}号",
        f"原告：{name(r)}",
        f"被告：{name(r)}",
        *article(r),
        "如不服本判决，可在判决书送达之日起十五日内，向本院递交上诉状。",
        f"审判长 {name(r)}",
    ],
    "manual": lambda _, r: [
        "名称",
        title(r),
        "概要",
        r.choice(CLAUSES),
        "描述",
        *article(r),
        "选项",
        *article(r),
        "参见",
        title(r),
    ],
    "versions": lambda _, r: changed(LONG, r),
    "copies": lambda i, r: [title(r), *(SINGLE if i % 3 == 0 else article(r))],
    "quotations": lambda i, r: [title(r), *(["海内存知己，天涯若比邻。"] if i % 2 else []), *article(r)],
}


@pytest.mark.parametrize("genre", GENRES)
@pytest.mark.parametrize("number", [20, 80])
def test_text_is_never_learnt(tmp_path: Path, genre: str, number: int) -> None:
    chance = random.Random(11)
    texts = ["\n".join([*GENRES[genre](each, chance), ""]) for each in range(number)]
    write(tmp_path / "pages", [Page(each, each) for each in texts])
    assert said(learn([tmp_path / "pages"])) == []


# Where the first line of every page is the same, it stands where a page's furniture may stand as well.
TITLED = [
    genre
    for genre in GENRES
    if genre not in ("contract", "chapters", "sutras", "series", "judgments", "manual", "versions")
]


@pytest.mark.parametrize("genre", TITLED)
def test_text_within_furniture_stays_and_is_restored(tmp_path: Path, genre: str) -> None:
    chance = random.Random(12)
    pages = []
    for each in range(80):
        heading, *lines = GENRES[genre](each, chance)
        pages.append(page(TWELVE, lines, heading, chance))
    write(tmp_path / "pages", pages)
    learned = learn([tmp_path / "pages"])
    assert sum(not each.doubtful for each in learned.choices) == 12
    strip = cleaner(learned, tmp_path)
    for each in pages:
        assert strip(each.text) == each.article


@pytest.mark.parametrize(
    "line",
    [
        "作者：江上渔夫",
        "文/江上渔夫",
        "新华社北京1月2日电",
        "第{small}章 {title}",
        "摘要：{title}",
        "{name}/著",
        "（完）",
        "2019年3月4日",
    ],
)
@pytest.mark.parametrize("below", [False, True])
def test_lines_of_the_text_stay_among_furniture(tmp_path: Path, line: str, below: bool) -> None:
    lines = ["首页 | 散文 | 小说 | 诗歌", line, "【字号：大 中 小】【打印】【收藏】"]
    foot = ["分享到：微信 微博", "本站版权所有"]
    template = Template(under_title=lines, foot=foot) if not below else Template(foot=[*lines, *foot])
    write(tmp_path / "pages", site(template, 60))
    learned = learn([tmp_path / "pages"])
    assert len(learned.choices) == 4
    strip = cleaner(learned, tmp_path)
    text = site(template, 60)[0].text
    assert set(strip(text).splitlines()) >= set(text.splitlines()) - {*lines, *foot}


def test_sound_texts_have_nothing_to_learn() -> None:
    learned = learn([Path(__file__).parent.parent / "fixtures" / "clean"])
    assert learned.files > 40
    assert learned.choices == ()


def test_few_files_teach_nothing(tmp_path: Path) -> None:
    write(tmp_path, site(TWELVE, 4))
    assert learn([tmp_path]).choices == ()
    assert len(learn([tmp_path], min_files=3).choices) >= 10


def test_bounds_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="share"):
        learn([tmp_path], min_share=0)
    with pytest.raises(ValueError, match="2 files"):
        learn([tmp_path], min_files=1)


# Shapes and counts ------------------------------------------------------------------------------------------

LINES = st.one_of(
    st.sampled_from([*PROSE, *TWELVE.head, *TWELVE.foot]),
    st.lists(
        st.sampled_from(
            [
                "首页",
                "：",
                " ",
                "　",
                ">",
                "|",
                "2017-04-27",
                "２０：５５",
                "12",
                "3.5",
                "admin",
                "星期三",
                "http://a.cn/b",
                "_",
                "-",
                "渡口",
                "（",
                "。",
            ]
        ),
        max_size=12,
    ).map("".join),
    st.text(max_size=40),
)


@given(LINES, st.booleans())
def test_a_shape_fits_the_line_it_was_made_of(line: str, affixes: bool) -> None:
    text = seen(normal(line))
    if text:
        found = shapes(text, affixes=affixes)
        assert len(found) == len(set(found))
        for shape in found:
            assert matcher(shape).fullmatch(text)
            assert matcher(shape).fullmatch(re.sub(r"\s+", " ", normal(line.strip())))


@pytest.mark.parametrize(
    "unit", ["1 ", "a", "1:", "1.", "首页 > ", "(", "2017-1", "www.", "一:一 ", "发表于 "]
)
def test_long_lines_are_no_trap(unit: str) -> None:
    assert seen(unit * 50_000) == ""
    for shape in shapes(seen((unit * 160)[:159]), affixes=True):
        matcher(shape).fullmatch((unit * 160)[:150] + "灯塔。")


@given(
    st.lists(st.lists(st.sampled_from("甲乙丙丁戊己庚辛壬癸"), max_size=8), max_size=30),
    st.integers(1, 12),
    st.integers(0, 30),
)
def test_counts_are_low_by_a_bounded_error(documents: list[list[str]], capacity: int, split: int) -> None:
    counts, rest = Counts(capacity), Counts(capacity)
    for number, document in enumerate(documents):
        (counts if number < split else rest).add(document)
    counts.merge(rest)
    exact = Counter(each for document in documents for each in set(document))
    assert counts.error <= exact.total() / (capacity + 1)
    for number in range(1, 31):
        wanted = {each for each, count in exact.items() if count >= number}
        if number > counts.error:
            assert wanted <= set(counts.at_least(number))
        if not counts.error:
            assert counts.at_least(number) == sorted(wanted)


# Order, files and the rule file -----------------------------------------------------------------------------


def test_processes_and_order_make_no_difference(tmp_path: Path) -> None:
    pages = site([TWELVE, FORUM], 100)
    write(tmp_path / "one" / "pages", pages)
    other = tmp_path / "other" / "pages"
    other.mkdir(parents=True)
    for path in sorted((tmp_path / "one" / "pages").iterdir(), reverse=True):
        (other / path.name).write_bytes(path.read_bytes())
    alone = learn([tmp_path / "one" / "pages"]).rule_file("site")
    assert learn([other]).rule_file("site") == alone
    assert learn([tmp_path / "one" / "pages"], jobs=2).rule_file("site") == alone


def test_rule_file_can_be_read_and_shows_what_was_seen(tmp_path: Path) -> None:
    pages = site(TWELVE, 40)
    write(tmp_path / "pages", pages)
    text = learn([tmp_path / "pages"]).rule_file("Light House 2")
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    rules = checked_rules(read_file(path))
    assert len(rules) == 12
    assert all(re.fullmatch("light-house-2-[0-9a-f]{8}", each.name) for each in rules)
    assert text.startswith("# Page furniture of one site, learnt from its files by hanfix")
    assert "# seen on 40 of 40 pages; lines: 40 at the head" in text
    assert "#   【字号：大 中 小】【打印】【收藏】" in text
    for rule in rules:
        for before, after in rule.rule.examples:
            assert Strip(rules_=(str(path),))(before) == after


def test_rule_file_without_a_rule_can_be_used(tmp_path: Path) -> None:
    write(tmp_path / "pages", [Page(f"{each}\n", "") for each in PROSE])
    text = learn([tmp_path / "pages"]).rule_file("灯塔")
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    assert "0 rules" in text
    assert checked_rules(read_file(path)) == ()
    assert Strip(rules_=(str(path),))("灯还亮着。\n") == "灯还亮着。\n"


@pytest.mark.parametrize(
    "line", ["'甲''乙'本站", 'C:\\本站\\"甲"', "本站\u200b甲\u00ad乙", "本站$^.*+?{}[]()|", "本站\U0001f525"]
)
def test_odd_lines_are_escaped(tmp_path: Path, line: str) -> None:
    pages = site(Template(head=[line]), 20)
    write(tmp_path / "pages", pages)
    learned = learn([tmp_path / "pages"])
    assert len(learned.choices) == 1
    strip = cleaner(learned, tmp_path)
    assert [strip(each.text) for each in pages] == [each.article for each in pages]


def test_files_that_are_hidden_or_no_text_are_passed_over(tmp_path: Path) -> None:
    for path in ("b.txt", "a/c.txt", "a/d.md", ".hidden.txt", ".git/e.txt", "f.html", "drafts/g.txt", "h"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("灯\n", encoding="utf-8")

    def found(**options: Sequence[str]) -> list[str]:
        return [each.relative_to(tmp_path).as_posix() for each in text_files([tmp_path], **options)]

    assert found() == ["a/c.txt", "a/d.md", "b.txt", "drafts/g.txt", "h"]
    assert found(include=["*.txt"], exclude=["drafts"]) == ["a/c.txt", "b.txt"]
    assert found(include=["a/*", "*.html"]) == ["a/c.txt", "a/d.md", "f.html"]
    assert list(text_files([tmp_path / "f.html"])) == [tmp_path / "f.html"]


# The command ------------------------------------------------------------------------------------------------


def test_command_writes_what_the_library_learns(tmp_path: Path) -> None:
    write(tmp_path / "pages", site(TWELVE, 20))
    result = hanfix("learn", tmp_path / "pages")
    assert result.exit_code == 0
    assert result.stdout == learn([tmp_path / "pages"]).rule_file("site")
    assert result.stderr == "20 files read; 12 rules learnt\n"


def test_command_writes_a_file_that_strip_takes(tmp_path: Path) -> None:
    pages = site(TWELVE, 20)
    write(tmp_path / "pages", pages)
    # Beside the pages: it is not read when it is there already.
    rules = tmp_path / "pages" / "rules.txt"
    for _ in range(2):
        result = hanfix("learn", tmp_path / "pages", "-o", rules, "-q")
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
        first = tmp_path / "pages" / "0000.txt"
        assert hanfix("strip", "--rules", rules, first).stdout == pages[0].article


def test_command_goes_on_after_files_that_fail(tmp_path: Path) -> None:
    write(tmp_path / "pages", site(TWELVE, 20))
    (tmp_path / "pages" / "bad.txt").write_bytes("你好".encode("gbk"))
    (tmp_path / "pages" / "image").write_bytes(b"\x89PNG\0\0\0")
    result = hanfix("learn", tmp_path / "pages", tmp_path / "missing.txt")
    assert result.exit_code == 3
    assert "20 files read; 12 rules learnt; 1 no text, skipped; 2 failed" in result.stderr
    assert "missing.txt: no such file" in result.stderr
    assert result.stdout.count("[[rule]]") == 12


def test_a_directory_that_cannot_be_listed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "pages", site(TWELVE, 20))
    (tmp_path / "pages" / "locked").mkdir()
    listed = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr("hanfix.corpus.search.os.scandir", scandir)
    result = hanfix("learn", tmp_path / "pages")
    assert result.exit_code == 3
    assert "locked: cannot be listed: Permission denied" in result.stderr
    assert result.stdout.count("[[rule]]") == 12


def test_a_file_named_twice_counts_once(tmp_path: Path) -> None:
    write(tmp_path, site(TWELVE, 20))
    assert learn([tmp_path, tmp_path / "0000.txt", tmp_path]).files == 20


def test_command_refuses_to_write_over_an_input(tmp_path: Path) -> None:
    write(tmp_path, site(TWELVE, 6))
    result = hanfix("learn", tmp_path / "0000.txt", "-o", tmp_path / "0000.txt")
    assert result.exit_code == 2
    assert "is an input" in result.stderr


@pytest.mark.parametrize(
    "options", [("--min-share", "0"), ("--min-share", "2"), ("--min-files", "1"), ("-j", "-1"), ()]
)
def test_command_refuses_bounds_that_make_no_sense(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert hanfix("learn", *options, *([tmp_path] if options else [])).exit_code == 2


def test_text_slots_are_the_only_ones_without_a_bound_of_words() -> None:
    assert [shown(each) for each in shapes("上一篇:渡口", affixes=True)] == ["上一篇:渡口", "上一篇:…"]
    assert TEXT not in "".join(shapes("他说:我来了。", affixes=True))
