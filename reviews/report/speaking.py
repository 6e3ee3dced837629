"""预计朗读时间: how long a text takes to read out. Pure: only the standard library.

Counted in beats: one for every Chinese character, one for a mark at which the voice pauses. Figures are read as
people read them in a hall: a year digit by digit (2023年, 二零二三年: five beats), other numbers by their value
(2315, 二千三百一十五: seven; 41.5%, 百分之四十一点五: eight), a number too long to be a quantity digit by digit.
Latin capitals are spelled, other Latin words take a beat a syllable. Quotation marks, brackets and blanks are silent.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

PAUSES = "，。；：、！？—…,;:!?"
# A number with its separators and decimals, and what makes it a year or a percentage.
NUMBER = re.compile(r"(\d+(?:,\d{3})*)(?:\.(\d+))?([%％‰])?|[A-Za-z]+", re.ASCII)
YEAR = re.compile(r"[12]\d{3}", re.ASCII)
VOWELS = re.compile(r"[aeiouy]+")
LONGEST_QUANTITY = 12  # digits; beyond, it is a code, not a quantity
LONGEST_SPELLED = 6
PER_HUNDRED = 3  # 百分之
STEP = 10  # how exactly one can say what to leave out, in characters


def beats(text: str) -> int:
    """How many beats it takes to read a text out."""
    spoken = 0
    position = 0
    for found in NUMBER.finditer(text):
        spoken += plain_beats(text[position : found.start()])
        position = found.end()
        spoken += beats_of(found, text[position : position + 2].strip()[:1])
    return spoken + plain_beats(text[position:])


def plain_beats(text: str) -> int:
    """Letters of any script, and pauses, one each."""
    return sum(letter.isalpha() or letter in PAUSES for letter in text)


def beats_of(found: re.Match, following: str) -> int:
    """Beats of one number or Latin word; ``following`` is the letter after it, past a blank."""
    whole, decimals, of_hundred = found.groups()
    if whole is None:
        return latin_beats(found[0])
    digits = whole.replace(",", "")
    is_year = following == "年" and YEAR.fullmatch(digits) and decimals is None
    spoken = len(digits if is_year else read_out(digits))
    return spoken + (1 + len(decimals) if decimals else 0) + (PER_HUNDRED if of_hundred else 0)


def latin_beats(word: str) -> int:
    """Capitals are spelled (GDP: three), other words read by their syllables (internet: three)."""
    if word.isupper() and len(word) <= LONGEST_SPELLED:
        return len(word)
    return max(1, len(VOWELS.findall(word.lower())))


def read_out(digits: str) -> str:
    """A whole number in the words that are spoken.

    >>> read_out("2315"), read_out("10"), read_out("100008"), read_out("0")
    ('二千三百一十五', '十', '十万零八', '零')
    """
    digits = digits.lstrip("0") if len(digits) <= LONGEST_QUANTITY else digits
    if not digits:
        return "零"
    if len(digits) > LONGEST_QUANTITY:
        return digits
    words = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit != "0":
            words += "零一二三四五六七八九"[int(digit)] + ["", "十", "百", "千"][place % 4]
        elif words and not words.endswith("零"):
            words += "零"
        if place and place % 4 == 0:
            # "万" or "亿" closes its group of four; a group of zeros has no word of its own.
            group = digits[max(0, len(digits) - place - 4) : len(digits) - place]
            words = words.rstrip("零") + ("万" if place == 4 else "亿") * (int(group) > 0) + "零" * group.endswith("0")
    words = words.rstrip("零")
    return words.removeprefix("一") if words.startswith("一十") else words


@dataclass(frozen=True, slots=True)
class Reading:
    """A text against the time to speak: ``seconds`` it takes, ``limit`` seconds allowed (0: no limit)."""

    seconds: int
    limit: int
    pace: int  # beats a minute

    @property
    def over(self) -> int:
        """Seconds too many, 0 within the limit."""
        return max(0, self.seconds - self.limit) if self.limit else 0

    @property
    def to_cut(self) -> int:
        """How many characters to leave out so that it fits, rounded up as one would say it."""
        return -(-self.over * self.pace // (60 * STEP)) * STEP

    @property
    def sentence(self) -> str:
        """预计朗读 5 分 40 秒，超出 5 分钟时限 40 秒；约需删去 180 字."""
        told = f"预计朗读 {in_minutes(self.seconds)}"
        if not self.limit:
            return f"{told}。"
        if not self.over:
            return f"{told}，在 {in_minutes(self.limit)}时限之内。"
        return f"{told}，超出 {in_minutes(self.limit)}时限 {in_minutes(self.over)}；约需删去 {self.to_cut} 字。"


def time_to_read(texts: Iterable[str], *, pace: int, minutes: int) -> Reading:
    """How long the texts take at ``pace`` beats a minute, rounded up to a second, against ``minutes`` to speak."""
    spoken = sum(beats(text) for text in texts)
    return Reading(seconds=-(-spoken * 60 // pace), limit=minutes * 60, pace=pace)


def in_minutes(seconds: int) -> str:
    """Seconds as 5 分 40 秒; full minutes as 5 分钟."""
    minutes, rest = divmod(seconds, 60)
    if not rest:
        return f"{minutes} 分钟"
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
