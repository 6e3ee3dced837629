"""What changed between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.compare import ALL_PAIRS, MAX_PASSAGE_CHARS, Piece, compare, count_changes, fold

# Few letters, so that much repeats itself; a family of three and a flag, so that some letters are long.
TEXTS = st.lists(st.sampled_from([*"甲乙丙丁。；\n，", "\r\n", "👨‍👩‍👧", "🇨🇳", "é"]), max_size=60).map("".join)


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


def test_a_reworded_sentence_stands_beside_its_old_wording_and_a_new_one_is_new():
    pieces = compare("一是学习抓得不实。", "先说成绩是主要的。一是学习抓得不够实。")

    assert pieces == [
        Piece("先说成绩是主要的。", "ins"),
        Piece("一是学习抓得不", "same"),
        Piece("够", "ins"),
        Piece("实。", "same"),
    ]


@pytest.mark.parametrize(("before", "after"), [("👨‍👩‍👧", "👨‍👩‍👦"), ("🇨🇳", "🇨🇭"), ("👍🏻", "👍🏿"), ("ᠠ᠋", "ᠠ᠌")])
def test_a_letter_made_of_several_signs_is_never_cut(before, after):
    pieces = compare(f"我们一家{before}去了。", f"我们一家{after}去了。")

    assert [piece.text for piece in pieces if piece.kind != "same"] == [before, after]


def test_a_sentence_that_moved_is_taken_out_and_put_in_again_whole():
    pieces = compare("甲事已办结。乙事正在办。丙事未开始。", "乙事正在办。丙事未开始。甲事已办结。")

    assert [piece for piece in pieces if piece.kind != "same"] == [
        Piece("甲事已办结。", "del"),
        Piece("甲事已办结。", "ins"),
    ]


def test_what_was_put_in_and_taken_out_is_counted_without_blanks():
    assert count_changes(compare("开会。", "开会。\n\n 又 开会。")) == (4, 0)


def test_a_long_unchanged_stretch_is_folded_but_for_the_sentences_at_the_change():
    middle = "学习情况如下所述没有变化。" * 40
    pieces = compare(f"开会三次。{middle}谈话两次。", f"开会五次。{middle}谈话九次。")

    folded = fold(pieces)

    assert [piece.kind for piece in folded].count("fold") == 1
    assert "".join(piece.text for piece in folded) == "".join(piece.text for piece in pieces)
    hidden = next(piece for piece in folded if piece.kind == "fold")
    assert hidden.text.startswith("学习")
    assert hidden.text.endswith("。")


@given(TEXTS, TEXTS)
def test_folding_hides_and_loses_nothing(before, after):
    pieces = compare(before * 9, after * 9)

    folded = fold(pieces)

    assert "".join(piece.text for piece in folded) == "".join(piece.text for piece in pieces)
    assert all(piece.text for piece in folded)


HOSTILE = ["。" * 60_000, "甲。" * 30_000, "甲" * 60_000, "甲。乙" * 20_000, f"{'甲乙' * MAX_PASSAGE_CHARS}。" * 40]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_compared_to_its_end(text):
    other = text[::-1] + "丁"

    pieces = compare(text, other)

    assert "".join(piece.text for piece in pieces if piece.kind != "del") == other


def test_the_letters_laid_side_by_side_have_an_end():
    pairs = 30 * 30 * 2  # of one sentence below
    numbers = range(2 * ALL_PAIRS // pairs)
    before = "".join(f"第{number}段。{'甲乙' * 30}。" for number in numbers)
    after = "".join(f"第{number}段。{'甲乙' * 15}丁{'甲乙' * 15}。" for number in numbers)

    pieces = compare(before, after)

    put_in = [piece.text for piece in pieces if piece.kind == "ins"]
    assert put_in[0] == "丁"
    assert put_in[-1] == f"{'甲乙' * 15}丁{'甲乙' * 15}。"
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == before
