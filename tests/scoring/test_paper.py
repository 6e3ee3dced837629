"""Paper in the same count: two tellers, one scrutineer, and nothing that tells a paper from a phone."""

from random import Random

import pytest
from django.db import IntegrityError, connection, transaction

from organizations.errors import Refused
from organizations.models import Trace
from scoring import booth, count, paper, sealing
from scoring.models import Box, Envelope, Event, KeyedSheet, Panel, PaperBatch
from scoring.tally import PanelCount
from tests.scoring.boxes import key_in, make_clerk, make_frozen, make_open, put_in, random_ballots, rows_of, vote

pytestmark = pytest.mark.django_db
ON_POSTGRESQL = connection.vendor == "postgresql"
MARKS = "43210x"


def misread(chance: Random, ballot: str, share: float) -> str:
    """What a teller keys: with this chance a cell is another mark than stands there."""
    return "".join(chance.choice(MARKS.replace(mark, "")) if chance.random() < share else mark for mark in ballot)


def test_every_cell_on_which_two_tellers_differ_waits_for_the_scrutineer():
    """I13: a thousand sheets of eighteen lines, each teller wrong in one cell of a hundred."""
    chance, entries, batches = Random(13), 18, 20
    filled = make_open({"A": 1000}, entries=entries, sheets={"A": 1000})
    truth = random_ballots(chance, 1000, entries, MARKS)
    differing = unnoticed = found = 0

    for start in range(0, 1000, 1000 // batches):
        pile = truth[start : start + 50]
        first, second = ([misread(chance, ballot, 0.01) for ballot in pile] for _ in range(2))
        batch = key_in(filled, first, second)
        mine = {
            (sheet + 1, line + 1)
            for sheet in range(50)
            for line in range(entries)
            if first[sheet][line] != second[sheet][line]
        }
        unnoticed += sum(first[s][n] == second[s][n] != pile[s][n] for s in range(50) for n in range(entries))
        differing, found = differing + len(mine), found + len(set(paper.undecided(batch)) & mine)
        with pytest.raises(Refused, match="裁定"):
            paper.accept_batch(batch, by=make_clerk())
        right = {(sheet, line): pile[sheet - 1][line - 1] for sheet, line in mine}
        paper.decide(batch, right, by=make_clerk(), sure={(s, n, mark) for (s, n), mark in right.items()})
        paper.accept_batch(batch, by=make_clerk())

    assert differing > 200
    assert found == differing
    assert unnoticed <= 3  # both wrong in the same cell in the same way: 18,000 cells, one in 50,000 each
    assert Envelope.objects.count() == filled.panel().paper_returned == 1000
    assert KeyedSheet.objects.count() == 0
    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)
    assert wrong_cells(filled.fresh(), truth) <= 2 * unnoticed


def wrong_cells(box: Box, truth: list[str]) -> int:
    """By how many votes the counts of the box differ from what was on the paper."""
    counted = count.counts_of(box)["A"]
    return sum(
        abs(column[mark] - sum(ballot[line] == mark for ballot in truth))
        for line, column in enumerate(counted)
        for mark in MARKS
    )


def test_the_counts_of_paper_and_phones_are_one():
    filled = make_open({"A": 12}, sheets={"A": 6})
    for slip in filled.slips["A"]:
        vote(slip, "432")

    put_in(filled, ["4x1"] * 4 + ["xxx"])
    lengths = {len(bytes(envelope.sealed)) for envelope in Envelope.objects.all()}
    closed = booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)

    assert len(lengths) == 1
    assert count.standings_input(filled.fresh())[2]["A"] == PanelCount(12, 11, fairly_good=6, invalid=5)
    figures = booth.returned_figures(closed)[0]
    assert {name: figures[name] for name in ("issued", "returned", "paper_returned", "paper_invalid")} == {
        "issued": 12,
        "returned": 11,
        "paper_returned": 5,
        "paper_invalid": 1,
    }


