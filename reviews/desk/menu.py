"""The left menu: one line a room, shown to the duties for which the room opens."""

from collections.abc import Callable
from dataclasses import dataclass

from organizations.access import EVERYONE, SECRETARY, duties_of
from organizations.models import Person, Role
from reviews.desk.permissions import FOLLOWING
from reviews.desk.waiting import sees_published


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One entry: its words, where it leads, its icon, whom it is shown to."""

    label: str
    url_name: str
    icon: str
    shown_to: frozenset
    is_shown: Callable[[Person], bool] | None = None  # beside the duty, something must be there to see


BUSINESS = frozenset(set(Role) - {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN}) | {SECRETARY}

MENU = [
    MenuLine("工作台", "desk:workbench", "house", frozenset({EVERYONE})),
    MenuLine("述职评议考核", "plan:list", "calendar-check", BUSINESS),
    MenuLine("整改台账", "ledger:list", "list-check", BUSINESS - {Role.TELLER, Role.SCRUTINEER, Role.CUSTODIAN}),
    MenuLine(
        "调研与平时记录",
        "visit:list",
        "journal-text",
        frozenset({*FOLLOWING, SECRETARY}),
    ),
    MenuLine("我的历年情况", "desk:my_history", "clock", frozenset({SECRETARY})),
    MenuLine("公开的述职报告", "report:published", "book", frozenset({EVERYONE}), sees_published),
    MenuLine(
        "组织与人员",
        "organizations:tree",
        "diagram-3",
        frozenset({Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR, Role.SYS_ADMIN}),
    ),
    MenuLine(
        "导入花名册", "organizations:import", "file-earmark-spreadsheet", frozenset({Role.ORGANIZER, Role.SYS_ADMIN})
    ),
    MenuLine("账号", "organizations:accounts", "person-gear", frozenset({Role.SYS_ADMIN})),
    MenuLine("角色授权", "organizations:roles", "key", frozenset({Role.SEC_ADMIN})),
    MenuLine("留痕", "organizations:trail", "clock-history", frozenset({Role.AUDIT_ADMIN, Role.SUPERVISOR})),
]


def menu_for(person: Person) -> list[MenuLine]:
    """The lines that the person's duties open and that lead to something."""
    duties = duties_of(person)
    return [
        line
        for line in MENU
        if (EVERYONE in line.shown_to or line.shown_to & duties) and (line.is_shown is None or line.is_shown(person))
    ]
