"""Names, places and rooms of other organizations: signs of a copied text (DOMAIN B13).

Pure: only the standard library; which organizations there are, the caller says. A name beside 联建, 观摩,
学习经验 and the like is a true tale of two organizations and is left in peace.
"""

import re
from collections.abc import Iterable, Iterator

from reviews.report.checks.findings import Place, merge_places

# The endings of the names of Party organizations.
ENDINGS = re.compile(r"党委|党组|党工委|党总支|总支|党支部|支部|工委|委员会|党小组")
LONGEST_NAME, SHORTEST_NAME = 24, 3
HAN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9（）()·]+$")
# Words around a name that make another organization a rightful part of a report.
TOGETHER = re.compile(
    r"联建|共建|结对|结成|联合|交流|观摩|参观|帮扶|座谈|调研|指导|督查|检查|协调|对接|协作|合作|互学|走访|慰问|联谊|邀请|赴|支援"
    r"|转入|转出|转接|划转|合并|合署|借鉴|援|报请|上级|批复|评为|授予|兄弟|来自|接收|输送|争取|请教|配合|共同|经验|做法|请我|送来|感谢|赠|支持|来我"
)
# Words right before a name.
TOWARDS = re.compile(r"(?:到|向|同|与|和|由|跟|对|请|从|联系|学习|及)(?:了)?[“《]?$")
# How one calls one's own house.
OWN_HOUSE = re.compile(r"我(镇|乡|村|校|厂|矿|社区|街道)(?![长友])")
# What the name of an organization has that calls itself so.
HOUSE_SIGNS = {
    "镇": ("镇",),
    "乡": ("乡", "镇"),
    "村": ("村",),
    "校": ("校", "学院", "大学", "中学", "小学", "幼儿园"),
    "厂": ("厂", "公司", "企业"),
    "矿": ("矿", "公司", "企业", "能源", "煤"),
    "社区": ("社区",),
    "街道": ("街道",),
}
# What an organization may be by its name; one of unknown kind contradicts nothing.
HOUSES = "镇乡村校学院园厂矿局厅站所中心公司医社区街道监测"
ROOM = re.compile(
    r"[一-龥]{0,8}(?:大厦|大楼|办公楼|写字楼|综合楼|行政楼)[ 　]?"
    r"(?:[A-Za-z]座|[一二三四五六七八九十\d]{1,2}(?:号楼|楼|层))?"
    r"[ 　]?\d{3,5}(?:室|房间|号)?(?![\d.,]| ?[平名人个元万次㎡m²余多年户件处])"
)

NAME_MESSAGE = "“{}”是别的党组织的名称，文中没有说明与它的关系。"
NAME_ADVICE = "请核对是否照抄了别人的报告，改成本单位的情况或写明关系。"
HOUSE_MESSAGE = "“我{0}”与本单位（{1}）不符。"
HOUSE_ADVICE = "请核对是否照抄了别人的报告，改成本单位的称呼。"
ROOM_MESSAGE = "“{}”是通知里才写的房间号，述职报告里一般没有。"
ROOM_ADVICE = "请核对是否照抄了通知或别人的材料，删去或改正。"


def possible_names(text: str) -> set[str]:
    """Every run of letters that may be the name of a Party organization, for the caller to look up.

    At most ``LONGEST_NAME`` letters up to each 党委, 党支部 and so on: their number grows with the text only.
    """
    names = set()
    for ending in ENDINGS.finditer(text):
        run = HAN.search(text[max(0, ending.end() - LONGEST_NAME) : ending.end()])
        if run:
            letters = run.group()
            names.update(letters[cut:] for cut in range(len(letters) - SHORTEST_NAME + 1))
    return names


def find_other_units(
    text: str, others: Iterable[str], own: Iterable[str], *, shortest: int, place: str = ""
) -> list[Place]:
    """Names of ``others`` without a word on what they have to do with the author, rooms, and 我镇 in a bureau.

    ``own`` are the names of the author's organization and those above it; ``place`` is where the
    campaign meets. Names of fewer than ``shortest`` letters are not looked for.
    """
    own = tuple(own)
    sought = {name for name in others if len(name) >= shortest and not any(name in mine for mine in own)}
    places = [*other_names(text, sought), *rooms(text, place)]
    if own:
        places += other_houses(text, own)
    return merge_places(places)


def other_names(text: str, sought: set[str]) -> Iterator[Place]:
    """The names, each where it stands with nobody's hand in it."""
    heads: dict[str, list[str]] = {}
    for name in sorted(sought, key=len, reverse=True):
        heads.setdefault(name[:2], []).append(name)
    at = 0
    while heads and at < len(text) - 1:
        name = next((one for one in heads.get(text[at : at + 2], ()) if text.startswith(one, at)), "")
        if name and not is_told_with(text, at, at + len(name)):
            yield Place(at, at + len(name), NAME_MESSAGE.format(name), NAME_ADVICE)
        at += len(name) or 1


def is_told_with(text: str, start: int, end: int) -> bool:
    """Whether the words around a name say what its organization has to do with the author's."""
    return bool(TOWARDS.search(text[max(0, start - 6) : start]) or TOGETHER.search(clause_around(text, start, end)))


def clause_around(text: str, start: int, end: int) -> str:
    """The sentence around a place, without the place itself; at most sixty letters on each side."""
    before = re.split(r"[。；！？\n]", text[max(0, start - 60) : start])[-1]
    after = re.split(r"[。；！？\n]", text[end : end + 60])[0]
    return before + "\0" + after


def other_houses(text: str, own: tuple[str, ...]) -> Iterator[Place]:
    """我镇, 我校 ... where no organization of the author's line is one."""
    line = "".join(own)
    if not any(sign in own[0] for sign in HOUSES):
        return
    for match in OWN_HOUSE.finditer(text):
        house = match.group(1)
        if not any(sign in line for sign in HOUSE_SIGNS[house]):
            yield Place(match.start(), match.end(), HOUSE_MESSAGE.format(house, own[0]), HOUSE_ADVICE)


def rooms(text: str, place: str) -> Iterator[Place]:
    """Numbers of rooms in named buildings, other than the campaign's own."""
    for match in ROOM.finditer(text):
        words = match.group()
        if not (place and (words in place or place in words)):
            yield Place(match.start(), match.end(), ROOM_MESSAGE.format(words), ROOM_ADVICE)
