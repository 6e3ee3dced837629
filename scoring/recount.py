#!/usr/bin/env python3
"""复核程序: recount one box out of its package, by rules of its own. Standard library only, Python 3.8 or later.

    python3 recount.py [FOLDER or PACKAGE.zip]

Exit 0 only if every file, root, count, tally and grade agrees; else 1, and every difference is named.
It shares no line with the system that made the package.
"""

import hashlib
import json
import re
import sys
import zipfile
from fractions import Fraction
from pathlib import Path

FILES = ["session.json", "roster_counts.json", "rules.json", "standings.json", "tally.json", "grades.json"]
FILES += ["receipts.txt", "events.jsonl", "recount.py", "README.txt"]
ROOTS = {"files", "frozen_hash", "receipts_root", "box_root", "tally_hash", "events_head"}
NAMES = {"4": "good", "3": "fairly_good", "2": "average", "1": "poor", "0": "abstain", "x": "invalid", "-": "recused"}
VALID = ("good", "fairly_good", "average", "poor")
GRADES = ["POOR", "AVERAGE", "FAIRLY_GOOD", "GOOD"]
MODES = {"POOR_ONLY": [["poor"]], "AVERAGE_PLUS_POOR": [["average", "poor"]], "EITHER": [["average"], ["poor"]]}
LEAST = 5  # a secret panel with fewer ballots is never counted alone


def sha(content):
    return hashlib.sha256(content).digest()


def spelled(thing):
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hashed(thing):
    return sha(spelled(thing).encode()).hex()


def merkle(lines):
    level = [sha(b"\0" + line.encode()) for line in sorted(lines)]
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        level = [sha(b"\1" + a + b) for a, b in zip(level[::2], level[1::2])] + odd  # noqa: B905 -- Python 3.8
    return level[0].hex() if level else sha(b"").hex()


def groups_of(panels):
    """Panels as they are counted: too small ones together, under a joined code."""
    secret = [p for p in panels if p["is_secret"] and p["returned"] > 0]
    joined = [p for p in secret if p["returned"] < LEAST]
    rest = [p for p in secret if p["returned"] >= LEAST]
    if joined and rest and sum(p["returned"] for p in joined) < LEAST:
        joined.append(min(rest, key=lambda p: p["returned"]))
    together = [p for p in panels if p in joined]
    lists = [together if p in together else [p] for p in panels if p not in together[1:]]
    return {"+".join(p["code"] for p in group): group for group in lists}


def check_panels(panels, groups):
    """The roll against the frozen terms, and the identities of every panel."""
    heads = {p["code"]: group[0]["code"] for group in groups.values() for p in group[1:]}
    for p in panels:
        slips, paper = (p["slips_issued"], p["slips_returned"]), (p["paper_issued"], p["paper_returned"])
        wrong_slips = slips[0] != slips[1] + p["slips_voided"] or p["slips_exchanged"] > p["slips_voided"]
        breaches = {
            "测评码不等于已用与作废之和，或换发的多于作废的": wrong_slips,
            "发出总数不等于测评码与纸质票之和": p["issued"] != slips[0] + paper[0],
            "收回总数不等于测评码与纸质票之和": p["returned"] != slips[1] + paper[1],
            "收回多于发出，整个测评无效": p["returned"] > p["issued"] or not p["paper_invalid"] <= paper[1] <= paper[0],
            "收回多于应到与备用之和": p["returned"] > p["eligible"] + p["spare"],
            "合并方式与规定不一致": p["merged_into"] != heads.get(p["code"]),
        }
        yield from (f"roster_counts.json：{p['label']}{text}" for text, broken in breaches.items() if broken)


