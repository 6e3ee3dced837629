"""What is done to a problem of the ledger. The one writer of ``Problem.state``.

Every verb locks the row, asks permission and moment again, writes one step of the problem's history and
one line of the trail. ``edition`` is the number that the page showed: a page that has gone stale is
told so, and nothing changes. Callers without a page leave it out.
"""

from collections.abc import Collection, Sequence
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.evidence import Evidence
from reviews.ledger.models import MOVES, Act, Measure, Problem, Progress, Step
from reviews.ledger.permissions import RIGHTS, is_time_for, may_add
from reviews.ledger.themes import THEMES, suggest_theme
from reviews.plan.models import Review, Stage

MAX_MEASURES = 5
LONGEST_WORDS = 2_000
STALE = (
    "页面打开之后，这个问题已经有了新的变化（可能是重复点击，也可能别人已办理）。"
    "请先查看最新情况再办理；填写的内容还在，需要时可复制。"
)
WHOSE = {
    Act.CLAIM: "只有述职人本人或该党组织现任书记可以认领问题。",
    Act.REVISE: "只有述职人本人或该党组织现任书记可以调整措施。",
    Act.PROGRESS: "只有述职人本人或该党组织现任书记可以报告进展。",
    Act.REQUEST: "只有述职人本人或该党组织现任书记可以申请销号。",
    Act.ACCEPT: "验收须由组织实施单位的经办人或负责人办理，本人的问题、本人申请销号的问题不能自己验收。",
    Act.RETURN: "验收须由组织实施单位的经办人或负责人办理，本人的问题、本人申请销号的问题不能自己验收。",
    Act.REOPEN: "只有组织实施单位的经办人或负责人可以要求重新整改，本人的问题由他人办理。",
    Act.WITHDRAW: "只有组织实施单位的经办人可以撤回问题，本人的问题由他人办理。",
    Act.LINK: "只有组织实施单位的经办人可以关联往年问题，本人的问题由他人办理。",
}


@transaction.atomic
def open_problem(
    review: Review,
    *,
    source: str,
    text: str,
    by: Person,
    origin: str = "",
    is_common: bool = False,
    state: str = Problem.State.NOTED,
) -> Problem:
    """Put a problem on the books. Called by every later stage; the ledger knows none of them.

    NOTED problems wait for the feedback; OPEN ones are shown to the secretary at once.
    Raises Refused for an empty text.
    """
    if not text.strip():
        raise Refused("问题内容不能为空。")
    problem = Problem.objects.create(
        review=review,
        source=Problem.Source(source),
        text=text.strip(),
        origin=origin.strip(),
        is_common=is_common,
        theme=suggest_theme(text),
        state=state,
    )
    _write_down(problem, Act.NOTE, by=by, source=problem.get_source_display())
    return problem


@transaction.atomic
def add_problem(
    review: Review, *, source: str, text: str, by: Person, origin: str = "", is_common: bool = False
) -> Problem:
    """Enter a problem by hand: 群众评议, 考核反馈, 巡视巡察 (E1).

    Before the feedback it waits for it; afterwards it is shown to the secretary at once.
    Raises Refused for another than the organizer, for his own review, and while the campaign is planned.
    """
    review = Review.objects.select_related("campaign__organizer").get(pk=review.pk)
    forget_duties(by)
    if not may_add(by, review):
        raise Refused("只有组织实施单位的经办人可以登记问题，本人的问题由他人登记。")
    stage = review.campaign.stage
    if stage == Stage.PLANNING:
        raise Refused("活动还在筹备，进入述职报告阶段后才能登记问题。")
    state = Problem.State.OPEN if stage in {Stage.RECTIFYING, Stage.CLOSED} else Problem.State.NOTED
    return open_problem(review, source=source, text=text, origin=origin, is_common=is_common, state=state, by=by)


@transaction.atomic
def reword_problem(problem: Problem, *, text: str, by: Person, origin: str | None = None) -> None:
    """Correct a problem that has not been fed back yet, and where said the words it was taken from.

    Raises Refused afterwards, and for an empty text.
    """
    problem = _locked(problem)
    if not is_time_for(Act.REWORD, problem):
        raise Refused("问题已经反馈，不能再改文字。")
    before, problem.text = problem.text, _filled(text, "问题内容")
    problem.origin = problem.origin if origin is None else origin.strip()
    if problem.theme == suggest_theme(before):  # one chosen by hand stays
        problem.theme = suggest_theme(problem.text)
    problem.save(update_fields=["text", "origin", "theme"])
    _write_down(problem, Act.REWORD, by=by, words=f"原文：{before}")


