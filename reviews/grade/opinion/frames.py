"""PURE: the words around the facts. Every frame stands after nothing and needs nothing before it.

Several frames a kind, in numbers without a common divisor, so that eighteen opinions do not read alike. A frame says
where a fact comes from and judges nothing: whoever edits the draft judges.
"""

from collections.abc import Sequence
from enum import Enum

from scoring.policy import GRADE_LABELS


class Kind(Enum):
    """What a fact tells, and which side of the opinion it belongs to."""

    STRENGTH = "点评肯定"
    CLOSED = "整改销号"
    SEEN = "调研所见"
    VOTES = "测评"
    VISITS = "调研次数"
    VETTED = "报告审核"
    FOUND = "自己查摆"
    WEAKNESS = "指出的问题"
    OVERDUE = "整改逾期"
    RECURRING = "重复出现"
    ADVICE = "建议"


PRAISING = (Kind.STRENGTH, Kind.CLOSED, Kind.SEEN, Kind.VOTES, Kind.VISITS, Kind.VETTED, Kind.FOUND)

# The first sentence of an opinion names the person.
OPENING = (
    "{who}受到点评肯定：{words}。",
    "点评认为{who}有亮点：{words}。",
    "{who}的工作，点评肯定的是：{words}。",
    "评议会上，{who}得到这样的肯定：{words}。",
    "对{who}，点评首先肯定：{words}。",
    "{who}做得好的一面，点评讲到：{words}。",
    "点评肯定{who}：{words}。",
)
FOLLOWING = {
    Kind.STRENGTH: ("点评还肯定：{words}。", "亮点还有：{words}。", "同时肯定：{words}。", "做得好的还有：{words}。"),
    Kind.SEEN: ("调研中看到：{words}。", "平时了解到：{words}。", "走访时看到的一面：{words}。"),
    Kind.ADVICE: (
        "建议：{words}。",
        "下一步：{words}。",
        "改进建议：{words}。",
        "今后努力的方向：{words}。",
        "点评建议：{words}。",
    ),
}
ONE_WEAKNESS = (
    "不足是：{words}。",
    "还要看到：{words}。",
    "需要改进的是：{words}。",
    "点评指出：{words}。",
    "短板在于：{words}。",
)
MANY_WEAKNESSES = (
    "主要不足：{words}。",
    "点评指出，{words}。",
    "还要看到，{words}。",
    "需要改进的有：{words}。",
    "短板在于：{words}。",
)
MORE_WEAKNESSES = ("另有：{words}。", "此外，{words}。", "同时，{words}。")
ORDINALS = "一二三四五六七八九"
FROM_THE_LEDGER = ("台账显示，", "整改方面，", "从整改看，")


def framed(frames: Sequence[str], turn: int, **words: str) -> str:
    """One of the frames with its words; the turn chooses it, the same turn always the same one."""
    return frames[turn % len(frames)].format(**words)


def counted(kind: Kind, total: int, done: int, year: int, turn: int, *, good: str = GRADE_LABELS[0]) -> str:
    """The sentence of a kind that tells numbers; "" where there is nothing to tell. ``good``: the best grade's name.

    >>> counted(Kind.CLOSED, 1, 1, 2025, 0)
    '台账显示，所在党组织2025年度的1个问题已销号。'
    >>> counted(Kind.CLOSED, 4, 4, 2025, 1)
    '整改方面，所在党组织2025年度的4个问题已全部销号。'
    """
    if total < 1:
        return ""
    return _NUMBERS[kind](total, done, year, turn).format(good=good)


def _closed(total: int, done: int, year: int, turn: int) -> str:
    problems = f"所在党组织{year}年度的{total}个问题"
    if done >= total:
        told = f"{problems}已{'全部' if total > 1 else ''}销号"
    elif done:
        told = f"{problems}已销号{done}个，其余{total - done}个正在整改"
    else:
        told = f"{problems}尚未销号"
    return f"{FROM_THE_LEDGER[turn % 3]}{told}。"


def _votes(total: int, done: int, year: int, turn: int) -> str:
    good = f"“{{good}}”票{done}张" if done else "没有“{good}”票"
    return (f"测评有效票{total}张，其中{good}。", f"无记名测评的{total}张有效票中，{good}。")[turn % 2]


def _visits(total: int, done: int, year: int, turn: int) -> str:
    return (f"上级全年走访督查{total}次。", f"一年中上级到所在党组织走访督查{total}次。")[turn % 2]


def _vetted(total: int, done: int, year: int, turn: int) -> str:
    if total == 1:
        return ("述职报告一次通过审核。", "述职报告首轮即通过审核。")[turn % 2]
    return (f"述职报告修改后于第{total}轮通过审核。", f"述职报告经{total}轮审核通过。")[turn % 2]


def _found(total: int, done: int, year: int, turn: int) -> str:
    return (f"本人查摆问题{total}个。", f"本人主动查找并列入台账的问题有{total}个。")[turn % 2]


def _overdue(total: int, done: int, year: int, turn: int) -> str:
    return (f"有{total}个问题逾期未销号。", f"台账中逾期未销号的问题有{total}个。")[turn % 2]


def _recurring(total: int, done: int, year: int, turn: int) -> str:
    return (f"有{total}个问题往年提出过，今年又出现。", f"今年的问题中有{total}个与往年相同。")[turn % 2]


_NUMBERS = {
    Kind.CLOSED: _closed,
    Kind.VOTES: _votes,
    Kind.VISITS: _visits,
    Kind.VETTED: _vetted,
    Kind.FOUND: _found,
    Kind.OVERDUE: _overdue,
    Kind.RECURRING: _recurring,
}
