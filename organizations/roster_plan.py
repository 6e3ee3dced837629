"""A roster against the register: what each row would do, or why it cannot. Nothing is written here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from organizations.models import Appointment, Organization
from organizations.register import Register
from organizations.roster import Category, Kind, Row
from organizations.roster_posts import PostBook

# The path column holds twelve keys of fifteen digits.
MAX_LEVELS = 12
BRANCHES = {Kind.GENERAL_BRANCH, Kind.BRANCH, Kind.JOINT_BRANCH, Kind.TEMPORARY_BRANCH}


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {"new": "新增", "changed": "变化", "same": "不变", "refused": "错误"}[self.value]


@dataclass(slots=True, eq=False)
class Node:
    """One organization that the file speaks of; further rows name further people of it."""

    rows: list[Row]
    existing: Organization | None = None
    parent: "Node | Organization | None" = None
    words: list[str] = field(default_factory=list)
    is_moved: bool = False
    is_new: bool = False

    @property
    def row(self) -> Row:
        return self.rows[0]

    @property
    def is_written(self) -> bool:
        return not self.row.is_refused

    @property
    def will_exist(self) -> bool:
        return self.existing is not None or self.is_written


@dataclass(slots=True)
class Plan:
    """What an import would do, row by row."""

    rows: list[Row]
    register: Register
    nodes: list[Node] = field(default_factory=list)
    node_of: dict[int, Node] = field(default_factory=dict)  # row number -> node
    claimed: dict[int, Node] = field(default_factory=dict)  # existing organization -> node
    by_code: dict[str, Node] = field(default_factory=dict)
    by_name: dict[str, list[Node]] = field(default_factory=dict)
    book: PostBook | None = None

    def written_nodes(self) -> Iterator[Node]:
        return (node for node in self.nodes if node.is_written)

    def outcome(self, row: Row) -> Outcome:
        """What becomes of the row."""
        if row.is_refused:
            return Outcome.REFUSED
        node = self.node_of[row.number]
        if node.is_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.words(row) else Outcome.SAME

    def words(self, row: Row) -> list[str]:
        """What the row changes, in Chinese."""
        node = self.node_of.get(row.number)
        if row.is_refused or node is None:
            return []
        of_node = node.words if node.row is row else []
        return of_node + self.book.words_of(row)

    def totals(self) -> dict[str, int]:
        """How many rows are new, changed, same and refused."""
        counted = {outcome.value: 0 for outcome in Outcome}
        for row in self.rows:
            counted[self.outcome(row).value] += 1
        return counted

    @property
    def fingerprint(self) -> str:
        """The same for two plans that do the same: what was shown is what gets applied."""
        digest = sha256()
        for row in self.rows:
            digest.update(repr((row.number, self.outcome(row).value, self.words(row))).encode())
        return digest.hexdigest()


def make_plan(rows: list[Row], register: Register) -> Plan:
    """Compare the rows with the register; every row ends accepted, or refused with a cell and a reason."""
    plan = Plan(rows, register)
    _gather(plan)
    _match(plan)
    for node in plan.nodes:
        node.is_new = node.existing is None
        if node.is_new and node.row.name and not node.row.guessed_kind:
            node.row.refuse(Category.MISSING, "kind", "从名称看不出类型，请填写类型。")
        _resolve_parent(plan, node)
    _check_names(plan)
    plan.book = PostBook(register)
    for node in plan.nodes:
        for row in node.rows:
            plan.book.plan_post(row, node.existing)
    while _refuse_cycles(plan) or _refuse_dependents(plan):
        pass
    for node in plan.written_nodes():
        _compare(plan, node)
    return plan


def _gather(plan: Plan) -> None:
    """Rows of the same organization come together; the same row twice is refused."""
    known: dict[tuple, Node] = {}
    for row in plan.rows:
        key = (row.code,) if row.code else (row.name, row.parent, row.parent_code)
        node = known.get(key) if row.name else None
        if node is None:
            node = known[key] = Node([row])
            plan.nodes.append(node)
            plan.by_name.setdefault(row.name, []).append(node)
            if row.code:
                plan.by_code[row.code] = node
        elif not _joins(row, node):
            node = Node([row])  # refused, so nothing will come of it
        else:
            node.rows.append(row)
        plan.node_of[row.number] = node


def _joins(row: Row, node: Node) -> bool:
    first = node.row
    for key in ("name", "parent", "parent_code", "kind", "term_ends_on", "short_name"):
        said, before = getattr(row, key), getattr(first, key)
        if said and before and said != before:
            row.refuse(Category.CONFLICT, key, f"与第 {first.number} 行是同一个党组织，但这一项不同。")
            return False
    people = {(other.secretary, other.employee_code) for other in node.rows}
    if not row.secretary or (row.secretary, row.employee_code) in people:
        row.refuse(Category.DUPLICATE, "name", f"与第 {first.number} 行重复。")
        return False
    if row.position in Appointment.LEADING and any(other.position in Appointment.LEADING for other in node.rows):
        row.refuse(Category.DUPLICATE, "secretary", f"第 {first.number} 行已有该党组织的书记。")
        return False
    return True


def _match(plan: Plan) -> None:
    """Find the organizations that exist already: by code, then by name and superior."""
    for node in plan.nodes:
        organization = plan.register.by_code.get(node.row.code)
        if organization and not plan.register.reaches(organization):
            node.row.refuse(Category.OUT_OF_REACH, "code", "这个组织编码属于您管理范围以外的党组织。")
        elif organization:
            _claim(plan, node, organization, "code")
    for node in plan.nodes:
        if node.existing or not node.row.name or node.row.is_refused:
            continue
        candidates = [found for found in plan.register.by_name.get(node.row.name, []) if _fits(plan, node.row, found)]
        if len(candidates) > 1:
            reason = f"系统中有 {len(candidates)} 个同名党组织，请填组织编码或上级党组织。"
            node.row.refuse(Category.AMBIGUOUS, "name", reason)
        elif candidates:
            _claim(plan, node, candidates[0], "name")


def _fits(plan: Plan, row: Row, organization: Organization) -> bool:
    """True if a row without a known code can mean this organization of the same name."""
    if organization.pk in plan.claimed or (row.code and organization.code):
        return False
    return not (row.parent or row.parent_code) or _is_named(plan, plan.register.parent_of(organization), row)


def _is_named(plan: Plan, organization: Organization | None, row: Row) -> bool:
    """True if the row's words for its superior mean this organization, under its old name or its new one."""
    if organization is None or (row.parent_code and row.parent_code != organization.code):
        return False
    node = plan.claimed.get(organization.pk)
    names = [organization.name, organization.code, node and node.row.name]
    return not row.parent or row.parent in names


