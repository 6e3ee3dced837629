"""导入花名册: a workbook in, a plan with a log of every row, and the plan applied in one go or not at all."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from organizations import trail
from organizations.actions import lock_tree, relocate
from organizations.errors import Refused
from organizations.models import Appointment, Organization, Person
from organizations.register import load_register
from organizations.roster import Layout, guess_layout, headings_of, read_rows
from organizations.roster_plan import Node, Plan, make_plan
from organizations.roster_posts import Post, last_day
from organizations.sheets import Grid, read_workbook, write_workbook

BATCH = 500


@dataclass(slots=True)
class Roster:
    """A workbook that was read: its sheets, and the reading chosen for it (None: no header was found)."""

    grids: list[Grid]
    layout: Layout | None

    @property
    def grid(self) -> Grid:
        chosen = self.layout.sheet if self.layout else ""
        return next((grid for grid in self.grids if grid.name == chosen), self.grids[0])

    def headings(self) -> list[str]:
        """What stands over each column of the chosen sheet."""
        return headings_of(self.grid, self.layout) if self.layout else []


def read_roster(content: bytes, layout: Layout | None = None) -> Roster:
    """Read a workbook and guess its layout unless one is given. Raises Refused for what is no workbook."""
    grids = read_workbook(content)
    return Roster(grids, layout or guess_layout(grids))


def plan_roster(roster: Roster, *, by: Person | None) -> Plan:
    """The dry run: what each row would do. ``by`` None reaches everything (the command line).

    Raises Refused when there is no header, no row, or a layout that does not fit the file.
    """
    layout = roster.layout
    if layout is None:
        raise Refused("没有找到表头：表里要有“党组织名称”一列和至少一个其他列（如“上级党组织”“书记姓名”）。")
    if "name" not in layout.columns:
        raise Refused("没有指定哪一列是“党组织名称”，请在列对应中选择。")
    rows = list(read_rows(roster.grid, layout))
    if not rows:
        raise Refused(f"工作表“{roster.grid.name}”的表头下面没有内容。")
    return make_plan(rows, load_register(rows, by))


def apply_roster(
    roster: Roster, *, by: Person | None, filename: str, expected: str | None = None, only_good: bool = False
) -> Plan:
    """Write what the plan says, all of it in one transaction, and tell what was done.

    ``expected`` is the fingerprint of the plan that the person saw; ``only_good`` leaves out the
    refused rows, and what hangs on them. Raises Refused, with nothing written, when a row is
    refused and ``only_good`` is not asked for, or when the data has changed since the dry run.
    """
    try:
        with transaction.atomic():
            lock_tree()
            plan = plan_roster(roster, by=by)
            refused = plan.totals()["refused"]
            if expected is not None and expected != plan.fingerprint:
                raise Refused("试算以后花名册数据有变化，没有导入任何内容；请看过新的试算结果再导入。")
            if refused and not only_good:
                raise Refused(f"有 {refused} 行有错误，没有导入任何内容；请改正后重新上传，或选择“只导入无错的行”。")
            _write(plan, by=by, filename=filename)
    except IntegrityError as error:
        raise Refused("导入时数据刚被他人改动，没有导入任何内容；请重新试算。") from error
    return plan


def _write(plan: Plan, *, by: Person | None, filename: str) -> None:
    posts = [post for row, post in _accepted_posts(plan)]
    _plant(node for node in plan.written_nodes() if node.existing is None)
    _update([node for node in plan.written_nodes() if node.existing and node.words])
    _move([node for node in plan.written_nodes() if node.is_moved])
    _make_people(posts, plan.register.usernames)
    _write_posts(posts, plan)
    _write_trail(plan, by=by, filename=filename)


def _accepted_posts(plan: Plan) -> list[tuple]:
    found = [(row, plan.book.posts.get(row.number)) for row in plan.rows if not row.is_refused]
    return [(row, post) for row, post in found if post]


def _plant(nodes: Iterable[Node]) -> None:
    """Create the new organizations level by level: a path needs its own key and the path above."""
    waiting = list(nodes)
    while waiting:
        ready = [node for node in waiting if not isinstance(node.parent, Node) or node.parent.existing]
        parents = [node.parent.existing if isinstance(node.parent, Node) else node.parent for node in ready]
        made = Organization.objects.bulk_create(
            [_organization(node, parent) for node, parent in zip(ready, parents, strict=True)], batch_size=BATCH
        )
        above = Subquery(Organization.objects.filter(pk=OuterRef("parent_id")).values("path")[:1])
        own_key = Concat(Cast("pk", CharField()), Value("/"))
        new = Organization.objects.filter(path="")
        new.filter(parent=None).update(path=own_key)
        new.exclude(parent=None).update(path=Concat(above, own_key))
        for node, organization in zip(ready, made, strict=True):
            node.existing = organization
        waiting = [node for node in waiting if not node.existing]


def _organization(node: Node, parent: Organization | None) -> Organization:
    row = node.row
    return Organization(
        name=row.name,
        short_name=row.short_name,
        kind=row.guessed_kind,
        code=row.code or None,
        parent=parent,
        path="",
        depth=parent.depth + 1 if parent else 0,
        sort_order=row.number,
        term_ends_on=row.term_ends_on,
    )


def _update(nodes: list[Node]) -> None:
    for node in nodes:
        row, organization = node.row, node.existing
        organization.name = row.name
        for key in ("short_name", "code", "kind", "term_ends_on"):
            if getattr(row, key):
                setattr(organization, key, getattr(row, key))
    Organization.objects.bulk_update(
        [node.existing for node in nodes], ["name", "short_name", "code", "kind", "term_ends_on"], batch_size=100
    )


def _move(nodes: list[Node]) -> None:
    """Move the highest first, so that nothing has to pass below itself on the way."""
    for node in sorted(nodes, key=_level):
        parent = node.parent.existing if isinstance(node.parent, Node) else node.parent
        relocate(node.existing.pk, parent.pk)


def _level(node: Node) -> int:
    level, place = 0, node
    while isinstance(place, Node):
        level, place = level + 1, place.parent
    return level + place.depth if place else level


def _make_people(posts: list[Post], usernames: set[str]) -> None:
    """Accounts without a usable password: whoever shall log in gets one from the system administrator."""
    new = list({id(post.person): post.person for post in posts if post.person.pk is None}.values())
    unusable = make_password(None)
    for person in new:
        person.username = _username(person, usernames)
        person.password = unusable
    Person.objects.bulk_create(new, batch_size=BATCH)


def _username(person: Person, taken: set[str]) -> str:
    username = person.employee_code or ""
    while not username or username in taken:
        username = f"r{secrets.randbelow(10**10):010d}"
    taken.add(username)
    return username


def _write_posts(posts: list[Post], plan: Plan) -> None:
    codes = [plan.book.given_codes[post.row.number] for post in posts if post.row.number in plan.book.given_codes]
    for person, code in codes:
        person.employee_code = code
    Person.objects.bulk_update([person for person, _ in codes], ["employee_code"], batch_size=100)
    ended = {old.pk: old for post in posts for old in post.replaced}
    for post in posts:
        for old in post.replaced:
            old.ends_on = last_day(old, post.row.starts_on)
        for key, value in post.changes.items():
            setattr(post.kept, key, value)
    changed = {post.kept.pk: post.kept for post in posts if post.changes} | ended
    Appointment.objects.bulk_update(changed.values(), ["duty", "starts_on", "ends_on"], batch_size=100)
    Appointment.objects.bulk_create([_appointment(post, plan) for post in posts if not post.kept], batch_size=BATCH)


def _appointment(post: Post, plan: Plan) -> Appointment:
    row = post.row
    return Appointment(
        person=post.person,
        organization=plan.node_of[row.number].existing,
        position=row.position,
        duty=row.duty,
        starts_on=row.starts_on,
    )


def _write_trail(plan: Plan, *, by: Person | None, filename: str) -> None:
    """One line for the import, and one for each organization that was there before and changed."""
    top = min((node.existing for node in plan.written_nodes()), key=lambda found: found.depth, default=None)
    trail.record("导入花名册", filename, by=by, organization=top, **plan.totals())
    told = []
    for node in plan.written_nodes():
        words = [word for row in node.rows for word in plan.words(row)]
        if words and not node.is_new:
            told.append((node.existing, {"changes": words}))
    trail.record_many("导入变更", told, by=by)


def error_rows(roster: Roster, plan: Plan) -> bytes:
    """The refused rows as they stand in the file, with cell and reason, as a workbook to correct and upload again."""
    titles = roster.headings()
    lines = []
    for row in plan.rows:
        if row.is_refused:
            cells = [roster.grid.at(row.number - 1, number) for number in range(len(titles))]
            places = "、".join(dict.fromkeys(entry.cell for entry in row.entries))
            reasons = "".join(entry.reason for entry in row.entries)
            lines.append([*(_as_text(cell) for cell in cells), places, reasons])
    return write_workbook("错误行", [*titles, "单元格", "原因"], lines)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    text = getattr(value, "text", value)
    return text.strftime("%Y-%m-%d") if hasattr(text, "strftime") else str(text)


def digest_of(content: bytes) -> str:
    """SHA-256 of an uploaded file."""
    return sha256(content).hexdigest()
