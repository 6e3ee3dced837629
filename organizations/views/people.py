"""人员 and 账号: who there is, and who can log in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations import accounts, permissions, queries
from organizations.access import open_to
from organizations.errors import Refused
from organizations.forms import AccountForm
from organizations.models import Person, Role
from organizations.permissions import READERS
from organizations.views.pages import page_of, posted, words_of


@require_GET
@open_to(*READERS)
def people(request: HttpRequest) -> HttpResponse:
    """People with a post or role within reach, searched by name, account or code."""
    words = words_of(request)
    found = queries.visible_people(request.user)
    if words:
        found = queries.search_people(found, words)
    page = {"q": words, "page": page_of(request, queries.with_posts(found))}
    return render(request, "organizations/people.html", page)


@require_GET
@open_to(*READERS, Role.SEC_ADMIN)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts now and before, roles."""
    found = get_object_or_404(queries.visible_people(request.user), pk=pk)
    page = {
        "person": found,
        "posts": found.appointments.select_related("organization").order_by("-starts_on", "-pk"),
        "grants": found.grants.select_related("organization"),
        "may_manage": permissions.may_manage_account(request.user, found),
        "is_manager": permissions.may_create_account(request.user),
    }
    return render(request, "organizations/person.html", page)


@require_GET
@open_to(Role.SYS_ADMIN)
def account_list(request: HttpRequest) -> HttpResponse:
    """账号: the console of the system administrator."""
    words = words_of(request)
    found = queries.visible_people(request.user)
    if words:
        found = queries.search_people(found, words)
    page = {"q": words, "page": page_of(request, queries.with_posts(found.order_by("username")))}
    return render(request, "organizations/accounts.html", page)


@never_cache
@require_http_methods(["GET", "POST"])
@open_to(Role.SYS_ADMIN)
def create_account(request: HttpRequest) -> HttpResponse:
    """A new account; its one-time password is on the answer and nowhere else."""
    form = AccountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made, password = accounts.create_account(by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return render(request, "organizations/one_time_password.html", {"person": made, "password": password})
    return render(request, "organizations/account.html", {"form": form}, status=422 if form.errors else 200)


def _managed(request: HttpRequest, pk: int) -> Person:
    found = get_object_or_404(queries.visible_people(request.user), pk=pk)
    if not permissions.may_manage_account(request.user, found):
        raise PermissionDenied
    return found


@never_cache
@require_POST
@open_to(Role.SYS_ADMIN)
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time password; also what enables a disabled account again."""
    found = _managed(request, pk)
    password = accounts.reset_password(found, by=request.user)
    return render(request, "organizations/one_time_password.html", {"person": found, "password": password})


@require_POST
@open_to(Role.SYS_ADMIN)
def disable_account(request: HttpRequest, pk: int) -> HttpResponse:
    """停用: out at once."""
    found = _managed(request, pk)
    ended = accounts.disable_account(found, by=request.user)
    messages.success(request, f"{found}的账号已停用，结束了 {ended} 个登录。")
    return redirect("organizations:person", pk)
