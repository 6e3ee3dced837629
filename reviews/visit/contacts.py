"""联系点: who looks after which organization in a year, set one by one or out of a pasted table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from organizations import trail
from organizations.access import Role, forget_duties, reach
from organizations.errors import Refused
from organizations.models import Organization, Person, RoleGrant
from reviews.visit.models import ContactPoint
from reviews.visit.permissions import may_set_contacts

MOST_LINES = 2_000
BETWEEN = re.compile(r"[\s,，;；:：]+")
SEVERAL = re.compile(r"[、,，;；/]+")
HEADINGS = {("领导", "单位"), ("姓名", "单位"), ("联系领导", "联系单位"), ("领导姓名", "单位名称"), ("领导", "联系点")}


@transaction.atomic
def set_contact(organization: Organization, leader: Person, *, year: int, by: Person) -> ContactPoint:
    """Make an organization the contact point of a leader in a year, in place of whoever had it.

    Raises Refused for others than the clerk over the organization, for somebody who is no leader over it, and
    for a year far off.
    """
    forget_duties(by)
    if not may_set_contacts(by, organization):
        raise Refused("只有组织部经办人可以设置其负责范围内单位的联系点。")
    check_year(year)
    if not is_leader_over(leader, organization):
        raise Refused(f"{leader}不是“{organization}”的点评领导，请先由安全管理员授权。")
    point, is_new = ContactPoint.objects.update_or_create(
        organization=organization, year=year, defaults={"leader": leader, "set_by": by}
    )
    trail.record("设置联系点", point, by=by, organization=organization, year=year, leader=leader.name, is_new=is_new)
    return point


@transaction.atomic
def remove_contact(point: ContactPoint, *, by: Person) -> None:
    """Take a contact point back. Raises Refused for others than the clerk over the organization, and if it is gone."""
    kept = ContactPoint.objects.select_for_update(of=("self",)).select_related("organization", "leader")
    point = kept.filter(pk=point.pk).first()
    if point is None:
        raise Refused("这个联系点已经取消，请刷新页面。")
    forget_duties(by)
    if not may_set_contacts(by, point.organization):
        raise Refused("只有组织部经办人可以取消其负责范围内单位的联系点。")
    trail.record("取消联系点", point, by=by, organization=point.organization, year=point.year, leader=point.leader.name)
    point.delete()


def is_leader_over(person: Person, organization: Organization) -> bool:
    """True if the person comments (点评领导) on the organization, and still has an account."""
    if not person.is_active:
        return False
    grants = RoleGrant.objects.filter(person=person, role=Role.LEADER).select_related("organization")
    return any(organization.is_under(grant.organization) for grant in grants)


def check_year(year: int) -> None:
    """Raises Refused for a year more than one ahead or ten behind."""
    this = timezone.localdate().year
    if not this - 10 <= year <= this + 1:
        raise Refused(f"年度应在 {this - 10} 至 {this + 1} 之间。")


@dataclass(slots=True)
class Line:
    """One line of the pasted table: what it says, whom it means, what would happen."""

    number: int
    words: str
    leader: Person | None = None
    organization: Organization | None = None
    before: str = ""  # who has it now
    fault: str = ""

    @property
    def outcome(self) -> str:
        """新增, 改派, 不变 or 有误."""
        if self.fault:
            return "有误"
        if not self.before:
            return "新增"
        return "不变" if self.before == self.leader.name else "改派"


@dataclass(slots=True)
class Register:
    """Leaders and organizations within the clerk's reach, by every name that a table may use."""

    leaders: dict[str, list[Person]] = field(default_factory=dict)
    organizations: dict[str, list[Organization]] = field(default_factory=dict)
    current: dict[int, str] = field(default_factory=dict)


def read_table(text: str, *, year: int, by: Person) -> list[Line]:
    """What a pasted table (领导, 单位) would do, line by line; changes nothing. One leader's units may share a cell.

    Raises Refused for an empty table, for more than 2,000 lines and for a year far off.
    """
    check_year(year)
    pairs = list(_pairs(text))
    if not pairs:
        raise Refused("没有读到内容。请从表格中复制“领导、单位”两列，粘贴到框里。")
    if len(pairs) > MOST_LINES:
        raise Refused(f"一次最多 {MOST_LINES} 行，现有 {len(pairs)} 行，请分几次导入。")
    register = _register(pairs, year, by)
    taken: dict[int, int] = {}
    return [_line(number, leader, place, register, taken) for number, leader, place in pairs]


