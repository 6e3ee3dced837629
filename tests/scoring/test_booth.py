"""One box from draft to opened: what each step allows, refuses and counts."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.errors import Refused
from organizations.models import Trace
from scoring import booth, count, merkle, paper, sealing, terms
from scoring.models import Box, Entry, Envelope, Lid, Mark, Panel, Token, WrappedKey
from scoring.tally import PanelCount
from tests.scoring.boxes import (
    make_clerk,
    make_draft,
    make_frozen,
    make_open,
    make_opened,
    new_receipt,
    put_in,
    vote,
)
from tests.scoring.owner import as_owner

pytestmark = pytest.mark.django_db


def test_a_box_goes_from_draft_to_opened_and_counts_every_mark():
    ballots = {"A": ["432", "411", "40-"], "B": ["444"] * 6}
    opened = make_opened({"A": 6, "B": 6}, ballots=ballots | {"A": ballots["A"] * 2}, each_panel={"recusals": 1})

    counted = count.standings_input(opened.box)

    assert opened.box.state == Box.State.OPENED
    assert counted[1] == {"A": PanelCount(6, 6, good=6), "B": PanelCount(6, 6, good=6)}
    assert counted[2]["A"] == PanelCount(6, 6, fairly_good=2, poor=2, abstain=2)
    assert counted[3]["A"] == PanelCount(6, 6, average=2, poor=2, recused=2)
    assert Envelope.objects.count() == 0


def test_every_act_but_the_cast_leaves_a_line_of_the_trail():
    make_opened({"A": 5})

    acts = list(Trace.objects.order_by("pk").values_list("act", flat=True))

    assert acts == [
        f"票箱：{act}" for act in ("准备票箱", "锁定", "生成开箱码", "制作测评码", "开始投票", "封箱", "开箱")
    ]


ALLOWED_IN = {"freeze": "draft", "make_keys": "frozen", "issue": "frozen", "open": "frozen"}
ALLOWED_IN |= {"cast": "open", "paper": "open", "close": "open", "unseal": "closed"}


@pytest.mark.parametrize(
    ("verb", "state"), [(verb, state) for verb, own in ALLOWED_IN.items() for state in Box.State.values if state != own]
)
def test_every_verb_is_refused_in_every_state_but_its_own(verb, state):
    filled = make_frozen({"A": 5})
    with as_owner():
        Box.objects.filter(pk=filled.box.pk).update(state=state, reason="测试")
    box = filled.fresh()
    verbs = {
        "freeze": lambda: booth.freeze(box, by=filled.by),
        "make_keys": lambda: booth.make_keys(box, by=filled.by),
        "issue": lambda: booth.issue_slips(filled.panel(), 1, by=filled.by),
        "open": lambda: booth.open_box(box, by=filled.by),
        "cast": lambda: vote(filled.slips["A"][0]),
        "paper": lambda: paper.begin_batch(filled.panel(), sheets=1, by=filled.by),
        "close": lambda: booth.close(box, by=filled.by),
        "unseal": lambda: booth.unseal(box, filled.codes, by=filled.by),
    }

    with pytest.raises(Refused):
        verbs[verb]()

    assert filled.fresh().state == state
    assert Envelope.objects.count() == 0


@pytest.mark.parametrize("size", [1, 4])
def test_a_secret_panel_of_fewer_than_five_cannot_be_frozen(size):
    box = make_draft({"A": 10, "B": size})

    with pytest.raises(Refused, match=r"合并.*实名"):
        booth.freeze(box, by=make_clerk())

    assert Box.objects.get(pk=box.pk).state == Box.State.DRAFT


def test_a_small_panel_may_vote_by_name():
    box = make_draft({"A": 2}, each_panel={"is_secret": False})

    assert booth.freeze(box, by=make_clerk()).state == Box.State.FROZEN


@pytest.mark.parametrize(
    ("policy", "word"),
    [({"forced_poor_scope": "PANEL:Z"}, "Z"), ({"unheard_of": 1}, "unheard_of"), ({"score_floors": [1, 2, 3]}, "规则")],
)
def test_a_policy_that_the_rules_cannot_read_is_refused_before_anyone_votes(policy, word):
    box = make_draft({"A": 10}, policy=policy)

    with pytest.raises(Refused, match=word):
        booth.freeze(box, by=make_clerk())


def test_a_box_without_entries_or_panels_cannot_be_frozen():
    empty = make_draft({"A": 5}, entries=0)
    nobody = make_draft({"A": 5})
    nobody.panels.all().delete()

    with pytest.raises(Refused, match="被测评人"):
        booth.freeze(empty, by=make_clerk())
    with pytest.raises(Refused, match="票种"):
        booth.freeze(nobody, by=make_clerk())


def test_what_was_frozen_cannot_be_changed_unseen():
    before_open, before_close = make_frozen({"A": 5}), make_open({"A": 5})
    with as_owner():
        Panel.objects.filter(box=before_open.box).update(weight=1)
        Entry.objects.filter(box=before_close.box, number=1).update(label="别人")

    with pytest.raises(Refused, match="不一致"):
        booth.open_box(before_open.box, by=before_open.by)
    closed = booth.close(before_close.box, by=before_close.by)

    assert closed.state == Box.State.INVALID
    assert "不一致" in closed.reason


def test_slips_are_made_for_the_roll_and_the_stated_spare_and_no_more():
    filled = make_frozen({"A": 5}, each_panel={"spare": 2})

    booth.issue_slips(filled.panel(), 2, by=filled.by)
    with pytest.raises(Refused, match="还可制作 0 张"):
        booth.issue_slips(filled.panel(), 1, by=filled.by)

    assert Token.objects.count() == filled.panel().issued == 7


def test_a_lost_print_is_withdrawn_and_its_slips_are_worth_nothing():
    filled = make_frozen({"A": 5})

    withdrawn = booth.withdraw_slips(filled.panel(), by=filled.by)
    anew = booth.issue_slips(filled.panel(), 5, by=filled.by)
    booth.open_box(filled.box, by=filled.by)

    assert withdrawn == 5
    with pytest.raises(Refused, match="无效"):
        vote(filled.slips["A"][0])
    assert vote(anew[0])


def test_a_box_does_not_open_without_keys_or_without_slips():
    by = make_clerk()
    box = booth.freeze(make_draft({"A": 5}, by=by), by=by)

    with pytest.raises(Refused, match="开箱码"):
        booth.open_box(box, by=by)
    booth.make_keys(box, by=by)
    with pytest.raises(Refused, match="测评码"):
        booth.open_box(box, by=by)
    booth.issue_paper(box.panels.get(), 5, by=by)

    assert booth.open_box(box, by=by).state == Box.State.OPEN


@pytest.mark.parametrize(
    ("ballot", "word"),
    [
        ({1: 4, 2: 3}, "第 3 项还没有选择"),
        ({1: 4, 2: "", 3: ""}, "第 2、3 项"),
        ({1: 4, 2: 3, 3: 5}, "不符"),
        ({1: 4, 2: 3, 3: "x"}, "不符"),
        ({1: 4, 2: 3, 3: "44"}, "不符"),
        ({1: 4, 2: 3, 3: 1, 4: 1}, "不符"),
        ({1: 4, 2: 3, 3: "-"}, "回避"),
        ({}, "第 1、2、3 项"),
    ],
)
def test_a_ballot_that_is_not_whole_is_refused_and_the_slip_stays_good(ballot, word):
    filled = make_open({"A": 5})

    with pytest.raises(Refused, match=word):
        booth.cast(filled.slips["A"][0], ballot, new_receipt())

    assert vote(filled.slips["A"][0])
    assert Envelope.objects.count() == 1


def test_a_slip_votes_once_however_it_is_typed():
    filled = make_open({"A": 5})
    slip = filled.slips["A"][0]

    vote(slip.lower().replace("-", " "))

    with pytest.raises(Refused, match="已使用"):
        vote(slip)
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize("slip", ["", "----", "ABCD", "0" * 26, "测评码", "A" * 5000])
def test_a_slip_that_nobody_issued_opens_nothing(slip):
    make_open({"A": 5})

    with pytest.raises(Refused, match="无效"):
        booth.sheet_for(slip)
    with pytest.raises(Refused, match="无效"):
        vote(slip)


def test_the_same_slip_with_the_same_receipt_succeeds_again_also_after_the_close():
    filled = make_open({"A": 5})
    slip, receipt = filled.slips["A"][0], new_receipt()

    codes = [vote(slip, "444", receipt), vote(slip, "111", receipt)]
    booth.close(filled.box, by=filled.by)
    codes.append(vote(slip, "444", receipt))
    booth.unseal(filled.box, filled.codes, by=filled.by)
    codes.append(vote(slip, "444", receipt))

    assert codes == [booth.receipt_code(receipt)] * 4
    assert count.standings_input(filled.fresh())[1]["A"].good == 1


@pytest.mark.django_db(transaction=True)
def test_a_receipt_that_is_already_there_costs_nobody_his_slip():
    filled = make_open({"A": 5})
    receipt = new_receipt()
    vote(filled.slips["A"][0], "444", receipt)

    with pytest.raises(Refused, match="尚未使用"):
        vote(filled.slips["A"][1], "444", receipt)

    assert vote(filled.slips["A"][1])


def test_looking_at_the_sheet_changes_nothing():
    filled = make_open({"A": 5}, each_panel={"recusals": 1})

    with CaptureQueriesContext(connection) as queries:
        sheets = [booth.sheet_for(filled.slips["A"][0]) for _ in range(100)]

    assert all(query["sql"].strip().startswith("SELECT") for query in queries)
    assert [entry.number for entry in sheets[0].entries] == [1, 2, 3]
    assert (sheets[0].panel, sheets[0].recusals, sheets[0].is_secret) == ("A票", 1, True)
    assert Token.objects.filter(state=Token.State.ISSUED).count() == 5


def test_a_cast_is_two_journeys_to_the_database():
    filled = make_open({"A": 5})
    journeys = {"postgresql": 2, "sqlite": 5}  # SQLite: look up, savepoint, spend, put in, release; all in this process

    with CaptureQueriesContext(connection) as queries:
        vote(filled.slips["A"][0])

    assert len(queries) == journeys[connection.vendor]


def test_the_close_voids_what_nobody_used_and_publishes_sorted_receipts():
    filled = make_open({"A": 5, "B": 6})
    codes = sorted(vote(slip) for slip in [*filled.slips["A"][:3], *filled.slips["B"]])

    closed = booth.close(filled.box, by=filled.by)

    figures = {row["code"]: row for row in booth.returned_figures(closed)}
    assert closed.state == Box.State.CLOSED
    assert closed.receipt_list.codes.splitlines() == codes
    assert closed.receipts_root == merkle.root(codes)
    assert (figures["A"]["returned"], figures["A"]["slips_voided"], figures["B"]["returned"]) == (3, 2, 6)
    assert Token.objects.filter(state=Token.State.ISSUED).count() == 0


def insert_envelope(filled):
    one = Envelope.objects.first()
    Envelope.objects.create(receipt=new_receipt(), panel=one.panel, sealed=one.sealed, mac=one.mac)


def swap_envelope(filled):
    Envelope.objects.filter(receipt=Envelope.objects.first().receipt).delete()
    insert_envelope(filled)


def insert_token(filled):
    Token.objects.create(mac=b"0" * 32, panel=filled.panel())


def delete_envelope(filled):
    Envelope.objects.filter(receipt=Envelope.objects.first().receipt).delete()


def unspend_token(filled):
    one = Token.objects.filter(state=Token.State.SPENT).first()
    Token.objects.filter(mac=one.mac).update(state=Token.State.ISSUED)


@pytest.mark.parametrize("forge", [insert_envelope, swap_envelope, insert_token, delete_envelope, unspend_token])
def test_whoever_writes_into_the_box_by_hand_makes_it_invalid(forge):
    filled = make_open({"A": 6})
    for slip in filled.slips["A"][:5]:
        vote(slip)
    forge(filled)

    closed = booth.close(filled.box, by=filled.by)

    assert closed.state == Box.State.INVALID
    assert closed.reason
    with pytest.raises(Refused):
        booth.unseal(closed, filled.codes, by=filled.by)
    with pytest.raises(Refused):
        count.standings_input(closed)


def test_an_envelope_changed_after_the_close_is_found_and_nothing_is_destroyed():
    filled = make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    booth.close(filled.box, by=filled.by)
    one = Envelope.objects.first()
    Envelope.objects.filter(receipt=one.receipt).update(sealed=bytes(one.sealed)[:-1] + b"?")

    with pytest.raises(Refused, match="1 张不能解封"):
        booth.unseal(filled.box, filled.codes, by=filled.by)

    assert (Envelope.objects.count(), Mark.objects.count()) == (5, 0)
    assert filled.fresh().state == Box.State.CLOSED


def test_a_genuine_envelope_with_an_impossible_ballot_counts_as_invalid():
    filled = make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    one = Envelope.objects.first()
    sealed = sealing.seal("44", filled.box.public_key)
    mac = sealing.mac_of_envelope(bytes(one.receipt), one.panel_id, sealed)
    Envelope.objects.filter(receipt=one.receipt).update(sealed=sealed, mac=mac)

    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)

    assert count.standings_input(filled.fresh())[1]["A"] == PanelCount(5, 5, good=4, invalid=1)


def test_more_ballots_than_people_make_the_vote_invalid():
    filled = make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    Panel.objects.update(paper_issued=1)  # by hand: nobody is given a slip and a paper ballot otherwise
    put_in(filled, ["444"])

    closed = booth.close(filled.box, by=filled.by)

    assert closed.state == Box.State.INVALID
    assert "投了两次" in closed.reason


def test_a_vote_is_voided_only_for_a_reason_and_for_good():
    filled = make_open({"A": 5})

    with pytest.raises(Refused, match="原因"):
        booth.void(filled.box, "  ", by=filled.by)
    voided = booth.void(filled.box, "会场断电", by=filled.by)

    assert (voided.state, voided.reason) == (Box.State.INVALID, "会场断电")
    with pytest.raises(Refused):
        booth.void(filled.box, "再来一次", by=filled.by)
    with pytest.raises(Refused, match="无效"):
        vote(filled.slips["A"][0])


def test_wrong_codes_are_refused_in_words_and_not_for_ever():
    filled = make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    booth.close(filled.box, by=filled.by)
    wrong = make_frozen({"A": 5}).codes

    for left in reversed(range(10)):
        with pytest.raises(Refused, match=f"还可再试 {left} 次"):
            booth.unseal(filled.box, wrong, by=filled.by)
    with pytest.raises(Refused, match="已锁定"):
        booth.unseal(filled.box, filled.codes, by=filled.by)
    booth.forgive_wrong_codes(filled.box, by=filled.by)

    assert booth.unseal(filled.box, filled.codes, by=filled.by).state == Box.State.OPENED


@pytest.mark.parametrize("codes", [[], ["one"], ["same", "same"], ["", ""], ["甲", "乙"]])
def test_the_box_needs_two_different_codes(codes):
    filled = make_open({"A": 5})
    booth.close(filled.box, by=filled.by)

    with pytest.raises(Refused, match="两个不同的开箱码"):
        booth.unseal(filled.box, codes, by=filled.by)


def test_codes_made_anew_replace_the_old_ones():
    filled = make_frozen({"A": 5})
    codes = booth.make_keys(filled.box, 3, by=filled.by)
    booth.open_box(filled.box, by=filled.by)
    vote(filled.slips["A"][0])
    booth.close(filled.box, by=filled.by)

    with pytest.raises(Refused, match="不正确"):
        booth.unseal(filled.box, filled.codes, by=filled.by)

    assert booth.unseal(filled.box, [codes[2], codes[0].lower()], by=filled.by).state == Box.State.OPENED


def test_there_is_no_number_before_the_opening():
    filled = make_open({"A": 40})
    for slip in filled.slips["A"][:7]:
        vote(slip)

    for answer in (count.standings_input, count.document_of, count.suggestions_for, count.export_package):
        with pytest.raises(Refused, match="开箱后"):
            answer(filled.box)
    with pytest.raises(Refused, match="封箱后"):
        booth.returned_figures(filled.box)


def test_turnout_moves_in_steps_of_five_and_once_a_minute():
    filled = make_open({"A": 40})
    seen = []
    for slip in filled.slips["A"][:36]:
        vote(slip)
        seen.append(booth.turnout(filled.box).cast)
    at_first = set(seen)
    Lid.objects.update(turnout_read_at=Lid.objects.get(box=filled.box).turnout_read_at - timedelta(seconds=61))
    later = booth.turnout(filled.box)
    booth.close(filled.box, by=filled.by)
    after = booth.turnout(filled.fresh())

    assert at_first == {0}
    assert (later.cast, later.is_nearly_all, str(later)) == (35, True, "已投 90 % 以上")
    assert (after.cast, after.is_exact, str(after)) == (36, True, "收回 36 / 40")


@pytest.mark.parametrize(
    ("returned", "joined"),
    [
        ({"A": 10, "B": 10}, {}),
        ({"A": 4, "B": 10}, {"B": "A"}),
        ({"A": 10, "B": 4, "C": 30}, {"B": "A"}),
        ({"A": 30, "B": 4, "C": 10}, {"C": "B"}),
        ({"A": 3, "B": 10, "C": 2}, {"C": "A"}),
        ({"A": 1, "B": 0}, {}),
        ({"A": 4}, {}),
        ({"A": 2, "B": 2, "C": 9, "D": 7}, {"B": "A", "D": "A"}),
    ],
)
def test_panels_with_fewer_than_five_ballots_are_counted_together(returned, joined):
    panels = [{"code": code, "is_secret": True, "returned": many} for code, many in returned.items()]

    assert terms.merged(panels) == joined


def test_merged_panels_are_weighted_together():
    filled = make_open({"A": 5, "B": 6}, policy={"forced_poor_scope": "PANEL:B"}, each_panel={"weight": 30})
    for slip in filled.slips["A"][:3]:
        vote(slip, "444")
    for slip in filled.slips["B"]:
        vote(slip, "111")
    booth.close(filled.box, by=filled.by)
    box = booth.unseal(filled.box, filled.codes, by=filled.by)

    counted, policy = count.standings_input(box), terms.policy_of(box)

    assert counted[1] == {"A+B": PanelCount(issued=11, returned=9, good=3, poor=6)}
    assert dict(policy.panel_weights) == {"A+B": 60}
    assert policy.forced_poor_scope == "PANEL:A+B"
    assert count.suggestions_for(box).of("1").grade.name == "POOR"


@pytest.mark.parametrize(
    ("ballots", "is_secret", "shown"),
    [
        (0, True, "hidden"),
        (4, True, "hidden"),
        (5, True, "band"),
        (9, True, "band"),
        (10, True, "histogram"),
        (2, False, "histogram"),
    ],
)
def test_how_much_is_shown_depends_on_how_many_voted(ballots, is_secret, shown):
    assert booth.display_of(ballots, is_secret=is_secret) == shown


def test_no_random_plan_freezes_a_secret_panel_of_fewer_than_five():
    chance, policy = Random(9), terms.complete_policy(Box())
    frozen_small = 0
    for _ in range(10_000):
        panels = [
            {"code": code, "label": code, "is_secret": chance.random() < 0.8, "eligible": chance.randint(0, 9)}
            for code in "ABC"[: chance.randint(1, 3)]
        ]
        try:
            terms.check_terms({"panels": panels, "entries": [{"number": 1}], "policy": policy})
        except Refused:
            continue
        frozen_small += any(panel["is_secret"] and panel["eligible"] < 5 for panel in panels)

    assert frozen_small == 0


def test_a_rehearsal_can_be_wiped_and_a_vote_cannot():
    rehearsal, vote_for_real = make_open({"A": 5}, is_rehearsal=True), make_open({"A": 5})
    vote(rehearsal.slips["A"][0])

    booth.discard_box(rehearsal.box, by=rehearsal.by)
    with pytest.raises(Refused, match="不能删除"):
        booth.discard_box(vote_for_real.box, by=vote_for_real.by)

    assert not Box.objects.filter(pk=rehearsal.box.pk).exists()
    assert Token.objects.count() == 5


def test_destroyed_keys_end_the_appeal_window():
    filled = make_opened({"A": 5})

    booth.destroy_keys(filled.box, by=filled.by)

    assert WrappedKey.objects.count() == 0


def test_what_grades_are_suggested_from_can_be_completed_from_outside():
    filled = make_opened({"A": 6}, ballots={"A": ["444"] * 6})
    facts = [{"id": 2, "facts": ["ACCOUNTABILITY"]}]

    outcome = count.suggestions_for(filled.box, facts)

    assert [outcome.of(number).grade.name for number in "123"] == ["GOOD", "POOR", "GOOD"]
    with pytest.raises(Refused, match="“9”"):
        count.suggestions_for(filled.box, [{"id": "9"}])