def _claim(plan: Plan, node: Node, organization: Organization, key: str) -> None:
    taken = plan.claimed.get(organization.pk)
    if taken:
        node.row.refuse(Category.DUPLICATE, key, f"与第 {taken.row.number} 行是同一个党组织。")
    elif not organization.is_active:
        node.row.refuse(Category.CONFLICT, key, f"“{organization}”已撤销，不能导入。")
    else:
        node.existing = organization
        plan.claimed[organization.pk] = node


def _resolve_parent(plan: Plan, node: Node) -> None:
    row, now = node.row, node.existing and plan.register.parent_of(node.existing)
    if node.existing and (not (row.parent or row.parent_code) or _is_named(plan, now, row)):
        node.parent = now and plan.claimed.get(now.pk, now)
        return
    if not (row.parent or row.parent_code):
        _refuse_or_root(plan, row)
        return
    candidates = _superiors(plan, row)
    key = "parent" if row.parent else "parent_code"
    said = row.parent or row.parent_code
    if not candidates:
        row.refuse(Category.UNKNOWN_SUPERIOR, key, f"上级党组织“{said[:50]}”在表中和系统中都找不到。")
    elif len(candidates) > 1:
        reason = f"有 {len(candidates)} 个党组织叫“{said[:50]}”，请加一列“上级组织编码”。"
        row.refuse(Category.AMBIGUOUS, key, reason)
    elif candidates[0] is node:
        row.refuse(Category.CYCLE, key, "上级党组织就是它自己。")
    else:
        node.parent = candidates[0]
        node.is_moved = node.existing is not None and _identity(node.parent) != (now.pk if now else 0)
        if node.is_moved and not plan.register.reaches(now):
            row.refuse(Category.OUT_OF_REACH, key, "它现在的上级不在您的管理范围内，不能调整隶属关系。")


def _refuse_or_root(plan: Plan, row: Row) -> None:
    if row.is_refused:
        return  # one reason is enough
    if plan.register.reached is not None:
        row.refuse(Category.MISSING, "parent", "缺上级党组织。最高一级的党组织只能在服务器上用命令行导入。")
    elif row.guessed_kind in BRANCHES:
        row.refuse(Category.MISSING, "parent", "缺上级党组织。")
    else:
        row.remark(Category.MISSING, "parent", "没有上级党组织，作为最高一级导入。")


def _superiors(plan: Plan, row: Row) -> list["Node | Organization"]:
    """Everything, in the file and in the register, that the row's words for its superior may mean."""
    code = row.parent_code
    found = _by_code(plan, code) if code else _by_name(plan, row.parent) or _by_code(plan, row.parent)
    if code and row.parent and found and row.parent not in _names(found[0]):
        row.refuse(Category.CONFLICT, "parent_code", f"上级组织编码是“{_names(found[0])[0]}”的，与上级党组织不一致。")
    return found


def _names(found: "Node | Organization") -> list[str]:
    return [found.name] if isinstance(found, Organization) else [found.row.name, *_old_name(found)]


