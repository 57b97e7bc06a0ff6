"""Words split to dodge a filter: what is joined, what is not, and that the one undoes the forward model."""

import random
import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases import Case, case_parameters, read_cases
from hanfix.document import Document
from hanfix.edit import Edit, apply_edits
from hanfix.filter import Risk
from hanfix.filters.rejoin import Rejoin, split_words
from hanfix.filters.rejoin.places import places_in, places_left
from hanfix.filters.rejoin.vocabulary import kept_apart, vocabulary_of
from hanfix.lexicon import LONGEST_WORD, Lexicon
from hanfix.pipeline import Pipeline
from hanfix.script import simplify
from splitting import PARTING, SEPARATORS, SETTINGS, STOPS, ZERO_WIDTH, Habit, set_apart, split_word
from splitting import split_words as damage

REJOIN = Rejoin()
LISTED = {word for words in split_words().values() for word in words}

# Sound sentences of several kinds; the words in brackets are the ones to be split.
MARKED = """
各级〔政府〕要关心群众的生活，听取不同的意见。
村里的老人说，〔民主〕不是挂在墙上的口号。
他在报告里提到〔国务院〕的一项决定。
那一年他加入了〔共产党〕，从此离开家乡。
记者采访了几位〔公务员〕，他们都不愿透露姓名。
这家公司因为伪造〔发票〕被税务部门查处。
网站上到处是〔贷款〕的小广告，让人防不胜防。
他年轻时练过〔气功〕，后来改打太极拳。
图书馆里有不少关于〔佛教〕历史的旧书。
〔警察〕赶到的时候，人群已经散了。
电影讲的是一个〔毒贩〕改过自新的故事。
老师告诉我们，〔赌博〕会毁掉一个家庭。
他在〔看守所〕里写了一封长信给家人。
两国恢复了〔大使馆〕之间的联系。
店家打出〔免费〕品尝的招牌，门口排起长队。
请不要相信电话里的〔诈骗〕信息。
他的〔信用卡〕昨天在地铁里丢了。
居民们在〔广场〕上跳舞，直到深夜。
这本书讨论〔自由〕与责任的关系。
作者认为〔革命〕改变了几代人的命运。
各級〔政府〕要關心群眾的生活，聽取不同的意見。
村裡的老人說，〔民主〕不是掛在牆上的口號。
那一年他加入了〔國民黨〕，從此離開家鄉。
〔警察〕趕到的時候，人群已經散了。
這家公司因為偽造〔發票〕被稅務部門查處。
他在〔看守所〕裡寫了一封長信給家人。
圖書館裡有不少關於〔佛教〕歷史的舊書。
他的〔信用卡〕昨天在地鐵裡丟了。
學者討論〔臺灣〕與大陸之間的貿易。
老師告訴我們，〔賭博〕會毀掉一個家庭。
這本書討論〔自由〕與責任的關係。
請不要相信電話裡的〔詐騙〕資訊。
""".strip().splitlines()
SENTENCES = [re.sub("[〔〕]", "", line) for line in MARKED]
WORDS = [re.search("〔(.+)〕", line)[1] for line in MARKED]  # type: ignore[index]


def found(text: str, filter_: Rejoin = REJOIN) -> list[Edit]:
    return [each for each in filter_.find(Document(text)) if isinstance(each, Edit)]


# Words of the net, of games, of Taiwan and Hong Kong; everyday words with marks that are common elsewhere.
NEWER = """
上班八小时，摸.鱼六小时|上班八小时，摸鱼六小时
他玩原\\神抽卡抽掉两个月工资|他玩原神抽卡抽掉两个月工资
社-恐患者最怕的就是电梯|社恐患者最怕的就是电梯
打-工-人早安，地铁又挤不上去|打工人早安，地铁又挤不上去
第一次去夜·店是二十歲生日那天|第一次去夜店是二十歲生日那天
腦*補太多了吧，人家只是借個筆|腦補太多了吧，人家只是借個筆
土石~流把整條產業道路沖走了|土石流把整條產業道路沖走了
颱.風假放到一半說不放了|颱風假放到一半說不放了
屋-企裝修，暫時搬去姨媽度住|屋企裝修，暫時搬去姨媽度住
阿媽話唔好成日食即 食 麵|阿媽話唔好成日食即食麵
海 嘯警報響的時候，我們往山上跑|海嘯警報響的時候，我們往山上跑
氣🈲爆之後那條路封了一年多|氣爆之後那條路封了一年多
醫生叫我戒啤．酒，上禮拜又去驗．血|醫生叫我戒啤酒，上禮拜又去驗血
公 投綁大選，開票開到隔天清晨。|公投綁大選，開票開到隔天清晨。
""".strip().splitlines()
MEANT = """
油/水界面张力随温度升高而下降
邻-苯二甲酸酯类增塑剂的检出限见附表
顺-丁烯二酸与反-丁烯二酸互为异构体
獨：單一。獨-立、獨-特、獨-居、獨-唱，試各造一句。
收件人 陳＊華 地址 台北市中＊路三段
尊敬的李*女士：您的包裹已经到达
和田-玉枣
巴-以冲突再度升级
紅-黃-藍三色
宮-嬪-妃-后的品級
送货很快~下次还来
今天天气真好.吃完饭去散步
房间不错 服务也好
天氣好 心情也好
""".strip().splitlines()


