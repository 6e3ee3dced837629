"""Nothing reaches a secretary before the chair lets it go; what was said is kept; what is told can be put in order."""

import pytest
from django.urls import reverse

from organizations.errors import Refused
from organizations.models import Role, RoleGrant, Trace
from reviews.grade.opinion.queries import opinion_draft
from reviews.ledger.actions import feed_back_problems
from reviews.ledger.models import Problem
from reviews.meeting.actions import Stale, comment_on
from reviews.meeting.models import Comment
from reviews.meeting.releasing import release_comments, reword_comment, sort_point
from reviews.plan.models import Review, Stage
from reviews.visit.models import ContactPoint
from tests.reviews.meeting.doors import HTMX
from tests.reviews.meeting.looks import problems_of
from tests.reviews.meeting.scene import Scene, set_floor, set_scene

pytestmark = pytest.mark.django_db

QUERIES = 13  # of the page of the day's comments, however many
SHARP = "一是开会时总在看手机。二是台账补记成风。"
MILD = {"strengths": "", "weaknesses": "一是会风会纪不够严。二是台账记录不够及时。", "advice": "先立规矩。"}
SECRET = ("看手机", "补记成风")


def set_comment(speakers: int = 2) -> tuple[Scene, Comment]:
    """A meeting under the leader's chair, one comment on the first secretary."""
    scene = set_floor(speakers=speakers)
    meeting = scene.meeting
    meeting.chair = scene.leader
    meeting.save()
    return scene, comment_on(scene.reviews[0], weaknesses=SHARP, edition=0, by=scene.deputy)


def pages_of_secretary(client, review) -> str:
    """Every page that shows a secretary something of his own review, as one text."""
    client.force_login(review.secretary)
    problem = Problem.objects.filter(review=review).first()
    addresses = [
        reverse("desk:workbench"),
        reverse("desk:overview", args=[review.campaign_id]),
        reverse("ledger:list"),
        reverse("ledger:of_review", args=[review.pk]),
        reverse("meeting:told_me", args=[review.pk]),
        reverse("report:write", args=[review.pk]),
        *([reverse("ledger:detail", args=[problem.pk])] if problem else []),
    ]
    return "".join(client.get(address, follow=True).content.decode() for address in addresses)


def test_a_written_debrief_drawn_among_the_speakers_has_the_number_under_which_it_is_called(client):
    scene = set_floor(speakers=3)
    Review.objects.filter(pk=scene.reviews[0].pk).update(mode=Review.Mode.WRITTEN)
    same = "一是谈心谈话一季度只开展了两次。"
    comment_on(scene.reviews[1], weaknesses=same, edition=0, by=scene.deputy)
    client.force_login(scene.leader)

    page = client.get(reverse("meeting:comments", args=[scene.campaign.pk])).content.decode()
    typed = f"{reverse('meeting:points')}?review={scene.reviews[2].pk}"
    hint = client.post(typed, {"weaknesses": same}).content.decode()
    listed = client.get(reverse("meeting:prepare", args=[scene.campaign.pk])).context["reviews"]

    assert [review.number for review in listed] == [1, 2, 3]
    assert listed[0] == scene.reviews[1]
    assert "1. 何景行" in page
    assert "与对第 1 位何景行的点评相近" in hint


def test_a_comment_that_came_or_changed_after_the_page_was_opened_is_not_let_go_unread(client):
    scene, _comment = set_comment()
    client.force_login(scene.leader)
    page = client.get(reverse("meeting:comments", args=[scene.campaign.pk])).context
    shown = {"release_all": (scene.campaign, page["seen"]), "release": (scene.reviews[0], page["reviews"][0].seen)}
    comment_on(scene.reviews[0], weaknesses="一是改过的话。", edition=1, by=scene.deputy)
    comment_on(scene.reviews[1], weaknesses="一是新来的话。", edition=0, by=scene.deputy)

    answers = [
        client.post(reverse(f"meeting:{door}", args=[thing.pk]), {"seen": seen}).status_code
        for door, (thing, seen) in shown.items()
    ]
    assert answers == [409, 409]
    assert not Comment.objects.released().exists()

    fresh = client.get(reverse("meeting:comments", args=[scene.campaign.pk])).context["seen"]
    client.post(reverse("meeting:release_all", args=[scene.campaign.pk]), {"seen": fresh})
    assert Comment.objects.released().count() == 2


