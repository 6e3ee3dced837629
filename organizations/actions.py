"""Everything that changes the tree, the posts and the roles. Accounts: see accounts.py."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from organizations import permissions, trail
from organizations.access import ADMINS, conflicting_role, forget_duties
from organizations.errors import Refused
from organizations.models import Appointment, Organization, Person, Role, RoleGrant
from organizations.roster_plan import MAX_LEVELS

NOT_YOURS = "您对“{}”没有维护权限，未作任何改动。"


def lock_tree() -> None:
    """Let the acts that change the shape of the tree wait for each other until the transaction ends."""
    list(Organization.objects.select_for_update().filter(depth=0).values_list("pk", flat=True))


def _locked(organization: Organization, by: Person | None) -> Organization:
    """The organization as it is now, locked, and still the person's to change."""
    lock_tree()
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if by is not None:
        forget_duties(by)
        if not permissions.may_keep_roster(by, organization):
            raise Refused(NOT_YOURS.format(organization))
    if not organization.is_active:
        raise Refused(f"“{organization}”已撤销，不能再改动。")
    return organization


@transaction.atomic
def add_organization(parent: Organization, *, by: Person, **fields) -> Organization:
    """Create an organization below another. ``fields``: name, kind, short_name, code, term_ends_on.

    Raises Refused when the parent is closed or too deep, or when name or code are taken.
    """
    parent = _locked(parent, by)
    if parent.depth + 2 > MAX_LEVELS:
        raise Refused(f"层级不能超过 {MAX_LEVELS} 级。")
    _refuse_taken(parent, fields["name"], fields.get("code"))
    last = parent.children.aggregate(last=Max("sort_order"))["last"] or 0
    organization = Organization.objects.plant(parent=parent, sort_order=last + 1, **fields)
    trail.record("新增党组织", organization, by=by, organization=organization, parent=str(parent))
    return organization


def _refuse_taken(parent: Organization | None, name: str, code: str | None, own_pk: int | None = None) -> None:
    others = Organization.objects.exclude(pk=own_pk)
    if parent is not None and others.filter(parent=parent, name=name).exists():
        raise Refused(f"“{parent}”下已有名为“{name}”的党组织。")
    if code and others.filter(code=code).exists():
        raise Refused(f"组织编码“{code}”已被使用。")


@transaction.atomic
def change_organization(organization: Organization, *, by: Person, **fields) -> Organization:
    """Rename an organization or change its type, code or end of term. Only what differs is written."""
    organization = _locked(organization, by)
    _refuse_taken(
        organization.parent, fields.get("name", organization.name), fields.get("code"), own_pk=organization.pk
    )
    changes = {}
    for key, value in fields.items():
        before = getattr(organization, key)
        if before != value:
            changes[key] = [str(before or ""), str(value or "")]
            setattr(organization, key, value)
    if changes:
        organization.save(update_fields=list(changes))
        trail.record("修改党组织", organization, by=by, organization=organization, changes=changes)
    return organization


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """What moving an organization would do, shown before it is confirmed."""

    moved: int  # organizations, itself included
    before: str
    after: str
    lose: list[str]  # grants that no longer reach it
    gain: list[str]


def effect_of_move(organization: Organization, parent: Organization) -> MoveEffect:
    """How many organizations move, and whose roles reach them no longer or newly."""
    old, new = set(organization.lineage) - {organization.pk}, set(parent.lineage)
    grants = RoleGrant.objects.filter(organization__in=old ^ new).select_related("person", "organization")
    lose = [str(grant) for grant in grants if grant.organization_id in old]
    gain = [str(grant) for grant in grants if grant.organization_id in new]
    moved = Organization.objects.below(organization).count()
    return MoveEffect(moved, str(organization.parent or "最高一级"), str(parent), lose, gain)


@transaction.atomic
def move_organization(organization: Organization, parent: Organization, *, by: Person) -> Organization:
    """Put an organization, with everything below it, below another superior.

    Raises Refused for a move below itself, to a closed or too deep place, or beside a namesake.
    """
    organization = _locked(organization, by)
    parent = Organization.objects.get(pk=parent.pk)
    if not permissions.may_move(by, organization, parent):
        raise Refused("原上级和新上级都须在您的管理范围内；未作任何改动。")
    if organization.parent_id == parent.pk:
        raise Refused(f"“{organization}”的上级已经是“{parent}”。")
    before = str(organization.parent)
    organization = relocate(organization.pk, parent.pk)
    trail.record("调整隶属", organization, by=by, organization=organization, before=before, after=str(parent))
    return organization


def relocate(key: int, parent_key: int) -> Organization:
    """Rewrite the paths of a subtree in one UPDATE; the tree is locked by the caller.

    Raises Refused when the new superior lies below, is closed, or the tree would grow too deep.
    """
    organization = Organization.objects.get(pk=key)
    parent = Organization.objects.get(pk=parent_key)
    if parent.is_under(organization):
        raise Refused(f"“{parent}”就在“{organization}”之下，不能作它的上级。")
    if not parent.is_active:
        raise Refused(f"“{parent}”已撤销，不能作上级。")
    _refuse_taken(parent, organization.name, None, own_pk=organization.pk)
    subtree = Organization.objects.below(organization)
    rise = parent.depth + 1 - organization.depth
    if (subtree.aggregate(deepest=Max("depth"))["deepest"] or 0) + rise >= MAX_LEVELS:
        raise Refused(f"移动后层级超过 {MAX_LEVELS} 级。")
    old_path, new_path = organization.path, f"{parent.path}{organization.pk}/"
    subtree.update(path=Concat(Value(new_path), Substr("path", len(old_path) + 1)), depth=F("depth") + rise)
    Organization.objects.filter(pk=key).update(parent=parent)
    return Organization.objects.get(pk=key)


