"""The JSON shape of the rules: what is needed, what is refused and where, and that nothing breaks it."""

import copy
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.document import answer, answer_in_one_line
from scoring.strict import Malformed
from tests.scoring.random_documents import random_document

MISSING = object()


def example() -> dict:
    """The example of RULES.md section 5."""
    counts = ("issued", "returned", "good", "fairly_good", "average", "poor", "abstain", "invalid", "recused")
    return {
        "policy": {"forced_poor_mode": "POOR_ONLY", "panel_weights": {"A": "60", "B": "40"}},
        "reviews": [
            {
                "id": "r1",
                "org_type": "BRANCH",
                "facts": [],
                "routine": "91.5",
                "field": None,
                "previous_grade": "AVERAGE",
                "closure_rate": "0.80",
                "panels": {
                    "A": dict(zip(counts, (10, 10, 7, 2, 1, 0, 0, 0, 0), strict=True)),
                    "B": dict(zip(counts, (20, 19, 10, 6, 1, 2, 0, 0, 0), strict=True)),
                },
            }
        ],
    }


def changed(path: list, value: object) -> dict:
    """The example with one place changed, or taken out."""
    document = example()
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is MISSING:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def refused(document: object) -> Malformed:
    with pytest.raises(Malformed) as caught:
        answer(document if isinstance(document, str) else json.dumps(document))
    return caught.value


def test_the_example_of_the_regulation():
    told = answer(json.dumps(example()))

    (review,) = told["reviews"]
    assert {name: review[name] for name in ("id", "score", "score_exact", "expressed", "grade", "open")} == {
        "id": "r1",
        "score": "89.31",
        "score_exact": "8484/95",
        "expressed": 29,
        "grade": "FAIRLY_GOOD",
        "open": False,
    }
    assert review["reasons"] == [{"code": "BAND", "text": "得分 89.31，达到较好（≥70）"}]
    assert [notice["code"] for notice in review["notices"]] == ["READINGS_DIFFER"]
    assert "两种口径结论不同" in review["notices"][0]["text"]
    assert review["consequences"] == ["BAR_ANNUAL_EXCELLENT"]
    (group,) = told["groups"]
    assert (group["group"], group["size"], group["places"]) == ("CAMPAIGN", 1, 0)
    assert [notice["code"] for notice in group["notices"]] == ["QUOTA_GROUP_TOO_SMALL"]
    assert told["policy"]["panel_weights"] == {"A": "60", "B": "40"}
    assert set(told) == {"policy", "reviews", "groups"}


def test_the_complete_policy_of_an_answer_gives_the_same_answer():
    told = answer(json.dumps(example()))

    assert answer(json.dumps({**example(), "policy": told["policy"]})) == told


def test_a_whole_score_is_a_whole_number_exactly_and_has_two_places_for_the_eye():
    document = changed(["reviews", 0, "panels"], {"A": example()["reviews"][0]["panels"]["A"]})

    review = answer(json.dumps(document))["reviews"][0]

    assert (review["score"], review["score_exact"]) == ("92.00", "92")


