"""The pages of an uploaded report: brought as file or paste, its parts corrected, taken into the draft."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from organizations.access import SECRETARY, open_to
from organizations.apart import run_apart
from organizations.errors import Refused
from organizations.uploads import read_limited
from reviews.plan.models import Review
from reviews.report import permissions
from reviews.report.actions import sections_lost, take_upload, why_not_written
from reviews.report.models import Section
from reviews.report.queries import report_of
from reviews.report.tidy import tidy
from reviews.report.views import own_review
from reviews.report.word.forms import (
    LONGEST_NOTICES,
    LONGEST_PASTE,
    SHIFT,
    PartFormSet,
    TakeForm,
    UploadForm,
    formset_of,
    sections_of,
)
from reviews.report.word.parts import (
    CUT_HINT,
    DROPPED,
    MOST_PARTS,
    UNPLACED,
    Part,
    cut_into_parts,
    merge_up,
    move_first_line_up,
    move_last_line_down,
    split_part,
)
from reviews.report.word.reading import Reading, reading_from


@dataclass(frozen=True, slots=True)
class Sum:
    """What the parts of one section come to: its name, the numbers of its parts, its non-blank characters."""

    kind: str
    label: str
    numbers: list[int]
    chars: int


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(SECRETARY)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """上传或粘贴全文: cut into parts for correction. Nothing is kept before they are taken."""
    review = own_review(request, pk)
    report = report_of(review)
    if not permissions.may_write(request.user, report):
        raise Refused(why_not_written(report))
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            pasted = form.cleaned_data["text"]
            reading = Reading(pasted) if pasted else reading_of(form.cleaned_data["file"])
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return first_page(request, review, edition=report.edition, reading=reading)
    status = 422 if form.errors else 200
    return render(request, "reviews/report/upload.html", {"form": form, **names(review)}, status=status)


def reading_of(file) -> Reading:
    """The text of an uploaded file, read by a process of its own. Raises Refused for what is no report."""
    reading = reading_from(run_apart("reviews.report.word.reading:read_apart", read_limited(file), file.name))
    text = tidy(reading.text)
    if not text:
        raise Refused("文件里没有文字（可能只有图片）。请上传可以复制文字的文件。")
    if len(text) > LONGEST_PASTE:
        raise Refused(f"文件里有 {len(text):,} 字，超过 {LONGEST_PASTE:,} 字的上限。请确认选对了文件。")
    return Reading(text, reading.notices, reading.strong)


def first_page(request: HttpRequest, review: Review, *, edition: int, reading: Reading) -> HttpResponse:
    """The parts of the text as the headings divide it, each with a proposed section, to correct."""
    parts = cut_into_parts(reading.text, reading.strong)
    told = {True: [], False: []}
    for notice in reading.notices:
        told[notice.is_grave].append(notice.text)
    initial = {name: "\n".join(told[grave])[:LONGEST_NOTICES] for name, grave in (("grave", True), ("notices", False))}
    form = TakeForm(initial=initial | {"edition": edition})
    return correction_page(request, review, parts=formset_of(parts), form=form)


@require_POST
@never_cache
@open_to(SECRETARY)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """采用: the corrected parts become the draft; asks before written text is replaced. Or a cut is shifted."""
    review = own_review(request, pk)
    parts, form = PartFormSet(request.POST, prefix="part"), TakeForm(request.POST)
    if not (parts.is_valid() and form.is_valid()):
        return correction_page(request, review, parts=parts, form=form, status=422)
    brought = [part.part for part in parts]
    if "shift" in request.POST:
        return shifted_page(request, review, parts=parts, form=form)
    said = {name: form.cleaned_data[name] for name in ("edition", "overwrite")}
    try:
        take_upload(review, sections=sections_of(brought), by=request.user, **said)
    except ValidationError as error:
        form.add_error(None, error)
        return correction_page(request, review, parts=parts, form=form, status=422)
    except Refused as refused:
        form.add_error(None, str(refused))
        return correction_page(request, review, parts=parts, form=form, status=409)
    messages.success(request, "已采用上传的文字，请核对各部分和右侧的检查结果。")
    return redirect("report:write", review.pk)


def shifted_page(request: HttpRequest, review: Review, *, parts, form: TakeForm) -> HttpResponse:
    """The page again after a button of a part: joined, cut, or a line moved over its border. Nothing is kept."""
    brought = [part.part for part in parts]
    asked = SHIFT.fullmatch(request.POST["shift"])
    verb, at = (asked[1], int(asked[2])) if asked else ("", 0)
    done = shift(brought, verb, at, row=parts[at].cleaned_data.get("row") if at < len(parts.forms) else None)
    if done is None:
        form.add_error(None, CUT_HINT if verb == "split" else "这一步不能做，文字没有变化。请看各块的按钮。")
        return correction_page(request, review, parts=parts, form=form, status=422)
    if len(done) > MOST_PARTS:
        form.add_error(None, f"最多分成 {MOST_PARTS} 块，请先合并几块再拆。")
        return correction_page(request, review, parts=parts, form=form, status=422)
    return correction_page(request, review, parts=formset_of(done), form=form)


def shift(parts: list[Part], verb: str, at: int, *, row: int | None) -> list[Part] | None:
    """The parts after one step; None for a step that cannot be done."""
    if verb == "count":
        return parts
    if at >= len(parts):
        return None
    if verb == "split":
        return split_part(parts, at, row)
    if verb in {"merge", "up"} and at > 0:
        return merge_up(parts, at) if verb == "merge" else move_first_line_up(parts, at)
    if verb == "down" and at + 1 < len(parts):
        return move_last_line_down(parts, at)
    return None


def correction_page(request: HttpRequest, review: Review, *, parts, form: TakeForm, status: int = 200) -> HttpResponse:
    """The parts to correct, what they come to by section, and what is known of the file."""
    shown = [part.shown for part in parts.forms]
    taken = {part.kind for part in shown if part.kind in Section and part.text}
    sections = {kind: "\n".join(part.text for part in shown if part.kind == kind) for kind in sorted(taken)}
    page = {
        "parts": parts,
        "lines": list(zip(parts.forms, shown, strict=True)),
        "form": form,
        "sums": sums_of(shown),
        "total": sum(part.chars for part in shown),
        "lost": sections_lost(report_of(review), sections),
        "is_guessed": bool(taken),
        "notices": str(form["notices"].value() or "").splitlines(),
        "grave": str(form["grave"].value() or "").splitlines(),
    }
    return render(request, "reviews/report/take.html", page | names(review), status=status)


def sums_of(parts: list[Part]) -> list[Sum]:
    """What each section gets, then what is dropped and what still waits; every character is in one of them."""
    labels = [*Section.choices, (DROPPED, "不采用"), (UNPLACED, "还没归入")]
    found = []
    for kind, label in labels:
        numbers = [number for number, part in enumerate(parts, start=1) if part.kind == kind]
        found.append(Sum(kind, label, numbers, sum(parts[number - 1].chars for number in numbers)))
    return found


def names(review: Review) -> dict:
    return {"review": review, "campaign": review.campaign}
