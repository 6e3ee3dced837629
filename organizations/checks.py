"""What ``manage.py check --deploy`` finds in the accounts: a demo password on a real system (SECURITY A7)."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from organizations.demo_accounts import DEMO_PASSWORD, demo_accounts


@register(Tags.security, deploy=True)
def demo_password_is_gone(app_configs=None, **kwargs) -> list[Error]:
    """An error for every active demo account that the shown password still opens, outside the demo."""
    if settings.DEMO:
        return []
    usernames = [username for _, username, _ in demo_accounts()]
    accounts = get_user_model().objects.filter(username__in=usernames, is_active=True)
    try:
        found = list(accounts.order_by("username").values_list("username", "password"))
    except DatabaseError:
        return []  # not migrated yet: no account, no demo password
    return [_error(username) for username, encoded in found if check_password(DEMO_PASSWORD, encoded)]


def _error(username: str) -> Error:
    return Error(
        f"演示账号“{username}”仍可用演示密码登录，正式系统不得启动。",
        hint="停用该账号，或用 manage.py changepassword 重置密码；不要把演示数据库用作正式数据库。",
        id="organizations.E001",
    )
