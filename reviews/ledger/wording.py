"""措辞: is a measure concrete, is a problem one of last year's? PURE: text in, hints out.

Both are advice to a person; neither stops anything (DOMAIN 4.11, E5, E8).
"""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

# What measures say when nobody means to do anything in particular.
VAGUE = (
    "进一步",
    "切实",
    "不断加强",
    "加强",
    "加大力度",
    "提高认识",
    "提升认识",
    "提高站位",
    "高度重视",
    "深刻认识",
    "统一思想",
    "强化意识",
    "增强意识",
    "狠抓落实",
    "抓好落实",
    "认真落实",
    "认真学习",
    "持续推进",
    "不断提升",
    "不断完善",
    "努力",
)
_VAGUE = re.compile("|".join(sorted(VAGUE, key=len, reverse=True)))
_CLAUSE = re.compile(r"[^。；;！!？?\n]+")
# A figure, a date or a rhythm makes a clause concrete ...
_FIGURE = re.compile(
    r"[0-9０-９]"
    r"|[一二两三四五六七八九十百]+(?:次|名|个|项|场|期|篇|天|周|年|季|人|件|份|支|户|节|轮|小时|月份)"
    r"|每(?:天|日|周|旬|月|季|半年|年|名|个|位)"
    r"|(?:本月|月|季度|季|半年|年)(?:底|末|初)"
)
# ... and so does a thing that can be shown afterwards: a named one, or one of these.
_OBJECT = re.compile(
    r"《[^》]+》|“[^”]+”"
    r"|清单|台账|制度|方案|细则|计划表|责任书|主题党日|组织生活会|民主生活会|谈心谈话|党课|培训班|培训会"
    r"|走访|座谈会|调研报告|公示|问卷|专题会|党员大会|支委会|档案|阵地|结对"
)
_NOISE = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^[\W_]*(?:[一二三四五六七八九十]+是|[一二三四五六七八九十]+、|[0-9]+[.、．)）])")

ALIKE_FROM = 0.6  # DOMAIN 4.11: similarity of a recurrence
COMPARED_CHARACTERS = 400  # a problem is a sentence or two; comparing costs the square of the length


@dataclass(frozen=True, slots=True)
class Hint:
    """A vague word and where it stands in the text."""

    word: str
    start: int
    end: int


def vague_words(text: str) -> list[Hint]:
    """Vague words in clauses that hold no figure, no date and nothing that can be shown.

    >>> [hint.word for hint in vague_words("进一步提高认识；每月开展 1 次主题党日，加强学习")]
    ['进一步', '提高认识']
    """
    hints = []
    for clause in _CLAUSE.finditer(text):
        found = list(_VAGUE.finditer(clause.group()))
        if found and not is_concrete(clause.group()):
            offset = clause.start()
            hints += [Hint(word.group(), offset + word.start(), offset + word.end()) for word in found]
    return hints


def is_concrete(text: str) -> bool:
    """Whether the text holds a figure, a date, a rhythm or a thing that can be shown afterwards.

    >>> is_concrete("加强学习"), is_concrete("每月开展一次主题党日")
    (False, True)
    """
    rest = _VAGUE.sub(" ", _NUMBERING.sub("", text))
    return bool(_FIGURE.search(rest) or _OBJECT.search(rest))


def similarity(one: str, other: str) -> float:
    """How alike two problems read, 0 to 1: the larger of difflib's ratio and of the share of common bigrams.

    Numbering, punctuation and blanks do not count. The same for both orders; 0 for an empty text.

    >>> similarity("一是主题党日形式单一。", "主题党日形式单一")
    1.0
    """
    one, other = sorted((_bare(one), _bare(other)))
    if not one or not other:
        return 0.0
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return max(ratio, _shared_bigrams(one, other))


def _bare(text: str) -> str:
    return _NOISE.sub("", _NUMBERING.sub("", text))[:COMPARED_CHARACTERS]


def _shared_bigrams(one: str, other: str) -> float:
    """Dice's coefficient over the pairs of neighbouring characters, each pair as often as it occurs."""
    ones, others = (Counter(text[i : i + 2] for i in range(len(text) - 1)) for text in (one, other))
    total = ones.total() + others.total()
    return 2 * (ones & others).total() / total if total else 0.0
