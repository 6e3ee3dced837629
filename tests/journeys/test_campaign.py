"""One campaign of the source plan's shape, from the roster to a closed line of the ledger, over HTTP alone.

18 organizations (5 党组, 1 党总支, 12 党支部), 16 of them on site and 2 in writing, 30 voters in three panels. Only the
accounts of the officers and the organizations above are there beforehand. After each stage: what the right people
see, and that nobody else does.
"""

import io
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from organizations import trail
from organizations.models import Appointment, Organization, Trace
from reviews.grade.feedback.models import Letter
from reviews.grade.models import Decision, Suggestion
from reviews.ledger.models import Problem
from reviews.meeting.models import Comment
from reviews.report.models import Report
from scoring.models import Envelope
from tests.journeys import acts, later_acts
from tests.journeys.bureau import FIRST, SECOND, Bureau, build_bureau, build_small_bureau
from tests.journeys.papers import PNG, roster
from tests.journeys.visitor import Visitor

ONSITE = [f"YL-{number:02}" for number in range(1, 17)]
WRITTEN = ["YL-17", "YL-18"]
FORCED, ACCUSED, RAISED = "YL-08", "YL-13", "YL-14"  # by votes, by a fact, by the group
# Doors that take a paper in to show it again, and keep nothing that anybody else would see.
ONLY_SHOWN = {"organizations:import", "report:upload", "meeting:script"}


def answers(bureau: Bureau, url: str, *names: str) -> dict[str, int]:
    """What an address answers to each of these officers."""
    return {name: bureau.officers[name].status_of(url) for name in names}


@pytest.mark.django_db(transaction=True)
def test_a_campaign_goes_from_the_roster_to_a_closed_line_of_the_ledger(tmp_path):
    bureau = build_bureau()

    read_the_roster(bureau)
    plan_the_campaign(bureau)
    write_the_reports(bureau)
    vet_the_reports(bureau)
    comment_on_everybody(bureau)
    hold_the_meeting(bureau)
    make_the_box_ready(bureau)
    let_everybody_vote(bureau)
    close_and_open_the_box(bureau, tmp_path)
    weigh_the_facts(bureau)
    decide_the_grades(bureau)
    feed_back(bureau)
    rectify_a_problem(bureau)

    everything_stands_on_the_trail(bureau)


# WeasyPrint leaves the colour profile of PDF/A to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*sRGB2014:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.pdf
@pytest.mark.django_db(transaction=True)
def test_the_letters_come_as_pdf_to_the_clerk_and_to_the_addressee():
    bureau = build_small_bureau()
    acts.run_to_meeting(bureau)
    later_acts.hold_ballot(bureau)
    later_acts.settle(bureau)

    all_letters = later_acts.make_document(bureau.clerk, bureau, "letters")
    own_letter = later_acts.make_own_letter(bureau, FIRST)

    assert all_letters.startswith(b"%PDF-")
    assert own_letter.startswith(b"%PDF-")
    assert len(all_letters) > len(own_letter)
    assert bureau.secretaries[SECOND].forge(f"/documents/letter/{bureau.review(FIRST).pk}/") == 404


def read_the_roster(bureau: Bureau) -> None:
    """A spoilt workbook is told row by row, a good one is read as it was meant, a second time it changes nothing."""
    spoilt = acts.upload_roster(bureau, roster(spoilt=True))

    assert "没有这个党委" in spoilt.text
    assert spoilt.context["totals"] == {"new": 21, "changed": 0, "same": 0, "refused": 1}
    assert "导入" not in spoilt.buttons()
    assert answers(bureau, spoilt.url, "neighbour", "stranger", "head") == {
        "neighbour": 404,
        "stranger": 403,
        "head": 403,
    }
    assert not Organization.objects.filter(code="YL-01").exists()

    acts.import_roster(bureau)
    again = acts.upload_roster(bureau, roster())

    assert again.context["totals"] == {"new": 0, "changed": 0, "same": 21, "refused": 0}
    assert Organization.objects.get(name="水库管理所党支部").parent_id == bureau.organization.pk
    assert Appointment.objects.get(organization__code="YL-12").person.name == "骆静"
    shape = Counter(Organization.objects.filter(parent=bureau.organization).values_list("kind", flat=True))
    assert shape == {"leading_party_group": 5, "general_branch": 1, "branch": 12}