@pytest.mark.parametrize("pair", NEWER)
def test_newer_and_regional_words_are_joined(pair: str) -> None:
    damaged, sound = pair.split("|")
    assert REJOIN(damaged) == sound


@pytest.mark.parametrize("line", MEANT)
def test_what_only_looks_split_stays(line: str) -> None:
    assert REJOIN(line) == line


def test_words_split_alike_support_one_another() -> None:
    assert REJOIN("禁.書我找了十年，最後在廢.紙堆裡看到。") == "禁書我找了十年，最後在廢紙堆裡看到。"


def test_primer_ends_where_the_same_word_comes_again() -> None:
    assert REJOIN("和-谐，和-谐，和-谐") == "和谐，和谐，和谐"


# Cases and the page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", case_parameters("rejoin"))
def test_case(case: Case) -> None:
    assert REJOIN(case.text) == case.want


def test_at_least_as_many_cases_to_keep() -> None:
    kept = Counter(case.kept for case in read_cases("rejoin"))
    assert kept[True] >= kept[False] > 50


def test_real_page(essay_forum: dict[str, str]) -> None:
    """A forum page whose words were split with hyphens: these and nothing else."""
    edits = found(essay_forum["repaired"])
    assert {edit.rule for edit in edits} == {"rejoin/hyphen"}
    words = Counter(edit.why.split(" ", 1)[0] for edit in edits)
    assert words["和諧"] == 4
    assert words["民主"] == words["民意"] == 1
    assert words["共產黨員"] + words["中國共產黨"] + words["共產黨"] == 17
    assert words.total() == 23
    assert REJOIN(essay_forum["repaired"]) == essay_forum["rejoined"]


# The forward model and back --------------------------------------------------------------------------------


def test_sentences_are_sound() -> None:
    for sentence in SENTENCES:
        assert found(sentence) == []


@pytest.mark.parametrize("separator", SEPARATORS)
def test_one_word_split_in_a_sentence(separator: str) -> None:
    """Any separator, all gaps or any one place, with nothing else in the document to go by."""
    for sentence, word in zip(SENTENCES, WORDS, strict=True):
        habits = [(Habit(separator), 1)]
        habits += [(Habit(separator, everywhere=False), place) for place in range(1, len(word))]
        for habit, place in habits:
            assert REJOIN(sentence.replace(word, split_word(word, habit, place))) == sentence


@pytest.mark.parametrize("stop", STOPS)
def test_stops_in_every_gap(stop: str) -> None:
    for sentence, word in zip(SENTENCES, WORDS, strict=True):
        split = sentence.replace(word, split_word(word, Habit(stop)))
        assert REJOIN(split) == (sentence if len(word) > 2 else split)


@given(
    lines=st.lists(st.integers(0, len(SENTENCES) - 1), min_size=1, max_size=8, unique=True),
    separator=st.sampled_from(SEPARATORS),
    everywhere=st.booleans(),
    share=st.sampled_from([0.5, 1.0]),
    newline=st.sampled_from(["\n", "\r\n", "\r", ""]),
    rng=st.randoms(use_true_random=False),
)
def test_splits_of_a_document(
    lines: list[int], separator: str, everywhere: bool, share: float, newline: str, rng: random.Random
) -> None:
    text = newline.join(SENTENCES[line] for line in lines)
    split = damage(text, [WORDS[line] for line in lines], Habit(separator, everywhere, share), rng)
    assert REJOIN(split) == text


@given(
    text=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map("\n".join),
    mark=st.sampled_from(ZERO_WIDTH),
    rng=st.randoms(use_true_random=False),
)
def test_zero_width_between_any_characters(text: str, mark: str, rng: random.Random) -> None:
    han = "[\u4e00-\u9fff]"
    sown = re.sub(f"(?<={han})(?={han})", lambda _: mark * rng.randrange(3), text)
    assert REJOIN(sown) == text
    assert all(edit.rule == "rejoin/zero-width" for edit in found(sown))


FAMILIES = [
    family
    for families in tomllib.loads(
        files("hanfix").joinpath("tables", "kept_apart.toml").read_text(encoding="utf-8")
    )["families"].values()
    for family in families.split()
]


