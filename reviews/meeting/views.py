"""The console and the hall screen."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import READING, Role, open_to
from organizations.errors import Refused
from reviews.meeting import actions, floor, queries, told
from reviews.meeting.forms import AttendanceForm, ChairForm, OpenForm, OrderForm, TurnForm
from reviews.meeting.hall import picture_of
from reviews.meeting.models import Meeting, Turn
from reviews.meeting.permissions import may_count, may_run, may_watch, unready_reviews
from reviews.meeting.recording import may_note_by_hand
from reviews.meeting.turnout import turnout_of
from reviews.plan.models import Campaign, Stage

WATCHING = (*sorted(READING), Role.LEADER)


def campaign_for(request: HttpRequest, pk: int, allowed) -> Campaign:
    """The campaign, 404 unless visible, 403 unless ``allowed(person, campaign)``."""
    visible = Campaign.objects.visible_to(request.user).select_related("organizer", "meeting__chair")
    campaign = get_object_or_404(visible, pk=pk)
    if not allowed(request.user, campaign):
        raise PermissionDenied
    return campaign


def meeting_of(campaign: Campaign) -> Meeting | None:
    """The meeting of a campaign, None before it was first opened."""
    meeting = getattr(campaign, "meeting", None)
    if meeting:
        meeting.campaign = campaign
    return meeting


def opened_meeting(campaign: Campaign) -> Meeting:
    """The meeting of a campaign. Raises Refused before it was opened."""
    meeting = meeting_of(campaign)
    if meeting is None:
        raise Refused("评议会还没有召开。请先在会议控制台召开评议会。")
    return meeting


# --- console -----------------------------------------------------------------------------------


@require_safe
@never_cache
@open_to(*WATCHING)
def console(request: HttpRequest, pk: int) -> HttpResponse:
    """会议控制台: the agenda, the clock, the attendance. Before the meeting: what is still missing."""
    campaign = campaign_for(request, pk, may_watch)
    meeting = meeting_of(campaign)
    if meeting is None or campaign.stage in {Stage.PLANNING, Stage.REPORTING}:
        before = {"chair": meeting.chair_id, "timing": meeting.timing} if meeting else {}
        return preparation_page(request, campaign, OpenForm(campaign, initial=before))
    return console_page(request, campaign)


def preparation_page(request: HttpRequest, campaign: Campaign, form: OpenForm, status: int = 200) -> HttpResponse:
    """Before the meeting: whose report is missing, in which order they will speak, and the button that opens."""
    page = {
        "campaign": campaign,
        "form": form,
        "missing": list(unready_reviews(campaign)),
        "order": queries.speaking_order(campaign),
        "is_time": campaign.stage == Stage.REPORTING,
        "may_run": may_run(request.user, campaign),
    }
    return render(request, "reviews/meeting/preparation.html", page, status=status)


def console_page(request: HttpRequest, campaign: Campaign, *, status: int = 200, **forms_and_words) -> HttpResponse:
    """The whole console; forms that were refused are passed in as they were filled."""
    meeting = meeting_of(campaign)
    turnout = turnout_of(campaign)
    is_over = meeting.state == Meeting.State.ENDED and campaign.stage in floor.FLOOR_STAGES
    page = {
        **floor_context(request, meeting),
        "turnout": turnout,
        "may_count": is_counting(request, meeting),
        "attendance_form": AttendanceForm(turnout.rows),
        "chair_form": ChairForm(campaign, initial={"chair": meeting.chair_id, "timing": meeting.timing}),
        "written": queries.written_reviews(campaign),
        "drafts_left": queries.drafts_left(campaign) if campaign.stage in actions.COMMENT_STAGES else [],
        "may_note": may_note_by_hand(request.user, meeting),
        "may_name_chair": is_over and meeting.chair is None and may_run(request.user, campaign),
    }
    return render(request, "reviews/meeting/console.html", page | forms_and_words, status=status)


def floor_context(request: HttpRequest, meeting: Meeting, **words) -> dict:
    """What _floor.html needs, in the page and as a fragment."""
    shown = queries.floor_of(meeting, person=request.user)
    told.name_contacts(shown.turns, meeting.campaign)
    is_open = meeting.state == Meeting.State.OPEN and meeting.campaign.stage in floor.FLOOR_STAGES
    return {
        "campaign": meeting.campaign,
        "meeting": meeting,
        "floor": shown,
        "may_run": may_run(request.user, meeting.campaign),
        "has_buttons": is_open and may_run(request.user, meeting.campaign),
        **words,
    }


@require_safe
@never_cache
@open_to(*WATCHING)
def floor_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The floor for a console that asks whether anything has changed; 204 if nothing has."""
    meeting = opened_meeting(campaign_for(request, pk, may_watch))
    context = floor_context(request, meeting)
    if request.GET.get("stamp") == context["floor"].stamp:
        return HttpResponse(status=204)
    return render(request, "reviews/meeting/_floor.html", context)