def test_more_paper_than_was_issued_makes_the_whole_vote_invalid():
    """I9: 51 of 50. It takes two tellers and a scrutineer, never a slip of the finger."""
    filled = make_open({"A": 60}, sheets={"A": 50})
    put_in(filled, ["444"] * 30)
    batch = key_in(filled, ["444"] * 21)
    before = filled.fresh().state, paper.balance(filled.box)[0].is_overfull

    box = paper.accept_batch(batch, by=make_clerk())

    assert before == (Box.State.OPEN, True)
    assert box.state == filled.fresh().state == Box.State.INVALID
    assert "51" in box.reason
    assert "50" in box.reason
    assert (Envelope.objects.count(), KeyedSheet.objects.count()) == (30, 0)
    with pytest.raises(Refused):
        count.suggestions_for(box)


@pytest.mark.parametrize(("slips", "sheets"), [(10, 3), (8, 5)])
def test_slips_and_paper_together_never_exceed_the_roll_and_its_spare(slips, sheets):
    """I6, I14: whoever takes paper takes it in the place of a slip."""
    filled = make_frozen({"A": 10}, each_panel={"spare": 2}, sheets={"A": 12 - slips})

    with pytest.raises(Refused, match="还可制作"):
        booth.issue_paper(filled.panel(), sheets, by=filled.by)

    panel = filled.panel()
    assert panel.issued + panel.paper_issued == panel.slip_limit


@pytest.mark.parametrize(("votes", "state"), [(8, Box.State.CLOSED), (9, Box.State.INVALID)])
def test_a_slip_handed_in_for_paper_must_be_unused(votes, state):
    """I14: nine slips, one torn for a paper ballot. If all nine have voted, somebody voted twice."""
    filled = make_open({"A": 10}, sheets={"A": 1})
    for slip in filled.slips["A"][:votes]:
        vote(slip)
    put_in(filled, ["444"], exchanged=1)

    closed = booth.close(filled.box, by=filled.by)

    assert closed.state == state
    assert ("投了两次" in closed.reason) == (state == Box.State.INVALID)


def test_one_person_cannot_be_both_tellers():
    filled = make_open({"A": 10}, sheets={"A": 5})
    teller = make_clerk()
    batch = paper.begin_batch(filled.panel(), sheets=1, by=teller)
    paper.key_sheet(batch, 1, "444", by=teller)
    paper.finish_reading(batch, by=teller)

    with pytest.raises(Refused, match="另一位计票人"):
        paper.key_sheet(batch, 1, "444", by=teller)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperBatch.objects.filter(pk=batch.pk).update(second_by=teller)

    batch.refresh_from_db()
    assert batch.state == PaperBatch.State.KEYING


@pytest.mark.parametrize("place", [0, 1])
def test_a_teller_of_the_batch_decides_nothing_in_it(place):
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch = key_in(filled, ["444"], ["443"])
    teller = [batch.first_by, batch.second_by][place]

    for act in (lambda: paper.decide(batch, {(1, 3): "4"}, by=teller), lambda: paper.accept_batch(batch, by=teller)):
        with pytest.raises(Refused, match="监票人"):
            act()

    assert paper.undecided(batch) == [(1, 3)]
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperBatch.objects.filter(pk=batch.pk).update(decided_by=teller)


def test_a_third_person_keys_nothing():
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch = paper.begin_batch(filled.panel(), sheets=2, by=make_clerk())
    paper.key_sheet(batch, 1, "444", by=make_clerk())

    with pytest.raises(Refused, match="不需要第三人"):
        paper.key_sheet(batch, 1, "111", by=make_clerk())

    assert KeyedSheet.objects.count() == 1


def test_each_teller_gets_back_his_own_reading_until_he_has_finished_it():
    filled = make_open({"A": 10}, sheets={"A": 5})
    one, other = make_clerk(), make_clerk()
    batch = paper.begin_batch(filled.panel(), sheets=1, by=one)
    paper.key_sheet(batch, 1, "432", by=one)

    before = paper.own_sheets(batch, one), paper.own_sheets(batch, other), paper.own_sheets(batch, make_clerk())
    paper.key_sheet(batch, 1, "111", by=other)
    batch = paper.finish_reading(batch, by=one)

    assert before == ({1: "432"}, {}, {})
    assert (paper.own_sheets(batch, one), paper.own_sheets(batch, other)) == ({}, {1: "111"})


def test_a_third_opinion_is_looked_at_twice():
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch, scrutineer = key_in(filled, ["444"], ["443"]), make_clerk()

    doubtful = paper.decide(batch, {(1, 3): "1"}, by=scrutineer)
    still_open = paper.undecided(batch)
    taken = paper.decide(batch, {(1, 3): "1"}, by=scrutineer, sure={(1, 3, "1")})

    assert (doubtful, still_open, taken) == ([(1, 3)], [(1, 3)], [])
    assert paper.undecided(batch) == []


