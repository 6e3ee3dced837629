"""为什么是这个等次: what the page gathers, and what it never shows."""

import pytest

from reviews.grade.why.page import Page, page_of
from reviews.grade.why.steps import FIRED
from reviews.models import Review
from tests.reviews.grade.feedback.scene import answered
from tests.reviews.grade.scene import FAIR, GOOD, POOR, approve, build_scene, confirmed_fact, suggest

pytestmark = pytest.mark.django_db


def lines_of(page: Page) -> list[str]:
    return [line for step in page.steps for line in step.lines]


def fresh(scene, place: int = 0) -> Review:
    return Review.objects.get(pk=scene.reviews[place].pk)


def test_the_arithmetic_is_told_line_by_line():
    scene = suggest(build_scene([{"A": GOOD}, {"A": POOR}]))

    page = page_of(fresh(scene, 1), with_rank=True)

    assert "A票：(100×7+80×0+60×0+40×3)/10 = 82.00" in lines_of(page)
    assert "差票 3/10=30.00 %，超过 10.00 %，等次定为差。" in lines_of(page)
    assert [step.title for step in page.steps if step.verdict == FIRED] == ["低等次票过多"]
    assert page.follows == ["年度考核不得评为优秀", "约谈提醒", "限期整改"]


def test_a_rank_is_told_to_the_organizer_and_to_who_was_lowered_by_it():
    votes = [{"A": GOOD[:-n] + "3" * n} for n in range(1, 6)]
    scene = suggest(build_scene(votes))

    def told(place: int, *, with_rank: bool) -> str:
        return "".join(lines_of(page_of(fresh(scene, place), with_rank=with_rank)))

    assert "排在第 1 位" in told(0, with_rank=True)
    assert "排在" not in told(0, with_rank=False)
    assert "排在第 5 位" in told(4, with_rank=False)


@pytest.mark.parametrize("n", range(5, 10))
@pytest.mark.parametrize("second", [{}, {"B": FAIR}])
def test_the_page_of_a_small_panel_holds_no_count(n, second):
    scene = suggest(build_scene([{"A": "4" * (n - 1) + "1", **second}, {"A": "4" * n, **second}]))

    page = page_of(fresh(scene), with_rank=True)

    words = "".join([*lines_of(page), *(bar.in_words for bar in page.bars)])
    assert "A票" not in words
    assert "×" not in words
    assert f"/{n}" not in words
    assert "有效票" not in "".join(lines_of(page))
    assert page.small
    assert [bar.shares for bar in page.bars] == [[]]


def test_facts_are_told_with_evidence_and_both_people():
    scene = suggest(build_scene([{"A": GOOD}, {"A": FAIR}]))
    confirmed_fact(scene)

    page = page_of(fresh(scene), with_rank=False)

    (fact,) = page.facts
    assert (fact.evidence, fact.entered_by, fact.confirmed_by) == ("纪发〔2026〕3号", scene.clerk, scene.head)
    assert {step.title: step.verdict for step in page.steps}["确定为差的情形"] == FIRED


def test_the_history_begins_with_the_decision_and_tells_what_an_objection_changed():
    scene = approve(build_scene([{"A": GOOD}, {"A": FAIR}]))

    before = [each.words for each in page_of(fresh(scene, 1), with_rank=False).history]
    assert before == ["局党组第2次会议研究，经办提出、负责人批准，等次为“较好”"]


def test_after_a_change_the_first_decision_is_still_told_with_its_people():
    feedback = answered()

    history = [each.words for each in page_of(fresh(feedback.scene, 1), with_rank=False).history]

    assert history[0] == "局党组第2次会议研究，经办提出、负责人批准，等次为“较好”"
    assert history[-1] == "复核人复核、分管领导批准答复：变更等次，由“较好”变更为“好”"
