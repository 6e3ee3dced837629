"""What the pages of the rules show: where rules may be taken from, versions and what each changed, the method."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from organizations.models import Person
from reviews.plan.models import Campaign, PolicyVersion
from reviews.plan.policy_keeping import current_version, sources_of
from reviews.plan.queries import patterns_for
from reviews.plan.readiness import policy_of, unknown_panel
from scoring.clauses import CLAUSES, Clause
from scoring.differences import Difference, differences
from scoring.exact import plain
from scoring.examples import boundaries, examples_of, places
from scoring.policy import GRADES, POOLED, PRESETS, Policy, fingerprint

PRESET, VERSION, CAMPAIGN = "preset", "version", "campaign"
MOST_DIGITS = 10
MOST_VOTERS = 2000  # the boundary table looks for the first vote too many one by one
# The order in which grades come about, for people (RULES.md section 3); {GOOD} is what the rules call the grade.
STEPS = (
    "先核对票数：每一票种收回不多于发出，各栏合计等于收回。对不上的，谁也不提出等次。",
    "每一票种按等次分值求平均，再按票种权重合成测评得分；设了平时、实地权重的，再合成综合得分。",
    "按得分线划入等次。得分恰好等于分数线的，算达到。",
    "有限制等次情形的，降到允许的最高等次。",
    "有确定为{POOR}的情形，或低等次票超过上限的，等次为{POOR}，不再看得分、名额和并列。",
    "有效票太少的，保留建议等次，但留待党组研究。",
    "按名额排“{GOOD}”：线上的保留，线下的为{FAIRLY_GOOD}，压线并列的按并列办法处理。",
    "列出结果运用的提示；低等次票的几种读法结论不同的，逐人提示。",
    "系统只提出建议和理由。等次由党组研究决定，与建议不同的须写明理由，由另一人批准后才反馈本人。",
)


@dataclass(frozen=True, slots=True)
class Start:
    """Rules to fill the fields from: those that hold (``label`` empty), or a preset's, a version's, another campaign's.

    ``held`` and ``version`` are the rules that hold now, and the version they were saved as.
    """

    held: Policy
    version: PolicyVersion | None
    policy: Policy
    sources: dict[str, str]
    label: str = ""
    weights: str = ""  # what the rules would weigh the panels, where that is not what this campaign does

    @property
    def fingerprint(self) -> str:
        """The hash of the rules that hold."""
        return fingerprint(self.held)


def start_of(campaign: Campaign, key: str, *, person: Person) -> Start:
    """The rules that the fields are filled from; for a key that names nothing those that hold.

    The weights of the panels are never taken over: they are this campaign's own.
    """
    held, version = policy_of(campaign), current_version(campaign)
    own = version.sources if version else {}
    found = _found(campaign, key, person)
    if found is None:
        return Start(held, version, held, own)
    label, policy, sources = found
    fitted = replace(policy, panel_weights=held.panel_weights, version=held.version)
    if unknown_panel(fitted):
        fitted = replace(fitted, forced_poor_scope=POOLED)
    differ = policy.panel_weights is not None and policy.panel_weights != held.panel_weights
    weights = "、".join(f"{code}票 {plain(weight)}" for code, weight in policy.panel_weights) if differ else ""
    return Start(held, version, fitted, own if sources is None else sources, label, weights)


def weights_of_source(campaign: Campaign, key: str, *, person: Person) -> tuple[str, dict[str, Decimal]]:
    """The label of the rules that a key names, and what they weigh each panel; ("", {}) where they weigh none."""
    found = _found(campaign, key, person)
    if found is None or found[1].panel_weights is None:
        return "", {}
    return found[0], dict(found[1].panel_weights)


def _found(campaign: Campaign, key: str, person: Person) -> tuple[str, Policy, dict[str, str] | None] | None:
    """Label, rules and sources (None: keep one's own) of what a key names."""
    kind, _, name = key.partition(":")
    if kind == PRESET and name in PRESETS:
        return f"预设“{PRESETS[name].name}”", PRESETS[name], None
    if not (name.isdecimal() and len(name) < MOST_DIGITS):
        return None
    if kind == VERSION:
        version = campaign.policy_versions.filter(number=int(name)).first()
        return (f"第 {version.number} 版", version.policy, version.sources) if version else None
    if kind == CAMPAIGN:
        other = next((each for each in patterns_for(person) if each.pk == int(name)), None)
        return (f"“{other}”", policy_of(other), sources_of(other)) if other else None
    return None


def starts_for(campaign: Campaign, person: Person) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where rules may be taken from: group, and its (key, label) pairs."""
    presets = [(f"{PRESET}:{name}", preset.name) for name, preset in PRESETS.items()]
    versions = [
        (f"{VERSION}:{number}", f"第 {number} 版{f'：{note}' if note else ''}")
        for number, note in campaign.policy_versions.values_list("number", "note")[1:]
    ]
    others = [(f"{CAMPAIGN}:{each.pk}", str(each)) for each in patterns_for(person) if each.pk != campaign.pk]
    groups = [("预设", presets), ("本活动以前的版本", versions), ("其他活动", others)]
    return [(title, found) for title, found in groups if found]


def tables_of(campaign: Campaign, policy: Policy) -> dict:
    """The boundary table and the table of places, with this campaign's own numbers in them."""
    voters = sum(panel.size for panel in campaign.panels.all())
    people = campaign.reviews.count()
    return {
        "labels": policy.grade_labels,
        "voters": voters,
        "people": people,
        "boundaries": boundaries(policy, min(voters, MOST_VOTERS)),
        "places": places(policy, people),
    }


@dataclass(frozen=True, slots=True)
class Kept:
    """One version in the list, with what it changed against the one before (None: the first)."""

    version: PolicyVersion
    changes: list[Difference] | None


def versions_of(campaign: Campaign) -> list[Kept]:
    """All versions, newest first."""
    versions = list(campaign.policy_versions.select_related("by"))
    older: Iterable[PolicyVersion | None] = [*versions, None][1:]
    return [
        Kept(version, differences(before.policy, version.policy) if before else None)
        for version, before in zip(versions, older, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions beside each other."""

    before: PolicyVersion
    after: PolicyVersion
    changes: list[Difference]


def compared(versions: list[Kept], a: str, b: str) -> Compared | None:
    """What differs between two versions, the older one first; None unless both numbers name one."""
    by_number = {str(kept.version.number): kept.version for kept in versions}
    if a not in by_number or b not in by_number:
        return None
    before, after = sorted((by_number[a], by_number[b]), key=lambda version: version.number)
    return Compared(before, after, differences(before.policy, after.policy))


@dataclass(frozen=True, slots=True)
class Told:
    """One clause for a reader: its sentences, its source, its example."""

    clause: Clause
    words: list[str]
    source: str
    example: list[str]


def method_of(campaign: Campaign) -> dict:
    """Everything that the page about the method tells."""
    policy, sources = policy_of(campaign), sources_of(campaign)
    examples = examples_of(policy)
    told = [
        Told(clause, clause.words(policy), sources.get(clause.key, clause.source), examples.get(clause.key, []))
        for clause in CLAUSES
        if clause.key != "name"
    ]
    return {
        "policy": policy,
        "clauses": told,
        "steps": [step.format(**{grade.name: policy.label(grade) for grade in GRADES}) for step in STEPS],
        "fingerprint": fingerprint(policy),
        **tables_of(campaign, policy),
    }
