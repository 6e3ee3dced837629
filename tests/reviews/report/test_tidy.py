"""Invisible characters, and the places the browser counts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.tidy import places_in_browser, tidy

RAW = st.text(alphabet="甲乙 \t\r\n\u200b\u200d\ufeff\x00\u2028\U00020bb7👨👩ᠠ\u180e。", max_size=40)


@given(RAW)
def test_a_tidy_text_holds_nothing_invisible_and_stays_tidy(raw):
    text = tidy(raw)

    seen = text.replace("\u200d", "").replace("\u180e", "")
    assert all(letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"} for letter in seen)
    assert tidy(text) == text


@given(RAW)
def test_every_place_of_the_tidy_text_is_found_in_the_browser_s(raw):
    text, places = tidy(raw), places_in_browser(raw)
    shown = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").encode("utf-16-le")

    found = [shown[2 * place :].decode("utf-16-le")[:1] for place in places[:-1]]

    assert found == list(text)
    assert len(places) == len(text) + 1


@pytest.mark.parametrize(
    "text",
    [
        "👨\u200d👩\u200d👧一家",
        "👩🏽\u200d🔬",
        "🏳\ufe0f\u200d🌈",
        "🇨🇳",
        "🏴\U000e0067\U000e0062\U000e007f",
        "ᠰᠠᠶᠢᠨ\u180eᠠ",
        "ئۇيغۇر\u200cچە",
    ],
)
def test_what_holds_a_letter_together_stays(text):
    assert tidy(text) == text


@pytest.mark.parametrize(
    "text", ["开\u200d会", "\u200d👨", "👨\u200d会", "开\U000e0067会", "\u202e开会\u2066", "开\ud800会", "👨\u200d"]
)
def test_a_joiner_that_joins_nothing_goes_like_every_invisible_character(text):
    assert not set(tidy(text)) & {"\u200d", "\U000e0067", "\u202e", "\u2066", "\ud800"}
