"""The vote from the locked box to grading: what each step does, and what it refuses."""

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from organizations.models import RoleGrant
from reviews.ballot import actions, slip_batches
from reviews.ballot.models import Candidacy, Round, SlipBatch
from reviews.plan.models import Campaign, PanelPlan, Stage
from scoring import booth
from scoring.models import Box, Envelope, Mark, Token
from tests.make import make_review
from tests.reviews.ballot.hall import closed, prepared, printed, set_hall, voting

pytestmark = pytest.mark.django_db


def state_of(hall) -> str:
    return hall.box.state


# --- the whole way -----------------------------------------------------------------------------


def test_a_vote_goes_from_the_locked_box_to_grading():
    hall = closed(voters=10)

    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)

    assert state_of(hall) == Box.State.OPENED
    assert hall.stage == Stage.GRADING
    assert sum(Mark.objects.values_list("votes", flat=True)) == 10 * 3
    assert list(hall.campaign.moves.values_list("after", flat=True)) == [Stage.BALLOT, Stage.GRADING]


def test_the_sheet_has_a_line_for_every_secretary_in_speaking_order():
    hall = prepared()

    lines = [c.review for c in Candidacy.objects.order_by("entry__number").select_related("review")]

    assert lines == hall.reviews
    assert [entry.subtitle for entry in hall.box.entries.all()] == ["党支部书记 现场述职"] * 3


def test_opening_the_vote_takes_the_campaign_from_the_meeting_to_the_ballot():
    hall = voting()

    assert (hall.stage, state_of(hall)) == (Stage.BALLOT, Box.State.OPEN)


def test_two_people_at_one_line_each_pass_over_at_most_their_own():
    hall = set_hall()
    hall.campaign.panels.update(recusals=8)

    prepared(hall)

    assert hall.box.panels.get().recusals == 1


# --- preparing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.REPORTING, Stage.GRADING, Stage.RECTIFYING, Stage.CLOSED])
def test_a_box_is_prepared_only_from_the_meeting_to_the_ballot(stage):
    hall = set_hall(stage=stage)

    with pytest.raises(Refused, match="进入评议会后才能准备测评"):
        actions.prepare_round(hall.campaign, spare={}, by=hall.clerk)

    assert Box.objects.count() == 0


def test_a_second_valid_round_is_refused_and_makes_no_second_box():
    hall = prepared()

    with pytest.raises(Refused, match="须先宣布该轮无效"):
        actions.prepare_round(hall.campaign, spare={}, by=hall.clerk)

    assert Box.objects.count() == 1


def test_a_secret_panel_of_four_is_refused_and_nothing_is_left_behind():
    hall = set_hall(panels={"A": 10, "B": 4})

    with pytest.raises(Refused, match="人数太少"):
        actions.prepare_round(hall.campaign, spare={}, by=hall.clerk)

    assert (Box.objects.count(), Round.objects.count(), Candidacy.objects.count()) == (0, 0, 0)


def test_a_round_in_which_nobody_could_vote_is_discarded_whole():
    hall = printed()

    actions.discard_round(hall.round, by=hall.clerk)

    assert (Box.objects.count(), Round.objects.count(), SlipBatch.objects.count(), Token.objects.count()) == (
        0,
        0,
        0,
        0,
    )


def test_a_round_in_which_people_could_vote_is_not_discarded():
    hall = voting()

    with pytest.raises(Refused, match="不能删除"):
        actions.discard_round(hall.round, by=hall.clerk)

    assert state_of(hall) == Box.State.OPEN


def test_whatever_is_done_to_a_discarded_round_is_told_in_words():
    hall = prepared()
    stale = Round.objects.get(pk=hall.round.pk)
    actions.discard_round(hall.round, by=hall.clerk)

    with pytest.raises(Refused, match="已被清除"):
        slip_batches.ask_for_slips(stale, by=hall.clerk)


