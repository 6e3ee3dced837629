"""A whole meeting in real browsers: one console, one hall screen, a leader, three phones."""

import re
from contextlib import contextmanager

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from reviews.meeting.models import Comment, Turn
from reviews.plan.models import Campaign
from scoring.models import Envelope
from tests.browser.conftest import OFFICE, PHONE
from tests.browser.person import Person
from tests.browser.test_vote import Phone
from tests.make import make_officer, make_report
from tests.production.meeting import session_of
from tests.reviews.ballot.hall import Hall, printed, set_hall
from tests.reviews.meeting.looks import passed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WALL = {"width": 1920, "height": 1080}
SAID = "一是理论学习走过场；二是谈心谈话次数偏少。"
NEVER = ["理论学习走过场", "谈心谈话", "较好", "一般", "得分", "等次", "有效"]


class Scene:
    """The people of the meeting, each at a window of the right size; ``shown``: all the hall was ever seen to show."""

    def __init__(self, browser, address: str):
        self.browser, self.address, self.faults, self.shown = browser, address, [], []
        self.contexts = []
        self.hall: Hall = set_hall(stage="reporting", panels={"A": 10})
        for review in self.hall.reviews:
            make_report(review, state="approved")
        self.clerk = self.window(self.hall.clerk, OFFICE)
        self.leader = self.window(make_officer("leader", self.hall.bureau, "领导甲"), OFFICE)
        self.screen = self.window(self.hall.clerk, WALL)
        self.console = f"/meetings/{self.hall.campaign.pk}/"

    def window(self, person, size: dict) -> Person:
        """A window in which the person is logged in already; logging in is tried elsewhere."""
        window = Person(self.browser, self.address, size, self.faults)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(person), "url": self.address}
        window.context.add_cookies([cookie])
        self.contexts.append(window.context)
        return window

    def phone(self) -> Phone:
        context = self.browser.new_context(viewport=PHONE, locale="zh-CN", is_mobile=True, has_touch=True)
        self.contexts.append(context)
        return Phone(context.new_page(), self.address)

    @contextmanager
    def cut(self, window: Person):
        """The window has no network; what its browser complains of meanwhile is no fault."""
        before = list(self.faults)
        window.context.set_offline(True)
        yield
        window.context.set_offline(False)
        self.faults[:] = before

    def leave(self) -> None:
        """Everybody closes his window: nothing asks the server any more."""
        for context in self.contexts:
            context.close()

    @property
    def turns(self) -> list[Turn]:
        return list(Turn.objects.filter(review__campaign=self.hall.campaign).select_related("review__secretary"))

    def on_screen(self, *words: str) -> None:
        """The hall comes to show these words by itself."""
        for word in words:
            expect(self.screen.page.locator(".hall-now")).to_contain_text(word)
        self.shown.append(self.screen.page.locator("body").inner_text())

    def click(self, button: str) -> None:
        self.clerk.page.locator("#floor").get_by_role("button", name=button, exact=True).first.click()

    def speaks_for_a_while(self, name: str) -> None:
        """The console and the hall know who speaks; a minute goes by."""
        expect(self.clerk.page.locator(".now")).to_contain_text("正在述职")
        self.on_screen(name)
        passed(Turn.objects.get(state="speaking"), 60)


@pytest.fixture
def scene(browser, live_server):
    scene = Scene(browser, live_server.url)
    yield scene
    scene.leave()
    assert scene.faults == []


def order_of(page: Page) -> list[str]:
    """The names on the console's list of speakers, from the top."""
    return page.locator("ol.agenda:not(.steps) .agenda-who > strong").all_inner_texts()


def open_meeting(scene: Scene) -> None:
    scene.screen.open(f"{scene.console}hall/")
    scene.on_screen("会议尚未开始")
    scene.clerk.open(scene.console)
    scene.clerk.press("召开评议会", then="会议控制台")
    scene.on_screen("会议议程", "宣读议程与会议纪律")


