"""异议: the person's own page; the list and the page of those who handle it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations.access import SECRETARY, holds, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.grade.feedback import objecting, permissions
from reviews.grade.feedback.answering import digest_of_answer, places_after
from reviews.grade.feedback.forms import AcknowledgeForm, AnswerForm, LateForm, ObjectionForm, ReasonForm
from reviews.grade.feedback.models import Letter, Objection
from reviews.grade.feedback.queries import late_letters_of, objections_of
from reviews.grade.feedback.views import own_letter
from reviews.grade.why.page import page_of
from reviews.plan.models import Campaign

HANDLERS = (*permissions.HANDLING, Role.SUPERVISOR)
State = Objection.State


@open_to(SECRETARY)
@require_http_methods(["GET", "POST"])
def objection(request, pk):
    """One's own objection: the form within the window, afterwards what becomes of it."""
    letter = own_letter(request, pk)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            objecting.raise_objection(letter, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "异议已提出。受理后会告知答复期限，由没有参与原决定的人复核。")
            return redirect("grade:objection", pk)
    raised = list(letter.objections.select_related("change"))
    context = {"letter": letter, "review": letter.review, "campaign": letter.review.campaign, "form": form}
    context["objections"] = raised
    has_had_answer = any(each.state != State.WITHDRAWN for each in raised)
    context["may_object"] = not has_had_answer and (letter.is_window_open or bool(form.errors))
    context["late"] = "" if letter.is_window_open or has_had_answer else objecting.late_in_words(letter)
    return render(request, "reviews/grade/objection.html", context, status=422 if form.errors else 200)


def _own_objection(request, pk) -> Objection:
    own = Objection.objects.filter(letter__review__secretary=request.user).select_related("letter")
    return get_object_or_404(own, pk=pk)


@open_to(SECRETARY)
@require_POST
def objection_withdraw(request, pk):
    own = _own_objection(request, pk)
    objecting.withdraw_objection(own, by=request.user)
    messages.success(request, "异议已撤回。")
    return redirect("grade:objection", own.letter.review_id)


@open_to(SECRETARY)
@require_POST
def objection_sign(request, pk):
    own = _own_objection(request, pk)
    objecting.sign_answer(own, by=request.user)
    messages.success(request, "已签收答复。")
    return redirect("grade:objection", own.letter.review_id)


@open_to(*HANDLERS)
@require_GET
def objections(request, pk):
    """All objections of a campaign, and whose window the head may open once more."""
    campaign = get_object_or_404(Campaign.objects.select_related("organizer"), pk=pk)
    if not permissions.may_see_objections(request.user, campaign):
        raise PermissionDenied
    letters = Letter.objects.filter(review__campaign=campaign)
    context = {"campaign": campaign, "objections": objections_of(campaign), "has_letters": letters.exists()}
    if holds(request.user, Role.APPROVER, campaign.organizer):
        context["late_letters"] = late_letters_of(campaign)
    return render(request, "reviews/grade/objections.html", context)


def _handled(request, pk) -> Objection:
    """The objection, if the person may see those of its campaign; 404 for his own and for others'."""
    found = Objection.objects.exclude(letter__review__secretary=request.user).select_related(
        "letter__review__campaign__organizer",
        "letter__review__organization",
        "letter__review__secretary",
        "letter__review__suggestion",
        "letter__review__decision__proposed_by",
        "letter__review__decision__approved_by",
        "acknowledged_by",
        "reviewed_by",
        "approved_by",
        "change",
    )
    handled = get_object_or_404(found, pk=pk)
    if not permissions.may_see_objections(request.user, handled.letter.review.campaign):
        raise PermissionDenied
    return handled


@open_to(*HANDLERS)
@require_GET
def handle(request, pk):
    """What was objected, what stands, and the one step that this person may take now."""
    return _page(request, _handled(request, pk))


def _page(request, handled: Objection, *, form=None, status: int = 200) -> HttpResponse:
    person, review = request.user, handled.letter.review
    context = {"objection": handled, "letter": handled.letter, "review": review, "campaign": review.campaign}
    context["page"] = page_of(review, with_rank=False) if hasattr(review, "suggestion") else None
    if handled.state == State.RAISED and permissions.may_acknowledge(person, handled):
        context["acknowledge_form"] = form or AcknowledgeForm()
    if handled.state == State.REVIEWING and permissions.may_review(person, handled):
        context["answer_form"] = form or AnswerForm(objection=handled)
    if handled.state == State.PROPOSED:
        context["places"] = places_after(handled)
        context["may_approve"] = permissions.may_approve_answer(person, handled)
        context["return_form"], context["seen"] = form or ReasonForm(), digest_of_answer(handled)
    context["unfounded"] = review.facts.filter(pk__in=handled.unfounded)
    context["took_part"] = handled.is_pending and permissions.took_part(person, review)
    return render(request, "reviews/grade/objection_page.html", context, status=status)


def _step(request, pk, form_of: Callable, act: Callable, said: str) -> HttpResponse:
    """One step of an objection: a refusal gives the page back with what was typed."""
    handled = _handled(request, pk)
    form = form_of(handled)
    if not form.is_valid():
        return _page(request, handled, form=form, status=422)
    try:
        act(handled, form)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, _handled(request, pk), form=form, status=422)
    messages.success(request, said)
    return redirect("grade:handle_objection", pk)


@open_to(Role.ORGANIZER)
@require_POST
def acknowledge(request, pk):
    def act(handled, form):
        objecting.acknowledge(handled, by=request.user, **form.cleaned_data)

    return _step(request, pk, lambda _: AcknowledgeForm(request.POST), act, "已受理，等待没有参与原决定的人复核。")


@open_to(*permissions.REVIEWING)
@require_POST
def review_objection(request, pk):
    def act(handled, form):
        objecting.propose_answer(handled, form.answer, by=request.user)

    said = "复核意见已提出，等待另一人批准。批准前不告知本人。"
    return _step(request, pk, lambda handled: AnswerForm(request.POST, objection=handled), act, said)


@open_to(*permissions.DECIDING)
@require_POST
def return_answer(request, pk):
    def act(handled, form):
        objecting.return_answer(handled, by=request.user, **form.cleaned_data)

    return _step(request, pk, lambda _: ReasonForm(request.POST), act, "已退回复核。")


@open_to(*permissions.DECIDING)
@require_POST
def approve_answer(request, pk):
    objecting.approve_answer(_handled(request, pk), seen=request.POST.get("seen", ""), by=request.user)
    messages.success(request, "已批准答复，本人可以看到并签收。")
    return redirect("grade:handle_objection", pk)


@open_to(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def allow_late(request, pk):
    """准予逾期提出, for the letter of one review."""
    letters = Letter.objects.exclude(review__secretary=request.user).for_print()
    letter = get_object_or_404(letters, review=pk)
    if not permissions.may_allow_late(request.user, letter):
        raise PermissionDenied
    form = LateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            objecting.allow_late(letter, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已准予{letter.review.secretary}逾期提出异议。")
            return redirect("grade:letters", letter.review.campaign_id)
    context = {"letter": letter, "review": letter.review, "campaign": letter.review.campaign, "form": form}
    return render(request, "reviews/grade/objection_late.html", context, status=422 if form.errors else 200)
