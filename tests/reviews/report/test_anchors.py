"""考核内容对照: where quoted words stand in a text, and what a line says of an item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.beside.anchors import item_lines, place_of
from reviews.report.models import Anchor
from tests.make import make_report

TEXT = "（一）抓学习。全年集中学习十次，\n带头讲党课三次。"


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("全年集中学习", "全年集中学习"),
        ("十次， 带头讲", "十次，\n带头讲"),
        ("全年\n集中", "全年集中"),
        ("没有写过", None),
        ("", None),
        (" \n", None),
    ],
)
def test_quoted_words_are_found_whatever_the_blanks(quote, found):
    place = place_of(quote, TEXT)

    assert (place and TEXT[place[0] : place[1]]) == found


@given(st.text("甲乙丙 \n。", max_size=30), st.text("甲乙丙 \n。", max_size=6))
def test_a_place_holds_the_letters_that_were_sought(text, quote):
    place = place_of(quote, text)

    if place:
        assert "".join(text[place[0] : place[1]].split()) == "".join(quote.split())
    else:
        assert "".join(quote.split()) == "" or "".join(quote.split()) not in "".join(text.split())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("anchor", "lack"),
    [
        (None, "没有标注“已写”"),
        ({}, "没有关联到正文"),
        ({"section": "duty", "quote": "全年集中学习"}, ""),
        ({"section": "plans", "quote": "全年集中学习"}, "关联的文字已不在正文中"),
    ],
)
def test_what_an_item_lacks(anchor, lack):
    report = make_report(duty=TEXT)
    item = report.review.campaign.content_items.create(number=1, text="理论学习")
    if anchor is not None:
        Anchor.objects.create(report=report, item=item, **anchor)

    (line,) = item_lines(report, report.sections)

    assert line.lack == lack
    assert line.is_lost == (lack == "关联的文字已不在正文中")