def test_a_whole_meeting_with_console_hall_screen_and_three_phones(scene):
    open_meeting(scene)
    sign_in(scene)
    speak_and_comment(scene)
    rounds_off(scene)
    open_the_vote(scene)
    vote_by_keyboard_alone(scene)
    vote_with_the_network_cut(scene)
    vote_with_back_and_reload(scene)
    close_the_vote(scene)

    assert [(word, text) for text in scene.shown for word in NEVER if word in text] == []


def sign_in(scene: Scene) -> None:
    """Counts by panel; then the opening is ticked."""
    scene.clerk.page.locator(".attendance-boxes input[type=number]").first.fill("9")
    scene.clerk.press("登记实到人数", then="实到 9 人")
    scene.click("完成")
    expect(scene.clerk.page.locator(".steps")).to_contain_text("已完成")
    scene.on_screen("下一位", "林望舒")


def speak_and_comment(scene: Scene) -> None:
    """Begin, pause, go on, a comment meanwhile, and the next one."""
    scene.click("开始述职")
    scene.on_screen("林望舒", "剩余时间")
    scene.click("暂停计时")
    scene.on_screen("已暂停")
    scene.click("继续计时")
    scene.on_screen("剩余时间")
    scene.leader.open(f"/meetings/reviews/{scene.hall.reviews[0].pk}/comment/")
    scene.leader.fill(weaknesses=SAID)
    expect(scene.leader.page.locator("#points li")).to_have_count(2)
    scene.leader.press("提交")
    expect(scene.clerk.page.locator("#floor")).to_contain_text("领导甲 2 条")
    assert Comment.objects.count() == 1


def rounds_off(scene: Scene) -> None:
    """The second and the third speak; one press ends a speech and calls the next."""
    scene.speaks_for_a_while("林望舒")
    scene.click("结束，请下一位：何景行")
    scene.speaks_for_a_while("何景行")
    scene.click("结束，请下一位：苏听澜")
    scene.speaks_for_a_while("苏听澜")
    scene.click("结束述职")
    scene.on_screen("会议议程", "民主测评")

    assert [turn.state for turn in scene.turns] == ["spoken"] * 3


def open_the_vote(scene: Scene) -> None:
    """Codes and slips were made beforehand; the clerk opens the vote with a tick and a press."""
    printed(scene.hall)
    scene.clerk.open(f"/ballots/round/{scene.hall.round.pk}/")
    scene.clerk.page.get_by_label("已知晓，并已告知各位保管人").check()
    scene.clerk.press("开始测评", then="正在测评")
    scene.on_screen("请扫自己的测评码", "已投", "0 / 10")


def vote_by_keyboard_alone(scene: Scene) -> None:
    phone = scene.phone()
    page, keys = phone.page, phone.page.keyboard
    page.goto(f"{scene.address}/b/")
    page.locator("#slip").focus()
    keys.type(scene.hall.slips["A"].pop())
    keys.press("Enter")
    expect(page.locator(".entry")).to_have_count(3)
    keys.press("Tab")  # 大字版
    for _ in range(3):
        keys.press("Tab")
        keys.press("Space")
        keys.press("ArrowRight")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="请核对")).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    phone.expect_done()


def vote_with_the_network_cut(scene: Scene) -> None:
    """Cut before sending: nothing arrives, nothing is lost, the same button ends on the receipt."""
    phone, before = scene.phone(), Envelope.objects.count()
    phone.scan(scene.hall.slips["A"].pop())
    phone.fill()
    phone.to_summary()
    phone.page.context.set_offline(True)
    phone.submit()
    expect(phone.page.get_by_role("alert")).to_contain_text("没有收到答复")
    assert Envelope.objects.count() == before

    phone.page.context.set_offline(False)
    phone.submit()
    phone.expect_done()

    assert Envelope.objects.count() == before + 1


