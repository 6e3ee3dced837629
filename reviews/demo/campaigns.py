"""A campaign of the bureau taken from stage to stage, by the product's own verbs and nothing else."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from organizations.models import Organization, Person
from reviews.ballot import actions as ballot
from reviews.ballot import paper, slip_batches
from reviews.demo import texts, votes
from reviews.demo.beside import put_beside
from reviews.demo.bureau import PANELS, PLACES, SECRETARY_ACCOUNT, Place
from reviews.demo.people import officer
from reviews.grade import actions as grade
from reviews.grade.feedback import actions as feedback
from reviews.grade.opinion.queries import opinion_draft
from reviews.ledger import actions as ledger
from reviews.ledger.models import Problem
from reviews.meeting import actions as meeting
from reviews.meeting import agenda, floor, recording, releasing, withholding
from reviews.models import Campaign, Letter, Meeting, Report, Review, Round, Suggestion
from reviews.plan import actions as plan
from reviews.plan.lineup import pick_reviews
from reviews.plan.presets import BUREAU, PanelSpec
from reviews.plan.timetable import SHANGHAI, Timetable
from reviews.report import actions as report
from reviews.report.publishing.actions import publish_many, publishable
from reviews.report.publishing.models import Circle
from reviews.report.vetting.extending import extend
from reviews.report.vetting.remarking import add_remark
from scoring import booth

RULES_OF_THE_BUREAU = {"name": "局述职评议评定规则", "min_valid_ballots": 8}
LATE_IS_NOT_GOOD = {"caps": {"LATE_REPORT": "FAIRLY_GOOD"}}  # what this year's rules add
ON_PAPER = {"C": 3}  # of thirty voters these held no phone


def plan_campaign(
    organizer: Organization, *, year: int, meets_on: date, codes: Collection[str] | None = None
) -> Campaign:
    """Eighteen secretaries (or those of some places only), three panels of ten, published.

    The first year begins with the preset and sets its rules, each later one takes them over from the year before.
    """
    clerk = officer("organizer")
    last = Campaign.objects.filter(organizer=organizer, year__lt=year).order_by("-year").first()
    campaign = plan.create_campaign(
        organizer,
        year=year,
        title=f"{year}年度党组织书记抓基层党建工作述职评议考核",
        timetable=Timetable.around(meets_on),
        pattern=plan.pattern_of(last) if last else BUREAU,
        by=clerk,
        basis=f"市委组织部关于做好{year}年度党组织书记抓基层党建述职评议考核工作的通知",
        place="局机关三楼会议室",
    )
    specs = [PanelSpec(c, label, Decimal(weight), size, 10 if c == "B" else 0) for c, label, weight, size in PANELS]
    plan.set_panels(campaign, specs, by=clerk)
    if last is None:
        plan.set_policy(campaign, RULES_OF_THE_BUREAU, note="局党组会议议定最少有效票数", by=clerk)
    places = {place.name: place for place in PLACES}
    organizations = organizer.children.order_by("sort_order")
    if codes is not None:
        organizations = organizations.filter(code__in=codes)
    modes = {o.pk: "written" if places[o.name].is_written else "onsite" for o in organizations}
    pick_reviews(campaign, modes, by=clerk)
    return plan.publish_campaign(campaign, by=clerk)


def change_rules(campaign: Campaign) -> None:
    """This year's rules add one thing to last year's: a third version with its reason."""
    plan.set_policy(campaign, LATE_IS_NOT_GOOD, note="迟交述职报告的不评好，局党组会议议定", by=officer("organizer"))


def placed(campaign: Campaign) -> list[tuple[Review, Place]]:
    """Each review of a campaign with the place that it is about."""
    places = {place.name: place for place in PLACES}
    return [(review, places[review.organization.name]) for review in campaign.reviews.for_list()]


@transaction.atomic
def hand_in(review: Review, place: Place) -> Report:
    """The secretary writes and hands in."""
    sections = texts.report_of(place, review.campaign.year)
    put_beside(review, place, sections)
    return report.submit_report(review, sections=sections, edition=0, by=review.secretary)


@transaction.atomic
def vet(handed_in: Report, *, verdict: str = "approved", opinion: str = "内容完整，问题写得实，同意。") -> None:
    """The vetter's verdict over the version handed in last."""
    number = handed_in.versions.first().number
    report.vet_report(handed_in, version=number, verdict=verdict, opinion=opinion, by=officer("vetter"))


@transaction.atomic
def give_back(handed_in: Report, *, quote: str, remark: str, opinion: str) -> None:
    """The vetter notes something at a passage and gives the report back; the author has more time for it."""
    number, vetter = handed_in.handed_in.number, officer("vetter")
    add_remark(handed_in, version=number, section="problems", quote=quote, text=remark, by=vetter)
    vet(handed_in, verdict="returned", opinion=opinion)
    campaign = handed_in.review.campaign
    until = datetime.combine(campaign.meets_on - timedelta(days=4), time(18), tzinfo=SHANGHAI)
    extend(
        campaign, [handed_in.review_id], due_at=until, reason="退回后需到三个站所补充核实数据", by=officer("organizer")
    )


