"""Automatic numbers of a Word document (自动编号), written out as Word shows them."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from reviews.report.word.ooxml import attribute, child, children, is_on, whole

DIGITS = "零一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
CHINESE_FORMATS = {"chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting"}
CHINESE_FORMATS |= {"taiwaneseCounting", "taiwaneseCountingThousand", "japaneseDigitalTenThousand", "koreanCounting"}
CAPITAL_FORMATS = {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}
ENCLOSED = {"decimalEnclosedCircle": "①", "decimalEnclosedCircleChinese": "①"}
ENCLOSED |= {"decimalEnclosedParen": "⑴", "decimalEnclosedFullstop": "⒈"}
ROMAN = [(1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc")]
ROMAN += [(50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
MOST_STYLES = 9  # a style based on a style, and so on; a ring of them ends here
Place = tuple[str, int]  # the list's number in the document, the level in it


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered: "%1、" in Chinese numerals from 1, tight before its text or not."""

    form: str
    pattern: str
    first: int
    is_tight: bool
    is_plain: bool  # all numbers as 1, 2, 3 (w:isLgl)
    goes_on: bool  # does not start again below the next heading (w:lvlRestart 0)


@dataclass(slots=True)
class Numbering:
    """The lists of a document and their counters, counted as its paragraphs go by."""

    levels: dict[Place, Level] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)  # a list of the document -> the definition it counts with
    restarts: dict[Place, int] = field(default_factory=dict)
    by_style: dict[str, Place] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[Place] = field(default_factory=set)

    def label(self, paragraph: Element) -> str:
        """The number that Word prints before a paragraph; empty when it has none or only a bullet."""
        place = self.place_of(child(paragraph, "pPr"))
        level = self.levels.get(place) if place else None
        if place is None or level is None:
            return ""
        counted = self.counts.setdefault(self.shared[place[0]], {})
        self.count(place, level, counted)
        return self.written(level, place[0], counted)

    def place_of(self, settings: Element | None) -> Place | None:
        """The list and level of a paragraph: its own word, what it leaves out from its style; None for no list."""
        own, styled = child(settings, "numPr"), self.by_style.get(attribute(child(settings, "pStyle"), "val"))
        if own is None:
            return styled
        number = attribute(child(own, "numId"), "val") or (styled[0] if styled else "")
        depth = attribute(child(own, "ilvl"), "val")
        return (number, whole(depth) if depth or not styled else styled[1]) if number else None

    def count(self, place: Place, level: Level, counted: dict[int, int]) -> None:
        """One more paragraph of a level; the levels below it begin anew."""
        if place in self.restarts and place not in self.begun:
            counted[place[1]] = self.restarts[place] - 1
        self.begun.add(place)
        counted[place[1]] = counted.get(place[1], level.first - 1) + 1
        for deeper in [depth for depth in counted if depth > place[1]]:
            below = self.levels.get((place[0], deeper))
            if below is None or not below.goes_on:
                del counted[deeper]

    def written(self, level: Level, number: str, counted: dict[int, int]) -> str:
        """The label of a level with its counters, and those above it, filled in."""
        if level.form in {"bullet", "none", ""}:
            return ""
        label = level.pattern
        for depth in range(9):
            above = self.levels.get((number, depth), level)
            form = "decimal" if level.is_plain else above.form
            label = label.replace(f"%{depth + 1}", numeral(counted.get(depth, above.first), form))
        return label + " " if label[-1:].isalnum() and not level.is_tight else label


def read_numbering(root: Element | None, styles: Element | None) -> Numbering:
    """The lists that a document defines (numbering.xml), and the styles that number by themselves (styles.xml)."""
    numbering = Numbering()
    if root is None:
        return numbering
    definitions = {attribute(one, "abstractNumId"): one for one in children(root, "abstractNum")}
    by_link = {attribute(child(one, "styleLink"), "val"): key for key, one in definitions.items()}
    by_level: dict[tuple[str, str], int] = {}
    for one in children(root, "num"):
        number, key = attribute(one, "numId"), attribute(child(one, "abstractNumId"), "val")
        definition = definitions.get(key)
        link = attribute(child(definition, "numStyleLink"), "val")
        if link in by_link:
            key = by_link[link]
            definition = definitions[key]
        numbering.shared[number] = key
        for level in children(definition, "lvl"):
            read_level(numbering, number, level)
            by_level[number, attribute(child(level, "pStyle"), "val")] = whole(attribute(level, "ilvl"))
        for override in children(one, "lvlOverride"):
            depth, again = whole(attribute(override, "ilvl")), child(override, "startOverride")
            if again is not None:
                numbering.restarts[number, depth] = whole(attribute(again, "val"), 1)
            for level in children(override, "lvl"):
                read_level(numbering, number, level)
    link_styles(numbering, styles, by_level)
    return numbering


