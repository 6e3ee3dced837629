"""A whole comment script at once: pasted or uploaded, split by person, matched, corrected, saved together."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from organizations.access import Role, open_to
from organizations.apart import run_apart
from organizations.errors import Refused
from organizations.models import Person
from organizations.uploads import read_limited
from reviews.ledger.points import split_points
from reviews.meeting import queries
from reviews.meeting.actions import COMMENT_STAGES, ScriptLine, save_script
from reviews.meeting.forms import LONGEST_SCRIPT, MOST_ENTRIES, EntryFormSet, PasteForm
from reviews.meeting.matching import UNMATCHED, match_entries
from reviews.meeting.models import Comment
from reviews.meeting.permissions import leaders_of, may_run
from reviews.meeting.points import ScriptEntry, split_script
from reviews.meeting.views import campaign_for
from reviews.plan.models import Campaign, Review
from reviews.report.word.reading import reading_from

LABEL = re.compile(r"^\s*(?:存在的?)?主要不足\s*[：:]\s*")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.ORGANIZER)
def script(request: HttpRequest, pk: int) -> HttpResponse:
    """录入点评稿: paste or upload; what was found is shown for correction, nothing is saved yet."""
    campaign = campaign_for(request, pk, may_run)
    form = PasteForm(campaign, request.POST or None, request.FILES or None)
    if request.method != "POST":
        page = {"campaign": campaign, "form": form, "is_open": campaign.stage in COMMENT_STAGES}
        return render(request, "reviews/meeting/script.html", page)
    if form.is_valid():
        try:
            entries = entries_of(form)
        except Refused as refused:
            form.add_error("file" if form.cleaned_data["file"] else "script", str(refused))
        else:
            return correction_page(request, campaign, entries, form.cleaned_data["leader"])
    return render(
        request, "reviews/meeting/script.html", {"campaign": campaign, "form": form, "is_open": True}, status=422
    )


def entries_of(form: PasteForm) -> list[ScriptEntry]:
    """The entries of the pasted or uploaded script. Raises Refused for a file that cannot be read or has none."""
    file = form.cleaned_data["file"]
    if file:
        reading = run_apart("reviews.report.word.reading:read_apart", read_limited(file), file.name)
        text = reading_from(reading).text
    else:
        text = form.cleaned_data["script"]
    if len(text) > LONGEST_SCRIPT:
        raise Refused(f"文件里有 {len(text):,} 字，超过 {LONGEST_SCRIPT:,} 字的上限。请确认选对了文件。")
    entries = split_script(text)
    if not entries:
        raise Refused("没有找到按人分条的点评。每人一条，例如“1、某某党支部书记某某同志”，下一行写点评。")
    if len(entries) > MOST_ENTRIES:
        raise Refused(f"找到 {len(entries)} 条点评，一次最多录入 {MOST_ENTRIES} 条。请分几次录入。")
    return entries


def correction_page(
    request: HttpRequest, campaign: Campaign, entries: list[ScriptEntry], leader: Person
) -> HttpResponse:
    """Every entry with the review it was matched to, to be put right by hand."""
    reviews, leaders = choices_of(campaign)
    matches = match_entries(
        [(entry.number, entry.organization, entry.person) for entry in entries],
        queries.candidates_of(list(reviews.values())),
    )
    initial = [
        {
            "number": entry.number,
            "heading": f"{entry.organization}书记{entry.person}同志"[:200],
            "how": match.how,
            "include": match.how != UNMATCHED,
            "review": match.key,
            "leader": leader.pk,
            "text": words_of(entry),
        }
        for entry, match in zip(entries, matches, strict=True)
    ]
    formset = EntryFormSet(initial=initial, prefix="entry", form_kwargs={"reviews": reviews, "leaders": leaders})
    return script_page(request, campaign, formset, leader=leader)


def words_of(entry: ScriptEntry) -> str:
    """The comment without its label "主要不足：", as long as the same points are found in it."""
    bare = LABEL.sub("", entry.text.strip(), count=1)
    return bare if split_points(bare) == entry.points else entry.text.strip()


def choices_of(campaign: Campaign) -> tuple[dict[int, Review], dict[int, Person]]:
    """Reviews in speaking order and leaders, by key."""
    reviews = {review.pk: review for review in queries.speaking_order(campaign)}
    return reviews, {person.pk: person for person in leaders_of(campaign)}


def script_page(request: HttpRequest, campaign: Campaign, formset, *, status: int = 200, **words) -> HttpResponse:
    """The correction form, with the points of each entry and the comments that are already there."""
    said = set(Comment.objects.filter(review__campaign=campaign).values_list("review_id", "by_id"))
    for form in formset:
        form.points = split_points(form["text"].value() or "")
        keys = (number_in(form["review"].value()), number_in(form["leader"].value()))
        form.is_said = keys in said
        form.is_unmatched = form["how"].value() == UNMATCHED
    rows = {"found": len(formset.forms), "matched": sum(not form.is_unmatched for form in formset)}
    counts = {"points": sum(len(form.points) for form in formset)}
    page = {"campaign": campaign, "formset": formset, **rows, **counts, **words}
    return render(request, "reviews/meeting/script_check.html", page, status=status)


def number_in(value) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@require_POST
@open_to(Role.ORGANIZER)
def script_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the corrected script: all the entries that were left in, or none."""
    campaign = campaign_for(request, pk, may_run)
    reviews, leaders = choices_of(campaign)
    formset = EntryFormSet(request.POST, prefix="entry", form_kwargs={"reviews": reviews, "leaders": leaders})
    if not formset.is_valid():
        return script_page(request, campaign, formset, status=422, refused="有几处需要改正，还没有保存任何一条。")
    lines = [
        ScriptLine(entry["number"], reviews[entry["review"]], leaders[entry["leader"]], entry["text"], entry["replace"])
        for entry in formset.cleaned_data
        if entry.get("include")
    ]
    try:
        count = save_script(campaign, lines, by=request.user)
    except Refused as refused:
        return script_page(request, campaign, formset, status=409, refused=f"{refused} 还没有保存任何一条。")
    messages.success(request, f"已录入 {count} 条点评，要点已登记为整改问题，主持人放行前本人不可见。")
    return redirect("meeting:prepare", pk=pk)
