"""The ledger over HTTP: the way of one problem, bad input told in words, and what each page costs."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.models import Role, RoleGrant, Trace
from reviews.ledger import actions
from reviews.ledger.evidence import check_evidence
from reviews.ledger.models import Problem
from reviews.ledger.views import ROWS
from reviews.plan.models import Stage
from tests.make import make_campaign, make_officer, make_problem, make_review
from tests.reviews.ledger.town import MEASURES, bring_to, build_bureau, claim, in_days

pytestmark = pytest.mark.django_db
State = Problem.State
PAGES = {
    State.OPEN: ["claim", "withdraw", "link"],
    State.CLAIMED: ["claim", "progress", "request_closing", "link"],
    State.CLOSING: ["judge", "link"],
    State.CLOSED: ["reopen", "link"],
}
OWNERS = {"claim", "progress", "request_closing"}
PIECE_QUERIES = 8  # session, person, grants, posts, review, problems, measures
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def promise(**changes) -> dict:
    return {"measure_1": MEASURES[0], "responsible": "张三", "due_on": in_days(30).isoformat(), **changes}


def sent(client, person, name: str, pk: int, data: dict | None = None):
    client.force_login(person)
    return client.post(reverse(f"ledger:{name}", args=[pk]), data or {})


def looked_at(client, person, name: str, *args: int, **query):
    client.force_login(person)
    return client.get(reverse(f"ledger:{name}", args=args), query)


def test_the_ledger_of_a_campaign_without_problems_is_an_empty_list_and_another_s_is_none(client):
    bureau = build_bureau()
    foreign = make_campaign(year=2020)

    own = looked_at(client, bureau.secretary, "list", campaign=bureau.review.campaign_id)
    other = looked_at(client, bureau.secretary, "list", campaign=foreign.pk)
    raised = looked_at(client, bureau.secretary, "list", campaign="²")  # a digit that is no number

    assert (own.status_code, other.status_code, raised.status_code) == (200, 422, 422)


def test_the_way_of_a_problem_from_the_feedback_to_its_closing(client):
    bureau = build_bureau()
    problem = bring_to(State.OPEN, bureau)
    photo = SimpleUploadedFile("签到.pdf", b"%PDF-1.4 sign-in", content_type="text/html")

    told = [
        sent(client, bureau.secretary, "claim", problem.pk, promise()),
        sent(client, bureau.secretary, "progress", problem.pk, {"text": "已上 1 次党课", "evidence": photo}),
        sent(client, bureau.secretary, "request_closing", problem.pk, {"words": "第一次申请"}),
        sent(client, bureau.approver, "judge", problem.pk, {"verdict": "return", "words": "缺签到表"}),
        sent(client, bureau.secretary, "request_closing", problem.pk, {"words": "已补签到表"}),
        sent(client, bureau.clerk, "judge", problem.pk, {"verdict": "accept"}),
    ]

    problem.refresh_from_db()
    assert [answer.status_code for answer in told] == [302] * 6
    assert (problem.state, problem.closed_by) == (State.CLOSED, bureau.clerk)
    page = looked_at(client, bureau.secretary, "detail", problem.pk)
    for words in ("缺签到表", "已补签到表", "签到.pdf", "按期销号", "同意销号"):
        assert words in page.content.decode()


@pytest.mark.parametrize(("state", "act"), [(state, page) for state, pages in PAGES.items() for page in pages])
def test_every_page_of_an_act_opens_for_its_person_and_tells_when_it_lacks_something(client, state, act):
    bureau = build_bureau()
    problem = bring_to(state, bureau)
    person = bureau.secretary if act in OWNERS else bureau.clerk
    lines = Trace.objects.count()

    seen = looked_at(client, person, act, problem.pk)
    refused = sent(client, person, act, problem.pk, {"edition": "x"})

    assert (seen.status_code, refused.status_code) == (200, 422)
    assert Trace.objects.count() == lines


@pytest.mark.parametrize("act", sorted({page for pages in PAGES.values() for page in pages}))
def test_a_page_whose_moment_has_passed_answers_in_words(client, act):
    bureau = build_bureau()
    state = {"link": State.WITHDRAWN, "reopen": State.OPEN}.get(act, State.CLOSED)
    problem = bring_to(state, bureau)
    person = bureau.secretary if act in OWNERS else bureau.clerk

    answers = [looked_at(client, person, act, problem.pk), sent(client, person, act, problem.pk)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "没有任何内容被改动" in answers[1].content.decode()


def test_a_stale_form_comes_back_as_it_was_typed(client):
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    page = {"text": "走访了 3 户党员", "edition": problem.edition}

    first = sent(client, bureau.secretary, "progress", problem.pk, page)
    second = sent(client, bureau.secretary, "progress", problem.pk, page)

    assert (first.status_code, second.status_code) == (302, 409)
    assert "走访了 3 户党员" in second.content.decode()
    assert "新的变化" in second.content.decode()
    assert problem.progress.filter(text="走访了 3 户党员").count() == 1


def test_a_colleague_may_look_but_not_act_and_a_stranger_does_not_see(client):
    bureau = build_bureau()
    problem = bring_to(State.CLOSING, bureau)
    supervisor = make_officer(Role.SUPERVISOR, bureau.organizer)
    stranger = build_bureau().clerk

    assert looked_at(client, supervisor, "detail", problem.pk).status_code == 200
    assert sent(client, supervisor, "judge", problem.pk, {"verdict": "accept"}).status_code == 403
    assert looked_at(client, stranger, "detail", problem.pk).status_code == 404
    assert sent(client, stranger, "judge", problem.pk, {"verdict": "accept"}).status_code == 404
    assert Problem.objects.get(pk=problem.pk).state == State.CLOSING


def test_an_organizer_does_not_accept_his_own_problem(client):
    bureau = build_bureau()
    problem = bring_to(State.CLOSING, bureau)
    RoleGrant.objects.create(person=bureau.secretary, role=Role.ORGANIZER, organization=bureau.organizer)

    assert sent(client, bureau.secretary, "judge", problem.pk, {"verdict": "accept"}).status_code == 403
    assert "验收销号" not in looked_at(client, bureau.secretary, "detail", problem.pk).content.decode()


def test_a_vague_measure_is_saved_and_pointed_at(client):
    bureau = build_bureau()
    problem = bring_to(State.OPEN, bureau)

    sent(client, bureau.secretary, "claim", problem.pk, promise(measure_1="进一步提高认识"))

    page = looked_at(client, bureau.secretary, "detail", problem.pk).content.decode()
    assert "第 1 条措施里有“进一步”、“提高认识”" in page
    assert "措辞偏虚" in page


def test_a_problem_is_entered_by_hand_and_waits_for_the_feedback(client):
    bureau = build_bureau(stage=Stage.GRADING)

    answer = sent(client, bureau.clerk, "add", bureau.review.pk, {"source": "mass_review", "text": "联系群众不够经常"})

    problem = Problem.objects.get()
    assert answer.status_code == 302
    assert (problem.state, problem.source, problem.text) == (State.NOTED, "mass_review", "联系群众不够经常")
    assert looked_at(client, bureau.secretary, "detail", problem.pk).status_code == 404


@pytest.mark.parametrize("data", [{}, {"source": "self", "text": "自己查摆"}, {"source": "mass_review", "text": " "}])
def test_a_problem_without_text_or_with_a_source_not_for_hands_is_not_entered(client, data):
    bureau = build_bureau()

    answer = sent(client, bureau.clerk, "add", bureau.review.pk, data)

    assert answer.status_code == 422
    assert not Problem.objects.exists()


def test_linking_shows_the_badge_with_a_link_to_the_older_problem(client):
    bureau = build_bureau()
    last = make_campaign(bureau.organizer, year=2025)
    older = make_problem(
        make_review(last, organization=bureau.review.organization, secretary=bureau.secretary), state=State.CLOSED
    )
    problem = bring_to(State.OPEN, bureau)

    page = looked_at(client, bureau.clerk, "link", problem.pk).content.decode()
    sent(client, bureau.clerk, "link", problem.pk, {"older": older.pk, "edition": problem.edition})

    assert "疑似同类" in page
    listed = looked_at(client, bureau.secretary, "list").content.decode()
    assert "2025 年同类问题" in listed
    assert reverse("ledger:detail", args=[older.pk]) in listed


def test_a_predecessors_problem_is_named_but_not_linked_for_who_may_not_open_it(client):
    bureau = build_bureau()
    bureau.secretary.appointments.update(ends_on=in_days(-1))
    older = make_problem(
        make_review(make_campaign(bureau.organizer, year=2025), organization=bureau.review.organization),
        state=State.CLOSED,
    )
    problem = bring_to(State.OPEN, bureau)
    actions.link_recurrence(problem, older, by=bureau.clerk)

    listed = looked_at(client, bureau.secretary, "list").content.decode()

    assert "2025 年同类问题" in listed
    assert reverse("ledger:detail", args=[older.pk]) not in listed


def test_evidence_leaves_as_a_download_only_for_who_sees_the_problem(client):
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    checked = check_evidence(io.BytesIO(b"%PDF-1.4 x"), "党课 签到.pdf")
    entry = actions.report_progress(problem, text="附签到", evidence=checked, by=bureau.secretary)
    bare = actions.report_progress(problem, text="没有佐证", by=bureau.secretary)

    answer = looked_at(client, bureau.clerk, "evidence", entry.pk)

    assert b"".join(answer.streaming_content) == b"%PDF-1.4 x"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "no-store" in answer["Cache-Control"]
    assert looked_at(client, bureau.clerk, "evidence", bare.pk).status_code == 404
    assert looked_at(client, build_bureau().clerk, "evidence", entry.pk).status_code == 404


def test_evidence_lost_from_the_disk_is_told_in_words(client):
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    checked = check_evidence(io.BytesIO(b"%PDF-1.4 x"), "签到.pdf")
    entry = actions.report_progress(problem, text="附签到", evidence=checked, by=bureau.secretary)
    entry.evidence.storage.delete(entry.evidence.name)

    assert looked_at(client, bureau.clerk, "evidence", entry.pk).status_code == 409


def test_a_file_that_is_not_what_it_says_leaves_the_text_in_the_form_and_nothing_on_disk(client, settings):
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(3 * 1024 * 1024))
    bomb = SimpleUploadedFile("记录.docx", packed.getvalue())

    answer = sent(client, bureau.secretary, "progress", problem.pk, {"text": "写了很久的进展", "evidence": bomb})

    assert answer.status_code == 422
    assert "写了很久的进展" in answer.content.decode()
    assert "压缩比异常" in answer.content.decode()
    assert not settings.MEDIA_ROOT.exists()


def test_the_list_narrows_by_every_field(client):
    bureau = build_bureau()
    mine = claim(bring_to(State.OPEN, bureau, text="学习笔记不齐", source="inspection"), bureau)
    Problem.objects.filter(pk=mine.pk).update(due_on=in_days(-2))
    other = make_problem(
        make_review(make_campaign(bureau.organizer, year=2025)), state=State.CLOSED, closed_on=in_days(0)
    )
    bring_to(State.WITHDRAWN, bureau, text="撤回的")
    narrowing = {
        "year": 2026,
        "campaign": bureau.review.campaign_id,
        "organization": bureau.review.organization.name,
        "source": "inspection",
        "state": "claimed",
        "q": "笔记",
        "overdue": "on",
    }

    for name, value in narrowing.items():
        page = looked_at(client, bureau.clerk, "list", **{name: value})
        assert [problem for problem, _ in page.context["lines"]] == [mine], name
    everything = looked_at(client, bureau.clerk, "list")
    assert [problem for problem, _ in everything.context["lines"]] == [mine, other]
    assert "逾期 <strong>1</strong>" in everything.content.decode()


def test_a_secretary_lists_his_own_problems_only(client):
    bureau = build_bureau()
    mine = bring_to(State.OPEN, bureau)
    make_problem(make_review(bureau.review.campaign), state=State.OPEN)
    bring_to(State.NOTED, bureau)

    page = looked_at(client, bureau.secretary, "list")

    assert [problem for problem, _ in page.context["lines"]] == [mine]


def test_a_long_list_is_paged_and_shown_whole_for_paper(client):
    bureau = build_bureau()
    Problem.objects.bulk_create(
        [Problem(review=bureau.review, source="self", text=f"问题{n}", state=State.OPEN) for n in range(ROWS + 1)]
    )

    pages = [looked_at(client, bureau.clerk, "list", **query) for query in ({}, {"page": 2}, {"show": "all"})]

    assert [len(page.context["lines"]) for page in pages] == [ROWS, 1, ROWS + 1]
    assert f'data-label="序号">{ROWS + 1}</td>' in pages[1].content.decode()


@pytest.mark.parametrize("query", [{"campaign": "x"}, {"state": "gone"}, {"year": "9" * 40}])
def test_a_filter_that_makes_no_sense_is_told_and_lists_nothing(client, query):
    bureau = build_bureau()
    bring_to(State.OPEN, bureau)

    page = looked_at(client, bureau.clerk, "list", **query)

    assert page.status_code == 422
    assert page.context["lines"] == []


def cost_of(client, url: str, **how) -> int:
    """Queries of a second look at a page."""
    client.get(url, **how)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, **how).status_code == 200
    return len(queries)


def test_the_list_costs_the_same_for_one_problem_or_three(client):
    bureau = build_bureau()
    client.force_login(bureau.clerk)
    costs = []

    for _ in range(3):
        older = make_problem(
            make_review(make_campaign(bureau.organizer, year=2025), organization=bureau.review.organization),
            state=State.CLOSED,
        )
        actions.link_recurrence(bring_to(State.CLOSED, bureau), older, by=bureau.clerk)
        costs.append(cost_of(client, reverse("ledger:list")))

    assert costs == costs[:1] * 3


@pytest.mark.parametrize("problems", [1, 3])
def test_the_piece_for_other_pages_costs_the_same_for_one_problem_or_three(client, problems):
    bureau = build_bureau()
    for _ in range(problems):
        bring_to(State.CLAIMED, bureau)

    client.force_login(bureau.clerk)
    url = reverse("ledger:of_review", args=[bureau.review.pk])

    piece = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert piece.count("主题党日形式单一") == problems
    assert "<html" not in piece
    assert cost_of(client, url, headers={"HX-Request": "true"}) == PIECE_QUERIES


def test_the_problems_of_one_review_are_also_a_page_of_their_own(client):
    bureau = build_bureau()
    bring_to(State.CLAIMED, bureau)

    page = looked_at(client, bureau.secretary, "of_review", bureau.review.pk).content.decode()

    assert "<html" in page
    assert "主题党日形式单一" in page


TEXTS = st.text(max_size=80) | st.sampled_from(["\0", "长" * 3000, "2027-02-30", "-1", "9" * 30, "<script>", "accept"])


@QUICK
@given(st.dictionaries(st.sampled_from([*promise(), "measure_5", "goal", "edition"]), TEXTS))
def test_no_text_breaks_the_claim(client, data):
    bureau = build_bureau()
    problem = bring_to(State.OPEN, bureau)

    answer = sent(client, bureau.secretary, "claim", problem.pk, {**promise(), **data})

    problem.refresh_from_db()
    assert answer.status_code in {302, 409, 422}
    assert (problem.state == State.CLAIMED) == (answer.status_code == 302)


@QUICK
@given(TEXTS, TEXTS, st.binary(max_size=60), st.sampled_from(["a.pdf", "b.docx", "c.png", "d", "e.exe"]))
def test_no_file_and_no_text_breaks_the_progress(client, text, edition, content, name):
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    before = problem.progress.count()
    data = {"text": text, "edition": edition, "evidence": SimpleUploadedFile(name, content)}

    answer = sent(client, bureau.secretary, "progress", problem.pk, data)

    assert answer.status_code in {302, 409, 422}
    assert problem.progress.count() == before + (answer.status_code == 302)


@QUICK
@given(
    st.sampled_from([State.OPEN, State.CLOSING, State.CLOSED]),
    st.dictionaries(st.sampled_from(["reason", "words", "verdict", "due_on", "older", "edition"]), TEXTS),
)
def test_no_text_breaks_the_organizers_forms(client, state, data):
    bureau = build_bureau()
    problem = bring_to(state, bureau)

    for page in PAGES[state]:
        if page not in OWNERS:
            assert sent(client, bureau.clerk, page, problem.pk, data).status_code in {302, 409, 422}


@QUICK
@given(st.dictionaries(st.sampled_from(["year", "campaign", "organization", "source", "state", "q", "page"]), TEXTS))
def test_no_text_breaks_the_filter(client, query):
    bureau = build_bureau()
    bring_to(State.OPEN, bureau)

    assert looked_at(client, bureau.clerk, "list", **query).status_code in {200, 422}
