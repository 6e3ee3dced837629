"""我的待办 at the meeting and its vote: tellers, scrutineer, keepers, chair and recorder, each his own line."""

import pytest
from django.urls import reverse

from organizations.models import Person, Role, RoleGrant
from reviews.ballot import paper
from reviews.ballot.actions import close_voting, make_keys, unseal_round, void_round
from reviews.desk.waiting import heaps_for, todos_for
from reviews.meeting.actions import comment_on
from reviews.meeting.models import Meeting
from reviews.meeting.recording import gather_minutes, reopen_minutes, sign_as_chair, sign_as_recorder
from reviews.meeting.releasing import release_comments
from reviews.meeting.withholding import withhold_comment
from reviews.plan.models import Campaign, Stage
from tests.make import make_officer
from tests.reviews.ballot.hall import prepared, table_of, voting
from tests.reviews.meeting.scene import hold_meeting, set_floor

pytestmark = pytest.mark.django_db

HERE = {"key", "decide", "fetch", "release", "record", "sign_minutes", "unseal"}


def waits(person) -> set[str]:
    return {heap.errand for heap in heaps_for(Person.objects.get(pk=person.pk))} & HERE


def line_of(person, words: str):
    (todo,) = [todo for todo in todos_for(Person.objects.get(pk=person.pk)) if words in todo.words]
    return todo


def begin(hall, table, sheets: int = 2):
    return paper.begin_batch(hall.round, panel="A", sheets=sheets, by=table.one)


def read(batch, teller, sheets: int = 2) -> None:
    for position in range(1, sheets + 1):
        paper.key_sheet(batch, position, "444", by=teller)
    paper.finish_reading(batch, by=teller)


def test_paper_waits_for_both_tellers_and_then_for_the_scrutineer():
    hall = voting(paper={"A": 2})
    table = table_of(hall)
    before = [waits(person) for person in (table.one, table.other, table.scrutineer)]
    batch = begin(hall, table)
    read(batch, table.one)
    between = [waits(person) for person in (table.one, table.other, table.scrutineer)]
    read(batch, table.other)
    after = [waits(person) for person in (table.one, table.other, table.scrutineer)]

    paper.accept_batch(batch, by=table.scrutineer)

    assert before == [{"key"}, {"key"}, set()]
    assert between == [set(), {"key"}, set()]
    assert after == [set(), set(), {"decide"}]
    assert waits(table.scrutineer) == set()


def test_the_line_of_the_teller_says_what_until_when_and_leads_to_the_table():
    hall = voting(paper={"A": 2})

    line = line_of(table_of(hall).one, "录入纸质票")

    assert (line.words, line.button, line.day) == ("清点录入纸质票 1 个票种", "去录入", hall.campaign.meets_on)
    assert line.url == reverse("ballot:paper", args=[hall.round.pk])


def test_a_vote_without_paper_and_a_void_one_leave_the_table_in_peace():
    without = voting()
    teller = table_of(without).one
    empty = waits(teller)
    hall = voting(paper={"A": 2})
    other = table_of(hall).one

    void_round(hall.round, reason="会场停电", by=hall.clerk)

    assert empty == set()
    assert waits(other) == set()


def test_a_keeper_fetches_his_code_and_later_opens_the_box():
    hall = prepared()
    before = waits(hall.custodian)
    make_keys(hall.round, custodians=2, by=hall.clerk)

    assert before == {"fetch"}
    assert waits(hall.custodian) == set()


def test_a_sealed_box_waits_for_its_keepers_until_it_is_open():
    hall = voting()
    hall.vote("A", 10)
    close_voting(hall.round, by=hall.clerk)
    sealed = waits(hall.custodian)
    unseal_round(hall.round, hall.codes[:2], by=hall.clerk)

    assert sealed == {"unseal"}
    assert waits(hall.custodian) == set()


def test_comments_wait_for_the_chair_until_each_is_decided_either_way():
    scene = set_floor(speakers=3)
    Meeting.objects.update(chair=scene.leader)
    said = [comment_on(review, weaknesses="一是学习不够。", edition=0, by=scene.deputy) for review in scene.reviews]
    line = line_of(scene.leader, "放行点评")
    beside = waits(scene.deputy)
    withhold_comment(said[0], reason="与事实不符", by=scene.leader)
    less = line_of(scene.leader, "放行点评").words

    release_comments(scene.campaign, by=scene.leader, word=False)

    assert (line.words, line.url) == ("放行点评 3 份", reverse("meeting:comments", args=[scene.campaign.pk]))
    assert beside == set()
    assert less == "放行点评 2 份"
    assert waits(scene.leader) == set()


def test_the_minutes_wait_for_the_recorder_then_for_the_chair_then_for_nobody():
    scene = set_floor(speakers=1)
    early = waits(scene.organizer)
    meeting = hold_meeting(scene)
    first = [waits(scene.organizer), waits(scene.leader)]
    text = gather_minutes(meeting, by=scene.organizer)
    text = sign_as_recorder(meeting, edition=text.edition, by=scene.organizer)
    second = [waits(scene.organizer), waits(scene.leader), waits(scene.deputy)]
    line = line_of(scene.leader, "签定会议记录")

    sign_as_chair(meeting, digest=text.digest, by=scene.leader)

    assert early == set()
    assert first == [{"record"}, set()]
    assert second == [set(), {"sign_minutes"}, set()]
    assert line.url == reverse("meeting:minutes", args=[scene.campaign.pk])
    assert [waits(scene.organizer), waits(scene.leader)] == [set(), set()]


def test_a_meeting_nobody_ended_before_its_box_was_counted_waits_with_its_minutes():
    scene = set_floor(speakers=1)
    assert waits(scene.organizer) == set()

    Campaign.objects.update(stage=Stage.GRADING)

    assert waits(scene.organizer) == {"record"}


def test_minutes_sent_back_wait_for_the_recorder_again():
    scene = set_floor(speakers=1)
    approver = make_officer(Role.APPROVER, scene.bureau)
    meeting = hold_meeting(scene)
    text = gather_minutes(meeting, by=scene.organizer)
    sign_as_recorder(meeting, edition=text.edition, by=scene.organizer)

    reopen_minutes(meeting, reason="时间有误", by=approver)

    assert [waits(scene.organizer), waits(scene.leader)] == [{"record"}, set()]


def test_who_debriefs_has_nothing_to_do_at_his_own_meeting():
    scene = set_floor(speakers=1)
    himself = scene.reviews[0].secretary
    for role in (Role.ORGANIZER, Role.TELLER, Role.SCRUTINEER, Role.CUSTODIAN):
        RoleGrant.objects.create(person=himself, role=role, organization=scene.bureau)

    hold_meeting(scene)

    assert waits(himself) == set()
