"""The minutes: gathered, edited, signed by two, reopened; who may, and what is refused."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from organizations.errors import Refused
from organizations.models import Role, RoleGrant
from reviews.meeting.actions import comment_on, record_attendance
from reviews.meeting.floor import finish_turn, mark_absent, pause_turn, resume_turn, set_stand_in, start_turn
from reviews.meeting.merging import NEW_FACT
from reviews.meeting.models import Meeting
from reviews.meeting.noting import note
from reviews.meeting.record_models import Minutes
from reviews.meeting.recording import (
    StaleMinutes,
    digest_of,
    gather_minutes,
    in_force,
    note_by_hand,
    reopen_minutes,
    save_minutes,
    sign_as_chair,
    sign_as_recorder,
)
from tests.make import make_officer
from tests.reviews.meeting.doors import address
from tests.reviews.meeting.scene import hold_meeting, set_floor

pytestmark = pytest.mark.django_db


def signed_by_both(scene) -> Minutes:
    meeting = hold_meeting(scene)
    text = gather_minutes(meeting, by=scene.organizer)
    text = sign_as_recorder(meeting, edition=text.edition, by=scene.organizer)
    return sign_as_chair(meeting, digest=text.digest, by=scene.leader)


# --- what is gathered --------------------------------------------------------------------------


def test_the_minutes_tell_speech_pause_absence_stand_in_attendance_comment_and_happenings():
    scene = set_floor(speakers=3)
    first, second, _third = scene.turns
    set_stand_in(first, name="周砚", post="党支部副书记", reason="住院治疗", by=scene.organizer)
    start_turn(first, by=scene.organizer)
    pause_turn(first, by=scene.organizer)
    resume_turn(first, by=scene.organizer)
    finish_turn(first, by=scene.organizer)
    mark_absent(second, reason="因公出差", by=scene.organizer)
    panel = scene.campaign.panels.get(code="A")
    record_attendance(scene.meeting, {panel.pk: 8}, excused={panel.pk: 1}, by=scene.organizer)
    comment_on(scene.reviews[0], weaknesses="一是学习不够深入。", edition=0, by=scene.leader)
    note_by_hand(scene.meeting, words="停电，会议中断", by=scene.organizer)

    text = gather_minutes(scene.meeting, by=scene.organizer).text

    told = [
        "林望舒，由周砚（党支部副书记）代述，原因：住院治疗：",
        "何景行：缺席，原因：因公出差。",
        "苏听澜：未述职。",
        "应到 10 人，实到 8 人，请假 1 人，未到 1 人",
        "领导甲点评办公室党支部林望舒：不足：一是学习不够深入。",
        "林望舒述职中断，暂停计时",
        "林望舒继续述职",
        "停电，会议中断",
    ]
    assert [words for words in told if words not in text] == []


@pytest.mark.parametrize(
    ("hours", "told"), [(3, "2026年12月8日 09:00至12:00"), (24, "2026年12月8日 09:00至2026年12月9日 09:00")]
)
def test_a_meeting_that_was_ended_on_another_day_tells_the_day(client, hours, told):
    scene = set_floor(speakers=1)
    begun = datetime(2026, 12, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    Meeting.objects.update(opened_at=begun, ended_at=begun + timedelta(hours=hours))

    text = gather_minutes(scene.meeting, by=scene.organizer).text
    client.force_login(scene.organizer)
    page = client.get(address("minutes", scene.campaign)).content.decode()

    assert text.startswith(f"时间：{told}\n")
    assert f"<dd>{told}" in page


def test_parts_of_a_comment_without_a_stop_do_not_run_into_one_another():
    scene = set_floor(speakers=1)
    said = {"strengths": "阵地好", "weaknesses": "一是学习不深；", "advice": "多下基层！"}
    comment_on(scene.reviews[0], **said, edition=0, by=scene.leader)

    text = gather_minutes(scene.meeting, by=scene.organizer).text

    assert "亮点：阵地好。不足：一是学习不深。建议：多下基层！\n" in text + "\n"


def test_gathering_again_keeps_own_words_and_brings_the_new_facts():
    scene = set_floor(speakers=2)
    text = gather_minutes(scene.meeting, by=scene.organizer)
    save_minutes(scene.meeting, text=text.text + "\n会场秩序良好。", edition=1, by=scene.organizer)
    start_turn(scene.turns[0], by=scene.organizer)

    again = gather_minutes(scene.meeting, by=scene.organizer)

    assert "会场秩序良好。" in again.text
    assert "开始，尚未结束" in again.text
    assert again.edition == 3


def test_a_ballot_leaves_its_lines_where_a_meeting_was_held_and_nothing_elsewhere():
    scene = set_floor(speakers=1)

    note(scene.campaign, "第1轮：开始测评")

    assert [str(line) for line in scene.meeting.happenings.all()] == ["第1轮：开始测评"]


# --- two editors, two signers ------------------------------------------------------------------


def test_the_slower_of_two_editors_is_told_and_overwrites_nothing():
    scene = set_floor(speakers=1)
    gather_minutes(scene.meeting, by=scene.organizer)
    save_minutes(scene.meeting, text="先存的", edition=1, by=scene.organizer)

    with pytest.raises(StaleMinutes, match="别处已有更新"):
        save_minutes(scene.meeting, text="后存的", edition=1, by=scene.organizer)

    assert in_force(scene.meeting).text == "先存的"


def test_the_recorder_and_the_chair_sign_and_the_text_is_frozen_with_its_digest():
    scene = set_floor(speakers=1)

    text = signed_by_both(scene)

    assert (text.state, text.recorder, text.chair) == (Minutes.State.SIGNED, scene.organizer, scene.leader)
    assert text.digest == digest_of(text.text)
    with pytest.raises(Refused, match="不能再改"):
        save_minutes(scene.meeting, text="改动", edition=text.edition, by=scene.organizer)
    with pytest.raises(Refused, match="不能再改"):
        gather_minutes(scene.meeting, by=scene.organizer)
    with pytest.raises(Refused, match="不能再改"):
        note_by_hand(scene.meeting, words="迟到的一笔", by=scene.organizer)


def test_the_recorder_signs_only_after_the_meeting_with_the_latest_facts_and_nothing_unsettled():
    scene = set_floor(speakers=1)
    gather_minutes(scene.meeting, by=scene.organizer)

    with pytest.raises(Refused, match="还没有结束"):
        sign_as_recorder(scene.meeting, edition=1, by=scene.organizer)
    meeting = hold_meeting(scene)
    with pytest.raises(Refused, match="重新汇集"):
        sign_as_recorder(meeting, edition=1, by=scene.organizer)
    save_minutes(meeting, text=NEW_FACT + "用时6分", edition=1, by=scene.organizer)
    with pytest.raises(Refused, match="逐段核对"):
        sign_as_recorder(meeting, edition=2, by=scene.organizer)

    assert in_force(meeting).state == Minutes.State.DRAFT


def test_only_the_chair_signs_second_and_only_the_text_he_has_read():
    scene = set_floor(speakers=1)
    meeting = hold_meeting(scene)
    gather_minutes(meeting, by=scene.organizer)
    text = sign_as_recorder(meeting, edition=1, by=scene.organizer)

    with pytest.raises(Refused, match="由主持人签定"):
        sign_as_chair(meeting, digest=text.digest, by=scene.deputy)
    with pytest.raises(Refused, match="不是您刚才看到的"):
        sign_as_chair(meeting, digest="0" * 64, by=scene.leader)

    assert in_force(meeting).state == Minutes.State.RECORDED


def test_recorder_and_chair_are_two_people():
    scene = set_floor(speakers=1)
    RoleGrant.objects.create(person=scene.organizer, role=Role.LEADER, organization=scene.bureau)
    meeting = hold_meeting(scene, chair=scene.organizer)
    gather_minutes(meeting, by=scene.organizer)
    text = sign_as_recorder(meeting, edition=1, by=scene.organizer)

    with pytest.raises(Refused, match="须是两个人"):
        sign_as_chair(meeting, digest=text.digest, by=scene.organizer)


def test_the_approver_reopens_with_a_reason_and_the_signed_text_is_kept():
    scene = set_floor(speakers=1)
    signed = signed_by_both(scene)
    approver = make_officer(Role.APPROVER, scene.bureau, "审批甲")

    with pytest.raises(Refused, match="写明退回重签的原因"):
        reopen_minutes(scene.meeting, reason=" ", by=approver)
    fresh = reopen_minutes(scene.meeting, reason="时间有误", by=approver)
    save_minutes(scene.meeting, text="改好的正文", edition=fresh.edition, by=scene.organizer)

    signed.refresh_from_db()
    assert (signed.state, digest_of(signed.text)) == (Minutes.State.SUPERSEDED, signed.digest)
    assert (in_force(scene.meeting).number, in_force(scene.meeting).text) == (2, "改好的正文")
    with pytest.raises(Refused, match="审批人"):
        reopen_minutes(scene.meeting, reason="再改", by=scene.organizer)


def test_an_organizer_who_is_reviewed_himself_neither_edits_nor_reads_the_text(client):
    scene = set_floor(speakers=1)
    text = signed_by_both(scene)
    Minutes.objects.filter(pk=text.pk).update(text="一、点评情况\n\n不给本人看的话")
    both = scene.reviews[0].secretary
    RoleGrant.objects.create(person=both, role=Role.ORGANIZER, organization=scene.bureau)
    client.force_login(both)

    page = client.get(address("minutes", scene.campaign))
    edit = client.get(address("minutes_edit", scene.campaign))

    assert (page.status_code, edit.status_code) == (200, 409)
    assert "不给本人看" not in page.content.decode() + edit.content.decode()
    with pytest.raises(Refused, match="另一位经办人"):
        gather_minutes(scene.meeting, by=both)


# --- stand-ins and those excused ---------------------------------------------------------------


def test_a_stand_in_is_shown_on_console_and_hall_and_taken_away_by_an_empty_name(client):
    scene = set_floor(speakers=2)
    turn = scene.turns[0]
    client.force_login(scene.organizer)
    press = reverse("meeting:turn", args=[turn.pk])
    named = {"act": "stand_in", "stand_in": "周砚", "stand_in_post": "副书记", "stand_in_reason": "住院"}

    client.post(press, named)
    console = client.get(address("console", scene.campaign)).content.decode()
    client.post(press, {"act": "start"})
    hall = client.get(address("hall_state", scene.campaign)).content.decode()
    late = client.post(press, {"act": "stand_in", "stand_in": ""})
    client.post(press, {"act": "reset"})
    client.post(press, {"act": "stand_in", "stand_in": ""})

    assert "由周砚（副书记）代述，原因：住院" in console
    assert "周砚（副书记）代述" in hall
    assert late.status_code == 409
    assert scene.turns[0].stand_in == ""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "周砚", "post": "", "reason": ""}, "写明林望舒由他人代述的原因"),
        ({"name": "林望舒", "post": "", "reason": "住院"}, "就是述职人本人"),
        ({"name": "周" * 31, "post": "", "reason": "住院"}, "不超过 30 字"),
    ],
)
def test_a_stand_in_needs_a_reason_and_is_somebody_else(fields, words):
    scene = set_floor(speakers=1)

    with pytest.raises(Refused, match=words):
        set_stand_in(scene.turns[0], **fields, by=scene.organizer)

    assert scene.turns[0].stand_in == ""


def test_present_and_excused_together_are_never_more_than_expected():
    scene = set_floor(speakers=1)
    panel = scene.campaign.panels.get(code="A")

    with pytest.raises(Refused, match="合计超过应到"):
        record_attendance(scene.meeting, {panel.pk: 8}, excused={panel.pk: 3}, by=scene.organizer)

    assert list(scene.meeting.attendance.values_list("present", "excused")) == []
