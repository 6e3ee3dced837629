"""A whole comment script taken apart: who is commented on, and the points of each comment (C5, C7).

Pure: only the standard library and the ledger's pure reading of points.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviews.ledger.points import CIRCLED, NUMERALS, WEAK_LABEL, split_points, value_of

__all__ = ["ScriptEntry", "split_points", "split_script"]

NUMBER = (
    rf"(?:第?[（(]?(?P<arabic>\d{{1,3}})[)）]?位?|第?[（(]?(?P<chinese>[{NUMERALS}]{{1,3}})[)）]?位?|(?P<circled>[{CIRCLED}])|序号)"
    r"[ \t　]{0,3}(?:[、．.，,：:)）\-—]|(?<=[)）①-⑳])|[ \t　]){1,3}[ \t　]{0,3}"
)
LEAD = r"(?:(?:下面|现在|接下来)?[，,]?(?:对|关于|点评))?"
HEAD = r"(?P<head>[^\n\r。；;：:，,！!？?]{2,60}?)"
COMRADE = (
    r"(?P<comrade>同[ 　]?志(?!们)[ 　]?(?P<bracket>[（(][^（()）\n]{2,40}[)）])?|(?<=[)）])|(?<=[一-龥xX×ｘＸ*＊]))"
)
# What may follow the name on its line: nothing, a mark, or at once the weaknesses.
TAIL = (
    r"(?=[ \t　]{0,12}(?:的?(?:点评|述职)(?:意见)?)?[ \t　]{0,12}(?:[：:，,。；;\n\r]|$)"
    r"|[ \t　]{0,12}(?:的)?(?:主要|存在)?(?:的)?(?:不足|问题|短板)[^\n：:]{0,8}[：:])"
)
HEADER = re.compile(
    rf"(?:^|(?<=[\n\r。；;！!]))[ \t　]{{0,12}}(?P<number>{NUMBER})?{LEAD}{HEAD}{COMRADE}{TAIL}", re.MULTILINE
)

LEFT_OPEN = "xX×ｘＸ*＊某○_＿"
NAME = (
    rf"(?:[一-龥]{{1,2}}[{LEFT_OPEN}]{{1,3}}|[{LEFT_OPEN}]{{1,4}}|[一-龥]{{2,4}}|[一-龥]{{1,6}}[·•][一-龥·•]{{1,12}})"
)
BODIES = "党委|党组|党工委|总支部|党总支|总支|党支部|支部|委员会|工委"
UNITS = "局|中心|公司|集团|学校|小学|中学|大学|学院|幼儿园|医院|镇|乡|街道|社区|村|院|所|队|办|室|委|站|处|科|厂|行|会"
SECOND_POST = r"(?:[、兼]{1,2}[一-龥]{0,6}(?:主任|局长|校长|院长|所长|站长|经理|董事长|镇长|乡长|部长|处长|科长))?"
ROLE = rf"(?:主持工作的)?(?:第一)?(?:副)?书记{SECOND_POST}|(?:党务)?负责人"
WITH_ROLE = re.compile(rf"(?P<organization>.*?)(?:{ROLE})(?P<person>{NAME})")
WITHOUT_ROLE = re.compile(rf"(?P<organization>.*(?:{BODIES}|{UNITS}))(?P<person>{NAME})")
ALONE = re.compile(NAME)
ENDING_ROLE = re.compile(rf"(?:{ROLE})$")
BRACKETED = re.compile(r"(?P<outer>[^（()）]*)[（(](?P<inner>[^（()）]{2,40})[)）]")
# Words that stand where a name would, in an agenda or a speech; the single letters only in doubtful heads.
NO_NAME = re.compile(
    r"述职|发言|点评|汇报|报告|讲话|评议|测评|会议|要求|总结|表态|宣读|主持|介绍|工作|党建|组织|情况|支部|书记|同志|考核|委员|代表|领导|责任"
    r"|问题|部分|有的|存在|认真|带头|深入|加强|进一步|落实|各位|部门"
)
DOUBTFUL = re.compile(r"[是的不对在履各抓要有]")
NO_ORGANIZATION = re.compile(r"^(?:请|由|听取|有请|下面|首先|今天|会议|感谢|刚才|比如|一是|二是|各|按照|根据)")
# A paragraph that goes on with the meeting, not with the comment.
GOES_ON = re.compile(
    rf"(?:第[{NUMERALS}\d]{{1,3}}项|[{NUMERALS}]{{1,3}}[、是](?:下面|现在|请|会议)|刚才|下面|接下来|现在|同志们|各位|最后[，,]|以上(?:是|点评|就是)"
    r"|请\S{0,20}(?:述职|讲话|发言|测评)|会议(?:进行|到此|结束)|感谢|谢谢|主持人|[^。；\n]{0,20}讲话[：:]?\s*$|[-—=*＊_]{3,}\s*$)"
)
BEFORE_COMMENT = re.compile(r"[ \t\r\n　：:，,。；;、]*(?:的?(?:点评|述职)(?:意见)?[：:，,]?)?[ \t\r\n　]*")


@dataclass(frozen=True, slots=True)
class ScriptEntry:
    """One person's comment in a script: ``text`` stands at ``start`` to ``end`` of the script, behind the name."""

    number: int
    organization: str
    person: str
    points: list[str]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """The head of an entry: number (0: none given), who, where the head begins and the comment begins."""

    number: int
    organization: str
    person: str
    start: int
    end: int
    certain: bool


