"""A second reading of RULES.md, to compare the first with. It shares no code and no structure with it.

Parsed JSON in, the answer's shape out (codes instead of sentences), or None where the document must be refused.
Rationals are pairs of whole numbers; reviews are plain dicts that walk through the ten steps.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cmp_to_key
from math import gcd

VALUES = ["good", "fairly_good", "average", "poor"]
ORDER = ["POOR", "AVERAGE", "FAIRLY_GOOD", "GOOD"]
DEFAULTS = {
    "grade_values": ["100", "80", "60", "40"],
    "panel_weights": None,
    "empty_panel": "RENORMALIZE",
    "composite": None,
    "missing_component": "BLOCK",
    "score_floors": {"GOOD": "90", "FAIRLY_GOOD": "70", "AVERAGE": "50"},
    "forced_poor_mode": "POOR_ONLY",
    "forced_poor_threshold_bp": 1000,
    "forced_poor_comparator": "GT",
    "forced_poor_denominator": "EXPRESSED",
    "forced_poor_scope": "POOLED",
    "forcing_facts": ["MAJOR_FAILURE", "ACCOUNTABILITY"],
    "caps": {},
    "min_valid_ballots": 5,
    "quota_min_below_good_bp": 1500,
    "quota_group_by": "CAMPAIGN",
    "quota_min_group": 5,
    "quota_enforcement": "WARN_WITH_REASON",
    "tie_policy": "DELIBERATE",
    "consecutive_years": 2,
}


def ratio(written):
    """A number as it stands in the document, as a pair."""
    whole, _, after = str(written).partition(".")
    return reduced(int(whole + after), 10 ** len(after))


def reduced(above, below):
    if below < 0:
        above, below = -above, -below
    by = gcd(above, below)
    return above // by, below // by


def mean(weighted):
    """The weighted mean of (weight, value) pairs of pairs; None without weight."""
    above, below = (0, 1), (0, 1)
    for (wn, wd), (vn, vd) in weighted:
        above = reduced(above[0] * wd * vd + wn * vn * above[1], above[1] * wd * vd)
        below = reduced(below[0] * wd + wn * below[1], below[1] * wd)
    return reduced(above[0] * below[1], above[1] * below[0]) if below[0] else None


def compare(one, other):
    """-1, 0 or 1; what is not there is below everything."""
    if one is None or other is None:
        return (one is not None) - (other is not None)
    left, right = one[0] * other[1], other[0] * one[1]
    return (left > right) - (left < right)


def expressed(panel):
    return sum(panel[name] for name in VALUES)


def impossible(document, policy):
    seen = set()
    for review in document["reviews"]:
        for code, panel in review["panels"].items():
            if min(panel.values()) < 0 or panel["returned"] > panel["issued"]:
                return True
            if expressed(panel) + panel["abstain"] + panel["invalid"] + panel["recused"] != panel["returned"]:
                return True
            if policy["panel_weights"] is not None and code not in policy["panel_weights"]:
                return True
        if review["id"] in seen:
            return True
        seen.add(review["id"])
    return False


def panel_value(panel, policy):
    total = expressed(panel)
    if total == 0:
        return None
    parts = [((panel[name], 1), ratio(value)) for name, value in zip(VALUES, policy["grade_values"], strict=True)]
    return mean(parts)


def weight(code, policy):
    return (1, 1) if policy["panel_weights"] is None else ratio(policy["panel_weights"][code])


def steps_one_to_three(review, policy):
    """Score and why there is no grade."""
    why, panels = [], review["panels"]
    values = {code: panel_value(panel, policy) for code, panel in panels.items()}
    ballot = mean([(weight(code, policy), value) for code, value in values.items() if value is not None])
    ballot_barred = policy["empty_panel"] == "BLOCK" and None in values.values()
    if policy["composite"] is None:
        score = ballot
        if ballot_barred:
            score, why = None, ["EMPTY_PANEL"]
    else:
        wanted = {name: ratio(each) for name, each in policy["composite"].items() if ratio(each)[0]}
        have = {"ballot": ballot}
        for name in ("routine", "field"):
            have[name] = None if review.get(name) is None else ratio(review[name])
        if "ballot" in wanted and ballot_barred:
            why.append("EMPTY_PANEL")
        lacking = {name for name in wanted if have[name] is None}
        if ballot_barred:
            lacking.discard("ballot")
        if lacking and (policy["missing_component"] == "BLOCK" or lacking == set(wanted)):
            why.append("MISSING_COMPONENT")
        score = None if why else mean([(wanted[name], have[name]) for name in wanted if have[name] is not None])
    if not sum(map(expressed, panels.values())):
        why.append("NO_VALID_BALLOTS")
    return score, why


def triggers(review, policy, mode):
    """Step 6's ballot test, by cross multiplication."""
    below = {
        "EXPRESSED": expressed,
        "EXPRESSED_PLUS_ABSTAIN": lambda panel: expressed(panel) + panel["abstain"],
        "RETURNED": lambda panel: panel["returned"],
        "ISSUED": lambda panel: panel["issued"],
    }[policy["forced_poor_denominator"]]
    limit, reached = policy["forced_poor_threshold_bp"], policy["forced_poor_comparator"] == "GTE"

    def too_many(count, total):
        if total == 0:
            return False
        return count * 10000 >= limit * total if reached else count * 10000 > limit * total

    def one(names):
        panels, scope = review["panels"], policy["forced_poor_scope"]
        figures = {code: (sum(panel[name] for name in names), below(panel)) for code, panel in panels.items()}
        if scope == "POOLED":
            return too_many(sum(c for c, _ in figures.values()), sum(d for _, d in figures.values()))
        if scope == "ANY_PANEL":
            return any(too_many(c, d) for c, d in figures.values())
        if scope == "WEIGHTED":
            share = mean([(weight(code, policy), (c, d)) for code, (c, d) in figures.items() if d])
            return share is not None and too_many(*share)
        return too_many(*figures.get(scope[len("PANEL:") :], (0, 0)))

    if mode == "EITHER":
        return one(["average"]) or one(["poor"])
    return one(["poor"] if mode == "POOR_ONLY" else ["average", "poor"])


