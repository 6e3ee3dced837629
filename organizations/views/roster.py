"""导入花名册: upload, correct the columns, look at every row, import in one go."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations import importing
from organizations.access import open_to
from organizations.apart import run_apart
from organizations.errors import Refused
from organizations.forms import LayoutForm, UploadForm
from organizations.importing import Roster
from organizations.jobs import delete_old_files
from organizations.models import Person, RosterFile
from organizations.register import KEEPERS
from organizations.roster import COLUMNS, Layout, Level, guess_header
from organizations.roster_plan import Outcome, Plan
from organizations.uploads import read_limited
from organizations.views.pages import page_of, posted

ROWS_PER_PAGE = 100
UPLOADS_SHOWN = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@open_to(*KEEPERS)
def upload(request: HttpRequest) -> HttpResponse:
    """Take a workbook and guess how to read it."""
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = _keep(form.cleaned_data["file"], request.user)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("organizations:import_file", kept.pk)
    page = {"form": form, "columns": COLUMNS, "uploads": request.user.roster_files.all()[:UPLOADS_SHOWN]}
    return render(request, "organizations/import.html", page, status=422 if form.errors else 200)


def _keep(file, person: Person) -> RosterFile:
    delete_old_files()
    content = read_limited(file)
    run_apart("organizations.sheets:prove_workbook", content)
    roster = importing.read_roster(content)
    kept = RosterFile(person=person, filename=file.name[-200:], sha256=importing.digest_of(content))
    kept.layout = roster.layout.as_json() if roster.layout else {}
    kept.file.save(f"{kept.sha256[:16]}.xlsx", ContentFile(content), save=False)
    kept.save()
    return kept


def _opened(request: HttpRequest, pk: int) -> tuple[RosterFile, Roster]:
    kept = get_object_or_404(request.user.roster_files, pk=pk)
    try:
        with kept.file.open("rb") as file:
            content = file.read()
    except (FileNotFoundError, ValueError) as error:  # ValueError: taken away after a day
        raise Refused("这个文件已从服务器上清理，请重新上传。") from error
    return kept, importing.read_roster(content, Layout.from_json(kept.layout) if kept.layout else None)


@dataclass(slots=True)
class ShownRow:
    """One row of the dry run as the page shows it."""

    number: int
    name: str
    outcome: Outcome
    words: list[str]
    entries: list


def _shown(plan: Plan, only: str) -> list[ShownRow]:
    rows = [ShownRow(row.number, row.name, plan.outcome(row), plan.words(row), row.entries) for row in plan.rows]
    if only == "warning":
        return [row for row in rows if any(entry.level is Level.WARNING for entry in row.entries)]
    return [row for row in rows if row.outcome.value == only] if only else rows


@require_GET
@open_to(*KEEPERS)
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The mapping to correct and, below it, the dry run row by row."""
    kept, roster = _opened(request, pk)
    page = {"kept": kept, "roster": roster, "form": _layout_form(roster)}
    try:
        plan = importing.plan_roster(roster, by=request.user)
    except Refused as refused:
        page["refused"] = refused
    else:
        totals = plan.totals()
        only = request.GET.get("only", "" if not totals["refused"] else "refused")
        page |= {
            "plan": plan,
            "totals": totals,
            "only": only,
            "page": page_of(request, _shown(plan, only), ROWS_PER_PAGE),
            "has_work": totals["new"] or totals["changed"],
            "warnings": len(_shown(plan, "warning")),
        }
    return render(request, "organizations/import_file.html", page)


def _layout_form(roster: Roster, said=None) -> LayoutForm:
    layout = roster.layout
    headings = roster.headings() or [""] * roster.grid.width
    initial = {"sheet": roster.grid.name, "header_start": 1, "header_end": 1}
    if layout:
        initial |= {"header_start": layout.header_start + 1, "header_end": layout.header_end}
        initial |= {f"column_{key}": number for key, number in layout.columns.items()}
    return LayoutForm([grid.name for grid in roster.grids], headings, said, initial=initial)


@require_POST
@open_to(*KEEPERS)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the corrected mapping; another sheet is guessed afresh."""
    kept, roster = _opened(request, pk)
    form = _layout_form(roster, request.POST)
    if not form.is_valid():
        page = {"kept": kept, "roster": roster, "form": form}
        return render(request, "organizations/import_file.html", page, status=422)
    said = form.cleaned_data
    if said["sheet"] != roster.grid.name:
        grid = next(grid for grid in roster.grids if grid.name == said["sheet"])
        layout = guess_header(grid) or Layout(grid.name, 0, 1, {})
    else:
        layout = Layout(said["sheet"], said["header_start"] - 1, said["header_end"], form.columns())
    kept.layout = layout.as_json()
    kept.save(update_fields=["layout"])
    return redirect("organizations:import_file", kept.pk)


@require_POST
@open_to(*KEEPERS)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what the dry run showed, all of it or nothing."""
    kept, roster = _opened(request, pk)
    plan = importing.apply_roster(
        roster,
        by=request.user,
        filename=kept.filename,
        expected=request.POST.get("expected", ""),
        only_good="only_good" in request.POST,
    )
    kept.totals, kept.applied_at = plan.totals(), timezone.now()
    kept.save(update_fields=["totals", "applied_at"])
    said = "，".join(f"{outcome.label} {kept.totals[outcome.value]} 行" for outcome in Outcome)
    messages.success(request, f"导入完成：{said}。")
    return redirect("organizations:import_file", kept.pk)


@require_GET
@open_to(*KEEPERS)
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a workbook, to correct and upload again."""
    _, roster = _opened(request, pk)
    plan = importing.plan_roster(roster, by=request.user)
    answer = HttpResponse(importing.error_rows(roster, plan), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="roster-errors.xlsx"'
    return answer
