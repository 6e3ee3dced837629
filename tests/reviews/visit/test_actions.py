"""Records of the year: kept once, changed for a week, withdrawn with a reason, listed in the ledger."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Appointment, Role, Trace
from reviews.ledger.actions import claim_problem
from reviews.ledger.models import Problem
from reviews.plan.models import Stage
from reviews.visit import actions
from reviews.visit.actions import Words
from reviews.visit.models import VisitRecord
from reviews.visit.photos import draw_anew
from tests.cast import build_town
from tests.make import make_campaign, make_officer, make_review, make_visit
from tests.reviews.visit.pictures import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return build_town()


@pytest.fixture
def branch(town):
    return town.places["child"]


@pytest.fixture
def leader(town):
    return town.people["leader"]


def words(**said) -> Words:
    return Words(**{"kind": "visit", "seen": "学习记录齐全", "visited_on": timezone.localdate(), **said})


def photo(color: str = "red"):
    return draw_anew(io.BytesIO(jpeg(color=color)))


def test_a_record_needs_a_unit_a_kind_and_one_sentence_only(branch, leader):
    record = actions.record_visit(branch, words(seen="  活动室整洁 \r\n"), key=uuid4(), by=leader)

    assert (record.seen, record.kind, record.visited_on) == ("活动室整洁", "visit", timezone.localdate())
    assert Trace.objects.filter(act="记录平时情况", person=leader).count() == 1


def test_the_same_record_sent_twice_is_kept_once(branch, leader):
    key, pictures = uuid4(), [photo()]

    first = actions.record_visit(branch, words(), key=key, photos=pictures, by=leader)
    second = actions.record_visit(branch, words(), key=key, photos=pictures, by=leader)

    assert first == second
    assert VisitRecord.objects.count() == 1
    assert first.photos.count() == 1


def test_another_record_under_a_used_key_is_never_swallowed(branch, leader):
    key = uuid4()
    actions.record_visit(branch, words(), key=key, by=leader)

    with pytest.raises(Refused, match="再点一次"):
        actions.record_visit(branch, words(seen="另一件事"), key=key, by=leader)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"seen": " "}, "写一句"),
        ({"kind": "party"}, "请选择方式"),
        ({"seen": "字" * 5001}, "最多 5000 字"),
        ({"problems": "字" * 501}, "最多 500 字"),
        ({"visited_on": timezone.localdate() + timedelta(days=1)}, "不能晚于今天"),
    ],
)
def test_what_is_missing_or_too_long_is_told_in_words(branch, leader, said, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.record_visit(branch, words(**said), key=uuid4(), by=leader)

    assert not VisitRecord.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role.values if role not in {"leader", "organizer", "approver"}])
def test_only_leaders_clerks_and_heads_write(town, branch, role):
    with pytest.raises(Refused, match="只有领导"):
        actions.record_visit(branch, words(), key=uuid4(), by=town.people[role])


def test_nobody_writes_about_the_organization_that_he_leads(branch, leader):
    Appointment.objects.create(person=leader, organization=branch, position="secretary")

    with pytest.raises(Refused, match="本人任书记"):
        actions.record_visit(branch, words(), key=uuid4(), by=leader)


def test_ten_photos_are_one_too_many(branch, leader):
    colors = ["red", "green", "blue", "black", "white", "gray", "pink", "brown", "gold", "navy"]

    with pytest.raises(Refused, match="最多 9 张照片，现有 10 张"):
        actions.record_visit(branch, words(), key=uuid4(), photos=[photo(color) for color in colors], by=leader)

    assert not VisitRecord.objects.exists()


def test_what_stood_before_a_change_is_kept(branch, leader):
    record = actions.record_visit(branch, words(), key=uuid4(), leaders=[leader], photos=[photo()], by=leader)
    gone = record.photos.get()

    actions.change_record(
        record, words(seen="学习记录缺两次"), edition=0, photos=[photo("blue")], dropped=[gone.pk], by=leader
    )

    change = record.changes.get()
    assert change.before == {"seen": "学习记录齐全", "leaders": leader.name, "photos": "去掉第 1 张照片"}
    assert [kept.number for kept in record.photos.all()] == [1]
    assert Trace.objects.filter(act="修改平时记录").get().facts == {
        "changed": ["seen", "leaders", "photos"],
        "photos": 1,
    }


def test_a_change_that_changes_nothing_leaves_no_trace(branch, leader):
    record = actions.record_visit(branch, words(), key=uuid4(), by=leader)

    actions.change_record(record, words(), edition=0, by=leader)

    assert not record.changes.exists()


def test_after_a_week_a_record_stands(branch, leader):
    record = actions.record_visit(branch, words(), key=uuid4(), by=leader)
    VisitRecord.objects.update(at=timezone.now() - timedelta(days=7, seconds=1))

    with pytest.raises(Refused, match="7 天内"):
        actions.change_record(record, words(seen="改"), edition=0, by=leader)


def test_only_its_author_changes_a_record_and_a_stale_page_is_told(town, branch, leader):
    record = actions.record_visit(branch, words(), key=uuid4(), by=leader)

    with pytest.raises(Refused, match="记录人"):
        actions.change_record(record, words(seen="改"), edition=0, by=town.people["organizer"])
    actions.change_record(record, words(seen="改一"), edition=0, by=leader)
    with pytest.raises(Refused, match="已在别处改过"):
        actions.change_record(record, words(seen="改二"), edition=0, by=leader)

    record.refresh_from_db()
    assert record.seen == "改一"


def test_a_problem_is_listed_at_once_while_a_campaign_runs(town, branch, leader):
    review = make_review(make_campaign(town.places["own"], stage=Stage.REPORTING), organization=branch)

    record = actions.record_visit(branch, words(problems="名册差1人"), key=uuid4(), wants_problem=True, by=leader)

    problem = Problem.objects.get(review=review)
    record.refresh_from_db()
    assert record.problem == problem
    assert (problem.text, problem.source, problem.state) == ("名册差1人", "inspection", "noted")


@pytest.mark.parametrize("stage", [None, Stage.PLANNING, Stage.CLOSED])
def test_without_a_running_campaign_the_problem_waits_and_is_listed_later(town, branch, leader, stage):
    if stage:
        make_review(make_campaign(town.places["own"], stage=stage), organization=branch)
    record = actions.record_visit(branch, words(), key=uuid4(), wants_problem=True, by=leader)
    assert record.wants_problem
    assert not Problem.objects.exists()
    later = make_review(make_campaign(town.places["own"], stage=Stage.RECTIFYING, year=2027), organization=branch)

    problem = actions.list_problem(record, later, text="名册差1人", by=leader)

    assert problem.state == Problem.State.OPEN
    with pytest.raises(Refused, match="已列入台账"):
        actions.list_problem(record, later, text="名册差1人", by=leader)


def test_a_record_is_listed_under_its_own_organization_only(town, branch, leader):
    record = make_visit(branch, by=leader)
    other = make_review(make_campaign(town.places["own"], stage=Stage.REPORTING))

    with pytest.raises(Refused, match="没有正在进行"):
        actions.list_problem(record, other, text="问题", by=leader)


def test_a_withdrawn_record_takes_its_problem_off_the_books(town, branch, leader):
    make_review(make_campaign(town.places["own"], stage=Stage.REPORTING), organization=branch)
    record = actions.record_visit(branch, words(), key=uuid4(), wants_problem=True, by=leader)

    actions.withdraw_record(record, reason="记错单位", by=town.people["organizer"])

    assert Problem.objects.get().state == Problem.State.WITHDRAWN
    assert not VisitRecord.objects.standing().exists()


def test_a_record_whose_problem_was_claimed_is_not_withdrawn(town, branch, leader):
    review = make_review(
        make_campaign(town.places["own"], stage=Stage.RECTIFYING),
        organization=branch,
        secretary=town.people["secretary"],
    )
    record = actions.record_visit(branch, words(), key=uuid4(), wants_problem=True, by=leader)
    problem = Problem.objects.get()
    due_on = timezone.localdate() + timedelta(days=20)
    claim_problem(problem, measures=["核对"], responsible="甲", due_on=due_on, by=review.secretary)

    with pytest.raises(Refused, match="已认领整改"):
        actions.withdraw_record(record, reason="记错单位", by=leader)

    record.refresh_from_db()
    assert not record.is_withdrawn


@pytest.mark.parametrize("reason", ["", "  ", "字" * 301])
def test_a_record_is_withdrawn_with_a_reason(branch, leader, reason):
    record = make_visit(branch, by=leader)

    with pytest.raises(Refused, match="撤回原因"):
        actions.withdraw_record(record, reason=reason, by=leader)


def test_the_visited_secretary_sees_what_was_shared_and_no_more(town, branch, leader):
    secretary = town.people["secretary"]
    shared, hidden = make_visit(branch, by=leader), make_visit(branch, by=leader)

    actions.share_record(shared, shared=True, by=leader)

    assert list(VisitRecord.objects.visible_to(secretary)) == [shared]
    assert set(VisitRecord.objects.visible_to(town.people["supervisor"])) == {shared, hidden}
    actions.share_record(shared, shared=False, by=leader)
    assert not VisitRecord.objects.visible_to(secretary).exists()


def test_a_clerk_who_leads_the_visited_organization_sees_no_more_than_any_secretary(town, branch, leader):
    clerk = make_officer("organizer", town.places["own"])
    Appointment.objects.create(person=clerk, organization=branch, position="secretary")

    make_visit(branch, by=leader)

    assert not VisitRecord.objects.visible_to(clerk).exists()


def test_a_supervisor_reads_and_writes_nothing(town, branch, leader):
    record = make_visit(branch, by=leader)

    for act in (
        lambda by: actions.follow_up(record, text="已改", by=by),
        lambda by: actions.share_record(record, shared=True, by=by),
        lambda by: actions.withdraw_record(record, reason="错", by=by),
    ):
        with pytest.raises(Refused):
            act(town.people["supervisor"])