def _old_name(node: Node) -> list[str]:
    return [node.existing.name] if node.existing else []


def _by_code(plan: Plan, code: str) -> list:
    if code in plan.by_code:
        return [plan.by_code[code]]
    organization = plan.register.by_code.get(code)
    if organization is None or not plan.register.reaches(organization) or not organization.is_active:
        return []
    return [plan.claimed.get(organization.pk, organization)]


def _by_name(plan: Plan, name: str) -> list:
    in_file = plan.by_name.get(name, [])
    known = [found for found in plan.register.by_name.get(name, []) if found.is_active]
    unclaimed = [found for found in known if found.pk not in plan.claimed]
    # An organization that this very file renames is still found under its old name.
    return in_file + unclaimed or [plan.claimed[found.pk] for found in known]


def _check_names(plan: Plan) -> None:
    """No two organizations of one name under one superior, in the file or beside it."""
    seen: dict[tuple, Node] = {}
    for node in plan.nodes:
        if node.row.is_refused:
            continue
        twin = seen.setdefault((_identity(node.parent), node.row.name), node)
        if twin is not node:
            reason = f"同一上级下与第 {twin.row.number} 行同名；同一个党组织请填相同的组织编码。"
            node.row.refuse(Category.DUPLICATE, "name", reason)
            continue
        above = node.parent.existing if isinstance(node.parent, Node) else node.parent
        for other in plan.register.all_by_name.get(node.row.name, []):
            if above and other.parent_id == above.pk and other is not node.existing:
                code = f"（编码 {other.code}）" if other.code else ""
                node.row.refuse(Category.CONFLICT, "name", f"同一上级下已有同名党组织{code}。")


def _identity(place: "Node | Organization | None") -> int:
    """The same number for an organization and for the node that claims it."""
    if isinstance(place, Node):
        place = place.existing or place
    return -id(place) if isinstance(place, Node) else (place.pk if place else 0)


def _above(plan: Plan, place: "Node | Organization") -> "Node | Organization | None":
    """The superior after the import; a refused row leaves its organization where it is."""
    if isinstance(place, Node):
        if place.is_written or place.existing is None:
            return place.parent
        place = place.existing
    parent = plan.register.parent_of(place)
    return parent and plan.claimed.get(parent.pk, parent)


def _refuse_cycles(plan: Plan) -> bool:
    """Refuse every written node that would stand below itself or too deep. True if any was."""
    settled: dict[int, int] = {}  # place -> its level
    refused = False
    for node in plan.nodes:
        chain, place = [], node
        while place is not None and _identity(place) not in settled and place not in chain:
            chain.append(place)
            place = _above(plan, place)
        if place in chain:
            refused |= _refuse_circle(chain[chain.index(place) :])
        level = settled.get(_identity(place), 0) if place is not None else 0
        for place in reversed(chain):
            level += 1
            settled[_identity(place)] = level
            if level > MAX_LEVELS and isinstance(place, Node) and place.is_written:
                place.row.refuse(Category.CONFLICT, "parent", f"层级超过 {MAX_LEVELS} 级。")
                refused = True
    return refused


def _refuse_circle(circle: list) -> bool:
    nodes = [place for place in circle if isinstance(place, Node) and place.is_written]
    names = "→".join(_names(place)[0] for place in [*circle[:5], circle[0]])
    for node in nodes:
        node.row.refuse(Category.CYCLE, "parent", f"上下级形成循环：{names}。")
    return bool(nodes)


def _refuse_dependents(plan: Plan) -> bool:
    """Refuse what hangs on an organization that will not come to exist. True if any was."""
    refused = False
    for node in plan.nodes:
        above = node.parent
        if node.is_written and isinstance(above, Node) and not above.will_exist:
            node.row.refuse(Category.DEPENDS, "parent", f"上级党组织所在的第 {above.row.number} 行未通过。")
            refused = True
        if not node.will_exist:
            for row in node.rows[1:]:
                if not row.is_refused:
                    row.refuse(Category.DEPENDS, "name", f"该党组织所在的第 {node.row.number} 行未通过。")
                    refused = True
    return refused


def _compare(plan: Plan, node: Node) -> None:
    """Fill ``node.words``: what differs from what is stored. An empty cell changes nothing."""
    row, now = node.row, node.existing
    if now is None:
        return
    for key, label in (("name", "名称"), ("short_name", "简称"), ("code", "编码"), ("term_ends_on", "届满日期")):
        said, stored = getattr(row, key), getattr(now, key)
        if said and said != stored:
            node.words.append(f"{label}：{stored or '空'} → {said}")
    if row.kind and row.kind != now.kind:
        node.words.append(f"类型：{now.get_kind_display()} → {Kind(row.kind).label}")
    if node.is_moved:
        before = plan.register.parent_of(now)
        node.words.append(f"上级：{before or '无'} → {_names(node.parent)[0]}")
