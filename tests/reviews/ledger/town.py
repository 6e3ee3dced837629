"""A bureau with one review being rectified, and a problem brought to any state by the real verbs."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from organizations.models import Organization, Person, Role
from reviews.ledger import actions
from reviews.ledger.models import Problem
from reviews.plan.models import Review, Stage
from tests.make import make_campaign, make_officer, make_organization, make_review

MEASURES = ["每季度组织 1 次专题党课", "年底前修订《支部学习制度》"]


@dataclass
class Bureau:
    """The places and people that a ledger needs."""

    organizer: Organization
    review: Review
    secretary: Person
    clerk: Person
    approver: Person


def build_bureau(*, year: int = 2026, stage: str = Stage.RECTIFYING) -> Bureau:
    """One organizer with a clerk and an approver, one branch whose secretary debriefs."""
    organizer = make_organization("云岭市水务局党组", kind="leading_party_group")
    review = make_review(make_campaign(organizer, stage=stage, year=year, ends_on=in_days(60)))
    return Bureau(
        organizer,
        review,
        review.secretary,
        make_officer(Role.ORGANIZER, organizer, "经办"),
        make_officer(Role.APPROVER, organizer, "负责人"),
    )


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def bring_to(state: str, bureau: Bureau, **fields) -> Problem:
    """A problem of the bureau's review, walked to a state through the verbs of the ledger."""
    fields = {"source": Problem.Source.MASS_REVIEW, "text": "主题党日形式单一", **fields}
    problem = actions.open_problem(bureau.review, by=bureau.clerk, **fields)
    if state == Problem.State.WITHDRAWN:
        actions.withdraw_problem(problem, reason="重复登记", by=bureau.clerk)
    walk = list(Problem.State)[: list(Problem.State).index(state) + 1] if state != Problem.State.WITHDRAWN else []
    if Problem.State.OPEN in walk:
        actions.feed_back_problems(bureau.review, by=bureau.clerk)
    if Problem.State.CLAIMED in walk:
        claim(problem, bureau)
        actions.report_progress(problem, text="已上 1 次党课", by=bureau.secretary)
    if Problem.State.CLOSING in walk:
        actions.request_closing(problem, words="措施已全部落实", by=bureau.secretary)
    if Problem.State.CLOSED in walk:
        actions.accept_closing(problem, by=bureau.clerk)
    problem.refresh_from_db()
    return problem


def claim(problem: Problem, bureau: Bureau, **changes) -> Problem:
    promise = {"measures": MEASURES, "responsible": "张三", "goal": "形式不少于 4 种", "due_on": in_days(30), **changes}
    return actions.claim_problem(problem, by=bureau.secretary, **promise)