def plan_the_campaign(bureau: Bureau) -> None:
    """Published only when it is complete; before that the secretaries know nothing of it."""
    acts.give_accounts(bureau)
    acts.create_campaign(bureau)
    overview = f"/campaigns/{bureau.campaign}/overview/"
    empty = bureau.clerk.open(f"/campaigns/{bureau.campaign}/move/")
    acts.set_panels(bureau)
    lineup = acts.pick_reviews(bureau)

    assert "还没有述职人" in empty.text
    assert "发布活动" not in empty.buttons()
    assert "共 18 名：现场述职 16，书面述职 2；" in lineup.text
    assert bureau.secretaries["YL-07"].status_of(overview) == 404
    assert answers(bureau, overview, "superior", "supervisor", "neighbour", "stranger") == {
        "superior": 200,
        "supervisor": 200,
        "neighbour": 404,
        "stranger": 403,
    }

    acts.publish(bureau)

    todo = bureau.secretaries["YL-07"].open("/")
    assert bureau.stage == "reporting"
    assert "撰写述职报告" in todo.text
    assert bureau.secretaries["YL-07"].status_of(overview) == 200
    assert bureau.secretaries["YL-07"].status_of(f"/campaigns/{bureau.campaign}/panels/") == 403


def write_the_reports(bureau: Bureau) -> None:
    """One is stopped by a check and mends it, one brings a Word file; nobody else reads what is being written."""
    secretary = bureau.secretaries["YL-07"]
    written = acts.report_of(bureau, "YL-07")
    acts.open_own_report(bureau, "YL-07")
    blocked = secretary.press("提交审核", expect=422, **written | {"plans": f"{written['plans']}联系人：XXX。"})

    assert "检查发现 1 处必须改正的问题，尚未提交" in blocked.text
    assert "联系人：XXX。" in blocked.tree.xpath("string(//textarea[@name='plans'])")
    assert not Report.objects.filter(state="submitted").exists()

    secretary.press("提交审核", on=blocked, plans=written["plans"])
    report = Report.objects.get(review=bureau.review("YL-07"))

    assert report.state == "submitted"
    assert not report.is_late
    assert bureau.secretaries["YL-08"].status_of(f"/reports/{report.pk}/") == 404
    assert bureau.secretaries["YL-08"].status_of(f"/reports/of/{report.review_id}/write/") == 404
    assert answers(bureau, f"/reports/{report.pk}/", "vetter", "leader", "neighbour", "stranger", "custodian") == {
        "vetter": 200,
        "leader": 409,
        "neighbour": 404,
        "stranger": 403,
        "custodian": 403,
    }

    brought = acts.upload_and_submit(bureau, "YL-02")
    acts.submit_all(bureau)

    assert "去年述职评议会上" in brought.text
    assert Report.objects.filter(state="submitted").count() == 18
    assert "已交 18/18" in bureau.clerk.open(f"/campaigns/{bureau.campaign}/overview/").text


def vet_the_reports(bureau: Bureau) -> None:
    """One comes back with an opinion and goes through in a second round; then the leaders may read."""
    opinion = "第二个问题请写明具体事例和数据。"
    silent = acts.vet(bureau, "YL-03", "退回修改", expect=422)
    acts.vet(bureau, "YL-03", "退回修改", opinion=opinion)
    report = Report.objects.get(review=bureau.review("YL-03"))
    told = acts.open_own_report(bureau, "YL-03")

    assert "退回修改须写明意见" in silent.text
    assert report.state == "returned"
    assert opinion in told.text
    assert bureau.secretaries["YL-03"].status_of(f"/reports/{report.pk}/vet/") == 403
    assert bureau.clerk.status_of(f"/reports/{report.pk}/vet/") == 403

    mended = acts.report_of(bureau, "YL-03")
    mended["problems"] = mended["problems"].replace("互动交流偏少", "互动交流偏少，全年只有2次")
    bureau.secretaries["YL-03"].press("提交审核", on=told, **mended)
    acts.approve_all(bureau)

    assert set(Report.objects.values_list("state", flat=True)) == {"approved"}
    assert "第 2 轮" in bureau.vetter.open(f"/reports/{report.pk}/").text
    assert bureau.leader.status_of(f"/reports/{report.pk}/") == 200
    noted = Problem.objects.filter(review=report.review, source="self")
    assert set(noted.values_list("state", flat=True)) == {"noted"}
    assert bureau.secretaries["YL-03"].status_of(f"/ledger/{noted[0].pk}/") == 404


