"""A person at a real browser: logs in, presses what stands there, and notes what the page does wrong."""

from playwright.sync_api import Browser, Page, expect


class Person:
    """One browser window of one size.

    ``faults``: what the console complained of (the content security policy included), and every page that is
    wider than its window.
    """

    def __init__(self, browser: Browser, address: str, size: dict, faults: list[str]):
        is_small = size["width"] < 600
        self.context = browser.new_context(viewport=size, locale="zh-CN", is_mobile=is_small, has_touch=is_small)
        self.page: Page = self.context.new_page()
        self.address, self.faults = address, faults
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _hear(self, line) -> None:
        if line.type in {"error", "warning"}:
            self.faults.append(f"{self.page.url}: {line.text}")

    def log_in(self, username: str, password: str) -> "Person":
        self.open("/login/")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.locator("form", has=self.page.get_by_label("账号")).get_by_role("button", name="登录").click()
        expect(self.page.locator(".topbar-nav")).to_contain_text("退出")
        return self

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.look()

    def follow(self, link: str, *, exact: bool = False) -> None:
        """Press a link and wait for its page."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link, exact=exact).first.click()
        self.look()

    def press(self, button: str, *, then: str = "") -> None:
        """Press a button that leads to a page; ``then``: words that stand there."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()
        self.look()
        if then:
            expect(self.page.locator("body")).to_contain_text(then)

    def fill(self, **fields: str) -> None:
        """Type into the fields, by name."""
        for name, words in fields.items():
            self.page.locator(f"[name='{name}']").fill(words)

    def read(self, places: str) -> list[str]:
        return self.page.locator(places).all_inner_texts()

    def look(self) -> None:
        """Is the page as wide as the window? (A phone's own innerWidth grows with a page that is too wide.)"""
        wide = self.page.evaluate("document.scrollingElement.scrollWidth")
        if wide > self.page.viewport_size["width"]:
            self.faults.append(f"{self.page.url} is {wide} wide in a window of {self.page.viewport_size['width']}")
