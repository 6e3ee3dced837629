"""A comment withheld for good: never told, never in the ledger, no letter waits for it; said to who gave it."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from organizations.errors import Refused
from organizations.models import Role, RoleGrant, Trace
from reviews.desk.queries import reviews_for_overview
from reviews.documents.ledger_sheet import build_ledger_sheet
from reviews.grade.feedback.queries import letter_rows
from reviews.grade.opinion.queries import opinion_draft
from reviews.ledger.actions import feed_back_problems, sort_problem, take_off_the_books
from reviews.ledger.models import Problem
from reviews.meeting.actions import Stale, comment_on
from reviews.meeting.models import Comment
from reviews.meeting.recording import gather_minutes
from reviews.meeting.releasing import release_comments, reword_comment
from reviews.meeting.told import comments_of_day, sorting_of
from reviews.meeting.withholding import let_wait_again, withhold_comment
from reviews.plan.models import Stage
from tests.reviews.meeting.doors import address, seen_by
from tests.reviews.meeting.looks import problems_of
from tests.reviews.meeting.test_release import MILD, SECRET, pages_of_secretary, set_comment

pytestmark = pytest.mark.django_db

WHY = "与事实不符，已当面澄清"


def withheld() -> tuple:
    """The scene of the release, its one comment withheld by the chair."""
    scene, comment = set_comment()
    return scene, withhold_comment(comment, reason=WHY, by=scene.leader)


def at_stage(scene, stage: str) -> None:
    scene.campaign.stage = stage
    scene.campaign.save()


# --- who, when, why ------------------------------------------------------------------------------


def test_the_chair_alone_withholds_and_says_why():
    scene, comment = set_comment()

    with pytest.raises(Refused, match="主持人本人决定"):
        withhold_comment(comment, reason=WHY, by=scene.organizer)
    with pytest.raises(Refused, match="主持人本人决定"):
        withhold_comment(comment, reason=WHY, by=scene.deputy)
    with pytest.raises(Refused, match="写明不放行的理由"):
        withhold_comment(comment, reason="  ", by=scene.leader)
    with pytest.raises(Refused, match="最多 300 字"):
        withhold_comment(comment, reason="长" * 301, by=scene.leader)
    assert Comment.objects.held().count() == 1

    kept = withhold_comment(comment, reason=WHY, by=scene.leader)

    assert (kept.withheld_by, kept.withheld_reason) == (scene.leader, WHY)
    assert Trace.objects.get(act="决定不放行点评").facts["reason"] == WHY


def test_a_chair_does_not_decide_about_what_was_said_of_himself():
    scene, comment = set_comment()
    himself, meeting = comment.review.secretary, scene.meeting
    RoleGrant.objects.create(person=himself, role=Role.LEADER, organization=scene.bureau)
    meeting.chair = himself
    meeting.save()

    with pytest.raises(Refused, match="对您本人的点评"):
        withhold_comment(comment, reason=WHY, by=himself)

    assert not Comment.objects.get().is_withheld


@pytest.mark.parametrize("stage", [Stage.REPORTING, Stage.RECTIFYING, Stage.CLOSED])
def test_nothing_is_decided_before_the_meeting_nor_after_the_letters(stage):
    scene, comment = set_comment()
    at_stage(scene, stage)

    with pytest.raises(Refused, match="反馈函发出之前"):
        withhold_comment(comment, reason=WHY, by=scene.leader)

    assert not Comment.objects.get().is_withheld


def test_what_was_released_cannot_be_withheld_and_what_is_withheld_is_not_released():
    scene, comment = set_comment()
    other = comment_on(scene.reviews[1], weaknesses="一是学习不够深入。", edition=0, by=scene.deputy)
    withhold_comment(comment, reason=WHY, by=scene.leader)

    count = release_comments(scene.campaign, by=scene.leader, word=False)

    assert count == 1
    assert list(Comment.objects.released()) == [other]
    with pytest.raises(Refused, match="已经放行"):
        withhold_comment(other, reason=WHY, by=scene.leader)
    with pytest.raises(Refused, match="没有等待放行的点评"):
        release_comments(scene.campaign, by=scene.leader, word=False)


def test_a_withheld_comment_is_changed_by_nobody():
    scene, comment = withheld()

    with pytest.raises(Refused, match="已决定不放行"):
        comment_on(comment.review, weaknesses="一是改口。", edition=comment.edition, by=scene.deputy)
    with pytest.raises(Refused, match="已决定不放行"):
        reword_comment(comment, **MILD, edition=comment.edition, by=scene.organizer)
    with pytest.raises(Refused, match="已决定不放行"):
        withhold_comment(comment, reason=WHY, by=scene.leader)

    assert Comment.objects.get().weaknesses == comment.weaknesses


# --- everywhere ----------------------------------------------------------------------------------


def test_the_secretary_sees_nothing_of_it_even_after_all_problems_were_fed_back(client):
    _, comment = withheld()
    feed_back_problems(comment.review, by=comment.withheld_by)

    text = pages_of_secretary(client, comment.review)

    assert [word for word in (*SECRET, WHY) if word in text] == []


def test_its_points_are_off_the_books_and_counted_nowhere():
    scene, comment = withheld()
    line = reviews_for_overview(scene.campaign, scene.organizer).get(pk=comment.review_id)

    day = comments_of_day(scene.campaign, scene.organizer)

    assert {state for _, state in problems_of(comment.review)} == {"withdrawn"}
    assert not Problem.objects.on_the_books().exists()
    assert (line.problem_count, line.released_count) == (0, 0)
    assert sorting_of(day) == []


def test_no_draft_of_an_opinion_no_letter_and_no_sheet_tells_it():
    scene, comment = withheld()
    book = load_workbook(BytesIO(build_ledger_sheet(scene.campaign, lambda done, total: None)))

    rows = letter_rows(scene.campaign)

    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert [word for word in SECRET if word in "".join(cells)] == []
    assert opinion_draft(comment.review) == ""
    assert [row.problems for row in rows] == [[], []]


def test_the_minutes_keep_what_was_said_and_say_that_it_is_not_fed_back():
    scene, _ = withheld()

    text = gather_minutes(scene.meeting, by=scene.organizer).text

    assert "林望舒（主持人决定不放行，不向本人反馈）：不足：一是开会时总在看手机" in text


def test_who_commented_sees_that_it_is_withheld_and_why_and_loses_nothing_he_types(client):
    scene, comment = set_comment()
    leader = seen_by(client, scene.deputy)
    sent = {"strengths": "", "weaknesses": "一是改口。", "advice": "", "edition": 1, "draft_edition": 0}
    withhold_comment(comment, reason=WHY, by=scene.leader)

    listed = leader.get(address("prepare", scene.campaign)).content.decode()
    page = leader.get(address("comment", comment.review)).content.decode()
    late = leader.post(address("comment", comment.review), sent)

    assert f"理由：{WHY}" in listed
    assert f"理由：{WHY}" in page
    assert "<textarea" not in page
    assert late.status_code == 409
    assert "一是改口。" in late.content.decode()


# --- taken back ----------------------------------------------------------------------------------


def test_taken_back_it_waits_again_with_its_points_sorted_as_they_were():
    scene, comment = set_comment()
    first, second = (point.problem for point in comment.points.all())
    sort_problem(first, theme="rules", is_common=True, by=scene.organizer)
    take_off_the_books(second, reason="重复", by=scene.organizer)
    comment = withhold_comment(comment, reason=WHY, by=scene.leader)

    back = let_wait_again(comment, reason="补充了事实", by=scene.leader)

    alive = Problem.objects.exclude(state="withdrawn")
    assert list(Comment.objects.held()) == [back]
    assert [(p.text, p.state, p.theme, p.is_common) for p in alive] == [("开会时总在看手机", "noted", "rules", True)]
    assert Trace.objects.get(act="撤销不放行点评").facts["reason"] == "补充了事实"
    with pytest.raises(Refused, match="没有被决定不放行"):
        let_wait_again(back, reason="再来", by=scene.leader)
    with pytest.raises(Stale):
        reword_comment(back, **MILD, edition=1, by=scene.leader)


def test_released_after_all_each_point_is_in_the_ledger_once():
    scene, comment = withheld()
    let_wait_again(comment, reason="补充了事实", by=scene.leader)

    release_comments(scene.campaign, by=scene.leader, word=False)

    open_ones = [text for text, state in problems_of(comment.review) if state == "open"]
    assert sorted(open_ones) == ["台账补记成风", "开会时总在看手机"]


def test_nothing_is_taken_back_without_a_reason_or_once_the_letters_are_out():
    scene, comment = withheld()

    with pytest.raises(Refused, match="写明撤销"):
        let_wait_again(comment, reason="", by=scene.leader)
    at_stage(scene, Stage.RECTIFYING)
    with pytest.raises(Refused, match="反馈函发出之前"):
        let_wait_again(comment, reason="晚了", by=scene.leader)

    assert Comment.objects.get().is_withheld


# --- the page ------------------------------------------------------------------------------------


def test_the_chair_withholds_and_takes_back_from_the_page_and_nobody_else_is_offered_it(client):
    scene, comment = set_comment()
    door = reverse("meeting:withhold", args=[comment.pk])
    organizer = seen_by(client, scene.organizer)
    offered = organizer.get(address("comments", scene.campaign)).content.decode()
    refused = organizer.post(door, {"reason": WHY})
    chair = seen_by(client, scene.leader)

    empty = chair.post(door, {"reason": ""})
    chair.post(door, {"reason": WHY})
    page = chair.get(address("comments", scene.campaign)).content.decode()
    chair.post(door, {"reason": "补充了事实", "way": "again"})
    after = chair.get(address("comments", scene.campaign)).content.decode()

    assert "不放行这份点评" not in offered
    assert (refused.status_code, empty.status_code) == (409, 409)
    assert "不放行 <strong>1</strong> 份" in page
    assert f"不放行的理由：{WHY}" in page
    assert "待放行 <strong>1</strong> 份" in after
    assert "不放行的理由：" not in after
