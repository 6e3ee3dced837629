"""The acts from the ballot box to the closed line of the ledger, each done by pressing what stands on the pages."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from reviews.ballot.models import Round, SlipBatch
from reviews.demo import votes
from reviews.grade.models import Suggestion
from reviews.ledger.models import Problem
from scoring.sealing import new_slip
from tests.journeys import acts
from tests.journeys.bureau import Bureau
from tests.journeys.visitor import Page, Visitor, upload

JSON = {"Accept": "application/json"}
MEASURES = {
    "measure_1": "每月第一周由党员轮流领学一次，缺课的十五日内补齐",
    "measure_2": "每季度到现场检查2次，结果在支部公示",
}

# --- 测评 -----------------------------------------------------------------------------------------


def round_page(bureau: Bureau) -> str:
    return f"/ballots/round/{bureau.round}/"


def prepare_ballot(bureau: Bureau, **spare) -> Page:
    """Panels, names and rules are locked."""
    bureau.clerk.open(f"/ballots/{bureau.campaign}/")
    page = bureau.clerk.press("准备正式测评", **spare)
    bureau.round = Round.objects.get(campaign=bureau.campaign, void_reason="", is_rehearsal=False).pk
    return page


def make_keys(bureau: Bureau, custodians: int = 3) -> Page:
    """The opening codes, copied from the one page that shows them."""
    bureau.clerk.open(round_page(bureau))
    page = bureau.clerk.press("生成开箱码", custodians=str(custodians))
    bureau.codes = page.all("//p[contains(@class, 'code-large')]")
    return page


def ask_and_cosign(bureau: Bureau) -> Page:
    """The clerk asks for the slips, the supervisor agrees to their number."""
    bureau.clerk.open(round_page(bureau))
    bureau.clerk.press("申请制作测评码")
    bureau.supervisor.open(round_page(bureau))
    return bureau.supervisor.press("会签以上张数")


def print_slips(bureau: Bureau) -> None:
    """Panel by panel, A before B before C; the slips are read off the printed pages."""
    for batch in SlipBatch.objects.filter(round=bureau.round).order_by("panel__code"):
        bureau.clerk.open(round_page(bureau))
        page = bureau.clerk.press("印制", within=f"/batch/{batch.pk}/")
        bureau.slips += page.all("//*[contains(@class, 'slip-words')]//*[contains(@class, 'code')]")


def open_voting(bureau: Bureau) -> Page:
    bureau.clerk.open(round_page(bureau))
    return bureau.clerk.press("开始测评", knows_loss="1")


def ready_to_vote(bureau: Bureau) -> None:
    """Everything between the meeting and the first vote."""
    prepare_ballot(bureau)
    make_keys(bureau)
    ask_and_cosign(bureau)
    print_slips(bureau)
    open_voting(bureau)


def ballots(bureau: Bureau) -> Iterator[dict[str, str]]:
    """One sheet a voter, in the order of the slips, as fields of the form."""
    for marks in votes.ballots(len(bureau.places), len(bureau.slips)):
        yield {f"mark-{number}": mark for number, mark in marks.items()}


def vote_by_script(slip: str, marks: dict[str, str], voter: Visitor | None = None, code: str = "") -> str:
    """What the page's own script sends. Returns the receipt code."""
    voter = voter or Visitor()
    voter.open("/b/")
    headers = {**JSON, "X-CSRFToken": voter.client.cookies["csrftoken"].value}
    voter.send("/b/sheet/", {"slip": slip}, **headers)
    body = {"slip": slip, "code": code or new_slip(), **marks}
    return voter.send("/b/cast/", body, **headers).response.json()["receipt"]


def vote_by_form(slip: str, marks: dict[str, str]) -> str:
    """An old phone without a script: the slip is typed, the sheet is a form. Returns the receipt code."""
    voter = Visitor()
    voter.open("/b/")
    voter.press("打开测评表", slip=slip)
    page = voter.press("提交测评", **marks)
    return page.all("//strong[@class='code']")[0]


def vote(bureau: Bureau) -> None:
    """Everybody votes, one in three without a script; nobody is logged in."""
    for number, (slip, marks) in enumerate(zip(bureau.slips, ballots(bureau), strict=True)):
        ballot = vote_by_form if number % 3 == 0 else vote_by_script
        bureau.receipts.append(ballot(slip, marks))


def close_voting(bureau: Bureau) -> Page:
    bureau.clerk.open(round_page(bureau))
    return bureau.clerk.press("封箱")


def unseal(bureau: Bureau, first: str = "", second: str = "", *, expect: int = 200) -> Page:
    """The custodian types two of the codes on one page."""
    bureau.custodian.open(f"{round_page(bureau)}opening/")
    codes = {"first": first or bureau.codes[0], "second": second or bureau.codes[2]}
    return bureau.custodian.press("用这两份开箱计票", expect=expect, **codes)


def hold_ballot(bureau: Bureau) -> None:
    """From the locked box to the opened one."""
    ready_to_vote(bureau)
    vote(bureau)
    close_voting(bureau)
    unseal(bureau)


# --- 评定与反馈 -------------------------------------------------------------------------------------


def suggest(bureau: Bureau) -> Page:
    bureau.clerk.open(f"/grades/{bureau.campaign}/")
    return bureau.clerk.press("生成建议等次")


