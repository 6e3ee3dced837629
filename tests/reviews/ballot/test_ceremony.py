"""开箱仪式: two keepers, each from his own account; one person opens nothing; nothing stored gives a code."""

from datetime import timedelta

import pytest
from django.core import serializers
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from organizations import jobs
from organizations.errors import Refused
from organizations.models import Job, Role, Trace
from reviews.ballot import actions
from reviews.ballot.ceremony import actions as ceremony
from reviews.ballot.ceremony.models import Arrival, Keeper
from reviews.meeting.models import Meeting
from reviews.meeting.record_models import Happening
from scoring import sealing
from scoring.models import Box, Envelope, Mark
from tests.make import make_officer
from tests.reviews.ballot.hall import Hall, closed, printed, set_hall, voting

pytestmark = pytest.mark.django_db


def sealed_box(*, named: bool = True, **fields) -> tuple[Hall, list]:
    """A sealed box with three codes, each handed to a keeper by name; gives the keepers, too."""
    hall = set_hall(**fields)
    keepers = [make_officer(Role.CUSTODIAN, hall.bureau, name) for name in ("保管甲", "保管乙", "保管丙")]
    hall = printed(hall)
    mark = actions.mark_of_keys(hall.box)
    hall.codes = actions.make_keys(
        hall.round, custodians=3, replaces=mark, keepers=keepers if named else [], by=hall.clerk
    )
    actions.open_voting(hall.round, knows_loss=True, by=hall.clerk)
    hall.vote("A", 10)
    actions.close_voting(hall.round, by=hall.clerk)
    return hall, keepers


def is_sealed(hall: Hall) -> bool:
    return hall.box.state == Box.State.CLOSED and Envelope.objects.count() == 10 and not Mark.objects.exists()


def page_of(hall: Hall) -> str:
    return reverse("ballot:ceremony", args=[hall.round.pk])


# --- the way it goes ---------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2, 0), (1, 2)])
def test_any_two_keepers_open_the_box_from_their_own_accounts(one, other):
    hall, keepers = sealed_box()

    secret = ceremony.turn_key(hall.round, hall.codes[one], by=keepers[one])
    nothing = ceremony.turn_key(hall.round, hall.codes[other].lower(), by=keepers[other])
    job = ceremony.open_by_two(hall.round, secret, by=keepers[one])

    job.refresh_from_db()
    assert (len(secret), nothing) == (32, None)
    assert (job.status, hall.box.state, hall.stage) == (Job.Status.DONE, Box.State.OPENED, "grading")
    assert not Arrival.objects.exists()


def test_the_other_keeper_sees_that_one_key_has_come_and_only_the_first_may_open(client):
    hall, keepers = sealed_box()
    client.force_login(keepers[0])
    before = client.get(page_of(hall)).content.decode()
    client.post(reverse("ballot:turn_key", args=[hall.round.pk]), {"code": hall.codes[0]})
    first = client.get(page_of(hall)).content.decode()
    other = type(client)()
    other.force_login(keepers[1])

    waiting = other.get(page_of(hall)).content.decode()
    other.post(reverse("ballot:turn_key", args=[hall.round.pk]), {"code": hall.codes[1]})
    both = [each.get(page_of(hall)).content.decode() for each in (client, other)]
    stranger = other.post(reverse("ballot:open_by_two", args=[hall.round.pk]))
    opened = client.post(reverse("ballot:open_by_two", args=[hall.round.pk]))

    assert "等待第一位保管人" in before
    assert "第一把钥匙已到，还差一把" in first
    assert "放入我的钥匙" not in first
    assert "第一把钥匙已到，还差一把" in waiting
    assert "放入我的钥匙" in waiting
    assert [reverse("ballot:open_by_two", args=[hall.round.pk]) in page for page in both] == [True, False]
    assert "请保管甲在自己的页面上点" in both[1]
    assert (stranger.status_code, "别人不能代点" in stranger.content.decode()) == (409, True)
    assert (opened.status_code, hall.box.state) == (302, Box.State.OPENED)


def test_who_brought_a_key_stands_in_the_trail_and_in_the_minutes():
    hall, keepers = sealed_box()
    Meeting.objects.create(campaign=hall.campaign)

    for place in (0, 1):
        ceremony.turn_key(hall.round, hall.codes[place], by=keepers[place])

    told = Trace.objects.filter(act="开箱钥匙已到").order_by("pk")
    assert [(line.person, line.facts["number"]) for line in told] == [(keepers[0], 1), (keepers[1], 2)]
    words = Happening.objects.order_by("pk").values_list("words", flat=True)
    assert list(words) == ["第1轮：保管甲放入第一把钥匙", "第1轮：保管乙放入第二把钥匙"]