REVIEW = ["reviews", 0]
PANEL_A = [*REVIEW, "panels", "A"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["policy"], MISSING),
        (["policy"], None),
        (["policy", "panel_weights"], None),
        (["reviews"], []),
        *[
            ([*REVIEW, name], value)
            for name in ("org_type", "facts", "routine", "field", "previous_grade", "closure_rate")
            for value in (MISSING, None)
        ],
        ([*REVIEW, "panels"], {}),
        ([*REVIEW, "routine"], 0),
        ([*REVIEW, "routine"], "100.00"),
        ([*REVIEW, "facts"], ["NOBODY_HAS_A_RULE_FOR_THIS"]),
        ([*PANEL_A, "good"], "7"),
        (["policy", "forced_poor_threshold_bp"], "1000"),
    ],
)
def test_what_may_be_left_out_or_written_in_another_way(path, value):
    assert answer(json.dumps(changed(path, value)))["groups"] is not None


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["reviews"], MISSING, "reviews"),
        (["reviews"], {}, "reviews"),
        (["policy"], [], "policy"),
        (["reveiws"], [], "reveiws"),
        (["policy", "tie"], 1, "policy.tie"),
        (["policy", "panel_weights"], {"A": 1}, "reviews[0].panels.B"),
        (["policy", "panel_weights"], {}, "reviews[0].panels.A"),
        (["reviews", 0], "r1", "reviews[0]"),
        ([*REVIEW, "id"], MISSING, "reviews[0].id"),
        ([*REVIEW, "id"], 7, "reviews[0].id"),
        ([*REVIEW, "id"], "", "reviews[0].id"),
        ([*REVIEW, "id"], "\ud800", "reviews[0].id"),
        ([*REVIEW, "grade"], "GOOD", "reviews[0].grade"),
        ([*REVIEW, "org_type"], 7, "reviews[0].org_type"),
        ([*REVIEW, "facts"], "LATE_REPORT", "reviews[0].facts"),
        ([*REVIEW, "facts"], [None], "reviews[0].facts[0]"),
        ([*REVIEW, "routine"], "101", "reviews[0].routine"),
        ([*REVIEW, "routine"], "-0.01", "reviews[0].routine"),
        ([*REVIEW, "routine"], 91.5, "reviews[0].routine"),
        ([*REVIEW, "routine"], "9e1", "reviews[0].routine"),
        ([*REVIEW, "routine"], " 91", "reviews[0].routine"),
        ([*REVIEW, "routine"], "183/2", "reviews[0].routine"),
        ([*REVIEW, "routine"], "９１", "reviews[0].routine"),
        ([*REVIEW, "routine"], "NaN", "reviews[0].routine"),
        ([*REVIEW, "routine"], float("nan"), "reviews[0].routine"),
        ([*REVIEW, "routine"], float("inf"), "reviews[0].routine"),
        ([*REVIEW, "field"], True, "reviews[0].field"),
        ([*REVIEW, "previous_grade"], "EXCELLENT", "reviews[0].previous_grade"),
        ([*REVIEW, "previous_grade"], 3, "reviews[0].previous_grade"),
        ([*REVIEW, "closure_rate"], "1.01", "reviews[0].closure_rate"),
        ([*REVIEW, "closure_rate"], 0.8, "reviews[0].closure_rate"),
        ([*REVIEW, "panels"], MISSING, "reviews[0].panels"),
        ([*REVIEW, "panels"], [], "reviews[0].panels"),
        ([*REVIEW, "panels"], None, "reviews[0].panels"),
        ([*REVIEW, "panels", " "], {}, "reviews[0].panels"),
        (PANEL_A, 7, "reviews[0].panels.A"),
        ([*PANEL_A, "good"], MISSING, "reviews[0].panels.A.good"),
        ([*PANEL_A, "good"], -7, "reviews[0].panels.A.good"),
        ([*PANEL_A, "good"], True, "reviews[0].panels.A.good"),
        ([*PANEL_A, "good"], 7.0, "reviews[0].panels.A.good"),
        ([*PANEL_A, "good"], "7.0", "reviews[0].panels.A.good"),
        ([*PANEL_A, "good"], None, "reviews[0].panels.A.good"),
        ([*PANEL_A, "good"], "seven", "reviews[0].panels.A.good"),
        ([*PANEL_A, "good"], "9" * 1001, "reviews[0].panels.A.good"),
        ([*PANEL_A, "excellent"], 0, "reviews[0].panels.A.excellent"),
        ([*PANEL_A, "good"], 8, "reviews[0].panels.A"),
        ([*PANEL_A, "issued"], 9, "reviews[0].panels.A"),
    ],
)
def test_what_is_malformed_is_refused_by_its_path(path, value, where):
    wrong = refused(changed(path, value))

    assert wrong.path == where
    assert str(wrong).startswith(f"{where}: ")


