"""打算空泛: plans that name no measure, no time and nobody (DOMAIN E8). Pure: only the standard library."""

import re
from collections.abc import Iterator

from reviews.ledger.wording import is_concrete, vague_words
from reviews.report.checks.findings import Place
from reviews.report.checks.sentences import points

Span = tuple[int, int]

# Who does it: 由组织委员牵头, 我每月到…, 专人负责.
BY_WHOM = re.compile(
    r"由(?!于|此|衷)[^，。；\n]{1,12}(?:牵头|负责|主讲|包联|落实|组织|督办|带)|(?:我|本人)(?:将|要|会)?(?:带头|牵头|负责|包联|每|到|逐|直接|亲自到|主讲|联系|列席|带队)|专人(?:负责|跟踪)|责任到人|谁分管谁"
)
WHEN = re.compile(
    r"(?:明年|来年|今冬明春|年)(?:初|底|中|内|末|上半年|下半年|[一二三四]季度)|(?:春|夏|秋|冬)(?:季|节)|“?七一”?前|换届前|季度|逐(?:月|季|周)|(?:每|按)(?:月|季|周|年|学期|半月)|学期|任期内|两会前|会后"
)
SHORTEST = 14

MESSAGE = "这一条打算只说“{}”，没有具体措施、完成时间和责任人。"
ADVICE = "请写明做什么、什么时候做完、由谁负责。"


def find_vague_plans(text: str, plans: list[Span], *, allowed: int) -> list[Place]:
    """The plans without measure, time and person, if there are more than ``allowed``."""
    places = [place for span in plans for place in vague_points(text, span)]
    return places if len(places) > allowed else []


def vague_points(text: str, span: Span) -> Iterator[Place]:
    """Each point that holds vague words and nothing that can be shown afterwards."""
    for point in points(text, *span):
        ink = point.ink
        if len(ink.text) < SHORTEST or BY_WHOM.search(ink.text) or WHEN.search(ink.text) or is_concrete(ink.text):
            continue
        hints = vague_words(ink.text)
        if hints:
            words = "、".join(dict.fromkeys(hint.word for hint in hints[:3]))
            yield Place(ink.start, ink.end, MESSAGE.format(words), ADVICE)