# --- one person opens nothing -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "which", "says"),
    [
        (0, 0, "同一份不能用两次|您的钥匙已到"),
        (0, 1, "登记由保管乙保管，须由本人"),
        (1, 0, "登记由保管甲保管，须由本人"),
    ],
)
def test_the_second_key_is_another_persons_own(who, which, says):
    hall, keepers = sealed_box()
    ceremony.turn_key(hall.round, hall.codes[2], by=keepers[2])
    ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0]) if who == which else None

    with pytest.raises(Refused, match=says):
        ceremony.turn_key(hall.round, hall.codes[which], by=keepers[who])

    assert is_sealed(hall)


def test_nobody_named_still_means_two_accounts_and_two_codes():
    hall, keepers = sealed_box(named=False)
    ceremony.turn_key(hall.round, hall.codes[2], by=keepers[0])

    with pytest.raises(Refused, match="同一份不能用两次"):
        ceremony.turn_key(hall.round, hall.codes[2], by=keepers[1])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])
    with pytest.raises(Refused, match="一个人不能放两把钥匙"):
        ceremony.turn_key(hall.round, hall.codes[0], by=keepers[1])

    assert Arrival.objects.count() == 2
    assert is_sealed(hall)


def test_the_database_itself_takes_no_two_keys_of_one_person():
    hall, keepers = sealed_box()
    ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])
    arrival = Arrival.objects.get()

    arrival.pk, arrival.keeper, arrival.is_first = None, Keeper.objects.get(round=hall.round, number=2), False

    with pytest.raises(IntegrityError):
        arrival.save()


def test_one_key_alone_and_another_browser_open_nothing():
    hall, keepers = sealed_box()
    secret = ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])

    with pytest.raises(Refused, match="还差一把钥匙"):
        ceremony.open_by_two(hall.round, secret, by=keepers[0])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])
    for other in (b"", b"\0" * 32, sealing.new_waiting_lock()[0]):
        with pytest.raises(Refused, match="不在这台设备的浏览器里"):
            ceremony.open_by_two(hall.round, other, by=keepers[0])

    assert is_sealed(hall)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.SUPERVISOR, Role.TELLER])
def test_an_account_that_is_no_custodian_enters_no_code(client, role):
    hall, _ = sealed_box()
    client.force_login(make_officer(role, hall.bureau))

    answer = client.post(reverse("ballot:turn_key", args=[hall.round.pk]), {"code": hall.codes[0]})

    assert answer.status_code == 403
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("named", ["twice", "no custodian"])
def test_a_code_is_handed_to_a_custodian_and_each_has_one(named):
    hall = set_hall()
    hall = printed(hall)
    keepers = [hall.custodian, hall.custodian] if named == "twice" else [hall.custodian, hall.clerk]

    with pytest.raises(Refused):
        actions.make_keys(
            hall.round, custodians=2, replaces=actions.mark_of_keys(hall.box), keepers=keepers, by=hall.clerk
        )

    assert Keeper.objects.filter(person__isnull=False).count() == 0


# --- mistakes and time --------------------------------------------------------------------------


def test_a_mistyped_code_is_told_at_once_and_ten_lock_the_opening():
    hall, keepers = sealed_box()

    for _ in range(10):
        with pytest.raises(Refused, match="不是本轮的开箱码"):
            ceremony.turn_key(hall.round, sealing.new_opening_code(), by=keepers[0])
    with pytest.raises(Refused, match="开箱已锁定"):
        ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])

    assert hall.box.wrong_codes == 10
    assert is_sealed(hall)


def test_a_mistyped_code_stays_in_the_field_with_the_reason(client):
    hall, keepers = sealed_box()
    client.force_login(keepers[0])
    typed = sealing.new_opening_code()

    answer = client.post(reverse("ballot:turn_key", args=[hall.round.pk]), {"code": typed})

    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert "还可再试 9 次" in answer.content.decode()


def test_a_key_that_waited_too_long_is_forgotten_in_words(client):
    hall, keepers = sealed_box()
    secret = ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])
    Arrival.objects.update(until=timezone.now() - timedelta(seconds=1))
    client.force_login(keepers[1])

    with pytest.raises(Refused, match="超过 10 分钟没有用，已作废"):
        ceremony.open_by_two(hall.round, secret, by=keepers[0])
    page = client.get(page_of(hall)).content.decode()
    again = ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])

    assert "保管甲、保管乙的钥匙超过 10 分钟没有用，已作废" in page
    assert "放入我的钥匙" in page
    assert len(again) == 32  # a new first key; the old ones are gone
    assert Arrival.objects.count() == 1


def test_a_first_keeper_whose_browser_lost_the_secret_begins_anew():
    hall, keepers = sealed_box()
    ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])

    secret = ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])
    ceremony.open_by_two(hall.round, secret, by=keepers[0])

    assert hall.box.state == Box.State.OPENED