def check_tally(terms, groups, tally):
    """Marks of every panel and entry against what was issued and returned."""
    sums = {c: {key: sum(p[key] for p in g) for key in ("issued", "returned")} for c, g in groups.items()}
    if tally["groups"] != sums:
        yield "tally.json：发出收回数与 roster_counts.json 不一致"
    if [(e["number"], e["label"]) for e in tally["entries"]] != [(e["number"], e["label"]) for e in terms["entries"]]:
        yield "tally.json：被测评人与锁定内容不一致"
    for entry in tally["entries"]:
        if set(entry["panels"]) != set(groups):
            yield f"tally.json：第 {entry['number']} 项的票种不一致"
        for code, votes in entry["panels"].items():
            if set(votes) != set(NAMES.values()) or any(type(n) is not int or n < 0 for n in votes.values()):
                yield f"tally.json：第 {entry['number']} 项 {code} 的票数格式错误"
            elif sum(votes.values()) != sums.get(code, {}).get("returned"):
                yield f"tally.json：第 {entry['number']} 项 {code} 各票之和与收回数不一致"


def box_lines(tally):
    """The opened box as it is committed to: one line a panel and entry."""
    for entry in tally["entries"]:
        for code, votes in entry["panels"].items():
            yield f"{code}|{entry['number']}|" + " ".join(f"{c}={votes[NAMES[c]]}" for c in "43210x-")


def rules_in_force(policy, groups):
    """The frozen rules with the weights of the panels as they are counted."""
    weights = {code: sum(Fraction(p["weight"]) for p in group) for code, group in groups.items()}
    scope = policy["forced_poor_scope"]
    for code, group in groups.items():
        scope = "PANEL:" + code if scope in ["PANEL:" + p["code"] for p in group] else scope
    return dict(policy, panel_weights=weights, forced_poor_scope=scope)


def mean(pairs):
    total = sum(w for w, _ in pairs)
    return sum(w * x for w, x in pairs) / total if total else None


def expressed(votes):
    return sum(votes[name] for name in VALID)


def pooled(panels):
    return {key: sum(votes[key] for votes in panels.values()) for key in [*NAMES.values(), "issued", "returned"]}


def panel_score(votes, rules):
    worth = sum(Fraction(rules["grade_values"][place]) * votes[name] for place, name in enumerate(VALID))
    return worth / expressed(votes) if expressed(votes) else None


def score_of(review, rules):
    """Steps 1 and 2: the exact score, or None with the codes of what is missing."""
    scores = {code: panel_score(votes, rules) for code, votes in review["panels"].items()}
    have = {name: None if review.get(name) is None else Fraction(review[name]) for name in ("routine", "field")}
    have["ballot"] = mean([(rules["panel_weights"][code], s) for code, s in scores.items() if s is not None])
    wanted = {k: Fraction(w) for k, w in (rules["composite"] or {"ballot": 1}).items() if Fraction(w)}
    blocked = "ballot" in wanted and rules["empty_panel"] == "BLOCK" and None in scores.values()
    missing = [k for k in wanted if have[k] is None and not (k == "ballot" and blocked)]
    stops = rules["missing_component"] == "BLOCK" or len(missing) == len(wanted)
    codes = blocked * ["EMPTY_PANEL"] + bool(rules["composite"] and missing and stops) * ["MISSING_COMPONENT"]
    return None if codes else mean([(w, have[k]) for k, w in wanted.items() if have[k] is not None]), codes


def below(votes, of):
    """The denominator of step 6."""
    given = {"EXPRESSED": expressed(votes), "EXPRESSED_PLUS_ABSTAIN": expressed(votes) + votes["abstain"]}
    return given[of] if of in given else votes[of.lower()]


def over_limit(counted, review, rules):
    """Step 6: is the share of these low votes too high in the policy's scope?"""
    scope, of, panels = rules["forced_poor_scope"], rules["forced_poor_denominator"], review["panels"]
    if scope == "POOLED":
        panels = {"": pooled(panels)}
    elif scope.startswith("PANEL:"):
        panels = {code: votes for code, votes in panels.items() if code == scope[6:]}
    low = {code: (sum(votes[name] for name in counted), below(votes, of)) for code, votes in panels.items()}
    shares = {code: Fraction(above, under) for code, (above, under) in low.items() if under}
    if scope == "WEIGHTED" and shares:
        shares = {"": mean([(rules["panel_weights"][code], share) for code, share in shares.items()])}
    limit, gte = Fraction(rules["forced_poor_threshold_bp"], 10000), rules["forced_poor_comparator"] == "GTE"
    return any(share > limit or (gte and share == limit) for share in shares.values())


