"""问题没有主语: problems of "some comrades", and reports in which nobody says "I" (PEERS 1.7, DOMAIN B2).

Pure: only the standard library.
"""

import re
from collections.abc import Iterator

from reviews.report.checks.findings import Place
from reviews.report.checks.sentences import points

Span = tuple[int, int]

WHO = (
    r"(?:党员干部|党员领导干部|党员教师|党员职工|党务干部|党务工作者|班子成员|支委委员|支委成员|支部委员|支部书记|支部党员|工作人员|基层党组织|基层支部|基层党支部|党组织|党支部|"
    r"年轻党员|青年党员|老党员|流动党员|在职党员|退休党员|农民党员|无职党员|党小组|同志|党员|干部|支部|单位|部门|科室|领导|人员|教师|医生|职工|村干部|村|社区|委员|支委|人)"
)
SOMEBODY = re.compile(
    rf"(?:有的|有些|个别|部分|少数|极少数|极个别|少部分|一些|某些|一部分)(?:基层|机关|下属|所属|年轻|年纪大的?|农村|在职|退休|一线|下级|单位)?(?:的)?{WHO}"
)
# What tells after all who it is, or puts the author in.
NAMED = re.compile(
    r"(?<!\d)\d+ ?(?:名|个|人|家|户|次|％|%)|[一二两三四五六七八九十]+(?:名|个支部|个党|人|家|户)"
    r"|如[^，。；\n何果此今同]{2,20}|例如|比如|其中|第[一二三四五六七八九十\d]+(?:党)?(?:支部|党小组)|"
    r"(?<!自)我(?!们|国|市|县|区|省|局|镇|乡|村|校|院|厂|公司|单位|党|军|社区|矿|街道|中心|处|所|站)|本人|自己|自身|作为(?:书记|第一责任人|班长)"
)
I_SAY = re.compile(
    r"我(?!们|国|市|县|区|省|州|盟|旗|局|镇|乡|村|校|院|厂|公司|单位|支部|党|军|社区|矿|站|所|行|委|处|办|街道|中心|系统|企业|分局|集团|厅|部|司|科|园|馆)|本人|自己"
)
ENOUGH_PROBLEMS, ENOUGH_DUTY = 80, 800  # letters; a shorter part need not say "I"

SOMEBODY_MESSAGE = "“{}”没有说明是谁、有多少，也没有说自己的责任。"
SOMEBODY_ADVICE = "请写明具体支部、人数或事例，并说清本人应负的责任。"
NOBODY_MESSAGE = "问题部分 {} 字，没有一处写“我”或“本人”，看不出是谁的问题。"
NOBODY_ADVICE = "请把自己摆进去，写清本人在其中的责任。"
FACELESS_MESSAGE = "履职部分 {} 字，“我”或“本人”只出现 {} 次（要求不少于 {} 次），像是单位的工作总结。"
FACELESS_ADVICE = "请写本人抓了哪些事、怎么抓的，不以集体代替个人。"


def find_subjectless(
    text: str, problems: list[Span], duty: list[Span], *, allowed: int, own_words_min: int
) -> list[Place]:
    """Problems of nobody, if there are more than ``allowed``; problems and duties without "I".

    ``own_words_min``: so many "I" at least in the part on the work done; 0 asks for none.
    """
    places = [place for span in problems for place in nobodys(text, span)]
    places = places if len(places) > allowed else []
    return [*places, *without_author(text, problems, duty, own_words_min)]


def nobodys(text: str, span: Span) -> Iterator[Place]:
    """The problems of some people: the first words of each point that names nobody."""
    for point in points(text, *span):
        if not NAMED.search(point.text):
            match = SOMEBODY.search(point.text)
            if match:
                start = point.start + match.start()
                yield Place(start, start + len(match.group()), SOMEBODY_MESSAGE.format(match.group()), SOMEBODY_ADVICE)


def without_author(text: str, problems: list[Span], duty: list[Span], own_words_min: int) -> Iterator[Place]:
    """The parts in which the author does not appear."""
    if own_words_min:
        written, said = measured(text, problems)
        if written >= ENOUGH_PROBLEMS and not said:
            yield Place(problems[0][0], problems[0][0], NOBODY_MESSAGE.format(written), NOBODY_ADVICE)
        written, said = measured(text, duty)
        if written >= ENOUGH_DUTY and said < own_words_min:
            message = FACELESS_MESSAGE.format(written, said, own_words_min)
            yield Place(duty[0][0], duty[0][0], message, FACELESS_ADVICE)


def measured(text: str, spans: list[Span]) -> tuple[int, int]:
    """How many letters the stretches hold, and how often the author says "I" in them."""
    letters = sum(not letter.isspace() for start, end in spans for letter in text[start:end])
    return letters, sum(1 for start, end in spans for _ in I_SAY.finditer(text, start, end))
