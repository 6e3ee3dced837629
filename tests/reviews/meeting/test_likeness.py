"""How much a comment repeats another: bounded, the same both ways, never from a short run."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.meeting.likeness import LONGEST_READ, SAME_FROM, bare, cliches_in, longest_shared, most_alike

TEXTS = st.text(alphabet="学习不深抓得紧，。一二", max_size=80)


@given(TEXTS, TEXTS)
def test_the_shared_run_stands_in_both_texts_and_is_as_long_from_either_side(one, other):
    shared = longest_shared(one, other)

    assert shared in bare(one)
    assert shared in bare(other)
    assert len(shared) == len(longest_shared(other, one))


@given(TEXTS, st.lists(TEXTS, max_size=6))
def test_the_most_alike_shares_the_longest_run_of_all_and_never_a_short_one(text, others):
    found = most_alike(text, others)

    longest = max((len(longest_shared(text, other)) for other in others), default=0)
    assert (found.length if found else 0) == (longest if longest >= SAME_FROM else 0)


def test_a_text_is_read_to_a_limit():
    assert len(bare("学" * 10_000)) == LONGEST_READ


def test_another_comment_of_the_same_kind_in_own_words_is_not_alike():
    text = "三会一课有记录没质量，党小组会常与部门例会合开。"
    others = ["党课多为读文件，年轻党员听不进去。", "发展党员把关不细，谈话记录有缺项。"]

    assert most_alike(text, others) is None


def test_stock_phrases_are_named_in_their_order_each_once():
    text = "创新性还不够强，与先进单位相比还有差距，落实上还有差距。"

    assert cliches_in(text) == ["创新性还不够", "还不够强", "还有差距"]
