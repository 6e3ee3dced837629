"""What a person may see of organizations, people and the trail, and the counts shown beside them."""

from django.db.models import CharField, Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Length, Substr

from organizations.access import grants_of, reach
from organizations.models import Appointment, Organization, Person, Role, RoleGrant, Trace
from organizations.permissions import READERS
from organizations.register import KEEPERS

# What the history of an organization shows; other lines of the trail belong to other rooms.
TREE_ACTS = ["新增党组织", "修改党组织", "调整隶属", "撤销党组织", "任职", "免职", "导入变更"]
ADMIN_ROLES = (Role.SYS_ADMIN, Role.SEC_ADMIN)


def visible_organizations(person: Person) -> QuerySet[Organization]:
    """Everything below the organizations for which the person reads the roster."""
    return Organization.objects.filter(reach(person, *READERS))


def kept_organizations(person: Person) -> QuerySet[Organization]:
    """Everything whose roster the person keeps, closed ones left out."""
    return Organization.objects.filter(reach(person, *KEEPERS), is_active=True)


def granted_organizations(person: Person) -> QuerySet[Organization]:
    """Everything for which a security administrator may grant roles."""
    return Organization.objects.filter(reach(person, Role.SEC_ADMIN), is_active=True)


def tree_tops(person: Person) -> QuerySet[Organization]:
    """Where the person's tree begins: the organizations of the grants that lie below no other of them."""
    places = [grant.organization for grant in grants_of(person) if grant.role in READERS]
    tops = [place.pk for place in places if not any(place != other and place.is_under(other) for other in places)]
    return Organization.objects.filter(pk__in=tops)


def with_counts(organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    """Adds ``below_count``, the active organizations underneath at every level, and ``child_count``, those right below.

    One index range a row, in one query for the whole list (SCALE A).
    """
    end = Concat(Substr("path", 1, Length("path") - 1), Value("0"), output_field=CharField())
    inside = Organization.objects.filter(
        path__gt=OuterRef("path"), path__lt=OuterRef("path_end"), is_active=True
    ).order_by()
    children = Organization.objects.filter(parent=OuterRef("pk"), is_active=True).order_by()
    return organizations.annotate(path_end=end).annotate(below_count=_count(inside), child_count=_count(children))


def _count(rows: QuerySet) -> Subquery:
    one = rows.annotate(all_rows=Value(1)).values("all_rows").annotate(number=Count("pk")).values("number")
    return Subquery(one)


def with_leaders(organizations: QuerySet[Organization]) -> QuerySet[Organization]:
    """Adds ``leading``: the current leading posts with their people, in one query for the whole list."""
    posts = Appointment.objects.current().filter(position__in=Appointment.LEADING).select_related("person")
    return organizations.prefetch_related(Prefetch("appointments", posts.order_by("pk"), to_attr="leading"))


def search_organizations(person: Person, words: str) -> QuerySet[Organization]:
    """Visible organizations whose name or short name holds the words, or whose code begins with them."""
    named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__istartswith=words)
    return visible_organizations(person).filter(named).select_related("parent").order_by("path")


def visible_people(person: Person) -> QuerySet[Person]:
    """People with a post or a role within reach; to administrators also those who have none anywhere yet."""
    roles = (*READERS, Role.SEC_ADMIN)
    posts = Appointment.objects.filter(reach(person, *roles, field="organization__path"))
    grants = RoleGrant.objects.filter(reach(person, *roles, field="organization__path"))
    found = Q(pk__in=posts.values("person")) | Q(pk__in=grants.values("person"))
    if any(grant.role in ADMIN_ROLES for grant in grants_of(person)):
        found |= Q(appointments__isnull=True, grants__isnull=True)
    return Person.objects.filter(pk__in=Person.objects.filter(found).values("pk"))


def search_people(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """People whose name holds the words, or whose account or employee code begins with them."""
    return people.filter(
        Q(name__icontains=words) | Q(username__istartswith=words) | Q(employee_code__istartswith=words)
    )


def with_posts(people: QuerySet[Person]) -> QuerySet[Person]:
    """Adds ``current_posts`` with their organizations, in one query for the whole list."""
    posts = Appointment.objects.current().select_related("organization")
    return people.prefetch_related(Prefetch("appointments", posts.order_by("pk"), to_attr="current_posts"))


def visible_grants(person: Person) -> QuerySet[RoleGrant]:
    """Grants within the reach of a security administrator."""
    grants = RoleGrant.objects.filter(reach(person, Role.SEC_ADMIN, field="organization__path"))
    return grants.select_related("person", "organization", "granted_by")


def visible_traces(person: Person) -> QuerySet[Trace]:
    """The trail within reach of audit administrators and supervisors.

    Lines of no organization (logins, accounts) are for the audit administrator of a highest one.
    """
    found = reach(person, Role.AUDIT_ADMIN, Role.SUPERVISOR, field="organization__path")
    if any(grant.role == Role.AUDIT_ADMIN and grant.organization.depth == 0 for grant in grants_of(person)):
        found |= Q(organization__isnull=True)
    return Trace.objects.filter(found).select_related("person", "organization")


def history_of(organization: Organization) -> QuerySet[Trace]:
    """What happened to an organization's place, name and posts, newest first."""
    return Trace.objects.filter(organization=organization, act__in=TREE_ACTS).select_related("person")


def ancestors_of(organization: Organization, person: Person) -> QuerySet[Organization]:
    """The visible organizations above it, highest first, itself included."""
    return visible_organizations(person).filter(pk__in=organization.lineage).order_by(F("depth").asc())