def vote_with_back_and_reload(scene: Scene) -> None:
    """Reloaded half way, back from the summary, back again after the receipt: one ballot."""
    phone, before = scene.phone(), Envelope.objects.count()
    phone.scan(scene.hall.slips["A"].pop())
    phone.choose("较好", "一般")
    expect(phone.page.locator("#sheet-count")).to_have_text("已填 2 / 3")
    phone.page.reload()
    expect(phone.page.locator("#sheet-count")).to_have_text("已填 2 / 3")
    phone.choose("较好", "一般", "弃权")
    phone.to_summary()
    phone.page.go_back()
    phone.to_summary()
    phone.submit()
    receipt = phone.expect_done()
    phone.page.go_back()
    phone.page.reload()

    assert phone.expect_done() == receipt
    assert Envelope.objects.count() == before + 1


def close_the_vote(scene: Scene) -> None:
    """The others have voted too; sealed, the hall shows what was handed out and what came back."""
    scene.hall.vote("A", 5)
    scene.clerk.open(f"/ballots/round/{scene.hall.round.pk}/")
    scene.clerk.press("封箱", then="封箱日期")
    scene.on_screen("票箱已封", "发出", "10 张", "收回", "8 张", "未收回", "2 张")


def test_a_comment_sent_into_a_cut_network_is_told_and_kept_and_the_same_button_saves_it(scene):
    open_meeting(scene)
    page = scene.leader.page
    scene.leader.open(f"/meetings/reviews/{scene.hall.reviews[0].pk}/comment/")
    told = page.locator(".no-answer")
    expect(told).to_be_hidden()

    with scene.cut(scene.leader):
        scene.leader.fill(weaknesses=SAID)
        page.get_by_role("button", name="提交", exact=True).click()
        expect(told).to_contain_text("连接中断，刚才的操作可能没有保存。填写的内容还在本页上")
        assert page.locator("[name=weaknesses]").input_value() == SAID
        assert not Comment.objects.exists()
    scene.leader.press("提交")

    assert Comment.objects.get().weaknesses == SAID


def test_a_fault_of_the_server_is_told_where_only_a_part_of_the_page_was_asked_for(scene):
    open_meeting(scene)
    page = scene.leader.page
    scene.leader.open(f"/meetings/reviews/{scene.hall.reviews[0].pk}/comment/")
    before = list(scene.faults)
    page.route("**/comment/", lambda route: route.fulfill(status=503, body="busy"))

    scene.leader.fill(strengths="亮点")
    page.get_by_role("button", name="提交", exact=True).click()
    told = page.locator(".no-answer")
    expect(told).to_contain_text("服务器暂时没有处理成功，刚才的操作可能没有保存")
    told.get_by_role("button", name="知道了").click()
    expect(told).to_be_hidden()
    page.unroute("**/comment/")

    assert page.locator("[name=strengths]").input_value() == "亮点"
    scene.faults[:] = before


def test_the_order_is_changed_by_dragging_and_by_keyboard_and_the_hall_follows(scene):
    open_meeting(scene)
    scene.click("完成")
    scene.on_screen("下一位", "林望舒")
    expect(scene.clerk.page.locator(".steps")).to_contain_text("已完成")
    page, rows = scene.clerk.page, scene.clerk.page.locator("ol.agenda:not(.steps) .agenda-row")
    expect(rows).to_have_count(3)

    rows.nth(2).locator(".agenda-number").drag_to(rows.nth(0).locator(".agenda-number"))
    scene.on_screen("下一位", "苏听澜")
    dragged = order_of(page)
    page.get_by_role("button", name="苏听澜下移一位").focus()
    page.keyboard.press("Enter")
    scene.on_screen("下一位", "林望舒")
    expect(page.get_by_role("button", name="苏听澜下移一位")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(2)).to_contain_text("苏听澜")

    assert dragged == ["苏听澜", "林望舒", "何景行"]
    assert order_of(page) == ["林望舒", "何景行", "苏听澜"]
    assert [turn.review.secretary.name for turn in scene.turns] == order_of(page)


