"""What changed between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.compare import MAX_SENTENCES, Piece, compare

TEXTS = st.text(alphabet="甲乙丙丁。；\n，", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_give_back_both_texts(before, after):
    pieces = compare(before, after)

    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == after


@given(TEXTS)
def test_a_text_against_itself_has_no_change(text):
    assert [piece.kind for piece in compare(text, text)] == ["same"] * bool(text)


def test_a_changed_letter_is_shown_within_its_sentence():
    pieces = compare("开会三次。读书。", "开会五次。读书。")

    assert pieces == [Piece("开会", "same"), Piece("三", "del"), Piece("五", "ins"), Piece("次。读书。", "same")]


def test_sentences_with_little_in_common_are_not_woven_together():
    pieces = compare("开会三次。", "走访群众。")

    assert pieces == [Piece("开会三次。", "del"), Piece("走访群众。", "ins")]


@pytest.mark.parametrize(
    "text", ["。" * 60_000, "甲。" * 30_000, "甲" * 60_000, "甲。" * (MAX_SENTENCES // 2) + "乙丙。" * 900]
)
def test_a_hostile_text_is_compared_to_its_end(text):
    other = text[::-1] + "丁"

    pieces = compare(text, other)

    assert "".join(piece.text for piece in pieces if piece.kind != "del") == other
