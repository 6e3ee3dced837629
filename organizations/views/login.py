"""In and out of the house, and one's own password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from organizations.access import EVERYONE, open_to
from organizations.accounts import change_own_password, note_failed_login, note_login, note_logout
from organizations.demo_accounts import DEMO_PASSWORD, demo_accounts
from organizations.forms import LoginForm, OwnPasswordForm
from organizations.lockout import attempts_left, locked_minutes, take_attempt
from organizations.views.pages import posted


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """登录. Wrong passwords lock the account for a while, and the page says for how long."""
    if request.htmx:
        return HttpResponseClientRefresh()  # a part of a page asked after the session had ended
    if request.user.is_authenticated and request.method == "GET":
        return redirect(_next(request))
    form = LoginForm(posted(request))
    if request.method == "POST" and form.is_valid():
        refusal = _try(request, form.cleaned_data["username"].strip(), form.cleaned_data["password"])
        if not refusal:
            return redirect(_next(request))
        form.add_error(None, refusal)
    accounts = demo_accounts() if settings.DEMO else []
    page = {"form": form, "accounts": accounts, "next": request.POST.get("next", request.GET.get("next", ""))}
    return render(request, "organizations/login.html", page, status=422 if form.errors else 200)


def _try(request: HttpRequest, username: str, password: str) -> str:
    """Log in, or say in Chinese why not."""
    attempt = take_attempt(username)
    if attempt is None:
        return _locked(username)
    if password == DEMO_PASSWORD and not settings.DEMO:
        note_failed_login(username, is_locked=False)
        return "演示密码在正式系统中不能使用，请联系系统管理员重置密码。"
    person = authenticate(request, username=username, password=password)
    if person is None:
        left = attempts_left(username)
        note_failed_login(username, is_locked=left == 0)
        return f"账号或密码不对，还可以再试 {left} 次。" if left else _locked(username)
    login(request, person)
    request.session.pop("began", None)
    note_login(person)
    return ""


def _locked(username: str) -> str:
    minutes = locked_minutes(username) or settings.LOGIN_LOCK_MINUTES
    return f"密码连续输错 {settings.LOGIN_FAILURES} 次，账号已锁定，请 {minutes} 分钟后再试，或请系统管理员重置密码。"


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", request.GET.get("next", ""))
    hosts = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
@open_to(EVERYONE)
def log_out(request: HttpRequest) -> HttpResponse:
    """退出."""
    note_logout(request.user)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "POST"])
@open_to(EVERYONE)
def password(request: HttpRequest) -> HttpResponse:
    """修改密码: by choice, or because the one-time password has to go first."""
    form = OwnPasswordForm(request.user, posted(request))
    if request.method == "POST" and form.is_valid():
        change_own_password(request.user, form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改。")
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "organizations/password.html", {"form": form}, status=422 if form.errors else 200)
