"""S10: over 5,000 random votes no count of a small panel can be worked out from what is published."""

from dataclasses import replace
from random import Random

import pytest

from reviews.grade import showing
from tests.reviews.grade.attack.published import sights_of, worked_out
from tests.reviews.grade.attack.sessions import MARKS, Session, a_session

SESSIONS = 5_000


def hides(session: Session) -> bool:
    return showing.hides_counts(session.standings[0], session.by_name)


def secret_cells(session: Session, standing: dict) -> set:
    """Counts that nobody may learn: those of the secret panels with fewer than ten ballots, and of all beside them."""
    return {
        (code, mark)
        for code, panel in standing["panels"].items()
        for mark in MARKS
        if hides(session) and code not in session.by_name and panel["returned"]
    }


def found_in(session: Session) -> dict:
    """The secret cells that the attack determines, with the value it claims."""
    found = {}
    for standing, sight in zip(session.standings, sights_of(session), strict=True):
        returned = {code: panel["returned"] for code, panel in standing["panels"].items()}
        cells = worked_out(sight, returned, session.policy)
        for code, mark in secret_cells(session, standing) & set(cells):
            found[standing["id"], code, mark] = cells[code, mark]
    return found


def everybody_abstained(session: Session, cell: tuple) -> bool:
    """No valid vote at all gives no grade, and that there is none has to be said."""
    standing = next(each for each in session.standings if each["id"] == cell[0])
    return not any(panel[mark] for panel in standing["panels"].values() for mark in MARKS[:4])


def test_no_count_of_a_small_panel_can_be_worked_out():
    random = Random(20261121)
    sessions = [a_session(random) for _ in range(SESSIONS)]

    found = {
        (place, cell): value
        for place, session in enumerate(sessions)
        if hides(session)
        for cell, value in found_in(session).items()
        if not everybody_abstained(session, cell)
    }

    assert sum(map(hides, sessions)) > SESSIONS // 2
    assert found == {}


def test_what_is_published_beside_a_small_panel_depends_on_the_result_alone():
    """Two votes of one size with one result look the same: there is nothing to solve, by whatever method."""
    random, looks, sessions = Random(7), {}, 0

    for session in (a_session(random) for _ in range(SESSIONS // 2)):
        if hides(session):
            sessions += 1
            for suggestion, standing, sight in zip(
                session.outcome.suggestions, session.standings, sights_of(session), strict=True
            ):
                codes = [reason.code for reason in (*suggestion.reasons, *suggestion.notices)]
                returned = tuple((code, panel["returned"]) for code, panel in standing["panels"].items())
                majority = [bar.withheld for bar in sight.bars if len(returned) == 1]
                key = (returned, suggestion.grade, suggestion.is_open, *codes, *majority, session.policy)
                looks.setdefault(key, set()).add(repr(sight))

    assert sessions > SESSIONS // 4
    assert {len(look) for look in looks.values()} == {1}


def open_sights(session: Session, monkeypatch) -> list:
    """What would be published if small panels were shown like large ones."""
    with monkeypatch.context() as patch:
        patch.setattr(showing, "hides_counts", lambda standing, by_name=(): False)
        return sights_of(session)


def test_without_the_rule_the_attack_finds_every_count(monkeypatch):
    sessions = [session for session in map(a_session, map(Random, range(60))) if hides(session)]
    votes, wrong = 0, []

    for session in sessions:
        for standing, sight in zip(session.standings, open_sights(session, monkeypatch), strict=True):
            returned = {code: panel["returned"] for code, panel in standing["panels"].items()}
            found = worked_out(sight, returned, session.policy)
            votes += len(found)
            wrong += [cell for cell in found if standing["panels"][cell[0]][cell[1]] != found[cell]]
            assert {(code, mark) for code in returned for mark in MARKS[:4]} <= set(found)

    assert votes > 1_000
    assert wrong == []


@pytest.mark.parametrize("leak", ["score", "fraction"])
def test_a_score_alone_beside_hidden_counts_would_give_cells_away(monkeypatch, leak):
    """Why the score is hidden too: of five to nine ballots few histograms have it, and of 100.00 one only."""
    found = reviews = 0

    for session in filter(hides, map(a_session, map(Random, range(400)))):
        both = zip(session.standings, sights_of(session), open_sights(session, monkeypatch), strict=True)
        for standing, sight, shown in both:
            returned = {code: panel["returned"] for code, panel in standing["panels"].items()}
            if sum(returned.values()) < 10:
                reviews += 1
                leaky = replace(sight, **{leak: getattr(shown, leak)})
                found += bool(worked_out(leaky, returned, session.policy))

    assert found > reviews // 4 > 20
