"""A comment script is taken apart by person; what stands around the comments belongs to nobody."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.meeting.points import split_script

COMMENT = "主要不足：一是学习不深；二是创新不够。"
SPEECH = "第二项，请县委领导讲话：\n刚才，各位书记作了述职。\n一是要抓学习。\n二是要抓创新。\n同志们，会议到此结束。"


def who(script: str) -> list[tuple[int, str, str]]:
    return [(entry.number, entry.organization, entry.person) for entry in split_script(script)]


HEADS = {
    "1、清河镇党支部书记林青禾同志": (1, "清河镇党支部", "林青禾"),
    "3．清河镇党委书记 林 青 禾 同志：": (3, "清河镇党委", "林青禾"),
    "（2）柳林局党组书记、局长石岩同志": (2, "柳林局党组", "石岩"),
    "12.东山社区党总支副书记欧阳·古丽同志。": (12, "东山社区党总支", "欧阳·古丽"),
    "四、柳林局党组（党组书记 石岩）": (4, "柳林局党组", "石岩"),
    "5、石岩（柳林局党组书记）": (5, "柳林局党组", "石岩"),
    "5、石岩同志（柳林局党组书记）": (5, "柳林局党组", "石岩"),
    "6 清河镇机关党支部石岩同志": (6, "清河镇机关党支部", "石岩"),
    "十四、清河镇党委书记（石岩）": (14, "清河镇党委", "石岩"),
    "⑦清河镇党委书记石岩同志": (7, "清河镇党委", "石岩"),
    "8、石岩同志": (8, "", "石岩"),
    "9)清河镇党委书记石岩": (9, "清河镇党委", "石岩"),
    "10、XXX党支部书记XXX同志": (10, "XXX党支部", "XXX"),
    "11、某某党支部书记某某某同志": (11, "某某党支部", "某某某"),
    "序号、××党支部××同志": (1, "××党支部", "××"),
    "清河镇党委书记石岩同志：": (1, "清河镇党委", "石岩"),
    "对清河镇党委书记石岩同志的点评：": (1, "清河镇党委", "石岩"),
    "第一位，清河镇党委书记石岩同志": (1, "清河镇党委", "石岩"),
}


@pytest.mark.parametrize("head", HEADS)
def test_a_head_in_any_usual_punctuation_names_organization_and_person(head):
    (entry,) = split_script(f"下面逐一点评\n{head}\n{COMMENT}")

    assert (entry.number, entry.organization, entry.person) == HEADS[head]
    assert entry.points == ["学习不深", "创新不够"]


@pytest.mark.parametrize(
    "line",
    [
        "1、请清河镇党委书记石岩同志述职",
        "1、各党支部书记述职",
        "2、领导点评：一是讲成绩，二是讲不足。",
        "一、提高认识\n一是要学习。",
        "同志们：",
        "各位领导、同志们：",
        "感谢石岩同志",
        "感谢清河镇党委书记石岩同志：",
        "比如，清河镇党委书记石岩同志抓得很实。",
        "1、党建工作责任",
        "3、存在问题：一是学习不深。",
        "",
    ],
)
def test_an_agenda_or_a_speech_names_nobody(line):
    assert who(line) == []


def test_what_comes_before_and_after_the_comments_belongs_to_nobody():
    people = ["林青禾", "石岩", "闻雨"]
    entries = "".join(f"{n}、东山党支部书记{name}同志\n{COMMENT}\n" for n, name in enumerate(people, start=1))

    script = f"今天的会议有三项内容：一是述职；二是点评。\n一、现在请各位书记述职\n*****\n{entries}{SPEECH}"

    assert [(entry.person, entry.text) for entry in split_script(script)] == [(name, COMMENT) for name in people]


def test_a_speech_without_a_known_opening_is_not_given_to_the_last_person():
    script = f"1、甲局党支部书记林青禾同志\n{COMMENT}\n2、乙局党支部书记石岩同志\n{COMMENT}\n"
    script += "大家讲得都很好。\n一是责任实。\n"

    assert [entry.text for entry in split_script(script)] == [COMMENT, COMMENT]


def test_entries_on_one_line_are_parted():
    script = f"1、甲局党支部书记林青禾同志：{COMMENT}2、乙局党支部书记石岩同志主要不足：一是抓得不紧。"

    assert [(entry.person, entry.points) for entry in split_script(script)] == [
        ("林青禾", ["学习不深", "创新不够"]),
        ("石岩", ["抓得不紧"]),
    ]


def test_people_without_numbers_are_numbered_by_their_place():
    script = f"甲局党支部书记林青禾同志：\n{COMMENT}\n乙局党支部书记石岩同志：\n{COMMENT}"

    assert [entry.number for entry in split_script(script)] == [1, 2]


def test_a_comment_of_several_paragraphs_is_kept_whole():
    comment = "亮点：一是班子强。\n主要不足：\n一是学习不深。\n二是创新不够。\n努力方向：一是多学。"

    (first, second) = split_script(
        f"1、甲局党支部书记林青禾同志\n{comment}\n2、乙局党支部书记石岩同志\n{comment}\n{SPEECH}"
    )

    assert (first.text, second.text) == (comment, comment)
    assert first.points == second.points == ["学习不深", "创新不够"]


def test_a_person_without_a_comment_has_no_points():
    (first, second) = split_script(f"1、甲局党支部书记林青禾同志\n2、乙局党支部书记石岩同志\n{COMMENT}")

    assert (first.text, first.points, second.points) == ("", [], ["学习不深", "创新不够"])


@pytest.mark.parametrize(
    ("piece", "entries"),
    [
        ("1、甲局党支部书记林青禾同志\n一是学习不深。\n", 55_000),
        ("一是", 0),
        ("清河镇党支部书记", 0),
        ("\n \t", 0),
        ("“1、（", 0),
    ],
)
def test_a_million_letters_take_no_long_time(piece, entries):
    script = piece * (55_000 if entries else 1_200_000 // len(piece))
    began = time.process_time()

    assert len(split_script(script)) == entries

    assert time.process_time() - began < 20


PIECES = [
    "1、",
    "2．",
    "（3）",
    "清河镇党委",
    "书记",
    "石 岩",
    "同志",
    "：",
    "\n",
    "主要不足：",
    "一是",
    "二是",
    "。",
    "“",
    "”",
    "（",
    "）",
    "x",
]


@given(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=60).map("".join))
def test_any_script_is_taken_apart_in_order_and_every_place_is_where_it_says(script):
    entries = split_script(script)

    assert all(script[entry.start : entry.end] == entry.text for entry in entries)
    assert all(one.end <= following.start for one, following in pairwise(entries))
    assert all(entry.person and entry.number > 0 for entry in entries)
