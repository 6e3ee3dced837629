"""述职评议表（附件1）: the paper ballot of one panel as PDF, so many identical sheets as were co-signed (DOMAIN F7).

No number, no mark, no name: the pages of one sheet are laid out once and repeated, so two sheets of a panel cannot
differ by a byte of what is drawn. Up to twelve people stand on one upright page; beyond that the sheet lies across with
two columns, and on its back if need be. What fits is found by laying it out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from organizations.jobs import Progress
from reviews.documents.pdf import lay_out_until, repeat_pdf
from reviews.models import SlipBatch
from scoring.models import Entry, Panel

TEMPLATE = "reviews/documents/paper_ballot.html"


@dataclass(frozen=True, slots=True)
class Layout:
    """How many columns of people stand side by side, and how many in each at most."""

    is_wide: bool
    columns: int
    rows: int

    @property
    def a_page(self) -> int:
        return self.columns * self.rows


UPRIGHT = [Layout(False, 1, rows) for rows in (12, 10, 8, 6, 4, 2)]
ACROSS = [Layout(True, 2, rows) for rows in (12, 10, 8, 6, 4, 2)]


def layouts_for(people: int, *, is_large: bool) -> list[Layout]:
    """Layouts worth trying, the fewest pages first; the large print (大字版) always stands upright."""
    tried = UPRIGHT if is_large or people <= UPRIGHT[0].rows else ACROSS
    return sorted(tried, key=lambda layout: (-(-people // layout.a_page), -layout.rows))


def shared_out(entries: Sequence[Entry], layout: Layout) -> Iterator[list[list[Entry]]]:
    """Pages of columns of people, in the order of the ballot, shared out evenly."""
    pages = -(-len(entries) // layout.a_page)
    a_page = -(-len(entries) // pages)
    rows = -(-a_page // layout.columns)
    for start in range(0, len(entries), a_page):
        page = entries[start : min(start + a_page, len(entries))]
        yield [page[top : top + rows] for top in range(0, len(page), rows)]


def contexts_for(panel: Panel, *, year: int, is_large: bool) -> Iterator[tuple[dict, int]]:
    """What the template needs, layout by layout, and how many pages it may take."""
    entries = list(panel.box.entries.all())
    for layout in layouts_for(len(entries), is_large=is_large):
        pages = list(shared_out(entries, layout))
        yield (
            {
                "title": f"{year}年度党组织书记抓基层党建工作情况述职评议表",
                "panel": panel,
                "grades": panel.box.grade_words,
                "is_rehearsal": panel.box.is_rehearsal,
                "pages": pages,
                "is_wide": layout.is_wide,
                "is_large": is_large,
            },
            len(pages),
        )


def build_paper_ballots(batch: SlipBatch, progress: Progress, *, is_large: bool = False) -> bytes:
    """All paper ballots of a co-signed batch in one file, front and back to be printed on one sheet.

    Raises Refused where the PDF system is missing.
    """
    panel = batch.round.box.panels.get(code=batch.panel.code)
    progress(0, batch.paper)
    sheet = lay_out_until(TEMPLATE, contexts_for(panel, year=batch.round.campaign.year, is_large=is_large))
    content = repeat_pdf(sheet, batch.paper)
    progress(batch.paper, batch.paper)
    return content