def floor_answer(request: HttpRequest, campaign: Campaign, refused: Refused | None = None) -> HttpResponse:
    """After a press: the floor as it now is, with the sentence if the press was refused."""
    if not request.htmx:
        if refused:
            raise refused
        return redirect("meeting:console", pk=campaign.pk)
    meeting = Meeting.objects.select_related("campaign__organizer", "chair").get(campaign=campaign)
    context = floor_context(request, meeting, refused=refused)
    return render(request, "reviews/meeting/_floor.html", context, status=409 if refused else 200)


@require_POST
@open_to(Role.ORGANIZER)
def open_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """召开评议会."""
    campaign = campaign_for(request, pk, may_run)
    form = OpenForm(campaign, request.POST)
    if form.is_valid():
        try:
            actions.open_meeting(campaign, by=request.user, **form.cleaned_data)
        except Refused as refused:
            if campaign.stage != Stage.REPORTING:
                raise  # a second click: nothing typed is lost by the plain sentence
            form.add_error(None, str(refused))
            return preparation_page(request, campaign, form, status=409)
        return redirect("meeting:console", pk=pk)
    return preparation_page(request, campaign, form, status=422)


@require_POST
@open_to(Role.ORGANIZER)
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """One press on the console; gives back the floor, since one press may move two rows and the clock."""
    visible = Turn.objects.filter(meeting__campaign__in=Campaign.objects.visible_to(request.user))
    shown = get_object_or_404(visible.select_related("meeting__campaign__organizer"), pk=pk)
    if not may_run(request.user, shown.meeting.campaign):
        raise PermissionDenied
    try:
        press(shown, TurnForm(request.POST), request.user)
    except Refused as refused:
        return floor_answer(request, shown.meeting.campaign, refused)
    return floor_answer(request, shown.meeting.campaign)


def press(turn: Turn, form: TurnForm, person) -> None:
    """Do what the pressed button says. Raises Refused for an unknown button and for whatever the floor refuses."""
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    act, upcoming = form.cleaned_data["act"], form.cleaned_data["upcoming"]
    if act == "absent":
        floor.mark_absent(turn, reason=form.cleaned_data["absence"], by=person)
    elif act == "next":
        floor.next_turn(turn, upcoming or 0, by=person)
    elif act == "stand_in":
        name, post = form.cleaned_data["stand_in"], form.cleaned_data["stand_in_post"]
        floor.set_stand_in(turn, name=name, post=post, reason=form.cleaned_data["stand_in_reason"], by=person)
    else:
        verbs = {
            "start": floor.start_turn,
            "finish": floor.finish_turn,
            "pause": floor.pause_turn,
            "resume": floor.resume_turn,
            "reset": floor.reset_turn,
        }
        verbs[act](turn, by=person)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.ORGANIZER)
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """述职顺序: one step up or down (a row of the console), numbers typed by hand, or lots."""
    campaign = campaign_for(request, pk, may_run)
    meeting = opened_meeting(campaign)
    waiting = list(
        meeting.turns.filter(state=Turn.State.WAITING).select_related("review__organization", "review__secretary")
    )
    if request.method != "POST":
        return order_page(request, meeting, waiting, OrderForm(waiting))
    seen = numbers(request.POST.get("seen", ""))
    if request.POST.get("way") in {"up", "down", "drag"}:
        try:
            floor.reorder(meeting, wanted_order(request, seen), seen=seen, by=request.user)
        except Refused as refused:
            return floor_answer(request, campaign, refused)
        return floor_answer(request, campaign)
    if request.POST.get("way") == "lots":
        floor.draw_lots(meeting, seen=seen, by=request.user)
        return redirect("meeting:order", pk=pk)
    if seen != [turn.pk for turn in waiting]:
        raise Refused(floor.ORDER_CHANGED)
    form = OrderForm(waiting, request.POST)
    if not form.is_valid():
        return order_page(request, meeting, waiting, form, status=422)
    floor.reorder(meeting, form.sequence, seen=seen, by=request.user)
    return redirect("meeting:console", pk=pk)


def order_page(request, meeting: Meeting, waiting: list[Turn], form: OrderForm, status: int = 200) -> HttpResponse:
    rows = [(turn, form[f"place_{turn.pk}"]) for turn in waiting]
    page = {"campaign": meeting.campaign, "meeting": meeting, "rows": rows, "form": form}
    page["seen"] = ",".join(str(turn.pk) for turn in waiting)
    return render(request, "reviews/meeting/order.html", page, status=status)


