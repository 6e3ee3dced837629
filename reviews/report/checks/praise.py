"""成绩重、问题轻: how much is praised and how lightly the problems are told (DOMAIN B16).

Pure: only the standard library. Measured, so that the author can recount it:
sentences that praise, sentences on problems, problems without any fact.
"""

import re

from reviews.report.checks.findings import Place
from reviews.report.checks.sentences import points, sentences

Span = tuple[int, int]

PRAISE = re.compile(
    r"成效(?:显著|明显|突出)|显著(?:成效|提升|提高|增强|改善)|明显(?:成效|提升|提高|增强|改善|好转)|(?:全面|大幅|稳步|有效|进一步)(?:提升|提高|增强|夯实|巩固)了|"
    r"取得(?:了)?(?:良好|明显|显著|较好|丰硕|长足|可喜|优异|突破)|新(?:局面|台阶|突破|成效|气象|面貌|高度)|浓厚氛围|良好氛围|名列前茅|位居前列|走在前列|"
    r"(?:高度|一致|充分)(?:评价|肯定|好评|认可|赞誉)|广泛(?:好评|赞誉|认可)|一致好评|得到(?:了)?[^，。；\n]{0,12}(?:肯定|好评|认可|赞扬)|受到(?:了)?[^，。；\n]{0,12}(?:好评|表彰|欢迎|肯定)|"
    r"(?:战斗堡垒|先锋模范)作用(?:得到)?(?:充分|有效|显著)|充分发挥了|有力(?:推动|促进|保障|支撑)了|圆满(?:完成|收官)|出色完成|空前|卓有成效|硕果累累|遥遥领先|群众满意度(?:大幅|显著|明显)"
)
# How problems are told lightly.
LIGHT = re.compile(
    r"(?:还|仍|尚)?(?:有待|需|需要|有)(?:进一步)?(?:加强|提高|提升|改进|完善|加大|深化|增强)|(?:还)?(?:不够|不太|不是很|不甚)[^，。；、\n]{1,4}|(?:还|仍)?(?:存在|有)(?:一定|些许|一些|少许)?(?:的)?(?:差距|不足|欠缺)|"
    r"不(?:强|足|深|细|高|多|广|大|实|严|紧)(?=[，。；、]|$)|略显|稍显|相对(?:较少|不足|薄弱|滞后|单一)|欠(?:缺|佳|深入)"
)
# What makes a problem a fact: a figure, a case, a name, an act.
FACT = re.compile(
    r"[0-9０-９]|[一二两三四五六七八九十百]+(?:次|名|个|项|场|期|篇|天|周|年|季|人|件|份|支|户|节|轮|成|条|处|本|家|回|遍|月)|半年|一半|例如|比如|譬如|如[^，。；\n何果此今同]{2,}|"
    r"《[^》\n]+》|“[^”\n]{4,}”|只(?:有|是|看|听|开|去|念|顾|满足|抓)|没有|从未|没(?:能)?|拖|照着|照搬|代替|习惯于|满足于|停留在|念文件|读文件|一发了之|一开了之|以[^，。；\n]{2,10}为(?:由|借口)|直到|才"
)
SHORTEST = 8

TIMES_MESSAGE = "写成绩的话有 {} 句，写问题的话有 {} 句，成绩是问题的 {} 倍（要求不超过 {} 倍）。"
TIMES_ADVICE = "请压缩评价性的话，把问题一条一条写具体。"
LIGHT_MESSAGE = "{} 条问题中有 {} 条（占 {}%）只说“{}”一类的话，没有事例、数字或具体表现。"
LIGHT_ADVICE = "请为每条问题写出一件事、一个数字或一种具体表现。"


def find_heavy_praise(
    text: str, told: list[Span], problems: list[Span], *, times: int, light_share_bp: int
) -> list[Place]:
    """What is out of balance between the work done (``told``) and the ``problems``, with its figures.

    More than ``times`` sentences of praise to one of problems, six at least; more than
    ``light_share_bp`` of the problems, two at least, without any fact. Nothing without problems.
    """
    if not problems:
        return []
    praised = sum(bool(PRAISE.search(each.text)) for span in told for each in sentences(text, *span))
    owned = [each for span in problems for each in sentences(text, *span) if len(each.ink.text) >= SHORTEST]
    places = []
    where = problems[0][0]
    if owned and praised >= 6 and praised > times * len(owned):
        ratio = f"{praised / len(owned):.1f}"
        places.append(Place(where, where, TIMES_MESSAGE.format(praised, len(owned), ratio, times), TIMES_ADVICE))
    return places + light_problems(text, problems, light_share_bp)


def light_problems(text: str, problems: list[Span], share_bp: int) -> list[Place]:
    """One place over the problems when too many of them hold no fact."""
    told = [each.ink for span in problems for each in points(text, *span)]
    if len(told) == 1:  # not numbered: each sentence is a problem
        told = [each.ink for span in problems for each in sentences(text, *span)]
    told = [each for each in told if len(each.text) >= SHORTEST and not is_heading(each.text)]
    light = [each for each in told if LIGHT.search(each.text) and not FACT.search(each.text)]
    if len(light) < 2 or len(light) * 10_000 <= share_bp * len(told):
        return []
    words = LIGHT.search(light[0].text).group()
    message = LIGHT_MESSAGE.format(len(told), len(light), round(100 * len(light) / len(told)), words)
    return [Place(light[0].start, light[0].end, message, LIGHT_ADVICE)]


def is_heading(text: str) -> bool:
    """A line without the mark that ends a sentence."""
    return len(text) <= 24 and text[-1] not in "。；;！!？?，,：:"
