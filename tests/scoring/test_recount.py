"""The recount package: an honest one is accepted by a bare Python, a changed byte in any file is named."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command

from organizations.errors import Refused
from scoring import booth, document, merkle, recount
from scoring.count import export_package
from scoring.policy import to_document
from scoring.rules import suggest_grades
from tests.scoring.boxes import ROUNDS, make_clerk, make_open, make_opened, put_in, random_ballots, vote
from tests.scoring.owner import as_owner
from tests.scoring.random_documents import random_document

SCORES = [{"id": 1, "org_type": "BRANCH", "routine": "91.5", "field": "88", "closure_rate": "0.80"}]
SCORES += [{"id": 2, "org_type": "BRANCH", "facts": ["ACCOUNTABILITY"], "routine": "70", "field": None}]
SESSIONS = ROUNDS * 4  # RACE_ROUNDS=25 gives the hundred sessions of SECURITY.md
DOCUMENTS = ROUNDS * 50  # RACE_ROUNDS=20 gives a thousand
MUTATIONS = 200


def files_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def unpacked(package: Mapping[str, bytes], folder):
    folder.mkdir(exist_ok=True)
    for name, content in package.items():
        (folder / name).write_bytes(content)
    return folder


def run(folder, *arguments):
    """The script in a Python that knows nothing of this project."""
    command = [sys.executable, "-I", "-S", str(folder / "recount.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60, check=False)


def differences(files: Mapping[str, bytes]) -> list[str]:
    """What the script finds; a file that it cannot even read is one difference more."""
    found = []
    try:
        found.extend(recount.check(files))
    except Exception as error:
        found.append(f"{type(error).__name__} {error}")
    return found


def make_package(chance: Random, **fields) -> bytes:
    """A box with random panels, rules, votes and paper, voted in, opened and packed."""
    codes = "ABC"[: chance.randint(1, 3)]
    policy = random_document(chance).get("policy") or {}
    policy = {key: value for key, value in policy.items() if key != "panel_weights"}
    if str(policy.get("forced_poor_scope", "")).startswith("PANEL:"):
        policy["forced_poor_scope"] = f"PANEL:{codes[-1]}"
    panels = {code: chance.choice([5, 8, 12]) for code in codes}
    more = {"policy": policy, "each_panel": {"recusals": 1, "spare": 3}, "sheets": {codes[0]: 3}}
    filled = make_open(panels, entries := chance.randint(1, 8), **more)
    kinds = chance.choice(["43210", "4444443", "44443"])
    for slips in filled.slips.values():
        for slip in slips[: chance.choice([len(slips), len(slips), 3, 0])]:
            vote(slip, random_ballots(chance, 1, entries, kinds)[0])
    put_in(filled, [*random_ballots(chance, 2, entries, "43x0"), "x" * entries], codes[0])
    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)
    return export_package(filled.fresh(), random_extras(chance, entries))


def random_extras(chance: Random, entries: int) -> list[dict]:
    reviews = [review for _ in range(20) for review in random_document(chance)["reviews"]]
    drop = {"id", "panels"}
    return [{"id": n} | {k: v for k, v in reviews[n].items() if k not in drop} for n in range(1, entries + 1)]


@pytest.mark.django_db
def test_an_honest_package_is_accepted_by_a_bare_python(tmp_path):
    ballots = {"A": random_ballots(Random(1), 12, 3), "B": random_ballots(Random(2), 6, 3)}
    composite = {"composite": {"ballot": "40", "routine": "30", "field": "30"}, "missing_component": "RENORMALIZE"}
    filled = make_opened({"A": 12, "B": 6}, ballots=ballots, policy=composite)
    package = export_package(filled.box, SCORES)
    (tmp_path / "box.zip").write_bytes(package)

    in_folder = run(unpacked(files_of(package), tmp_path / "box"))
    in_zip = run(tmp_path / "box", tmp_path / "box.zip")

    assert (in_folder.returncode, in_zip.returncode) == (0, 0), in_folder.stdout + in_folder.stderr
    assert in_folder.stdout.splitlines()[-1] == "复核一致"
    assert f"box_root {filled.box.box_root}" in in_folder.stdout
    assert export_package(filled.box, SCORES) == package


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(SESSIONS))
def test_every_random_session_is_recounted_to_the_same_grades(seed):
    package = files_of(make_package(Random(seed)))

    assert differences(package) == []


@pytest.mark.django_db
def test_one_changed_byte_in_any_file_is_found_and_its_file_is_named():
    chance = Random(3)
    package = files_of(make_package(chance))

    for turn in range(MUTATIONS):
        name = sorted(package)[turn % len(package)]
        place, bit = chance.randrange(len(package[name])), 1 << chance.randrange(8)
        content = bytearray(package[name])
        content[place] ^= bit

        found = differences(package | {name: bytes(content)})

        assert found, f"{name}: byte {place} changed unseen"
        assert name == "roots.json" or f"{name}：文件被改动" in found


@pytest.mark.django_db
def test_the_script_itself_exits_with_1_for_a_change_in_each_file(tmp_path):
    package = files_of(make_package(Random(4)))

    for name, content in package.items():
        changed = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
        folder = unpacked(package | {name: changed}, tmp_path / name.replace(".", "-"))

        assert run(folder).returncode == 1, name


@pytest.mark.django_db
@pytest.mark.parametrize("missing", recount.FILES[:9:2])
def test_a_missing_file_is_a_difference_not_a_crash(tmp_path, missing):
    package = files_of(make_package(Random(5)))
    folder = unpacked(package, tmp_path / "box")
    script = unpacked({"recount.py": package["recount.py"]}, tmp_path / "script")
    (folder / missing).unlink()

    result = run(script, folder)

    assert result.returncode == 1
    assert "无法读取" in result.stdout
    assert "Traceback" not in result.stderr


def resigned(package: dict[str, bytes], **changed) -> dict[str, bytes]:
    """The package after a forger changed documents and made every checksum fit again."""
    files = package | {f"{name}.json": json.dumps(content).encode() for name, content in changed.items()}
    roots, tally = json.loads(files["roots.json"]), json.loads(files["tally.json"])
    roots["files"] = {name: sha256(files[name]).hexdigest() for name in roots["files"]}
    roots["frozen_hash"] = merkle.digest(json.loads(files["session.json"])["terms"])
    roots["tally_hash"], roots["box_root"] = merkle.digest(tally), merkle.root(recount.box_lines(tally))
    return files | {"roots.json": (merkle.canonical(roots) + "\n").encode()}


def give_a_vote(package):
    tally = json.loads(package["tally.json"])
    votes = tally["entries"][0]["panels"]["A"]
    votes["good"], votes["poor"] = votes["good"] + 1, votes["poor"] - 1
    return {"tally": tally}


def add_a_vote(package):
    tally = json.loads(package["tally.json"])
    tally["entries"][0]["panels"]["A"]["good"] += 1
    return {"tally": tally}


def better_grade(package):
    grades = json.loads(package["grades.json"])
    grades["reviews"][1]["grade"] = "GOOD"
    return {"grades": grades}


def drop_a_reason(package):
    grades = json.loads(package["grades.json"])
    grades["reviews"][1]["reasons"].pop()
    return {"grades": grades}


def softer_rule(package):
    rules = json.loads(package["rules.json"])
    rules["forced_poor_threshold_bp"] = 5000
    return {"rules": rules}


def softer_terms(package):
    session, rules = json.loads(package["session.json"]), json.loads(package["rules.json"])
    session["terms"]["policy"]["score_floors"]["GOOD"] = rules["score_floors"]["GOOD"] = "70.5"
    return {"session": session, "rules": rules}


def forget_a_fact(package):
    return {"standings": [{k: v for k, v in r.items() if k != "facts"} for r in json.loads(package["standings.json"])]}


def more_returned(package):
    roster = json.loads(package["roster_counts.json"])
    roster[0]["returned"] = roster[0]["slips_returned"] = roster[0]["issued"] + 1
    return {"roster_counts": roster}


def larger_roll(package):
    roster = json.loads(package["roster_counts.json"])
    roster[0]["eligible"] += 1
    return {"roster_counts": roster}


FORGERIES = [give_a_vote, add_a_vote, better_grade, drop_a_reason, softer_rule, softer_terms, forget_a_fact]


@pytest.mark.django_db
@pytest.mark.parametrize("forge", [*FORGERIES, more_returned, larger_roll])
def test_a_forger_who_mends_every_checksum_is_still_found(forge):
    opened = make_opened({"A": 10}, ballots={"A": ["144", "341", *["434"] * 5, *["443"] * 3]})
    package = files_of(export_package(opened.box, SCORES))

    found = differences(resigned(package, **forge(package)))

    assert differences(resigned(package)) == []
    assert found


@pytest.mark.django_db
def test_the_package_holds_no_ballot_and_no_person():
    package = files_of(make_package(Random(6)))
    clerk = make_clerk()

    counted = json.loads(package["tally.json"])
    assert set(counted) == {"groups", "entries"}
    assert {key for entry in counted["entries"] for key in entry} == {"number", "label", "panels"}
    assert all(type(n) is int for e in counted["entries"] for votes in e["panels"].values() for n in votes.values())
    assert not any(clerk.username.encode() in content for content in package.values())


def test_the_script_is_short_and_stands_alone():
    source = Path(recount.__file__).read_text(encoding="utf-8")

    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import", "from"))}
    assert len(source.splitlines()) <= 300
    assert imported <= sys.stdlib_module_names


def test_its_rules_agree_with_the_engine_s_on_random_documents():
    chance = Random(7)
    compared = 0
    while compared < DOCUMENTS:
        given = random_document(chance)
        try:
            policy, standings = document.read_document(given)
            answer = document.to_answer(suggest_grades(standings, policy))
        except document.Malformed:
            continue
        if policy.panel_weights is None:
            continue
        rules = to_document(policy)
        rules["panel_weights"] = {code: Fraction(weight) for code, weight in rules["panel_weights"].items()}

        assert list(recount.check_grades(rules, given["reviews"], answer)) == []
        compared += 1


@pytest.mark.django_db
def test_the_command_writes_the_package(tmp_path, capsys):
    box = make_opened({"A": 5}).box
    file = tmp_path / "box.zip"

    call_command("export_box", box.pk, file)

    assert file.read_bytes() == export_package(box)
    assert "已写入" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_refuses_in_one_line(tmp_path):
    filled = make_open({"A": 5})

    with pytest.raises(CommandError, match="没有编号为 999999 的票箱"):
        call_command("export_box", 999_999, tmp_path / "box.zip")
    with pytest.raises(CommandError, match="开箱后"):
        call_command("export_box", filled.box.pk, tmp_path / "box.zip")
    with pytest.raises(CommandError, match="不能写入"):
        call_command("export_box", make_opened({"A": 5}).box.pk, tmp_path / "nowhere" / "box.zip")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_counts_changed_in_the_database_are_not_exported():
    box = make_opened({"A": 5}).box
    mark = box.entries.get(number=1).marks.get()
    mark.votes -= 1
    with as_owner():
        mark.save()

    with pytest.raises(Refused, match="不一致"):
        export_package(box)
