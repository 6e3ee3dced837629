"""锁定的行: what the database itself refuses to change once a box is locked (SECURITY I11).

Triggers on both databases, whoever writes: the ORM, raw SQL, the application's own role. The conditions are the same
text on PostgreSQL and SQLite. What stays allowed is the way a box goes: its states one by one, what each step writes,
throwing away a box nobody voted in and a rehearsal, and the keys at the end of the appeal window.

``manage.py migrate`` takes them out before and puts them in after, so that they survive every migration.

Not refused: what a superuser of the database does after switching the triggers off. The checks of
``scoring.auditing`` and ``recount.py`` find that.
"""

from collections.abc import Iterator

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import receiver

from scoring.models import NEXT_STATES, Box

REFUSAL = "票箱已锁定，数据库不允许这样改动"
TERMS = {
    "scoring_box": ("title", "policy", "frozen", "frozen_hash", "entry_count", "is_rehearsal", "organization_id"),
    "scoring_panel": ("box_id", "code", "label", "position", "weight", "eligible", "spare", "recusals", "is_secret"),
    "scoring_entry": ("box_id", "number", "label", "subtitle"),
}
COUNTS = ("issued", "paper_issued", "paper_returned", "paper_invalid", "exchanged", "spent", "voided", "merged_into_id")
DRAFT, WAITING = ("draft",), ("draft", "frozen")
COUNTED = ("closed", "opened")
OVER = ("opened", "invalid")


def _of_box(row: str, key: str = "box_id") -> str:
    return f"SELECT {{}} FROM scoring_box WHERE id = {row}.{key}"


def _state(source: str, states: tuple[str, ...], *, but: bool = False) -> str:
    listed = ", ".join(f"'{state}'" for state in states)
    return f"({source}) {'NOT ' if but else ''}IN ({listed})"


def _differs(columns: tuple[str, ...], vendor: str) -> str:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    return "(" + " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns) + ")"


def _rehearsal(source: str) -> str:
    return f"({source.format('is_rehearsal')})"


def guards(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Table, event and the condition under which it is refused."""
    steps = " OR ".join(
        f"(OLD.state = '{old}' AND {_state('NEW.state', (old, *sorted(new)))})" for old, new in NEXT_STATES.items()
    )
    yield "scoring_box", "UPDATE", f"NOT ({steps})"
    box = TERMS["scoring_box"]
    yield "scoring_box", "UPDATE", f"{_state('OLD.state', DRAFT, but=True)} AND {_differs(box, vendor)}"
    made = _differs(("public_key", "opened_on"), vendor)
    yield "scoring_box", "UPDATE", f"{_state('OLD.state', WAITING, but=True)} AND {made}"
    sealed = _differs(("receipts_root", "closed_on"), vendor)
    yield "scoring_box", "UPDATE", f"{_state('OLD.state', COUNTED)} AND {sealed}"
    counted = _differs(("box_root", "tally_hash", "unsealed_on"), vendor)
    yield "scoring_box", "UPDATE", f"OLD.state = '{Box.State.OPENED}' AND {counted}"
    yield "scoring_box", "DELETE", f"{_state('OLD.state', WAITING, but=True)} AND NOT OLD.is_rehearsal"
    for table in ("scoring_panel", "scoring_entry"):
        old, new = _of_box("OLD"), _of_box("NEW")
        yield table, "INSERT", _state(new.format("state"), DRAFT, but=True)
        changed = _differs(TERMS[table], vendor)
        yield table, "UPDATE", f"{_state(old.format('state'), DRAFT, but=True)} AND {changed}"
        yield table, "DELETE", f"{_state(old.format('state'), WAITING, but=True)} AND NOT {_rehearsal(old)}"
    held = _state(_of_box("OLD").format("state"), COUNTED)
    yield "scoring_panel", "UPDATE", f"{held} AND {_differs(COUNTS, vendor)}"
    yield from _written_once()


def _written_once() -> Iterator[tuple[str, str, str]]:
    """Rows that are written once: events, checkpoints, receipts, marks, wrapped keys."""
    box = _of_box("OLD")
    gone = f"{_state(box.format('state'), WAITING, but=True)} AND NOT {_rehearsal(box)}"
    for table in ("scoring_event", "scoring_receiptlist"):
        yield table, "UPDATE", "1 = 1"
        yield table, "DELETE", gone
    yield "scoring_checkpoint", "UPDATE", "1 = 1"
    yield "scoring_checkpoint", "DELETE", f"{gone} AND {_state(box.format('state'), OVER, but=True)}"
    yield "scoring_wrappedkey", "UPDATE", "1 = 1"
    yield "scoring_wrappedkey", "DELETE", f"{gone} AND {_state(box.format('state'), OVER, but=True)}"
    of_panel = "SELECT {} FROM scoring_box WHERE id = (SELECT box_id FROM scoring_panel WHERE id = %s.panel_id)"
    old, new = of_panel % "OLD", of_panel % "NEW"
    yield "scoring_mark", "INSERT", _state(new.format("state"), (Box.State.CLOSED.value,), but=True)
    yield "scoring_mark", "UPDATE", "1 = 1"
    yield "scoring_mark", "DELETE", f"{_state(old.format('state'), WAITING, but=True)} AND NOT {_rehearsal(old)}"


def named(vendor: str) -> dict[str, tuple[str, str, str]]:
    """Name of a trigger -> its table, event and condition."""
    return {f"guard_{number:02}_{guard[0]}": guard for number, guard in enumerate(guards(vendor), start=1)}


def in_place(database: BaseDatabaseWrapper) -> set[str]:
    """The guards that stand in the database now."""
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'guard_%' AND tgenabled <> 'D'",
    }
    with database.cursor() as cursor:
        cursor.execute(asked[database.vendor])
        return {name for (name,) in cursor.fetchall()}


def put_in(database: BaseDatabaseWrapper) -> None:
    """Put in what is missing."""
    there = in_place(database)
    with database.cursor() as cursor:
        for name, guard in named(database.vendor).items():
            if name not in there:
                for statement in _statements(database.vendor, name, *guard):
                    cursor.execute(statement)


def _statements(vendor: str, name: str, table: str, event: str, condition: str) -> Iterator[str]:
    head = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW"
    if vendor == "sqlite":
        yield f"{head} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        return
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = '23000'; END IF; "
        f"RETURN {'OLD' if event == 'DELETE' else 'NEW'}; END $$"
    )
    yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
    yield f"{head} EXECUTE FUNCTION {name}()"


def take_out(database: BaseDatabaseWrapper) -> None:
    """Take every guard out: SQLite rebuilds tables when they are altered, and stumbles over triggers that name them."""
    with database.cursor() as cursor:
        for name in in_place(database):
            table = name.split("_", 2)[2]
            on = f" ON {table}" if database.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


@receiver(pre_migrate, dispatch_uid="guards go")
def _before_migrating(app_config, using, **kwargs) -> None:
    if app_config.label == "scoring":
        take_out(connections[using])


@receiver(post_migrate, dispatch_uid="guards come")
def _after_migrating(app_config, using, **kwargs) -> None:
    if app_config.label == "scoring":
        put_in(connections[using])