@transaction.atomic
def sort_problem(problem: Problem, *, theme: str, is_common: bool, by: Person) -> None:
    """Say by hand which theme a problem belongs to ("" for none), and whether many have it (共性) or one alone (个性).

    Who may is asked by the caller. Raises Refused for an unknown theme and once the problem was withdrawn.
    """
    problem = _locked(problem)
    if theme and theme not in THEMES:
        raise Refused("没有这个主题，请从列表中选择。")
    if problem.state == Problem.State.WITHDRAWN:
        raise Refused("这个问题已经撤回，不再归类。")
    problem.theme, problem.is_common = theme, is_common
    problem.save(update_fields=["theme", "is_common"])
    organizer = problem.review.campaign.organizer
    words = THEMES.get(theme, "未归类")
    trail.record("问题归类", problem, by=by, organization=organizer, theme=words, is_common=is_common)


@transaction.atomic
def withdraw_problem(problem: Problem, *, reason: str, by: Person) -> None:
    """Take a problem off the books, with a reason. Raises Refused once it was claimed.

    For stages that withdraw what they themselves entered; a person asks ``take_off_the_books``.
    """
    problem = _locked(problem)
    if not is_time_for(Act.WITHDRAW, problem):
        raise Refused("问题已经认领整改或已撤回，不能撤回。")
    _move(problem, Act.WITHDRAW)
    _write_down(problem, Act.WITHDRAW, by=by, words=reason.strip(), reason=reason.strip())


@transaction.atomic
def take_off_the_books(problem: Problem, *, reason: str, by: Person, edition: int | None = None) -> None:
    """Withdraw a problem by hand. Raises Refused without a reason, for others than the organizer, once claimed."""
    problem = _checked(problem, Act.WITHDRAW, by, edition)
    withdraw_problem(problem, reason=_filled(reason, "撤回原因", longest=300), by=by)


@transaction.atomic
def feed_back_problems(review: Review, *, by: Person, only: Collection[int] | None = None) -> int:
    """Show the noted problems of a review to its secretary: from now on they wait to be claimed. Returns how many.

    ``only``: the keys of those that are shown now, the rest waits; None for all. One shown already is not shown again.
    """
    waiting = Problem.objects.select_for_update().filter(review=review, state=Problem.State.NOTED)
    noted = list(waiting if only is None else waiting.filter(pk__in=only))
    Problem.objects.filter(pk__in=[problem.pk for problem in noted]).update(
        state=MOVES[Act.FEED_BACK][1], edition=F("edition") + 1
    )
    Step.objects.bulk_create([Step(problem=problem, act=Act.FEED_BACK, by=by) for problem in noted])
    if noted:
        trail.record("反馈问题", review, by=by, organization=review.campaign.organizer, count=len(noted))
    return len(noted)


@transaction.atomic
def claim_problem(
    problem: Problem,
    *,
    measures: Sequence[str],
    responsible: str,
    due_on: date,
    by: Person,
    goal: str = "",
    edition: int | None = None,
) -> Problem:
    """Own a problem (认领): one to five measures, who is responsible, by when (E3, E4).

    Raises Refused when anything is missing, for a day outside ``Problem.due_window``, for another than
    the secretary, and once it was claimed.
    """
    problem = _checked(problem, Act.CLAIM, by, edition)
    _promise(problem, measures, responsible, goal, due_on)
    problem.claimed_on = timezone.localdate()
    _move(problem, Act.CLAIM, "responsible", "goal", "due_on", "claimed_on")
    promise = promise_in_words(problem)
    _write_down(problem, Act.CLAIM, by=by, words=promise, promise=promise)
    return problem


@transaction.atomic
def revise_claim(
    problem: Problem,
    *,
    measures: Sequence[str],
    responsible: str,
    due_on: date,
    by: Person,
    goal: str = "",
    edition: int | None = None,
) -> Problem:
    """Change measures, person or time limit while the problem is being rectified; what stood before is kept.

    Raises Refused as ``claim_problem`` does, and for another time limit once the old one has passed:
    lateness is not edited away.
    """
    problem = _checked(problem, Act.REVISE, by, edition)
    if problem.is_overdue and due_on != problem.due_on:
        raise Refused("整改时限已过，不能自行改期。请抓紧整改，在进展中说明原因，完成后申请销号。")
    before = promise_in_words(problem)
    _promise(problem, measures, responsible, goal, due_on)
    _move(problem, Act.REVISE, "responsible", "goal", "due_on")
    after = promise_in_words(problem)
    words = f"原为：{before}\n改为：{after}"
    _write_down(problem, Act.REVISE, by=by, words=words, before=before, after=after)
    return problem


