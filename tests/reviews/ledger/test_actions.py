"""The ledger's verbs: who, when, what is written down, and every move that is forbidden."""

from io import BytesIO
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from organizations.errors import Refused
from organizations.models import Role, RoleGrant, Trace
from reviews.ledger import actions
from reviews.ledger.evidence import Evidence, check_evidence
from reviews.ledger.models import Act, Measure, Problem
from reviews.plan.models import Stage
from tests.make import make_campaign, make_officer, make_problem, make_review, make_secretary
from tests.reviews.ledger.town import MEASURES, bring_to, build_bureau, claim, in_days

pytestmark = pytest.mark.django_db
State = Problem.State
PROMISE = {"measures": MEASURES, "responsible": "张三", "goal": ""}

VERBS = {
    Act.REWORD: lambda p, b: actions.reword_problem(p, text="新的文字", by=b.clerk),
    Act.WITHDRAW: lambda p, b: actions.take_off_the_books(p, reason="重复", by=b.clerk),
    Act.CLAIM: lambda p, b: claim(p, b),
    Act.REVISE: lambda p, b: actions.revise_claim(p, **PROMISE, due_on=in_days(40), by=b.secretary),
    Act.PROGRESS: lambda p, b: actions.report_progress(p, text="又上 1 次", by=b.secretary),
    Act.REQUEST: lambda p, b: actions.request_closing(p, words="已落实", by=b.secretary),
    Act.ACCEPT: lambda p, b: actions.accept_closing(p, by=b.approver),
    Act.RETURN: lambda p, b: actions.return_closing(p, reason="佐证不足", by=b.approver),
    Act.REOPEN: lambda p, b: actions.reopen_problem(p, reason="又出现了", by=b.approver),
}
ALLOWED = {
    (Act.REWORD, State.NOTED): State.NOTED,
    (Act.WITHDRAW, State.NOTED): State.WITHDRAWN,
    (Act.WITHDRAW, State.OPEN): State.WITHDRAWN,
    (Act.CLAIM, State.OPEN): State.CLAIMED,
    (Act.REVISE, State.CLAIMED): State.CLAIMED,
    (Act.PROGRESS, State.CLAIMED): State.CLAIMED,
    (Act.REQUEST, State.CLAIMED): State.CLOSING,
    (Act.ACCEPT, State.CLOSING): State.CLOSED,
    (Act.RETURN, State.CLOSING): State.CLAIMED,
    (Act.REOPEN, State.CLOSED): State.CLAIMED,
}


def everything_about(problem: Problem) -> tuple:
    """The whole row, what hangs on it, and the length of the trail."""
    row = Problem.objects.filter(pk=problem.pk).values().get()
    return row, problem.measures.count(), problem.progress.count(), problem.steps.count(), Trace.objects.count()


@pytest.mark.parametrize("act", VERBS)
@pytest.mark.parametrize("state", State)
def test_each_act_moves_a_problem_as_the_table_says_and_nowhere_else(act, state):
    bureau = build_bureau()
    problem = bring_to(state, bureau)
    before = everything_about(problem)

    if (act, state) in ALLOWED:
        VERBS[act](problem, bureau)
        problem.refresh_from_db()
        assert problem.state == ALLOWED[act, state]
        assert Trace.objects.count() == before[-1] + 1
    else:
        with pytest.raises(Refused):
            VERBS[act](problem, bureau)
        assert everything_about(problem) == before


@pytest.mark.parametrize("act", [act for act in VERBS if act != Act.REWORD])
def test_a_stale_page_is_told_and_changes_nothing(act):
    bureau = build_bureau()
    problem = bring_to(next(state for verb, state in ALLOWED if verb == act), bureau)
    before = everything_about(problem)
    stale = {
        Act.WITHDRAW: lambda: actions.take_off_the_books(problem, reason="重复", by=bureau.clerk, edition=99),
        Act.CLAIM: lambda: claim(problem, bureau, edition=99),
        Act.REVISE: lambda: actions.revise_claim(
            problem, **PROMISE, due_on=in_days(9), by=bureau.secretary, edition=99
        ),
        Act.PROGRESS: lambda: actions.report_progress(problem, text="又一次", by=bureau.secretary, edition=99),
        Act.REQUEST: lambda: actions.request_closing(problem, words="已落实", by=bureau.secretary, edition=99),
        Act.ACCEPT: lambda: actions.accept_closing(problem, by=bureau.clerk, edition=99),
        Act.RETURN: lambda: actions.return_closing(problem, reason="不足", by=bureau.clerk, edition=99),
        Act.REOPEN: lambda: actions.reopen_problem(problem, reason="再现", by=bureau.clerk, edition=99),
    }

    with pytest.raises(Refused, match="新的变化"):
        stale[act]()

    assert everything_about(problem) == before