def alone(review, policy):
    """Steps 1 to 7 and 10 for one review."""
    score, why = steps_one_to_three(review, policy)
    total = sum(map(expressed, review["panels"].values()))
    facts = set(review.get("facts") or [])
    codes, grade = list(why), None
    if not why:
        codes.append("BAND")
        reached = [name for name in ORDER[1:] if compare(score, ratio(policy["score_floors"][name])) >= 0]
        grade = max([0] + [ORDER.index(name) for name in reached])
        ceilings = [ORDER.index(policy["caps"][fact]) for fact in facts if fact in policy["caps"]]
        codes += ["CAP"] * sum(ceiling < grade for ceiling in ceilings)
        grade = min([grade, *ceilings])
    if facts & set(policy["forcing_facts"]):
        codes, grade = [*codes, "FORCED_BY_FACT"], 0
    if triggers(review, policy, policy["forced_poor_mode"]):
        codes, grade = [*codes, "FORCED_BY_BALLOTS"], 0
    few = 0 < total < policy["min_valid_ballots"]
    modes = {triggers(review, policy, mode) for mode in ("POOR_ONLY", "AVERAGE_PLUS_POOR", "EITHER")}
    return {
        "id": review["id"],
        "score": score,
        "expressed": total,
        "grade": grade,
        "open": few,
        "reasons": codes + ["FEW_BALLOTS"] * few,
        "notices": ["READINGS_DIFFER"] * (len(modes) > 1),
    }