def comment_on_everybody(bureau: Bureau) -> None:
    """The leader types two comments, the clerk pastes the other leader's whole script for the rest."""
    by_hand, pasted = ["YL-01", "YL-07"], [code for code in ONSITE + WRITTEN if code not in {"YL-01", "YL-07"}]
    for code in by_hand:
        acts.comment(bureau, code)
    check = acts.paste_script(bureau, pasted)

    assert "找到 16 条点评、48 个要点，16 条已对应到述职人" in check.text
    assert Comment.objects.count() == 2

    bureau.clerk.press("全部保存")

    said = Comment.objects.filter(by__username="deputy")
    assert {comment.review.organization.code for comment in said} == set(pasted)
    assert Problem.objects.filter(source="superior_comment", state="noted").count() == 54
    assert bureau.secretaries["YL-07"].status_of(f"/meetings/{bureau.campaign}/prepare/") == 403
    assert "没有符合条件" not in bureau.secretaries["YL-07"].open("/ledger/").text
    assert bureau.secretaries["YL-07"].open("/ledger/").rows() == []
    assert bureau.stranger.status_of(f"/meetings/reviews/{said[0].review_id}/comment/") == 403


def hold_the_meeting(bureau: Bureau) -> None:
    """Sixteen speak one after another, thirty have come, the minutes have written themselves."""
    console = f"/meetings/{bureau.campaign}/"
    acts.open_meeting(bureau)

    assert bureau.stage == "meeting"
    assert "开始述职" in bureau.clerk.page.buttons()
    assert "开始述职" not in bureau.leader.open(console).buttons()
    assert bureau.secretaries["YL-07"].status_of(console) == 403
    assert answers(bureau, console, "superior", "vetter", "neighbour", "stranger") == {
        "superior": 200,
        "vetter": 403,
        "neighbour": 404,
        "stranger": 403,
    }

    acts.take_turns(bureau)
    acts.sign_in(bureau)
    minutes = acts.end_meeting(bureau)

    assert minutes.url == f"{console}minutes/"
    assert "现场述职 16 人" in minutes.text
    assert "书面述职 2 人" in minutes.text
    assert minutes.text.count("实到 10") == 3
    assert all(place.secretary in minutes.text for place in bureau.places)


def make_the_box_ready(bureau: Bureau) -> None:
    """Slips are printed once the supervisor has co-signed, codes are shown once, and only the clerk may do either."""
    later_acts.prepare_ballot(bureau, spare_C="1")
    keys = later_acts.make_keys(bureau)
    page = later_acts.round_page(bureau)

    assert len(set(bureau.codes)) == 3
    assert bureau.codes[0] in keys.text
    assert bureau.codes[0] not in bureau.clerk.open(page).text
    assert bureau.head.forge(f"{page}keys/") == 403
    assert bureau.clerk.forge(f"{page}cosign/") == 403

    later_acts.ask_and_cosign(bureau)
    later_acts.print_slips(bureau)

    assert len(set(bureau.slips)) == 31
    with pytest.raises(AssertionError, match="409"):
        later_acts.vote_by_script(bureau.slips[0], {})

    bureau.slips.pop()  # the spare one stays in its envelope
    later_acts.open_voting(bureau)

    assert bureau.stage == "ballot"
    assert bureau.secretaries["YL-07"].status_of(page) == 403
    assert answers(bureau, page, "supervisor", "custodian", "leader", "neighbour", "stranger") == {
        "supervisor": 200,
        "custodian": 200,
        "leader": 403,
        "neighbour": 404,
        "stranger": 403,
    }


def let_everybody_vote(bureau: Bureau) -> None:
    """Thirty ballots without a login; the same one again ends on its receipt, another one is refused."""
    lines = Trace.objects.count()
    later_acts.vote(bureau)
    *_, last = later_acts.ballots(bureau)

    assert Envelope.objects.count() == 30
    assert len(set(bureau.receipts)) == 30
    with pytest.raises(AssertionError, match="409"):
        later_acts.vote_by_form(bureau.slips[-1], last)
    assert Envelope.objects.count() == 30
    assert Trace.objects.count() == lines  # who voted when is written nowhere
    assert bureau.clerk.status_of(f"{later_acts.round_page(bureau)}receipts/") == 404


