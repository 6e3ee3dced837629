"""旁批: anchored to the words, sent with the verdict, answered by the author, settled in the next round."""

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from organizations.models import Appointment
from reviews.plan.models import Campaign, Stage
from reviews.report.actions import vet_report
from reviews.report.models import Vetting
from reviews.report.vetting.models import Remark
from reviews.report.vetting.remarking import add_remark, answer_remark, drop_remark, settle_remark
from reviews.report.vetting.rounds import rounds_with_remarks
from tests.make import make_officer, make_review
from tests.reviews.report.pages import at, handed_in, queries_of

pytestmark = pytest.mark.django_db
WORDS = "每季度由一名党员主讲"


def noted(report, by, **changes):
    asked = {"version": report.handed_in.number, "section": "plans", "quote": WORDS, "text": "写明由谁主讲", **changes}
    return add_remark(report, by=by, **asked)


def returned(report, by):
    return vet_report(report, version=report.handed_in.number, verdict="returned", opinion="见旁批", by=by)


def test_a_remark_stands_at_its_words(review, vetter):
    report = handed_in(review)

    remark = noted(report, vetter, quote=f"  {WORDS}\n")

    assert report.handed_in.plans[remark.start : remark.end] == WORDS


def test_of_words_that_stand_twice_the_second_can_be_meant(review, vetter):
    report = handed_in(review, plans="每月讲一次。每月讲一次。")

    remark = noted(report, vetter, quote="每月讲一次", occurrence=1)

    assert remark.start == 6


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quote": "报告里没有的话"}, "没有这句原文"),
        ({"quote": " "}, "请先选中"),
        ({"quote": "长" * 601}, "超过 600 字"),
        ({"text": " "}, "写明批注内容"),
        ({"version": 7}, "已提交第 1 版"),
        ({"section": "else"}, "没有这句原文"),
    ],
)
def test_what_cannot_be_placed_is_told(review, vetter, changes, told):
    report = handed_in(review)

    with pytest.raises(Refused, match=told):
        noted(report, vetter, **changes)

    assert not Remark.objects.exists()


def test_the_same_remark_sent_twice_stands_once(review, vetter):
    report = handed_in(review)

    for _ in range(2):
        noted(report, vetter)

    assert Remark.objects.count() == 1


def test_the_author_sees_a_remark_only_with_the_verdict(client, review, vetter):
    report = handed_in(review)
    noted(report, vetter)
    client.force_login(review.secretary)
    before = client.get(at("read", report.pk)).content.decode()

    returned(report, vetter)

    after = client.get(at("write", review.pk)).content.decode()
    assert "写明由谁主讲" not in before
    assert "写明由谁主讲" in after


def test_a_remark_on_a_version_taken_back_goes_with_the_next_verdict(review, vetter):
    report = handed_in(review)
    remark = noted(report, vetter)
    report.state = report.State.DRAFT
    report.save()
    handed_in(review, duty="我主持召开党员大会四次，" * 12)

    vetting = returned(report, vetter)

    remark.refresh_from_db()
    assert (remark.vetting, vetting.version.number) == (vetting, 2)


def test_what_became_of_remarks_is_said_in_a_word(review, vetter):
    report = handed_in(review)
    answered = noted(report, vetter)
    settled = noted(report, vetter, quote="每月到一个站点谈心谈话", text="谈哪些人")
    changed = noted(report, vetter, quote="明年三月底前", text="日期具体些")
    noted(report, vetter, quote="党员", text="几名党员")
    returned(report, vetter)
    answer_remark(answered, reply="已写明由青年党员轮流主讲", by=review.secretary)
    handed_in(review, plans=report.handed_in.plans.replace("明年三月底前", "明年3月31日前"))
    settle_remark(settled, is_settled=True, by=vetter)

    [only] = rounds_with_remarks(report)

    assert [line.status for line in only.remarks] == ["已回应", "审核人已认可", "原文已改", "未回应"]
    assert changed.pk in [line.remark.pk for line in only.remarks]


def test_nobody_but_the_author_answers_and_only_while_he_writes(review, vetter):
    report = handed_in(review)
    remark = noted(report, vetter)
    with pytest.raises(PermissionDenied):  # not sent yet
        answer_remark(remark, reply="已改", by=review.secretary)
    returned(report, vetter)
    remark.refresh_from_db()

    with pytest.raises(PermissionDenied):
        answer_remark(remark, reply="已改", by=vetter)
    with pytest.raises(Refused, match="怎样修改"):
        answer_remark(remark, reply=" ", by=review.secretary)
    Campaign.objects.update(stage=Stage.MEETING)
    with pytest.raises(Refused, match="不能再回应"):
        answer_remark(remark, reply="已改", by=review.secretary)


def test_one_drops_one_s_own_remark_until_it_was_sent(review, vetter):
    report = handed_in(review)
    remark = noted(report, vetter)
    other = make_officer("approver", review.campaign.organizer)
    with pytest.raises(Refused, match="只能删除本人"):
        drop_remark(remark, by=other)
    returned(report, vetter)

    with pytest.raises(Refused, match="已随审核结论发给述职人"):
        drop_remark(remark, by=vetter)