def own_grade(review, rules):
    """Steps 1 to 7: score, grade, open and reason codes before the quota."""
    score, codes = score_of(review, rules)
    facts, valid, grade = review.get("facts") or [], expressed(pooled(review["panels"])), None
    codes = codes + (not valid) * ["NO_VALID_BALLOTS"]
    if score is not None and not codes:
        band = sum(score >= Fraction(floor) for floor in rules["score_floors"].values())
        ceilings = [GRADES.index(top) for fact, top in rules["caps"].items() if fact in facts]
        ceilings = [ceiling for ceiling in ceilings if ceiling < band]
        codes, grade = ["BAND"] + ["CAP"] * len(ceilings), min([band, *ceilings])
    by_fact = any(fact in facts for fact in rules["forcing_facts"])
    by_ballots = any(over_limit(counted, review, rules) for counted in MODES[rules["forced_poor_mode"]])
    codes = codes + by_fact * ["FORCED_BY_FACT"] + by_ballots * ["FORCED_BY_BALLOTS"]
    few, grade = 0 < valid < rules["min_valid_ballots"], 0 if by_fact or by_ballots else grade
    return {"score": score, "grade": grade, "open": few, "valid": valid, "codes": codes + few * ["FEW_BALLOTS"]}


def rank_key(review, own, rules):
    """What those who are 好 are ranked by: figures only, never a name or a number."""
    whole, first = pooled(review["panels"]), next(iter(rules["panel_weights"]), None)
    first_score = panel_score(review["panels"][first], rules) if first in review["panels"] else None
    last = [first_score, None if review.get("closure_rate") is None else Fraction(review["closure_rate"])]
    shares = Fraction(whole["good"], own["valid"]), -Fraction(whole["poor"], own["valid"])
    return (own["score"], *shares, *(Fraction(-1) if x is None else x for x in last))


def apply_quota(members, rules):
    """Step 8, on one group of (review, own) pairs. Gives the number of places."""
    places = len(members) * (10000 - rules["quota_min_below_good_bp"]) // 10000
    small = rules["quota_min_below_good_bp"] and len(members) < rules["quota_min_group"]
    good = [] if small else [(rank_key(review, own, rules), own) for review, own in members if own["grade"] == 3]
    for key, own in good:
        above, equal = sum(k > key for k, _ in good), sum(k == key for k, _ in good)
        tie = above < places  # they stand across the line, not below it
        if above + equal > places and not (tie and rules["tie_policy"] == "INCLUDE_ALL"):
            own["grade"], own["codes"] = 2, own["codes"] + ["QUOTA_TIE" if tie else "QUOTA"]
            own["open"] = own["open"] or (tie and rules["tie_policy"] == "DELIBERATE")
    return places


def answer(review, own):
    """One review in the shape of grades.json, with the codes of its reasons."""
    score, exact, grade = own["score"], None, own["grade"]
    if score is not None:
        cents = (score * 200 + 1) // 2  # half up; scores are never negative
        score, exact = f"{cents // 100}.{cents % 100:02d}", str(score)
    told = {"score": score, "score_exact": exact, "grade": None if grade is None else GRADES[grade]}
    return {"id": review["id"], **told, "expressed": own["valid"], "open": own["open"], "codes": own["codes"]}


def check_grades(rules, reviews, grades):
    """Every score, grade and reason, and the places of every group."""
    pairs, groups = [(review, own_grade(review, rules)) for review in reviews], {}
    for review, own in pairs:
        name = review.get("org_type", "") if rules["quota_group_by"] == "ORG_TYPE" else "CAMPAIGN"
        groups.setdefault(name, []).append((review, own))
    places = [(name, len(members), apply_quota(members, rules)) for name, members in groups.items()]
    if [(g["group"], g["size"], g["places"]) for g in grades["groups"]] != places:
        yield "grades.json：“好”的名额与复核不一致"
    if [r["id"] for r in grades["reviews"]] != [r["id"] for r in reviews]:
        yield "grades.json：被测评人与 standings.json 不一致"
    for (review, own), given in zip(pairs, grades["reviews"]):  # noqa: B905 -- Python 3.8
        given = dict(given, codes=[reason["code"] for reason in given["reasons"]])
        for field, value in answer(review, own).items():
            if given[field] != value:
                yield f"grades.json：第 {review['id']} 项 {field} 为 {given[field]}，复核为 {value}"