@pytest.mark.parametrize(
    "change",
    [
        lambda hall: make_review(hall.campaign),
        lambda hall: hall.campaign.reviews.filter(pk=hall.reviews[0].pk).update(order=9),
        lambda hall: hall.campaign.panels.update(size=11),
        lambda hall: Campaign.objects.filter(pk=hall.campaign.pk).update(policy={"good_share": "0.3"}),
    ],
    ids=["a secretary more", "another order", "another roll", "another rule"],
)
def test_a_plan_changed_after_the_lock_keeps_the_vote_from_opening(change):
    hall = printed()
    change(hall)

    with pytest.raises(Refused, match="锁定以后"):
        actions.open_voting(hall.round, knows_loss=True, by=hall.clerk)

    assert (state_of(hall), hall.stage) == (Box.State.FROZEN, Stage.MEETING)


# --- opening codes -----------------------------------------------------------------------------


def test_codes_are_made_anew_only_by_who_saw_that_there_are_some():
    hall = prepared()
    first = actions.make_keys(hall.round, custodians=2, by=hall.clerk)
    kept = hall.box.public_key

    with pytest.raises(Refused, match="已发的开箱码仍然有效"):
        actions.make_keys(hall.round, custodians=2, by=hall.clerk)

    assert bytes(hall.box.public_key) == bytes(kept)
    again = actions.make_keys(hall.round, custodians=3, by=hall.clerk, replaces=actions.mark_of_keys(hall.box))
    assert len(again) == 3
    assert not set(first) & set(again)


# --- slips -------------------------------------------------------------------------------------


def test_slips_are_asked_for_co_signed_and_printed_once():
    hall = prepared(panels={"A": 10, "B": 6}, spare=2)

    asked = slip_batches.ask_for_slips(hall.round, by=hall.clerk)
    signed = slip_batches.cosign_slips(hall.round, by=hall.supervisor)
    slips = {batch.panel.code: slip_batches.print_slips(batch, by=hall.clerk) for batch in hall.round.batches.all()}

    assert (asked, signed) == (20, 20)
    assert {code: len(set(made)) for code, made in slips.items()} == {"A": 12, "B": 8}
    assert Token.objects.count() == 20


def test_slips_are_not_printed_before_the_supervisor_has_signed():
    hall = prepared()
    slip_batches.ask_for_slips(hall.round, by=hall.clerk)

    with pytest.raises(Refused, match="会签后才能印制"):
        slip_batches.print_slips(hall.round.batches.get(), by=hall.clerk)

    assert Token.objects.count() == 0


@pytest.mark.parametrize(
    ("again", "word"),
    [
        (lambda hall: slip_batches.ask_for_slips(hall.round, by=hall.clerk), "都已申请过"),
        (lambda hall: slip_batches.cosign_slips(hall.round, by=hall.supervisor), "没有等待会签"),
        (lambda hall: slip_batches.print_slips(hall.round.batches.get(), by=hall.clerk), "已经印制"),
    ],
    ids=["ask", "co-sign", "print"],
)
def test_a_second_click_on_the_way_to_the_slips_is_told_and_makes_none(again, word):
    hall = printed()

    with pytest.raises(Refused, match=word):
        again(hall)

    assert Token.objects.count() == 10


def test_a_lost_print_is_taken_back_co_signed_anew_and_the_old_slips_are_worth_nothing():
    hall = printed()
    lost, batch = hall.slips["A"], hall.round.batches.get()

    slip_batches.take_back_slips(batch, by=hall.clerk)
    with pytest.raises(Refused, match="会签后才能印制"):
        slip_batches.print_slips(batch, by=hall.clerk)
    slip_batches.cosign_slips(hall.round, by=hall.supervisor)
    hall.slips["A"] = slip_batches.print_slips(batch, by=hall.clerk)
    actions.open_voting(hall.round, knows_loss=True, by=hall.clerk)

    assert Token.objects.count() == 10
    with pytest.raises(Refused, match="测评码无效"):
        booth.sheet_for(lost[0])
    assert hall.vote("A")


