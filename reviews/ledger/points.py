"""Points in a running text: "一是…；二是…" taken apart into what each will be a problem in the ledger.

Pure: only the standard library. Both the comments of the meeting and the problems section
of a report are read by it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

NUMERALS = "一二三四五六七八九十"
VALUES = {numeral: value for value, numeral in enumerate(NUMERALS, start=1)}
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
ORDINAL_WORDS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "此外": 4, "另外": 4, "最后": 5}

# The ways to number points, the commonest first; group 1 is the number. A doubled "一是是" is a slip,
# "一是是非不分" is not; "第一责任人" and "3.5%" are no numbers of points.
FORMS = [
    re.compile(rf"([{NUMERALS}]{{1,2}})\s?是(?:是(?!非))?(?!一[、，]?二|二[的地])[，,：:]?\s*"),
    re.compile(rf"第([{NUMERALS}]{{1,2}})(?:[、，,：:]|[点条个方面]{{1,2}}[，,、：:是]|是)\s*"),
    re.compile(rf"其([{NUMERALS}])(?!中|他|余)[、，,：:是]?\s*"),
    re.compile(r"(?<!\d)(\d{1,2})\s?[、．.](?!\d)\s*"),
    re.compile(r"[（(](\d{1,2})[)）][、．.]?\s*"),
    re.compile(rf"[（(]([{NUMERALS}]{{1,2}})[)）][、．.]?\s*"),
    re.compile(rf"([{CIRCLED}])\s*"),
    re.compile(r"(?<!\d)(?<![（(])(\d{1,2})[)）]\s*"),
    re.compile(rf"([{NUMERALS}]{{1,2}})[、．.]\s*"),
    re.compile(r"(首先|其次|再次|再者|此外|另外|最后)[是，,：:]?\s*"),
    re.compile(rf"([{NUMERALS}]{{1,2}})要"),
]
# A number stands at the head of a line or behind a mark; 一是, （1） and ① may also follow a word, next in turn.
UNMISTAKABLE = {FORMS[0], FORMS[4], FORMS[6]}
BOUNDARY = re.compile(r"(?:^|[。；;：:！!？?，,、…”’）)\]】\s])$")
NEVER_BEFORE = "之唯统专单划万第其同归逐周星期十百千零〇"
QUOTED = re.compile(r"“[^“”\n]{0,300}”|「[^「」\n]{0,300}」|『[^『』\n]{0,300}』")

WEAK = re.compile(r"不足|问题|短板|弱项|差距|薄弱|缺点|欠缺|不够")
PRAISE = re.compile(r"亮点|优点|成绩|特色|成效|特点|做法|肯定|经验|收获")
ADVICE = re.compile(r"希望|建议|下一?步|今后|努力方向|改进|整改|要求|打算|措施|意见")
WEAK_LABEL = re.compile(
    r"(?:不足|问题|短板|弱项|差距|缺点|薄弱环节)(?:之处|方面|主要|表现|如下|是|有|在于|为)*\s*[：:]\s*"
)
AFTER_POINTS = re.compile(
    r"[。；;！!\n][ \t　]*(?=(?:希望|建议|下一?步|今后|接下来|努力方向|改进方向|整改(?:方向|要求|建议)"
    r"|对此|针对(?:以上|上述|这些|存在)|总的|总之|总体|亮点|优点|(?:主要)?(?:成绩|特色)|同时[，,]?希望|请(?:你|您|张|各|认真|在)|以上))"
)
PAUSE = re.compile(r"[。；;！!\n]")
NEGATIVE = re.compile(
    r"不|欠|缺|弱|少|差|低|单一|滞后|有待|尚|没有|未|淡|慢|浅|松|轻|短板|问题|失衡|脱节|随意|流于|停留"
)
ENDS = re.compile(r"^[\s。；;，,、]+|[\s。；;，,、]+$")  # blanks of every kind, and stops


@dataclass(frozen=True, slots=True)
class Marker:
    """The number of a point: its value, and where it begins and the words after it."""

    value: int
    start: int
    end: int


def trimmed(text: str) -> str:
    """Without blanks and stops at either end."""
    return ENDS.sub("", text)


def split_points(text: str) -> list[str]:
    """The points of a comment or of a problems section, without their numbers and final marks, in order.

    Understood are 一是…二是…, 第一，…第二，…, 其一…其二…, 1. 2., （1）（2）, ①②, 一、二、, 首先…其次…, and, when
    nothing is numbered, sentences that state a weakness. Of several lists only those of
    weaknesses count: the praise before (亮点：一是…) and the advice after are no problems.
    A number left out or given twice does no harm; numbers within quotation marks are words.
    """
    runs = find_runs(text)
    if not runs:
        return unnumbered(text)
    points = []
    for place in chosen_runs(text, runs):
        run, following = runs[place], runs[place + 1] if place + 1 < len(runs) else None
        points += points_of(text, run, label_start(text, run, following) if following else len(text))
    return points


def find_runs(text: str) -> list[list[Marker]]:
    """The numbered lists of the text, all of one form: the one that begins first, the commoner if two do.

    A list ends where the numbers begin anew.
    """
    lists = [markers for form in FORMS if (markers := find_markers(text, form))]
    if not lists:
        return []
    markers = min(lists, key=lambda markers: (markers[0].value > 1, len(markers) == 1, markers[0].start))
    runs: list[list[Marker]] = []
    for marker in markers:
        if not runs or (marker.value == 1 and runs[-1][-1].value >= 1):
            runs.append([])
        runs[-1].append(marker)
    return runs


def find_markers(text: str, form: re.Pattern[str]) -> list[Marker]:
    """The numbers of one form that number points, those in quotations only when there are no others."""
    quoted = [match.span() for match in QUOTED.finditer(text)]
    starts = [start for start, _ in quoted]
    outside, inside, last = [], [], 0
    for match in form.finditer(text):
        value = value_of(match.group(1))
        before = text[max(0, match.start() - 1) : match.start()]
        in_turn = form in UNMISTAKABLE and value == last + 1 and before not in NEVER_BEFORE
        if not value or not (BOUNDARY.search(before) or in_turn or before in "“‘「"):
            continue
        place = bisect_right(starts, match.start()) - 1
        is_inside = place >= 0 and match.start() < quoted[place][1]
        (inside if is_inside else outside).append(Marker(value, match.start(), match.end()))
        last = last if is_inside else value
    return outside or ([] if len(inside) < 2 else inside)


def value_of(number: str) -> int:
    """The value of a number of a point; 0 when it is none.

    >>> [value_of(number) for number in ("三", "十二", "7", "④", "其次")]
    [3, 12, 7, 4, 2]
    """
    if number in ORDINAL_WORDS:
        return ORDINAL_WORDS[number]
    if number in CIRCLED:
        return CIRCLED.index(number) + 1
    if number.isdecimal():
        return int(number)
    if len(number) == 2:
        return 10 + VALUES[number[1]] if number[0] == "十" and number[1] != "十" else 0
    return VALUES[number]


def chosen_runs(text: str, runs: list[list[Marker]]) -> list[int]:
    """The places of the lists that state weaknesses: announced so, or else not announced as praise or advice."""
    words = [announcement(text, runs, place) for place in range(len(runs))]
    weak = [place for place, said in enumerate(words) if WEAK.search(said)]
    return weak or [place for place, said in enumerate(words) if not PRAISE.search(said) and not ADVICE.search(said)]


def announcement(text: str, runs: list[list[Marker]], place: int) -> str:
    """The words just before a list, which say what it lists."""
    start = runs[place][0].start
    floor = runs[place - 1][-1].end if place else 0
    words = text[max(floor, start - 40) : start].rstrip(" \t\r\n　：:，,—-")
    return PAUSE.split(words)[-1]


def label_start(text: str, run: list[Marker], following: list[Marker]) -> int:
    """Where the announcement of the following list begins: behind the last pause before it."""
    window = text[run[-1].end : following[0].start].rstrip(" \t\r\n　：:，,。；;")
    pauses = list(PAUSE.finditer(window, max(0, len(window) - 80)))
    return run[-1].end + (pauses[-1].end() if pauses else len(window))


def points_of(text: str, run: list[Marker], run_end: int) -> Iterator[str]:
    """The points of one list; the last ends where advice, a summing up or another paragraph begins."""
    ends = [*(marker.start for marker in run[1:]), last_end(text, run, run_end)]
    for marker, end in zip(run, ends, strict=True):
        point = trimmed(re.sub(r"\s*[\r\n]+\s*", "", text[marker.end : end]))
        if point.endswith("”") and "“" not in point:  # the whole comment was put in quotation marks
            point = trimmed(point[:-1])
        if point:
            yield point


def last_end(text: str, run: list[Marker], run_end: int) -> int:
    """Where the last point of a list ends."""
    start = run[-1].end
    if after := AFTER_POINTS.search(text, start, run_end):
        run_end = after.start() + 1
    on_lines = len(run) > 1 and text[max(0, run[-1].start - 20) : run[-1].start].rstrip(" \t　").endswith("\n")
    paragraph = re.compile(r"\n" if on_lines else r"(?<=[。；;！!])[ \t　]*\n|\n[ \t　]*\n")
    found = paragraph.search(text, start, run_end)
    return found.start() if found and trimmed(text[start : found.start()]) else run_end


def unnumbered(text: str) -> list[str]:
    """Weaknesses without numbers: what follows "不足：", or the sentences that state one."""
    label = WEAK_LABEL.search(text)
    stated = text[label.end() :] if label else text
    if after := AFTER_POINTS.search(stated):
        stated = stated[: after.start()]
    marks = r"[；;\n]" if re.search(r"[；;\n]", trimmed(stated)) else "。"
    pieces = [trimmed(piece) for piece in re.split(marks, stated)]
    return [piece for piece in pieces if piece and (label or NEGATIVE.search(piece))]
