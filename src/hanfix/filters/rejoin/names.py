"""Names of people of which a character is masked: 张*明, 王*国."""

from __future__ import annotations

import re

from hanfix.filters.rejoin.marks import HAN, alike
from hanfix.filters.rejoin.sighting import Sighting

MASK = "*"  # stands for all marks that look like it
_MASKS = f"[{re.escape(alike(MASK))}]"
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟"
    "姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱丘侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊"
    "葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗曲盛翁骆连古明卞柏"
    "張劉陳楊黃趙吳孫馬鄭謝許鄧韓馮蕭葉盧鍾譚陸範閻龍賀顧龔萬錢嚴湯齊喬龐顏莊聶魯關蘭寧紀畢單塗駱連"
)
_COMPOUND_SURNAMES = (
    "欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|司徒|东方|東方|皇甫|尉迟|尉遲|公孙|公孫|慕容|令狐|端木|夏侯"
)
_SURNAME = f"(?:{_COMPOUND_SURNAMES}|[{_SURNAMES}])"
_IS_SURNAME = re.compile(_SURNAME)
_MASKED_NAME = re.compile(f"{_SURNAME}{_MASKS}(?=[{HAN}])")
# How a person is addressed, counted or described, right behind the name.
_TITLE_AFTER = re.compile(
    "[ \\t]?(?:先生|女士|小姐|同学|同學|老师|老師|师傅|師傅|医生|醫生|教授|经理|經理|律师|律師"
    "|法官|警官|校长|校長|主任|某|等[人名\\d一二三四五六七八九十]"
    "|[（(][男女]|[，,、 \\t]{1,2}[男女][，,、 \\t\\d])"
)
# What somebody is in a form, a list or a judgement, right before it.
_LABEL_BEFORE = re.compile(
    "(?:姓名|收[件货貨]人|寄件人|[联聯][系繫絡络]人|[户戶]名|考生|[学學]生|客[户戶]|[会會][员員]|用[户戶]|旅客|乘客|患者"
    "|[被]?[执執]行人|原告|被告人?|申[请請]人|[债債][务務權权]人|投[保诉訴]人|被保[险險]人|申[报報]人|[经經]手人|[担擔]保人"
    "|嫌疑人|嫌犯|被害人|受害人|当事人|當事人|捐款人|得主|中[奖獎]者|[获獲][奖獎]者|恭喜|[亲親][爱愛]的|尊敬的|[订訂][单單]由)"
    "[ \\t]?[：:是为為]?[ \\t]?\\Z"
)
# The name of a street of which a character is masked, in an address: 台北市中*路三段.
_PLACE_BEFORE = re.compile("[市区區县縣镇鎮乡鄉]\\Z")
_STREET_AFTER = re.compile("[路街道巷弄](?:[一二三四五六七八九十0-9０-９]{1,4}[段巷弄号號]|口|$)")
_MASKED_NUMBER = re.compile(f"[0-9]{_MASKS}{{3,10}}[0-9X]|[0-9]{{3}}{_MASKS}{{4}}")
_BEFORE_ITEM = re.compile(f"{_SURNAME}{_MASKS}{{1,2}}[{HAN}]?[、，,；; \\t\\r\\n]{{1,3}}\\Z")
_AFTER_ITEM = re.compile(f"[、，,；; \\t\\r\\n]{{1,3}}{_SURNAME}{_MASKS}")
_REACH = 24  # characters on each side


def may_be_a_name(find: Sighting) -> bool:
    """Tell whether a word may be a surname, a mask and the last character of a given name."""
    if find.kind != MASK or find.row or find.word.first != find.word.last:
        return False
    cut = find.chain.cuts[find.word.first]
    surname = _IS_SURNAME.fullmatch(find.whole[: cut - find.word.start])
    return surname is not None and (
        find.word.end == cut + 1
        or _TITLE_AFTER.match(find.text, find.end - (find.word.end - cut)) is not None
    )


def is_on_a_masked_street(find: Sighting) -> bool:
    """Tell whether a mark masks a character of a street in an address: 台北市中*路三段."""
    if find.kind != MASK or find.row or find.end - find.start != 3:
        return False
    return bool(
        _PLACE_BEFORE.search(find.text, max(0, find.start - 1), find.start)
        and _STREET_AFTER.match(find.text, find.end - 1)
    )


def is_named(find: Sighting) -> bool:
    """Tell whether a title, a label, a masked number or another such name stands beside."""
    before = find.text[max(0, find.start - _REACH) : find.start]
    after = find.text[find.end : find.end + _REACH]
    return bool(
        _TITLE_AFTER.match(after)
        or _LABEL_BEFORE.search(before)
        or _MASKED_NUMBER.search(before)
        or _MASKED_NUMBER.search(after)
        or _BEFORE_ITEM.search(before)
        or _AFTER_ITEM.match(after)
    )


def masks_of_names(text: str) -> list[int]:
    """Return where marks stand between a surname and another character."""
    return [match.end() - 1 for match in _MASKED_NAME.finditer(text)]
