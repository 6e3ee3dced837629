"""How a text is read before it is compared, and the sample that is kept of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.copying.fingerprints import SHINGLE, SURE, fingerprints, letters_of, shingles
from reviews.report.copying.wording import CANONICAL, SYNONYMS

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]


def hashes(text):
    return {each.hash for each in fingerprints(letters_of(text).text)}


@given(st.text(max_size=200))
def test_every_letter_that_counts_knows_where_it_stands(text):
    letters = letters_of(text)

    assert len(letters.places) == len(letters.text)
    assert all(0 <= place < len(text) for place in letters.places)
    assert list(letters.places) == sorted(letters.places)


@given(st.randoms(use_true_random=False), st.integers(0, 40), st.integers(0, 40))
def test_a_long_enough_run_inside_a_sentence_never_goes_unseen(random, before, elsewhere):
    letters = random.sample(HAN, SURE + before + elsewhere + 30)
    run = "".join(letters[:SURE])
    here = "".join(letters[SURE : SURE + before]) + run + "".join(letters[-30:-15])
    there = "".join(letters[SURE + before : SURE + before + elsewhere]) + run + "".join(letters[-15:])

    shared = hashes(here + "。") & hashes(there + "。")

    assert shared


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("支部强化日常管理监督。", "支部加强日常管理监督。"),
        ("支部2025年讲党课8次。", "支部2026年讲党课12次。"),
        ("支部 加强，日常\u200b管理监督。", "支部加强日常管理监督。"),
        ("ＡＢＣ支部讲党课。", "ＡＢＣ 支部讲党课。"),
    ],
)
def test_what_a_copier_changes_without_writing_anew_makes_no_difference(one, other):
    assert letters_of(one).text == letters_of(other).text


@pytest.mark.parametrize(
    "text",
    ["“打铁必须自身硬”", "《中国共产党支部工作条例》", "（一）抓学习，强基础\n"[:6], "一、履职尽责情况"],
    ids=["quotation", "title", "heading with number", "heading"],
)
def test_quotations_and_headings_leave_no_letters(text):
    assert letters_of(text).text == ""


def test_a_whole_passage_between_quotation_marks_still_counts():
    copied = "我们支部把党课搬到了河道旁边的值班点" * 4

    assert letters_of(f"“{copied}”。").text


def test_a_text_without_an_end_has_its_letters():
    assert letters_of("我到河道站和值班的同志谈话，听他们说汛期的难处").text


def test_no_word_stands_for_two_meanings():
    words = SYNONYMS.split()

    assert sorted(words) == sorted(set(words))
    assert all(CANONICAL[CANONICAL[word]] == CANONICAL[word] for word in words)


def test_the_number_of_a_run_is_the_same_in_every_process():
    assert [each.hash for each in fingerprints("河道旁的值班点")] == []
    assert fingerprints("河道旁边的值班点上")[-1].hash == -2572997620333222683


@given(st.text(alphabet=[*HAN[:60], "\n"], max_size=120))
def test_a_sample_is_taken_from_all_runs_inside_sentences(letters):
    every = shingles(letters)

    assert set(fingerprints(letters)) <= set(every)
    assert all("\n" not in letters[each.at : each.at + SHINGLE] for each in every)
    assert len(every) == sum(max(0, len(sentence) - SHINGLE + 1) for sentence in letters.split("\n"))
