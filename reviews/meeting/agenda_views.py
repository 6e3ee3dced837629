"""Presses on the agenda; each answers with the floor as it now is."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from organizations.access import Role, open_to
from organizations.errors import Refused
from organizations.models import Person
from reviews.meeting import agenda
from reviews.meeting.forms import AgendaForm
from reviews.meeting.models import Meeting
from reviews.meeting.permissions import may_run
from reviews.meeting.views import campaign_for, floor_answer, numbers, one_step, opened_meeting


@require_POST
@open_to(Role.ORGANIZER)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One press: up, down, dragged, done, not done, renamed, added, dropped."""
    campaign = campaign_for(request, pk, may_run)
    meeting = opened_meeting(campaign)
    try:
        press(request, meeting, AgendaForm(request.POST), request.user)
    except Refused as refused:
        return floor_answer(request, campaign, refused)
    return floor_answer(request, campaign)


def press(request: HttpRequest, meeting: Meeting, form: AgendaForm, by: Person) -> None:
    """Do what the button says. Raises Refused for an unknown button and for whatever the agenda refuses."""
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    way, title, item = form.cleaned_data["way"], form.cleaned_data["title"], form.cleaned_data["item"] or 0
    seen = numbers(request.POST.get("seen", ""))
    if way == "add":
        agenda.add_item(meeting, title=title, by=by)
    elif way == "rename":
        agenda.rename_item(meeting, item, title=title, by=by, seen=request.POST.get("was", ""))
    elif way == "drop":
        agenda.drop_item(meeting, item, by=by)
    elif way in {"done", "undone"}:
        agenda.tick_item(meeting, item, is_done=way == "done", by=by)
    elif way == "drag":
        agenda.arrange_items(meeting, numbers(request.POST.get("sequence", "")), seen=seen, by=by)
    else:
        agenda.arrange_items(meeting, one_step(seen, item, way), seen=seen, by=by)