def close_and_open_the_box(bureau: Bureau, folder: Path) -> None:
    """Counts balance, receipts are found, two right codes open it, and anybody recounts the package."""
    page = later_acts.round_page(bureau)
    closed = later_acts.close_voting(bureau)
    asked = Visitor()
    asked.open("/b/receipt/")

    assert closed.all("//tbody//td[@class='num']") == [
        *["10", "10", "10", "10", "0", "0"],
        *["10", "10", "10", "10", "0", "0"],
        *["10", "11", "10", "10", "0", "1"],
    ]
    assert "封存的票箱内" in asked.press("查询", code=bureau.receipts[0]).text
    assert sorted(bureau.custodian.open(f"{page}receipts/").all("//ul/li")[-30:]) == sorted(bureau.receipts)
    assert bureau.clerk.open(f"/grades/{bureau.campaign}/").rows() == []

    twice = later_acts.unseal(bureau, bureau.codes[0], bureau.codes[0], expect=422)
    wrong = later_acts.unseal(bureau, bureau.codes[0], "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01", expect=422)

    assert "两个不同的开箱码" in twice.text
    assert "还可再试 9 次" in wrong.text
    assert bureau.stage == "ballot"

    later_acts.unseal(bureau)

    assert bureau.stage == "grading"
    assert Envelope.objects.count() == 0
    assert recounted(bureau.supervisor.client.get(f"{page}package/").content, folder) == "复核一致"
    assert answers(bureau, f"{page}package/", "custodian", "superior", "neighbour") == {
        "custodian": 403,
        "superior": 403,
        "neighbour": 404,
    }


def recounted(package: bytes, folder: Path) -> str:
    """What the script inside the package says of it, run by a bare Python."""
    (folder / "box.zip").write_bytes(package)
    zipfile.ZipFile(io.BytesIO(package)).extractall(folder)
    command = [sys.executable, "-I", "-S", str(folder / "recount.py"), str(folder / "box.zip")]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    return "复核一致" if "复核一致" in told else told


def weigh_the_facts(bureau: Bureau) -> None:
    """The rules suggest with reasons; a fact counts once another person has confirmed it."""
    later_acts.suggest(bureau)
    later_acts.enter_fact(bureau, ACCUSED)
    forced, accused = suggestion(bureau, FORCED), suggestion(bureau, ACCUSED)
    fact = accused.review.facts.get()

    assert Suggestion.objects.count() == 18
    assert (forced.grade, accused.grade) == ("POOR", "GOOD")
    assert "差票 3/29=10.34 %" in forced.reasons[-1]["text"]
    assert bureau.clerk.forge(f"/grades/fact/{fact.pk}/confirm/") == 403
    assert bureau.neighbour.forge(f"/grades/fact/{fact.pk}/withdraw/") == 404
    assert bureau.secretaries["YL-13"].status_of(f"/grades/review/{accused.review_id}/") == 403

    later_acts.confirm_fact(bureau, ACCUSED)

    assert suggestion(bureau, ACCUSED).grade == "POOR"
    assert answers(bureau, f"/grades/{bureau.campaign}/", "head", "supervisor", "leader", "custodian", "neighbour") == {
        "head": 200,
        "supervisor": 200,
        "leader": 403,
        "custodian": 403,
        "neighbour": 404,
    }


def suggestion(bureau: Bureau, code: str) -> Suggestion:
    return Suggestion.objects.select_related("review").get(review=bureau.review(code))