def test_a_second_click_reports_progress_once():
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    shown = problem.edition
    actions.report_progress(problem, text="已走访 3 户", by=bureau.secretary, edition=shown)

    with pytest.raises(Refused, match="新的变化"):
        actions.report_progress(problem, text="已走访 3 户", by=bureau.secretary, edition=shown)

    assert problem.progress.filter(text="已走访 3 户").count() == 1


def test_a_new_secretary_goes_on_where_the_old_one_left_and_the_trail_says_who():
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    bureau.secretary.appointments.update(ends_on=in_days(-1))
    successor = make_secretary(bureau.review.organization)

    actions.report_progress(problem, text="接任后逐项核对，补上 2 次党课", by=successor)
    actions.request_closing(problem, words="措施已全部落实", by=successor)
    actions.accept_closing(problem, by=bureau.clerk)

    problem.refresh_from_db()
    assert (problem.state, problem.requested_by) == (State.CLOSED, successor)
    acts = Trace.objects.filter(person=successor).order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["报告进展", "申请销号"]


def test_a_claim_keeps_its_promise_and_a_revision_keeps_what_stood_before():
    bureau = build_bureau()
    problem = claim(bring_to(State.OPEN, bureau), bureau)

    actions.revise_claim(
        problem, measures=["每月走访 5 户"], responsible="李四", due_on=in_days(50), by=bureau.secretary
    )

    problem.refresh_from_db()
    assert [measure.text for measure in problem.measures.all()] == ["每月走访 5 户"]
    assert (problem.responsible, problem.due_on, problem.goal) == ("李四", in_days(50), "")
    revision = problem.steps.get(act=Act.REVISE).words
    assert MEASURES[0] in revision
    assert "张三" in revision
    assert str(in_days(30)) in revision


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"measures": []}, "1 至 5 条"),
        ({"measures": ["  ", ""]}, "1 至 5 条"),
        ({"measures": ["写明一条"] * 6}, "1 至 5 条"),
        ({"measures": ["长" * 501]}, "最多 500 字"),
        ({"responsible": " "}, "责任人"),
        ({"responsible": "长" * 61}, "最多 60 字"),
        ({"goal": "长" * 301}, "最多 300 字"),
        ({"due_on": in_days(-1)}, "整改时限应在"),
        ({"due_on": in_days(60 + 365 + 1)}, "整改时限应在"),
    ],
)
def test_a_claim_without_a_whole_promise_is_refused_and_nothing_changes(changes, told):
    bureau = build_bureau()
    problem = bring_to(State.OPEN, bureau)
    before = everything_about(problem)

    with pytest.raises(Refused, match=told):
        claim(problem, bureau, **changes)

    assert everything_about(problem) == before


@pytest.mark.parametrize("days", [0, 60 + 365])
def test_first_and_last_day_of_the_window_may_be_promised(days):
    bureau = build_bureau()

    problem = claim(bring_to(State.OPEN, bureau), bureau, due_on=in_days(days))

    assert problem.due_on == in_days(days)


def test_a_problem_of_a_campaign_long_over_still_gets_a_quarter():
    bureau = build_bureau()
    problem = bring_to(State.OPEN, bureau)
    bureau.review.campaign.ends_on = in_days(-800)
    bureau.review.campaign.save()

    claim(problem, bureau, due_on=in_days(90))

    problem.refresh_from_db()
    assert problem.due_on == in_days(90)


def test_lateness_is_not_edited_away_but_the_rest_may_change():
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    Problem.objects.filter(pk=problem.pk).update(due_on=in_days(-1))

    with pytest.raises(Refused, match="不能自行改期"):
        actions.revise_claim(problem, **PROMISE, due_on=in_days(30), by=bureau.secretary)
    actions.revise_claim(problem, **{**PROMISE, "responsible": "李四"}, due_on=in_days(-1), by=bureau.secretary)

    problem.refresh_from_db()
    assert (problem.responsible, problem.due_on) == ("李四", in_days(-1))