def split_script(script: str) -> list[ScriptEntry]:
    """The entries of a comment script, in order; empty when it has none.

    An entry begins with "1、清河镇党支部书记张三同志" in any usual punctuation, with the name also
    in brackets or with blanks in it, and ends where the next begins or where the meeting goes
    on. A head without 同志 counts only when a comment follows it. Entries without a number
    are numbered by their place. What stands before and after the list belongs to no entry.
    """
    headers = list(find_headers(script))
    entries: list[ScriptEntry] = []
    longest = 0
    for header, following in zip(headers, [*headers[1:], None], strict=False):
        # A speech may follow the last comment, which gets no more paragraphs than the longest before it.
        limit, most = (following.start, 0) if following else (len(script), longest)
        start, end, paragraphs = comment_bounds(script, header.end, limit, most)
        longest = max(longest, paragraphs)
        text = script[start:end]
        number = header.number or (entries[-1].number + 1 if entries else 1)
        entries.append(ScriptEntry(number, header.organization, header.person, split_points(text), text, start, end))
    return entries


def find_headers(script: str) -> Iterator[Header]:
    """The heads of the entries, in order."""
    candidates = [header for match in HEADER.finditer(script) if (header := read_header(match))]
    for header, following in zip(candidates, [*candidates[1:], None], strict=False):
        until = min(following.start if following else len(script), header.end + 200)
        if header.certain or announces_comment(script[header.end : until]):
            yield header


def announces_comment(text: str) -> bool:
    """Whether a comment follows a head that does not say 同志."""
    opening = text.lstrip(" \t\r\n　：:，,。")
    numbered = re.search(r"(?:^|[：:，,。])\s*(?:一是|第一[，,]|其一|首先|1[.、．]|（1）)", opening[:80])
    return bool(numbered or WEAK_LABEL.search(opening[:40]))


def read_header(match: re.Match[str]) -> Header | None:
    """The head of an entry from a line that looks like one; None when it names nobody."""
    certain = match["comrade"].startswith("同")
    head = match["head"] + (match["bracket"] or "")
    who = read_bracketed(head) or read_names(head, alone=certain)
    if who is None:
        return None
    organization, person = who
    doubtful = not certain and (DOUBTFUL.search(person) or not (organization and match["number"]))
    if doubtful or NO_NAME.search(person) or NO_ORGANIZATION.search(organization or person):
        return None
    return Header(number_of(match), organization, person, match.start(), match.end(), certain)


def read_bracketed(head: str) -> tuple[str, str] | None:
    """Organization and person when one stands in brackets: 清河镇党委（党委书记 张三）, 张三（清河镇党委书记）."""
    bracketed = BRACKETED.fullmatch(compact(head))
    if not bracketed:
        return None
    outer, inner = bracketed["outer"].removesuffix("同志"), bracketed["inner"].removesuffix("同志")
    if named := WITH_ROLE.fullmatch(inner):
        return outer or named["organization"], named["person"]
    if ALONE.fullmatch(outer) and ENDING_ROLE.search(inner):
        return ENDING_ROLE.sub("", inner), outer
    if ALONE.fullmatch(inner) and re.search(rf"(?:{BODIES}|书记)$", outer):
        return ENDING_ROLE.sub("", outer), inner
    return None


def read_names(head: str, *, alone: bool) -> tuple[str, str] | None:
    """Organization and person from "清河镇党委书记张三" or "清河镇党委张三"; a name only when it may stand alone."""
    plain = compact(head)
    named = WITH_ROLE.fullmatch(plain) or WITHOUT_ROLE.fullmatch(plain)
    if named:
        return named["organization"], named["person"]
    return ("", plain) if alone and ALONE.fullmatch(plain) else None


def compact(head: str) -> str:
    """A head without blanks and noise, as names are compared."""
    return re.sub(r"[\s　“”\"'：:]", "", head).strip("、-—")


def number_of(match: re.Match[str]) -> int:
    """The printed number of an entry; 0 when it has none."""
    if match["arabic"]:
        return int(match["arabic"])
    if match["circled"]:
        return value_of(match["circled"])
    return chinese_number(match["chinese"]) if match["chinese"] else 0


def chinese_number(text: str) -> int:
    """The value of a Chinese number below one hundred; 0 when it is none.

    >>> [chinese_number(text) for text in ("三", "十", "十四", "二十", "二十三", "三四")]
    [3, 10, 14, 20, 23, 0]
    """
    tens, ten, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or (not ten and len(text) > 1):
        return 0
    if not ten:
        return value_of(text)
    return (value_of(tens) if tens else 1) * 10 + (value_of(ones) if ones else 0)


def comment_bounds(script: str, start: int, limit: int, most: int) -> tuple[int, int, int]:
    """Where a comment stands between its head and ``limit``, and its paragraphs: at most ``most`` if that is not 0.

    It ends before a paragraph that goes on with the meeting.
    """
    start = min(BEFORE_COMMENT.match(script, start).end(), limit)
    end, paragraphs = start, 0
    for line in re.compile(r"[^\n\r]+").finditer(script, start, limit):
        words = line.group().strip()
        if not words:
            continue
        if GOES_ON.match(words) or (most and paragraphs == most):
            break
        end, paragraphs = line.start() + len(line.group().rstrip()), paragraphs + 1
    return start, end, paragraphs
