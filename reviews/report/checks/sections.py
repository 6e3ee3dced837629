"""The parts of a report found in plain text: title, salutation and signature, and the sections under its headings.

Pure: only the standard library.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

# The kinds are the names of the fields of a report, and what a heading names that is none of them.
PRIOR, DUTY, PROBLEMS, PLANS = "prior", "duty", "problems", "plans"
SELF_EVALUATION, OTHER = "self_evaluation", "other"
# The usual structure of a report (DOMAIN B7), in order, with the self-evaluation written apart (B5).
LABELS = {
    PRIOR: "上年整改情况",
    DUTY: "履职尽责情况",
    PROBLEMS: "存在问题及原因",
    PLANS: "下一步打算",
    SELF_EVALUATION: "自我评价",
}
NUMERALS = "一二三四五六七八九十"
CAPITALS = "壹贰叁肆伍陆柒捌玖拾"
BETWEEN = "、．.，,：:；;·"
# Zero-width characters are invisible and count for nothing.
INK = re.compile(r"[^\s\u00ad\u200b-\u200f\u2060\ufeff]")

PLAIN = 9  # the rank of a heading without a number
NUMBERS = [
    (0, re.compile(rf"第\s*[{NUMERALS}]{{1,3}}\s*部\s*分\s*[{BETWEEN}]?\s*")),
    (1, re.compile(rf"(?:[{NUMERALS}]{{1,3}}|[{CAPITALS}]{{1,3}})(?:\s*[{BETWEEN}]|\s*[)）]|\s)\s*")),
    (2, re.compile(rf"(?:[（(〔\[【]\s*[{NUMERALS}]{{1,3}}\s*[)）〕\]】]|[㈠-㈩])\s*[{BETWEEN}]?\s*")),
    (3, re.compile(r"(?:\d{1,2}\s*[、．.)）](?!\d)|[⒈-⒛])\s*")),
    (4, re.compile(r"(?:[（(]\s*\d{1,2}\s*[)）]|[⑴-⒇①-⑳])\s*")),
]
# A number run together with its title: read so only where the rest names a section and nothing else.
UNMARKED = re.compile(rf"[{NUMERALS}]{{1,2}}(?![是要年个些方心项名次月日般直贯])")
ATTACHED = re.compile(r"附(?:件)?\s*\d{0,2}\s*[：:]\s*")
MAX_HEADING_CHARS = 40
MAX_PLAIN_HEADING_CHARS = 24
ENUMERATED = re.compile(rf"[{NUMERALS}]{{1,2}}[是要]|第[{NUMERALS}]|首先|其次|此外|另外")
HEADING_ENDS = re.compile(
    r"(?:情况|问题|原因|不足|之处|差距|短板|打算|思路|计划|措施|方向|自评|评价|评价材料|成效|成绩|做法|亮点|分析|剖析|鉴定|职责|尽责|安排|举措|部分)$"
)

IS_SELF = re.compile(r"自我评价|自我鉴定|自评(?!议)")
IS_PRIOR = re.compile(
    r"(?:上年|上一年|去年|往年|20\d\d\s*年).{0,24}(?:整改|反馈|点评|承诺)(?!措施|打算|思路)|问题(?:的)?整改(?!措施|打算|思路|方向|计划)"
    r"|整改(?:落实|完成|进展)?(?:落实|完成|进展)?(?:的)?情况|点评.{0,8}整改"
)
IS_PROBLEMS = re.compile(
    r"(?:存在|突出|主要|面临|查摆|剖析).{0,10}(?:问题|不足|差距|短板|弱项|困难)|问题.{0,4}原因|原因(?:分析|剖析)|(?:问题|不足|差距|短板|弱项)(?:分析|剖析|查摆|之处)?$"
    r"|(?:问题|不足|差距|短板|弱项)[及和与、]"
)
IS_PLANS = re.compile(
    r"下一?步|下一?阶段|今后|打算|努力方向|改进(?:措施|方向)|整改(?:措施|方向|思路|计划)|工作(?:思路|计划|安排)|明年|来年|新的一年"
)
IS_DUTY = re.compile(
    r"履职|履行|职责|主要工作|工作(?:开展|完成|推进|落实)?(?:的)?情况|做法|成效|成绩|特色|亮点|责任落实|基层党建|党建工作|抓党建"
)
# Where the plans begin when one heading covers problems and plans.
PLANS_BEGIN = re.compile(r"下一?步|下一?阶段|今后|针对(?:以上|上述|这些|存在)|对此")

ROLE_WORDS = re.compile(r"述职|报告|汇报|材料|总结")
SENTENCE_END = re.compile(r"[。！？；!?;]\s*$")
SALUTATION = re.compile(
    r"(?:(?:尊敬的|敬爱的)?.{0,12}(?:各位|同志们|尊敬的).{0,24}|(?:同志们|大家(?:上午|下午)?好)|.{0,16}(?:领导|同志)(?:们)?(?:好)?)[：:，,！!]"
)
SIGNED_BY = re.compile(r"(?:述职人|报告人|汇报人|述职者|签名|签字)\s*[：:].{0,24}")
DATED = re.compile(r"[（(]?(?:20\S{2}|二[〇○零0O]\S{2}|\s*)\s*年\s*\S{0,3}\s*月(?:\s*\S{0,3}\s*日)?[)）]?")
SIGNED_ORGANIZATION = re.compile(r"\S{2,24}(?:委|组|支部|书记|局|中心|公司|学校|委员会)(?:\s+\S{1,4}(?:\s\S{1,2})?)?")
BARE_NAME = re.compile(r"[\u4e00-\u9fff·]\s*[\u4e00-\u9fff·]{1,4}")
MAX_TITLE_LINES, MAX_SIGNATURE_LINES = 4, 4


@dataclass(frozen=True, slots=True)
class Section:
    """A section from the first letter of its heading to ``end``; its own text begins at ``body_start``."""

    kind: str
    heading: str
    start: int
    body_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text without the blanks around it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A line, or the beginning of one, that reads like a heading."""

    text: str
    start: int
    end: int
    rank: int
    kinds: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.kinds[0] if self.kinds else OTHER


