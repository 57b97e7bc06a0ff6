"""What lines say: words that pages say of themselves, and lines that belong to a text though they recur.

All patterns are for normal text, with the slots of ``hanfix.learn.shapes`` in it.
"""

from __future__ import annotations

import re

from hanfix.learn.shapes import CLOCK, DATE, NUMBER

# Labels of links, counters and meta data: what follows them is about the page.
_LABELS = (
    "[上下前后]一?[篇章页节条则]|(?:当前|所在|您的)位置|位置:|首页|主页|[>»›]",
    "相关(?:阅读|推荐|文章|新闻|链接|内容|主题|专题|搜索)|推荐阅读|延伸阅读",
    "标签|(?i:tags?\\b)|分类|栏目|频道|版块|看板|责任?编辑?:|编辑:|审核:",
    "浏览|点击|阅读[量数次]|人气|评论|回复|回帖|来自|楼主?|积分",
    "[本原]文(?:标题|题目|链接|地址|网址|出处|来源|作者)|转载|网址|链接|投稿|备案|版权",
    "订阅|分享|收藏|打印|举报|发表于|发布|更新|上传|录入|文件名|字数",
)
# What only pages say, wherever it stands.
_UNMISTAKABLE = (
    "本网?站|本网|广告|[上下]一[页章篇]|二维码|公众号|扫码|蓝字|分享到|发表于|举报",
    "版权所有|©|(?i:copyright|rights reserved|powered by)|ICP ?备|公网安备|免责声明",
    "最新网址|首发|无弹窗|书[签架]|月票|只看该作者|楼主|收起回复|使用道具",
    "(?i:app)下载|下载(?i:app)|客户端|(?i:https?://|www\\.)|阅读原文",
    "点击(?:图片|查看|下载|进入|这里|此处|上方|下方)",
)
# What pages say and texts about something else seldom do, in lines that recur at an edge.
_TELLING = (
    "网站|网友|会员|返回|顶部|导航|菜单|搜索|登[录陆]|注册|密码|设为|扫|关注|下载|免费|赞助",
    "许可证|侵权|声明|未经|授权|投诉|客服|热线|联系|邮箱|关于我们|合作|隐私|条款|帮助|反馈",
    "手机|电脑版|触屏|简体|繁体|字[号体]|转发|微博|微信|QQ|朋友圈|留言|点[赞评]|打赏|赞赏",
    "阅读|热门|排行|推荐|最新|更多|猜你喜欢|专题|来源:|时间:|欢迎|光临|技术支持|主办",
    "(?i:e-?mail|rss|top\\b)|论坛|社区|发表|编辑|整理|制作|校对|[\u4e00-\u9fff]{2}网",
    f"{NUMBER} ?(?:次|人|条|篇|赞|票|楼)",
)
# Links side by side: words with bars or blanks between them, and nothing else.
_BAR = r"[^\s|/·>»。,;:!?]{1,8}(?:(?: ?[|/·>»] ?| )[^\s|/·>»。,;:!?]{1,8}){3,}"

_COUNT = f"[0-9一二三四五六七八九十百千零〇两上中下{NUMBER}]+"
# Whole lines that belong to a text.
_TEXT = (
    # Headings that count, and items of lists that do.
    rf"第 ?{_COUNT} ?[章回节卷部集篇折幕场话条款讲课单元辑册期].*",
    rf"卷之?{_COUNT}.*|[图表]{_COUNT}.*|附[录件图表].*",
    rf"[(]?[一二三四五六七八九十]{{1,3}}[)、.].*|(?:{NUMBER}|[0-9]+)[.、)].*",
    # Headings of books, papers and manuals.
    "目 ?录|[自代总]?序言?|前言|引[言子论]|导[言论读]|绪论|楔子|尾声|后记|跋|正文|无题",
    "(?:内容|中文)?摘 ?要:?.*|关键词:?.*|参考(?:文献|资料|书目).*|结[语论束].*|小结|致谢|鸣谢",
    "注释?:?|注解|译文|原文|赏析|作者简介|内容(?:简介|提要)|答案|习题|思考题",
    "名称|概[要述]|总览|描述|选项|参数|返回值|示例|例子|范例|参见|另见|参阅|另请参阅|作者|译者|历史",
    "缺陷|错误|诊断|文件|环境(?:变量)?|语法|用法|说明|备注|注意(?:事项)?|提示|[A-Z][A-Z /&-]{2,30}",
    # The end.
    "[-=*#~>—([【]*(?:全[文书]|本[书篇文章回卷]|上|下)?(?:完|终|毕|待续|未完待续|剧终|(?i:the end))"
    "[-=*#~<—.。!)\\]】]*",
    # Who wrote, spoke and played.
    "(?:词|曲|作词|作曲|编曲|演唱|人物|角色|时间|地点|布景|背景|主持人?|嘉宾|受访者|采访者?):.*",
    "(?:文|图|作者|撰文|记者|本报记者|通讯员|编译|翻译|译者?|原著|著者|原作者|口述|执笔|讲述)[:/ |].*",
    ".{1,10} ?[著译编撰]|◎.*|[(].{1,10}[)]|[甲乙丙丁问答]:.*",
    # From where and when.
    "(?:中新网|人民网|本报|本刊|[\u4e00-\u9fff]{2,8}社)[^>|]{0,24}(?:电|讯|报道|消息).*",
    f"(?:公元)?[0-9一二三四五六七八九〇零十元{NUMBER}{DATE}{CLOCK}年月日号时分:./ -]+",
    # The forms of letters and notices.
    "此致|敬礼|谨上|特此.{2,6}|谢谢.{0,6}",
)
# A form's label or a salutation, which stands at the head of what follows; labels of pages aside.
_OPENING = "[^。]{1,30}:"
# Labels of what identifies a text: they stay unless the text says it elsewhere.
_IDENTITY = "(?:[本原]?文?章?(?:标题|题目|主题|书名|篇名)|来源|作者|日期|时间|地点|出处|摘要|关键词) ?:.*"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


LABEL = _any(*_LABELS)
UNMISTAKABLE = _any(*_UNMISTAKABLE)
TELLING = _any(*_LABELS, *_UNMISTAKABLE, *_TELLING)
BAR = _any(_BAR)
IDENTITY = _any(_IDENTITY)
TEXT_LINE = _any(*_TEXT)
OPENING = _any(_OPENING)


def belongs_to_text(line: str) -> bool:
    """Tell whether a line is a text's heading, end mark, byline, dateline or the like.

    >>> [belongs_to_text(line) for line in ("第3章 渡口", "新华社北京1月2日电", "甲方:", "上一篇:", "首页")]
    [True, True, True, False, False]
    """
    if TEXT_LINE.fullmatch(line):
        return not UNMISTAKABLE.search(line)
    return OPENING.fullmatch(line) is not None and not LABEL.search(line)
