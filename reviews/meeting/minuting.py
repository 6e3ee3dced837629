"""The pages of the minutes: read and print, edit, sign, reopen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import Role, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Person
from reviews.meeting import queries, recording
from reviews.meeting.forms import MinutesForm
from reviews.meeting.merging import headed_lines, is_unsettled
from reviews.meeting.models import Meeting
from reviews.meeting.permissions import (
    may_edit_minutes,
    may_read_minutes,
    may_reopen_minutes,
    may_run,
    may_sign_as_chair,
    may_watch,
)
from reviews.meeting.record_models import Minutes
from reviews.meeting.views import WATCHING, campaign_for, meeting_of, opened_meeting
from reviews.plan.models import Campaign


@require_safe
@never_cache
@open_to(*WATCHING)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """会议记录, to read and print: the facts as they collect themselves, or the text once it was put in order."""
    campaign = campaign_for(request, pk, may_watch)
    meeting = meeting_of(campaign)
    return minutes_page(request, campaign, meeting)


def minutes_page(request: HttpRequest, campaign: Campaign, meeting: Meeting | None, **words) -> HttpResponse:
    """The facts or the text, with what the reader may do next."""
    person = request.user
    page = {"campaign": campaign, "meeting": meeting}
    if meeting:
        may_read = may_read_minutes(person, campaign)
        text = recording.in_force(meeting) if may_read else None
        page |= {
            "text": text,
            "lines": headed_lines(text.text) if text and text.state != Minutes.State.DRAFT else [],
            "older": older_minutes(meeting) if may_read else [],
            "may_edit": may_edit_minutes(person, campaign),
            "may_sign": may_sign_as_chair(person, meeting) and text is not None and text.recorder_id != person.pk,
            "may_reopen": may_reopen_minutes(person, campaign),
            "not_over": recording.not_over(meeting),
        }
        if not page["lines"]:
            page |= queries.minutes_of(meeting, person)
    return render(request, "reviews/meeting/minutes.html", page | words)


def older_minutes(meeting: Meeting) -> list[Minutes]:
    """What was signed and reopened, as it was signed."""
    older = list(
        meeting.minutes.filter(state=Minutes.State.SUPERSEDED).select_related("recorder", "chair", "reopened_by")
    )
    for text in older:
        text.lines = headed_lines(text.text)
    return older


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.ORGANIZER)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """整理会议记录: gather the facts, edit, save, sign as the recorder."""
    campaign = campaign_for(request, pk, may_run)
    meeting = opened_meeting(campaign)
    if not may_edit_minutes(request.user, campaign):
        raise Refused("您参加本次述职，会议记录请由另一位经办人整理。")
    if request.method != "POST":
        text = recording.in_force(meeting)
        return edit_page(request, meeting, text, form_of(text))
    if request.POST.get("way") == "gather" and recording.in_force(meeting) is None:
        recording.gather_minutes(meeting, by=request.user)
        return redirect("meeting:minutes_edit", pk=pk)
    return edited(request, meeting)


def edited(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Save what stands in the box, then do what the button says. A refused box comes back as it was filled."""
    way, form = request.POST.get("way"), MinutesForm(request.POST)
    if not form.is_valid():
        return edit_page(request, meeting, recording.in_force(meeting), form, status=422)
    try:
        text = recording.save_minutes(meeting, **form.cleaned_data, by=request.user)
        form = form_of(text)
        if way == "gather":
            recording.gather_minutes(meeting, by=request.user)
        elif way == "sign":
            recording.sign_as_recorder(meeting, edition=text.edition, by=request.user)
            return redirect("meeting:minutes", pk=meeting.campaign.pk)
    except Refused as refused:
        return refused_page(request, meeting, form, refused)
    return redirect("meeting:minutes_edit", pk=meeting.campaign.pk)


def refused_page(request: HttpRequest, meeting: Meeting, form: MinutesForm, refused: Refused) -> HttpResponse:
    """The box as it was filled, with the sentence; after a collision the other text beside it."""
    current = refused.current if isinstance(refused, recording.StaleMinutes) else None
    if current:
        form = MinutesForm(initial={"text": form.data.get("text", ""), "edition": current.edition})
    text = recording.in_force(meeting)
    return edit_page(request, meeting, text, form, status=409, refused=refused, current=current)


def form_of(text: Minutes | None) -> MinutesForm | None:
    return MinutesForm(initial={"text": text.text, "edition": text.edition}) if text else None


def edit_page(
    request: HttpRequest, meeting: Meeting, text: Minutes | None, form: MinutesForm | None, *, status=200, **words
) -> HttpResponse:
    page = {
        "campaign": meeting.campaign,
        "meeting": meeting,
        "text": text,
        "form": form,
        "is_draft": text is None or text.state == Minutes.State.DRAFT,
        "is_unsettled": text is not None and is_unsettled(text.text),
        "not_over": recording.not_over(meeting),
        "has_new_facts": text is not None and recording.has_new_facts(meeting, text, by=request.user),
    }
    return render(request, "reviews/meeting/minutes_edit.html", page | words, status=status)


@require_POST
@open_to(Role.ORGANIZER)
def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the text as it is typed; answers with the line that says so and the edition to go on from."""
    meeting = opened_meeting(campaign_for(request, pk, may_run))
    form = MinutesForm(request.POST)
    if not form.is_valid():
        words = next(iter(form.errors.values()))[0]
        return saved_line(request, form.data.get("edition", "0")[:10], f"没有保存：{words}", status=422)
    try:
        text = recording.save_minutes(meeting, **form.cleaned_data, by=request.user)
    except Refused as refused:
        return saved_line(request, form.cleaned_data["edition"], str(refused), status=409)
    return saved_line(request, text.edition, f"已自动保存（{timezone.localtime():%H:%M:%S}）。")


def saved_line(request: HttpRequest, edition, words: str, status: int = 200) -> HttpResponse:
    page = {"edition": edition, "words": words, "is_refused": status != 200}
    return render(request, "reviews/meeting/_minutes_saved.html", page, status=status)


@require_POST
@open_to(Role.LEADER, Role.APPROVER)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """主持人签定."""
    meeting = opened_meeting(campaign_for(request, pk, may_stand_for_chair))
    recording.sign_as_chair(meeting, digest=request.POST.get("digest", "")[:64], by=request.user)
    return redirect("meeting:minutes", pk=pk)


def may_stand_for_chair(person: Person, campaign: Campaign) -> bool:
    """Those among whom the chair is found; the verb asks whether it is this one."""
    return holds_any(person, {Role.LEADER, Role.APPROVER}, campaign.organizer)


@require_POST
@open_to(Role.APPROVER)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """退回重签, with a reason."""
    meeting = opened_meeting(campaign_for(request, pk, may_approve))
    recording.reopen_minutes(meeting, reason=request.POST.get("reason", ""), by=request.user)
    return redirect("meeting:minutes", pk=pk)


def may_approve(person: Person, campaign: Campaign) -> bool:
    return holds_any(person, {Role.APPROVER}, campaign.organizer)


@require_POST
@open_to(Role.ORGANIZER)
def happening(request: HttpRequest, pk: int) -> HttpResponse:
    """记一笔."""
    meeting = opened_meeting(campaign_for(request, pk, may_run))
    recording.note_by_hand(meeting, words=request.POST.get("words", ""), by=request.user)
    return redirect("meeting:console", pk=pk)
