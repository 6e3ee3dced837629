"""Marks of secrecy (密级标志): a paper that bears one must not be in this system. Pure: only the standard library.

Only the mark is found, never the word: 无记名秘密投票, 机密文件管理制度 and 严守国家秘密 are plain Chinese.
"""

import re
from collections.abc import Iterator

from reviews.report.checks.findings import Place, merge_places

GAP = r"[ 　\t]{0,4}"
LEVEL = rf"(?:绝{GAP}密|机{GAP}密|秘{GAP}密)"
STAR = r"[★☆✩✭⭐＊*]"
SPAN_OF_TIME = rf"(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}}){GAP}(?:年|个月)"
TERM = rf"{GAP}(?:{SPAN_OF_TIME}|长期|(?:启用|公布|解密)前)"
BRACKETS = (("【", "】"), ("〔", "〕"), (r"\[", r"\]"), ("（", "）"), (r"\(", r"\)"))
ENCLOSED = "|".join(
    rf"{opening}{GAP}(?:密级[：:]?)?{LEVEL}(?:级|件)?(?:{TERM})?{GAP}{closing}" for opening, closing in BRACKETS
)
MARKS = [
    # 机密★10年, 绝密★启用前, 秘密★
    re.compile(rf"(?:工作)?{LEVEL}{GAP}{STAR}(?:{TERM})?"),
    # 密级：机密
    re.compile(rf"密{GAP}级{GAP}[：:]{GAP}{LEVEL}(?:级)?(?:{TERM})?"),
    # alone on its line
    re.compile(rf"^{GAP}(?:工作)?{LEVEL}(?:级|件)?(?:{TERM})?{GAP}$", re.MULTILINE),
    # in brackets at the head of a line, at its end behind words, or behind the title of a paper
    re.compile(rf"(?:^{GAP}|(?<=》))(?:{ENCLOSED})|(?<=[知报案告见稿要函示])(?:{ENCLOSED})(?={GAP}$)", re.MULTILINE),
    # 保密期限：10年
    re.compile(rf"保密期限{GAP}[：:]{GAP}(?:\d{{1,2}}{GAP}(?:年|个月)|长期)"),
]
# 内部资料 注意保存 is no degree of secrecy, but such a paper is not for a report that is read out.
INTERNAL = re.compile(
    r"(?:内部(?:资料|文件|材料|刊物|情况)|党内(?:文件|资料|刊物))[，,、！! 　\t·\-—]{0,3}(?:请)?(?:务必)?"
    rf"(?:注意|妥善|严格){GAP}(?:保存|保管|保密)(?!制度|工作|管理|意识|纪律|规定|要求|责任|的)"
)

MARK_MESSAGE = "“{}”是密级标志，本系统不得存储、处理涉密内容。"
MARK_ADVICE = "请核对内容是否涉密：涉密的立即停止在此填写并报告保密管理人员，不涉密的删去标志。"
INTERNAL_MESSAGE = "“{}”是内部文件的标志，述职报告要在会上宣读，不应带有。"
INTERNAL_ADVICE = "请核对这段文字能否公开，删去标志和不宜公开的内容。"


def find_marks_of_secrecy(text: str) -> list[Place]:
    """Every mark of secrecy and every 内部资料 注意保存, in order."""
    return merge_places(list(find_each(text)))


def find_each(text: str) -> Iterator[Place]:
    """The marks, one kind after the other."""
    for mark in MARKS:
        for match in mark.finditer(text):
            yield place_of(match, MARK_MESSAGE, MARK_ADVICE)
    for match in INTERNAL.finditer(text):
        yield place_of(match, INTERNAL_MESSAGE, INTERNAL_ADVICE)


def place_of(match: re.Match[str], message: str, advice: str) -> Place:
    """The place of a match without the blanks around it."""
    words = match.group().strip()
    start = match.start() + match.group().index(words)
    return Place(start, start + len(words), message.format(words), advice)
