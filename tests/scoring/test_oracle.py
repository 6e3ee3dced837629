"""The rules against a second reading of the same regulation (SECURITY I12): no difference to the last digit."""

import json
import os
import random

import pytest

from scoring.document import answer
from scoring.strict import Malformed
from tests.scoring.oracle import oracle
from tests.scoring.random_documents import random_document

DOCUMENTS = 10_000
CORNERS = (
    *("BAND", "CAP", "FORCED_BY_FACT", "FORCED_BY_BALLOTS", "FEW_BALLOTS", "QUOTA", "QUOTA_TIE"),
    *("NO_VALID_BALLOTS", "EMPTY_PANEL", "MISSING_COMPONENT", "READINGS_DIFFER", "refused"),
)


def in_codes(told: dict) -> dict:
    """An answer without its sentences and its policy."""
    for part in (*told["reviews"], *told["groups"]):
        for field in ("reasons", "notices"):
            if field in part:
                part[field] = [reason["code"] for reason in part[field]]
    return {"reviews": told["reviews"], "groups": told["groups"]}


def answered(document: dict) -> dict | None:
    try:
        return in_codes(answer(json.dumps(document)))
    except Malformed:
        return None


def test_two_readings_of_the_rules_never_differ_on_ten_thousand_documents():
    seed = int(os.environ.get("RULES_SEED") or random.SystemRandom().randrange(2**32))
    chance = random.Random(seed)
    seen = dict.fromkeys(CORNERS, 0)

    for number in range(DOCUMENTS):
        document = random_document(chance)
        expected, found = oracle(document), answered(document)
        assert found == expected, f"RULES_SEED={seed}, document {number}: {json.dumps(document)}"
        seen["refused"] += found is None
        for review in (found or {"reviews": []})["reviews"]:
            for code in {*review["reasons"], *review["notices"]}:
                seen[code] += 1

    assert min(seen.values()) > 100, f"RULES_SEED={seed}: the documents no longer reach every corner: {seen}"


@pytest.mark.parametrize("spoiled", ["POOR_ONLY", "GT", "90", "100"])
def test_the_comparison_notices_when_one_reading_is_changed(spoiled):
    """Negative control: with one default of the second reading changed, differences must show up."""
    changes = {
        "POOR_ONLY": {"forced_poor_mode": "AVERAGE_PLUS_POOR"},
        "GT": {"forced_poor_comparator": "GTE"},
        "90": {"score_floors": {"GOOD": "91", "FAIRLY_GOOD": "70", "AVERAGE": "50"}},
        "100": {"grade_values": ["100", "80", "60", "39"]},
    }[spoiled]
    chance = random.Random(7)
    documents = [{"reviews": random_document(chance)["reviews"]} for _ in range(400)]

    differences = sum(answered(each) != oracle({**each, "policy": changes}) for each in documents)

    assert differences > 0