def test_taking_back_what_was_never_printed_leaves_the_signature():
    hall = prepared()
    slip_batches.ask_for_slips(hall.round, by=hall.clerk)
    slip_batches.cosign_slips(hall.round, by=hall.supervisor)

    with pytest.raises(Refused, match="还没有印制"):
        slip_batches.take_back_slips(hall.round.batches.get(), by=hall.clerk)

    assert hall.round.batches.get().cosigned_by == hall.supervisor


def test_slips_cannot_be_taken_back_once_voting_began():
    hall = voting()

    with pytest.raises(Refused, match="只有已锁定时"):
        slip_batches.take_back_slips(hall.round.batches.get(), by=hall.clerk)

    assert hall.vote("A")


def test_a_panel_renamed_after_a_rehearsal_was_locked_is_told_in_words():
    hall = prepared(is_rehearsal=True)
    PanelPlan.objects.filter(campaign=hall.campaign).update(code="Z")

    with pytest.raises(Refused, match="重新准备"):
        slip_batches.ask_for_slips(hall.round, by=hall.clerk)


# --- opening, closing, counting ----------------------------------------------------------------


def test_voting_does_not_begin_without_codes_or_slips():
    hall = prepared()

    with pytest.raises(Refused, match="还没有生成开箱码"):
        actions.open_voting(hall.round, knows_loss=True, by=hall.clerk)
    actions.make_keys(hall.round, custodians=2, by=hall.clerk)
    with pytest.raises(Refused, match="还没有制作测评码"):
        actions.open_voting(hall.round, knows_loss=True, by=hall.clerk)

    assert hall.stage == Stage.MEETING


@pytest.mark.parametrize(
    ("reached", "act"),
    [
        (prepared, lambda hall: actions.close_voting(hall.round, by=hall.clerk)),
        (voting, lambda hall: actions.open_voting(hall.round, knows_loss=True, by=hall.clerk)),
        (voting, lambda hall: actions.unseal_round(hall.round, hall.codes, by=hall.custodian)),
        (voting, lambda hall: actions.make_keys(hall.round, custodians=2, by=hall.clerk)),
        (voting, lambda hall: slip_batches.ask_for_slips(hall.round, by=hall.clerk)),
        (voting, lambda hall: actions.go_on_to_grading(hall.round, by=hall.custodian)),
        (closed, lambda hall: actions.close_voting(hall.round, by=hall.clerk)),
        (closed, lambda hall: actions.go_on_to_grading(hall.round, by=hall.custodian)),
    ],
)
def test_an_act_in_the_wrong_state_is_refused_and_changes_nothing(reached, act):
    hall = reached()
    before = (state_of(hall), hall.stage)

    with pytest.raises(Refused):
        act(hall)

    assert (state_of(hall), hall.stage) == before


def test_wrong_codes_are_remembered_and_forgiven_by_the_head_alone():
    hall = closed()
    for _ in range(10):
        with pytest.raises(Refused, match="开箱码不正确"):
            actions.unseal_round(hall.round, ["AAAA", "BBBB"], by=hall.custodian)

    with pytest.raises(Refused, match="已锁定"):
        actions.unseal_round(hall.round, hall.codes, by=hall.custodian)
    with pytest.raises(PermissionDenied):
        actions.forgive_wrong_codes(hall.round, by=hall.clerk)
    actions.forgive_wrong_codes(hall.round, by=hall.approver)
    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)

    assert hall.stage == Stage.GRADING


def test_a_box_that_was_counted_while_the_server_stopped_still_goes_on_to_grading():
    hall = closed()
    booth.unseal(hall.box, hall.codes, by=hall.custodian)

    actions.go_on_to_grading(hall.round, by=hall.custodian)
    actions.go_on_to_grading(hall.round, by=hall.custodian)

    assert hall.stage == Stage.GRADING
    assert hall.campaign.moves.filter(after=Stage.GRADING).count() == 1