@transaction.atomic
def publish(campaign: Campaign, places: int) -> None:
    """After the year the first reports are shown to all who debriefed."""
    reports = list(publishable(campaign).order_by("review__order").values_list("pk", flat=True)[:places])
    publish_many(campaign, reports, circle=Circle.REPORTERS, by=officer("organizer"))


@transaction.atomic
def comment(review: Review, place: Place) -> None:
    """The leader comments."""
    meeting.comment_on(review, **texts.comment_of(place, review.campaign.year), edition=0, by=officer("leader"))


@transaction.atomic
def hold_meeting(campaign: Campaign) -> None:
    """Everybody on site speaks in turn, everybody is commented on, all voters have come."""
    clerk = officer("organizer")
    held: Meeting = meeting.open_meeting(campaign, by=clerk, chair=officer("leader"))
    for turn in held.turns.order_by("order"):
        floor.finish_turn(floor.start_turn(turn, by=clerk), by=clerk)
    for review, place in placed(campaign):
        comment(review, place)
    meeting.record_attendance(held, {panel.pk: panel.size for panel in campaign.panels.all()}, by=clerk)
    for item in held.agenda.filter(kind__in=["vote", "speech"]):
        agenda.tick_item(held, item.pk, is_done=True, by=clerk)
    meeting.end_meeting(held, by=clerk)
    _withhold_one(campaign)
    releasing.release_comments(campaign, by=officer("leader"), word=False)


def _withhold_one(campaign: Campaign) -> None:
    """A second leader's comment on the secretary whose account is shown: the chair does not let it go."""
    review = next(review for review, place in placed(campaign) if place.code == SECRETARY_ACCOUNT[1])
    words = "一是物资采购有群众反映，需要进一步了解。"
    said = meeting.comment_on(review, weaknesses=words, edition=0, by=officer("leader", 1))
    reason = "反映的情况经核实不属实，不作为点评意见反馈。"
    withholding.withhold_comment(said, reason=reason, by=officer("leader"))


@transaction.atomic
def write_minutes(campaign: Campaign) -> None:
    """The minutes are gathered from the facts, put in order, and signed by recorder and chair."""
    held, clerk = Meeting.objects.get(campaign=campaign), officer("organizer")
    draft = recording.gather_minutes(held, by=clerk)
    text = f"{draft.text}\n\n会场秩序良好，与会人员遵守会议纪律。"
    kept = recording.save_minutes(held, text=text, edition=draft.edition, by=clerk)
    signed = recording.sign_as_recorder(held, edition=kept.edition, by=clerk)
    recording.sign_as_chair(held, digest=signed.digest, by=officer("leader"))


def vote(campaign: Campaign, *, is_careless: bool = False) -> None:
    """A real vote: three of thirty ballots on paper, the rest by phone; box closed, two codes open it."""
    clerk = officer("organizer")
    round_ = ballot.prepare_round(campaign, spare={}, by=clerk)
    codes = ballot.make_keys(round_, custodians=3, by=clerk)
    slip_batches.ask_for_slips(round_, paper=ON_PAPER, by=clerk)
    slip_batches.cosign_slips(round_, by=officer("supervisor"))
    slips = [slip for batch in round_.batches.all() for slip in slip_batches.print_slips(batch, by=clerk)]
    ballot.open_voting(round_, knows_loss=True, by=clerk)
    voters = len(slips) + sum(ON_PAPER.values())
    filled = list(votes.ballots(campaign.reviews.count(), voters, is_careless=is_careless))
    for slip, marks in zip(slips, filled, strict=False):
        booth.cast(slip, marks, secrets.token_bytes(32))
    count_paper(round_, ["".join(marks.values()) for marks in filled[len(slips) :]])
    round_.refresh_from_db()
    ballot.close_voting(round_, by=clerk)
    ballot.unseal_round(round_, codes[:2], by=officer("custodian"))


@transaction.atomic
def count_paper(round_: Round, sheets: list[str]) -> None:
    """One batch: the second teller misses a key once, the scrutineer looks at the paper."""
    (panel,) = ON_PAPER
    one, other, scrutineer = officer("teller"), officer("teller", 1), officer("scrutineer")
    batch = paper.begin_batch(round_, panel=panel, sheets=len(sheets), by=one)
    for teller, readings in ((one, sheets), (other, [_misread(sheets[0]), *sheets[1:]])):
        for position, ballot_ in enumerate(readings, start=1):
            paper.key_sheet(batch, position, ballot_, by=teller)
        paper.finish_reading(batch, by=teller)
    paper.decide(batch, {(1, 1): sheets[0][0]}, by=scrutineer)
    paper.accept_batch(batch, by=scrutineer)


def _misread(sheet: str) -> str:
    return ("3" if sheet[0] == "4" else "4") + sheet[1:]


