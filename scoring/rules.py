"""PURE: from counted votes to a suggested grade, with the reasons. The Party group decides.

The regulation is RULES.md; its steps stand here in its order. No clock, no database, no float.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from scoring import sentences
from scoring.policy import (
    GRADES,
    MOST_BP,
    EmptyPanel,
    ForcedPoorMode,
    Grade,
    MissingComponent,
    Policy,
    QuotaGroup,
    TiePolicy,
)
from scoring.standing import (
    Share,
    Standing,
    ballot_score,
    ballot_shares,
    check_standings,
    first_panel,
    panel_scores,
    share_of,
)
from scoring.strict import Malformed
from scoring.tally import PanelCount, weighted_mean

__all__ = [
    "Consequence",
    "Grade",
    "Group",
    "Malformed",
    "Outcome",
    "PanelCount",
    "Policy",
    "Reason",
    "Standing",
    "Suggestion",
    "suggest_grades",
]


class Consequence(StrEnum):
    """What follows from a grade (结果运用): alerts and tasks for people, never automatic penalties."""

    BAR_ANNUAL_EXCELLENT = "BAR_ANNUAL_EXCELLENT"
    ADMONITION_TALK = "ADMONITION_TALK"
    ORDERED_RECTIFICATION = "ORDERED_RECTIFICATION"
    ACCOUNTABILITY_REVIEW = "ACCOUNTABILITY_REVIEW"
    CONSECUTIVE_LOW = "CONSECUTIVE_LOW"

    @property
    def label(self) -> str:
        """In words."""
        return {
            "BAR_ANNUAL_EXCELLENT": "年度考核不得评为优秀",
            "ADMONITION_TALK": "约谈提醒",
            "ORDERED_RECTIFICATION": "限期整改",
            "ACCOUNTABILITY_REVIEW": "提请研究问责",
            "CONSECUTIVE_LOW": "连续两年等次靠后",
        }[self]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a step has to say: a code for programs, a sentence for the result sheet."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the rules suggest for one review, and why.

    ``band`` is the grade of the score alone, ``own_grade`` the one before the quota, ``grade`` the
    suggested one; each None where there is none. ``is_open``: the group has to settle it.
    ``group`` names the quota group; ``rank`` is the place among those who are 好 before the quota
    (1, 2, 2, 4), None for the others.
    """

    id: str | int
    score: Fraction | None
    expressed: int
    band: Grade | None
    own_grade: Grade | None
    grade: Grade | None
    is_open: bool
    reasons: tuple[Reason, ...]
    notices: tuple[Reason, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    group: str = QuotaGroup.CAMPAIGN.value
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Those who share the places of 好: how many they are, and how many places there are."""

    name: str
    size: int
    places: int
    notices: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The suggestions in the order of the standings, the quota groups as they first appear, and by which rules."""

    policy: Policy
    suggestions: tuple[Suggestion, ...]
    groups: tuple[Group, ...]

    def of(self, review: str | int) -> Suggestion:
        """The suggestion for one review, by its id. Raises KeyError."""
        for suggestion in self.suggestions:
            if suggestion.id == review:
                return suggestion
        raise KeyError(review)


def suggest_grades(standings: Iterable[Standing], policy: Policy) -> Outcome:
    """Suggest a grade for every standing, and say why. The Party group decides.

    0. Every figure of everybody must be possible (``check_standings``), or nobody gets a grade.
    1. Panel scores, and their weighted mean: the ballot score.
    2. The score: the ballot score or the composite. Something missing, and the policy blocks: no grade.
    3. No valid vote at all: no grade; the review still counts in its quota group.
    4. The score falls into a band; a score equal to a floor reaches it.
    5. Capping facts lower the grade to their ceiling.
    6. A forcing fact, or too many low votes, makes it 差, whatever the other steps say (also when
       they gave no grade). Counted exactly: 10.004 % is more than 10.00 %, 10.00 % is not.
    7. Few votes: the grade stays, but is open.
    8. The quota on 好 in each group. A tie across the last place is never broken by name or order.
    9. Consequences.
    10. The three readings of the 差 limit, if they disagree.

    The order of ``standings`` does not matter (without ``panel_weights``, the first panel of the
    first one is the one that breaks ties). Raises Malformed.

    >>> seven = {"A": PanelCount(issued=30, returned=29, good=26, poor=3)}
    >>> outcome = suggest_grades([Standing("r1", seven)], Policy())
    >>> outcome.of("r1").grade.label, [reason.code for reason in outcome.of("r1").reasons]
    ('差', ['BAND', 'FORCED_BY_BALLOTS'])
    >>> outcome.of("r1").reasons[1].text
    '差票 3/29=10.34 %，超过 10.00 %，等次定为差'
    """
    standings = tuple(standings)
    check_standings(standings, policy)
    own = {standing.id: own_suggestion(standing, policy) for standing in standings}
    first = first_panel(standings, policy)
    groups = []
    for name, members in _by_group(standings, policy).items():
        group = quota_group(name, len(members), policy)
        groups.append(group)
        own |= under_quota([(standing, own[standing.id]) for standing in members], group, first, policy)
    finished = tuple(
        replace(own[standing.id], consequences=consequences(standing, own[standing.id].grade, policy))
        for standing in standings
    )
    return Outcome(policy, finished, tuple(groups))


def own_suggestion(standing: Standing, policy: Policy) -> Suggestion:
    """Steps 1 to 7 and 10: what the review's own figures suggest, before the quota looks at the others."""
    score, reasons = score_of(standing, policy)
    expressed = standing.expressed
    if not expressed:
        reasons += (Reason("NO_VALID_BALLOTS", sentences.no_valid_ballots()),)
    band = grade = None
    if score is not None and not reasons:
        band = band_of(score, policy)
        lowered = caps_on(standing, band, policy)
        reasons = (Reason("BAND", sentences.band(score, band, policy)), *(reason for _, reason in lowered))
        grade = min([band, *(ceiling for ceiling, _ in lowered)])
    forced = forced_poor(standing, policy)
    few = 0 < expressed < policy.min_valid_ballots
    return Suggestion(
        id=standing.id,
        score=score,
        expressed=expressed,
        band=band,
        own_grade=(own_grade := Grade.POOR if forced else grade),
        grade=own_grade,
        is_open=few,
        reasons=reasons + forced + few * (Reason("FEW_BALLOTS", sentences.few_ballots(expressed, policy)),),
        notices=other_readings(standing, policy),
        group=_group_of(standing, policy),
    )


def score_of(standing: Standing, policy: Policy) -> tuple[Fraction | None, tuple[Reason, ...]]:
    """Steps 1 and 2: the exact score, or None and why there is none (nothing to say when E = 0: step 3 will).

    ``EMPTY_PANEL``: ``empty_panel`` blocks, the ballot score is wanted, and one of the review's own panels
    has no valid vote. ``MISSING_COMPONENT``: a wanted part of the composite is not there, and
    ``missing_component`` blocks or nothing is left to renormalize over.
    """
    weights = dict(policy.composite or (("ballot", 1),))
    wanted = {name: Fraction(weight) for name, weight in weights.items() if weight}
    parts = {"ballot": ballot_score(standing, policy), "routine": standing.routine, "field": standing.field}
    reasons = []
    empty = [code for code, count in standing.panels.items() if not count.expressed]
    blocked = bool(empty) and "ballot" in wanted and policy.empty_panel is EmptyPanel.BLOCK
    if blocked:
        reasons.append(Reason("EMPTY_PANEL", sentences.empty_panels(empty)))
    missing = [name for name in wanted if parts[name] is None and not (blocked and name == "ballot")]
    stops = policy.missing_component is MissingComponent.BLOCK or len(missing) == len(wanted)
    if policy.composite and missing and stops:
        reasons.append(Reason("MISSING_COMPONENT", sentences.missing_components(missing)))
    if reasons:
        return None, tuple(reasons)
    present = ((weight, Fraction(parts[name])) for name, weight in wanted.items() if parts[name] is not None)
    return weighted_mean(present), ()


def band_of(score: Fraction, policy: Policy) -> Grade:
    """Step 4: the highest grade whose floor the exact score reaches.

    >>> band_of(Fraction(90), Policy()).label, band_of(Fraction(8999999, 100000), Policy()).label
    ('好', '较好')
    """
    return next((grade for grade in GRADES[:3] if score >= Fraction(policy.floor(grade))), Grade.POOR)


def caps_on(standing: Standing, band: Grade, policy: Policy) -> list[tuple[Grade, Reason]]:
    """Step 5: every capping fact of the review whose ceiling lies below its band."""
    return [
        (ceiling, Reason("CAP", sentences.cap(fact, ceiling, policy)))
        for fact, ceiling in policy.caps
        if fact in standing.facts and ceiling < band
    ]


def forced_poor(standing: Standing, policy: Policy) -> tuple[Reason, ...]:
    """Step 6: why the grade is 差 whatever else is said; empty when nothing forces it."""
    reasons = []
    facts = [fact for fact in policy.forcing_facts if fact in standing.facts]
    if facts:
        reasons.append(Reason("FORCED_BY_FACT", sentences.forced_by_fact(facts, policy)))
    over = too_high(ballot_shares(standing, policy), policy)
    if over:
        reasons.append(Reason("FORCED_BY_BALLOTS", sentences.forced_by_ballots(over, policy)))
    return tuple(reasons)


def too_high(shares: Iterable[Share], policy: Policy) -> tuple[Share, ...]:
    """Those shares of low votes that exceed (or with GTE reach) the policy's limit, compared exactly."""
    return tuple(share for share in shares if policy.reaches_limit(share.value))


def other_readings(standing: Standing, policy: Policy) -> tuple[Reason, ...]:
    """Step 10: a notice when the three readings of 一般差票 do not all say the same."""
    shares = {mode: ballot_shares(standing, policy, mode) for mode in ForcedPoorMode}
    readings = {mode: (these, bool(too_high(these, policy))) for mode, these in shares.items()}
    if len({triggered for _, triggered in readings.values()}) == 1:
        return ()
    return (Reason("READINGS_DIFFER", sentences.readings_differ(readings, policy)),)


def _group_of(standing: Standing, policy: Policy) -> str:
    return standing.org_type if policy.quota_group_by is QuotaGroup.ORG_TYPE else QuotaGroup.CAMPAIGN.value


def _by_group(standings: Iterable[Standing], policy: Policy) -> dict[str, list[Standing]]:
    groups: dict[str, list[Standing]] = {}
    for standing in standings:
        groups.setdefault(_group_of(standing, policy), []).append(standing)
    return groups


def quota_group(name: str, size: int, policy: Policy) -> Group:
    """Step 8: how many of a group may be 好. A small group is only told; without a quota there is nothing to tell.

    >>> [quota_group("CAMPAIGN", size, Policy()).places for size in (18, 7, 6, 5)]
    [15, 5, 5, 4]
    """
    places = size * (MOST_BP - policy.quota_min_below_good_bp) // MOST_BP
    if not policy.quota_min_below_good_bp or size >= policy.quota_min_group:
        return Group(name, size, places)
    text = sentences.quota_group_too_small(size, places, policy)
    return Group(name, size, places, (Reason("QUOTA_GROUP_TOO_SMALL", text),))


def under_quota(
    members: Sequence[tuple[Standing, Suggestion]], group: Group, first: str | None, policy: Policy
) -> dict[str | int, Suggestion]:
    """Step 8: those of a group who are 好 by their own figures, ranked; from the line on they are 较好.

    Gives back only the suggestions that it has something to say about.
    """
    good = [(standing, suggestion) for standing, suggestion in members if suggestion.grade is Grade.GOOD]
    keys = {standing.id: rank_key(standing, suggestion.score, first, policy) for standing, suggestion in good}
    above = 0
    settled: dict[str | int, Suggestion] = {}
    for key in sorted(set(keys.values()), reverse=True):
        equal = [suggestion for standing, suggestion in good if keys[standing.id] == key]
        settle = _line_for(above, len(equal), group, policy)
        settled |= {each.id: settle(replace(each, rank=above + 1)) for each in equal}
        above += len(equal)
    return settled


def rank_key(standing: Standing, score: Fraction, first: str | None, policy: Policy) -> tuple:
    """What 好 are ranked by, the greater the better: score, share of 好, share of 差 (less is better), score of
    the first panel, last year's closure rate. Never a name, a number or the order of entry. What is absent is lowest.
    """
    good, poor = share_of(standing)
    first_score = panel_scores(standing, policy).get(first)
    closure = standing.closure_rate
    return (
        score,
        good,
        -poor,
        (first_score is not None, first_score or 0),
        (closure is not None, closure or 0),
    )


def _line_for(above: int, equal: int, group: Group, policy: Policy) -> Callable[[Suggestion], Suggestion]:
    """What the quota does to ``equal`` many of one rank, with ``above`` many ranked before them."""
    if group.notices or above + equal <= group.places:
        return lambda suggestion: suggestion
    if above >= group.places:
        text = sentences.quota(group.places, group.size, above + 1, policy)
        return lambda suggestion: _lowered(suggestion, Reason("QUOTA", text))
    if policy.tie_policy is TiePolicy.INCLUDE_ALL:
        return lambda suggestion: suggestion
    opens = policy.tie_policy is TiePolicy.DELIBERATE
    text = sentences.quota_tie(group.places, group.size, above + 1, equal, opens, policy)
    return lambda suggestion: _lowered(suggestion, Reason("QUOTA_TIE", text), opens=opens)


def _lowered(suggestion: Suggestion, reason: Reason, *, opens: bool = False) -> Suggestion:
    return replace(
        suggestion,
        grade=Grade.FAIRLY_GOOD,
        is_open=suggestion.is_open or opens,
        reasons=(*suggestion.reasons, reason),
    )


def consequences(standing: Standing, grade: Grade | None, policy: Policy) -> tuple[Consequence, ...]:
    """Step 9: what follows from a grade, the suggested or the decided one. No grade, nothing follows from it."""
    follow = []
    low = grade in (Grade.AVERAGE, Grade.POOR)
    if grade is not None and grade is not Grade.GOOD:
        follow.append(Consequence.BAR_ANNUAL_EXCELLENT)
    if low:
        follow += [Consequence.ADMONITION_TALK, Consequence.ORDERED_RECTIFICATION]
    if "MAJOR_FAILURE" in standing.facts and "MAJOR_FAILURE" in policy.forcing_facts:
        follow.append(Consequence.ACCOUNTABILITY_REVIEW)
    if low and policy.consecutive_years and standing.previous_grade in (Grade.AVERAGE, Grade.POOR):
        follow.append(Consequence.CONSECUTIVE_LOW)
    return tuple(follow)