def decide_the_grades(bureau: Bureau) -> None:
    """A grade that differs from the rules needs its reason; another person looks again and approves."""
    fields = later_acts.decision(bureau, YL_14="GOOD")
    reason = f"{bureau.review(RAISED).pk}-reason"
    silent = later_acts.propose(bureau, fields | {reason: ""}, expect=422)

    assert bureau.place(bureau.review(RAISED)).secretary in silent.text
    assert "请写明理由" in silent.text
    assert Decision.objects.count() == 0

    later_acts.propose(bureau, fields)

    assert bureau.clerk.status_of(f"/grades/{bureau.campaign}/approve/") == 403
    assert bureau.clerk.forge(f"/grades/{bureau.campaign}/approve/") == 403
    assert Decision.objects.filter(approved_by=None).count() == 18

    look = later_acts.approve(bureau)

    assert "已批准 18 人" in look.text
    assert Counter(Decision.objects.values_list("grade", flat=True)) == {"GOOD": 16, "POOR": 2}
    assert bureau.secretaries["YL-14"].status_of(f"/grades/review/{bureau.review(RAISED).pk}/letter/") == 404
    assert bureau.secretaries["YL-14"].status_of(f"/grades/review/{bureau.review(RAISED).pk}/") == 403


def feed_back(bureau: Bureau) -> None:
    """Eighteen letters; each reads his own, sees why, and signs. The sheet is built as a job and downloaded."""
    later_acts.send_letters(bureau)
    review, secretary = bureau.review(FORCED), bureau.secretaries[FORCED]
    why = f"/grades/review/{review.pk}/"

    assert bureau.stage == "rectifying"
    assert Letter.objects.count() == 18
    assert "差票 3/29=10.34 %" in secretary.open(why).text
    assert bureau.secretaries["YL-07"].status_of(why) == 404
    assert bureau.secretaries["YL-07"].status_of(f"{why}letter/") == 404

    signed = later_acts.sign_letter(bureau, FORCED)
    sheet = later_acts.make_document(bureau.clerk, bureau, "grade_sheet")
    file = bureau.clerk.page.url

    assert "签收" not in signed.buttons()
    assert Letter.objects.get(review=review).signed_at
    cells = {str(cell.value) for row in load_workbook(io.BytesIO(sheet)).active for cell in row}
    assert {place.secretary for place in bureau.places} <= cells
    assert "已签收" in " ".join(bureau.clerk.open(f"/grades/{bureau.campaign}/letters/").rows())
    assert answers(bureau, file, "head", "neighbour", "stranger") == {"head": 404, "neighbour": 404, "stranger": 404}
    assert answers(bureau, f"/documents/{bureau.campaign}/", "head", "supervisor", "neighbour") == {
        "head": 200,
        "supervisor": 403,
        "neighbour": 404,
    }


def rectify_a_problem(bureau: Bureau) -> None:
    """Claimed with measures, reported on with a photograph, closed by another person."""
    problem, secretary = later_acts.own_problem(bureau, FORCED), bureau.secretaries[FORCED]
    line = f"/ledger/{problem.pk}/"
    assert bureau.secretaries["YL-07"].status_of(line) == 404
    assert answers(bureau, line, "leader", "superior", "custodian", "neighbour") == {
        "leader": 200,
        "superior": 200,
        "custodian": 403,
        "neighbour": 404,
    }

    later_acts.claim(bureau, FORCED)
    later_acts.report_progress(bureau, FORCED, PNG)
    evidence = f"/ledger/evidence/{problem.progress.get().pk}/"
    later_acts.request_closing(bureau, FORCED)

    assert b"".join(bureau.head.client.get(evidence).streaming_content) == PNG
    assert bureau.secretaries["YL-07"].status_of(evidence) == 404
    assert secretary.forge(f"{line}judge/", {"verdict": "accept"}) == 403
    assert "验收销号 1 条" in bureau.clerk.open("/").text

    closed = later_acts.accept_closing(bureau, FORCED)

    problem.refresh_from_db()
    assert problem.state == "closed"
    assert problem.closed_by.username == "clerk"
    assert "已销号" in closed.text
    assert "已改 1" in bureau.superior.open(f"/ledger/?campaign={bureau.campaign}").text


def everything_stands_on_the_trail(bureau: Bureau) -> None:
    """Every act that was taken left its line, and no line was touched since."""
    everybody = [*bureau.officers.values(), *bureau.secretaries.values()]
    checked = bureau.auditor.open("/trail/?check=1")

    assert set().union(*(visitor.untold for visitor in everybody)) == ONLY_SHOWN
    assert list(trail.breaks()) == []
    assert f"校验通过：全部 {Trace.objects.count()} 条" in checked.text
    assert answers(bureau, "/trail/", "clerk", "keeper", "stranger") == {"clerk": 403, "keeper": 403, "stranger": 403}