def test_a_review_twice_is_refused_by_the_path_of_the_second():
    document = example()
    document["reviews"].append(copy.deepcopy(document["reviews"][0]))

    assert refused(document).path == "reviews[1].id"


@pytest.mark.parametrize(
    ("once", "twice", "where"),
    [
        ('"good": 7', '"good": 9, "good": 7', "reviews[0].panels.A.good"),
        ('"id": "r1"', '"id": "r0", "id": "r1"', "reviews[0].id"),
        ('"A": "60"', '"A": "60", "A": "60"', "policy.panel_weights.A"),
        ('"reviews": [', '"reviews": [], "reviews": [', "reviews"),
    ],
)
def test_a_key_that_stands_twice_is_refused(once, twice, where):
    written = json.dumps(example())
    assert once in written

    assert refused(written.replace(once, twice, 1)).path == where


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "null", "7", "[]", '"text"', "{", '{"reviews": []} {}', "{'reviews': []}", "NaN", "\ufeff\ufeff{}"),
        "[" * 100_000,
        '{"reviews": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"reviews": [' + "9" * 5000 + "]}",
    ],
)
def test_what_is_no_document_is_refused_in_one_line(written):
    wrong = refused(written)

    assert len(str(wrong).splitlines()) == 1
    assert len(str(wrong)) < 200


def test_an_error_is_one_line_whatever_stands_in_the_names():
    wrong = refused({"a\nb\u2028\ud800\x1b[31m": 1, "reviews": []})

    assert len(str(wrong).splitlines()) == 1
    assert str(wrong).isprintable()


@pytest.mark.parametrize("votes", [10**18, 10**300, 10**900])
def test_huge_counts_are_counted_exactly(votes):
    document = changed([*PANEL_A], dict.fromkeys(example()["reviews"][0]["panels"]["A"], 0))
    panel = document["reviews"][0]["panels"]["A"]
    panel |= {"issued": 2 * votes, "returned": 2 * votes, "good": votes + 1, "fairly_good": votes - 1}
    del document["reviews"][0]["panels"]["B"]

    review = answer(json.dumps(document))["reviews"][0]

    assert review["score"] == "90.00"
    assert review["score_exact"] == f"{9 * votes + 1}/{votes // 10}"


def mutated(document: dict, chance: random.Random) -> object:
    """The document with one place somewhere inside it turned into something else."""
    junk = [
        None,
        True,
        -1,
        0,
        1.5,
        "",
        "x",
        "-1",
        "1.5",
        [],
        {},
        [[]],
        {"A": {}},
        10**400,
        "POOR",
        "\ud800",
        float("nan"),
    ]
    place, key = {"": document}, ""
    while isinstance(place[key], dict | list) and place[key] and chance.random() < 0.85:
        place = place[key]
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
    match chance.randint(0, 3):
        case 0 if isinstance(place, dict) and key:
            place["odd\n键"] = place.pop(key)
        case 1 if key:
            del place[key]
        case _:
            place[key] = chance.choice(junk)
    return document if key else place[key]


@given(st.integers(0, 2**32))
def test_no_document_breaks_the_rules(seed):
    """Whatever is wrong, it is either answered or refused in one line with a path."""
    chance = random.Random(seed)
    for _ in range(10):
        written = json.dumps(mutated(random_document(chance), chance))

        told = json.loads(answer_in_one_line(written.encode()))

        assert set(told) in ({"policy", "reviews", "groups"}, {"error"})
        assert ": " in told.get("error", ": ")


@given(st.binary(max_size=40))
def test_no_bytes_break_the_rules(line):
    assert "error" in json.loads(answer_in_one_line(line))


@given(st.text())
def test_no_text_breaks_the_rules(line):
    json.loads(answer_in_one_line(line.encode(errors="surrogatepass")))
