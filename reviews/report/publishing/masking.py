"""遮盖: find personal data in a text and cover it. Pure: only the standard library.

Covered are telephone numbers, identity and bank card numbers, e-mail addresses, home addresses, car plates, and the
names it is told. Sums of money, dates and places of work stay: they are what a report is about.
Whatever a rule misses or covers wrongly a person sets right in the preview.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

COVER = "*"


class Kind(StrEnum):
    """What was covered."""

    IDENTITY = "身份证号"
    CARD = "银行卡号"
    PHONE = "电话号码"
    EMAIL = "电子邮箱"
    ADDRESS = "住址"
    PLATE = "车牌号"
    NAME = "姓名"
    HAND = "手工遮盖"


@dataclass(frozen=True, slots=True)
class Mask:
    """``start`` to ``end`` of a text is personal; readers see ``cover`` in its place."""

    start: int
    end: int
    kind: Kind
    cover: str


DIGIT = "[0-9０-９]"
APART = r"[-－—‐ \u3000]?"  # how people part the digits of a number
ALONE = f"(?<!{DIGIT}){{}}(?!{DIGIT})"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
STREET = r"[\u4e00-\u9fff]{1,8}(?:路|街|大道|巷|胡同|弄|里)"
ESTATE = r"[\u4e00-\u9fff]{1,10}(?:小区|花园|公寓|家园|新村|苑)"
NUMBER = r"[0-9０-９一二三四五六七八九十百]+"
UNIT = rf"{NUMBER}(?:号楼|号院|栋|幢|座|楼|单元|层|室|户|号)"
PATTERNS: tuple[tuple[Kind, re.Pattern], ...] = (
    (Kind.IDENTITY, re.compile(ALONE.format(rf"(?:{DIGIT}{APART}){{17}}[0-9０-９XxＸｘ]"))),
    (Kind.IDENTITY, re.compile(ALONE.format(rf"[1-8１-８]{DIGIT}{{14}}"))),
    (Kind.CARD, re.compile(ALONE.format(rf"(?:{DIGIT}{APART}){{15,18}}{DIGIT}"))),
    (Kind.PHONE, re.compile(ALONE.format(rf"[1１][3-9３-９]{DIGIT}{APART}(?:{DIGIT}{{4}}{APART}){{2}}"))),
    (Kind.PHONE, re.compile(ALONE.format(rf"[(（]?[0０]{DIGIT}{{2,3}}[)）]?{APART}{DIGIT}{{7,8}}"))),
    (Kind.PHONE, re.compile(ALONE.format(rf"(?<=电话)[:：]?{DIGIT}{{7,8}}"))),
    (Kind.EMAIL, re.compile(r"[A-Za-z0-9][\w.+-]*[@＠][A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)),
    (Kind.PLATE, re.compile(rf"[{PROVINCES}][A-HJ-NP-Z][·.]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]")),
    # A street alone is a place of work; with a house and a door, or as an estate with a door, somebody lives there.
    (Kind.ADDRESS, re.compile(rf"(?:{STREET}{UNIT}(?:{ESTATE})?|{ESTATE})(?:{UNIT})+")),
    (Kind.ADDRESS, re.compile(rf"(?<=[家住]住)[\u4e00-\u9fff]{{0,12}}?{STREET}{UNIT}")),
    (Kind.ADDRESS, re.compile(r"(?<=住址[:：])[^\s，。；,;]{2,40}")),
)
# fmt: off
COMPOUND = {
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛",
    "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容",
    "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "子车", "亓官", "司寇", "令狐",
    "轩辕", "呼延", "拓跋",
}
# fmt: on
HAN = r"[\u4e00-\u9fff]"
NAME_WITH_DOT = re.compile(rf"{HAN}{{1,10}}(?:[·•・]{HAN}{{1,10}})+")
HAN_RUN = re.compile(rf"{HAN}{{2,}}")
LONGEST_PLAIN_NAME = 4


def possible_names(text: str) -> set[str]:
    """Every run of two to four Chinese letters, and whole names with a dot: what to look up among known names."""
    found: set[str] = set()
    for match in NAME_WITH_DOT.finditer(text):
        found |= dotted_names(match[0])
    for run in HAN_RUN.finditer(text):
        word = run[0]
        for length in range(2, min(LONGEST_PLAIN_NAME, len(word)) + 1):
            found.update(word[place : place + length] for place in range(len(word) - length + 1))
    return found


def dotted_names(found: str) -> set[str]:
    """Every name with a dot that could stand in such a run of letters: what comes before and after it is no part of it.

    >>> "古丽·买提" in dotted_names("找古丽·买提谈")
    True
    """
    first = min(found.find(dot) for dot in "·•・" if dot in found)
    last = max(found.rfind(dot) for dot in "·•・")
    return {found[start:end] for start in range(first) for end in range(last + 2, len(found) + 1)}


def covered_name(name: str) -> str:
    """姓 and one 某 for each letter of the given name; of a name with a dot, its first part.

    >>> covered_name("王建国"), covered_name("欧阳明"), covered_name("阿依古丽·买买提")
    ('王某某', '欧阳某', '阿依古丽·某某')
    """
    for dot in "·•・":
        if dot in name:
            return f"{name.split(dot)[0]}{dot}某某"
    surname = name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]
    return surname + "某" * (len(name) - len(surname))


def find_personal(text: str, names: Iterable[str] = (), by_hand: Iterable[str] = ()) -> list[Mask]:
    """What should be covered, in order and without overlap; of two that overlap the one that begins first, then the
    longer one. ``names`` are whole names; ``by_hand`` are words that a person wants covered wherever they stand.
    """
    found = list(by_words(text, by_hand, Kind.HAND, lambda words: COVER * len(words)))
    for kind, pattern in PATTERNS:
        found += [
            Mask(match.start(), match.end(), kind, cover_of(kind, match[0]))
            for match in pattern.finditer(text)
            if match[0]
        ]
    found += by_words(text, names, Kind.NAME, covered_name)
    return apart(found)


def by_words(text: str, words: Iterable[str], kind: Kind, cover) -> Iterator[Mask]:
    """Every place of every word."""
    for word in sorted({word for word in words if word.strip()}):
        at = text.find(word)
        while at >= 0:
            yield Mask(at, at + len(word), kind, cover(word))
            at = text.find(word, at + 1)


def cover_of(kind: Kind, found: str) -> str:
    """What readers see instead: nothing that leads back to the person."""
    if kind is Kind.ADDRESS:
        return "（住址略）"
    return COVER * len(found)


def apart(masks: Iterable[Mask]) -> list[Mask]:
    """In order, none over another; what a dropped one alone would have covered is covered by widening the kept one."""
    kept: list[Mask] = []
    for mask in sorted(masks, key=lambda mask: (mask.start, -mask.end, list(Kind).index(mask.kind))):
        last = kept[-1] if kept else None
        if last is None or mask.start >= last.end:
            kept.append(mask)
        elif mask.end > last.end:
            kept[-1] = Mask(last.start, mask.end, last.kind, last.cover + COVER * (mask.end - last.end))
    return kept


def key_of(section: str, mask: Mask) -> str:
    """A mask's name on a form: as long as the text stays, it stays.

    >>> key_of("duty", Mask(3, 14, Kind.PHONE, "*"))
    'duty:3:14'
    """
    return f"{section}:{mask.start}:{mask.end}"


def mask_sections(
    sections: Mapping[str, str], names: Iterable[str] = (), by_hand: Iterable[str] = ()
) -> dict[str, list[Mask]]:
    """Section -> what should be covered in it."""
    names, by_hand = list(names), list(by_hand)
    return {section: find_personal(text, names, by_hand) for section, text in sections.items()}


def covered(text: str, masks: Iterable[Mask]) -> str:
    """The text as its readers see it."""
    return "".join(mask.cover if mask else piece for piece, mask in pieces(text, masks))


def pieces(text: str, masks: Iterable[Mask]) -> Iterator[tuple[str, Mask | None]]:
    """The text cut at its masks: each piece, and the mask that covers it. Joined they are the text."""
    position = 0
    for mask in masks:
        yield text[position : mask.start], None
        yield text[mask.start : mask.end], mask
        position = mask.end
    yield text[position:], None