def enter_fact(bureau: Bureau, code: str, *, fact: str = "ACCOUNTABILITY") -> Page:
    bureau.clerk.open(f"/grades/review/{bureau.review(code).pk}/fact/")
    return bureau.clerk.press("登记", code=fact, evidence="云岭纪决〔2026〕9号，11月2日，市纪委认定。")


def confirm_fact(bureau: Bureau, code: str) -> Page:
    bureau.head.open(f"/grades/review/{bureau.review(code).pk}/")
    return bureau.head.press("确认")


def decision(bureau: Bureau, **changes: str) -> dict[str, str]:
    """The group's decision as the clerk types it: as suggested, with a drafted opinion for everybody.

    ``changes``: place code -> grade that differs from the suggestion. Reasons are given where they are needed.
    """
    fields = {"reference": "局党组2026年第14次会议", "decided_on": f"{timezone.localdate()}"}
    for suggestion in Suggestion.objects.filter(review__campaign=bureau.campaign).select_related(
        "review__organization"
    ):
        key, code = suggestion.review_id, suggestion.review.organization.code.replace("-", "_")
        draft = bureau.clerk.open(f"/grades/review/{key}/draft/")
        fields[f"{key}-opinion"] = draft.all("//textarea")[0]
        fields[f"{key}-grade"] = changes.get(code, suggestion.grade)
        if code in changes or suggestion.is_open:
            fields[f"{key}-reason"] = "经集体研究，综合平时表现确定。"
    return fields


def propose(bureau: Bureau, fields: dict[str, str], *, expect: int = 200) -> Page:
    bureau.clerk.open(f"/grades/{bureau.campaign}/")
    return bureau.clerk.press("提出等次", expect=expect, **fields)


def approve(bureau: Bureau) -> Page:
    """The second look, by another person."""
    page = bureau.head.open(f"/grades/{bureau.campaign}/")
    bureau.head.open(page.link("核对并批准"))
    return bureau.head.press("全部批准")


def send_letters(bureau: Bureau) -> Page:
    acts.release_comments(bureau)
    bureau.clerk.open(f"/grades/{bureau.campaign}/letters/")
    return bureau.clerk.press("发出反馈函", rectify_by=f"{timezone.localdate() + timedelta(days=30)}")


def settle(bureau: Bureau) -> None:
    """From the opened box to the letters."""
    suggest(bureau)
    propose(bureau, decision(bureau))
    approve(bureau)
    send_letters(bureau)


def sign_letter(bureau: Bureau, code: str) -> Page:
    secretary = bureau.secretaries[code]
    secretary.open(f"/grades/review/{bureau.review(code).pk}/letter/")
    return secretary.press("签收")


def make_document(visitor: Visitor, bureau: Bureau, kind: str) -> bytes:
    """Asked for on the shelf, built as a job, downloaded from the list of one's own jobs."""
    visitor.open(f"/documents/{bureau.campaign}/")
    visitor.press("生成", within=f"/{kind}/")
    return download(visitor)


def make_own_letter(bureau: Bureau, code: str) -> bytes:
    """The secretary's own letter as PDF."""
    secretary = bureau.secretaries[code]
    secretary.open(f"/grades/review/{bureau.review(code).pk}/letter/")
    secretary.press("生成 PDF")
    return download(secretary)


def download(visitor: Visitor) -> bytes:
    """The newest file on the page of jobs."""
    visitor.open(visitor.page.tree.xpath("//a[contains(@href, '/file/')]/@href")[0])
    return b"".join(visitor.page.response.streaming_content)


# --- 整改 -----------------------------------------------------------------------------------------


def own_problem(bureau: Bureau, code: str) -> Problem:
    """The first thing that a leader found at a place."""
    return Problem.objects.filter(review=bureau.review(code), source="superior_comment").earliest("pk")


def claim(bureau: Bureau, code: str) -> Page:
    """From the secretary's own list of what waits to be claimed."""
    secretary = bureau.secretaries[code]
    secretary.open(f"/ledger/{own_problem(bureau, code).pk}/")
    secretary.open(secretary.page.link("认领问题"))
    due_on = timezone.localdate() + timedelta(days=25)
    return secretary.press("认领", goal="年内全部落实到位", due_on=f"{due_on}", **MEASURES)


def report_progress(bureau: Bureau, code: str, evidence: bytes) -> Page:
    secretary = bureau.secretaries[code]
    secretary.open(f"/ledger/{own_problem(bureau, code).pk}/progress/")
    photograph = upload("现场照片.png", evidence)
    return secretary.press("记入台账", text="已排出全年计划，组织两次现场检查，台账补齐。", evidence=photograph)


def request_closing(bureau: Bureau, code: str) -> Page:
    secretary = bureau.secretaries[code]
    secretary.open(f"/ledger/{own_problem(bureau, code).pk}/closing/")
    return secretary.press("提交申请", words="措施已全部落实，党员评议认可，申请销号。")


def accept_closing(bureau: Bureau, code: str) -> Page:
    """Another person looks and agrees."""
    bureau.clerk.open(f"/ledger/{own_problem(bureau, code).pk}/")
    bureau.clerk.open(bureau.clerk.page.link("验收销号"))
    return bureau.clerk.press("确定", verdict="accept", words="现场查看属实，同意销号。")
