"""测评情况 for the minutes: the rounds of the meeting's vote by how many sheets went out and came back.

Never how anybody was marked: the minutes are read by leaders and superiors who see no result before the approval
(SECURITY 4.1), and by whoever holds the paper afterwards. The 计票结果报告单, which has its own readers and its own
rule for small panels (S9-S11), is named instead. While a box is open there is no number at all (S8). A rehearsal
leaves nothing.
"""

from reviews.plan.models import Campaign
from scoring import booth
from scoring.models import Box

FINISHED = frozenset({Box.State.OPENED, Box.State.INVALID})
WORDS_OF_STATE = {
    Box.State.DRAFT: "正在准备",
    Box.State.FROZEN: "已经准备，还没有开始",
    Box.State.OPEN: "正在进行，还没有封箱",
    Box.State.CLOSED: "已经封箱，还没有开箱计票",
}


def boxes_of(campaign: Campaign) -> list[Box]:
    """The boxes of the campaign's rounds in their order, void ones too; no rehearsal. One query."""
    real = Box.objects.filter(round__campaign=campaign, round__is_rehearsal=False)
    return list(real.select_related("round").defer("frozen", "policy").order_by("round__number"))


def votes_told(campaign: Campaign) -> list[str]:
    """One paragraph a round, and below a sealed one a paragraph a panel with 发出、收回、有效、无效."""
    told = []
    for box in boxes_of(campaign):
        told += _round_told(box)
    return told


def vote_under_way(campaign: Campaign) -> str:
    """Why the meeting's vote is not over, as a sentence; "" when none is, or none was prepared."""
    for box in boxes_of(campaign):
        if not box.round.void_reason and box.state not in FINISHED:
            return f"第 {box.round.number} 轮测评{WORDS_OF_STATE[box.state]}。"
    return ""


def _round_told(box: Box) -> list[str]:
    number = box.round.number
    if reason := box.round.void_reason or (box.reason if box.state == Box.State.INVALID else ""):
        return [f"第{number}轮测评无效，原因：{reason.rstrip('。')}。该轮不计票，材料留存。"]
    if box.state == Box.State.OPEN:
        return [f"第{number}轮测评正在进行。"]
    if box.state not in {Box.State.CLOSED, Box.State.OPENED}:
        return []
    figures = booth.sheet_figures(box)
    total = {name: sum(line[name] for line in figures) for name in ("issued", "returned", "valid", "paper_invalid")}
    head = f"第{number}轮测评，共{_figures_told(total)}。收回数未超过发出数。"
    return [head, *(f"{line['code']}票 {line['label']}：{_figures_told(line)}。" for line in figures), _count_told(box)]


def _figures_told(line: dict) -> str:
    return (
        f"发出评议表 {line['issued']} 张，收回 {line['returned']} 张，"
        f"其中有效 {line['valid']} 张，无效 {line['paper_invalid']} 张"
    )


def _count_told(box: Box) -> str:
    if box.state == Box.State.CLOSED:
        return "票箱已封，待开箱计票。"
    return "已开箱计票。各述职人得票情况见《计票结果报告单》，随本记录存档，不列入本记录。"