@given(
    items=st.sampled_from(FAMILIES).flatmap(
        lambda family: st.lists(st.sampled_from(family), min_size=2, max_size=4, unique=True)
    ),
    mark=st.sampled_from(PARTING),
    setting=st.sampled_from(SETTINGS),
)
def test_members_of_a_family_stay_apart(items: list[str], mark: str, setting: str) -> None:
    together = "".join(items)
    pairs = {together[i : i + 2] for i in range(len(items) - 1)}
    assume(not any(together[i:j] in LISTED for i in range(len(items)) for j in range(i + 2, len(items) + 1)))
    assume(pairs <= kept_apart().pairs)
    text = set_apart(items, mark, setting)
    assert REJOIN(text) == text


@given(
    names=st.lists(
        st.tuples(st.sampled_from("王李张刘陈白黄高马文成"), st.sampled_from("国明河人兴云民子上强娜"))
    ),
    mark=st.sampled_from("*＊"),
    between=st.sampled_from(["、", "，", ", ", "\n", " "]),
)
def test_masked_names_stay_masked(names: list[tuple[str, str]], mark: str, between: str) -> None:
    text = "获奖者：" + between.join(map(mark.join, names))
    assert REJOIN(text) == text


# Words that are on no list, from a text that holds each of them but once or twice.
PAGE = """
春天来了，农民在田里播种，孩子们在河边玩耍。老师带着学生参观博物馆，讲解古代的陶器和青铜器。
城市的交通越来越拥挤，许多居民选择骑车上班。医生建议大家多吃蔬菜，少喝饮料，保持良好的睡眠。
音乐会结束以后，观众站起来鼓掌。摄影师拍下了这个难忘的瞬间，第二天登在报纸上。
科学家发现了一种新的材料，可以用来制造更轻的飞机。工程师正在研究怎样降低成本。
图书馆的窗户朝着花园，阳光照在书架上，读者安静地翻着杂志。厨师端出热腾腾的饺子，客人们赞不绝口。
"""
PAGE_WORDS = re.findall(
    r"\w+",
    """
    春天 农民 播种 孩子 玩耍 老师 学生 参观 博物馆 讲解 古代 陶器 青铜器 城市 交通 拥挤 居民 选择
    医生 建议 蔬菜 饮料 保持 良好 睡眠 音乐会 结束 观众 鼓掌 摄影师 难忘 瞬间 报纸 科学家 发现 材料
    制造 飞机 工程师 研究 降低 成本 图书馆 窗户 花园 阳光 书架 读者 安静 杂志 厨师 饺子 客人
    """,
)


@pytest.mark.parametrize("everywhere", [True, False])
@pytest.mark.parametrize("separator", SEPARATORS)
def test_page_split_throughout(separator: str, everywhere: bool) -> None:
    """The habit of a document is evidence enough for words on no list."""
    split = damage(PAGE, PAGE_WORDS, Habit(separator, everywhere), random.Random(0))
    left = split.count(separator) - PAGE.count(separator)
    assert left >= len(PAGE_WORDS)
    assert REJOIN(split).count(separator) - PAGE.count(separator) <= 0.03 * left


# Evidence --------------------------------------------------------------------------------------------------


def test_same_split_again_is_evidence() -> None:
    once = "他的作品已经安.装完毕。"
    again = once + "新家的门窗也在安.装，明天还要安.装一天。"
    assert REJOIN(once) == once
    assert REJOIN(again) == again.replace(".", "")


def test_whole_word_elsewhere_is_evidence() -> None:
    """What leans to one side alone is decided by the same word standing whole in the document."""
    once = "都不要选|用它"
    assert {edit.rule for edit in found(once)} == {"rejoin/symbol-lean"}
    assert {edit.rule for edit in found(once + "，不选用")} == {"rejoin/symbol"}


def test_lean_rules_are_guesses() -> None:
    text = "一个大-人带着孩子"
    assert REJOIN(text) == text
    assert Pipeline([REJOIN], risk=Risk.GUESS)(text) == "一个大人带着孩子"


def test_reason_names_the_word() -> None:
    (edit,) = found("建设和-諧社会")
    assert edit == Edit(3, 4, "", "rejoin/hyphen", "和諧社会 is a word often split (politics)")


def test_titles_are_joined_where_words_are_split_by_habit() -> None:
    once = "读《花-园》的人"
    habit = "各级政-府、国-务-院、共-产-党和法-院印发了《花-园》，工-会也收到花-园。"
    assert REJOIN(once) == once
    assert REJOIN(habit) == habit.replace("-", "")


# Options ---------------------------------------------------------------------------------------------------