def test_before_the_release_the_secretary_sees_nothing_of_what_was_said(client):
    scene, _ = set_comment()
    review = scene.reviews[0]

    text = pages_of_secretary(client, review)
    line = client.get(reverse("desk:overview", args=[review.campaign_id])).content.decode()

    assert not any(word in text for word in SECRET)
    assert "经主持人同意放行后，在这里显示" in text
    assert 'data-label="点评"' not in line
    assert opinion_draft(review) == ""


def test_one_who_also_works_for_the_organizer_sees_nothing_of_what_was_said_of_him(client):
    scene, comment = set_comment()
    review = scene.reviews[0]
    RoleGrant.objects.create(person=review.secretary, role=Role.ORGANIZER, organization=scene.bureau)
    client.force_login(review.secretary)

    text = pages_of_secretary(client, review)
    text += client.get(reverse("meeting:comments", args=[scene.campaign.pk])).content.decode()
    text += client.get(reverse("meeting:prepare", args=[scene.campaign.pk])).content.decode()
    foreign = client.get(reverse("meeting:reword", args=[comment.pk])).status_code

    assert not any(word in text for word in SECRET)
    assert foreign == 404


def test_after_the_release_the_secretary_reads_the_words_to_be_told_and_never_those_said(client):
    scene, comment = set_comment()
    review = scene.reviews[0]
    reword_comment(comment, **MILD, edition=1, by=scene.leader)
    release_comments(scene.campaign, by=scene.leader, word=False)
    feed_back_problems(review, by=scene.organizer)

    text = pages_of_secretary(client, review)
    opinion = opinion_draft(review)

    assert "台账记录不够及时" in text
    assert "先立规矩" in opinion
    assert not any(word in text + opinion for word in SECRET)


def test_the_words_said_are_kept_and_problems_follow_the_words_to_be_told():
    scene, comment = set_comment()

    told = reword_comment(comment, **MILD, edition=1, by=scene.organizer)

    kept = Comment.objects.get()
    assert (kept.weaknesses, kept.told["weaknesses"]) == (SHARP, MILD["weaknesses"])
    assert (kept.told_by, kept.edition) == (scene.organizer, 2)
    assert problems_of(told.review) == [("会风会纪不够严", "noted"), ("台账记录不够及时", "noted")]
    assert Trace.objects.filter(act="整理点评", person=scene.organizer).exists()


def test_the_words_said_put_back_take_the_rewording_away():
    scene, comment = set_comment()
    reword_comment(comment, **MILD, edition=1, by=scene.leader)

    back = reword_comment(comment, strengths="", weaknesses=SHARP, advice="", edition=2, by=scene.leader)

    assert not back.is_reworded
    assert [text for text, _ in problems_of(back.review)] == ["开会时总在看手机", "台账补记成风"]


def test_a_leader_who_corrects_his_comment_over_a_rewording_is_told_and_then_drops_it():
    scene, comment = set_comment()
    reword_comment(comment, **MILD, edition=1, by=scene.leader)

    with pytest.raises(Stale):
        comment_on(scene.reviews[0], weaknesses="一是重新说的。", edition=1, by=scene.deputy)
    again = comment_on(scene.reviews[0], weaknesses="一是重新说的。", edition=2, by=scene.deputy)

    assert not again.is_reworded
    assert Trace.objects.filter(act="点评").order_by("-pk").first().facts["rewording_dropped"] is True


def test_what_was_released_is_changed_by_nobody():
    scene, comment = set_comment()
    release_comments(scene.campaign, by=scene.leader, word=False)

    with pytest.raises(Refused, match="已经放行"):
        comment_on(scene.reviews[0], weaknesses="一是改口。", edition=1, by=scene.deputy)
    with pytest.raises(Refused, match="已经放行"):
        reword_comment(comment, **MILD, edition=1, by=scene.leader)

    assert Comment.objects.get().told["weaknesses"] == SHARP