def test_closing_is_not_asked_for_before_any_progress():
    bureau = build_bureau()
    problem = claim(bring_to(State.OPEN, bureau), bureau)

    with pytest.raises(Refused, match="还没有整改进展"):
        actions.request_closing(problem, words="已落实", by=bureau.secretary)


def test_after_a_reopening_old_progress_does_not_count():
    bureau = build_bureau()
    problem = bring_to(State.CLOSED, bureau)
    actions.reopen_problem(problem, reason="回头看发现反弹", by=bureau.clerk)

    with pytest.raises(Refused, match="还没有整改进展"):
        actions.request_closing(problem, words="已落实", by=bureau.secretary)
    actions.report_progress(problem, text="重新排查 12 户", by=bureau.secretary)
    actions.request_closing(problem, words="已落实", by=bureau.secretary)

    problem.refresh_from_db()
    assert problem.state == State.CLOSING


def test_accepting_writes_who_and_when_and_reopening_takes_it_back():
    bureau = build_bureau()
    problem = bring_to(State.CLOSED, bureau)
    closed = (problem.closed_by, problem.closed_on, problem.requested_by)

    actions.reopen_problem(problem, reason="又出现了", by=bureau.approver, due_on=in_days(20))

    problem.refresh_from_db()
    assert closed == (bureau.clerk, in_days(0), bureau.secretary)
    assert (problem.closed_by, problem.closed_on, problem.due_on) == (None, None, in_days(20))


def test_the_secretary_who_is_also_the_organizer_never_accepts_reopens_or_withdraws_his_own():
    bureau = build_bureau()
    for role in (Role.ORGANIZER, Role.APPROVER):
        RoleGrant.objects.create(person=bureau.secretary, role=role, organization=bureau.organizer)

    for state, verb in [
        (State.CLOSING, lambda p: actions.accept_closing(p, by=bureau.secretary)),
        (State.CLOSING, lambda p: actions.return_closing(p, reason="不足", by=bureau.secretary)),
        (State.CLOSED, lambda p: actions.reopen_problem(p, reason="再现", by=bureau.secretary)),
        (State.OPEN, lambda p: actions.take_off_the_books(p, reason="重复", by=bureau.secretary)),
        (State.OPEN, lambda p: actions.link_recurrence(p, None, by=bureau.secretary)),
    ]:
        problem = bring_to(state, bureau)
        with pytest.raises(Refused):
            verb(problem)


def test_who_asked_to_close_does_not_accept_even_after_the_secretary_changed():
    bureau = build_bureau()
    problem = bring_to(State.CLOSING, bureau)
    RoleGrant.objects.create(person=bureau.secretary, role=Role.ORGANIZER, organization=bureau.organizer)
    bureau.review.secretary = make_officer(Role.LEADER, bureau.organizer)
    bureau.review.save()

    with pytest.raises(Refused, match="不能自己验收"):
        actions.accept_closing(problem, by=bureau.secretary)


def test_the_database_itself_refuses_a_problem_closed_by_who_asked():
    problem = make_problem(state=State.CLOSING)
    person = problem.review.secretary

    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(requested_by=person, closed_by=person)


def test_a_role_taken_away_after_the_page_was_opened_counts_under_the_lock():
    bureau = build_bureau()
    problem = bring_to(State.CLOSING, bureau)
    assert bureau.approver.grants.count() == 1
    bureau.approver.grants.all().delete()

    with pytest.raises(Refused):
        actions.accept_closing(problem, by=bureau.approver)


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        (Stage.REPORTING, State.NOTED),
        (Stage.GRADING, State.NOTED),
        (Stage.RECTIFYING, State.OPEN),
        (Stage.CLOSED, State.OPEN),
    ],
)
def test_a_problem_entered_by_hand_waits_for_the_feedback_or_comes_after_it(stage, state):
    bureau = build_bureau(stage=stage)

    problem = actions.add_problem(bureau.review, source="inspection", text="台账更新不及时", by=bureau.clerk)

    assert problem.state == state


def test_no_problem_is_entered_while_the_campaign_is_planned():
    bureau = build_bureau(stage=Stage.PLANNING)

    with pytest.raises(Refused, match="还在筹备"):
        actions.add_problem(bureau.review, source="inspection", text="台账更新不及时", by=bureau.clerk)


