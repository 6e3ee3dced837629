"""One box from draft to opened: what each step allows, refuses and counts."""

import pytest

from organizations.errors import Refused
from organizations.models import Trace
from scoring import booth, count, paper
from scoring.models import Box, Entry, Envelope, Panel, Token
from scoring.tally import PanelCount
from tests.scoring.boxes import (
    make_clerk,
    make_draft,
    make_frozen,
    make_open,
    make_opened,
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


def test_a_rehearsal_can_be_wiped_and_a_vote_cannot():
    rehearsal, vote_for_real = make_open({"A": 5}, is_rehearsal=True), make_open({"A": 5})
    vote(rehearsal.slips["A"][0])

    booth.discard_box(rehearsal.box, by=rehearsal.by)
    with pytest.raises(Refused, match="不能删除"):
        booth.discard_box(vote_for_real.box, by=vote_for_real.by)

    assert not Box.objects.filter(pk=rehearsal.box.pk).exists()
    assert Token.objects.count() == 5