def test_the_organizer_releases_on_the_word_of_the_chair_alone():
    scene, _ = set_comment()

    with pytest.raises(Refused, match="请先征得主持人领导甲同意"):
        release_comments(scene.campaign, by=scene.organizer, word=False)
    release_comments(scene.campaign, by=scene.organizer, word=True)

    comment = Comment.objects.get()
    assert (comment.released_by, comment.released_for) == (scene.organizer, scene.leader)
    assert Trace.objects.get(act="放行点评").facts["on_word_of"] == "领导甲"


def test_a_leader_who_does_not_chair_releases_nothing():
    scene, comment = set_comment()

    with pytest.raises(Refused, match="由会议主持人放行"):
        release_comments(scene.campaign, by=scene.deputy, word=True)
    with pytest.raises(Refused, match="由会议主持人或经办人"):
        reword_comment(comment, **MILD, edition=1, by=scene.deputy)

    assert not Comment.objects.released().exists()


def test_without_a_chair_and_before_the_meeting_nothing_is_released():
    early = set_scene()
    comment_on(early.reviews[0], weaknesses=SHARP, edition=0, by=early.leader)
    with pytest.raises(Refused, match="评议会还没有召开"):
        release_comments(early.campaign, by=early.organizer, word=True)
    early.campaign.stage = Stage.MEETING
    early.campaign.save()

    with pytest.raises(Refused, match="还没有指定会议主持人"):
        release_comments(early.campaign, by=early.organizer, word=True)

    assert not Comment.objects.released().exists()


def test_comments_are_released_for_one_and_the_rest_waits():
    scene, _ = set_comment()
    comment_on(scene.reviews[1], weaknesses="一是学习不够深入。", edition=0, by=scene.deputy)

    count = release_comments(scene.campaign, by=scene.leader, reviews=[scene.reviews[0]], word=False)

    assert count == 1
    assert [comment.review for comment in Comment.objects.held()] == [scene.reviews[1]]


def test_a_chair_who_is_himself_commented_on_leaves_his_own_to_the_organizer():
    scene, comment = set_comment()
    review, meeting = scene.reviews[0], scene.meeting
    RoleGrant.objects.create(person=review.secretary, role=Role.LEADER, organization=scene.bureau)
    meeting.chair = review.secretary
    meeting.save()

    with pytest.raises(Refused, match="对您本人的点评"):
        release_comments(scene.campaign, by=review.secretary, word=False)
    with pytest.raises(Refused, match="对您本人的点评"):
        reword_comment(comment, **MILD, edition=1, by=review.secretary)
    release_comments(scene.campaign, by=scene.organizer, word=True)

    assert Comment.objects.get().released_by == scene.organizer


def test_themes_are_suggested_and_corrected_by_hand(client):
    scene, comment = set_comment()
    point = comment.points.get(number=2)
    client.force_login(scene.organizer)

    answer = client.post(reverse("meeting:sort", args=[point.pk]), {"theme": "rules", "is_common": "on"})
    wrong = client.post(reverse("meeting:sort", args=[point.pk]), {"theme": "没有的"}).status_code

    point.problem.refresh_from_db()
    assert (answer.status_code, wrong) == (302, 409)
    assert (point.problem.theme, point.problem.is_common) == ("rules", True)
    assert Trace.objects.get(act="问题归类").facts["theme"] == "制度不严"


def test_one_row_is_sorted_by_itself_so_that_what_was_chosen_in_others_stays(client):
    scene, comment = set_comment()
    point = comment.points.get(number=2)
    client.force_login(scene.organizer)

    answer = client.post(reverse("meeting:sort", args=[point.pk]), {"theme": "rules"}, **HTMX)

    row = answer.content.decode()
    assert row.startswith("<form")
    assert row.count("<form") == 1
    assert '<option value="rules" selected>' in row
    assert "已保存" in row


def test_a_leader_who_does_not_chair_sorts_nothing():
    scene, comment = set_comment()

    with pytest.raises(Refused, match="由会议主持人或经办人"):
        sort_point(comment.points.first(), theme="rules", is_common=True, by=scene.deputy)

    assert not Problem.objects.filter(is_common=True).exists()


