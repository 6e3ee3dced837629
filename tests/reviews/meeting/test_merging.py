"""New facts into an edited text: nothing of the writer's is lost, no change of the facts goes unseen."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.meeting.merging import NEW_FACT, is_unsettled, merge, paragraphs

TEXTS = st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=8).map("\n".join)


def test_what_only_the_facts_changed_follows_the_facts_and_own_words_stay():
    base = "时间：9:00\n林望舒：用时5分\n主持人：领导甲"
    own = "时间：9:00\n林望舒：用时5分\n主持人：领导甲\n会议气氛热烈。"
    new = "时间：9:00\n林望舒：用时6分\n主持人：领导甲"

    text = merge(base, own, new)

    assert paragraphs(text) == ["时间：9:00", "林望舒：用时6分", "主持人：领导甲", "会议气氛热烈。"]


def test_where_both_changed_the_writers_words_stay_and_the_new_fact_is_marked():
    text = merge("甲\n用时5分\n乙", "甲\n用时约5分钟\n乙", "甲\n用时6分\n乙")

    assert paragraphs(text) == ["甲", "用时约5分钟", NEW_FACT + "用时6分", "乙"]
    assert is_unsettled(text)


@given(TEXTS, TEXTS)
def test_facts_that_did_not_change_leave_the_text_as_it_was_edited(base, own):
    assert paragraphs(merge(base, own, base)) == paragraphs(own)


@given(TEXTS, TEXTS)
def test_an_untouched_text_becomes_the_new_facts(base, new):
    assert paragraphs(merge(base, base, new)) == paragraphs(new)


@given(
    TEXTS, st.lists(st.sampled_from(["我写的一", "我写的二"]), min_size=1, max_size=3, unique=True), TEXTS, st.data()
)
def test_no_paragraph_that_the_writer_added_is_ever_lost(base, added, new, data):
    own = paragraphs(base)
    for line in added:
        own.insert(data.draw(st.integers(0, len(own))), line)

    merged = paragraphs(merge(base, "\n".join(own), new))

    assert [line for line in added if line not in merged] == []


def test_where_both_only_added_the_new_facts_follow_unmarked():
    text = merge("甲", "甲\n会场秩序良好。", "甲\n测评结束，封箱")

    assert paragraphs(text) == ["甲", "会场秩序良好。", "测评结束，封箱"]


@given(TEXTS, TEXTS, TEXTS)
def test_no_new_fact_goes_unseen(base, own, new):
    merged = [line.removeprefix(NEW_FACT) for line in paragraphs(merge(base, own, new))]

    assert [line for line in paragraphs(new) if line not in merged and line not in paragraphs(base)] == []
