"""整改答复: begun from the ledger, asked for before handing in, made into text, frozen with what is handed in."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from organizations.models import Trace
from reviews.ledger.evidence import check_evidence
from reviews.ledger.models import Progress
from reviews.plan.models import Stage
from reviews.report.actions import Blocked, submit_report
from reviews.report.beside.actions import answer_problem
from reviews.report.beside.answers import UNANSWERED, UNCONFIRMED, UNPROVED, answer_lines, composed
from reviews.report.beside.enclosures import answers_to
from reviews.report.models import Answer
from reviews.report.queries import report_of
from tests.make import make_campaign, make_officer, make_problem, make_review, make_secretary
from tests.reviews.report.texts import SECTIONS

pytestmark = pytest.mark.django_db
DONE, PARTLY, NOT = Answer.State.DONE, Answer.State.PARTLY, Answer.State.NOT


def paper(content: bytes = b"%PDF-1.4 x", name: str = "签到.pdf"):
    return check_evidence(io.BytesIO(content), name)


@pytest.fixture
def before(review):
    """Last year's review of the same organization."""
    campaign = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    return make_review(campaign, organization=review.organization)


def progress_of(problem, text="已走访 3 户"):
    return Progress.objects.create(problem=problem, text=text, by=problem.review.secretary)


def answered(review, problem, state=PARTLY, words="半年内走访 12 户。", **more):
    return answer_problem(review, problem, state=state, words=words, by=review.secretary, **more)


def line_of(review):
    (line,) = answer_lines(report_of(review))
    return line


def submit(review, **changes):
    edition = report_of(review).edition
    return submit_report(review, sections=SECTIONS | changes, edition=edition, by=review.secretary)


def test_a_closed_problem_is_answered_by_its_closing(review, before):
    make_problem(before, state="closed", closing_words="已建立谈心台账", closed_on=date(2026, 5, 8))

    line = line_of(review)

    assert (line.state, line.words) == (DONE, "已建立谈心台账。已于2026年5月8日销号。")
    assert (line.stands, line.lack) == (True, "")


def test_progress_begins_the_answer_but_the_author_must_confirm_it(review, before):
    problem = make_problem(before, state="claimed")
    progress_of(problem, "老的")
    newest = progress_of(problem)

    line = line_of(review)

    assert (line.state, line.words, line.progress) == (PARTLY, "已走访 3 户", newest)
    assert line.lack == UNCONFIRMED


def test_without_progress_nothing_is_said_in_the_author_s_name(review, before):
    make_problem(before, state="open")

    line = line_of(review)

    assert (line.state, line.words, line.lack) == ("", "", UNANSWERED)


@pytest.mark.parametrize(
    ("state", "proof", "lack"),
    [
        (DONE, "", UNPROVED),
        (DONE, "file", ""),
        (DONE, "progress", ""),
        (PARTLY, "", ""),
        (NOT, "", ""),
    ],
)
def test_solved_asks_for_proof_and_the_other_answers_do_not(review, before, state, proof, lack):
    problem = make_problem(before, state="claimed")
    proofs = {"file": {"files": [paper()]}, "progress": {"progress": progress_of(problem)}}

    answered(review, problem, state, **proofs.get(proof, {}))

    assert line_of(review).lack == lack


def test_the_answer_of_a_problem_reopened_since_asks_for_proof_again(review, before):
    problem = make_problem(before, state="closed", closing_words="已落实")
    answered(review, problem, DONE)
    type(problem).objects.update(state="claimed")

    assert line_of(review).lack == UNPROVED


def test_a_second_answer_replaces_the_first_and_keeps_its_files_but_for_those_removed(review, before):
    problem = make_problem(before)
    first = answered(review, problem, DONE, files=[paper(), paper(b"%PDF-1.4 y", "照片.pdf")])
    unwanted = first.attachments.get(name="照片.pdf")

    answered(review, problem, DONE, words="重写。", removed=[unwanted])

    line = line_of(review)
    assert (line.words, [file.name for file in line.files]) == ("重写。", ["签到.pdf"])
    assert Answer.objects.count() == 1
    assert Trace.objects.filter(act="答复上年问题").count() == 2


@pytest.mark.parametrize("words", ["", " \n", "字" * 1001])
def test_an_answer_needs_words_and_not_too_many(review, before, words):
    problem = make_problem(before)

    with pytest.raises(Refused):
        answered(review, problem, words=words)

    assert not Answer.objects.exists()