def check_events(text, head):
    """The acts on the box: each linked to the one before, the last one being the head."""
    last = "0" * 64
    for place, event in enumerate(map(json.loads, text.splitlines()), start=1):
        last = hashed([last, place, event["at"], event["act"], event["by"], event["facts"]])
        if (event["place"], event["hash"]) != (place, last):
            return (yield f"events.jsonl：第 {place} 条记事与校验值不符")
    if last != head:
        yield "events.jsonl：末条记事与 roots.json 不一致"


def check(files):
    """Every difference found in a package, in words."""
    roots = json.loads(files["roots.json"])
    if files["roots.json"] != (spelled(roots) + "\n").encode() or {*roots} != ROOTS or {*roots["files"]} != {*FILES}:
        yield "roots.json：写法被改动，或项目不全、多余"
    yield from (f"{name}：文件被改动" for name in FILES if sha(files[name]).hex() != roots["files"].get(name))
    session, roster, policy, standings, tally, grades = (json.loads(files[name]) for name in FILES[:6])
    receipts, terms = files["receipts.txt"].decode().splitlines(), session["terms"]
    mine = {"frozen_hash": hashed(terms), "receipts_root": merkle(receipts)}
    mine.update(box_root=merkle(box_lines(tally)), tally_hash=hashed(tally))
    yield from (f"roots.json：{name} 与重新计算的不一致" for name, root in mine.items() if root != roots.get(name))
    if receipts != sorted(set(receipts)) or not all(re.fullmatch("([0-9A-Z]{4}-){3}[0-9A-Z]{4}", r) for r in receipts):
        yield "receipts.txt：回执码重复、未排序或格式错误"
    if len(receipts) != sum(row["returned"] for row in roster):
        yield f"receipts.txt：回执 {len(receipts)} 个，收回 {sum(row['returned'] for row in roster)} 张"
    same = [(a["code"], a["label"], a["eligible"]) for a in terms["panels"]]
    if same != [(b["code"], b["label"], b["eligible"]) for b in roster]:
        yield "roster_counts.json：票种或应到人数与锁定内容不一致"
    panels = [{**row, **frozen} for frozen, row in zip(terms["panels"], roster)]  # noqa: B905 -- Python 3.8
    groups = groups_of(panels)
    yield from check_panels(panels, groups)
    yield from check_tally(terms, groups, tally)
    rules = rules_in_force(terms["policy"], groups)
    if policy != terms["policy"]:
        yield "rules.json：规则与锁定内容不一致"
    counted = {str(e["number"]): e["panels"] for e in tally["entries"]}
    if [r["id"] for r in standings] != list(counted):
        yield "standings.json：被测评人与 tally.json 不一致"
    for review in standings:
        review["panels"] = {c: {**votes, **tally["groups"][c]} for c, votes in counted[review["id"]].items()}
    yield from check_grades(rules, standings, grades)
    yield from check_events(files["events.jsonl"].decode(), roots.get("events_head"))


def read(place):
    """The files of a package, in a folder or in a zip."""
    if place.is_dir():
        return {name: (place / name).read_bytes() for name in [*FILES, "roots.json"]}
    with zipfile.ZipFile(place) as package:
        return {name: package.read(name) for name in [*FILES, "roots.json"]}


def main():
    sys.stdout.reconfigure(encoding="utf-8")
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    differences, files = [], {}
    try:
        files = read(place)
        differences.extend(check(files))  # what was found before a fault is kept
    except Exception as error:  # whatever a changed file breaks is a difference, never a crash
        differences.append(f"复核包缺少文件或内容无法读取：{type(error).__name__} {error}")
    if differences:
        print(*(f"不一致：{each}" for each in differences), f"复核不一致：{len(differences)} 处", sep="\n")
        return 1
    roots = json.loads(files["roots.json"])
    print(*(f"{name} {roots[name]}" for name in sorted(ROOTS - {"files"})), "复核一致", sep="\n")


if __name__ == "__main__":
    sys.exit(main())