@pytest.mark.parametrize("reached", [voting, printed])
def test_before_the_close_no_code_is_taken(reached):
    hall = reached()

    with pytest.raises(Refused, match="封箱以后、开箱以前"):
        ceremony.turn_key(hall.round, hall.codes[0], by=hall.custodian)


# --- killed halfway -----------------------------------------------------------------------------


def test_a_count_whose_process_died_leaves_the_box_sealed_and_is_begun_anew(monkeypatch, settings):
    hall, keepers = sealed_box()
    secret = ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])
    monkeypatch.setattr(jobs, "run", lambda *args: None)  # the process dies before the count
    died = ceremony.open_by_two(hall.round, secret, by=keepers[0])
    monkeypatch.undo()

    with pytest.raises(Refused, match="正在开箱计票"):
        ceremony.open_by_two(hall.round, secret, by=keepers[0])
    Job.objects.filter(pk=died.pk).update(created_at=timezone.now() - jobs.SILENCE * 2)
    settings.CELERY_TASK_ALWAYS_EAGER = True
    ceremony.open_by_two(hall.round, secret, by=keepers[0])

    died.refresh_from_db()
    assert died.status == Job.Status.INTERRUPTED
    assert hall.box.state == Box.State.OPENED


def test_envelopes_that_cannot_be_read_leave_the_box_sealed_and_the_page_says_so(client):
    hall, keepers = sealed_box()
    Envelope.objects.filter(pk=Envelope.objects.first().pk).update(mac=b"\0" * 32)
    secret = ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])

    job = ceremony.open_by_two(hall.round, secret, by=keepers[0])

    job.refresh_from_db()
    client.force_login(keepers[0])
    assert job.status == Job.Status.FAILED
    assert is_sealed(hall)
    assert "1 张不能解封" in client.get(page_of(hall)).content.decode()


# --- nothing stored gives a code ----------------------------------------------------------------


def test_no_row_of_the_database_holds_a_code_or_what_would_open_one():
    hall, keepers = sealed_box()
    secret = ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])
    rows = [*Arrival.objects.all(), *Keeper.objects.all(), *Trace.objects.all(), *Job.objects.all()]

    stored = serializers.serialize("json", rows)
    kept = b"".join(bytes(value) for each in Arrival.objects.all() for value in (each.lock, each.locked))

    for code in hall.codes:
        assert sealing.plain(code) not in stored.upper()
        assert sealing.plain(code).encode() not in kept
    assert secret not in kept
    assert all(sealing.come_forward(arrival.locked, secret) for arrival in Arrival.objects.all())  # it is the one


def test_the_job_that_opens_the_box_says_which_round_and_nothing_else():
    hall, keepers = sealed_box()
    secret = ceremony.turn_key(hall.round, hall.codes[0], by=keepers[0])
    ceremony.turn_key(hall.round, hall.codes[1], by=keepers[1])

    job = ceremony.open_by_two(hall.round, secret, by=keepers[0])

    assert (job.asked_for, job.kind in jobs.TASKS) == ({"round": hall.round.pk}, False)


# --- one computer -------------------------------------------------------------------------------


def test_in_a_hall_with_one_computer_both_type_on_one_page_and_the_trail_says_so(client):
    hall = closed()
    client.force_login(hall.custodian)

    answer = client.post(
        reverse("ballot:unseal", args=[hall.round.pk]), {"first": hall.codes[0], "second": hall.codes[1]}
    )

    assert (answer.status_code, hall.box.state) == (302, Box.State.OPENED)
    assert Trace.objects.get(act="两份开箱码在同一页输入").person == hall.custodian


def test_a_rehearsal_is_opened_the_same_way(client):
    hall = closed(is_rehearsal=True)
    client.force_login(hall.custodian)

    page = client.get(page_of(hall)).content.decode()
    other = make_officer(Role.CUSTODIAN, hall.bureau, "保管乙")
    secret = ceremony.turn_key(hall.round, hall.codes[0], by=hall.custodian)
    ceremony.turn_key(hall.round, hall.codes[1], by=other)
    ceremony.open_by_two(hall.round, secret, by=hall.custodian)

    assert "演练：做法与正式开箱完全相同" in page
    assert (hall.box.state, hall.stage) == (Box.State.OPENED, "meeting")


def test_a_vote_declared_void_under_the_eyes_of_the_keepers_is_told_on_their_page(client):
    hall, keepers = sealed_box()
    actions.void_round(hall.round, reason="测评码发错票种", by=hall.clerk)
    client.force_login(keepers[0])

    scene = client.get(reverse("ballot:scene", args=[hall.round.pk]))
    page = client.get(page_of(hall))

    assert scene.headers["HX-Refresh"] == "true"
    assert (page.status_code, "无效" in page.content.decode()) == (409, True)
