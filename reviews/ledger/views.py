"""The ledger on screen: the list, one problem with its history, and one page for each thing done to it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organizations.access import SECRETARY, open_to
from organizations.errors import Refused
from organizations.models import Person, Role
from reviews.ledger import actions, permissions
from reviews.ledger.evidence import handed_out
from reviews.ledger.forms import (
    AddForm,
    ClaimForm,
    ClosingForm,
    FilterForm,
    JudgeForm,
    LinkForm,
    ProgressForm,
    ReasonForm,
    ReopenForm,
)
from reviews.ledger.models import Act, Problem, Progress
from reviews.ledger.queries import (
    figures_of,
    history_of,
    in_percent,
    likely_recurrences,
    lines_of_ledger,
    problems_of_last_year,
)
from reviews.ledger.wording import vague_words
from reviews.plan.models import Campaign, Review
from reviews.plan.permissions import may_remind

READERS = (
    Role.ORGANIZER,
    Role.APPROVER,
    Role.VETTER,
    Role.LEADER,
    Role.SUPERVISOR,
    Role.SUPERIOR,
    SECRETARY,
)
RUNNERS = (Role.ORGANIZER, Role.APPROVER)
ROWS = 50
ROWS_ON_PAPER = 1_000  # what "show all" shows at once, for printing
TONES = {
    Problem.State.NOTED: "wait",
    Problem.State.OPEN: "now",
    Problem.State.CLAIMED: "wait",
    Problem.State.CLOSING: "warn",
    Problem.State.CLOSED: "done",
    Problem.State.WITHDRAWN: "wait",
}


@require_safe
@open_to(*READERS)
def list_problems(request: HttpRequest) -> HttpResponse:
    """整改台账: all problems that the person may see; a secretary sees his own."""
    seen = Problem.objects.visible_to(request.user)
    form = FilterForm(request.GET, campaigns=_campaigns_for(request, seen))
    is_valid = form.is_valid()
    narrowed = form.narrow(seen) if is_valid else seen.none()
    rows = ROWS_ON_PAPER if request.GET.get("show") == "all" else ROWS
    page = Paginator(lines_of_ledger(narrowed), rows).get_page(request.GET.get("page"))
    figures = figures_of(narrowed)
    context = {
        "form": form,
        "campaign": (campaign := form.cleaned_data.get("campaign")),
        "may_remind": bool(campaign) and may_remind(request.user, campaign),
        "asked_state": form.cleaned_data.get("state"),
        "page": page,
        "figures": figures,
        "closure": in_percent(figures.closure),
        "punctuality": in_percent(figures.punctuality),
        "query": without_page(request),
        "is_narrowed": any(form.cleaned_data.values()),
        **shown_lines(page.object_list, request.user),
    }
    return render(request, "reviews/ledger/list.html", context, status=200 if is_valid else 422)


def _campaigns_for(request: HttpRequest, seen: QuerySet[Problem]) -> QuerySet[Campaign]:
    """Those with problems the person sees; and the one asked for, if it is his: the rail leads to an empty list too."""
    offered = Q(pk__in=seen.order_by().values("review__campaign"))
    asked = request.GET.get("campaign", "")
    if asked.isdecimal() and len(asked) < 19:
        offered |= Q(pk__in=Campaign.objects.visible_to(request.user).filter(pk=int(asked)).values("pk"))
    return Campaign.objects.filter(offered).select_related("organizer")


@require_safe
@open_to(*READERS)
def of_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The problems of one review: a piece for other pages when fetched by hx-get, else a page of its own."""
    review = visible_review(request.user, pk)
    problems = lines_of_ledger(Problem.objects.visible_to(request.user).filter(review=review))
    context = {
        "review": review,
        "may_add": permissions.may_add(request.user, review),
        **shown_lines(problems.exclude(state=Problem.State.WITHDRAWN), request.user),
    }
    return render(request, f"reviews/ledger/{'_of_review' if request.htmx else 'of_review'}.html", context)


