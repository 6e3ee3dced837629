"""Text from a form made fit to keep: one kind of line end, no invisible characters. Pure: only the standard library."""

import unicodedata

LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"})
ZERO_WIDTH_JOINER, VOWEL_SEPARATOR = "\u200d", "\u180e"
JOINERS = {ZERO_WIDTH_JOINER, "\u200c", VOWEL_SEPARATOR}
BLACK_FLAG = "\U0001f3f4"
FLAG_TAGS = {chr(code) for code in range(0xE0020, 0xE0080)}
JOINING_SCRIPTS = (("\u0600", "\u06ff"), ("\u0750", "\u077f"), ("\u1800", "\u18af"), ("\ufb50", "\ufdff"))


def one_line_end(text: str) -> str:
    """The text as a browser's text area counts it: every line ends in one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def kept_places(letters: str) -> list[int]:
    """The places of what is kept: everything but control and format characters, and halves of letters.

    Two kinds of joiners stay, for without them the text falls apart: the one within an emoji of
    several people, and those of Mongolian, Uyghur or Kazakh script, of whose letters they are
    a part. So do the signs that make a flag of a black one.
    """
    kept: list[int] = []
    for place, letter in enumerate(letters):
        if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}:
            kept.append(place)
        elif letter in JOINERS or letter in FLAG_TAGS:
            before = letters[place - 1] if kept and kept[-1] == place - 1 else ""
            after = letters[place + 1 : place + 2]
            if is_joined(before, letter, after):
                kept.append(place)
    return kept


def is_joined(before: str, joiner: str, after: str) -> bool:
    """Whether a joiner does its work between these two letters."""
    if not before:
        return False
    if joiner in FLAG_TAGS:
        return before in FLAG_TAGS or before == BLACK_FLAG
    if joiner == ZERO_WIDTH_JOINER and is_picture(before) and after and unicodedata.category(after) == "So":
        return True
    return is_of_joining_script(before) and (joiner != VOWEL_SEPARATOR or is_of_joining_script(after))


def is_picture(letter: str) -> bool:
    """An emoji, or what colours it: skin, hair, the sign that makes a letter a picture."""
    return unicodedata.category(letter) in {"So", "Sk"} or letter in "\ufe0f\u20e3"


def is_of_joining_script(letter: str) -> bool:
    """A letter whose shape depends on its neighbours: Arabic and Mongolian scripts, and marks upon them."""
    return any(first <= letter <= last for first, last in JOINING_SCRIPTS) if letter else False


def tidy(text: str) -> str:
    """The text without invisible characters and without blanks around it."""
    letters = one_line_end(text).translate(LINE_ENDS)
    return "".join(letters[place] for place in kept_places(letters)).strip()


def places_in_browser(raw: str) -> list[int]:
    """For every place of ``tidy(raw)``, its end included, the place in the browser's text area.

    The browser still shows what ``tidy`` took out, and counts in UTF-16 units: a rare Chinese
    character outside the first plane counts as two.
    """
    shown = one_line_end(raw)
    letters = shown.translate(LINE_ENDS)
    kept, unit = [], 0
    stays = set(kept_places(letters))
    for place, letter in enumerate(letters):
        if place in stays:
            kept.append((letter, unit))
        unit += 2 if ord(letter) > 0xFFFF else 1
    text = "".join(letter for letter, _ in kept)
    start, stop = len(text) - len(text.lstrip()), len(text.rstrip())
    places = [unit for _, unit in kept[start:stop]]
    last = places[-1] + (2 if ord(kept[stop - 1][0]) > 0xFFFF else 1) if places else 0
    return [*places, last]
