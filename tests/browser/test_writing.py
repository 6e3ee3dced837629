"""No keystroke is lost: over a reload, a lost connection, an ended session, a second tab, another account."""

import re
from contextlib import contextmanager

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from reviews.plan.models import Stage
from reviews.report.actions import save_report
from reviews.report.models import Report, ReportVersion
from tests.browser.conftest import OFFICE
from tests.browser.person import Person
from tests.make import PASSWORD, make_campaign, make_organization, make_review, make_secretary
from tests.reviews.report.texts import SECTIONS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Author(Person):
    """A secretary at the writing page of her report."""

    def __init__(self, browser, address: str, review):
        super().__init__(browser, address, OFFICE, faults=[])
        self.review = review
        self.log_in(review.secretary.username, PASSWORD)
        self.write_at = f"/reports/of/{review.pk}/write/"
        self.open(self.write_at)

    @property
    def plans(self):
        return self.page.locator("#id_plans")

    @property
    def saved(self):
        return self.page.locator("#saved")

    def drafts(self) -> list[str]:
        return self.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft/'))")

    def reload_unheard(self) -> None:
        """Reload, and not even the last message of a page that closes gets out."""
        self.page.evaluate("() => { window.fetch = () => Promise.reject(new Error('offline')); }")
        self.page.reload()

    @contextmanager
    def disturbed(self, answer):
        """Saving by itself meets ``answer`` instead of the server."""
        self.page.route("**/autosave/", answer)
        yield
        self.page.unroute("**/autosave/")


@pytest.fixture
def review():
    campaign = make_campaign(stage=Stage.REPORTING)
    branch = make_organization(parent=campaign.organizer)
    secretary = make_secretary(branch, password=PASSWORD, username="writer")
    return make_review(campaign, organization=branch, secretary=secretary)


@pytest.fixture
def author(browser, live_server, review):
    author = Author(browser, live_server.url, review)
    yield author
    author.context.close()


def test_what_was_typed_is_saved_after_a_pause_and_this_browser_keeps_no_copy(author):
    author.plans.fill("明年抓实三件事。")

    expect(author.saved).to_contain_text(re.compile(r"已保存 \d\d:\d\d"))
    assert Report.objects.get().plans == "明年抓实三件事。"
    assert author.drafts() == []


def test_a_lost_connection_is_told_and_the_text_is_saved_when_it_is_back(author):
    with author.disturbed(lambda route: route.abort()):
        author.plans.fill("断网时写的打算。")
        expect(author.saved).to_contain_text("网络中断，文字已留在本机，恢复后自动保存")
        assert len(author.drafts()) == 1

    author.page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(author.saved).to_contain_text("已保存")
    assert Report.objects.get().plans == "断网时写的打算。"


def test_after_a_reload_an_unsaved_text_is_offered_beside_what_stands(author, review):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)
    author.open(author.write_at)
    with author.disturbed(lambda route: route.fulfill(status=500, body="")):
        author.plans.fill("只在本机的打算。")
        expect(author.saved).to_contain_text("服务器没有保存成功，文字已留在本机")
        author.reload_unheard()
        expect(author.page.locator(".kept-text")).to_contain_text("没有保存到服务器的文字")
    assert author.plans.input_value() == SECTIONS["plans"]
    author.page.get_by_text("逐部分对照两份文字").click()
    expect(author.page.locator(".side-by-side")).to_contain_text("只在本机的打算。")
    expect(author.page.locator(".side-by-side")).to_contain_text(SECTIONS["plans"])

    author.page.get_by_role("button", name="恢复到页面").click()

    expect(author.saved).to_contain_text("已保存")
    assert Report.objects.get().plans == "只在本机的打算。"
    assert author.drafts() == []


def test_a_restored_text_older_than_what_stands_replaces_it_only_by_hand_and_keeps_it(author, review):
    with author.disturbed(lambda route: route.abort()):
        author.plans.fill("办公室电脑上写的。")
        expect(author.saved).to_contain_text("文字已留在本机")
        save_report(review, sections=SECTIONS, edition=0, by=review.secretary)
        author.reload_unheard()
        author.page.get_by_role("button", name="恢复到页面").click()
    expect(author.saved).to_contain_text("请按“保存”")
    assert Report.objects.get().plans == SECTIONS["plans"]

    author.press("保存", then="已保存")

    assert Report.objects.get().plans == "办公室电脑上写的。"
    assert ReportVersion.objects.filter(plans=SECTIONS["plans"]).exists()