@require_safe
@open_to(*READERS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One problem: what was promised, what was done, what can be done now."""
    problem = visible_problem(request.user, pk)
    recurrences = problem.recurrences.select_related("review__campaign")
    context = {
        "problem": problem,
        "tone": TONES[problem.state],
        "acts": permissions.open_acts(request.user, problem),
        "measures": [(measure, vague_words(measure.text)) for measure in problem.measures.all()],
        "history": history_of(problem, request.user),
        "older": Problem.objects.visible_to(request.user).filter(pk=problem.carried_from_id).first(),
        "recurrences": recurrences.filter(pk__in=Problem.objects.visible_to(request.user)),
    }
    return render(request, "reviews/ledger/detail.html", context)


@require_http_methods(["GET", "POST"])
@open_to(SECRETARY)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim a problem, or change what was promised while it is being rectified."""
    problem = visible_problem(request.user, pk)
    is_first = problem.state != Problem.State.CLAIMED
    act = Act.CLAIM if is_first else Act.REVISE
    ask(request.user, problem, act)
    form = ClaimForm(posted(request), problem=problem, initial=ClaimForm.starting_from(problem, request.user))
    verb = actions.claim_problem if is_first else actions.revise_claim

    def act_on_it() -> str:
        verb(problem, by=request.user, **form.promise)
        hint_at_vague_words(request, form.promise["measures"])
        return "已认领，请按措施整改并报告进展。" if is_first else "已保存，原来的措施留在办理记录里。"

    return answer(request, problem, form, act_on_it, "claim", is_first=is_first)


@require_http_methods(["GET", "POST"])
@open_to(SECRETARY)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Report what was done, with a file as evidence."""
    problem = visible_problem(request.user, pk)
    ask(request.user, problem, Act.PROGRESS)
    form = ProgressForm(posted(request), request.FILES or None, initial={"edition": problem.edition})

    def act_on_it() -> str:
        actions.report_progress(problem, by=request.user, **form.cleaned_data)
        return "进展已记入台账。"

    return answer(request, problem, form, act_on_it, "progress")


@require_http_methods(["GET", "POST"])
@open_to(SECRETARY)
def ask_for_closing(request: HttpRequest, pk: int) -> HttpResponse:
    """申请销号."""
    problem = visible_problem(request.user, pk)
    ask(request.user, problem, Act.REQUEST)
    form = ClosingForm(posted(request), initial={"edition": problem.edition})

    def act_on_it() -> str:
        actions.request_closing(problem, by=request.user, **form.cleaned_data)
        return "已申请销号，等待验收。"

    return answer(request, problem, form, act_on_it, "request_closing", history=history_of(problem, request.user))


@require_http_methods(["GET", "POST"])
@open_to(*RUNNERS)
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """验收: accept that it is solved, or return it with the reason."""
    problem = visible_problem(request.user, pk)
    ask(request.user, problem, Act.ACCEPT)
    form = JudgeForm(posted(request), initial={"edition": problem.edition})

    def act_on_it() -> str:
        said = form.cleaned_data
        if said["verdict"] == JudgeForm.Verdict.ACCEPT:
            actions.accept_closing(problem, words=said["words"], edition=said["edition"], by=request.user)
            return "已同意销号。"
        actions.return_closing(problem, reason=said["words"], edition=said["edition"], by=request.user)
        return "已退回，述职人须继续整改。"

    return answer(request, problem, form, act_on_it, "judge", history=history_of(problem, request.user))


@require_http_methods(["GET", "POST"])
@open_to(*RUNNERS)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a closed problem up again."""
    problem = visible_problem(request.user, pk)
    ask(request.user, problem, Act.REOPEN)
    form = ReopenForm(posted(request), problem=problem, initial={"edition": problem.edition})

    def act_on_it() -> str:
        actions.reopen_problem(problem, by=request.user, **form.cleaned_data)
        return "已要求重新整改。"

    return answer(request, problem, form, act_on_it, "reopen")


@require_http_methods(["GET", "POST"])
@open_to(Role.ORGANIZER)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a problem off the books before it is claimed."""
    problem = visible_problem(request.user, pk)
    ask(request.user, problem, Act.WITHDRAW)
    form = ReasonForm(posted(request), initial={"edition": problem.edition})

    def act_on_it() -> str:
        actions.take_off_the_books(problem, by=request.user, **form.cleaned_data)
        return "已撤回，不再计入台账。"

    return answer(request, problem, form, act_on_it, "withdraw")


@require_http_methods(["GET", "POST"])
@open_to(Role.ORGANIZER)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that a problem is one of an earlier year come back, or that it is not."""
    problem = visible_problem(request.user, pk)
    ask(request.user, problem, Act.LINK)
    initial = {"edition": problem.edition, "older": problem.carried_from_id}
    form = LinkForm(posted(request), candidates=problems_of_last_year(problem.review), initial=initial)

    def act_on_it() -> str:
        actions.link_recurrence(problem, by=request.user, **form.cleaned_data)
        return "已保存。"

    return answer(request, problem, form, act_on_it, "link", candidates=likely_recurrences(problem))


@require_http_methods(["GET", "POST"])
@open_to(Role.ORGANIZER)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """登记问题 by hand for one review."""
    review = visible_review(request.user, pk)
    if not permissions.may_add(request.user, review):
        raise PermissionDenied
    form = AddForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                problem = actions.add_problem(review, by=request.user, **form.cleaned_data)
            except Refused as refused:
                status = 409
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"已登记，状态为“{problem.get_state_display()}”。")
                return redirect("ledger:detail", pk=problem.pk)
    return render(request, "reviews/ledger/add.html", {"form": form, "review": review}, status=status)


