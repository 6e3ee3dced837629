"""The page of an opinion in a real browser: counted while one types, a sentence adopted, saved."""

import pytest
from playwright.sync_api import expect

from reviews.grade.opinion.models import Opinion
from tests.browser.conftest import OFFICE, PHONE
from tests.browser.person import Person
from tests.make import PASSWORD
from tests.reviews.grade.scene import build_scene, note, suggest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [OFFICE, PHONE], ids=["office", "phone"])
def test_an_opinion_is_counted_adopted_and_saved(browser, live_server, size):
    scene = suggest(build_scene())
    note(scene.reviews[0], scene.clerk, "党课偏少，外业党员缺课补课不严")
    scene.clerk.set_password(PASSWORD)
    scene.clerk.save()
    faults = []
    clerk = Person(browser, live_server.url, size, faults).log_in(scene.clerk.username, PASSWORD)
    clerk.open(f"/grades/review/{scene.reviews[0].pk}/opinion/")
    box, told = clerk.page.locator("#id_text"), clerk.page.locator("#opinion-count")

    box.fill("先写 的。")
    expect(told).to_have_text("4 字，还差 146 字")
    clerk.page.get_by_role("button", name="采用").first.click()
    expect(box).to_have_value(
        "先写 的。" + clerk.page.locator("button[data-append]").first.get_attribute("data-append")
    )
    clerk.page.get_by_role("button", name="保存意见").click()
    expect(clerk.page.locator(".notice-success")).to_contain_text("已保存")

    assert Opinion.objects.get().text.startswith("先写 的。")
    assert faults == []
