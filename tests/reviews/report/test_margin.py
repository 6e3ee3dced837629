"""Findings and remarks over one text: the runs are the text, each letter under what covers it."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from reviews.report.vetting.margin import runs


@dataclass
class Span:
    start: int
    end: int


TEXT = "一二三四五六七八九十"
spans = st.tuples(st.integers(0, 14), st.integers(0, 14)).map(lambda pair: Span(*sorted(pair)))


def cut(findings=(), remarks=(), borders=()):
    return list(runs(TEXT, list(enumerate(findings, 1)), list(enumerate(remarks, 1)), borders))


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=6), st.lists(st.integers(0, 14), max_size=3))
def test_the_runs_are_the_text(findings, remarks, borders):
    assert "".join(run.text for run in cut(findings, remarks, list(enumerate(borders, 1)))) == TEXT


@given(st.lists(spans, max_size=6))
def test_every_letter_of_a_remark_knows_it(remarks):
    position = 0
    for run in cut(remarks=remarks):
        over = {n for n, span in enumerate(remarks, 1) if span.start <= position < min(span.end, len(TEXT))}
        if run.text:
            assert set(run.remarks) == over
        position += len(run.text)


@given(st.lists(spans, max_size=6), st.lists(spans, max_size=6))
def test_each_place_to_link_to_stands_once(findings, remarks):
    found = cut(findings, remarks)

    opened = [run.opens for run in found if run.opens]
    begun = [number for run in found for number in run.begins]

    assert len(set(opened)) == len(opened)
    assert len(set(begun)) == len(begun)


def test_a_remark_inside_a_finding_shows_both():
    found = cut([Span(2, 6)], [Span(4, 8)])

    assert [(run.text, run.finding, run.remarks) for run in found] == [
        ("一二", 0, ()),
        ("三四", 1, ()),
        ("五六", 1, (1,)),
        ("七八", 0, (1,)),
        ("九十", 0, ()),
    ]


def test_where_findings_overlap_the_first_keeps_the_letters():
    found = cut([Span(0, 4), Span(2, 6)])

    assert [(run.text, run.finding, run.opens) for run in found] == [
        ("一二三四", 1, 1),
        ("五六", 2, 2),
        ("七八九十", 0, 0),
    ]


def test_a_border_stands_at_its_place_even_at_the_end():
    assert [(run.text, run.borders) for run in cut(borders=[(1, 10)])] == [(TEXT, ()), ("", (1,))]