@require_safe
@never_cache
@open_to(*READERS)
def evidence(request: HttpRequest, pk: int) -> FileResponse:
    """A file of evidence, to whoever may see its problem; always saved, never shown inside the page."""
    entry = get_object_or_404(Progress.objects.filter(problem__in=Problem.objects.visible_to(request.user)), pk=pk)
    if not entry.evidence:
        raise Http404
    return handed_out(entry.evidence, entry.evidence_name)


def visible_problem(person: Person, pk: int) -> Problem:
    """The problem, or 404 if it is not the person's to see."""
    problems = Problem.objects.visible_to(person).for_list()
    return get_object_or_404(problems.select_related("closed_by", "carried_from__review__campaign"), pk=pk)


def visible_review(person: Person, pk: int) -> Review:
    """The review, or 404 if it is not the person's to see."""
    return get_object_or_404(Review.objects.visible_to(person).for_list(), pk=pk)


def posted(request: HttpRequest):
    """What was sent; None on a first look, so that an empty form sent in is still told what it lacks."""
    return request.POST if request.method == "POST" else None


def ask(person: Person, problem: Problem, act: Act) -> None:
    """403 for an act that is never this person's, Refused for one that is not for now."""
    if not permissions.RIGHTS[act](person, problem):
        raise PermissionDenied
    actions.refuse_unless_time(act, problem)


def answer(
    request: HttpRequest, problem: Problem, form: Form, act_on_it: Callable[[], str], page: str, **context
) -> HttpResponse:
    """Do the act and go back to the problem; or give the form back as it was typed: 422 by itself, 409 by the act."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, act_on_it())
            except Refused as refused:
                status = 409
                form.add_error(None, str(refused))
            else:
                return redirect("ledger:detail", pk=problem.pk)
    return render(request, f"reviews/ledger/{page}.html", {"problem": problem, "form": form, **context}, status=status)


def hint_at_vague_words(request: HttpRequest, measures: list[str]) -> None:
    """Say which measures promise nothing in particular. Advice: they are saved all the same (4.11)."""
    for number, measure in enumerate(measures, start=1):
        if words := vague_words(measure):
            named = "、".join(dict.fromkeys(f"“{hint.word}”" for hint in words))
            messages.warning(
                request, f"第 {number} 条措施里有{named}，却没有写明对象、数量或时间，建议点“调整措施”改得更具体。"
            )


def shown_lines(problems, person: Person) -> dict:
    """The rows of a table with the tone of their state, and which older problems this person may open."""
    lines = [(problem, TONES[problem.state]) for problem in problems]
    older = [problem.carried_from_id for problem, _ in lines if problem.carried_from_id]
    seen = Problem.objects.visible_to(person).filter(pk__in=older).values_list("pk", flat=True)
    return {"lines": lines, "seen": set(seen) if older else set()}


def without_page(request: HttpRequest) -> str:
    """The query string without its page number, for the links between pages."""
    query = request.GET.copy()
    for name in ("page", "show"):
        query.pop(name, None)
    return query.urlencode()
