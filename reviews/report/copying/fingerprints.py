"""A text as a comparer sees it: letters only, synonyms made one, cut into sentences, sampled as fingerprints.

Pure: only the standard library. The method is measured in ``benchmarks/copied.py``.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from reviews.report.copying.wording import CANONICAL, SWAPPED

SHINGLE = 8  # letters of one fingerprint, about four words
# A fingerprint is kept for every window of so many shingles: a run of SURE letters never goes unseen.
WINDOW = 10
SURE = WINDOW + SHINGLE - 1  # letters
STOPS = "。！？；!?;\n"
# What is quoted is the words of others, said openly. A longer passage between marks is copied, not quoted.
QUOTED = re.compile(r"“[^“”\n]{1,40}”|《[^《》\n]{1,60}》|「[^「」\n]{1,40}」|\"[^\"\n]{1,40}\"")
# A line that only names what follows: numbered or not, without the end of a sentence.
HEADING = re.compile(r"^[^\S\n]*[^\n。！？；，,!?;]{1,24}[^\S\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters that count, sentences parted by a line end, and where each stands in the text."""

    text: str
    places: list[int] = field(repr=False)


def letters_of(text: str) -> Letters:
    """The text without marks, figures, quotations and headings, every synonym as the word that stands for it.

    >>> letters_of("支部强化学习，2026年讲党课12次。成效明显！").text
    '支部加强学习年讲党课次\\n作用明显'
    """
    hidden = {at for pattern in (QUOTED, HEADING) for found in pattern.finditer(text) for at in range(*found.span())}
    letters, places = [], []
    for at, letter in enumerate(text):
        if letter in STOPS:
            if letters and letters[-1] != "\n":
                letters.append("\n")
                places.append(at)
        elif letter.isalpha() and at not in hidden:
            letters.append(letter.lower() if letter.isascii() else letter)
            places.append(at)
    if letters and letters[-1] == "\n":
        letters.pop()
        places.pop()
    return fold("".join(letters), places)


def fold(letters: str, places: list[int]) -> Letters:
    """Every synonym replaced by the word that stands for it; its letters keep the place of the word they replace."""
    folded, kept, done = [], [], 0
    for found in SWAPPED.finditer(letters):
        start, end = found.span()
        word = CANONICAL[found.group()]
        folded += letters[done:start], word
        kept += places[done:start]
        kept += (places[min(start + step, end - 1)] for step in range(len(word)))
        done = end
    folded.append(letters[done:])
    kept += places[done:]
    return Letters("".join(folded), kept)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A sampled shingle: where it begins among the letters, and its number of 64 bits, negative ones included."""

    at: int
    hash: int


def fingerprints(letters: str) -> list[Fingerprint]:
    """The sample of a text, in order. Equal runs of SURE letters inside a sentence always share one."""
    sampled, begin = [], 0
    for sentence in letters.split("\n"):
        sampled += [Fingerprint(begin + at, number) for at, number in sample(sentence)]
        begin += len(sentence) + 1
    return sampled


def shingles(letters: str) -> list[Fingerprint]:
    """Every shingle of a text, in order: what a sample is taken from."""
    every, begin = [], 0
    for sentence in letters.split("\n"):
        data = sentence.encode("utf-32-le", "surrogatepass")
        numbers = (number_of(data[4 * at : 4 * (at + SHINGLE)]) for at in range(len(sentence) - SHINGLE + 1))
        every += [Fingerprint(begin + at, number) for at, number in enumerate(numbers)]
        begin += len(sentence) + 1
    return every


@lru_cache(maxsize=1 << 13)  # what everybody writes comes again and again
def sample(sentence: str) -> tuple[tuple[int, int], ...]:
    """Winnowing: of every WINDOW shingles in a row the one of lowest rank, each with its place, once.

    The rank has nothing to do with the meaning, so that equal texts keep equal shingles wherever they stand.
    """
    data = sentence.encode("utf-32-le", "surrogatepass")
    width = 4 * SHINGLE
    ranks = [crc32(data[at : at + width]) for at in range(0, len(data) - width + 1, 4)]
    chosen: list[int] = []
    for end in range(min(WINDOW, len(ranks)), len(ranks) + 1):
        start = max(0, end - WINDOW)
        if chosen and chosen[-1] >= start:
            if end and ranks[end - 1] <= ranks[chosen[-1]]:
                chosen.append(end - 1)
        elif ranks:
            lowest = min(ranks[start:end])
            chosen.append(max(at for at in range(start, end) if ranks[at] == lowest))
    return tuple((at, number_of(data[4 * at : 4 * at + width])) for at in chosen)


def number_of(shingle: bytes) -> int:
    """The number of a shingle: the same on every machine and in every year."""
    return int.from_bytes(blake2b(shingle, digest_size=8).digest(), "little", signed=True)
