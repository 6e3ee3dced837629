"""A draft out of facts: its length, its sources, its grammar for none, one and many."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.grade.opinion.composing import LEAST, MOST, Known, compose, length_of, sayings_of
from reviews.grade.opinion.frames import Kind

SAID = (Kind.STRENGTH, Kind.SEEN, Kind.WEAKNESS, Kind.ADVICE)
HAN = st.text("学习抓得紧制度有人管党员走在前难题现场解台账记得全，“”{}", min_size=0, max_size=70)


@st.composite
def facts(draw):
    """Any mixture of facts with keys of their own; sayings may be empty, too long or the same twice."""
    kinds = draw(st.lists(st.sampled_from(list(Kind)), max_size=9))
    made = []
    for place, kind in enumerate(kinds):
        if kind in SAID:
            made.append(Known(f"f{place}", kind, words=draw(HAN)))
        else:
            total = draw(st.integers(0, 30))
            made.append(Known(f"f{place}", kind, total=total, done=draw(st.integers(0, total)), year=2025))
    return made


def usual(**changes):
    """What is usually known of somebody."""
    known = {
        "strength": Known("strength", Kind.STRENGTH, "把党课开到了清障现场，党员突击队在急难任务中立得住"),
        "weakness": Known("weakness", Kind.WEAKNESS, "理论学习停留在读文件，结合清障实际的研讨偏少"),
        "second": Known("second", Kind.WEAKNESS, "主题党日形式单一，对青年党员吸引力不强"),
        "third": Known("third", Kind.WEAKNESS, "党务骨干培养不够，工作过分依赖一两个人"),
        "advice": Known("advice", Kind.ADVICE, "建议选一两个现场先做出样子，半年后组织其他支部来看"),
        "closed": Known("closed", Kind.CLOSED, total=3, done=2, year=2025),
        "votes": Known("votes", Kind.VOTES, total=29, done=24),
        "vetted": Known("vetted", Kind.VETTED, total=2),
    }
    return [fact for fact in (known | changes).values() if fact]


@given(facts(), st.integers(0, 40))
@settings(max_examples=300)
def test_a_draft_ends_between_150_and_200_whenever_its_sentences_can(known, turn):
    draft = compose("尚文斌", known, turn)

    lengths = [sentence.length for sentence in [*draft.sentences, *draft.spare]]
    opening = draft.sentences[0].length if draft.sentences else 0
    rest = lengths[1:]
    sums = {opening + sum(some) for size in range(len(rest) + 1) for some in combinations(rest, size)}
    can = any(LEAST <= total <= MOST for total in sums)
    assert draft.length <= MOST
    assert (draft.lacking == 0) == can
    assert draft.length + draft.lacking >= LEAST


@given(facts(), st.integers(0, 40))
def test_every_sentence_has_a_source_and_no_fact_is_used_twice(known, turn):
    draft = compose("尚文斌", known, turn)

    sentences = [*draft.sentences, *draft.spare]
    sources = [key for sentence in sentences for key in sentence.sources]
    assert all(sentence.sources for sentence in sentences)
    assert len(sources) == len(set(sources))
    assert set(sources) <= {fact.key for fact in known}


@given(facts(), st.integers(0, 40))
def test_every_word_of_a_fact_stands_in_its_sentence_and_no_frame_is_left_open(known, turn):
    draft = compose("尚文斌", known, turn)

    words = {fact.key: fact.words.strip() for fact in known}
    for sentence in [*draft.sentences, *draft.spare]:
        text = sentence.text
        for key in sentence.sources:
            assert words[key].removeprefix("建议").removeprefix("希望") in text
            text = text.replace(words[key], "")
        assert "{" not in text
        assert "None" not in text
        assert sentence.text.endswith("。")


@given(facts(), st.integers(0, 40))
def test_the_same_facts_give_the_same_draft(known, turn):
    one, other = (compose("尚文斌", known, turn) for _ in range(2))

    assert one == other


@given(facts(), st.integers(0, 40))
def test_the_person_is_named_once_in_the_first_sentence(known, turn):
    draft = compose("尚文斌", known, turn)

    if draft.sentences:
        assert draft.sentences[0].text.count("尚文斌同志") == 1
        assert draft.text.count("尚文斌") == 1


def test_nothing_known_is_no_opinion_and_is_told_plainly():
    draft = compose("尚文斌", [], 0)

    assert (draft.text, draft.lacking) == ("", LEAST)


def test_usual_facts_fill_an_opinion_in_the_order_of_praise_problems_advice():
    draft = compose("尚文斌", usual(), 0)

    praise, problem, advice = (draft.text.index(words) for words in ("党课", "理论学习", "先做出样子"))
    assert praise < problem < advice
    assert draft.lacking == 0


def test_eighteen_people_with_the_same_facts_read_eighteen_ways():
    drafts = [compose(f"书记{number}", usual(), number) for number in range(18)]

    bare = [draft.text.replace(f"书记{number}", "") for number, draft in enumerate(drafts)]
    openings = [draft.sentences[0].text.replace(f"书记{number}", "") for number, draft in enumerate(drafts)]
    assert len(set(bare)) == 18
    assert max(openings.count(opening) for opening in openings) <= 3


@pytest.mark.parametrize(
    ("total", "done", "told"),
    [
        (1, 1, "所在党组织2025年度的1个问题已销号。"),
        (2, 2, "所在党组织2025年度的2个问题已全部销号。"),
        (1, 0, "所在党组织2025年度的1个问题尚未销号。"),
        (5, 0, "所在党组织2025年度的5个问题尚未销号。"),
        (5, 3, "所在党组织2025年度的5个问题已销号3个，其余2个正在整改。"),
    ],
)
def test_the_ledger_is_told_in_the_right_number(total, done, told):
    draft = compose("尚文斌", [Known("c", Kind.CLOSED, total=total, done=done, year=2025)], 0)

    assert draft.text.endswith(told)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in SAID])
def test_a_number_of_none_is_no_sentence(kind):
    draft = compose("尚文斌", [Known("n", kind, total=0, year=2025)], 0)

    assert draft.sentences == []


def test_one_weakness_is_not_numbered_and_two_are():
    one = compose("尚文斌", [Known("a", Kind.WEAKNESS, "学习不深")], 0)
    two = compose("尚文斌", [Known("a", Kind.WEAKNESS, "学习不深"), Known("b", Kind.WEAKNESS, "检查不勤")], 0)

    assert one.text == "尚文斌同志，不足是：学习不深。"
    assert two.text == "尚文斌同志，主要不足：一是学习不深；二是检查不勤。"


def test_what_two_people_said_in_the_same_words_is_told_once():
    known = [Known("a", Kind.WEAKNESS, "检查不勤，时紧时松"), Known("b", Kind.WEAKNESS, "检查不勤、时紧时松。")]

    draft = compose("尚文斌", known, 0)

    assert [sentence.sources for sentence in draft.sentences] == [("a",)]


@pytest.mark.parametrize("words", ["开展活动××次", "（此处填写亮点）", "长" * 61, "", "。，"])
def test_a_saying_with_a_gap_or_too_long_to_quote_whole_is_left_to_the_person(words):
    draft = compose("尚文斌", [Known("a", Kind.STRENGTH, words)], 0)

    assert draft.sentences == []


def test_a_text_is_cut_at_its_ends_and_loses_its_numbering():
    text = "一是学习不深，研讨偏少；二是检查不勤。（三）骨干不足！\n"

    assert sayings_of(text) == ["学习不深，研讨偏少", "检查不勤", "骨干不足"]


def test_blanks_do_not_count():
    assert length_of("工作 扎实。\n　好") == 6
