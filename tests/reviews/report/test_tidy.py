"""Invisible characters, and the places the browser counts."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from reviews.report.tidy import places_in_browser, tidy

RAW = st.text(alphabet="甲乙 \t\r\n\u200b\ufeff\x00\u2028\U00020bb7。", max_size=40)


@given(RAW)
def test_a_tidy_text_holds_nothing_invisible_and_stays_tidy(raw):
    text = tidy(raw)

    assert all(letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"} for letter in text)
    assert tidy(text) == text


@given(RAW)
def test_every_place_of_the_tidy_text_is_found_in_the_browser_s(raw):
    text, places = tidy(raw), places_in_browser(raw)
    shown = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").encode("utf-16-le")

    found = [shown[2 * place :].decode("utf-16-le")[:1] for place in places[:-1]]

    assert found == list(text)
    assert len(places) == len(text) + 1
