"""“一是…二是…” becomes points, each word for word; praise, advice and quotations do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.ledger.points import split_points

TWO = ["学习不深", "创新不够"]
COMMENTS = {
    "主要不足：一是学习不深；二是创新不够。": TWO,
    "主要不足:一是学习不深。二是 创新不够。": TWO,
    "一是是学习不深；二是创新不够": TWO,
    "一是学习不深，三是创新不够。": TWO,
    "二是学习不深；二是创新不够。": TWO,
    "不足一是学习不深二是创新不够": TWO,
    "第一，学习不深；第二，创新不够。": TWO,
    "第一是学习不深；第二是创新不够。": TWO,
    "其一，学习不深；其二，创新不够。": TWO,
    "首先，学习不深；其次，创新不够。": TWO,
    "1.学习不深；2.创新不够。": TWO,
    "1、学习不深 2、创新不够": TWO,
    "1．学习不深。\n2．创新不够。": TWO,
    "（1）学习不深；（2）创新不够。": TWO,
    "(一)学习不深；(二)创新不够。": TWO,
    "1）学习不深；2）创新不够。": TWO,
    "①学习不深②创新不够": TWO,
    "一、学习不深。\n二、创新不够。": TWO,
    "主要不足：学习不深；创新不够。": TWO,
    "学习不深。创新不够。": TWO,
    "“一是学习不深；二是创新不够。”": TWO,
    "主要不足：\n一是学习不深\n二是创新不够\n以上问题，请认真整改。": TWO,
    "一是学习\n不深；二是创新不够。\n\n请会后认领。": TWO,
    "亮点：一是班子强；二是队伍齐。主要不足：一是学习不深；二是创新不够。希望：一是多学；二是多闯。": TWO,
    "工作扎实，成效明显。不足之处：一是学习不深；二是创新不够。下一步，要抓好整改。": TWO,
    "成绩有目共睹。也要看到，一是学习不深；二是创新不够。建议：一是多学。": TWO,
    "一是学习不深；二是创新不够。希望今后多下功夫。": TWO,
    "学习不深": ["学习不深"],
    "一是学习不深。": ["学习不深"],
    "一是是非观念不强；二是学习不深。": ["是非观念不强", "学习不深"],
    "第一，第一责任人意识不强；第二，第一议题落实不严。": ["第一责任人意识不强", "第一议题落实不严"],
    "1.参会率只有63.5%；2.学习不深。": ["参会率只有63.5%", "学习不深"],
    "一是“一是学、二是做”的要求没有落实；二是学习不深。": ["“一是学、二是做”的要求没有落实", "学习不深"],
    "一是抓党建时紧时松。活动一来紧一阵，过后松一阵。二是学习不深。": [
        "抓党建时紧时松。活动一来紧一阵，过后松一阵",
        "学习不深",
    ],
    "缺少一是一、二是二的较真劲头。": ["缺少一是一、二是二的较真劲头"],
    "亮点：一是班子强；二是队伍齐。": [],
    "工作扎实，成效明显。": [],
    "一是": [],
    "": [],
}


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_becomes_its_points(comment):
    assert split_points(comment) == COMMENTS[comment]


def test_fifteen_points_are_all_found():
    numbers = [*"一二三四五六七八九十", "十一", "十二", "十三", "十四", "十五"]

    points = split_points("；".join(f"{number}是第{number}项工作不实" for number in numbers))

    assert points == [f"第{number}项工作不实" for number in numbers]


@given(
    st.lists(
        st.text("学创抓责任落实够到位，", min_size=2, max_size=12).map(lambda text: f"工{text}作不实"), max_size=10
    )
)
def test_points_written_down_are_read_back(points):
    numbers = "一二三四五六七八九十"

    assert split_points("；".join(f"{numbers[n]}是{point}" for n, point in enumerate(points))) == points


PIECES = [
    "一是",
    "二是",
    "是",
    "第一",
    "，",
    "1.",
    "（2）",
    "①",
    "。",
    "；",
    "\n",
    "“",
    "”",
    "不足：",
    "亮点：",
    "希望",
    "首先",
    " ",
]


@given(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=50).map("".join))
def test_any_text_gives_points_made_of_its_own_letters(text):
    flat = "".join(text.split())

    assert all(point.strip() == point and "".join(point.split()) in flat for point in split_points(text) if point)
    assert "" not in split_points(text)
