"""Paper by keyboard alone: two tellers, one difference, the scrutineer decides."""

import pytest
from playwright.sync_api import expect

from organizations.models import Role
from scoring import paper
from scoring.models import Envelope, KeyedSheet, PaperBatch
from tests.browser.conftest import OFFICE, PHONE
from tests.browser.person import Person
from tests.make import make_officer
from tests.reviews.ballot.hall import closed, voting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Paper#2026test"
STORED = "JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage)])"


def person(browser, address: str, hall, role: str, username: str, faults: list[str]) -> Person:
    officer = make_officer(role, hall.bureau, username)
    officer.username, officer.must_change_password = username, False
    officer.set_password(PASSWORD)
    officer.save()
    return Person(browser, address, OFFICE, faults).log_in(username, PASSWORD)


def key(teller: Person, sheets: list[list[str]]) -> None:
    """Nothing but keys, from the first cell of the first sheet to 录完."""
    teller.page.get_by_role("link", name="录入", exact=True).click()
    for number, keys in enumerate(sheets, start=1):
        expect(teller.page.locator("h1")).to_contain_text(f"第 {number} 张")
        expect(teller.page.locator("#paper-form[data-listens]")).to_be_visible()  # the script hears keys by now
        expect(teller.page.locator("#m-1")).to_be_focused()
        for one in keys:
            teller.page.keyboard.press(one)
        expect(teller.page.locator("#paper-save")).to_be_focused()
        teller.look()
        with teller.page.expect_navigation():
            teller.page.keyboard.press("Enter")
    expect(teller.page.locator("#paper-save")).to_have_text("录完")
    expect(teller.page.locator("#paper-save")).to_be_focused()
    with teller.page.expect_navigation():
        teller.page.keyboard.press("Enter")


def test_two_tellers_and_a_scrutineer_count_a_batch_by_keyboard(browser, live_server):
    hall, faults = voting(paper={"A": 4}), []
    one, other = (person(browser, live_server.url, hall, Role.TELLER, name, faults) for name in ("teller1", "teller2"))
    scrutineer = person(browser, live_server.url, hall, Role.SCRUTINEER, "scrutineer", faults)
    table = f"/ballots/round/{hall.round.pk}/paper/"
    before = one.page.evaluate(STORED)

    one.open(table)
    one.fill(sheets="3")
    one.press("开始录入", then="第 1 张")
    one.open(table)
    # The second sheet: a slip of the finger taken back. The third: void as a whole.
    key(one, [["1", "2", "Numpad0"], ["1", "4", "Backspace", "2", "x"], ["Shift+X"]])
    other.open(table)
    key(other, [["1", "2", "0"], ["1", "3", "NumpadDecimal"], ["Shift+X"]])
    scrutineer.open(table)
    scrutineer.page.get_by_role("link", name="核定", exact=True).click()
    expect(scrutineer.page.locator("#d-2-2")).to_be_focused()
    scrutineer.page.keyboard.press("2")
    with scrutineer.page.expect_navigation():
        scrutineer.page.keyboard.press("Enter")
    expect(scrutineer.page.locator("body")).to_contain_text("均已裁定")
    scrutineer.press("核定入箱", then="已入箱")

    batch = PaperBatch.objects.get()
    assert (batch.state, batch.differing, batch.invalid, batch.valid) == ("accepted", 1, 1, 2)
    assert (Envelope.objects.count(), KeyedSheet.objects.count()) == (3, 0)
    assert [each.page.evaluate(STORED) for each in (one, other, scrutineer)] == [before] * 3
    assert faults == []


def test_a_void_sheet_keyed_anew_line_by_line_is_no_longer_void(browser, live_server):
    hall, faults = voting(paper={"A": 4}), []
    teller = person(browser, live_server.url, hall, Role.TELLER, "teller1", faults)
    teller.open(f"/ballots/round/{hall.round.pk}/paper/")
    teller.fill(sheets="2")
    teller.press("开始录入", then="第 1 张")
    batch = PaperBatch.objects.get()

    for keys in (["Shift+X"], ["1", "2", "0"]):
        teller.open(f"/ballots/paper/{batch.pk}/?sheet=1")
        expect(teller.page.locator("#paper-form[data-listens]")).to_be_visible()
        for one in keys:
            teller.page.keyboard.press(one)
        with teller.page.expect_navigation():
            teller.page.keyboard.press("Enter")

    assert paper.own_sheets(batch, batch.first_by) == {1: "430"}
    assert faults == []


def test_the_published_receipts_are_no_wider_than_a_phone(browser, live_server):
    hall, faults = closed(), []
    clerk = person(browser, live_server.url, hall, Role.ORGANIZER, "clerk1", faults)
    clerk.page.set_viewport_size(PHONE)

    clerk.open(f"/ballots/round/{hall.round.pk}/receipts/")
    clerk.look()

    assert faults == []
