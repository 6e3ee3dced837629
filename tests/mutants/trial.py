"""A copy of the tree in which faults are tried: a process that has everything ready is forked for every mutant.

A fault inside a function is put into the functions that are already there; one outside (a table, a class body, a
default) is written into the copied file, and what is ours is imported anew.
"""

import ast
import gc
import importlib
import json
import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from django.db import connections
from hypothesis import Phase, settings

from tests.mutants.operators import Mutant, mutated

LEFT_BEHIND = shutil.ignore_patterns(".*", "var", "staticfiles", "__pycache__", "benchmarks", "docs")
PYTEST = ["-q", "-x", "--no-header", "--reuse-db", "--hypothesis-seed=0", "-p", "no:randomly", "-p", "no:xdist"]
PYTEST += ["-p", "no:cacheprovider", "-p", "no:playwright", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
OURS = ("tests", "config", "organizations", "reviews", "scoring", "manage")
MOST_EXAMPLES = 10  # of a property
MISFIT = 77  # exit code of a child that could not put its fault in place
FACTOR = 5  # a mutant that takes so many times as long as all tests without a fault goes round for ever


class Broken(Exception):  # noqa: N818 -- the name is the sentence
    """The tests fail without any mutant: there is nothing to learn from them."""


def fate_of_child(run: Callable[[], int], patience: float) -> str:
    """Run something in a child: "survived" if it gives 0, "slow" if it had to be ended, "misfit", else "killed"."""
    child = os.fork()
    if not child:
        code = 3
        try:
            os.setpgid(0, 0)
            code = run()
        finally:
            sys.stdout.flush()
            os._exit(code)
    until = time.monotonic() + patience
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return {0: "survived", MISFIT: "misfit"}.get(os.waitstatus_to_exitcode(status), "killed")
        time.sleep(0.005)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "slow"


class Workshop:
    """The copy and its database as the tests find it. A context manager that leaves nothing behind."""

    def __init__(self, root: Path, tests: list[str]):
        """``tests``: what pytest is told to run, from ``root``."""
        self.root, self.tests = root, tests
        self.folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        self.tree = self.folder / "tree"
        self.order = self.folder / "order.json"
        shutil.copytree(root, self.tree, ignore=LEFT_BEHIND)

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.folder)

    def fates_of(self, mutants: Iterable[Mutant]) -> Iterator[tuple[Mutant, str]]:
        """What becomes of each mutant: "killed", "slow" (it went on for ever) or "survived". Raises Broken."""
        mutants = list(mutants)
        inside = [mutant for mutant in mutants if mutant.is_inside]
        outside = [mutant for mutant in mutants if not mutant.is_inside]
        for number, fate in self._fates_in_place(inside):
            if fate == "misfit":
                outside.append(inside[number])
            else:
                yield inside[number], fate
        if not self.order.exists():
            raise Broken((self.folder / "said.txt").read_text())
        learnt = json.loads(self.order.read_text())
        for name in learnt["imported"]:
            with suppress(Exception):  # what needs Django's settings stays for the child
                importlib.import_module(name)
        for mutant in outside:
            yield mutant, self._fate_written(mutant, learnt)

    def _fates_in_place(self, mutants: list[Mutant]) -> Iterator[tuple[int, str]]:
        """One child runs pytest; its loop tries one mutant after the other and tells how each ended."""
        ear, mouth = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.close(ear)
                self.move_in()
                pytest.main([*PYTEST, *self.tests], plugins=[Bench(self, mutants, mouth)])
            finally:
                os._exit(0)
        os.close(mouth)
        try:
            with open(ear) as told:
                for line in told:
                    number, fate = line.split()
                    yield int(number), fate
        finally:  # also when nobody wants to hear the rest
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def _fate_written(self, mutant: Mutant, learnt: dict) -> str:
        file = self.tree / mutant.module
        source = file.read_text()
        for compiled in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
            compiled.unlink()
        file.write_text(ast.unparse(mutated(source, mutant)))

        def run() -> int:
            self.move_in()
            return pytest.main([*PYTEST, *self.tests], plugins=[InOrder(learnt["tests"])])

        try:
            self.restore_database()
            return fate_of_child(run, learnt["patience"])
        finally:
            file.write_text(source)

    def keep_database(self) -> None:
        """Remember the database as it is now, if the tests have one at all."""
        if (self.folder / "test.sqlite3").exists():
            with closing(sqlite3.connect(self.folder / "test.sqlite3")) as database:
                database.execute("VACUUM INTO ?", [f"{self.folder}/kept.sqlite3"])

    def restore_database(self) -> None:
        """The database as it was remembered."""
        if (self.folder / "kept.sqlite3").exists():
            for file in self.folder.glob("test.sqlite3*"):
                file.unlink()
            shutil.copy(self.folder / "kept.sqlite3", self.folder / "test.sqlite3")

    def move_in(self) -> None:
        """As if this process had been started in the copy."""
        os.chdir(self.tree)
        os.environ |= {"DEMO": "1", "DATABASE_URL": f"sqlite:///{self.folder}/db.sqlite3", "TEST_DB": ""}
        os.environ |= {"HYPOTHESIS_STORAGE_DIRECTORY": f"{self.folder}/hypothesis", "PYTHONDONTWRITEBYTECODE": "1"}
        sys.dont_write_bytecode = self.order.exists()  # what is compiled before any fault may be kept
        sys.path[:] = [str(self.tree), *(path for path in sys.path if path and Path(path) != self.root)]
        for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
            del sys.modules[name]
        with open(self.folder / "said.txt", "w") as said:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)