@transaction.atomic
def decide(campaign: Campaign, *, decided_on: date) -> None:
    """The group follows the rules; what they leave open it settles with a reason. Letters go out."""
    clerk = officer("organizer")
    grade.suggest(campaign, by=clerk)
    proposals = []
    for suggestion in Suggestion.objects.filter(review__campaign=campaign).select_related("review"):
        reason = "得分与名额线并列，经集体研究，综合平时表现确定。" if suggestion.is_open else ""
        opinion = opinion_draft(suggestion.review)
        proposals.append(grade.Proposal(suggestion.review, suggestion.grade, reason, opinion))
    reference = f"局党组{decided_on.year}年第2次会议"
    grade.propose(campaign, proposals, reference=reference, decided_on=decided_on, by=clerk)
    grade.approve(campaign, seen=grade.digest_of(campaign), by=officer("approver"))
    feedback.send_letters(campaign, rectify_by=timezone.localdate() + timedelta(days=30), by=clerk)


@transaction.atomic
def rectify(campaign: Campaign, *, closes_all: bool = False) -> None:
    """Half of the ledger is closed, a part is under way, the rest still waits to be claimed; or all is closed."""
    for letter in Letter.objects.filter(review__campaign=campaign).select_related("review__secretary"):
        feedback.sign_letter(letter, by=letter.review.secretary)
    problems = Problem.objects.on_the_books().filter(review__campaign=campaign).select_related("review__secretary")
    for number, problem in enumerate(problems.order_by("pk")):
        turn = 0 if closes_all else number % 8
        if turn < 7:
            _work_on(problem, problem.review.secretary, is_closed=turn < 4, is_waiting=turn == 4)


def _work_on(problem: Problem, owner: Person, *, is_closed: bool, is_waiting: bool) -> None:
    due_on = timezone.localdate() + timedelta(days=20)
    measures = ["每月第一周由党员轮流领学一次，缺课的十五日内补齐", "每季度到现场检查2次，结果在支部公示"]
    goal = "年内全部落实到位"
    ledger.claim_problem(problem, measures=measures, responsible=owner.name, goal=goal, due_on=due_on, by=owner)
    ledger.report_progress(problem, text="已排出全年计划并组织两次现场检查，台账补齐。", by=owner)
    if is_closed or is_waiting:
        ledger.request_closing(problem, words="措施已全部落实，党员评议认可，申请销号。", by=owner)
    if is_closed:
        ledger.accept_closing(problem, words="现场查看台账属实，同意销号。", by=officer("organizer"))


def backdate(campaign: Campaign, days: int) -> None:
    """Give last year's rows the days they would have had. The trail keeps the day on which the demo was loaded."""
    _backdate_meeting(campaign.meeting)
    _backdate_rules(campaign)
    back = timedelta(days=days)
    Letter.objects.filter(review__campaign=campaign).update(
        sent_at=timezone.now() - back, signed_at=timezone.now() - back + timedelta(days=1)
    )
    problems = Problem.objects.filter(review__campaign=campaign)
    problems.filter(claimed_on__isnull=False).update(claimed_on=timezone.localdate() - back + timedelta(days=5))
    halfway = timezone.localdate() - timedelta(days=days // 2)
    problems.filter(state=Problem.State.CLOSED).update(closed_on=halfway, due_on=halfway + timedelta(days=20))
    late = problems.filter(state=Problem.State.CLAIMED).order_by("pk").values_list("pk", flat=True)[:6]
    Problem.objects.filter(pk__in=list(late)).update(due_on=timezone.localdate() - timedelta(days=12))


def _backdate_rules(campaign: Campaign) -> None:
    """Saved in the first days, frozen on the morning of the meeting."""
    saved = datetime.combine(campaign.starts_on, time(10), tzinfo=SHANGHAI)
    for version in campaign.policy_versions.all():
        version.at = saved + timedelta(days=version.number)
        version.frozen_at = version.frozen_at and datetime.combine(campaign.meets_on, time(8, 30), tzinfo=SHANGHAI)
        version.save(update_fields=["at", "frozen_at"])


def _backdate_meeting(held: Meeting) -> None:
    """From nine o'clock, a speech of four to five minutes and a comment for each."""
    clock = begun = datetime.combine(held.campaign.meets_on, time(9), tzinfo=SHANGHAI)
    for turn in held.turns.order_by("order"):
        turn.started_at, turn.ended_at = clock, clock + timedelta(minutes=4, seconds=20 + turn.order * 7 % 50)
        turn.save(update_fields=["started_at", "ended_at"])
        clock += timedelta(minutes=8)
    ended = clock + timedelta(minutes=30)
    Meeting.objects.filter(pk=held.pk).update(opened_at=begun, ended_at=ended)
    held.agenda.filter(kind="opening").update(done_at=begun)
    held.agenda.filter(kind__in=["vote", "speech", "closing"]).update(done_at=ended)
    held.attendance.update(counted_at=begun)
    for minutes, happening in enumerate(held.happenings.all()):
        happening.at = clock + timedelta(minutes=5 + minutes)
        happening.save(update_fields=["at"])
