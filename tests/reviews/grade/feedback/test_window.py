"""Until when an objection may be raised."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organizations.errors import Refused
from reviews.grade.feedback import objecting
from reviews.grade.feedback.actions import send_letters, sign_letter
from reviews.grade.feedback.models import Letter, Objection, last_day_to_object
from tests.reviews.grade.feedback.scene import close_window, fed_back, raised
from tests.reviews.grade.scene import approve, build_scene, in_days

SENT = date(2026, 1, 10)


@pytest.mark.parametrize(
    ("signed", "until"),
    [
        (SENT, date(2026, 1, 25)),  # signed at once: fifteen days, the day after is day 1
        (date(2026, 1, 20), date(2026, 2, 4)),
        (date(2026, 1, 25), date(2026, 2, 9)),  # the last day on which signing counts
        (date(2026, 3, 1), date(2026, 2, 9)),  # later: received on the fifteenth day
        (None, date(2026, 2, 9)),
    ],
)
def test_the_window_is_counted_from_the_receipt_or_from_the_day_that_counts_as_one(signed, until):
    assert last_day_to_object(SENT, signed, 15) == until


@given(st.integers(3, 60), st.one_of(st.none(), st.integers(0, 400)))
def test_everybody_has_all_the_days_and_no_window_stays_open_for_ever(days, signed_after):
    signed = None if signed_after is None else SENT + timedelta(days=signed_after)

    until = last_day_to_object(SENT, signed, days)

    received = SENT + timedelta(days=days) if signed is None else signed
    assert SENT + timedelta(days=days) <= until <= SENT + timedelta(days=2 * days)
    assert until == min(received, SENT + timedelta(days=days)) + timedelta(days=days)


@pytest.mark.django_db
def test_signing_starts_the_window():
    feedback = fed_back(is_signed=False)
    before = feedback.letter.objection_until

    sign_letter(feedback.letter, by=feedback.secretary)

    assert before == in_days(30)
    assert feedback.letter.objection_until == in_days(15)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [2, 61])
def test_a_window_out_of_bounds_is_refused_and_no_letter_leaves(days):
    scene = approve(build_scene())

    with pytest.raises(Refused, match="异议期须为 3 至 60 日"):
        send_letters(scene.campaign, rectify_by=in_days(30), objection_days=days, by=scene.clerk)

    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_after_the_window_an_objection_is_refused_in_words_and_the_way_out_is_told():
    feedback = fed_back()
    close_window(feedback)

    with pytest.raises(Refused, match=r"期限到.*为止，现已超过.*准予逾期提出"):
        raised(feedback)

    assert not Objection.objects.exists()


@pytest.mark.django_db
def test_on_the_last_day_it_is_still_in_time():
    feedback = fed_back()
    Letter.objects.update(objection_until=timezone.localdate())

    raised(feedback)

    assert feedback.objection().state == "raised"


@pytest.mark.django_db
def test_the_head_opens_the_window_once_more_for_one_person_with_a_reason():
    feedback = fed_back()
    close_window(feedback)
    other = Letter.objects.exclude(pk=feedback.letter.pk).get()

    objecting.allow_late(feedback.letter, until=in_days(5), reason="住院未能按时提出", by=feedback.scene.head)
    raised(feedback)

    assert feedback.letter.late_reason == "住院未能按时提出"
    assert Letter.objects.get(pk=other.pk).late_by is None


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "reason"), [(-1, "住院"), (91, "住院"), (5, " ")])
def test_no_leave_without_a_reason_or_for_a_day_out_of_bounds(days, reason):
    feedback = fed_back()
    close_window(feedback)

    with pytest.raises(Refused, match="请写明理由"):
        objecting.allow_late(feedback.letter, until=in_days(days), reason=reason, by=feedback.scene.head)

    assert feedback.letter.late_by is None


@pytest.mark.django_db
def test_a_day_that_the_head_allowed_survives_a_late_signature():
    feedback = fed_back(is_signed=False)
    close_window(feedback)
    objecting.allow_late(feedback.letter, until=in_days(40), reason="出差在外", by=feedback.scene.head)

    sign_letter(feedback.letter, by=feedback.secretary)

    assert feedback.letter.objection_until == in_days(40)
