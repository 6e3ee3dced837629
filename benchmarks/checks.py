"""How well and how fast the checks of a report judge: precision, recall, and time as ratios to stated limits.

    python -m benchmarks.checks

Reads the corpus of the tests: the passages the checks were tuned on, and three sets that were written afterwards and
measured before anything was changed for them (their first figures stand in README.md). A dirty passage counts as
found when a finding overlaps what is marked in it; every finding in a clean passage or report is a false alarm.
Exit 1 if a limit is missed.
"""

import sys
import time
from collections import defaultdict

from reviews.report.checks.check import check_report
from reviews.report.checks.limits import MAY_BLOCK, ReportLimits
from tests.reviews.report.passages import AROUND, FAMILIES, WHOLE, clean, dirty, whole_reports

PRECISION_BLOCKING = 0.98
PRECISION, RECALL = 0.90, 0.85  # of every family: advice may err more often, but seldom
SECONDS_2500, SECONDS_100000 = 0.10, 4.0  # one report while its author writes; the longest that is taken
GROWTH = 12.0  # ten times the text takes at most so many times as long
SETS = {"tuned on": "", "held out 1": "heldout/", "held out 2": "heldout2/", "held out 3": "heldout3/"}
REPEATED = [
    "x",
    "…",
    "*",
    "（a/",
    "更多素材",
    "a.",
    "www.",
    " ",
    "\n",
    "一、",
    "“",
    "_ ",
    "20x",
    "会员",
    "绝 ",
    "机密",
    "2024年",
    "有的党员",
    "一是",
    "进一步",
    "党支部",
]


def judge(family: str, folder: str) -> tuple[int, int, int]:
    """Passages found, passages missed, findings that are false alarms."""
    found = missed = false = 0
    for passage in dirty(family, folder):
        texts = [finding.text for finding in passage.found()]
        if family in WHOLE:
            found, missed = found + bool(texts), missed + (not texts)
            continue
        for words in passage.expected:
            hit = any(words in text or text in words for text in texts)
            found, missed = found + hit, missed + (not hit)
        false += sum(all(text not in words and words not in text for words in passage.expected) for text in texts)
    return found, missed, false + sum(len(passage.found()) for passage in clean(family, folder))


def accuracy() -> bool:
    """The table of precision and recall, by set and family, and over all that may block."""
    good = True
    for name, folder in SETS.items():
        totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        print(f"\n{name}\n{'family':14} {'found':>6} {'missed':>6} {'false':>6} {'precision':>10} {'recall':>8}")
        for family, code in FAMILIES.items():
            try:
                counts = judge(family, folder)
            except FileNotFoundError:
                continue
            line(family, counts)
            kinds = ["all", "blocking"] if code in MAY_BLOCK else ["all"]
            for kind in kinds:
                totals[kind] = [a + b for a, b in zip(totals[kind], counts, strict=True)]
            precise, complete = rates(counts)
            good &= bool(folder) or (precise >= PRECISION and complete >= RECALL)
        for kind, counts in totals.items():
            line(kind, counts)
        good &= rates(totals["blocking"])[0] >= PRECISION_BLOCKING
    print(f"\nlimits: blocking precision {PRECISION_BLOCKING}; tuned on, each family {PRECISION} / {RECALL}")
    alarms = [finding for report in whole_reports().values() for finding in check_report(report).findings]
    print(f"{len(whole_reports())} whole clean reports: {len(alarms)} findings (limit 0)")
    return good and not alarms


def rates(counts: tuple | list) -> tuple[float, float]:
    """Precision and recall; 1 where there is nothing to judge."""
    found, missed, false = counts
    return (found / (found + false) if found + false else 1.0), (found / (found + missed) if found + missed else 1.0)


def line(name: str, counts: tuple | list) -> None:
    precise, complete = rates(counts)
    print(f"{name:14} {counts[0]:6} {counts[1]:6} {counts[2]:6} {precise:10.3f} {complete:8.3f}")


def seconds(text: str | dict) -> float:
    """Processor time, the least of three runs: what else runs on the machine only adds."""
    least = float("inf")
    for _ in range(3):
        begun = time.process_time()
        check_report(text, ReportLimits(max_chars=0), context=AROUND)
        least = min(least, time.process_time() - begun)
    return least


def speed() -> bool:
    """Time of a report and of a hundred thousand characters, and how time grows with the text."""
    bodies = list(whole_reports().values())
    report = "\n".join(body for each in bodies for body in each.values())
    short, long = (report * 20)[:2500], (report * 20)[:100_000]
    good = True
    for name, text, limit in (("2,500 chars", short, SECONDS_2500), ("100,000 chars", long, SECONDS_100000)):
        took = seconds(text)
        good &= took <= limit
        print(f"{name:24} {took:7.3f} s  ratio {took / limit:5.2f} (limit 1.00)")
    growth = {"prose": seconds(long) / seconds(long[:10_000])}
    for letters in REPEATED:
        repeated = letters * 300_000  # long enough that the shorter text is no gift of the processor's cache
        growth[repr(letters)] = seconds(repeated[:300_000]) / seconds(repeated[:30_000])
    worst = max(growth, key=growth.get)
    print(f"ten times the text: prose {growth['prose']:.1f} times, worst {growth[worst]:.1f} ({worst}), limit {GROWTH}")
    return good and growth[worst] <= GROWTH


if __name__ == "__main__":
    sys.exit(0 if all([accuracy(), speed()]) else 1)
