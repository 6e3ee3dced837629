"""The voter's page on a phone: from the slip to the receipt, with everything that goes wrong in a hall."""

import re

import pytest
from django.core.signals import request_started
from playwright.sync_api import Page, expect

from reviews.ballot import actions
from scoring.models import Envelope, Token
from tests.browser.conftest import OFFICE
from tests.reviews.ballot.hall import voting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENTRIES = 3


class Phone:
    """A page that remembers what it sent and what its console said."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.sent: list[tuple[str, str | None]] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.sent.append((request.url, request.headers.get("referer"))))
        page.on("console", lambda line: self.said.append(line.text))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def scan(self, slip: str) -> None:
        self.page.goto(f"{self.address}/b/#{slip}")

    def choose(self, *words: str) -> None:
        for number, word in enumerate(words, start=1):
            self.page.locator(f"#entry-{number}").get_by_label(word, exact=True).check()

    def fill(self) -> None:
        self.choose(*["好"] * ENTRIES)

    def to_summary(self) -> None:
        self.page.get_by_role("button", name="提交测评").click()
        expect(self.page.get_by_role("heading", name="请核对")).to_be_visible()

    def submit(self) -> None:
        self.page.get_by_role("button", name="确认提交").click()

    def expect_done(self) -> str:
        expect(self.page.get_by_role("heading", name="已投入票箱")).to_be_visible()
        return self.page.locator(".receipt-box .code").inner_text()

    def vote_and_hear_nothing(self) -> None:
        """The ballot arrives, its answer does not."""
        self.fill()
        self.to_summary()
        self.lose_answers()
        self.submit()
        expect(self.page.get_by_role("alert")).to_contain_text("不会重复计票")

    def lose_answers(self) -> None:
        """The ballot reaches the server, its answer never reaches the phone."""

        def let_through_and_drop(route):
            route.fetch()
            route.abort()

        self.page.route("**/b/cast/", let_through_and_drop)

    def find_network(self) -> None:
        self.page.unroute("**/b/cast/")


@pytest.fixture
def hall():
    return voting()


@pytest.fixture
def slip(hall):
    return hall.slips["A"][0]


@pytest.fixture
def phone(page, live_server):
    phone = Phone(page, live_server.url)
    yield phone
    refused_by_policy = [line for line in phone.said if "Content Security Policy" in line or line.startswith("error:")]
    assert refused_by_policy == []


def spent() -> int:
    return Token.objects.filter(state=Token.State.SPENT).count()


def test_from_the_slip_to_the_receipt_and_the_draft_survives_a_reload(phone, slip):
    page = phone.page
    phone.scan(slip)
    phone.choose("较好", "差")
    expect(page.locator("#sheet-count")).to_have_text(f"已填 2 / {ENTRIES}")

    page.reload()
    expect(page.locator("#sheet-count")).to_have_text(f"已填 2 / {ENTRIES}")
    page.get_by_role("button", name="提交测评").click()
    expect(page.get_by_role("alert")).to_contain_text("第 3 项。不想评价的请选“弃权”")
    phone.choose("较好", "差", "弃权")
    phone.to_summary()
    summary = page.locator("#summary-lines tr td:last-child").all_inner_texts()
    phone.submit()

    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", phone.expect_done())
    assert summary == ["较好", "差", "弃权"]
    assert (Envelope.objects.count(), spent()) == (1, 1)


@pytest.fixture
def heard():
    """Request line and headers of every request, as the server hears them."""
    lines = []

    def note(environ, **kwargs):
        headers = {name: value for name, value in environ.items() if name.startswith("HTTP_")}
        lines.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']} {headers}")

    request_started.connect(note)
    yield lines
    request_started.disconnect(note)


def test_the_slip_is_in_no_address_no_request_line_and_no_header(phone, slip, heard):
    phone.scan(slip)
    phone.fill()
    addresses = [phone.page.url]
    phone.to_summary()
    phone.submit()
    phone.expect_done()
    addresses.append(phone.page.evaluate("location.href"))
    phone.page.get_by_role("link", name="查询回执").click()
    expect(phone.page.get_by_role("heading", name="查询回执")).to_be_visible()

    everything = [*heard, *addresses, phone.page.evaluate("document.referrer"), *(url for url, _ in phone.sent)]
    assert addresses == [f"{phone.address}/b/"] * 2
    assert len([line for line in heard if line.startswith("/b/")]) == 4
    assert [line for line in everything if slip in line or slip.replace("-", "") in line] == []
    assert [url for url, _ in phone.sent if not url.startswith((phone.address, "data:"))] == []


def test_what_was_chosen_is_forgotten_once_it_lies_in_the_box(phone, slip):
    phone.scan(slip)
    phone.fill()
    phone.to_summary()
    phone.submit()
    receipt = phone.expect_done()

    kept = phone.page.evaluate("JSON.stringify([Object.assign({}, sessionStorage), Object.assign({}, localStorage)])")

    assert receipt in kept
    assert slip not in kept
    assert "mark" not in kept


def test_a_lost_answer_ends_on_the_receipt_when_asked_again(phone, slip):
    phone.scan(slip)
    phone.vote_and_hear_nothing()
    stored = Envelope.objects.count()

    phone.find_network()
    phone.submit()
    phone.expect_done()

    assert (stored, Envelope.objects.count(), spent()) == (1, 1, 1)


def test_a_lost_answer_ends_on_the_receipt_after_a_reload(phone, slip):
    phone.scan(slip)
    phone.vote_and_hear_nothing()

    phone.find_network()
    phone.page.reload()
    receipt = phone.expect_done()
    phone.page.reload()

    assert phone.expect_done() == receipt
    assert (Envelope.objects.count(), spent()) == (1, 1)


def test_a_lost_answer_ends_on_the_receipt_when_the_slip_is_scanned_anew_in_another_window(phone, slip, context):
    phone.scan(slip)
    phone.vote_and_hear_nothing()
    phone.page.close()

    again = Phone(context.new_page(), phone.address)
    again.scan(slip)
    again.expect_done()

    assert (Envelope.objects.count(), spent()) == (1, 1)


def test_a_slip_typed_at_first_and_scanned_after_a_lost_answer_is_the_same_slip(phone, slip, context):
    phone.page.goto(f"{phone.address}/b/")
    phone.page.get_by_label("测评码").fill(slip.replace("-", "").lower().replace("0", "o"))
    phone.page.get_by_role("button", name="打开测评表").click()
    phone.vote_and_hear_nothing()
    phone.page.close()

    again = Phone(context.new_page(), phone.address)
    again.scan(slip)
    again.expect_done()

    assert (Envelope.objects.count(), spent()) == (1, 1)


def test_a_ballot_that_never_arrived_is_still_filled_after_a_reload(phone, slip):
    phone.scan(slip)
    phone.fill()
    phone.to_summary()
    phone.page.route("**/b/cast/", lambda route: route.abort())
    phone.submit()
    expect(phone.page.get_by_role("alert")).to_contain_text("没有收到答复")
    stored = Envelope.objects.count()

    phone.find_network()
    phone.page.reload()
    phone.expect_done()

    assert (stored, Envelope.objects.count()) == (0, 1)


def test_without_network_nothing_is_lost_and_the_same_button_goes_on(phone, slip, context):
    phone.scan(slip)
    phone.choose("一般")
    expect(phone.page.locator("#sheet-count")).to_have_text(f"已填 1 / {ENTRIES}")
    phone.page.route("**/b/sheet/", lambda route: route.abort())
    phone.page.reload()
    expect(phone.page.get_by_role("alert")).to_contain_text("网络不通")

    phone.page.unroute("**/b/sheet/")
    phone.page.get_by_role("button", name="打开测评表").click()

    expect(phone.page.locator("#sheet-count")).to_have_text(f"已填 1 / {ENTRIES}")
    expect(phone.page.locator("#entry-1").get_by_label("一般")).to_be_checked()


def test_the_back_key_leads_from_the_summary_to_the_sheet_and_after_submitting_to_no_ballot(phone, slip):
    page = phone.page
    phone.scan(slip)
    phone.fill()
    phone.to_summary()
    page.go_back()
    expect(page.get_by_role("button", name="提交测评")).to_be_visible()
    phone.to_summary()
    phone.submit()
    receipt = phone.expect_done()

    page.go_back()
    shown = [page.locator(".entry").count(), phone.expect_done()]
    page.go_back()
    page.go_forward()

    assert phone.expect_done() == receipt
    assert shown == [0, receipt]
    expect(page.locator(".entry")).to_have_count(0)


def test_two_clicks_send_one_ballot(phone, slip):
    phone.scan(slip)
    phone.fill()
    phone.to_summary()

    phone.page.get_by_role("button", name="确认提交").dblclick()
    phone.expect_done()

    assert len([url for url, _ in phone.sent if url.endswith("/b/cast/")]) == 1


def test_the_keyboard_alone_is_enough(phone, slip):
    page = phone.page
    page.set_viewport_size(OFFICE)
    page.goto(f"{phone.address}/b/")
    page.locator("#slip").focus()
    page.keyboard.type(slip.lower())
    page.keyboard.press("Enter")
    expect(page.locator(".entry")).to_have_count(ENTRIES)

    page.keyboard.press("Tab")  # 大字版
    for _ in range(ENTRIES):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="请核对")).to_be_focused()
    chosen = page.locator("#summary-lines tr td:last-child").all_inner_texts()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    phone.expect_done()

    assert chosen == ["较好"] * ENTRIES


def test_large_print_is_larger_and_stays(phone, slip):
    page = phone.page
    phone.scan(slip)
    expect(page.locator(".entry")).to_have_count(ENTRIES)
    size = "getComputedStyle(document.querySelector('.choice span')).fontSize"
    small = page.evaluate(size)

    page.get_by_role("button", name="大字版").click()
    large = page.evaluate(size)
    page.reload()
    expect(page.locator(".entry")).to_have_count(ENTRIES)

    assert float(large.removesuffix("px")) >= 1.4 * float(small.removesuffix("px"))
    assert page.evaluate(size) == large
    expect(page.get_by_role("button", name="标准字")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_wrong_a_used_and_a_late_slip_are_told_in_words(phone, hall, slip):
    page = phone.page
    phone.scan("ABCD-EFGH")
    expect(page.get_by_role("alert")).to_contain_text("测评码无效。请核对纸条上的 26 位代码")

    hall.vote("A", 6)
    phone.scan(slip)
    expect(page.get_by_role("alert")).to_contain_text("该测评码已使用，不能重复投票。")
    phone.scan("%E0%A4%A")
    expect(page.get_by_role("button", name="打开测评表")).to_be_visible()
    actions.close_voting(hall.round, by=hall.clerk)
    phone.scan(hall.slips["A"][0])
    expect(page.get_by_role("alert")).to_contain_text("测评已结束，票箱已封")


def test_one_phone_serves_two_voters(phone, hall):
    page = phone.page
    first, second = hall.slips["A"][:2]
    phone.scan(first)
    phone.fill()
    phone.to_summary()
    phone.submit()
    receipt = phone.expect_done()

    page.get_by_role("button", name="本机换人投票").click()
    expect(page.get_by_label("测评码")).to_have_value("")
    phone.scan(second)
    expect(page.locator("#sheet-count")).to_have_text(f"已填 0 / {ENTRIES}")
    phone.fill()
    phone.to_summary()
    phone.submit()

    assert phone.expect_done() != receipt
    assert Envelope.objects.count() == 2


MEMORY = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])"


def test_a_shared_tablet_forgets_the_sheet_and_its_receipt(phone, hall):
    page, (first, second) = phone.page, hall.slips["A"][:2]
    page.clock.install()
    page.goto(f"{phone.address}/b/")
    page.get_by_role("button", name="设为公用平板").click()
    phone.scan(first)
    phone.fill()
    phone.to_summary()
    phone.submit()
    receipt = phone.expect_done()
    expect(page.get_by_text("秒后自动清空")).to_be_visible()

    page.clock.run_for(11_000)
    expect(page.get_by_label("测评码")).to_have_value("")

    assert page.evaluate(MEMORY) == '[[["ballot-tablet","true"]],[]]'
    for _ in range(2):  # the sheet's own entries of the history
        page.go_back()
        shown = page.content() + page.evaluate("location.href + JSON.stringify(history.state)")
        assert first not in shown
        assert receipt not in shown
        assert 'class="entry"' not in shown
        assert page.evaluate(MEMORY) == '[[["ballot-tablet","true"]],[]]'
    phone.scan(second)
    expect(page.locator("#sheet-count")).to_have_text(f"已填 0 / {ENTRIES}")


def test_a_sheet_left_half_filled_on_a_tablet_is_cleared_by_hand(phone, hall):
    page = phone.page
    page.goto(f"{phone.address}/b/")
    page.get_by_role("button", name="设为公用平板").click()
    phone.scan(hall.slips["A"][0])
    phone.choose("差")
    page.on("dialog", lambda dialog: dialog.accept())

    page.get_by_role("button", name="清空，换下一位").click()
    expect(page.get_by_label("测评码")).to_have_value("")

    assert page.evaluate(MEMORY) == '[[["ballot-tablet","true"]],[]]'
    assert page.locator(".entry").count() == 0
    assert spent() == 0


def test_without_a_script_the_same_pages_take_the_ballot(browser, live_server, slip):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/b/")
    page.locator("#slip").fill(slip)
    page.get_by_role("button", name="打开测评表").click()
    for number in range(1, ENTRIES + 1):
        page.locator(f"#entry-{number}").get_by_label("好", exact=True).check()
    page.get_by_role("button", name="提交测评").click()

    shown = page.inner_text("body")
    page.goto(f"{live_server.url}/b/receipt/")
    page.locator("#code").fill("0000-0000-0000-0000")
    page.get_by_role("button", name="查询").click()
    looked_up = page.inner_text("body")
    context.close()

    assert "已投入票箱" in shown
    assert "没有查到这个回执码" in looked_up
    assert Envelope.objects.count() == 1
