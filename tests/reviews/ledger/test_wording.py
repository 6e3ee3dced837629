"""Words without substance are pointed at, concrete ones are left alone; alike problems are found in any order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.ledger.wording import ALIKE_FROM, similarity, vague_words

VAGUE = {
    "进一步提高思想认识": ["进一步"],
    "高度重视，加强党建工作": ["高度重视", "加强"],
    "一是加强学习，提高认识。二是加大力度": ["加强", "提高认识", "加大力度"],
    "切实抓好落实": ["切实", "抓好落实"],
}
CONCRETE = [
    "每季度组织 1 次专题党课",
    "年底前加强党员档案管理",
    "进一步修订《支部学习制度》",
    "加强走访，联系服务群众五户",
    "高度重视，7 月 1 日前完成换届",
    "支部书记每月讲一次党课",
    "",
    "。；！",
]


@pytest.mark.parametrize(("text", "words"), VAGUE.items())
def test_words_without_object_figure_or_date_are_pointed_at(text, words):
    hints = vague_words(text)

    assert [hint.word for hint in hints] == words
    assert [text[hint.start : hint.end] for hint in hints] == words


@pytest.mark.parametrize("text", CONCRETE)
def test_a_measure_with_something_to_show_is_left_alone(text):
    assert vague_words(text) == []


def test_a_concrete_clause_does_not_cover_for_a_vague_one():
    hints = vague_words("每月上 1 次党课；进一步提高认识")

    assert [hint.word for hint in hints] == ["进一步", "提高认识"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("主题党日形式单一", "一是主题党日形式单一。", True),
        ("主题党日形式单一，党员参与不多", "主题党日形式比较单一，党员参与度不高", True),
        ("主题党日形式单一", "党员教育管理台账更新不及时", False),
        ("党建与业务融合不够", "党建和业务融合不够深入", True),
        ("", "", False),
        ("好", "好", True),
    ],
)
def test_which_problems_read_like_the_same_one(one, other, alike):
    assert (similarity(one, other) >= ALIKE_FROM) is alike


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_lies_between_nothing_and_all_and_does_not_depend_on_order(one, other):
    alike = similarity(one, other)

    assert 0 <= alike <= 1
    assert alike == similarity(other, one)


@given(st.text(alphabet="加强进一步提高认识每月1次，。；《》\n", max_size=80))
def test_every_hint_stands_where_it_says(text):
    for hint in vague_words(text):
        assert text[hint.start : hint.end] == hint.word