# --- void and vote again -----------------------------------------------------------------------


def test_a_void_round_is_kept_and_a_new_one_counts():
    hall = voting()
    hall.vote("A", 5, choice="1")
    first, wasted = hall.round, hall.slips["A"][0]

    actions.void_round(first, reason="测评码发错票种", by=hall.clerk)
    closed(hall)
    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)

    assert [(r.number, r.void_reason) for r in hall.campaign.rounds.all()] == [(1, "测评码发错票种"), (2, "")]
    assert set(Mark.objects.values_list("choice", flat=True)) == {"4"}
    with pytest.raises(Refused, match="已宣布无效"):
        booth.sheet_for(wasted)


def test_a_round_is_voided_for_a_reason_only():
    hall = voting()

    with pytest.raises(Refused, match="写明原因"):
        actions.void_round(hall.round, reason="　", by=hall.clerk)

    assert state_of(hall) == Box.State.OPEN


def test_what_grades_are_made_of_is_not_voided():
    hall = closed()
    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)

    with pytest.raises(Refused, match="已进入评定"):
        actions.void_round(hall.round, reason="重来", by=hall.clerk)

    assert state_of(hall) == Box.State.OPENED


# --- rehearsal ---------------------------------------------------------------------------------


def test_a_rehearsal_runs_to_the_end_and_moves_no_stage():
    hall = closed(is_rehearsal=True)

    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)

    assert (state_of(hall), hall.stage) == (Box.State.OPENED, Stage.MEETING)
    assert Candidacy.objects.count() == 0


def test_a_rehearsal_is_wiped_without_a_trace_in_the_real_round():
    hall = closed()
    real = hall.round
    envelopes, tokens = Envelope.objects.count(), Token.objects.count()
    closed(hall, is_rehearsal=True)
    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)

    actions.discard_round(hall.round, by=hall.clerk)

    assert list(Round.objects.all()) == [real]
    assert (Envelope.objects.count(), Token.objects.count(), Mark.objects.count()) == (envelopes, tokens, 0)
    assert Candidacy.objects.filter(entry__box=real.box).count() == 3


def test_a_slip_of_the_rehearsal_opens_no_real_sheet():
    hall = closed(is_rehearsal=True, voters=5)
    leftover = hall.slips["A"][0]
    voting(hall)

    with pytest.raises(Refused, match="票箱已封"):
        booth.sheet_for(leftover)


def test_there_is_one_rehearsal_at_a_time_and_none_after_the_vote():
    hall = prepared(stage=Stage.REPORTING, is_rehearsal=True)

    with pytest.raises(Refused, match="请先清除"):
        actions.prepare_round(hall.campaign, spare={}, by=hall.clerk, is_rehearsal=True)
    Campaign.objects.filter(pk=hall.campaign.pk).update(stage=Stage.GRADING)
    with pytest.raises(Refused, match="不需要再演练"):
        actions.prepare_round(hall.campaign, spare={}, by=hall.clerk, is_rehearsal=True)

    assert Round.objects.count() == 1


# --- who ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "scene"),
    [
        (slip_batches.ask_for_slips, prepared),
        (actions.open_voting, printed),
        (actions.discard_round, printed),
        (actions.close_voting, voting),
    ],
)
def test_a_right_withdrawn_a_moment_ago_is_no_right(verb, scene):
    hall = scene()
    before = (state_of(hall), SlipBatch.objects.count())
    RoleGrant.objects.filter(person=hall.clerk).delete()  # hall.clerk still carries what it read before

    with pytest.raises(PermissionDenied):
        verb(hall.round, by=hall.clerk, **({"knows_loss": True} if verb is actions.open_voting else {}))

    assert (state_of(hall), SlipBatch.objects.count()) == before