@transaction.atomic
def import_contacts(text: str, *, year: int, by: Person) -> dict[str, int]:
    """Do what the pasted table says. Outcome -> how many lines. Raises Refused while any line is wrong."""
    forget_duties(by)
    lines = read_table(text, year=year, by=by)
    if wrong := [line for line in lines if line.fault]:
        raise Refused(f"第 {wrong[0].number} 行有误：{wrong[0].fault}全部改正后再导入，现在什么都没有改动。")
    counts = {"新增": 0, "改派": 0, "不变": 0}
    for line in lines:
        counts[line.outcome] += 1
        if line.outcome != "不变":
            set_contact(line.organization, line.leader, year=year, by=by)
    return counts


def _pairs(text: str) -> Iterator[tuple[int, str, str]]:
    """(line number, leader, unit) of every filled line; a merged first column stays with the lines below it."""
    leader = ""
    for number, raw in enumerate(text.replace("\x00", "").replace("\r\n", "\n").split("\n"), 1):
        if not raw.strip():
            continue
        is_continued = raw[:1] == "\t" and bool(leader)
        cells = [cell for cell in BETWEEN.split(raw.strip(), maxsplit=1) if cell]
        if not cells or tuple(cells) in HEADINGS:
            continue
        first, rest = ("", raw.strip()) if is_continued else (cells[0], cells[1] if len(cells) > 1 else "")
        leader = first or leader
        for place in SEVERAL.split(rest) if rest else [""]:
            yield number, leader, place.strip()


def _register(pairs: list[tuple[int, str, str]], year: int, by: Person) -> Register:
    register = Register()
    names = {leader for _, leader, _ in pairs}
    leading = RoleGrant.objects.filter(role=Role.LEADER).select_related("organization")
    people = Person.objects.filter(name__in=names, is_active=True, pk__in=leading.values("person"))
    for person in people.prefetch_related(Prefetch("grants", leading, to_attr="leading")):
        register.leaders.setdefault(person.name, []).append(person)
    places = {place for _, _, place in pairs}
    reached = Organization.objects.filter(reach(by, Role.ORGANIZER), is_active=True)
    for column in ("name", "short_name", "code"):
        for organization in reached.filter(**{f"{column}__in": places}):
            known = register.organizations.setdefault(getattr(organization, column), [])
            if organization not in known:
                known.append(organization)
    keys = [place.pk for known in register.organizations.values() for place in known]
    points = ContactPoint.objects.filter(year=year, organization__in=keys)
    register.current = dict(points.values_list("organization_id", "leader__name"))
    return register


def _leads_over(person: Person, organization: Organization) -> bool:
    return any(organization.is_under(grant.organization) for grant in person.leading)


def _line(number: int, leader: str, place: str, register: Register, taken: dict[int, int]) -> Line:
    line = Line(number, f"{leader}　{place}".strip())
    people, places = register.leaders.get(leader, []), register.organizations.get(place, [])
    if not place:
        line.fault = "没有写单位。"
    elif not places:
        line.fault = f"在您负责的范围内没有找到“{place}”，请核对全称、简称或编码。"
    elif len(places) > 1:
        line.fault = f"叫“{place}”的单位不止一个，请改填组织编码。"
    elif not (fits := [person for person in people if _leads_over(person, places[0])]):
        line.fault = f"“{leader}”不是“{place}”的点评领导，请核对姓名，或先由安全管理员授权。"
    elif len(fits) > 1:
        line.fault = f"叫“{leader}”的领导不止一位，请在下方逐个设置。"
    elif places[0].pk in taken:
        line.fault = f"“{place}”在第 {taken[places[0].pk]} 行已经出现。"
    else:
        line.leader, line.organization = fits[0], places[0]
        line.before = register.current.get(places[0].pk, "")
        taken[places[0].pk] = number
    return line