def test_only_problems_of_this_organization_s_earlier_years_are_answered(review):
    with pytest.raises(Refused, match="不在本报告须答复之列"):
        answered(review, make_problem())


def test_progress_of_another_problem_proves_nothing(review, before):
    problem, other = make_problem(before), make_problem(before, text="另一个")

    with pytest.raises(Refused, match="不属于这个问题"):
        answered(review, problem, DONE, progress=progress_of(other))


def test_nobody_answers_for_another(review, before):
    problem = make_problem(before)

    with pytest.raises(PermissionDenied):
        answer_problem(review, problem, state=NOT, words="代答", by=before.secretary)


def test_the_new_secretary_answers_for_his_predecessor(review, before):
    problem = make_problem(before)

    answered(review, problem)

    assert before.secretary != review.secretary
    assert line_of(review).stands


def test_what_is_handed_in_is_refused_until_every_problem_is_answered(review, before):
    answered(review, make_problem(before, text="已答的"))
    open_one = make_problem(before, text="学习抓得不实")

    with pytest.raises(Blocked, match="还缺 1 项") as blocked:
        submit(review)

    (lack,) = blocked.value.lacks
    assert (lack.place, lack.words) == (f"answer-{open_one.pk}", f"上年问题第 2 条“学习抓得不实”：{UNANSWERED}。")
    assert report_of(review).state == "draft"


def test_an_empty_section_is_made_of_the_answers_on_handing_in(review, before):
    answered(review, make_problem(before, text="学习抓得不实。"))
    make_problem(before, text="谈心不够", state="closed", closing_words="已建台账")

    report = submit(review, prior="")

    assert report.prior == (
        "1.关于“学习抓得不实”的问题，部分整改：半年内走访 12 户。\n2.关于“谈心不够”的问题，已整改：已建台账。已销号。"
    )


def test_a_written_section_is_left_as_it_is(review, before):
    answered(review, make_problem(before))

    assert submit(review).prior == SECTIONS["prior"]


def test_what_is_not_answered_is_not_put_into_words(review, before):
    progress_of(make_problem(before, state="claimed"))

    assert composed(answer_lines(report_of(review))) == ""


def test_answers_are_frozen_with_the_version_that_was_handed_in(review, before):
    problem = make_problem(before, text="学习抓得不实")
    answered(review, problem, DONE, files=[paper()])
    report = submit(review)
    type(report).objects.update(state="returned")

    answered(review, problem, NOT, words="改口。")

    (kept,) = report.handed_in.enclosed["answers"]
    assert (kept["text"], kept["state_label"], kept["words"]) == ("学习抓得不实", "已整改", "半年内走访 12 户。")
    assert [file["name"] for file in kept["files"]] == ["签到.pdf"]


def test_the_ledger_shows_the_answer_once_it_was_handed_in_to_those_who_may_read_it(review, before):
    problem = make_problem(before)
    clerk = make_officer("organizer", review.campaign.organizer)
    leader = make_officer("leader", review.campaign.organizer)
    answered(review, problem)
    in_draft = answers_to(problem, clerk)

    submit(review)

    assert in_draft == []
    assert [answer["state"] for _, answer in answers_to(problem, clerk)] == ["partly"]
    assert answers_to(problem, leader) == []  # leaders read what is approved
    assert answers_to(problem, make_secretary(make_problem().review.organization)) == []


def test_the_page_of_a_problem_shows_next_year_s_answer(client, review, before):
    problem = make_problem(before)
    answered(review, problem)
    submit(review)
    client.force_login(make_officer("organizer", review.campaign.organizer))

    page = client.get(f"/ledger/{problem.pk}/").content.decode()

    assert "次年述职中的答复" in page
    assert "半年内走访 12 户。" in page


@pytest.mark.parametrize("problems", [1, 3])
def test_the_answers_cost_the_same_for_one_problem_or_three(review, before, problems, django_assert_num_queries):
    for number in range(problems):
        problem = make_problem(before, text=f"问题{number}")
        answered(review, problem, progress=progress_of(problem), files=[paper(f"%PDF-1.4 {number}".encode())])
    report = report_of(review)

    with django_assert_num_queries(7):  # review, campaign; problems, their measures and progress; answers, files
        lines = answer_lines(report)

    assert len(lines) == problems