def count_chars(text: str) -> int:
    """The length of a text in non-blank characters, punctuation included (DOMAIN 4.8)."""
    return sum(1 for _ in INK.finditer(text))


def lines_of(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """The non-blank lines between two offsets."""
    lines = []
    for match in re.compile(r"[^\n\r\u2028\u2029]+").finditer(text, start, len(text) if end is None else end):
        stripped = match.group().strip()
        if stripped:
            begin = match.start() + match.group().index(stripped)
            lines.append(Line(stripped, begin, begin + len(stripped)))
    return lines


def join_sections(bodies: Mapping[str, str]) -> tuple[str, list[Section]]:
    """One text made of the sections that the form keeps apart, and where each of them lies in it.

    ``bodies`` maps the kinds of ``LABELS`` to text; kinds that it lacks are left out.
    Between the sections stands a blank line and no heading, so only what was written is counted.
    """
    text, sections = "", []
    for kind in LABELS:
        if kind in bodies:
            start = len(text)
            text += bodies[kind]
            sections.append(Section(kind, LABELS[kind], start, start, len(text)))
            text += "\n\n"
    return text, sections


def split_sections(text: str, strong: Collection[str] = ()) -> list[Section]:
    """The sections of a report, in order, by its headings (一、二、… or lines of their own).

    ``strong`` are lines that the document sets as headings (bold, 黑体): among them a plain
    title counts by its words alone. Text before the first heading belongs to no section. A
    heading over problems and plans at once is split where the plans begin. A text without
    headings has no sections.
    """
    skipped = {line.start for line in title_lines(text)}
    headings = [heading for heading in find_headings(text, strong) if heading.start not in skipped]
    chosen = choose_headings(headings)
    ends = [*(heading.start for heading in chosen[1:]), len(text)]
    sections = []
    for heading, end in zip(chosen, ends, strict=False):
        section = Section(heading.kind, heading.text, heading.start, heading.end, end)
        sections += divide_at_plans(text, section) if covers_plans(heading) else [section]
    return name_duty(sections)


def find_headings(text: str, strong: Collection[str] = ()) -> list[Heading]:
    """Every line that may be a heading, of any rank."""
    return [heading for line in lines_of(text) if (heading := read_heading(line, is_strong=line.text in strong))]


def read_heading(line: Line, *, is_strong: bool = False) -> Heading | None:
    """The heading at the beginning of a line: a number and a short title, or a known title alone."""
    attached = ATTACHED.match(line.text)
    prefix = attached.end() if attached else 0
    for rank, number in NUMBERS:
        if match := number.match(line.text, prefix):
            title = re.split(r"[。：:；;！!？?]", line.text[match.end() :], maxsplit=1)[0].strip()
            if not 2 <= len(title) <= MAX_HEADING_CHARS:
                return None
            end = line.text.index(title, match.end()) + len(title)
            return Heading(line.text[:end], line.start, line.start + end, rank, classify(title))
    unmarked = UNMARKED.match(line.text, prefix)
    return (unmarked and read_plain_heading(line, unmarked.end(), is_strong=is_strong)) or read_plain_heading(
        line, prefix, is_strong=is_strong
    )


def read_plain_heading(line: Line, prefix: int, *, is_strong: bool) -> Heading | None:
    """A heading without a number: a short line of its own that names a known section and nothing else.

    A strong line need not end like a title, and may end in a full stop.
    """
    title = line.text[prefix:].strip("【】[]〖〗《》■◆●★▲◎※ 　：:" + ("。" if is_strong else ""))
    if not 2 <= len(title) <= MAX_PLAIN_HEADING_CHARS or re.search(r"[，。；！？,;!?：:]", title):
        return None
    kinds = classify(title)
    ends_so = is_strong or HEADING_ENDS.search(title) or SELF_EVALUATION in kinds
    if not kinds or ENUMERATED.match(title) or not ends_so:
        return None
    return Heading(line.text, line.start, line.end, PLAIN, kinds)


def classify(title: str) -> tuple[str, ...]:
    """The kinds of section that a heading names, the leading one first; empty when it names none."""
    if IS_SELF.search(title):
        return (SELF_EVALUATION,)
    if IS_PRIOR.search(title):
        return (PRIOR,)
    plans = IS_PLANS.search(title)
    if problems := IS_PROBLEMS.search(title):
        answers_them = re.match(r"(?:针对|围绕|对照)", title)
        if plans and answers_them:
            return (PLANS,)
        return (PROBLEMS, PLANS) if plans and plans.start() > problems.start() else (PROBLEMS,)
    if plans:
        return (PLANS,)
    return (DUTY,) if IS_DUTY.search(title) else ()


def covers_plans(heading: Heading) -> bool:
    return heading.kinds == (PROBLEMS, PLANS)


def choose_headings(headings: list[Heading]) -> list[Heading]:
    """The headings that begin sections: those of the leading rank, and any other of a higher one.

    The leading rank is the one that names the most kinds of sections. Below it only a
    self-evaluation counts, and what divides a section of problems and plans.
    """
    named: dict[int, set[str]] = {}
    for heading in headings:
        if heading.kinds:
            named.setdefault(heading.rank, set()).update(heading.kinds)
    if not named:
        return []
    top = max(named, key=lambda rank: (len(named[rank]), -rank))
    chosen: list[Heading] = []
    for heading in headings:
        leads = heading.rank == top or (heading.kinds and (heading.rank < top or heading.rank == PLAIN))
        if leads or heading.kind == SELF_EVALUATION:
            chosen.append(heading)
        elif chosen and covers_plans(chosen[-1]) and heading.kind == PLANS:
            chosen[-1] = replace(chosen[-1], kinds=(PROBLEMS,))
            chosen.append(heading)
    return chosen


def divide_at_plans(text: str, section: Section) -> list[Section]:
    """A section of problems and plans without headings of its own, cut at the line where the plans begin."""
    for line in lines_of(text, section.body_start, section.end)[1:]:
        if PLANS_BEGIN.match(line.text):
            plans = Section(PLANS, section.heading, line.start, line.start, section.end)
            return [replace(section, end=line.start), plans]
    return [section]


def name_duty(sections: list[Section]) -> list[Section]:
    """Headings that name no kind, before the problems, speak of the work done when nothing else does."""
    kinds = [section.kind for section in sections]
    if DUTY in kinds:
        return sections
    before = next((at for at, kind in enumerate(kinds) if kind in {PROBLEMS, PLANS}), 0)
    return [
        replace(section, kind=DUTY) if at < before and section.kind == OTHER else section
        for at, section in enumerate(sections)
    ]


def body_lines(text: str, sections: list[Section]) -> Iterator[Line]:
    """The lines that count: without title, salutation, signature and self-evaluation (DOMAIN 4.8)."""
    apart = [section for section in sections if section.kind == SELF_EVALUATION]
    edges = {line.start for line in edge_lines(text, sections)}
    for line in lines_of(text):
        written_apart = any(section.start <= line.start < section.end for section in apart)
        if not written_apart and line.start not in edges:
            yield line


def edge_lines(text: str, sections: list[Section]) -> list[Line]:
    """Title, salutation and signatures: before the self-evaluation and at the very end."""
    ends = [section.start for section in sections if section.kind == SELF_EVALUATION] + [len(text)]
    edges = title_lines(text)
    for start, end in zip([0, *ends], ends, strict=False):
        edges += signature_lines(lines_of(text, start, end))
    return edges


def title_lines(text: str) -> list[Line]:
    """The lines of title and salutation at the top of a report."""
    lines = lines_of(text, 0, min(len(text), 2000))
    titles = []
    if lines and is_title(lines[0]):
        titles = [lines[0]]
        for line in lines[1:MAX_TITLE_LINES]:
            if read_heading(line) or SENTENCE_END.search(line.text) or len(line.text) > 30 or "：" in line.text:
                break
            titles.append(line)
    for line in lines[len(titles) : len(titles) + 2]:
        if len(line.text) <= MAX_HEADING_CHARS and SALUTATION.fullmatch(line.text):
            titles.append(line)
    return titles


def is_title(line: Line) -> bool:
    """A first line that names the document: short, not a sentence, not a heading."""
    named = ROLE_WORDS.search(line.text) and not re.search(r"[，。；：:！？]", line.text)
    return bool(named) and len(line.text) <= 60 and not any(number.match(line.text) for _, number in NUMBERS)


def signature_lines(lines: list[Line]) -> list[Line]:
    """The last lines when they are a date, who signs and for whom; none unless one is a date or says 述职人."""
    signed: list[Line] = []
    for line in reversed(lines[-MAX_SIGNATURE_LINES:]):
        shapes = (DATED, SIGNED_BY, SIGNED_ORGANIZATION, BARE_NAME)
        if SENTENCE_END.search(line.text) or not any(shape.fullmatch(line.text) for shape in shapes):
            break
        signed.append(line)
    certain = any(DATED.fullmatch(line.text) or SIGNED_BY.fullmatch(line.text) for line in signed)
    return signed if certain else []
