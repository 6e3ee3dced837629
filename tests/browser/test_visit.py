"""The record page on a phone: four taps and a sentence; a lost connection loses nothing and doubles nothing."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from reviews.visit.models import VisitRecord
from tests.cast import build_town
from tests.make import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SENTENCE = "抽查九月学习记录，内容已补齐。"


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "is_mobile": True, "has_touch": True}


@pytest.fixture
def town():
    town = build_town()
    leader = town.people["leader"]
    leader.set_password(PASSWORD)
    leader.save()
    return town


@pytest.fixture
def phone(page: Page, live_server, town):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("账号").fill(town.people["leader"].username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).first.click()
    expect(page.locator(".topbar-nav")).to_contain_text("退出")
    page.goto(f"{live_server.url}/visits/new/")
    yield page
    assert faults == []


def tap(phone: Page, *words: str) -> None:
    for word in words:
        phone.locator("#record-form label.visit-choice", has_text=word).tap()


def fill(phone: Page) -> None:
    tap(phone, "供水中心党支部", "随机抽查")
    phone.locator("[name=seen]").tap()
    phone.keyboard.insert_text(SENTENCE)


def save(phone: Page) -> None:
    phone.get_by_role("button", name="保存").tap()


def expect_saved(phone: Page) -> VisitRecord:
    expect(phone.locator("h1")).to_contain_text("供水中心党支部 · 随机抽查")
    return VisitRecord.objects.get()


def photograph(width: int = 3000, height: int = 2000) -> dict:
    """A file as a phone's camera gives it, larger than it will be kept."""
    written = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(written, "JPEG", quality=92)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def test_the_least_record_takes_four_taps_and_one_sentence(phone):
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= 390

    fill(phone)  # three taps: the unit, the kind, the box
    save(phone)

    record = expect_saved(phone)
    assert (record.kind, record.seen) == ("spot_check", SENTENCE)


def test_what_was_typed_and_photographed_is_there_after_a_reload(phone):
    fill(phone)
    phone.locator("#camera").set_input_files(photograph())
    expect(phone.locator("#photo-list img")).to_have_count(1)

    phone.reload()

    expect(phone.locator("#record-state")).to_contain_text("已恢复")
    expect(phone.locator("[name=seen]")).to_have_value(SENTENCE)
    expect(phone.locator("#photo-list img")).to_have_count(1)
    save(phone)
    assert expect_saved(phone).photos.count() == 1


def test_a_photo_is_made_smaller_before_it_is_sent(phone):
    large = photograph()
    assert len(large["buffer"]) > 1_500_000
    sizes = []
    phone.on(
        "request", lambda request: sizes.append(len(request.post_data_buffer or b"")) if request.method == "POST" else 0
    )
    fill(phone)
    phone.locator("#album").set_input_files(large)
    expect(phone.locator("#photo-list img")).to_have_count(1)

    save(phone)

    expect_saved(phone)
    assert sizes[0] < len(large["buffer"])


def test_without_network_it_waits_and_goes_out_when_there_is_one(phone):
    fill(phone)
    phone.context.set_offline(True)
    save(phone)
    expect(phone.locator("#record-state")).to_contain_text("没有网络")
    assert not VisitRecord.objects.exists()

    phone.context.set_offline(False)

    assert expect_saved(phone).seen == SENTENCE


def test_an_answer_that_is_lost_doubles_nothing(phone):
    def let_through_and_drop(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    fill(phone)
    phone.route("**/visits/new/", let_through_and_drop)
    save(phone)
    expect(phone.locator("#record-state")).to_contain_text("没有网络")
    assert VisitRecord.objects.count() == 1
    phone.unroute("**/visits/new/")

    phone.reload()  # opened again later: sent again by itself, under the same key

    expect_saved(phone)


def test_a_draft_is_gone_once_the_record_is_kept(phone, live_server):
    fill(phone)
    save(phone)
    expect_saved(phone)

    phone.goto(f"{live_server.url}/visits/new/")

    expect(phone.locator("[name=seen]")).to_have_value("")
    expect(phone.locator("#record-state")).to_be_hidden()


def test_what_the_server_refuses_stays_on_the_page(phone):
    tap(phone, "供水中心党支部", "谈话")

    save(phone)

    expect(phone.locator("#record-state")).to_contain_text("请写一句看到的情况")
    phone.locator("[name=seen]").fill("谈了学习")
    save(phone)
    expect(phone.locator("h1")).to_contain_text("谈话")


def test_a_unit_that_is_not_on_the_page_is_found_and_stays_after_a_reload(phone):
    phone.locator("[name=organization_name]").fill("水务局")
    tap(phone, "云岭市水务局党组", "督查")
    phone.locator("[name=seen]").fill("现场督查")

    phone.reload()

    expect(phone.locator("[name=seen]")).to_have_value("现场督查")
    save(phone)
    expect(phone.locator("h1")).to_contain_text("云岭市水务局党组 · 督查")