class InOrder:
    """A pytest plugin: the tests that found most so far come first, few examples, no search for the smallest one."""

    def __init__(self, tests: list[str]):
        self.tests = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """The order; and a profile for properties, after the tests' own."""
        items.sort(key=lambda item: self.tests.get(item.nodeid, len(self.tests)))
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings.default, max_examples=MOST_EXAMPLES, phases=phases)
        settings.load_profile("mutants")


class Bench(InOrder):
    """A pytest plugin: the loop over the tests becomes a loop over mutants, each in a child with all tests ready."""

    def __init__(self, workshop: Workshop, mutants: list[Mutant], mouth: int):
        super().__init__([])
        self.workshop, self.mutants, self.mouth = workshop, mutants, mouth

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """First all tests without a fault: they must pass. Then, for each, the quick ones and the last finder first."""
        started = time.monotonic()
        if session.testsfailed or not session.items or self._first_failure(session, session.items, timed=True):
            return True
        patience = 10 + FACTOR * (time.monotonic() - started)
        items = sorted(session.items, key=lambda item: item.seconds)
        connections.close_all()
        self.workshop.keep_database()
        found = self.workshop.folder / "found.txt"
        functions = {mutant.module: functions_of(self.workshop.tree / mutant.module) for mutant in self.mutants}
        for number, mutant in enumerate(self.mutants):
            self.workshop.restore_database()
            found.unlink(missing_ok=True)

            def run(mutant=mutant) -> int:
                try:
                    put_in_place(functions[mutant.module], self.workshop.tree / mutant.module, mutant)
                except ValueError:  # it would take another set of outer variables
                    return MISFIT
                by = self._first_failure(session, items)
                found.write_text(by.nodeid if by else "")
                return int(by is not None)

            fate = fate_of_child(run, patience)
            os.write(self.mouth, f"{number} {fate}\n".encode())
            by = found.read_text() if found.exists() else ""
            items.sort(key=lambda item: item.nodeid != by)
        self._tell_what_was_learnt(items, patience)
        return True

    def _first_failure(self, session: pytest.Session, items: list, timed: bool = False) -> pytest.Item | None:
        """Run the tests until one fails. What the session shares stays set up for another round."""
        elsewhere = next((item for item in items if item.path != items[-1].path), items[0])
        for item, following in zip(items, [*items[1:], elsewhere], strict=True):
            started = time.monotonic()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if timed:
                item.seconds = time.monotonic() - started
            if session.testsfailed:
                return item
        return None

    def _tell_what_was_learnt(self, items: list, patience: float) -> None:
        names = [name for name in sys.modules if name.split(".")[0] not in OURS]
        learnt = {"tests": [item.nodeid for item in items], "patience": patience, "imported": names}
        self.workshop.order.write_text(json.dumps(learnt))


def functions_of(file: Path) -> list[FunctionType]:
    """Every function of an imported module, whatever it is wrapped in."""
    found = [thing for thing in gc.get_objects() if isinstance(thing, FunctionType)]
    return [function for function in found if function.__code__.co_filename == str(file)]


def put_in_place(functions: Iterable[FunctionType], file: Path, mutant: Mutant) -> None:
    """Give functions the code that they have with the fault.

    Raises ValueError when one no longer takes the same variables from outside.
    """
    codes: dict[tuple, list[CodeType]] = defaultdict(list)
    waiting = [compile(mutated(file.read_text(), mutant), str(file), "exec")]
    while waiting:
        code = waiting.pop()
        codes[code.co_qualname, code.co_firstlineno].append(code)
        waiting += [inner for inner in code.co_consts if isinstance(inner, CodeType)]
    for function in functions:
        found = codes[function.__code__.co_qualname, function.__code__.co_firstlineno]
        if len(found) == 1:
            function.__code__ = found[0]
