"""The short campaign in a real browser, once in an office window and once in one of a phone's size.

Two secretaries, one panel of five voters. The voters always hold phones.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reviews.ledger.models import Problem
from reviews.plan.models import Campaign
from reviews.report.models import Report
from scoring.models import Envelope
from tests.browser.conftest import OFFICE, PHONE
from tests.browser.person import Person
from tests.journeys import acts, later_acts
from tests.journeys.bureau import FIRST, OWN_PASSWORD, PASSWORD, Bureau, build_small_bureau

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICERS = ["clerk", "vetter", "leader", "supervisor", "custodian", "head"]
POINTS = "一是理论学习联系实际不够；二是主题党日形式单一。"


class Stage:
    """The planned campaign, and a window for everybody who acts in it."""

    def __init__(self, browser, address: str, size: dict):
        self.browser, self.address, self.faults = browser, address, []
        self.bureau: Bureau = build_small_bureau()
        acts.plan(self.bureau)
        self.campaign = self.bureau.campaign
        self.people = {name: self.window(size).log_in(name, PASSWORD) for name in OFFICERS}
        self.secretaries = {
            place.code: self.window(size).log_in(self.bureau.review(place.code).secretary.username, OWN_PASSWORD)
            for place in self.bureau.places
        }

    def window(self, size: dict) -> Person:
        return Person(self.browser, self.address, size, self.faults)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def stands_at(self) -> str:
        return Campaign.objects.get(pk=self.campaign).stage


@pytest.mark.parametrize("size", [OFFICE, PHONE], ids=["office", "phone"])
def test_a_small_campaign_in_the_browser(browser, live_server, size):
    stage = Stage(browser, live_server.url, size)

    for code in stage.secretaries:
        write(stage, code)
    vet(stage)
    comment(stage)
    meet(stage)
    prepare(stage)
    vote(stage)
    open_the_box(stage)
    decide(stage)
    feed_back(stage)

    assert stage.faults == []


def write(stage: Stage, code: str) -> None:
    """From the desk to the report: written, saved by itself, handed in."""
    secretary = stage.secretaries[code]
    secretary.open("/")
    secretary.follow("去撰写")
    secretary.fill(**acts.report_of(stage.bureau, code))
    expect(secretary.page.locator("#saved")).to_contain_text("已保存 ", timeout=15_000)
    expect(secretary.page.locator("#checks")).to_contain_text("未发现问题", timeout=15_000)
    secretary.press("提交审核", then="已提交，等待审核")

    assert Report.objects.get(review=stage.bureau.review(code)).state == "submitted"


def vet(stage: Stage) -> None:
    """From the desk to the first report, from there to the next by itself."""
    stage.vetter.open("/")
    stage.vetter.follow("去审核")
    stage.vetter.follow("开始审核")
    for _ in stage.secretaries:
        stage.vetter.fill(opinion="内容完整，同意。")
        stage.vetter.press("通过")

    assert set(Report.objects.values_list("state", flat=True)) == {"approved"}


def comment(stage: Stage) -> None:
    """Points are shown as they are typed."""
    leader = stage.leader
    leader.open(f"/meetings/{stage.campaign}/prepare/")
    leader.follow("点评", exact=True)
    for button in ("提交，点评下一位", "提交"):
        leader.fill(strengths="组织生活有规矩。", weaknesses=POINTS, advice="建议先做出样子。")
        expect(leader.page.locator("#points li")).to_have_count(2)
        leader.press(button)

    assert Problem.objects.filter(source="superior_comment").count() == 4


def meet(stage: Stage) -> None:
    """One speaks against the clock, five have come."""
    clerk = stage.clerk
    clerk.open("/")
    clerk.follow("去会议")
    clerk.page.locator("[name='chair']").first.select_option(index=1)
    clerk.press("召开评议会")
    clerk.page.get_by_role("button", name="开始述职").click()
    expect(clerk.page.locator("[data-clock-digits]")).to_be_visible()
    clerk.look()
    clerk.page.get_by_role("button", name="结束述职", exact=True).click()
    expect(clerk.page.locator("#floor")).to_contain_text("全部述职完毕")
    clerk.page.locator("[name^='present_']").fill("5")
    clerk.press("登记实到人数")
    clerk.press("结束评议会", then="会议记录")
    for name in ("hall", "minutes"):
        clerk.open(f"/meetings/{stage.campaign}/{name}/")

    assert stage.stands_at == "meeting"


def prepare(stage: Stage) -> None:
    """Locked, codes made, slips co-signed and printed, opened."""
    clerk, bureau = stage.clerk, stage.bureau
    clerk.open(f"/ballots/{stage.campaign}/")
    clerk.press("准备正式测评")
    stage.round = clerk.page.url.removeprefix(stage.address)
    clerk.press("生成开箱码")
    bureau.codes = clerk.read(".code-large")
    clerk.open(stage.round)
    clerk.press("申请制作测评码")
    stage.supervisor.open(stage.round)
    stage.supervisor.press("会签以上张数")
    clerk.open(stage.round)
    clerk.press("印制")
    bureau.slips = clerk.read(".slip-words .code")
    clerk.open(stage.round)
    clerk.page.get_by_label("已知晓").check()
    clerk.press("开始测评", then="正在测评")

    assert (len(bureau.codes), len(bureau.slips)) == (3, 5)


def vote(stage: Stage) -> None:
    """Five phones scan, choose, look again, send."""
    for slip in stage.bureau.slips:
        voter = stage.window(PHONE)
        voter.page.goto(f"{stage.address}/b/#{slip}")
        for number, word in enumerate(("好", "较好"), start=1):
            voter.page.locator(f"#entry-{number}").get_by_label(word, exact=True).check()
        voter.look()
        voter.page.get_by_role("button", name="提交测评").click()
        voter.look()
        voter.page.get_by_role("button", name="确认提交").click()
        expect(voter.page.get_by_role("heading", name="已投入票箱")).to_be_visible()
        voter.look()
        voter.context.close()

    assert Envelope.objects.count() == 5


def open_the_box(stage: Stage) -> None:
    """Closed by the clerk, opened by a custodian with two codes."""
    stage.clerk.open(stage.round)
    stage.clerk.press("封箱", then="收票情况")
    stage.custodian.open("/")
    stage.custodian.follow("去开箱")
    stage.custodian.open(f"{stage.round}opening/")
    stage.custodian.page.get_by_text("会场只有一台电脑").click()
    stage.custodian.fill(first=stage.bureau.codes[0], second=stage.bureau.codes[1])
    stage.custodian.press("用这两份开箱计票", then="已开箱计票")

    assert stage.stands_at == "grading"


def decide(stage: Stage) -> None:
    """Suggested, proposed as suggested, approved by another person, fed back."""
    clerk, head = stage.clerk, stage.head
    clerk.open(f"/grades/{stage.campaign}/")
    clerk.press("生成建议等次")
    fields = later_acts.decision(stage.bureau)
    clerk.fill(reference=fields["reference"], decided_on=fields["decided_on"])
    clerk.press("提出等次", then="等次已提出")
    head.open(f"/grades/{stage.campaign}/")
    head.follow("核对并批准")
    head.press("全部批准", then="已批准 2 人")
    clerk.open(f"/meetings/{stage.campaign}/comments/")
    clerk.page.locator("[name='word']").first.check()
    clerk.press("全部放行", then="已放行 2 份点评")
    clerk.open(f"/grades/{stage.campaign}/letters/")
    clerk.fill(rectify_by=f"{timezone.localdate() + timedelta(days=30)}")
    clerk.press("发出反馈函", then="已发出 2 份反馈函")

    assert stage.stands_at == "rectifying"


def feed_back(stage: Stage) -> None:
    """The secretary reads why, signs, and claims a problem."""
    secretary, review = stage.secretaries[FIRST], stage.bureau.review(FIRST)
    secretary.open("/")
    secretary.follow("去签收")
    secretary.press("签收", then="已签收")
    secretary.follow("为什么是这个等次")
    secretary.open("/")
    secretary.follow("去认领")
    problem = later_acts.own_problem(stage.bureau, FIRST)
    secretary.open(f"/ledger/{problem.pk}/")
    secretary.follow("认领问题")
    secretary.fill(**later_acts.MEASURES, due_on=f"{timezone.localdate() + timedelta(days=25)}")
    secretary.press("认领", then="已认领")
    for path in (f"/campaigns/{stage.campaign}/overview/", f"/grades/review/{review.pk}/letter/"):
        secretary.open(path)
    for path in (f"/campaigns/{stage.campaign}/overview/", f"/ledger/?campaign={stage.campaign}", "/jobs/"):
        stage.clerk.open(path)

    assert Problem.objects.get(pk=problem.pk).state == "claimed"
