"""催办: who is late with what, what each would read, that nobody is hit unseen or twice, and what he sees."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Appointment, Trace
from reviews.desk.reminders import TEXTS, due_in, send_reminders, unseen_for
from reviews.grade.feedback.models import Letter
from reviews.ledger.models import Problem
from reviews.plan.models import Reminder, Stage
from reviews.plan.reminding import Message, mark_seen, remind
from reviews.report.models import Report
from reviews.report.vetting.extension import Extension
from tests.cast import build_town
from tests.make import make_campaign, make_officer, make_person, make_problem, make_report, make_review

pytestmark = pytest.mark.django_db
About = Reminder.About


@pytest.fixture
def town():
    return build_town()


@pytest.fixture
def clerk(town):
    return town.people["organizer"]


@pytest.fixture
def campaign(town):
    return make_campaign(town.places["own"], stage=Stage.REPORTING)


@pytest.fixture
def rectifying(town):
    return make_campaign(town.places["own"], stage=Stage.RECTIFYING)


def who(campaign, about):
    return {each.review.pk for each in due_in(campaign, about)}


def send(campaign, keys, *, by, about=About.REPORT, pattern="请{姓名}提交", again=False):
    return send_reminders(campaign, about, keys, pattern=pattern, by=by, again=again)


def test_reports_not_handed_in_and_returned_ones_are_two_lists(campaign):
    none, draft, returned = (make_review(campaign) for _ in range(3))
    make_report(draft, state=Report.State.DRAFT)
    make_report(returned, state=Report.State.RETURNED)
    for state in (Report.State.SUBMITTED, Report.State.APPROVED):
        make_report(make_review(campaign), state=state)

    assert who(campaign, About.REPORT) == {none.pk, draft.pk}
    assert who(campaign, About.REWRITE) == {returned.pk}


def test_an_extension_moves_the_day(campaign):
    review, other = make_review(campaign), make_review(campaign)
    later = campaign.report_due_at + timedelta(days=3)
    Extension.objects.create(review=review, due_at=later, reason="出差", by=make_person())

    days = {each.review.pk: each.day for each in due_in(campaign, About.REPORT)}

    common = timezone.localdate(campaign.report_due_at)
    assert days == {review.pk: common + timedelta(days=3), other.pk: common}


def test_problems_and_letters_are_due_from_those_who_have_them(rectifying):
    unclaimed, late, in_time, unsigned = (make_review(rectifying) for _ in range(4))
    make_problem(unclaimed, state=Problem.State.OPEN)
    make_problem(unclaimed, state=Problem.State.OPEN)
    yesterday = timezone.localdate() - timedelta(days=1)
    make_problem(late, state=Problem.State.CLAIMED, due_on=yesterday)
    make_problem(late, state=Problem.State.NOTED, due_on=yesterday)
    make_problem(in_time, state=Problem.State.CLAIMED, due_on=timezone.localdate())
    Letter.objects.create(review=unsigned, rectify_by=yesterday, sent_by=make_person())
    Letter.objects.create(review=late, rectify_by=yesterday, sent_by=make_person(), signed_at=timezone.now())

    assert [each.line for each in due_in(rectifying, About.CLAIM)] == [
        f"{unclaimed.organization} {unclaimed.secretary}：有 2 条问题未认领"
    ]
    assert [each.what for each in due_in(rectifying, About.OVERDUE)] == ["有 1 条问题逾期未销号"]
    assert due_in(rectifying, About.OVERDUE)[0].deadline == "逾期 1 天"
    assert who(rectifying, About.LETTER) == {unsigned.pk}


def test_a_new_secretary_is_reminded_of_the_problems_he_took_over(rectifying):
    review = make_review(rectifying)
    make_problem(review, state=Problem.State.OPEN)
    Appointment.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    heir = make_person("接任人")
    Appointment.objects.create(person=heir, organization=review.organization, position="secretary")

    assert [each.to for each in due_in(rectifying, About.CLAIM)] == [heir]


@pytest.mark.parametrize("about", About.values)
def test_every_text_fills_for_everybody(campaign, about):
    review = make_review(campaign)
    make_problem(review, state=Problem.State.OPEN)
    make_problem(review, state=Problem.State.CLAIMED, due_on=timezone.localdate() - timedelta(days=1))
    Letter.objects.create(review=review, rectify_by=campaign.ends_on, sent_by=make_person())
    make_report(review, state=Report.State.RETURNED if about == About.REWRITE else Report.State.DRAFT)

    filled = due_in(campaign, about)[0].text(TEXTS[about])

    assert review.secretary.name in filled
    assert "{" not in filled
    assert "（）" not in filled


def test_a_blank_that_is_not_known_is_told(campaign):
    make_review(campaign)

    with pytest.raises(Refused, match=r"电话.*不能自动填写"):
        due_in(campaign, About.REPORT)[0].text("请拨{电话}")


def test_the_chosen_are_reminded_and_nobody_else(campaign, clerk):
    first, second = make_review(campaign), make_review(campaign)

    outcome = send(campaign, [first.pk], by=clerk)

    assert (outcome.sent, outcome.skipped) == (1, [])
    assert [(each.to, each.text) for each in Reminder.objects.all()] == [
        (first.secretary, f"请{first.secretary.name}提交")
    ]
    assert Trace.objects.get(act="催办").facts["sent"] == [first.secretary.name]
    assert unseen_for(second.secretary) == []


def test_none_chosen_is_nobody(campaign, clerk):
    make_review(campaign)

    with pytest.raises(Refused, match="没有选择催办对象"):
        send(campaign, [], by=clerk)

    assert not Reminder.objects.exists()


def test_nobody_is_reminded_twice_within_a_day_unless_it_is_said(campaign, clerk):
    review = make_review(campaign)
    send(campaign, [review.pk], by=clerk)

    again = send(campaign, [review.pk], by=clerk)

    assert again.sent == 0
    assert "24 小时内不重复" in again.skipped[0][1]
    assert send(campaign, [review.pk], by=clerk, again=True).sent == 1
    Reminder.objects.update(at=timezone.now() - timedelta(hours=24, seconds=1))
    assert send(campaign, [review.pk], by=clerk).sent == 1


def test_whoever_has_acted_since_the_preview_is_passed_over(campaign, clerk):
    acted, waiting = make_review(campaign), make_review(campaign)
    make_report(acted, state=Report.State.SUBMITTED)

    outcome = send(campaign, [acted.pk, waiting.pk], by=clerk)

    assert outcome.sent == 1
    assert outcome.skipped == [(acted, "预览之后已经办理")]
    assert send(campaign, [acted.pk], by=clerk).sent == 0


def test_a_review_of_another_campaign_sends_nothing(town, campaign, clerk):
    mine, foreign = make_review(campaign), make_review()

    with pytest.raises(Refused, match="不在本活动中"):
        send(campaign, [mine.pk, foreign.pk], by=clerk)
    with pytest.raises(Refused, match="不在本活动中"):
        remind(campaign, About.REPORT, [Message(foreign, foreign.secretary, "请提交")], by=clerk)

    assert not Reminder.objects.exists()


def test_nobody_reminds_himself(town, campaign):
    clerk = make_officer("organizer", town.places["own"])
    own = make_review(campaign, secretary=clerk)

    assert send(campaign, [own.pk], by=clerk).skipped == [(own, "是您本人")]


@pytest.mark.parametrize("role", ["leader", "supervisor", "vetter", "superior", "teller"])
def test_only_the_clerk_and_the_head_remind(town, campaign, role):
    review = make_review(campaign)

    with pytest.raises(Refused, match="只有组织实施单位"):
        send(campaign, [review.pk], by=town.people[role])


def test_only_the_recipient_marks_a_reminder_as_read(campaign, clerk):
    review = make_review(campaign)
    send(campaign, [review.pk], by=clerk)
    reminder = Reminder.objects.get()

    with pytest.raises(Refused, match="本人"):
        mark_seen(reminder, by=clerk)
    mark_seen(reminder, by=review.secretary)
    reminder.refresh_from_db()
    first = reminder.seen_at
    mark_seen(reminder, by=review.secretary)

    reminder.refresh_from_db()
    assert reminder.seen_at == first


def test_from_the_choice_over_the_preview_to_the_desk_of_the_recipient(client, campaign, clerk):
    chosen, other = make_review(campaign), make_review(campaign)
    client.force_login(clerk)
    choice = client.get(reverse("desk:remind", args=[campaign.pk]))
    assert "checked" not in choice.content.decode()
    form = {"about": "report", "text": "请{姓名}抓紧", "review": [chosen.pk]}

    preview = client.post(reverse("desk:remind_preview", args=[campaign.pk]), form).content.decode()

    assert f"请{chosen.secretary.name}抓紧" in preview
    assert other.secretary.name not in preview
    assert not Reminder.objects.exists()
    sent = client.post(reverse("desk:remind_send", args=[campaign.pk]), form, follow=True).content.decode()
    assert "已催办 1 人，跳过 0 人" in sent
    assert "未阅" in sent
    client.force_login(chosen.secretary)
    desk = client.get(reverse("desk:workbench")).content.decode()
    assert f"请{chosen.secretary.name}抓紧" in desk
    assert "查看催办 1 条" in desk
    client.post(reverse("desk:reminder_seen", args=[Reminder.objects.get().pk]))
    assert "催办" not in client.get(reverse("desk:workbench")).content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"review": []}, "没有选择催办对象"),
        ({"review": ["x", "9" * 40]}, "没有选择催办对象"),
        ({"which": "late"}, "没有选择催办对象"),
        ({"which": "all", "text": "{手机}"}, "不能自动填写"),
        ({"which": "all", "text": " "}, "1 至 300 字"),
        ({"which": "all", "text": "字" * 301}, "1 至 300 字"),
    ],
)
def test_a_preview_that_cannot_be_comes_back_with_what_was_typed(client, campaign, clerk, form, words):
    make_review(campaign)
    client.force_login(clerk)

    response = client.post(
        reverse("desk:remind_preview", args=[campaign.pk]), {"about": "report", "text": "请提交"} | form
    )

    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_ballot_is_nothing_to_be_reminded_of(client, campaign, clerk):
    client.force_login(clerk)

    response = client.post(reverse("desk:remind_preview", args=[campaign.pk]), {"about": "ballot", "which": "all"})

    assert response.status_code == 409
    assert "没有这种催办事项" in response.content.decode()


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(("door", "count"), [("desk:remind", 10), ("desk:reminders", 14)])
def test_the_pages_cost_the_same_for_one_or_three(client, town, clerk, people, door, count, django_assert_num_queries):
    campaign = make_campaign(town.places["own"], stage=Stage.REPORTING)
    reviews = [make_review(campaign) for _ in range(people)]
    send(campaign, [review.pk for review in reviews], by=clerk)
    client.force_login(clerk)
    client.get(reverse(door, args=[campaign.pk]))

    with django_assert_num_queries(count):
        client.get(reverse(door, args=[campaign.pk]))