@transaction.atomic
def report_progress(
    problem: Problem, *, text: str, by: Person, evidence: Evidence | None = None, edition: int | None = None
) -> Progress:
    """Say what was done, with a checked file as evidence if there is one.

    Raises Refused for an empty text, for another than the secretary, and unless the problem is being rectified.
    """
    problem = _checked(problem, Act.PROGRESS, by, edition)
    progress = Progress(problem=problem, text=_filled(text, "进展"), by=by)
    if evidence:
        progress.evidence_name = evidence.shown_name
        progress.evidence.save(evidence.stored_name(), ContentFile(evidence.content), save=False)
    progress.save()
    _move(problem, Act.PROGRESS)
    _record(problem, Act.PROGRESS, by=by, progress=progress.pk, evidence=progress.evidence_name)
    return progress


@transaction.atomic
def request_closing(problem: Problem, *, words: str, by: Person, edition: int | None = None) -> Problem:
    """Ask to have a problem closed (申请销号, F14), in words about what was achieved.

    Raises Refused without words, without progress (after a reopening: without new progress), and for
    another than the secretary.
    """
    problem = _checked(problem, Act.REQUEST, by, edition)
    reopened = problem.steps.filter(act=Act.REOPEN).last()
    progress = problem.progress.filter(at__gt=reopened.at) if reopened else problem.progress.all()
    if not progress.exists():
        raise Refused("还没有整改进展，不能申请销号。请先“报告进展”，写明做了什么。")
    problem.closing_words, problem.requested_by = _filled(words, "整改情况"), by
    _move(problem, Act.REQUEST, "closing_words", "requested_by")
    _write_down(problem, Act.REQUEST, by=by, words=problem.closing_words)
    return problem


@transaction.atomic
def accept_closing(problem: Problem, *, by: Person, words: str = "", edition: int | None = None) -> Problem:
    """Accept that a problem is solved (销号). Raises Refused for the owner, for who asked, and unless it was asked."""
    problem = _checked(problem, Act.ACCEPT, by, edition)
    problem.closed_by, problem.closed_on, problem.returned_words = by, timezone.localdate(), ""
    _move(problem, Act.ACCEPT, "closed_by", "closed_on", "returned_words")
    _write_down(problem, Act.ACCEPT, by=by, words=words.strip()[:LONGEST_WORDS])
    return problem


@transaction.atomic
def return_closing(problem: Problem, *, reason: str, by: Person, edition: int | None = None) -> Problem:
    """Send a problem back to be rectified further. Raises Refused without a reason, and as ``accept_closing`` does."""
    problem = _checked(problem, Act.RETURN, by, edition)
    problem.returned_words = _filled(reason, "退回原因", longest=300)
    problem.requested_by = None
    _move(problem, Act.RETURN, "returned_words", "requested_by")
    _write_down(problem, Act.RETURN, by=by, words=problem.returned_words, reason=problem.returned_words)
    return problem


@transaction.atomic
def reopen_problem(
    problem: Problem, *, reason: str, by: Person, due_on: date | None = None, edition: int | None = None
) -> Problem:
    """Take a closed problem up again, because it came back or was not solved (回头看).

    Without a new time limit the old one stands, and a problem past it is overdue at once.
    Raises Refused without a reason, for the owner, and unless it is closed.
    """
    problem = _checked(problem, Act.REOPEN, by, edition)
    problem.returned_words = _filled(reason, "重新整改的原因", longest=300)
    problem.closed_by = problem.closed_on = problem.requested_by = None
    if due_on:
        _check_due(problem, due_on)
        problem.due_on = due_on
    _move(problem, Act.REOPEN, "returned_words", "closed_by", "closed_on", "requested_by", "due_on")
    words = f"{problem.returned_words}（时限：{problem.due_on:%Y-%m-%d}）" if due_on else problem.returned_words
    _write_down(problem, Act.REOPEN, by=by, words=words, reason=words)
    return problem


