"""催办 on screen: choose, look at every recipient and his text, confirm; and the reminders one has received."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from organizations.access import EVERYONE, READING, Role, open_to
from organizations.errors import Refused
from reviews.desk.reminders import TEXTS, About, counts_of, due_in, send_reminders
from reviews.plan.models import Campaign, Reminder
from reviews.plan.permissions import may_read, may_remind
from reviews.plan.reminding import LONGEST, mark_seen

ROWS = 100
MOST_KEYS = 5_000
REMINDERS = (Role.ORGANIZER, Role.APPROVER)


def campaign_to_remind(request: HttpRequest, pk: int) -> Campaign:
    """The campaign, or 404 if it is not the person's to see, 403 if he reminds nobody in it."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    if not may_remind(request.user, campaign):
        raise PermissionDenied
    return campaign


@require_safe
@open_to(*READING)
def reminders(request: HttpRequest, pk: int) -> HttpResponse:
    """催办: what can be reminded of, and who was reminded when, by whom, seen or not."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    if not may_read(request.user, campaign):
        raise PermissionDenied
    history = Reminder.objects.filter(review__campaign=campaign).select_related("review__organization", "to", "by")
    context = {
        "campaign": campaign,
        "may_remind": may_remind(request.user, campaign),
        "counts": counts_of(campaign),
        "page": Paginator(history, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "reviews/desk/reminders.html", context)


@require_safe
@open_to(*REMINDERS)
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is late with one thing: none is chosen beforehand, the text may be changed."""
    campaign = campaign_to_remind(request, pk)
    about = request.GET.get("about", About.REPORT)
    about = about if about in About.values else About.REPORT
    return _choose(request, campaign, About(about), TEXTS[about], [])


def _choose(
    request: HttpRequest, campaign: Campaign, about, text: str, keys: list[int], status=200, fault=""
) -> HttpResponse:
    due = due_in(campaign, about)
    context = {
        "campaign": campaign,
        "about": about,
        "abouts": About.choices,
        "due": due,
        "late": [each.review.pk for each in due if each.is_late],
        "plain": "\n".join(each.line for each in due),
        "text": text,
        "longest": LONGEST,
        "keys": keys,
        "fault": fault,
    }
    return render(request, "reviews/desk/remind.html", context, status=status)


def _asked(request: HttpRequest) -> tuple[str, str, list[int], bool]:
    """(about, text, review keys, again) out of a posted form; whatever is no key of a review is left out."""
    about = request.POST.get("about", "")
    if about not in About.values:
        raise Refused("没有这种催办事项。请从催办页面重新选择。")
    text = request.POST.get("text", "").strip()
    keys = [
        int(key)
        for key in request.POST.getlist("review")[:MOST_KEYS]
        if key.isascii() and key.isdecimal() and len(key) < 18
    ]
    return about, text, keys, request.POST.get("again") == "1"


@require_POST
@open_to(*REMINDERS)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every recipient with his deadline, his last reminder and the very text he would get. Sends nothing."""
    campaign = campaign_to_remind(request, pk)
    about, text, keys, again = _asked(request)
    due = due_in(campaign, about)
    if request.POST.get("which") in {"all", "late"}:
        keys = [each.review.pk for each in due if request.POST["which"] == "all" or each.is_late]
    chosen = [each for each in due if each.review.pk in set(keys)]
    if not chosen:
        return _choose(request, campaign, About(about), text, [], 422, "没有选择催办对象。请先勾选，再点“预览”。")
    try:
        lines = [(each, each.text(text)) for each in chosen]
    except Refused as refused:
        return _choose(request, campaign, About(about), text, keys, 422, str(refused))
    if long := [each for each, filled in lines if not 0 < len(filled) <= LONGEST]:
        fault = f"填好后的内容应为 1 至 {LONGEST} 字，发给{long[0].to}的不合要求，请修改。"
        return _choose(request, campaign, About(about), text, keys, 422, fault)
    context = {"campaign": campaign, "about": About(about), "lines": lines, "text": text, "again": again}
    return render(request, "reviews/desk/remind_preview.html", context)


@require_POST
@open_to(*REMINDERS)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what the preview showed; whoever has acted since then or was just reminded is passed over."""
    campaign = campaign_to_remind(request, pk)
    about, text, keys, again = _asked(request)
    outcome = send_reminders(campaign, about, keys, pattern=text, by=request.user, again=again)
    messages.success(request, f"已催办 {outcome.sent} 人，跳过 {len(outcome.skipped)} 人。")
    for review, why in outcome.skipped[:20]:
        messages.warning(request, f"跳过 {review.organization} {review.secretary}：{why}。")
    return redirect("desk:reminders", campaign.pk)


@require_POST
@open_to(EVERYONE)
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The recipient has read it."""
    reminder = get_object_or_404(Reminder.objects.filter(to=request.user), pk=pk)
    mark_seen(reminder, by=request.user)
    messages.success(request, "已标记为已阅。")
    return redirect("desk:workbench")
