"""The rules of misread codecs: one for each pair, with examples of what it repairs and what it leaves."""

from __future__ import annotations

from hanfix.filter import Example, Risk, Rule
from hanfix.filters.repair.codec_pairs import PAIRS

TWICE_RULE = "repair/misread-twice"
LOST_RULE = "repair/codec-lost"
LEANING_RULE = "repair/codec-lost-lean"

_EXAMPLES = {
    "repair/utf8-as-gbk": Example("浠婂ぉ澶╂皵寰堝ソ", "今天天气很好"),
    "repair/utf8-as-big5": Example("隤踵㟲銵冽聢撖砍漲", "調整表格寬度"),
    "repair/utf8-as-shift-jis": Example("莉雁､ｩ螟ｩ豌泌ｾ亥･ｽ", "今天天气很好"),
    "repair/utf8-as-euc-kr": Example("鹽얌폏訝삡퉱躍귛쑛瀯뤸탮", "社会主义市场经济"),
    "repair/utf8-as-latin1": Example("æˆ‘ä»¬çš„ç”Ÿæ´»", "我们的生活"),
    "repair/utf8-as-cp1250": Example("ĺŚ—äş¬ĺ¸‚äşşć°‘ć”żĺşś", "北京市人民政府"),
    "repair/utf8-as-cp1251": Example("ж€‘д»¬зљ„з”џжґ»", "我们的生活"),
    "repair/utf8-as-mac-roman": Example("‰∏≠ÊñáÁΩëÈ°µ", "中文网页"),
    "repair/utf8-as-cp437": Example("Σ╕¡µûçτ╜æΘí╡", "中文网页"),
    "repair/gbk-as-big5": Example("笢恅厙珜", "中文网页"),
    "repair/gbk-as-shift-jis": Example("ｿｪﾕｹﾁﾋﾎﾄｻｯｿﾆｼｼ", "开展了文化科技"),
    "repair/gbk-as-euc-kr": Example("櫓匡貢女", "中文网页"),
    "repair/gbk-as-latin1": Example("作者：ÀîÃ÷ 2019", "作者：李明 2019"),
    "repair/gbk-as-cp1250": Example("ÓůÓĂČíĽţ", "御用软件"),
    "repair/gbk-as-cp1254": Example("ÎÄ¼şÉú³ÉÎ»ÖÃ", "文件生成位置"),
    "repair/gbk-as-half-utf8": Example("µÄʵÏÖϸ½Ú", "的实现细节"),
    "repair/gbk-as-cp1251": Example("ОТГЗµДЙъ»о", "我们的生活"),
    "repair/gbk-as-mac-roman": Example("÷–ŒƒÕ¯“≥", "中文网页"),
    "repair/gbk-as-cp437": Example("╓╨╬─═°╥│", "中文网页"),
    "repair/big5-as-gbk": Example("摸夹肈㎝兵ヘ", "類標題和條目"),
    "repair/big5-as-shift-jis": Example("ｧﾚｭﾌｪｺ･ﾍｬ｡", "我們的生活"),
    "repair/big5-as-euc-kr": Example("ㄴ뒈Α곌", "中華民國"),
    "repair/big5-as-latin1": Example("¤µ¤Ñ¤Ñ®ð«Ü¦n", "今天天氣很好"),
    "repair/big5-as-cp1250": Example("¤µ¤Ń¤Ń®đ«Ü¦n", "今天天氣很好"),
    "repair/big5-as-cp1254": Example("¤µ¤Ñ¤Ñ®ğ«Ü¦n", "今天天氣很好"),
    "repair/big5-as-cp1251": Example("¤µ¤С¤С®р«Ь¦n", "今天天氣很好"),
    "repair/big5-as-mac-roman": Example("§§§Â∫Ù≠∂", "中文網頁"),
    "repair/big5-as-cp437": Example("ñññσ║⌠¡╢", "中文網頁"),
}
# What must stay, by the codec that it could have been wrongly read with.
_KEEPS = {
    "gbk": ("涓涓细流，浣纱溪畔，张锟屯田", "東京の天気はとても良いです。"),
    "big5": ("曩昔踟躕，今朝蹁躚；饕餮魑魅", "芃芃黍苗，陰雨膏之"),
    "shift-jis": ("ﾊﾝｶｸｶﾅのﾃｽﾄﾃﾞｰﾀ", "築室于茲，廼慰廼止"),
    "euc-kr": ("대한민국(大韓民國)의 수도는 서울이다.", "ㅋㅋㅋㅋ 진짜? 그렇구나"),
    "latin1": ("ÖÐ in Mörder und Größe, ÄÖÜäöüß", "Ça coûte 20 €, déjà vu à l’hôtel"),
    "cp1250": ("Příliš žluťoučký kůň úpěl ďábelské ódy", "zażółć gęślą jaźń"),
    "cp1254": ("Pijamalı hasta yağız şoföre çabucak güvendi", "İŞÇİ ÖĞRENCİ ÇIĞLIĞI, ığdır"),
    "half-utf8": ("Ελληνικά, Πρώτα και ÄÖÜäöüß", "שלום עולם, Ça coûte 20 €", "ʔaʃtʰɛ ŋʷə ǁʼa, Þórr, Æsir"),
    "cp1251": ("Москва, СССР: Я люблю тебя, жизнь", "Їжак і ґава живуть в Україні"),
    "mac-roman": ("∑ ≤ ∞, π ≈ 3.14, 20 °C ± 1", "àâãçèéêëîïôöûüý"),
    "cp437": ("┌──┬──┐│甲│乙│└──┴──┘", "╔══╗║░▒▓║╚══╝"),
}

RULES = (
    *(
        Rule(pair.rule, pair.says, Risk.LIKELY, (_EXAMPLES[pair.rule],), _KEEPS[pair.wrong.name])
        for pair in {pair.rule: pair for pair in PAIRS}.values()
    ),
    Rule(
        TWICE_RULE,
        "text that was misread, written as UTF-8, and misread once more",
        Risk.LIKELY,
        examples=(
            Example("ÃŽÃ’ÃƒÃ‡ÂµÃ„Ã‰ÃºÂ»Ã®", "我们的生活"),
            Example("Ã¥â€¦Â¨Ã¥â€ºÂ½Ã¤ÂºÂºÃ¦Â°â€˜", "全国人民"),
        ),
        keeps=("Ã, Â und â€ž sind Spuren von UTF-8", "Âge, Ça, Île, Œuvre, À, É"),
    ),
    Rule(
        LOST_RULE,
        "a character of misread text of which a byte is lost, where the words around it decide",
        Risk.LIKELY,
        examples=(Example("标题：浣犲ソ锛屼笘鐣\ufffd", "标题：你好，世界"),),
        keeps=("你好，世\ufffd", "锟斤拷锟斤拷"),
    ),
    Rule(
        LEANING_RULE,
        "a character of misread text of which a byte is lost, where the words around it only lean to one",
        Risk.GUESS,
        examples=(Example("å…¨å›½äººæ°‘ä»£è¡¨å¤§ä¼šåœ¨åŒ—äº¬å¼€å¹", "全国人民代表大会在北京开幕"),),
        keeps=("全国人民代表大会在北京开\ufffd", "你说什么?我不知道?"),
    ),
)