def test_an_ended_session_keeps_the_text_until_the_next_login(author):
    Session.objects.all().delete()
    author.plans.fill("登录过期时写的打算。")
    expect(author.saved).to_contain_text("登录已过期，文字已留在本机")

    author.page.get_by_role("button", name="保存", exact=True).click()
    author.page.get_by_label("账号").fill("writer")
    author.page.get_by_label("密码").fill(PASSWORD)
    author.page.locator("form", has=author.page.get_by_label("账号")).get_by_role("button", name="登录").click()

    expect(author.page).to_have_url(author.address + author.write_at)
    expect(author.page.locator(".kept-text")).to_contain_text("没有保存到服务器的文字")
    author.page.get_by_role("button", name="恢复到页面").click()
    expect(author.saved).to_contain_text("已保存")
    assert Report.objects.get().plans == "登录过期时写的打算。"


def test_a_login_in_another_tab_lets_the_first_one_save(author):
    Session.objects.all().delete()
    author.plans.fill("换了登录之后保存的打算。")
    expect(author.saved).to_contain_text("登录已过期")
    other = author.context.new_page()
    other.goto(author.address + "/login/")
    other.get_by_label("账号").fill("writer")
    other.get_by_label("密码").fill(PASSWORD)
    other.locator("form", has=other.get_by_label("账号")).get_by_role("button", name="登录").click()
    expect(other.locator(".topbar-nav")).to_contain_text("退出")

    author.page.keyboard.press("Control+s")

    expect(author.saved).to_contain_text("已保存")
    assert Report.objects.get().plans == "换了登录之后保存的打算。"


def test_of_two_tabs_the_second_is_told_and_both_texts_are_kept(author):
    second = author.context.new_page()
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto(author.address + author.write_at)
    expect(second.locator("#other-tab")).to_contain_text("还开着另一个标签页")
    expect(author.page.locator("#other-tab")).to_contain_text("还开着另一个标签页")

    author.plans.fill("第一个标签页写的。")
    expect(author.saved).to_contain_text("已保存")
    second.locator("#id_plans").fill("第二个标签页写的。")
    expect(second.locator("#saved")).to_contain_text("另一处保存过这份报告")
    second.get_by_role("button", name="核对两份文字").click()
    expect(second.locator(".conflict .changes")).to_contain_text("第删一增二个标签页写的。")
    expect(second.locator(".conflict")).to_contain_text("存为第 1 版")
    second.get_by_role("button", name="采用我的").click()
    expect(second.locator("body")).to_contain_text("已保存。")

    assert Report.objects.get().plans == "第二个标签页写的。"
    kept = set(ReportVersion.objects.values_list("plans", flat=True))
    assert kept == {"第一个标签页写的。", "第二个标签页写的。"}


def test_logging_out_leaves_nothing_on_the_computer(author):
    with author.disturbed(lambda route: route.abort()):
        author.plans.fill("不该留下的文字。")
        expect(author.saved).to_contain_text("文字已留在本机")
        author.page.get_by_role("button", name="退出").click()  # the dialog that asks is accepted
        expect(author.page.get_by_label("账号")).to_be_visible()

    assert author.drafts() == []


def test_logging_out_first_saves_what_was_just_typed(author):
    author.plans.fill("刚写完就退出。")
    author.page.get_by_role("button", name="退出").click()
    expect(author.page.get_by_label("账号")).to_be_visible()

    assert Report.objects.get().plans == "刚写完就退出。"
    assert author.drafts() == []


def test_a_text_beyond_the_limit_is_told_before_it_is_sent(author):
    heard = []
    author.page.on("dialog", lambda dialog: heard.append(dialog.message))
    author.page.evaluate("document.getElementById('id_plans').value = '长'.repeat(3400000)")

    author.page.get_by_role("button", name="保存", exact=True).click()

    expect(author.plans).to_be_focused()
    assert "3,400,000 字，超过 60,000 字的上限" in heard[0]
    assert len(author.plans.input_value()) == 3_400_000
    assert not Report.objects.exists()
