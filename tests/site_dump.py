"""A forward model of a site's dump: articles, each in the page furniture of its template.

A template is lines with slots in braces, filled anew on each page: what a page's machinery prints and an
article's text never does. ``pages`` says how the article stands in it, and gives both back.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from conftest import FIXTURES, read_text
from hanfix.script import read_dictionary, usual_traditional

PROSE = [line for line in read_text(FIXTURES / "prose" / "news.txt").splitlines() if line]
CLAUSES = [clause for line in PROSE for clause in re.findall(r"[^，。；：“”]{5,30}", line)]
NOUNS = re.findall("..", "灯塔渡口老街海边夜船山路旧信雪天桥头外婆码头书店秋天雨伞车站井台麦田竹林月光河堤")
VERBS = re.findall(
    "的..|[^的]{2}", "等人修桥归来记事看灯听雨写信过年上学卖鱼放牛种树的故事的早晨的冬天的歌声"
)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙", "伟芳敏静丽强磊军洋勇艳杰娟涛明超"


def name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.randint(1, 2)))


def title(chance: random.Random) -> str:
    between = chance.choice(["与", "和", "、", "边的"])
    return chance.choice(NOUNS) + between + chance.choice(NOUNS) + chance.choice(VERBS)


def paragraph(chance: random.Random) -> str:
    """Return a paragraph that is hardly on another page: clauses of prose in an order of their own."""
    clauses = chance.sample(CLAUSES, chance.randint(2, 6))
    return "，".join(clauses) + "。"


def article(chance: random.Random, least: int = 3, most: int = 9) -> list[str]:
    return [paragraph(chance) for _ in range(chance.randint(least, most))]


def date(chance: random.Random) -> str:
    return f"20{chance.randint(10, 19)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


SLOTS = {
    "title": title,
    "name": name,
    "user": lambda chance: "".join(chance.choices("abcdefghkmnoprstuvw", k=chance.randint(4, 9))),
    "date": date,
    "clock": lambda chance: f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}",
    "number": lambda chance: str(chance.randint(1, 9999)),
    "small": lambda chance: str(chance.randint(1, 9)),
    "section": lambda chance: chance.choice(["散文", "小说", "诗歌", "杂谈"]),
}


@dataclass(frozen=True)
class Template:
    """What stands above the title, between title and text, and below the text.

    A line that begins with a share and a blank (``0.7 …``) is on so many pages only; ``items`` headlines
    stand where a line is ``{items}``; ``{heading}`` is the article's own.
    """

    head: Sequence[str] = ()
    under_title: Sequence[str] = ()
    foot: Sequence[str] = ()
    items: int = 6
    # Whether blank lines stand between title, text and furniture.
    blanks: bool = False

    def lines(self) -> int:
        return len([*self.head, *self.under_title, *self.foot])


TWELVE = Template(
    head=["灯塔文学网 | 首页 | 散文 | 小说 | 诗歌 | 论坛", "当前位置：首页 > {section} > 正文"],
    under_title=[
        "发布时间：{date} {clock}　来源：灯塔文学网　浏览：{number}次",
        "【字号：大 中 小】【打印】【收藏】",
    ],
    foot=[
        "责任编辑：{name}",
        "上一篇：{title}",
        "下一篇：{title}",
        "本文已有{number}人读过，{small}人推荐",
        "分享到：微信 微博 QQ空间 豆瓣",
        "关于灯塔 | 投稿须知 | 联系站长 | 友情链接",
        "灯塔文学网所有作品版权归作者所有，转载请注明出处。",
        "Copyright (C) 2008-2019 灯塔文学网 京ICP备10203040号-1",
    ],
)
FORUM = Template(
    head=["老码头社区»论坛›水手之家›{section}", "查看: {number}|回复: {small}"],
    under_title=["{user} 发表于 {date} {clock} | 只看该作者"],
    foot=[
        "0.7 来自: 老码头手机客户端",
        "相关帖子",
        "{items}",
        "快速回复 返回列表 高级模式",
        "老码头社区 ( 沪ICP备5566号 )",
        "GMT+8, {date} {clock}",
    ],
)
PORTAL = Template(
    head=[
        "海蓝资讯网",
        "今天是{date} 星期三 欢迎您",
        "设为首页 | 加入收藏 | 联系我们",
        "国内 | 国际 | 社会 | 财经 | 体育",
        "海蓝资讯网 / {section} / {heading}",
    ],
    under_title=["{date} {clock} 来源：海蓝资讯网 编辑：{name}"],
    foot=[
        "（编辑：{name}）",
        "标签：{section}",
        "0.5 海蓝提醒您合理安排阅读时间",
        "推荐阅读：{title}",
        "网友评论（共{number}条）",
        "第 {number} 位访客",
        "海蓝资讯网 客服电话：400-123-4567",
        "GMT+8, {date} {clock}",
    ],
)
PLAIN = Template(
    head=["渡口书屋", "给每一个晚归的人留一盏灯"],
    foot=[
        "渡口书屋 · 每天一篇 · 已经{number}天",
        "0.8 夜里读书的人都在这里",
        "本站网址 http://www.dukou.example.com/",
    ],
)


@dataclass
class Page:
    """A page as it is dumped, and the text that a reader came for."""

    text: str
    article: str
    furniture: list[str] = field(default_factory=list)


def filled(line: str, heading: str, chance: random.Random) -> str:
    return re.sub(
        r"\{(\w+)\}", lambda match: heading if match[1] == "heading" else SLOTS[match[1]](chance), line
    )


def page(
    template: Template, lines: Sequence[str], heading: str | None, chance: random.Random, newline: str = "\n"
) -> Page:
    """Return an article in its furniture."""
    furniture: list[str] = []

    def printed(parts: Sequence[str]) -> list[str]:
        made: list[str] = []
        for part in parts:
            share = re.match(r"(0\.[0-9]+) ", part)
            if share and chance.random() >= float(share[1]):
                continue
            part = part[share.end() :] if share else part
            repeat = template.items if part == "{items}" else 1
            made += [
                filled("· {title}" if part == "{items}" else part, heading or "", chance)
                for _ in range(repeat)
            ]
        furniture.extend(made)
        return made

    heads = [heading] if heading else []
    gap = [""] if template.blanks else []
    text = [*heads, *(gap if heads else []), *lines]
    above, under, below = map(printed, (template.head, template.under_title, template.foot))
    whole = [*above, *(gap if above else []), *heads, *under, *(gap if heads or under else []), *lines]
    whole += [*(gap if below else []), *below]
    return Page(newline.join([*whole, ""]), newline.join([*text, ""]), furniture)


def site(
    template: Template | Sequence[Template],
    number: int,
    seed: int = 1,
    newline: str = "\n",
    **lengths: int,
) -> list[Page]:
    """Return the pages of a site, each in one of its templates, with articles made of real prose."""
    chance = random.Random(seed)
    templates = [template] if isinstance(template, Template) else template
    return [
        page(chance.choice(templates), article(chance, **lengths), title(chance), chance, newline)
        for _ in range(number)
    ]


def traditional(text: str) -> str:
    """Return the text as Taiwan writes it, character by character."""
    variants = read_dictionary("TWVariants")
    return "".join(variants.get(each, (each,))[0] for each in map(usual_traditional, text))


def write(folder: Path, pages: Sequence[Page], encodings: Sequence[str] = ("utf-8",)) -> None:
    """Write the pages to files, in the encodings by turns; those in Big5 in traditional script."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(pages):
        encoding = encodings[number % len(encodings)]
        text = traditional(each.text) if encoding == "big5" else each.text
        (folder / f"{number:04}.txt").write_bytes(text.encode(encoding))