def test_a_stand_in_is_entered_at_an_office_screen_and_what_is_typed_outlives_refusals_and_other_presses(scene):
    open_meeting(scene)
    rows = scene.clerk.page.locator("ol.agenda:not(.steps) .agenda-row")

    rows.nth(1).get_by_text("代述", exact=True).click()
    rows.nth(1).locator("[name=stand_in]").fill("梁怀瑾")
    rows.nth(1).get_by_role("button", name="登记代述").click()
    expect(scene.clerk.page.locator("#floor")).to_contain_text("请写明何景行由他人代述的原因")
    scene.faults.clear()  # the browser's own words on a 409
    rows.nth(2).get_by_text("缺席", exact=True).click()
    rows.nth(2).locator("[name=absence]").fill("因公出差")
    rows.nth(1).locator("[name=stand_in_reason]").fill("住院治疗")
    rows.nth(1).get_by_role("button", name="登记代述").click()
    expect(rows.nth(1)).to_contain_text("由梁怀瑾代述，原因：住院治疗")

    assert rows.nth(2).locator("[name=absence]").input_value() == "因公出差"
    rows.nth(2).get_by_role("button", name="登记缺席").click()
    expect(rows.nth(2)).to_contain_text("缺席 因公出差")


def test_a_step_of_the_agenda_is_dragged_to_another_place(scene):
    open_meeting(scene)
    page = scene.clerk.page
    steps = page.locator("ol.steps .agenda-row")
    expect(steps).to_have_count(5)

    steps.nth(3).locator(".agenda-number").drag_to(steps.nth(0).locator(".agenda-number"))

    expect(steps.nth(0)).to_contain_text("讲话")
    scene.on_screen("会议议程", "讲话")


def test_a_screen_and_a_console_that_lose_the_server_say_so_stand_still_and_come_back_to_the_truth(scene):
    open_meeting(scene)
    scene.click("开始述职")
    scene.on_screen("林望舒", "剩余时间")
    lost, digits = scene.screen.page.locator("[data-hall-lost]"), scene.screen.page.locator("[data-clock-digits]")

    with scene.cut(scene.screen):
        expect(lost).to_have_text(re.compile(r"^连接中断，正在重连，画面停在 \d\d:\d\d:\d\d$"))
        stood = digits.inner_text()
        expect(scene.clerk.page.locator("[data-clock-digits]")).not_to_have_text(stood)
        scene.click("暂停计时")
        expect(scene.clerk.page.locator(".now")).to_contain_text("已暂停")
        still = digits.inner_text()
    scene.on_screen("已暂停")

    expect(lost).to_be_hidden()
    assert still == stood
    with scene.cut(scene.clerk):
        expect(scene.clerk.page.locator("[data-console-lost]")).to_contain_text("连接中断，正在重连")
    expect(scene.clerk.page.locator("[data-console-lost]")).to_be_hidden()
    assert Campaign.objects.get(pk=scene.hall.campaign.pk).meeting.state == "open"


def test_a_screen_that_was_logged_out_says_what_to_do_and_goes_on_after_the_login(scene):
    open_meeting(scene)
    page, lost = scene.screen.page, scene.screen.page.locator("[data-hall-lost]")
    cookies = scene.screen.context.cookies()

    scene.screen.context.clear_cookies()
    expect(lost).to_contain_text("大屏的登录已失效")
    for _ in range(7):  # longer than the silence after which a connection counts as lost
        with page.expect_response(lambda answer: "/login/" in answer.url):
            pass
    still = lost.inner_text()
    scene.screen.context.add_cookies(cookies)
    expect(lost).to_be_hidden()

    assert "大屏的登录已失效" in still
    scene.click("完成")
    scene.on_screen("下一位", "林望舒")