def test_separators_are_an_option() -> None:
    assert Rejoin(separators="*")("民*主，民-主") == "民主，民-主"
    assert Rejoin(separators="")("民*主，民-主") == "民*主，民-主"
    assert Rejoin(separators="¤")("民¤主，民-主") == "民主，民-主"


def test_pictographs_are_an_option() -> None:
    assert REJOIN("向往自😀由") == "向往自由"
    assert Rejoin(pictographs=False)("向往自😀由，民-主") == "向往自😀由，民主"


@pytest.mark.parametrize("mark", ["民", "a", "7", "\n"])
def test_what_cannot_be_a_separator(mark: str) -> None:
    with pytest.raises(ValueError, match="separator"):
        Rejoin(separators=f"-{mark}")


def test_own_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("# 我们的词\n猫熊馆 12 n\n\n貓空纜車\n", encoding="utf-8")
    own = Rejoin(words=(str(path),))
    assert own("参观猫.熊.馆去") == "参观猫熊馆去"
    assert own("搭貓空-纜車上山") == "搭貓空纜車上山"
    assert REJOIN("参观猫.熊.馆去") == "参观猫.熊.馆去"


@pytest.mark.parametrize("line", ["民", "民主x", "a", "一二三四五六七八九"])
def test_own_words_must_be_words(tmp_path: Path, line: str) -> None:
    path = tmp_path / "words.txt"
    path.write_text(f"民主\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        Rejoin(words=(str(path),))


def test_own_words_must_be_readable(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"missing\.txt"):
        Rejoin(words=(str(tmp_path / "missing.txt"),))
    path = tmp_path / "words.txt"
    path.write_bytes("# 民主\r\n".encode() + "民主".encode("gbk"))
    with pytest.raises(ValueError, match=r"words\.txt, line 2: not UTF-8; save it as UTF-8"):
        Rejoin(words=(str(path),))


# The tables, and text that is long -------------------------------------------------------------------------


def test_listed_words() -> None:
    words = [word for group in split_words().values() for word in group]
    assert len(words) == len(set(words)) > 1000
    for word in words:
        assert simplify(word) == word
        assert 2 <= len(word) <= LONGEST_WORD
        assert re.fullmatch("[\u4e00-\u9fff]+", word)


def test_listed_words_stand_in_the_lexicon() -> None:
    lexicon = Lexicon(LISTED)
    assert all(lexicon.frequency(word) >= 1000 for word in LISTED)


def test_own_words_longer_than_eight_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("全国人大常务委员会\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"words\.txt, line 1: .*2 to 8 .*全国人大常务委员会"):
        Rejoin(words=(str(path),))


@pytest.mark.parametrize("mark", ["-", ".", "*"])
def test_equal_text_gives_equal_edits(mark: str) -> None:
    """What was found once in a document is not worked out again, and yet found everywhere."""
    sentence = f"他{mark}说政{mark}府和共{mark}产{mark}党员，"
    edits = found(sentence * 400)
    per_sentence = len(edits) // 400
    assert per_sentence >= 2
    spans = [(edit.start % len(sentence), edit.end % len(sentence), edit.new) for edit in edits]
    assert spans == spans[:per_sentence] * 400


def test_chains_and_rows_at_their_longest() -> None:
    """Where a line is cut into chains does not depend on what the marks around it are."""
    for length in (15, 16, 17, 31, 32, 33, 34, 64, 65):
        row = "-".join("说" * length)
        assert REJOIN(f"{row}。共-产-党的干部") == f"{row}。共产党的干部"
        pieces = "-".join(["他们说"] * length)
        assert REJOIN(f"{pieces}，在政-府") == f"{pieces}，在政府"


@given(
    lines=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=5),
    separators=st.lists(
        st.sampled_from(["-", "·", "，", "。", "*", "~", "😀", "--"]), min_size=1, max_size=3
    ),
    rng=st.randoms(use_true_random=False),
)
def test_places_left_are_those_of_a_new_search(
    lines: list[str], separators: list[str], rng: random.Random
) -> None:
    text = re.sub("(?<=.)(?=.)", lambda _: rng.choice(["", *separators]), "\n".join(lines))
    first = [edit for edit in found(text) if rng.random() < 0.5]
    left = apply_edits(text, first)
    known = REJOIN.separators, REJOIN.pictographs
    pairs = vocabulary_of(()).pairs
    places = places_in(text, *known, pairs)
    assert list(places_left(left, places, first, *known)) == list(places_in(left, *known, pairs))


def test_line_split_from_end_to_end() -> None:
    assert REJOIN("和-谐，" * 3000) == "和谐，" * 3000
    spaced = "共-产-" * 3000
    assert REJOIN(spaced) == spaced
    assert REJOIN("的 " * 3000) == "的 " * 3000
