"""Mutation test of the rules, the ballot engine and the permissions (SECURITY R10): are the tests worth anything?

    python -m tests.mutants [group or module …] [--sample 200] [--minutes 60] [--seed 2026]

Every mutant is one small fault (tests/mutants/operators.py) in a copy of this tree under the system's temporary
folder, with a database of its own; the tests of its module run until one fails (killed) or all pass (survived). Those
that change nothing anybody could see stand with their reason in tests/mutants/equivalent.toml. Exit 0 only if at
least 90 % of every group are killed.

Why not a library: mutmut 3 leaves out whatever is decorated (every action under ``transaction.atomic``, every
property) and whatever stands outside of functions (every table of roles); cosmic-ray knows no tables either and
starts a Python a mutant. Here a warm process is forked instead, which is ten times as fast.
"""

import argparse
import random
import sys
import time
import tomllib
from collections import Counter
from fractions import Fraction
from pathlib import Path

from tests.mutants.groups import GROUPS
from tests.mutants.operators import Mutant, mutants_of
from tests.mutants.trial import Workshop

ROOT = Path(__file__).resolve().parent.parent.parent
GOAL = 90  # per cent
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


def known_equivalents() -> dict[tuple[str, str, str], str]:
    """(module, place, change) -> why nobody could see the difference."""
    told = tomllib.loads(EQUIVALENT.read_text())["mutant"]
    return {(one["module"], one["place"], change): one["reason"] for one in told for change in one["changes"]}


def chosen(module: str, asked: argparse.Namespace) -> list[Mutant]:
    """The mutants of a module that are tried: all, or a sample that is the same for the same seed."""
    found = mutants_of((ROOT / module).read_text(), module)
    if asked.sample and len(found) > asked.sample:
        found = random.Random(f"{asked.seed} {module}").sample(found, asked.sample)
    return found


def try_modules(modules: list[str], tests: list[str], asked: argparse.Namespace) -> dict[str, Counter]:
    """Try the mutants of some modules, print the survivors, give the figures of each module."""
    equivalents = known_equivalents()
    figures: dict[str, Counter] = {module: Counter() for module in modules}
    visible = []
    for mutant in [mutant for module in modules for mutant in chosen(module, asked)]:
        if (mutant.module, mutant.place, mutant.change) in equivalents:
            figures[mutant.module]["equivalent"] += 1
        else:
            visible.append(mutant)
    random.Random(asked.seed).shuffle(visible)  # so that a run that is stopped early has tried a fair sample
    until = time.monotonic() + 60 * asked.minutes
    with Workshop(ROOT, tests) as workshop:
        for done, (mutant, fate) in enumerate(workshop.fates_of(visible), start=1):
            figures[mutant.module][fate] += 1
            if fate == "survived":
                print(f"survived {mutant.module}:{mutant.line} {mutant.place}: {mutant.change}", flush=True)
            print(f"{done} of {len(visible)} {fate}", file=sys.stderr, flush=True)
            if time.monotonic() > until:
                print(f"stopped after {asked.minutes} minutes: {done} of {len(visible)} mutants tried")
                break
    return figures


def share(figures: Counter) -> Fraction:
    """Per cent killed of those mutants that anybody could see."""
    killed = figures["killed"] + figures["slow"]
    visible = killed + figures["survived"]
    return Fraction(100 * killed, visible) if visible else Fraction(100)


def row(name: str, figures: Counter) -> str:
    """One line of the table."""
    killed = figures["killed"] + figures["slow"]
    numbers = (figures.total(), killed, figures["survived"], figures["equivalent"], f"{float(share(figures)):.1f} %")
    return f"| {name} | {' | '.join(map(str, numbers))} |"


def main() -> int:
    """Try what was asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", help="groups or modules; everything by default")
    parser.add_argument("--sample", type=int, default=0, help="at most so many mutants a module")
    parser.add_argument("--minutes", type=int, default=10_000, help="stop a group after so many")
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    lines, is_well = [], True
    for name, group in GROUPS.items():
        modules = [module for module in group.modules if not asked.what or {name, module} & set(asked.what)]
        if modules:
            figures = try_modules(modules, group.tests, asked)
            whole = sum(figures.values(), Counter())
            lines += [*(row(module, of) for module, of in figures.items()), row(f"**{name}**", whole)]
            is_well = is_well and share(whole) >= GOAL
    print(
        "",
        "| module | mutants | killed | survived | equivalent | share |",
        "|---|---|---|---|---|---|",
        *lines,
        sep="\n",
    )
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
