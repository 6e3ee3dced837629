"""Text from a form made fit to keep: one kind of line end, no invisible characters. Pure: only the standard library."""

import unicodedata

LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"})


def one_line_end(text: str) -> str:
    """The text as a browser's text area counts it: every line ends in one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_kept(letter: str) -> bool:
    """False for what nobody can see or store: control and format characters, halves of letters."""
    return letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}


def tidy(text: str) -> str:
    """The text without invisible characters and without blanks around it."""
    return "".join(filter(is_kept, one_line_end(text).translate(LINE_ENDS))).strip()


def places_in_browser(raw: str) -> list[int]:
    """For every place of ``tidy(raw)``, its end included, the place in the browser's text area.

    The browser still shows what ``tidy`` took out, and counts in UTF-16 units: a rare Chinese
    character outside the first plane counts as two.
    """
    shown = one_line_end(raw)
    letters = shown.translate(LINE_ENDS)
    kept, unit = [], 0
    for letter in letters:
        if is_kept(letter):
            kept.append((letter, unit))
        unit += 2 if ord(letter) > 0xFFFF else 1
    text = "".join(letter for letter, _ in kept)
    start, stop = len(text) - len(text.lstrip()), len(text.rstrip())
    places = [unit for _, unit in kept[start:stop]]
    last = places[-1] + (2 if ord(kept[stop - 1][0]) > 0xFFFF else 1) if places else 0
    return [*places, last]
