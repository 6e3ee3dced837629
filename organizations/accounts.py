"""账号: made with a one-time password, given a new one, disabled; logins and changed passwords noted."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from organizations import permissions, trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.lockout import forgive
from organizations.models import Person
from organizations.passwords import make_one_time_password

NOT_YOURS = "这个账号不由您管理：不能管理自己的账号、三员的账号，以及任职或角色超出您管理范围的人员。"


@transaction.atomic
def create_account(*, username: str, name: str, employee_code: str | None, by: Person) -> tuple[Person, str]:
    """A new account and its one-time password, which is shown once and stored nowhere.

    Raises Refused when the account name or the employee code is taken.
    """
    forget_duties(by)
    if not permissions.may_create_account(by):
        raise Refused("只有系统管理员可以新建账号。")
    if Person.objects.filter(username__iexact=username).exists():
        raise Refused(f"账号“{username}”已被使用。")
    if employee_code and Person.objects.filter(employee_code=employee_code).exists():
        raise Refused(f"人员编码“{employee_code}”已被使用，该人员已在系统中，请在人员列表里为其重置密码。")
    password = make_one_time_password()
    person = Person.objects.create_user(
        username, name, password, employee_code=employee_code or None, must_change_password=True
    )
    trail.record("新建账号", person, by=by, username=username)
    return person, password


def _managed(account: Person, by: Person) -> Person:
    account = Person.objects.select_for_update().get(pk=account.pk)
    forget_duties(by)
    if not permissions.may_manage_account(by, account):
        raise Refused(NOT_YOURS)
    return account


@transaction.atomic
def reset_password(account: Person, *, by: Person) -> str:
    """A new one-time password, shown once; enables the account and opens its lock. Ends its sessions."""
    account = _managed(account, by)
    password = make_one_time_password()
    account.set_password(password)
    account.must_change_password, account.is_active = True, True
    account.save(update_fields=["password", "must_change_password", "is_active"])
    forgive(account.username)
    close_sessions(account)
    trail.record("重置密码", account, by=by, username=account.username)
    return password


@transaction.atomic
def disable_account(account: Person, *, by: Person) -> int:
    """停用: nobody logs in with the account any more, and who is in is out. Returns the sessions ended."""
    account = _managed(account, by)
    if not account.is_active:
        raise Refused(f"{account}的账号已经停用。")
    account.is_active = False
    account.save(update_fields=["is_active"])
    ended = close_sessions(account)
    trail.record("停用账号", account, by=by, username=account.username, sessions_ended=ended)
    return ended


def close_sessions(account: Person) -> int:
    """Delete every live session of the account. Returns how many there were.

    A session does not name its person in a column, so all live ones are opened; with a limit
    of half an hour there are as many as people at work.
    """
    live = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    own = [session.pk for session in live if session.get_decoded().get(SESSION_KEY) == str(account.pk)]
    return Session.objects.filter(pk__in=own).delete()[0] if own else 0


@transaction.atomic
def change_own_password(person: Person, password: str) -> None:
    """The person's own new password, no longer the one-time one."""
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    trail.record("修改密码", person, by=person)


@transaction.atomic
def note_login(person: Person) -> None:
    """登录: forget the failures before it and write it down."""
    forgive(person.username)
    trail.record("登录", person, by=person)


@transaction.atomic
def note_failed_login(username: str, *, is_locked: bool) -> None:
    """登录失败: the account name that was tried; who tried is not known."""
    tried = Person.objects.filter(username=username).first()
    trail.record("登录失败", username[:60], by=None, is_known=tried is not None, is_locked=is_locked)


@transaction.atomic
def note_logout(person: Person) -> None:
    """退出."""
    trail.record("退出", person, by=person)
