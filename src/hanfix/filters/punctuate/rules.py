"""The rules of ``punctuate``, with texts that each changes and look-alikes that it leaves."""

from __future__ import annotations

from hanfix.filter import Example, Risk, Rule
from hanfix.filters.punctuate.marks import (
    COLON,
    COLON_LEAN,
    COMMA,
    COMMA_LEAN,
    DASH,
    DASH_LEAN,
    ELLIPSIS,
    EXCLAMATION,
    EXCLAMATION_LEAN,
    QUESTION,
    QUESTION_LEAN,
    SEMICOLON,
    STOP,
    STOP_LEAN,
)
from hanfix.filters.punctuate.spaces import SPACING

BRACKET, BRACKET_LEAN = "punctuate/bracket", "punctuate/bracket-lean"
QUOTE, QUOTE_LEAN, UNPAIRED = "punctuate/quote", "punctuate/quote-lean", "punctuate/quote-unpaired"

RULES: tuple[Rule, ...] = (
    Rule(
        COMMA,
        "a comma in a Chinese sentence to full width, the space behind it dropped",
        Risk.LIKELY,
        examples=(
            Example("当前,全党正在学习", "当前，全党正在学习"),
            Example("你好, 世界", "你好，世界"),
            Example("我用Python,他用Java", "我用Python，他用Java"),
            Example("2017年,GDP增长6.9%,物价上涨1.6%", "2017年，GDP增长6.9%，物价上涨1.6%"),
        ),
        keeps=(
            "共1,000元",
            "含维生素A,B,C",
            "他说：“Yes, I know.”",
            "姓名,年龄\n张三,20",
            "第1,2,3章",
            "`甲,乙`",
        ),
    ),
    Rule(
        COMMA_LEAN,
        "a comma between Chinese and a foreign word, where it may belong to the foreign text",
        Risk.GUESS,
        examples=(Example("北京, Beijing", "北京，Beijing"),),
        keeps=("Beijing, Shanghai", "print(甲, b)"),
    ),
    Rule(
        SEMICOLON,
        "a semicolon in a Chinese sentence to full width, the space behind it dropped",
        Risk.LIKELY,
        examples=(Example("力量所在;提出新要求", "力量所在；提出新要求"),),
        keeps=("中国&nbsp;人民", "return 值;", "好的;-)"),
    ),
    Rule(
        COLON,
        "a colon behind Chinese to full width, the space behind it dropped",
        Risk.LIKELY,
        examples=(
            Example("他说:好", "他说：好"),
            Example("有三个特点:\n实践性", "有三个特点：\n实践性"),
            Example("电话:12345", "电话：12345"),
            Example("A:你好", "A：你好"),
        ),
        keeps=(
            "10:30开会",
            "比分3:2",
            "约翰福音3:16",
            "姓名: 张三\n年龄: 20",
            "好的:)",
            "类::方法",
            "title: 你好",
        ),
    ),
    Rule(
        COLON_LEAN,
        "a colon behind a foreign word or a figure and before Chinese to full width",
        Risk.GUESS,
        examples=(Example("Python:一种语言", "Python：一种语言"),),
        keeps=("https://例子", "1:2", "`lang:中文`"),
    ),
    Rule(
        QUESTION,
        "a question mark behind Chinese to full width",
        Risk.LIKELY,
        examples=(Example("你好吗?我很好", "你好吗？我很好"), Example("真的?!", "真的？！")),
        keeps=("x?y:z", "人口约12?万", "二(?)月", "Why?"),
    ),
    Rule(
        QUESTION_LEAN,
        "a question mark inside Chinese that asks nothing, where characters may be lost, to full width",
        Risk.GUESS,
        examples=(Example("整???都很慢", "整？？？都很慢"),),
        keeps=("???", "a???b"),
    ),
    Rule(
        EXCLAMATION,
        "an exclamation mark behind Chinese to full width",
        Risk.LIKELY,
        examples=(Example("你好!", "你好！"), Example("我喜欢Python!", "我喜欢Python！")),
        keeps=("看图![图](a.png)", "Hello!", "甲!=乙"),
    ),
    Rule(
        EXCLAMATION_LEAN,
        "an exclamation mark between a figure and Chinese to full width",
        Risk.GUESS,
        examples=(Example("一共得了100!真好", "一共得了100！真好"),),
        keeps=("3!=6", "3!=6 3!"),
    ),
    Rule(
        STOP,
        "an ASCII full stop that ends a Chinese sentence, to the Chinese one",
        Risk.LIKELY,
        examples=(
            Example("我昨天来了. 他今天走了.", "我昨天来了。他今天走了。"),
            Example("房间不错,服务也好.", "房间不错，服务也好。"),
        ),
        keeps=("卡尔.马克思", "1.总则", "说明文件.txt", "一. 总则"),
    ),
    Rule(
        STOP_LEAN,
        "an ASCII full stop between Chinese characters, where it may part a name or a heading",
        Risk.GUESS,
        examples=(Example("他走了.我没走", "他走了。我没走"),),
        keeps=("3.14", "文件.doc"),
    ),
    Rule(
        ELLIPSIS,
        "three or more dots or full stops beside Chinese to the Chinese ellipsis",
        Risk.LIKELY,
        examples=(Example("我想...算了", "我想……算了"), Example("唉。。。", "唉……")),
        keeps=("a...b", "1, 2, ..., n", "[选项]... 文件", "../目录"),
    ),
    Rule(
        DASH,
        "two hyphens between Chinese to the Chinese dash",
        Risk.LIKELY,
        examples=(Example("他--我的朋友--来了", "他——我的朋友——来了"),),
        keeps=("使用--help", "1998--2004年", "北京—上海", "甲-乙", "----"),
    ),
    Rule(
        DASH_LEAN,
        "two hyphens between a foreign word and Chinese to the Chinese dash",
        Risk.GUESS,
        examples=(Example("Python--一种语言", "Python——一种语言"),),
        keeps=("a--b", "i--"),
    ),
    Rule(
        BRACKET,
        "round brackets around Chinese, or behind it, to full width, both to one width",
        Risk.LIKELY,
        examples=(
            Example("由区(市)负责", "由区（市）负责"),
            Example("世界卫生组织(WHO)宣布", "世界卫生组织（WHO）宣布"),
            Example("由区（市)负责", "由区（市）负责"),
        ),
        keeps=("ls(1)", "函数f(x)连续", "[文字](目标)", "鯤(kūn)", "(^_^)", "SUM(甲; 乙)", "1)总则"),
    ),
    Rule(
        BRACKET_LEAN,
        "round brackets around a citation, a formula or a word in small letters, beside Chinese",
        Risk.GUESS,
        examples=(Example("参见(Smith, 2010)的研究", "参见（Smith, 2010）的研究"),),
        keeps=("see (Smith, 2010)", "printf(3)"),
    ),
    Rule(
        QUOTE,
        "straight quotation marks in pairs, to opening and closing ones; those of another kind on request",
        Risk.LIKELY,
        examples=(
            Example('他说:"好。"', "他说：“好。”"),
            Example('将"活动"与"建设"同步', "将“活动”与“建设”同步"),
            Example("\"他喊'走'。\"我说", "“他喊‘走’。”我说"),
            Example('他说："Hello, world!"', "他说：“Hello, world!”"),
        ),
        keeps=("身高5'10\"", '19"显示器', 'It\'s "fine"', 'name="中文"', "I'm 中国人"),
    ),
    Rule(
        QUOTE_LEAN,
        "straight quotation marks around what is to be typed, in Chinese text",
        Risk.GUESS,
        examples=(Example('参数"-v"表示详细', "参数“-v”表示详细"),),
        keeps=('print "-v"',),
    ),
    Rule(
        UNPAIRED,
        "a straight quotation mark without a partner; flagged",
        Risk.LIKELY,
        examples=(Example('他说"好。', '他说"好。'),),
        keeps=('19"显示器',),
    ),
    Rule(
        SPACING,
        "a space between Chinese and ASCII letters or digits, added or removed on request",
        Risk.SAFE,
        examples=(Example("用Python 3写", "用Python 3写"),),
        keeps=("第2页",),
    ),
)
