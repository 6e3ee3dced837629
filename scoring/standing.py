"""PURE: what goes into the rules for one review, and what can be read off it alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from dataclasses import field as filled_in
from decimal import Decimal
from fractions import Fraction

from scoring.policy import ANY_PANEL, PANEL, POOLED, Denominator, ForcedPoorMode, Grade, Policy
from scoring.strict import Malformed, inside
from scoring.tally import PanelCount, panel_score, weighted_mean

POOR, AVERAGE, AVERAGE_AND_POOR = "poor", "average", "average_and_poor"
COUNTED = {
    ForcedPoorMode.POOR_ONLY: (POOR,),
    ForcedPoorMode.AVERAGE_PLUS_POOR: (AVERAGE_AND_POOR,),
    ForcedPoorMode.EITHER: (AVERAGE, POOR),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one review stands (one secretary in one campaign): counts by panel, and what else the rules ask.

    ``routine`` and ``field`` are scores from 0 to 100 or None (平时/实地), ``closure_rate`` last year's
    share of closed problems from 0 to 1 or None, ``facts`` the confirmed forcing or capping ones.
    """

    id: str | int
    panels: Mapping[str, PanelCount]
    org_type: str = ""
    facts: tuple[str, ...] = ()
    routine: Decimal | None = None
    field: Decimal | None = None
    previous_grade: Grade | None = None
    closure_rate: Decimal | None = None
    total: PanelCount = filled_in(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Pool all panels, one vote one vote, once: most steps ask for it."""
        names = [each.name for each in fields(PanelCount)]
        counts = self.panels.values()
        object.__setattr__(self, "total", PanelCount(*(sum(getattr(each, name) for each in counts) for name in names)))

    @property
    def expressed(self) -> int:
        """E over all panels."""
        return self.total.expressed


@dataclass(frozen=True, slots=True)
class Share:
    """A share of votes that is held against the limit of step 6: which votes, where, of how many.

    ``panel`` None is all panels together. A weighted share has no count of its own; its two numbers
    are those of the exact fraction.
    """

    votes: str
    panel: str | None
    count: int
    denominator: int
    weighted: bool = False

    @property
    def value(self) -> Fraction:
        """The exact share."""
        return Fraction(self.count, self.denominator)


def check_standings(standings: Sequence[Standing], policy: Policy) -> None:
    """Raise Malformed, naming the review, the panel and the figures, unless every figure can be true.

    The identities of RULES.md section 1 come first, for everybody; then no review twice, no panel
    without a weight, and an organization type wherever the places of 好 are shared by type.
    """
    for place, standing in enumerate(standings):
        for code, count in standing.panels.items():
            if breach := count.breach():
                raise Malformed(inside(f"reviews[{place}].panels", code), breach)
    first_seen: dict[str | int, int] = {}
    weights = None if policy.panel_weights is None else dict(policy.panel_weights)
    for place, standing in enumerate(standings):
        path = f"reviews[{place}]"
        if standing.id in first_seen:
            raise Malformed(f"{path}.id", f"与 reviews[{first_seen[standing.id]}].id 重复：{standing.id}")
        first_seen[standing.id] = place
        for code in standing.panels:
            if weights is not None and code not in weights:
                raise Malformed(inside(f"{path}.panels", code), "panel_weights 中没有这个票种的权重")
        if policy.quota_group_by == "ORG_TYPE" and not standing.org_type:
            raise Malformed(f"{path}.org_type", "“好”的名额按组织类型分组，须填写组织类型")


def weights_of(standing: Standing, policy: Policy) -> dict[str, Fraction]:
    """The weight of each of the review's panels, in the review's order; all the same without weights."""
    if policy.panel_weights is None:
        return {code: Fraction(1) for code in standing.panels}
    given = dict(policy.panel_weights)
    return {code: Fraction(given[code]) for code in standing.panels}


def first_panel(standings: Iterable[Standing], policy: Policy) -> str | None:
    """The panel whose score breaks ties: the first one in ``panel_weights``, else the first one of the document."""
    if policy.panel_weights is not None:
        return policy.panel_weights[0][0] if policy.panel_weights else None
    return next((code for standing in standings for code in standing.panels), None)


def panel_scores(standing: Standing, policy: Policy) -> dict[str, Fraction | None]:
    """S_p of each panel (step 1), None where nobody expressed anything."""
    values = [Fraction(value) for value in policy.grade_values]
    return {code: panel_score(count, values) for code, count in standing.panels.items()}


def ballot_score(standing: Standing, policy: Policy) -> Fraction | None:
    """Σ w_p·S_p / Σ w_p over the panels with votes (step 1); None when no panel has any."""
    weights = weights_of(standing, policy)
    scores = panel_scores(standing, policy)
    return weighted_mean((weights[code], score) for code, score in scores.items() if score is not None)


def share_of(standing: Standing) -> tuple[Fraction, Fraction]:
    """The shares of 好 and of 差 in E, all panels together. E must not be 0."""
    return Fraction(standing.total.good, standing.expressed), Fraction(standing.total.poor, standing.expressed)


def ballot_shares(standing: Standing, policy: Policy, mode: ForcedPoorMode | None = None) -> tuple[Share, ...]:
    """Every share that step 6 holds against the limit, in the policy's scope; any one too high forces 差.

    ``mode`` reads the ballots in another way than the policy does. A denominator of 0 gives no share.
    """
    counted = COUNTED[policy.forced_poor_mode if mode is None else mode]
    return tuple(share for votes in counted for share in _shares_of(votes, standing, policy))


def _shares_of(votes: str, standing: Standing, policy: Policy) -> list[Share]:
    scope = policy.forced_poor_scope
    if scope == POOLED:
        places: dict[str | None, PanelCount] = {None: standing.total}
    elif scope.startswith(PANEL):
        code = scope.removeprefix(PANEL)
        places = {code: standing.panels[code]} if code in standing.panels else {}
    else:
        places = dict(standing.panels)
    shares = [
        Share(votes, code, _counted(votes, count), below)
        for code, count in places.items()
        if (below := _denominator(count, policy))
    ]
    if scope in (POOLED, ANY_PANEL) or scope.startswith(PANEL):
        return shares
    weights = weights_of(standing, policy)
    mean = weighted_mean((weights[share.panel], share.value) for share in shares)
    return [] if mean is None else [Share(votes, None, mean.numerator, mean.denominator, weighted=True)]


def _counted(votes: str, count: PanelCount) -> int:
    return {POOR: count.poor, AVERAGE: count.average, AVERAGE_AND_POOR: count.average + count.poor}[votes]


def _denominator(count: PanelCount, policy: Policy) -> int:
    match policy.forced_poor_denominator:
        case Denominator.EXPRESSED:
            return count.expressed
        case Denominator.EXPRESSED_PLUS_ABSTAIN:
            return count.expressed + count.abstain
        case Denominator.RETURNED:
            return count.returned
        case Denominator.ISSUED:
            return count.issued
