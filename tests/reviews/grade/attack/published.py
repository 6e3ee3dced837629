"""What of a vote is published, by the product's own functions, and what an attacker reads out of it as equations.

He knows the rules, how many ballots each panel gave back (that stands on the tally sheet), and that no vote is half.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace

from reviews.documents.grade_sheet import COUNTED, columns_of
from reviews.grade import showing
from reviews.grade.showing import GRADES, Bar
from reviews.grade.suggesting import Reading, fields_of
from scoring import document
from scoring.policy import GRADE_LABELS, Policy
from tests.reviews.grade.attack.sessions import MARKS, Session
from tests.reviews.grade.attack.solver import Known, between, determined, exactly

EXPRESSED = MARKS[:4]
WORDS = dict(zip(GRADE_LABELS, GRADES, strict=True))
SCORE = re.compile(r"得分 (\d+\.\d\d)")
SHARE = re.compile(r"(?:(\w+)票中)?(差票|一般票和差票合计|一般票)(（占[^）]+）)? (\d+)/(\d+)=")
COUNTED_VOTES = {"差票": ("poor",), "一般票": ("average",), "一般票和差票合计": ("average", "poor")}
BELOW = {
    None: EXPRESSED,
    "（占有效票与弃权票之和）": (*EXPRESSED, "abstain"),
    "（占收回票）": MARKS,
    "（占发出票）": (),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What of one review stands on the table, the why-page, the grade sheet and the tally sheet."""

    bars: tuple[Bar, ...]
    columns: tuple
    score: str
    fraction: str
    texts: tuple[str, ...]


def sights_of(session: Session) -> list[Sight]:
    """The same functions that fill the pages and the files, for every review of a session."""
    outcome = session.outcome
    reviews = {standing["id"]: SimpleNamespace(pk=standing["id"]) for standing in session.standings}
    standings = {standing["id"]: standing for standing in session.standings}
    reading = Reading(outcome, standings, reviews, session.by_name)
    seen = []
    for answer in document.to_answer(outcome)["reviews"]:
        standing = standings[answer["id"]]
        fields = fields_of(answer, standing, reading)
        seen.append(
            Sight(
                bars=tuple(showing.votes_of(standing, session.by_name)),
                columns=tuple(columns_of(standing, session.by_name)),
                score=fields["score"],
                fraction=fields["score_exact"],
                texts=tuple(line["text"] for line in fields["reasons"] + fields["notices"]),
            )
        )
    return seen


def worked_out(sight: Sight, returned: dict[str, int], policy: Policy) -> dict:
    """The cells (panel, mark) that one sight determines, with their values.

    The score is an equation only if every ballot named a grade. The attacker hopes so, and goes without it where that
    cannot be.
    """
    counted = frozenset(_of_counts(sight, returned))
    try:
        return determined(counted | set(_of_score(sight, returned, policy)))
    except ValueError:
        return determined(counted)


def _of_counts(sight: Sight, returned: dict[str, int]) -> list[Known]:
    facts = [exactly({(code, mark): 1 for mark in MARKS}, ballots) for code, ballots in returned.items()]
    for bar in sight.bars:
        facts += _of_bar(bar, returned)
    if isinstance(sight.columns[0], int):
        facts.append(exactly(_all(returned, EXPRESSED), sight.columns[0]))
        facts += [exactly(_all(returned, [mark]), n) for mark, n in zip(COUNTED, sight.columns[1:], strict=True)]
    for text in sight.texts:
        facts += _of_text(text, returned)
    return facts


def _of_score(sight: Sight, returned: dict[str, int], policy: Policy) -> list[Known]:
    half, times = Fraction(1, 200), _score(returned, policy)
    told = {sight.score, *(found for text in sight.texts for found in SCORE.findall(text))} - {""}
    facts = [between(times, Fraction(score) - half, Fraction(score) + half) for score in told]
    return facts + ([exactly(times, Fraction(sight.fraction))] if sight.fraction else [])


def _all(returned: Iterable[str], marks: Iterable[str]) -> dict:
    return {(code, mark): 1 for code in returned for mark in marks}


def _score(returned: dict[str, int], policy: Policy) -> dict:
    """The score as a sum over cells, if every ballot named a grade."""
    weights = {code: Fraction(weight) for code, weight in policy.panel_weights}
    values = dict(zip(EXPRESSED, policy.grade_values, strict=True))
    total = sum(weights.values())
    return {
        (code, mark): weights[code] * Fraction(value) / ballots / total
        for code, ballots in returned.items()
        for mark, value in values.items()
    }


def _of_bar(bar: Bar, returned: dict[str, int]) -> list[Known]:
    if bar.shares:
        return [exactly({(bar.label.removesuffix("票"), WORDS[word]): 1}, votes) for word, votes, _ in bar.shares]
    if "没有有效票" in bar.withheld:
        return [exactly(_all(returned, EXPRESSED), 0)]
    majority = re.search("多数为“(.+?)”", bar.withheld)
    if majority is None:
        return []
    (code,), most = returned, WORDS[majority[1]]
    return [between({(code, most): 1, (code, other): -1}, 0, None) for other in EXPRESSED if other != most]


def _of_text(text: str, returned: dict[str, int]) -> list[Known]:
    facts = []
    for panel, votes, below, count, denominator in SHARE.findall(re.sub("按票种权重加权，[^=]*=", "", text)):
        panels = [panel] if panel else list(returned)
        facts.append(exactly(_all(panels, COUNTED_VOTES[votes]), int(count)))
        if marks := BELOW[below or None]:
            facts.append(exactly(_all(panels, marks), int(denominator)))
    facts += [exactly(_all(returned, EXPRESSED), int(n)) for n in re.findall(r"有效票 (\d+) 张", text)]
    return facts