def test_who_holds_a_post_in_the_organization_leaves_its_report_to_others(client, review, vetter):
    Appointment.objects.create(person=vetter, organization=review.organization, position="member")
    report = handed_in(review)
    client.force_login(vetter)

    page = client.get(at("vet", report.pk))

    assert page.status_code == 403
    assert "您在该党组织任职" in page.content.decode()
    with pytest.raises(PermissionDenied):
        vet_report(report, version=1, verdict="approved", opinion="", by=vetter)
    assert not Vetting.objects.exists()


def test_a_post_above_or_one_that_ended_is_no_conflict(review, vetter):
    Appointment.objects.create(person=vetter, organization=review.campaign.organizer, position="secretary")
    Appointment.objects.create(person=vetter, organization=review.organization, position="member", ends_on="2020-01-01")

    assert noted(handed_in(review), vetter).by == vetter


def test_the_list_says_who_leaves_a_report_to_others(client, review, vetter):
    Appointment.objects.create(person=vetter, organization=review.organization, position="deputy_secretary")
    handed_in(review)
    client.force_login(vetter)

    page = client.get(at("vet_list", review.campaign_id))

    assert page.context["for_me"] == 0
    assert "您在该党组织任职，由他人审核" in page.content.decode()


def test_adding_a_remark_keeps_the_opinion_that_is_half_written(client, review, vetter):
    report = handed_in(review)
    client.force_login(vetter)
    typed = {"version": 1, "section": "plans", "quote": WORDS, "remark": "由谁主讲", "opinion": "写了一半的意见"}

    page = client.post(at("remark", report.pk), typed).content.decode()

    assert "写了一半的意见" in page
    assert 'id="remark-place-1"' in page


def test_in_place_the_remarks_and_the_marked_text_come_back(client, review, vetter):
    report = handed_in(review)
    client.force_login(vetter)

    typed = {"version": 1, "section": "plans", "quote": WORDS, "remark": "由谁主讲"}
    answer = client.post(at("remark", report.pk), typed, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert page.lstrip().startswith('<div id="remarks"') or '<div id="remarks">' in page
    assert 'hx-swap-oob="true"' in page
    assert "<html" not in page


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"version": 1, "section": "plans", "quote": "没有的话", "remark": "改"},
        {"version": 1, "section": "plans", "quote": WORDS, "remark": "长" * 501},
        {"version": "x", "section": "?", "quote": "\u202e\u200b", "remark": "😀" * 9, "occurrence": "-1"},
    ],
)
def test_a_remark_that_cannot_be_taken_is_told_and_stays_on_the_page(client, review, vetter, posted):
    report = handed_in(review)
    client.force_login(vetter)

    answer = client.post(at("remark", report.pk), posted | {"opinion": "写了一半"})

    assert answer.status_code in {409, 422}
    assert "写了一半" in answer.content.decode()


def test_the_author_answers_on_the_page(client, review, vetter):
    report = handed_in(review)
    remark = noted(report, vetter)
    returned(report, vetter)
    client.force_login(review.secretary)

    answer = client.post(at("reply_remark", remark.pk), {"reply": "已写明"})

    remark.refresh_from_db()
    assert (answer.url, remark.reply) == (at("write", review.pk), "已写明")


def test_the_vetting_page_costs_the_same_for_one_remark_or_three(client, review, vetter):
    report = handed_in(review)
    noted(report, vetter)
    client.force_login(vetter)
    one = queries_of(client, at("vet", report.pk))

    for word in ("党员", "监测站"):
        noted(report, vetter, quote=word)

    assert queries_of(client, at("vet", report.pk)) == one


def test_rounds_say_what_changed_since_the_one_before(review, vetter):
    report = handed_in(review)
    returned(report, vetter)
    handed_in(review, plans=report.handed_in.plans.replace("三月", "二月"))
    returned(report, vetter)

    first, second = rounds_with_remarks(report)

    assert first.comparison is None
    assert [change.name for change in second.comparison.changed] == ["plans"]


def test_n_leads_to_the_next_and_p_to_the_one_before(client, review, vetter):
    first, second, third = (handed_in(each) for each in (review, *(make_review(review.campaign) for _ in range(2))))
    client.force_login(vetter)

    page = client.get(at("vet", second.pk))

    assert (page.context["previous"], page.context["following"]) == (first, third)
    assert 'data-key="n"' in page.content.decode()


@pytest.mark.parametrize(("state", "rows"), [("", 2), ("submitted", 1), ("missing", 1), ("approved", 0), ("?", 2)])
def test_the_queue_is_filtered(client, review, vetter, state, rows):
    handed_in(review)
    make_review(review.campaign)
    client.force_login(vetter)

    page = client.get(at("vet_list", review.campaign_id), {"state": state, "sort": "findings"})

    assert len(page.context["rows"]) == rows
