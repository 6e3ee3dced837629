"""述职评议表: what fits on a page, and that no sheet of a panel can be told from another."""

import re
import zlib

import pytest

from organizations.errors import Refused
from reviews.documents import pdf
from reviews.documents.actions import ask_for_paper_ballots
from reviews.documents.paper_ballot import (
    ACROSS,
    TEMPLATE,
    UPRIGHT,
    build_paper_ballots,
    contexts_for,
    layouts_for,
    shared_out,
)
from scoring import booth
from scoring.models import Entry
from tests.reviews.ballot.hall import prepared, printed
from tests.reviews.documents.test_letters import pages_in, silent
from tests.scoring.boxes import make_clerk, make_draft


def panel_of(people: int, recusals: int = 0):
    """A panel that rates so many people, with names and posts of the usual length."""
    box = make_draft({"B": 20}, entries=people, each_panel={"recusals": recusals})
    box.entries.update(label="水文监测中心第一党总支 欧阳文斌", subtitle="党支部书记、办公室主任 现场述职")
    return box.panels.get()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("people", "pages", "is_wide"), [(5, 1, False), (12, 1, False), (13, 1, True), (18, 1, True), (40, 2, True)]
)
def test_up_to_twelve_people_stand_upright_more_lie_across_and_never_need_a_second_sheet(people, pages, is_wide):
    tries = list(contexts_for(panel_of(people, recusals=1), year=2026, is_large=False))

    document = pdf.lay_out_until(TEMPLATE, tries)

    page = document.pages[0]
    assert len(document.pages) == pages
    assert (page.width > page.height) == is_wide


@pytest.mark.django_db
@pytest.mark.parametrize("people", [5, 12, 18])
def test_the_large_print_takes_more_pages_and_fits_on_them(people):
    tries = list(contexts_for(panel_of(people), year=2026, is_large=True))

    document = pdf.lay_out_until(TEMPLATE, tries)

    assert len(document.pages) in {pages for _, pages in tries}
    assert document.pages[0].width < document.pages[0].height


@pytest.mark.parametrize("people", range(1, 61))
def test_everybody_stands_on_the_sheet_once_and_in_order(people):
    entries = [Entry(number=number) for number in range(1, people + 1)]

    for layout in [*UPRIGHT, *ACROSS]:
        pages = list(shared_out(entries, layout))

        assert [entry.number for page in pages for column in page for entry in column] == list(range(1, people + 1))
        assert max(len(column) for page in pages for column in page) <= layout.rows
        assert max(len(page) for page in pages) <= layout.columns


def test_the_layout_with_the_fewest_pages_is_tried_first():
    assert layouts_for(18, is_large=False)[0].is_wide
    assert not layouts_for(12, is_large=False)[0].is_wide
    assert not layouts_for(40, is_large=True)[0].is_wide


@pytest.mark.django_db
def test_so_many_identical_sheets_as_were_co_signed():
    hall = printed(paper={"A": 4})

    content = build_paper_ballots(hall.round.batches.get(), silent)

    assert pages_in(content) == 7  # four sheets of one page, each beginning on a right page
    drawn = [bytes(page) for page in drawn_pages(content)]
    assert len(drawn) == 7
    assert len(set(drawn)) == 2  # the sheet, and the blank back


def drawn_pages(content: bytes) -> list[bytes]:
    """What is drawn on every page, in order."""
    objects = {int(number): body for number, body in re.findall(rb"(\d+) 0 obj\s*(.*?)\s*endobj", content, re.S)}
    for body in list(objects.values()):
        if b"/ObjStm" in body:
            objects |= packed_objects(body)
    pages = [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]
    streams = [objects[int(re.search(rb"/Contents\s+(\d+)", page).group(1))] for page in pages]
    return [stream_of(stream) for stream in streams]


def packed_objects(body: bytes) -> dict[int, bytes]:
    inside, first = stream_of(body), int(re.search(rb"/First\s+(\d+)", body).group(1))
    numbers = [int(number) for number in inside[:first].split()]
    starts = [*[first + start for start in numbers[1::2]], len(inside)]
    return {number: inside[start:end] for number, start, end in zip(numbers[::2], starts, starts[1:], strict=False)}


def stream_of(body: bytes) -> bytes:
    start = re.search(rb"stream\r?\n", body).end()
    stream = body[start : start + int(re.search(rb"/Length\s+(\d+)", body).group(1))]
    return zlib.decompress(stream) if b"/FlateDecode" in body else stream


@pytest.mark.django_db
@pytest.mark.parametrize(("recusals", "stands"), [(0, False), (1, True)])
def test_a_panel_of_those_who_are_rated_has_a_column_for_oneself(recusals, stands):
    (context, _), *_ = contexts_for(panel_of(5, recusals), year=2026, is_large=False)

    html = pdf.render_to_string(TEMPLATE, context)

    assert ("本人<br>回避</th>" in html) == stands
    assert "不记名" in html
    assert "不选" not in html


@pytest.mark.django_db
def test_paper_is_not_laid_out_before_it_is_co_signed():
    hall = prepared()
    booth.make_keys(hall.box, by=make_clerk())
    batch = hall.round.batches.create(panel=hall.campaign.panels.get(), count=6, paper=4, by=hall.clerk)

    with pytest.raises(Refused, match="会签"):
        ask_for_paper_ballots(batch, by=hall.clerk)
