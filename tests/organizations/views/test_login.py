"""In and out: the lock after wrong passwords, the demo's accounts, the password that must go first."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.demo_accounts import DEMO_PASSWORD, demo_accounts
from organizations.models import LoginFailure, Person, Trace
from tests.make import PASSWORD, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


@pytest.fixture
def clerk() -> Person:
    return make_person("经办", username="clerk", password=PASSWORD)


def log_in(client, password=PASSWORD, username="clerk", **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_the_page_warns_of_classified_matters(client):
    answer = client.get(LOGIN)

    assert answer.status_code == 200
    assert "不得存储、处理、传输涉密信息" in answer.content.decode()


def test_the_right_password_opens_and_is_noted(client, clerk):
    answer = log_in(client)

    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(clerk.pk)
    assert Trace.objects.get(act="登录").person == clerk


def test_one_is_led_back_to_the_page_one_wanted_but_never_to_another_site(client, clerk):
    assert log_in(client, next="/jobs/").url == "/jobs/"
    client.logout()
    assert log_in(client, next="https://elsewhere.example/").url == reverse("desk:workbench")


def test_a_wrong_password_says_how_many_tries_are_left(client, clerk):
    answer = log_in(client, "wrong")

    assert answer.status_code == 422
    assert "账号或密码不对，还可以再试 4 次" in answer.content.decode()
    assert "clerk" in answer.content.decode()
    assert Trace.objects.get(act="登录失败").facts == {"is_known": True, "is_locked": False}


def test_the_sixth_try_meets_a_locked_account_even_with_the_right_password(client, clerk):
    for _ in range(5):
        log_in(client, "wrong")

    answer = log_in(client)

    assert answer.status_code == 422
    assert "已锁定，请 15 分钟后再试" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_lock_opens_after_a_quarter_of_an_hour(client, clerk):
    for _ in range(5):
        log_in(client, "wrong")
    LoginFailure.objects.update(failed_at=timezone.now() - timedelta(minutes=14))
    assert "请 1 分钟后再试" in log_in(client).content.decode()

    LoginFailure.objects.update(failed_at=timezone.now() - timedelta(minutes=16))

    assert log_in(client).status_code == 302


def test_a_locked_account_does_not_lock_longer_by_trying(client, clerk):
    for _ in range(9):
        log_in(client, "wrong")

    assert LoginFailure.objects.count() == 5


def test_unknown_accounts_are_told_the_same_and_lock_the_same(client):
    for _ in range(5):
        answer = log_in(client, username="nobody")

    assert "已锁定" in answer.content.decode()


def test_a_right_password_forgives_the_wrong_ones(client, clerk):
    log_in(client, "wrong")

    log_in(client)

    assert LoginFailure.objects.count() == 0


def test_a_disabled_account_stays_out(client, clerk):
    Person.objects.update(is_active=False)

    assert log_in(client).status_code == 422


@pytest.mark.parametrize(
    "said", [{}, {"username": "clerk"}, {"username": "\x00", "password": "x"}, {"username": "a" * 999, "password": "x"}]
)
def test_an_incomplete_form_comes_back_in_words(client, clerk, said):
    assert client.post(LOGIN, said).status_code == 422


def test_the_demo_lists_its_accounts_and_they_open(client, settings):
    settings.DEMO = True
    for label, username, password in demo_accounts():
        make_person(label, username=username, password=password)

    page = client.get(LOGIN).content.decode()

    assert all(f"<code>{username}</code>" in page for _, username, _ in demo_accounts())
    assert all(log_in(client, password, username).status_code == 302 for _, username, password in demo_accounts())


def test_outside_the_demo_its_password_opens_nothing_and_is_not_shown(client, settings):
    settings.DEMO = False
    make_person("经办", username="zuzhi", password=DEMO_PASSWORD)

    answer = log_in(client, DEMO_PASSWORD, "zuzhi")

    assert answer.status_code == 422
    assert "演示密码在正式系统中不能使用" in answer.content.decode()
    assert DEMO_PASSWORD not in client.get(LOGIN).content.decode()


def test_leaving_takes_a_post_and_is_noted(client, clerk):
    client.force_login(clerk)
    assert client.get("/logout/").status_code == 405

    answer = client.post("/logout/")

    assert answer.url == LOGIN
    assert "_auth_user_id" not in client.session
    assert Trace.objects.filter(act="退出", person=clerk).exists()


def test_a_part_of_a_page_asked_without_session_refreshes_the_page(client):
    answer = client.get("/jobs/", headers={"HX-Request": "true"}, follow=True)

    assert answer.headers["HX-Refresh"] == "true"


def test_a_one_time_password_must_go_before_anything_else_opens(client, clerk):
    Person.objects.update(must_change_password=True)
    client.force_login(clerk)

    for path in ("/jobs/", "/organizations/", "/people/", "/roles/", "/"):
        assert client.get(path).url == "/password/"
    assert client.get("/jobs/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/password/"
    assert "一次性初始密码" in client.get("/password/").content.decode()

    answer = client.post("/password/", {"old": PASSWORD, "new": "Other-Horse-8", "again": "Other-Horse-8"})

    clerk.refresh_from_db()
    assert answer.status_code == 302
    assert clerk.check_password("Other-Horse-8")
    assert client.get("/jobs/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "reason"),
    [
        ("wrong", "Other-Horse-8", "Other-Horse-8", "现在的密码不对"),
        (PASSWORD, "Other-Horse-8", "Other-Horse-9", "不一致"),
        (PASSWORD, PASSWORD, PASSWORD, "不能与现在的密码相同"),
        (PASSWORD, "short1A", "short1A", "8"),
        (PASSWORD, "onlysmall", "onlysmall", "三种"),
        (PASSWORD, DEMO_PASSWORD, DEMO_PASSWORD, "公开密码"),
    ],
)
def test_a_poor_new_password_is_refused_in_words(client, clerk, old, new, again, reason):
    client.force_login(clerk)

    answer = client.post("/password/", {"old": old, "new": new, "again": again})

    clerk.refresh_from_db()
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert clerk.check_password(PASSWORD)