def one_step(seen: list[int], moved: int, way: str) -> list[int]:
    """The order seen with one row moved one place; Refused if that row was not among those seen."""
    if moved not in seen:
        raise Refused("这一行已不在可调整之列，顺序没有改动。")
    place = seen.index(moved)
    target = place + (1 if way == "down" else -1)
    target = max(0, min(len(seen) - 1, target))
    sequence = seen[:place] + seen[place + 1 :]
    return [*sequence[:target], moved, *sequence[target:]]


def wanted_order(request: HttpRequest, seen: list[int]) -> list[int]:
    """The order a row of the console asks for: one step up or down, or as it was dragged."""
    if request.POST["way"] == "drag":
        return numbers(request.POST.get("sequence", ""))
    moved = (numbers(request.POST.get("turn", "")) or [0])[0]
    return one_step(seen, moved, request.POST["way"])


def numbers(text: str) -> list[int]:
    """ "3,5,8" -> [3, 5, 8]; what is no number is left out and so fails the comparison with what is true."""
    return [int(piece) for piece in text[:2_000].split(",") if piece.isascii() and piece.isdigit() and len(piece) < 10]


def is_counting(request: HttpRequest, meeting: Meeting) -> bool:
    """True while the page has the form of the sign-in."""
    return meeting.campaign.stage in floor.FLOOR_STAGES and may_count(request.user, meeting)


@require_POST
@open_to(Role.ORGANIZER)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """签到: how many came, by panel."""
    campaign = campaign_for(request, pk, may_run)
    meeting = opened_meeting(campaign)
    form = AttendanceForm(turnout_of(campaign).rows, request.POST)
    if not form.is_valid():
        return console_page(request, campaign, attendance_form=form, status=422)
    try:
        actions.record_attendance(meeting, form.present, excused=form.excused, by=request.user)
    except Refused as refused:
        if not is_counting(request, meeting):
            raise  # the form is no longer on the page, so the sentence would not be either
        form.add_error(None, str(refused))
        return console_page(request, campaign, attendance_form=form, status=409)
    return redirect("meeting:console", pk=pk)


@require_POST
@open_to(Role.ORGANIZER)
def chair(request: HttpRequest, pk: int) -> HttpResponse:
    """Who chairs, and when comments are given."""
    campaign = campaign_for(request, pk, may_run)
    meeting = opened_meeting(campaign)
    form = ChairForm(campaign, request.POST)
    if not form.is_valid():
        return console_page(request, campaign, chair_form=form, status=422)
    if meeting.state == Meeting.State.ENDED:
        actions.name_chair(meeting, chair=form.cleaned_data["chair"], by=request.user)
    else:
        actions.set_chair(meeting, by=request.user, **form.cleaned_data)
    return redirect("meeting:console", pk=pk)


@require_POST
@open_to(Role.ORGANIZER)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """散会."""
    campaign = campaign_for(request, pk, may_run)
    actions.end_meeting(opened_meeting(campaign), by=request.user)
    return redirect("meeting:minutes", pk=pk)


# --- hall ---------------------------------------------------------------------------------------


@require_safe
@never_cache
@open_to(*WATCHING)
def hall(request: HttpRequest, pk: int) -> HttpResponse:
    """大屏: the speaker and the countdown in huge digits, in a window of its own."""
    campaign = campaign_for(request, pk, may_watch)
    page = {"campaign": campaign, "picture": picture_of(campaign), "now": time_of_day()}
    return render(request, "reviews/meeting/hall.html", page)


@require_safe
@never_cache
@open_to(*WATCHING)
def hall_state(request: HttpRequest, pk: int) -> HttpResponse:
    """What the hall screen asks for twice a second; 204 while it shows the truth already.

    Every answer tells the time (Hall-At) and the seconds on the clock (Hall-Spent), so that the screen can say
    since when it has heard nothing and never goes by the clock of its own machine.
    """
    picture = picture_of(campaign_for(request, pk, may_watch))
    if request.GET.get("stamp") == picture.stamp:
        answer = HttpResponse(status=204)
    else:
        answer = render(request, "reviews/meeting/_hall.html", {"picture": picture})
    answer["Hall-At"] = time_of_day()
    answer["Hall-Spent"] = "" if picture.spent is None else str(picture.spent)
    return answer


def time_of_day() -> str:
    """ "14:03:22", the server's."""
    return f"{timezone.localtime():%H:%M:%S}"