@transaction.atomic
def link_recurrence(problem: Problem, older: Problem | None, *, by: Person, edition: int | None = None) -> Problem:
    """Confirm that a problem is one of an earlier year come back (E5); None takes the link away.

    Raises Refused unless the older one was on the books of the same organization in an earlier year,
    and for another than the organizer.
    """
    problem = _checked(problem, Act.LINK, by, edition)
    if older is not None and not _came_before(older, problem):
        raise Refused("只能关联同一党组织往年已反馈的问题。")
    problem.carried_from = older
    problem.edition += 1
    problem.save(update_fields=["carried_from", "edition"])
    words = f"{older.review.campaign.year} 年同类问题：{older.text}" if older else "不是往年同类问题"
    _write_down(problem, Act.LINK, by=by, words=words, older=older.pk if older else None)
    return problem


def promise_in_words(problem: Problem) -> str:
    """Measures, person, goal and time limit as one text, for the history."""
    measures = "".join(f"{measure.number}. {measure.text}；" for measure in problem.measures.all())
    goal = f"目标：{problem.goal}；" if problem.goal else ""
    return f"措施：{measures}{goal}责任人：{problem.responsible}；时限：{problem.due_on:%Y-%m-%d}"


def _locked(problem: Problem) -> Problem:
    return (
        Problem.objects.select_for_update(of=("self",)).select_related("review__campaign__organizer").get(pk=problem.pk)
    )


def _checked(problem: Problem, act: Act, by: Person, edition: int | None) -> Problem:
    """The row under lock, if this person may do this act to it, the page was fresh and it is time. Raises Refused."""
    problem = _locked(problem)
    forget_duties(by)
    if not RIGHTS[act](by, problem):
        raise Refused(WHOSE[act])
    refuse_unless_time(act, problem)
    if edition is not None and edition != problem.edition:
        raise Refused(STALE)
    return problem


def refuse_unless_time(act: Act, problem: Problem) -> None:
    """Raise Refused, with the state in words, unless the problem stands where the act can be done."""
    if not is_time_for(act, problem):
        raise Refused(f"这个问题现在是“{problem.get_state_display()}”状态，不能{act.label}。请刷新页面查看最新情况。")


def _move(problem: Problem, act: Act, *fields: str) -> None:
    """Take the problem where the act leads, and save the fields that the act wrote."""
    problem.state = MOVES[act][1]
    problem.edition += 1
    problem.save(update_fields=["state", "edition", *fields])


def _write_down(problem: Problem, act: Act, *, by: Person, words: str = "", **facts) -> None:
    """One step of the history and one line of the trail."""
    problem.steps.create(act=act, words=words, by=by)
    _record(problem, act, by=by, **facts)


def _record(problem: Problem, act: Act, *, by: Person, **facts) -> None:
    organizer = problem.review.campaign.organizer
    trail.record(act.label, problem, by=by, organization=organizer, problem=problem.pk, **facts)


def _promise(problem: Problem, measures: Sequence[str], responsible: str, goal: str, due_on: date) -> None:
    """Put measures, person, goal and time limit on the problem; the caller saves it."""
    texts = [text.strip() for text in measures if text.strip()]
    if not 1 <= len(texts) <= MAX_MEASURES:
        raise Refused(f"整改措施应为 1 至 {MAX_MEASURES} 条，现有 {len(texts)} 条。")
    texts = [_filled(text, "整改措施", longest=500) for text in texts]
    if due_on != problem.due_on:
        _check_due(problem, due_on)
    problem.responsible, problem.due_on = _filled(responsible, "责任人", longest=60), due_on
    problem.goal = _filled(goal, "整改目标", longest=300) if goal.strip() else ""
    problem.measures.all().delete()
    Measure.objects.bulk_create([Measure(problem=problem, number=n, text=text) for n, text in enumerate(texts, 1)])


def _check_due(problem: Problem, due_on: date) -> None:
    first, last = problem.due_window()
    if not first <= due_on <= last:
        raise Refused(f"整改时限应在 {first:%Y-%m-%d} 至 {last:%Y-%m-%d} 之间。")


def _filled(text: str, label: str, *, longest: int = LONGEST_WORDS) -> str:
    """The text without blanks around it. Raises Refused when nothing is left or it is too long."""
    text = text.strip()
    if not text:
        raise Refused(f"请填写{label}。")
    if len(text) > longest:
        raise Refused(f"{label}最多 {longest} 字，现有 {len(text)} 字，请精简。")
    return text


def _came_before(older: Problem, problem: Problem) -> bool:
    same_place = older.review.organization_id == problem.review.organization_id
    on_the_books = Problem.objects.on_the_books().filter(pk=older.pk).exists()
    return same_place and on_the_books and older.review.campaign.year < problem.review.campaign.year
