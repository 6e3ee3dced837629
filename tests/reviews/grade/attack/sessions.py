"""Random votes, leaning to what gives secrets away: small panels, and everybody of one mind."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from reviews.grade.showing import GRADES, OTHERS
from scoring import document, rules
from scoring.policy import Policy, from_document, to_document

MARKS = (*GRADES, *OTHERS)
SCOPES = ("POOLED", "ANY_PANEL", "WEIGHTED", "PANEL:A")
DENOMINATORS = ("EXPRESSED", "EXPRESSED_PLUS_ABSTAIN", "RETURNED", "ISSUED")
MODES = ("POOR_ONLY", "AVERAGE_PLUS_POOR", "EITHER")


@dataclass(frozen=True, slots=True)
class Session:
    """One vote: its rules, the counts of every review, the codes of the panels that voted by name."""

    policy: Policy
    standings: tuple[dict, ...]
    by_name: frozenset[str]

    @property
    def outcome(self) -> rules.Outcome:
        _, read = document.read_document({"policy": to_document(self.policy), "reviews": list(self.standings)})
        return rules.suggest_grades(read, self.policy)


def counts(random: Random, returned: int, *, all_speak: bool) -> dict[str, int]:
    """How so many ballots are marked; one time in three nearly all alike."""
    weights = [random.random() ** 3 for _ in MARKS]
    if random.random() < 1 / 3:
        weights[random.choice([0, 0, 1, 2, 3])] += 60
    marks = random.choices(MARKS[:4] if all_speak else MARKS, weights[:4] if all_speak else weights, k=returned)
    return {"issued": returned, "returned": returned, **{mark: marks.count(mark) for mark in MARKS}}


def sizes(random: Random) -> dict[str, int]:
    """Ballots a panel: one to three panels, most of them small. None has fewer than five: those were merged."""
    return {code: random.choice([*range(5, 12), random.randint(12, 40)]) for code in "ABC"[: random.randint(1, 3)]}


def a_policy(random: Random, codes: Iterable[str]) -> Policy:
    """Rules of a vote with these panels."""
    return from_document(
        {
            "panel_weights": {code: random.choice([100, 60, 50, 40, 20]) for code in codes},
            "forced_poor_mode": random.choice(MODES),
            "forced_poor_scope": random.choice(SCOPES),
            "forced_poor_denominator": random.choice(DENOMINATORS),
            "tie_policy": random.choice(["DELIBERATE", "EXCLUDE_ALL", "INCLUDE_ALL"]),
            "caps": {"LATE_REPORT": "FAIRLY_GOOD"},
        }
    )


def a_session(random: Random) -> Session:
    """One to eight reviews, the same panels for all."""
    ballots, all_speak = sizes(random), random.random() < 1 / 2
    standings = tuple(
        {
            "id": str(number),
            "facts": ["LATE_REPORT"] if random.random() < 0.1 else [],
            "panels": {code: counts(random, returned, all_speak=all_speak) for code, returned in ballots.items()},
        }
        for number in range(1, random.randint(1, 8) + 1)
    )
    by_name = frozenset(code for code in ballots if random.random() < 0.1)
    return Session(a_policy(random, ballots), standings, by_name)
