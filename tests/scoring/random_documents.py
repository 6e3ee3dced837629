"""Documents out of a random number generator, crowded around the corners of the rules."""

import json
from random import Random

FACTS = ["MAJOR_FAILURE", "ACCOUNTABILITY", "LATE_REPORT", "ABSENT_WITHOUT_LEAVE", "SOMETHING_ELSE"]
GRADES = ["GOOD", "FAIRLY_GOOD", "AVERAGE", "POOR"]
CODES = ["A", "B", "C"]


def random_document(chance: Random) -> dict:
    """One valid document, or (one in twenty) one whose figures cannot be true."""
    codes = CODES[: chance.randint(1, 3)]
    reviews: list[dict] = []
    for place in range(chance.choice([0, 1, 2, 4, 5, 6, 7, 9])):
        panels = random_panels(chance, codes)
        review = random_review(chance, f"r{place}", panels)
        if reviews and chance.random() < 0.5:  # ties need twins, and near ties half-twins
            twin = json.loads(json.dumps(chance.choice(reviews)))
            review = twin | {"id": review["id"]} if chance.random() < 0.5 else review | {"panels": twin["panels"]}
        reviews.append(review)
    document = {"policy": random_policy(chance, codes), "reviews": reviews}
    if reviews and chance.random() < 0.05:
        spoil(chance, document)
    if chance.random() < 0.05:
        del document["policy"]
    return document


def random_review(chance: Random, name: str, panels: dict) -> dict:
    review = {"id": name, "org_type": chance.choice(["BRANCH", "GENERAL_BRANCH"]), "panels": panels}
    review["facts"] = chance.sample(FACTS, chance.choice([0, 0, 0, 0, 1, 2]))
    for part in ("routine", "field"):
        review[part] = chance.choice([None, "88", "91.5", 90, "100", "69.995", 0])
    review["previous_grade"] = chance.choice([None, *GRADES])
    review["closure_rate"] = chance.choice([None, None, "0.80", "0.8", 1, "0"])
    for optional in ("facts", "routine", "field", "previous_grade", "closure_rate"):
        if chance.random() < 0.05:
            del review[optional]
    return review


def random_panels(chance: Random, codes: list[str]) -> dict:
    kind = chance.random()
    panels = {code: random_panel(chance, empty=kind < 0.06 or chance.random() < 0.06) for code in codes}
    if chance.random() < 0.05:
        panels.pop(chance.choice(codes))
    return panels


def random_panel(chance: Random, *, empty: bool) -> dict:
    panel = dict.fromkeys(("good", "fairly_good", "average", "poor"), 0)
    if not empty:
        size = chance.choice([1, 2, 3, 4, 5, 9, 10, 20, 29, 30, 40])
        panel["poor"] = min(size, chance.choice([0, 0, 0, size // 10, size // 10 + 1]))
        panel["average"] = min(size - panel["poor"], chance.choice([0, 0, 0, size // 10, size // 10 + 1]))
        if chance.random() < 0.4:  # the quota needs many who are good
            panel["poor"] = panel["average"] = 0
        rest = size - panel["poor"] - panel["average"]
        panel["fairly_good"] = chance.choice([0, 0, rest // 4, rest // 2, rest])
        panel["good"] = rest - panel["fairly_good"]
    for name in ("abstain", "invalid", "recused"):
        panel[name] = chance.choice([0, 0, 0, 1, 2])
    panel["returned"] = sum(panel.values())
    panel["issued"] = panel["returned"] + chance.choice([0, 0, 1, 3])
    return panel


def random_policy(chance: Random, codes: list[str]) -> dict:
    weights = [50, "30", "20", "33.3", "0.01", 1]
    choices = {
        "grade_values": [["100", "80", "60", "40"], ["95", "85", "70", "50"], [100, 80, 60, 0]],
        "panel_weights": [None, {code: chance.choice(weights) for code in chance.sample(codes, len(codes))}],
        "empty_panel": ["RENORMALIZE", "BLOCK"],
        "composite": [
            None,
            {"ballot": "40", "routine": "30", "field": "30"},
            {"ballot": 1, "routine": "0.5", "field": 0},
            {"ballot": 0, "routine": "1", "field": "2"},
            {"ballot": "1", "routine": "0", "field": "0.00"},
        ],
        "missing_component": ["BLOCK", "RENORMALIZE"],
        "score_floors": [
            {"GOOD": "90", "FAIRLY_GOOD": "70", "AVERAGE": "50"},
            {"GOOD": "80", "FAIRLY_GOOD": "70", "AVERAGE": "50.5"},
        ],
        "forced_poor_mode": ["POOR_ONLY", "AVERAGE_PLUS_POOR", "EITHER"],
        "forced_poor_threshold_bp": [0, 999, 1000, 1001, 2500, 10000],
        "forced_poor_comparator": ["GT", "GTE"],
        "forced_poor_denominator": ["EXPRESSED", "EXPRESSED_PLUS_ABSTAIN", "RETURNED", "ISSUED"],
        "forced_poor_scope": ["POOLED", "ANY_PANEL", "WEIGHTED", "PANEL:A", "PANEL:B"],
        "forcing_facts": [["MAJOR_FAILURE", "ACCOUNTABILITY"], [], ["LATE_REPORT"]],
        "caps": [{}, {"ABSENT_WITHOUT_LEAVE": "AVERAGE", "LATE_REPORT": "FAIRLY_GOOD"}, {"LATE_REPORT": "POOR"}],
        "min_valid_ballots": [0, 1, 5, 10],
        "quota_min_below_good_bp": [0, 1500, 3333, 10000],
        "quota_group_by": ["CAMPAIGN", "ORG_TYPE"],
        "quota_min_group": [0, 1, 5],
        "quota_enforcement": ["WARN_WITH_REASON", "BLOCK"],
        "tie_policy": ["DELIBERATE", "EXCLUDE_ALL", "INCLUDE_ALL"],
        "consecutive_years": [0, 2],
    }
    share = chance.choice([0, 0.2, 0.5])  # how much of the policy is not left to its defaults
    return {name: chance.choice(values) for name, values in choices.items() if chance.random() < share}


def spoil(chance: Random, document: dict) -> None:
    """Make the figures of one review impossible."""
    review = chance.choice(document["reviews"])
    panel = chance.choice([*review["panels"].values(), dict.fromkeys(("issued", "returned", "good"), 0)])
    match chance.randint(0, 3):
        case 0:
            panel["good"] += 1
        case 1:
            panel["returned"] = panel["issued"] + 1
        case 2:
            panel["good"] = -1
        case 3:
            document["reviews"].append(review)