def test_a_theme_of_three_persons_is_suggested_as_common_and_likeness_is_told(client):
    scene = set_floor(speakers=3)
    words = "一是理论学习抓得不够经常不够系统。"
    for review in scene.reviews:
        comment_on(review, weaknesses=words, edition=0, by=scene.leader)
    client.force_login(scene.organizer)

    page = client.get(reverse("meeting:comments", args=[scene.campaign.pk])).content.decode()

    assert "建议列为共性问题</td>" in page
    assert "与对第 2 位何景行的点评相近（相同 16 字" in page


@pytest.mark.parametrize("speakers", [1, 3])
def test_the_page_asks_the_same_number_of_queries_for_one_and_for_three(client, speakers, django_assert_num_queries):
    scene = set_floor(speakers=speakers)
    for review in scene.reviews:
        comment_on(review, weaknesses=SHARP, edition=0, by=scene.leader)
    client.force_login(scene.organizer)

    with django_assert_num_queries(QUERIES):
        answer = client.get(reverse("meeting:comments", args=[scene.campaign.pk]))

    assert answer.status_code == 200


def test_a_leader_finds_his_own_contact_points_first_and_the_console_names_them(client):
    scene = set_floor(speakers=3)
    own = scene.reviews[2]
    ContactPoint.objects.create(
        organization=own.organization, leader=scene.deputy, year=scene.campaign.year, set_by=scene.organizer
    )
    client.force_login(scene.deputy)

    listed = client.get(reverse("meeting:prepare", args=[scene.campaign.pk])).context["reviews"]
    console = client.get(reverse("meeting:console", args=[scene.campaign.pk])).content.decode()

    assert [(review.number, review.is_mine) for review in listed] == [(3, True), (1, False), (2, False)]
    assert "联系领导：领导乙" in console


def test_likeness_and_themes_are_told_while_a_comment_is_typed(client):
    scene = set_floor(speakers=2)
    words = "一是理论学习抓得不够经常不够系统。"
    comment_on(scene.reviews[1], weaknesses=words, edition=0, by=scene.leader)
    client.force_login(scene.deputy)
    address = f"{reverse('meeting:points')}?review={scene.reviews[0].pk}"

    typed = client.post(address, {"weaknesses": words}).content.decode()
    other = client.post(address, {"weaknesses": "一是谈话记录有缺项。"}).content.decode()

    assert "与对第 2 位何景行的点评相近（相同 16 字" in typed
    assert "学习不深" in typed
    assert "相近" not in other


def test_likeness_never_tells_a_leader_what_was_said_of_himself(client):
    scene = set_floor(speakers=2)
    words = "一是理论学习抓得不够经常不够系统。"
    himself = scene.reviews[1].secretary
    RoleGrant.objects.create(person=himself, role=Role.LEADER, organization=scene.bureau)
    comment_on(scene.reviews[1], weaknesses=words, edition=0, by=scene.leader)
    client.force_login(himself)

    page = client.post(f"{reverse('meeting:points')}?review={scene.reviews[0].pk}", {"weaknesses": words})

    assert page.status_code == 200
    assert "相近" not in page.content.decode()


def test_the_moderator_saves_and_a_stale_page_keeps_what_was_typed(client):
    scene, comment = set_comment()
    client.force_login(scene.leader)
    address = reverse("meeting:reword", args=[comment.pk])
    typed = MILD | {"edition": 1, "draft_edition": 0}

    empty = client.post(address, {"strengths": "", "weaknesses": "", "advice": "", "edition": 1, "draft_edition": 0})
    saved = client.post(address, typed)
    stale = client.post(address, typed | {"advice": "另一个窗口"})

    assert (empty.status_code, saved.status_code, stale.status_code) == (409, 302, 409)
    assert "另一个窗口" in stale.content.decode()
    assert Comment.objects.get().told["advice"] == "先立规矩。"


def test_the_chair_releases_from_the_page_and_a_leader_beside_him_does_not(client):
    scene, _ = set_comment()
    client.force_login(scene.deputy)
    refused = client.post(reverse("meeting:release_all", args=[scene.campaign.pk])).status_code
    client.force_login(scene.leader)

    one = client.post(reverse("meeting:release", args=[scene.reviews[0].pk]))
    again = client.post(reverse("meeting:release_all", args=[scene.campaign.pk])).status_code

    assert (refused, one.status_code, again) == (403, 302, 409)
    assert Comment.objects.released().count() == 1