@transaction.atomic
def close_organization(organization: Organization, *, by: Person) -> None:
    """撤销: strike an organization off the roster and end its posts today. Its history stays.

    Raises Refused while active organizations stand below it.
    """
    organization = _locked(organization, by)
    left = Organization.objects.below(organization).exclude(pk=organization.pk).filter(is_active=True).count()
    if left:
        raise Refused(f"“{organization}”下还有 {left} 个在册党组织，请先撤销或移走它们。")
    today = timezone.localdate()
    ended = list(organization.appointments.current(today).select_related("person"))
    for post in ended:
        _end(post, today)
    organization.is_active = False
    organization.save(update_fields=["is_active"])
    trail.record("撤销党组织", organization, by=by, organization=organization, ended=[str(post) for post in ended])


@transaction.atomic
def appoint(
    organization: Organization,
    person: Person,
    *,
    position: str,
    by: Person,
    duty: str = "",
    starts_on: date | None = None,
) -> Appointment:
    """任职: begin a post. A new leading post ends the one it takes over from, the day before.

    Raises Refused for an administrator (三员), for the same post twice, and for a date before
    the predecessor's own.
    """
    organization = _locked(organization, by)
    person = Person.objects.select_for_update().get(pk=person.pk)
    starts_on = starts_on or timezone.localdate()
    if any(grant.role in ADMINS for grant in person.grants.all()):
        raise Refused(f"{person}是系统、安全或审计管理员，不能同时担任党内职务。")
    held = organization.appointments.filter(ends_on__isnull=True).select_related("person")
    if held.filter(person=person, position=position).exists():
        raise Refused(f"{person}已是“{organization}”的{Appointment.Position(position).label}。")
    leads = position in Appointment.LEADING
    for old in held:
        if old.person_id == person.pk or (leads and old.position in Appointment.LEADING):
            _give_way(old, starts_on)
    post = Appointment.objects.create(
        person=person, organization=organization, position=position, duty=duty, starts_on=starts_on
    )
    trail.record("任职", post, by=by, organization=organization, person=person.username, starts_on=str(starts_on))
    return post


def _give_way(old: Appointment, starts_on: date) -> None:
    if old.starts_on and old.starts_on >= starts_on:
        raise Refused(f"{old}自 {old.starts_on} 任职，新的任职日期须晚于这一天。")
    _end(old, date.fromordinal(starts_on.toordinal() - 1))


def _end(post: Appointment, on: date) -> None:
    post.ends_on = max(on, post.starts_on) if post.starts_on else on
    post.save(update_fields=["ends_on"])


@transaction.atomic
def end_appointment(post: Appointment, *, on: date, by: Person) -> None:
    """免职: the last day of a post. Raises Refused when it has ended already or would end before it began."""
    organization = _locked(post.organization, by)
    post = Appointment.objects.select_for_update().get(pk=post.pk)
    if post.ends_on is not None and post.ends_on <= timezone.localdate():
        raise Refused(f"{post}已于 {post.ends_on} 免职。")
    if post.starts_on and on < post.starts_on:
        raise Refused(f"免职日期不能早于任职日期 {post.starts_on}。")
    post.ends_on = on
    post.save(update_fields=["ends_on"])
    trail.record("免职", post, by=by, organization=organization, person=post.person.username, ends_on=str(on))


@transaction.atomic
def grant_role(person: Person, role: str, organization: Organization, *, by: Person) -> RoleGrant:
    """授权: trust a person with a role for an organization and all below it, from the next request on.

    Raises Refused for roles that exclude each other (SECURITY 4.1), for oneself, for a role held already.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    organization = Organization.objects.get(pk=organization.pk)
    _refuse_grantor(by, organization, person)
    if not person.is_active or not organization.is_active:
        raise Refused("账号已停用或党组织已撤销，不能授权。")
    held = set(person.grants.values_list("role", flat=True))
    conflict = conflicting_role(held, role)
    if conflict:
        raise Refused(f"{person}已是{conflict.label}，按不相容岗位的规定不能再担任{Role(role).label}；请先撤回原角色。")
    leads = Appointment.objects.current().filter(person=person, position__in=Appointment.LEADING)
    if role in ADMINS and leads.exists():
        raise Refused(f"{person}是在任书记，不能同时担任{Role(role).label}。")
    grant, is_new = RoleGrant.objects.get_or_create(
        person=person, role=role, organization=organization, defaults={"granted_by": by}
    )
    if not is_new:
        raise Refused(f"{person}在“{organization}”已有{Role(role).label}角色。")
    trail.record("授权", grant, by=by, organization=organization, person=person.username, role=role)
    return grant


@transaction.atomic
def revoke_role(grant: RoleGrant, *, by: Person) -> None:
    """撤回授权: the person's next request no longer has the role."""
    grant = RoleGrant.objects.select_for_update().select_related(None).filter(pk=grant.pk).first()
    if grant is None:
        raise Refused("该授权已被撤回。")
    _refuse_grantor(by, grant.organization, grant.person)
    trail.record(
        "撤回授权", grant, by=by, organization=grant.organization, person=grant.person.username, role=grant.role
    )
    grant.delete()


def _refuse_grantor(by: Person, organization: Organization, to: Person) -> None:
    forget_duties(by)
    if by.pk == to.pk:
        raise Refused("不能给自己授权或撤回自己的角色，请由另一名安全管理员办理。")
    if not permissions.may_grant(by, organization, to):
        raise Refused(NOT_YOURS.format(organization))