def test_only_cells_that_differ_can_be_decided():
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch = key_in(filled, ["444"], ["443"])

    with pytest.raises(Refused, match="只能裁定"):
        paper.decide(batch, {(1, 1): "1"}, by=make_clerk(), sure={(1, 1, "1")})


def test_a_sheet_that_the_scrutineer_finds_void_is_void_in_every_line():
    """Both tellers missed the name written on it and differ in one line: the lines they agree on are no votes."""
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch, scrutineer = key_in(filled, ["444", "431"], ["44x", "431"]), make_clerk()

    doubtful = paper.decide(batch, {(1, 3): "x"}, void={1}, by=scrutineer)
    paper.decide(batch, {(1, 3): "x"}, void={1}, sure={(1, 3, "x")}, by=scrutineer)
    paper.accept_batch(batch, by=scrutineer)
    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)

    assert doubtful == [(1, 3)]
    assert filled.panel().paper_invalid == 1
    assert [dict(column) for column in count.counts_of(filled.fresh())["A"]] == [
        {"4": 1, "x": 1},
        {"3": 1, "x": 1},
        {"1": 1, "x": 1},
    ]


def test_a_sheet_decided_anew_is_no_longer_void():
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch, scrutineer = key_in(filled, ["444"], ["44x"]), make_clerk()
    paper.decide(batch, {(1, 3): "x"}, void={1}, sure={(1, 3, "x")}, by=scrutineer)

    paper.decide(batch, {(1, 3): "x"}, by=scrutineer)
    paper.accept_batch(batch, by=scrutineer)

    assert filled.panel().paper_invalid == 0


@pytest.mark.parametrize(
    ("ballot", "word"),
    [
        ("44", "第 3 项还没有录入"),
        ("4 4", "第 2 项还没有录入"),
        ("449", "第 3 项不能识别"),
        ("4--", "回避"),
        ("4444", "第 4 项不能识别"),
    ],
)
def test_what_no_sheet_can_say_is_refused_at_the_keyboard(ballot, word):
    filled = make_open({"A": 10}, sheets={"A": 5}, each_panel={"recusals": 1})
    batch = paper.begin_batch(filled.panel(), sheets=1, by=make_clerk())

    with pytest.raises(Refused, match=word):
        paper.key_sheet(batch, 1, ballot, by=batch.first_by)

    assert KeyedSheet.objects.count() == 0


@pytest.mark.parametrize(("sheets", "exchanged"), [(0, 0), (51, 0), (-1, 0), (5, 6), (5, -1)])
def test_a_pile_is_counted_before_it_is_keyed_and_is_not_too_large(sheets, exchanged):
    filled = make_open({"A": 100}, sheets={"A": 60})

    with pytest.raises(Refused):
        paper.begin_batch(filled.panel(), sheets=sheets, exchanged=exchanged, by=make_clerk())

    assert PaperBatch.objects.count() == 0


def test_a_reading_with_a_missing_sheet_is_not_finished():
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch = paper.begin_batch(filled.panel(), sheets=3, by=make_clerk())
    paper.key_sheet(batch, 2, "444", by=batch.first_by)

    with pytest.raises(Refused, match="第 1、3 张"):
        paper.finish_reading(batch, by=batch.first_by)


def test_the_box_is_not_closed_beside_an_unfinished_batch():
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch = key_in(filled, ["444"])

    with pytest.raises(Refused, match="A票第 1 批"):
        booth.close(filled.box, by=filled.by)
    is_closing = filled.fresh().is_closing
    paper.accept_batch(batch, by=make_clerk())

    assert not is_closing
    assert booth.close(filled.box, by=filled.by).state == Box.State.CLOSED


def test_a_batch_sent_back_leaves_only_its_line_in_the_trail():
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch = key_in(filled, ["444"])

    paper.return_batch(batch, by=make_clerk())

    assert (PaperBatch.objects.count(), KeyedSheet.objects.count()) == (0, 0)
    assert Trace.objects.filter(act="票箱：退回纸质票").count() == 1
    assert booth.close(filled.box, by=filled.by).state == Box.State.CLOSED


