"""The pages of an uploaded report: brought as file or paste, its parts corrected, taken into the draft."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from organizations.access import SECRETARY, open_to
from organizations.errors import Refused
from organizations.uploads import read_limited
from reviews.plan.models import Review
from reviews.report import permissions
from reviews.report.actions import sections_lost, take_upload, why_not_written
from reviews.report.forms import LONGEST_PASTE, PartFormSet, TakeForm, UploadForm, sections_of
from reviews.report.models import Section
from reviews.report.parts import cut_into_parts
from reviews.report.queries import report_of
from reviews.report.reading import read_text
from reviews.report.tidy import tidy
from reviews.report.views import own_review


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
            text = form.cleaned_data["text"] or text_of(form.cleaned_data["file"])
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return correction_page(request, review, edition=report.edition, text=text)
    status = 422 if form.errors else 200
    return render(request, "reviews/report/upload.html", {"form": form, **names(review)}, status=status)


def text_of(file) -> str:
    """The text of an uploaded file. Raises Refused for what is no report."""
    text = tidy(read_text(read_limited(file), file.name))
    if not text:
        raise Refused("文件里没有文字（可能只有图片）。请上传可以复制文字的文件。")
    if len(text) > LONGEST_PASTE:
        raise Refused(f"文件里有 {len(text):,} 字，超过 {LONGEST_PASTE:,} 字的上限。请确认选对了文件。")
    return text


def correction_page(request: HttpRequest, review: Review, *, edition: int, text: str) -> HttpResponse:
    """The parts of the text as the headings divide it, each with a proposed section, to correct."""
    parts = cut_into_parts(text)
    initial = [{"kind": part.kind, "text": part.text} for part in parts]
    page = {
        "parts": PartFormSet(initial=initial, prefix="part"),
        "form": TakeForm(initial={"edition": edition}),
        "lost": lost_labels(review, {part.kind for part in parts}),
        "is_guessed": any(part.kind for part in parts),
    }
    return render(request, "reviews/report/take.html", page | names(review))


@require_POST
@never_cache
@open_to(SECRETARY)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """采用: the corrected parts become the draft; asks before written text is replaced."""
    review = own_review(request, pk)
    parts, form = PartFormSet(request.POST, prefix="part"), TakeForm(request.POST)
    status, lost = 422, []
    if parts.is_valid() and form.is_valid():
        try:
            sections = sections_of(parts)
            lost = sections_lost(report_of(review), sections)
            take_upload(review, sections=sections, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Refused as refused:
            status = 409
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已采用上传的文字，请核对各部分和右侧的检查结果。")
            return redirect("report:write", review.pk)
    page = {"parts": parts, "form": form, "lost": lost, "is_guessed": True}
    return render(request, "reviews/report/take.html", page | names(review), status=status)


def lost_labels(review: Review, kinds: set[str]) -> list[str]:
    """The labels of sections that are written already and that the parts would replace."""
    written = report_of(review).sections
    return [Section(kind).label for kind in Section.values if kind in kinds and written[kind].strip()]


def names(review: Review) -> dict:
    return {"review": review, "campaign": review.campaign}
