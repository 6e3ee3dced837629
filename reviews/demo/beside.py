"""What goes with a demo report: last year's problems answered, items anchored, an annex, here and there a file."""

from io import BytesIO

from openpyxl import Workbook

from reviews.demo.bureau import PLACES, Place
from reviews.ledger.evidence import Evidence, check_evidence
from reviews.models import Answer, Review
from reviews.report.beside import actions as enclosing
from reviews.report.beside.answers import answer_lines, lacking
from reviews.report.queries import report_of

WITH_FILES = {"YL-07", "YL-12"}  # the shown secretary, and the report that waits to be vetted
BRANCHES = {"branches": 6, "red_flag": 1, "excellent": 3, "qualified": 2}  # below a group or a general branch
# Content item -> the section and paragraph of the demo's texts that speak of it.
WRITTEN_AT = {1: ("duty", 0), 3: ("duty", 1), 4: ("duty", 2), 5: ("duty", 4), 6: ("prior", 0), 8: ("duty", 3)}
UNTOUCHED = "会后列入今年党建要点，因业务高峰推迟，已商定由支部副书记牵头，在明年第一季度完成并报告结果。"


def put_beside(review: Review, place: Place, sections: dict[str, str]) -> None:
    """Everything that stands beside the text, before it is handed in."""
    answer_problems(review)
    anchor_items(review, sections)
    enclosing.fill_annex(review, cells=figures_of(place), by=review.secretary)
    if place.code in WITH_FILES:
        enclosing.attach_files(review, [record_of(place, review.campaign.year)], by=review.secretary)


def answer_problems(review: Review) -> None:
    """What the ledger has closed is answered already; the rest as far as it has come."""
    for line in lacking(answer_lines(report_of(review))):
        state = Answer.State.PARTLY if line.progress else Answer.State.NOT
        words = f"{line.words}其余措施正在落实，不销号不松手。" if line.progress else UNTOUCHED
        enclosing.answer_problem(
            review, line.problem, state=state, words=words, progress=line.progress, by=review.secretary
        )


def anchor_items(review: Review, sections: dict[str, str]) -> None:
    """Each item of which the report speaks leads to the first sentence of its paragraph."""
    items = {item.number: item for item in review.campaign.content_items.all()}
    for number, (section, paragraph) in WRITTEN_AT.items():
        quote = sections[section].split("\n")[paragraph].split("。")[0]
        enclosing.anchor_item(
            review, items[number], section=section, quote=quote, sections=sections, by=review.secretary
        )


def figures_of(place: Place) -> dict[str, int]:
    """The annex of a place: its members divided up, the same at every load."""
    members, turn = place.number, PLACES.index(place)
    probationary, retired, floating = turn % 2, members // 5, turn % 3
    young, middle, older = members // 4, members // 3, members // 6
    graduate, college = members // 10, members // 4
    own = "red_flag" if turn % 4 == 0 else "excellent" if turn % 4 < 3 else "qualified"
    branches = {"branches": 1, own: 1} if place.kind == "branch" else BRANCHES
    return {
        **branches,
        "members": members,
        "probationary": probationary,
        "formal": members - probationary,
        "retired": retired,
        "floating": floating,
        "in_service": members - retired - floating,
        "to_35": young,
        "to_45": middle,
        "to_55": members - young - middle - older,
        "to_60": older,
        "postgraduate": graduate,
        "college": college,
        "bachelor": members - graduate - college,
    }


def record_of(place: Place, year: int) -> Evidence:
    """A sheet of the year's branch activities."""
    book, content = Workbook(), BytesIO()
    book.active.append(["日期", "活动", "地点", "到会人数"])
    for month in range(1, 13):
        book.active.append([f"{year}-{month:02d}-15", "主题党日", place.work, place.number - month % 3])
    book.save(content)
    content.seek(0)
    return check_evidence(content, f"{year}年主题党日活动记录.xlsx")