def test_a_sheet_moved_to_another_place_is_noticed():
    filled = make_open({"A": 10}, sheets={"A": 5})
    batch = key_in(filled, ["444", "111"])
    kept = dict(KeyedSheet.objects.filter(batch=batch, reading=1).values_list("position", "kept"))
    KeyedSheet.objects.filter(batch=batch, reading=1, position=1).update(kept=kept[2])

    with pytest.raises(Refused, match="改动"):
        paper.accept_batch(batch, by=make_clerk())

    assert Envelope.objects.count() == 0


def test_an_accepted_batch_leaves_counts_and_nothing_else():
    filled = make_open({"A": 20}, sheets={"A": 5}, entries=18)
    ballots = random_ballots(Random(5), 5, 18, MARKS)
    put_in(filled, ballots)

    told = "".join(str(row) for model in (Trace, Event, PaperBatch, Panel) for row in model.objects.values())

    assert KeyedSheet.objects.count() == 0
    assert [ballot for ballot in ballots if ballot in told] == []
    facts = Event.objects.get(act="录入纸质票").facts
    assert {name: facts[name] for name in ("returned", "invalid", "differing", "batch")} == {
        "returned": 5,
        "invalid": 0,
        "differing": 0,
        "batch": 1,
    }


def test_the_trail_tells_no_count_of_a_panel_while_others_vote():
    filled = make_open({"A": 10}, sheets={"A": 5})
    put_in(filled, ["444", "111"])
    paper.return_batch(key_in(filled, ["444", "333", "222"]), by=make_clerk())

    told = [trace.facts for trace in Trace.objects.filter(act__contains="纸质票").exclude(act="票箱：制作纸质票")]

    assert len(told) == 8
    assert {name for detail in told for name in detail} == {"box", "batch", "panel", "tellers"}


@pytest.mark.django_db(transaction=True)
def test_keyed_marks_are_locked_bytes_in_the_database():
    """S2: no plain mark, no two equal sheets that look equal, all of one length."""
    filled = make_open({"A": 60}, entries=18, sheets={"A": 50})
    ballots = [*random_ballots(Random(6), 25, 18, MARKS), *["4" * 18] * 25]
    key_in(filled, ballots)

    kept = [bytes(row) for row in KeyedSheet.objects.values_list("kept", flat=True)]

    assert len(kept) == len(set(kept)) == 100
    assert len({len(row) for row in kept}) == 1
    assert [ballot for ballot in ballots if any(ballot.encode() in row for row in kept)] == []


@pytest.mark.django_db(transaction=True)
def test_nothing_in_a_closed_box_tells_a_paper_from_a_phone():
    """S1 with a mixture: columns, sizes, hidden transaction numbers and physical order."""
    filled = make_open({"A": 200}, entries=18, sheets={"A": 50})
    chance = Random(7)
    phones = filled.slips["A"]
    for slip in phones[:75]:
        vote(slip, random_ballots(chance, 1, 18, "4321")[0])
    before = set(Envelope.objects.values_list("receipt", flat=True))
    put_in(filled, random_ballots(chance, 50, 18, MARKS))
    on_paper = {bytes(receipt) for receipt in Envelope.objects.values_list("receipt", flat=True)}
    on_paper -= {bytes(receipt) for receipt in before}
    for slip in phones[75:]:
        vote(slip, random_ballots(chance, 1, 18, "4321")[0])

    booth.close(filled.box, by=filled.by)

    written_by, lies_at = ("xmin::text", "ctid") if ON_POSTGRESQL else ("0", "rowid")
    rows = rows_of(
        f"SELECT {written_by}, receipt, length(sealed), length(mac) FROM scoring_envelope ORDER BY {lies_at}"
    )
    receipts = [bytes(row[1]) for row in rows]
    assert len(on_paper) == 50
    assert len({(row[0], row[2], row[3], len(bytes(row[1]))) for row in rows}) == 1
    assert receipts == sorted(receipts)


def test_the_lock_opens_at_its_own_place_only():
    kept = sealing.lock_away("4321", "1/1/1")

    assert sealing.take_out(kept, "1/1/1") == "4321"
    assert sealing.take_out(kept, "1/1/2") is None
    assert sealing.take_out(kept[:-1] + b"\0", "1/1/1") in (None, "4321" if kept.endswith(b"\0") else None)