def test_feeding_back_opens_every_noted_problem_once():
    bureau = build_bureau()
    problems = [bring_to(State.NOTED, bureau) for _ in range(2)]

    counts = [actions.feed_back_problems(bureau.review, by=bureau.clerk) for _ in range(2)]

    assert counts == [2, 0]
    assert {step.act for problem in problems for step in problem.steps.all()} == {Act.NOTE, Act.FEED_BACK}
    assert Trace.objects.filter(act="反馈问题").count() == 1


def test_a_recurrence_is_linked_to_an_older_problem_of_the_same_organization_and_unlinked():
    bureau = build_bureau()
    organization = bureau.review.organization
    older = make_problem(
        make_review(make_campaign(bureau.organizer, year=2025), organization=organization), state=State.CLOSED
    )
    problem = bring_to(State.OPEN, bureau)

    linked = actions.link_recurrence(problem, older, by=bureau.clerk).carried_from
    unlinked = actions.link_recurrence(problem, None, by=bureau.clerk).carried_from

    assert (linked, unlinked) == (older, None)


def test_what_is_not_an_older_problem_on_the_books_of_the_same_organization_is_not_linked():
    bureau = build_bureau()
    last_year = make_campaign(bureau.organizer, year=2025)
    problem = bring_to(State.OPEN, bureau)
    elsewhere = make_problem(make_review(last_year), state=State.CLOSED)
    same_year = bring_to(State.OPEN, bureau)
    noted = make_problem(make_review(last_year, organization=bureau.review.organization), state=State.NOTED)

    for other in (elsewhere, same_year, noted, problem):
        with pytest.raises(Refused, match="同一党组织"):
            actions.link_recurrence(problem, other, by=bureau.clerk)


def test_evidence_is_kept_under_a_name_of_our_own_and_shown_under_its_own():
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)
    checked = check_evidence(BytesIO(b"%PDF-1.4 x"), "../../党课照片.PDF")

    progress = actions.report_progress(problem, text="附照片", evidence=checked, by=bureau.secretary)

    assert progress.evidence_name == "党课照片.pdf"
    assert "党课" not in progress.evidence.name
    assert progress.evidence.name.startswith("evidence/")
    with progress.evidence.open() as stored:
        assert stored.read() == b"%PDF-1.4 x"


def test_progress_that_is_refused_leaves_no_file(settings):
    bureau = build_bureau()
    problem = bring_to(State.OPEN, bureau)

    with pytest.raises(Refused):
        actions.report_progress(problem, text="x", evidence=Evidence(b"%PDF-", "pdf", "a.pdf"), by=bureau.secretary)

    assert not list(settings.MEDIA_ROOT.rglob("*.pdf"))


def at_once(*verbs) -> list[str]:
    """Run the verbs on threads that start together; what became of each: "done" or "refused"."""
    barrier, outcomes = Barrier(len(verbs)), []

    def run(verb):
        barrier.wait()
        try:
            verb()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_of_two_claims_at_once_one_counts():
    bureau = build_bureau()
    problem = bring_to(State.OPEN, bureau)

    outcomes = at_once(lambda: claim(problem, bureau), lambda: claim(problem, bureau, responsible="李四"))

    assert outcomes == ["done", "refused"]
    assert Measure.objects.filter(problem=problem).count() == len(MEASURES)
    assert problem.steps.filter(act=Act.CLAIM).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_accepting_and_returning_at_once_one_counts():
    bureau = build_bureau()
    problem = bring_to(State.CLOSING, bureau)

    outcomes = at_once(
        lambda: actions.accept_closing(problem, by=bureau.clerk),
        lambda: actions.return_closing(problem, reason="佐证不足", by=bureau.approver),
    )

    assert outcomes == ["done", "refused"]
    problem.refresh_from_db()
    assert (problem.state == State.CLOSED) == (problem.closed_by_id == bureau.clerk.pk)
    assert problem.steps.filter(act__in=[Act.ACCEPT, Act.RETURN]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_on_the_same_page_one_progress_is_kept():
    bureau = build_bureau()
    problem = bring_to(State.CLAIMED, bureau)

    def click():
        actions.report_progress(problem, text="已走访", by=bureau.secretary, edition=problem.edition)

    assert at_once(click, click) == ["done", "refused"]
    assert problem.progress.filter(text="已走访").count() == 1
