"""反馈: the letters of a campaign, looked through and sent; the secretary's own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations.access import SECRETARY, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.grade.feedback import actions, queries
from reviews.grade.feedback.forms import LettersForm
from reviews.grade.feedback.models import Letter
from reviews.grade.feedback.objecting import late_in_words
from reviews.grade.permissions import may_propose
from reviews.grade.views import campaign_of_grading, refuse_sight
from reviews.plan.models import Stage


@open_to(Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def letters(request, pk):
    """All letters in a list, the button that looks through them and the one that sends; afterwards who has signed."""
    campaign = campaign_of_grading(request, pk)
    refuse_sight(request, campaign)
    if request.method == "POST" and not may_propose(request.user, campaign):
        raise PermissionDenied
    may_send = campaign.stage == Stage.GRADING and may_propose(request.user, campaign)
    form = LettersForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            return redirect(f"{reverse('grade:letter_preview', args=[pk])}?{_asked(form)}")
        try:
            count = actions.send_letters(campaign, by=request.user, **form.cleaned_data)
        except Refused as refused:
            if not may_send:
                raise  # the page has no form any more to say it in
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已发出 {count} 份反馈函，问题已列入各人的整改台账，结果运用事项已列入清单。")
            return redirect("grade:letters", pk)
    rows = queries.letter_rows(campaign)
    context = {"campaign": campaign, "form": form, "rows": rows, "may_send": may_send}
    context["unsigned"] = sum(row.letter is not None and row.letter.signed_at is None for row in rows)
    context["is_approved"] = all(row.is_approved for row in rows)
    context["may_print"] = holds_any(request.user, {Role.ORGANIZER, Role.APPROVER}, campaign.organizer)
    return render(request, "reviews/grade/letters.html", context, status=422 if form.errors else 200)


def _asked(form: LettersForm) -> str:
    """The days of the form as the address of the preview carries them."""
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in form.cleaned_data.items()})
    return query.urlencode()


@open_to(Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR)
@require_GET
def letter_preview(request, pk):
    """One letter after another exactly as it will be sent, or as it was sent; ``?n=`` says which."""
    campaign = campaign_of_grading(request, pk)
    refuse_sight(request, campaign)
    rows = queries.letter_rows(campaign)
    number = _number(request.GET.get("n", "1"), len(rows))
    row, form = rows[number - 1], LettersForm(request.GET)
    letter = row.letter
    if letter is None:
        if not row.is_approved:
            raise Refused("等次尚未全部批准，还没有可以预览的反馈函。")
        if not form.is_valid():
            raise Refused("请先在“反馈”页填写整改期限，再逐份预览。")
        said = form.cleaned_data
        letter = actions.letter_of(row.review, said["rectify_by"], said["objection_days"], by=request.user)
    letter.review = row.review
    letter.review.campaign = campaign
    context = {"letter": letter, "review": row.review, "campaign": campaign, "problems": row.problems}
    context |= {"number": number, "count": len(rows), "row": row, "asked": "" if row.letter else _asked(form)}
    context["may_send"] = row.letter is None and may_propose(request.user, campaign)
    return render(request, "reviews/grade/letter_preview.html", context)


def _number(asked: str, count: int) -> int:
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and 1 <= int(asked) <= count):
        raise Http404
    return int(asked)


@open_to(SECRETARY)
@require_GET
def letter(request, pk):
    """The secretary's own letter, what he may do about it, what became of his objection, what follows."""
    return render(request, "reviews/grade/letter.html", _letter_context(own_letter(request, pk)))


def own_letter(request, review_pk) -> Letter:
    """The letter of the review if it is to the person; 404 else."""
    return get_object_or_404(Letter.objects.filter(review__secretary=request.user).for_print(), review=review_pk)


def _letter_context(letter: Letter) -> dict:
    problems = queries.problems_fed_back([letter])[letter.review_id]
    objections = list(letter.objections.select_related("change"))
    context = {"letter": letter, "review": letter.review, "campaign": letter.review.campaign, "problems": problems}
    context["objection"] = objections[0] if objections else None
    context["may_object"] = letter.is_window_open and not any(o.state != o.State.WITHDRAWN for o in objections)
    context["late"] = "" if letter.is_window_open else late_in_words(letter)
    context["consequences"] = letter.review.consequences.exclude(state="cancelled").select_related("talk")
    return context


@open_to(SECRETARY)
@require_POST
def sign(request, pk):
    actions.sign_letter(own_letter(request, pk), by=request.user)
    messages.success(request, "已签收。请到“整改台账”逐条认领问题。")
    return redirect("grade:letter", pk)
