"""The pages of the comments, through the HTTP client: prepare, draft, hand in, type for a leader."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Role, RoleGrant
from reviews.ledger.models import Problem
from reviews.meeting.actions import comment_on
from reviews.meeting.models import Comment, CommentDraft
from reviews.plan.models import Campaign, Stage
from reviews.report.models import Report, ReportVersion
from tests.make import make_campaign, make_problem, make_review
from tests.reviews.meeting.doors import HTMX, address, seen_by
from tests.reviews.meeting.looks import TWO
from tests.reviews.meeting.scene import set_floor, set_scene

pytestmark = pytest.mark.django_db


def sent_comment(weaknesses: str = TWO, **more) -> dict:
    return {"strengths": "", "weaknesses": weaknesses, "advice": "", "edition": 0, "draft_edition": 0} | more


def hand_in(review) -> None:
    """Keep the report as it stands as the version handed in."""
    report = review.report
    ReportVersion.objects.create(
        report=report, number=1, occasion=ReportVersion.Occasion.SUBMITTED, by=review.secretary, **report.sections
    )


def test_a_leader_prepares_from_the_report_last_year_and_what_others_said(client):
    scene = set_scene()
    review = scene.reviews[0]
    before = make_campaign(scene.bureau, year=2025, stage=Stage.RECTIFYING)
    make_problem(make_review(before, organization=review.organization), text="去年的老问题")
    comment_on(review, weaknesses="一是乙领导说的。", edition=0, by=scene.deputy)
    hand_in(review)
    leader = seen_by(client, scene.leader)

    page = leader.get(address("comment", review)).content.decode()
    board = leader.get(address("prepare", scene.campaign)).content.decode()

    for words in ["学习不够深入。二是活动形式单一", "2025 年：去年的老问题", "一是乙领导说的"]:
        assert words in page
    assert "您已点评 <strong>0</strong> / 3 人" in board
    assert "领导乙 1 条" in board


def test_a_report_that_is_not_approved_yet_is_named_and_neither_linked_nor_quoted(client):
    scene = set_scene()
    review = scene.reviews[0]
    hand_in(review)
    Report.objects.filter(pk=review.report.pk).update(state=Report.State.RETURNED)
    leader = seen_by(client, scene.leader)

    pages = [
        leader.get(door).content.decode() for door in (address("prepare", scene.campaign), address("comment", review))
    ]

    for page in pages:
        assert "退回修改" in page
        assert reverse("report:read", args=[review.report.pk]) not in page
    assert "学习不够深入。二是活动形式单一" not in pages[1]


def test_a_comment_is_handed_in_and_leads_to_the_next(client):
    scene = set_scene()
    leader = seen_by(client, scene.leader)

    answer = leader.post(address("comment", scene.reviews[0]), sent_comment(then="next"))
    last = leader.post(address("comment", scene.reviews[2]), sent_comment(then="next"))

    assert answer["Location"] == address("comment", scene.reviews[1])
    assert last["Location"] == address("prepare", scene.campaign)
    assert Problem.objects.filter(source="superior_comment").count() == 4


def test_points_are_split_as_they_are_typed(client):
    scene = set_scene()

    answer = seen_by(client, scene.leader).post(reverse("meeting:points"), {"weaknesses": TWO})

    assert answer.context["points"] == ["学习不够深入", "活动形式单一"]
    assert not Problem.objects.exists()


def test_what_is_typed_is_kept_as_a_draft_and_shown_again(client):
    scene = set_scene()
    leader = seen_by(client, scene.leader)

    kept = leader.post(address("draft", scene.reviews[0]), sent_comment("一是写到一半"), **HTMX)
    page = leader.get(address("comment", scene.reviews[0])).content.decode()
    others = seen_by(client, scene.deputy).get(address("comment", scene.reviews[0])).content.decode()

    assert 'name="draft_edition" value="1"' in kept.content.decode()
    assert "草稿已自动保存" in kept.content.decode()
    assert "一是写到一半" in page
    assert "自动保存的草稿，还没有提交" in page
    assert "一是写到一半" not in others


def test_a_stale_comment_shows_both_texts_and_can_then_be_saved(client):
    scene = set_scene()
    leader = seen_by(client, scene.leader)
    leader.post(address("comment", scene.reviews[0]), sent_comment("一是先存的话。"))

    stale = leader.post(address("comment", scene.reviews[0]), sent_comment("一是后写的话。"))
    body = stale.content.decode()
    again = leader.post(address("comment", scene.reviews[0]), sent_comment("一是后写的话。", edition=1))

    assert stale.status_code == 409
    assert "一是先存的话" in body
    assert "一是后写的话" in body
    assert stale.context["form"]["edition"].value() == 1
    assert again.status_code == 302
    assert Comment.objects.get().weaknesses == "一是后写的话。"


def test_a_stale_draft_is_told_and_the_newer_one_kept(client):
    scene = set_scene()
    leader = seen_by(client, scene.leader)
    leader.post(address("draft", scene.reviews[0]), sent_comment("一是窗口一"), **HTMX)

    stale = leader.post(address("draft", scene.reviews[0]), sent_comment("一是窗口二"), **HTMX)

    assert stale.status_code == 409
    assert "另一个窗口里有更新的内容" in stale.content.decode()
    assert CommentDraft.objects.get().weaknesses == "一是窗口一"


@pytest.mark.parametrize("stage", [Stage.MEETING, Stage.GRADING])
def test_a_draft_that_comes_too_late_is_shown_to_its_typist_and_no_longer_asked_for(client, stage):
    scene = set_floor()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    leader = seen_by(client, scene.leader)
    leader.post(address("draft", scene.reviews[0]), sent_comment("一是后来又想到的"), **HTMX)
    asked = seen_by(client, scene.organizer).get(address("console", scene.campaign)).content.decode()
    if stage == Stage.MEETING:
        Comment.objects.update(released_at=timezone.now(), released_by=scene.leader, released_for=scene.leader)
    Campaign.objects.update(stage=stage)

    console = client.get(address("console", scene.campaign)).content.decode()
    clerk = client.get(f"{address('comment', scene.reviews[0])}?by={scene.leader.pk}").content.decode()
    own = seen_by(client, scene.leader).get(address("comment", scene.reviews[0])).content.decode()

    assert ["未提交的点评草稿" in page for page in (asked, console)] == [True, False]
    assert ["一是后来又想到的" in page for page in (clerk, own)] == [False, True]
    assert "现在不能再提交" in own


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weaknesses": "长" * 2_001}, "最多 2000 字，现有 2001 字"),
        ({"edition": "x"}, ""),
        ({"draft_edition": ""}, ""),
    ],
)
def test_a_comment_out_of_shape_gives_the_filled_page_back(client, changes, sentence):
    scene = set_scene()

    answer = seen_by(client, scene.leader).post(address("comment", scene.reviews[0]), sent_comment() | changes)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Comment.objects.exists()


def test_no_box_cuts_a_paste_short_the_page_tells_the_limit_instead(client):
    scene = set_scene()

    page = seen_by(client, scene.leader).get(address("comment", scene.reviews[0])).content.decode()

    assert page.count('data-longest="2000"') == 3
    assert "maxlength" not in page


def test_the_organizer_types_for_a_leader_by_name(client):
    scene = set_scene()
    clerk = seen_by(client, scene.organizer)
    review = address("comment", scene.reviews[0])

    unsaid = clerk.post(review, sent_comment())
    saved = clerk.post(f"{review}?by={scene.leader.pk}", sent_comment(then="next"))

    assert unsaid.status_code == 409
    assert saved["Location"] == f"{address('comment', scene.reviews[1])}?by={scene.leader.pk}"
    assert Comment.objects.get().by == scene.leader


@pytest.mark.parametrize("by", ["abc", "0", "999999", "99999999999999999999", "-1"])
def test_a_leader_who_is_none_is_not_found(client, by):
    scene = set_scene()

    answer = seen_by(client, scene.organizer).get(f"{address('comment', scene.reviews[0])}?by={by}")

    assert answer.status_code == 404


def test_a_leader_does_not_write_under_the_name_of_another(client):
    scene = set_scene()

    answer = seen_by(client, scene.leader).post(
        f"{address('comment', scene.reviews[0])}?by={scene.deputy.pk}", sent_comment()
    )

    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_after_the_ballot_a_comment_can_only_be_read(client):
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    scene.campaign.stage = Stage.GRADING
    scene.campaign.save()
    leader = seen_by(client, scene.leader)

    page = leader.get(address("comment", scene.reviews[0])).content.decode()
    answer = leader.post(address("comment", scene.reviews[0]), sent_comment(edition=1))

    assert "学习不够深入" in page
    assert "<textarea" not in page
    assert answer.status_code == 409
    assert "点评只能在述职报告、评议会和测评阶段填写" in answer.content.decode()


def test_a_leader_who_debriefs_too_sees_nothing_of_what_is_said_of_him(client):
    scene = set_floor(speakers=2)
    both = scene.reviews[0].secretary
    RoleGrant.objects.create(person=both, role=Role.LEADER, organization=scene.bureau)
    comment_on(scene.reviews[0], weaknesses="一是不给本人看的话。", edition=0, by=scene.leader)
    next_to = seen_by(client, both)

    pages = [next_to.get(address(name, scene.campaign)) for name in ("console", "prepare", "minutes", "floor")]
    own = next_to.get(address("comment", scene.reviews[0]))

    assert [page.status_code for page in pages] == [200] * 4
    assert [page for page in pages if "不给本人看" in page.content.decode()] == []
    assert [page for page in pages if "领导甲 1 条" in page.content.decode()] == []
    assert own.status_code == 403


def test_a_secretary_enters_none_of_the_rooms(client):
    scene = set_floor(speakers=1)
    secretary = seen_by(client, scene.reviews[0].secretary)
    of_campaign = ["console", "floor", "order", "hall", "hall_state", "minutes", "prepare", "script"]

    answers = [secretary.get(address(name, scene.campaign)).status_code for name in of_campaign]
    answers.append(secretary.get(address("comment", scene.reviews[0])).status_code)

    assert answers == [403] * 9