def read_level(numbering: Numbering, number: str, level: Element) -> None:
    """Put one level of a list down."""
    numbering.levels[number, whole(attribute(level, "ilvl"))] = Level(
        form=attribute(child(level, "numFmt"), "val"),
        pattern=attribute(child(level, "lvlText"), "val"),
        first=whole(attribute(child(level, "start"), "val"), 1),
        is_tight=attribute(child(level, "suff"), "val") == "nothing",
        is_plain=is_on(child(level, "isLgl")),
        goes_on=attribute(child(level, "lvlRestart"), "val") == "0",
    )


def link_styles(numbering: Numbering, styles: Element | None, by_level: dict[tuple[str, str], int]) -> None:
    """Which style numbers at which level: by its own word, a level that names it, or the style it builds on."""
    known = {attribute(one, "styleId"): one for one in children(styles, "style")}
    for style in known:
        above, depth, number = style, "", ""
        for _ in range(MOST_STYLES):
            settings = child(known.get(above), "pPr", "numPr")
            depth = depth or attribute(child(settings, "ilvl"), "val")
            number = attribute(child(settings, "numId"), "val")
            if number or not (above := attribute(child(known.get(above), "basedOn"), "val")):
                break
        if number:
            named = by_level.get((number, style), by_level.get((number, above), 0))
            numbering.by_style[style] = number, whole(depth) if depth else named


def numeral(value: int, form: str) -> str:
    """A number as a list prints it.

    >>> [numeral(value, "chineseCounting") for value in (1, 10, 12, 20, 35, 105)]
    ['一', '十', '十二', '二十', '三十五', '一百零五']
    >>> numeral(3, "decimalEnclosedCircleChinese"), numeral(2, "upperLetter"), numeral(7, "decimal")
    ('③', 'B', '7')
    >>> numeral(9, "lowerRoman"), numeral(2, "ideographTraditional"), numeral(21, "chineseLegalSimplified")
    ('ix', '乙', '贰拾壹')
    """
    if form in CHINESE_FORMATS | CAPITAL_FORMATS and 0 < value < 1000:
        return chinese(value, capital=form in CAPITAL_FORMATS)
    if form in ENCLOSED and 0 < value <= 20:
        return chr(ord(ENCLOSED[form]) + value - 1)
    if form in {"upperLetter", "lowerLetter"} and 0 < value <= 26:
        return chr(ord("A" if form == "upperLetter" else "a") + value - 1)
    if form in {"upperRoman", "lowerRoman"} and 0 < value < 4000:
        return roman(value).upper() if form == "upperRoman" else roman(value)
    if form == "ideographTraditional" and 0 < value <= len(STEMS):
        return STEMS[value - 1]
    if form == "ideographZodiac" and 0 < value <= len(BRANCHES):
        return BRANCHES[value - 1]
    if form == "decimalZero":
        return f"{value:02d}"
    if form == "decimalFullWidth":
        return str(value).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    return str(value)


def chinese(value: int, *, capital: bool) -> str:
    """A number below 1,000 in Chinese numerals; ten to nineteen without 一 in front, except in capitals."""
    digits, ten, hundred = (CAPITALS, "拾", "佰") if capital else (DIGITS, "十", "百")
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = digits[hundreds] + hundred if hundreds else ""
    if tens:
        text += ("" if value < 20 and not capital else digits[tens]) + ten
    elif hundreds and ones:
        text += digits[0]
    return text + (digits[ones] if ones else "")


def roman(value: int) -> str:
    """A number below 4,000 in small Roman numerals."""
    text = ""
    for worth, letters in ROMAN:
        count, value = divmod(value, worth)
        text += letters * count
    return text