def better(one, other, first, policy):
    """Who of two 好 is ranked higher: 1 the first, -1 the second, 0 nobody can say."""
    sides = []
    for review, result in (one, other):
        panels = review["panels"].values()
        goods, poors = sum(panel["good"] for panel in panels), sum(panel["poor"] for panel in panels)
        panel = review["panels"].get(first)
        closure = review.get("closure_rate")
        sides.append(
            [
                result["score"],
                (goods, result["expressed"]),
                (-poors, result["expressed"]),
                panel and panel_value(panel, policy),
                None if closure is None else ratio(closure),
            ]
        )
    return next((answer for left, right in zip(*sides, strict=True) if (answer := compare(left, right))), 0)


def step_eight(members, first, policy):
    """The quota in one group of (review, result): changes the results, answers the group."""
    size = len(members)
    places = size * (10000 - policy["quota_min_below_good_bp"]) // 10000
    small = policy["quota_min_below_good_bp"] > 0 and size < policy["quota_min_group"]
    ranked = sorted(
        (member for member in members if member[1]["grade"] == 3),
        key=cmp_to_key(lambda one, other: better(one, other, first, policy)),
        reverse=True,
    )
    if not small and len(ranked) > places:
        for me in ranked:
            ahead = sum(better(other, me, first, policy) > 0 for other in ranked)
            level = sum(better(other, me, first, policy) == 0 for other in ranked)
            if ahead + level <= places:
                continue
            result = me[1]
            if ahead >= places:
                result["grade"], result["reasons"] = 2, [*result["reasons"], "QUOTA"]
            elif policy["tie_policy"] != "INCLUDE_ALL":
                result["grade"], result["reasons"] = 2, [*result["reasons"], "QUOTA_TIE"]
                result["open"] = result["open"] or policy["tie_policy"] == "DELIBERATE"
    return {"size": size, "places": places, "notices": ["QUOTA_GROUP_TOO_SMALL"] * small}


def step_nine(review, result, policy):
    follow, grade = [], result["grade"]
    if grade is not None and grade < 3:
        follow.append("BAR_ANNUAL_EXCELLENT")
    if grade is not None and grade < 2:
        follow += ["ADMONITION_TALK", "ORDERED_RECTIFICATION"]
    if "MAJOR_FAILURE" in (review.get("facts") or []) and "MAJOR_FAILURE" in policy["forcing_facts"]:
        follow.append("ACCOUNTABILITY_REVIEW")
    before = review.get("previous_grade")
    if policy["consecutive_years"] == 2 and grade in (0, 1) and before in ("AVERAGE", "POOR"):
        follow.append("CONSECUTIVE_LOW")
    return follow


def printed(score):
    if score is None:
        return None, None
    with localcontext() as context:
        context.prec = 200
        rounded = (Decimal(score[0]) / Decimal(score[1])).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return str(rounded), str(score[0]) if score[1] == 1 else f"{score[0]}/{score[1]}"


def oracle(document):
    """The answer with codes instead of sentences, or None."""
    policy = {**DEFAULTS, **(document.get("policy") or {})}
    if impossible(document, policy):
        return None
    pairs = [(review, alone(review, policy)) for review in document["reviews"]]
    if policy["panel_weights"] is not None:
        first = next(iter(policy["panel_weights"]), None)
    else:
        first = next((code for review in document["reviews"] for code in review["panels"]), None)
    groups = {}
    for review, result in pairs:
        name = "CAMPAIGN" if policy["quota_group_by"] == "CAMPAIGN" else review["org_type"]
        groups.setdefault(name, []).append((review, result))
    told = [{"group": name, **step_eight(members, first, policy)} for name, members in groups.items()]
    for review, result in pairs:
        result["consequences"] = step_nine(review, result, policy)
        result["score"], result["score_exact"] = printed(result["score"])
        result["grade"] = None if result["grade"] is None else ORDER[result["grade"]]
    return {"reviews": [result for _, result in pairs], "groups": told}
