"""Years and events that do not belong to the campaign: signs of last year's text or of a stranger's (DOMAIN B13, B17).

Pure: only the standard library. Years are told as history, plans and dates of birth all over a report; only
those that say "this report" or "this year" are compared with the campaign's.
"""

# ruff: noqa: E501 -- each event beside its year

import re
from collections.abc import Iterator

from reviews.report.checks.findings import Place, merge_places

YEAR = r"(?<!\d)(20[0-4]\d)"
GAP = r"[ 　]?"
# The year that the report is about.
OWN_YEAR = [
    re.compile(rf"{YEAR}{GAP}年度?(?:党(?:委|组|支部|总支|工委)|抓|基层)?[^。；，\n]{{0,16}}述职(?:述廉)?报告(?!会|反馈|指出|点评|中|时|评议|里|承诺|提出|审)"),
    re.compile(rf"^{YEAR}{GAP}年度?[^。；，：\n]{{0,40}}述职[^。；，：\n]{{0,12}}$", re.MULTILINE),
    re.compile(rf"(?:现将|就|将)(?:本人|我)?{YEAR}{GAP}年度?[^。；\n]{{0,30}}(?:述职|汇报|报告)如下"),
    re.compile(rf"(?:今年|本年度|一年来|过去一年)[（(，,]{GAP}{YEAR}{GAP}年"),
    re.compile(rf"(?:^|(?<=[。；\n]))[ 　]*{YEAR}{GAP}年(?:度)?(?:以来)?，(?:我|本人|在[^。；，\n]{{2,24}}(?:领导|指导|带领)下|(?:我)?(?:镇|局|校|院|村|乡|支部|党委|党支部|公司)[^。；，\n]{{0,12}}(?:坚持|认真|紧紧|以习近平))", re.MULTILINE),
]  # fmt: skip
# What is still to be done, and when.
DEADLINE = re.compile(
    rf"{YEAR}{GAP}年(?:{GAP}\d{{1,2}}{GAP}月)?(?:{GAP}\d{{1,2}}{GAP}日)?(?:上半年|下半年|第?[一二三四]季度|年?底|底|末|中旬|下旬|上旬)?(?:之?前|以前|完成|全部完成|实现|建成|达到|起|，)"
)
PLANNING_YEAR = re.compile(rf"{YEAR}{GAP}年度?，?(?:我将|将|我们将|计划|拟|力争|要)")
# Events, and the last year in which they are news.
EVENTS = [
    (r"党的(?:十八大|18大)", 2012), (r"党的十八届[三四五六]中全会", 2017), (r"党的(?:十九大|19大)", 2018), (r"党的十九届[二三四五六]中全会", 2022),
    (r"党的(?:二十大|20大)", 2023), (r"党的二十届三中全会", 2025),
    (r"党的群众路线教育实践活动", 2014), (r"[“\"]?三严三实[”\"]?专题教育", 2016), (r"[“\"]?两学一做[”\"]?学习教育", 2019),
    (r"[“\"]?不忘初心、?牢记使命[”\"]?主题教育", 2020), (r"党史学习教育", 2022), (r"(?:学习贯彻习近平新时代中国特色社会主义思想)主题教育", 2024),
    (r"党纪学习教育", 2025), (r"深入贯彻中央八项规定精神学习教育", 2026),
    (r"(?:建党|中国共产党成立|党的)(?:95|九十五)周年", 2016), (r"(?:建党|中国共产党成立|党的)(?:100|一百|百)周年|建党百年", 2021),
    (r"(?:新中国|中华人民共和国)成立(?:70|七十)周年", 2019), (r"(?:新中国|中华人民共和国)成立(?:75|七十五)周年", 2024),
    (r"改革开放(?:40|四十)周年", 2018), (r"抗战胜利(?:80|八十)周年|抗日战争[^，。；\n]{0,12}胜利(?:80|八十)周年", 2025),
    (r"脱贫攻坚(?:决战|收官)(?:之)?年|决战决胜脱贫攻坚|脱贫攻坚决战决胜", 2020), (r"(?:新冠|新冠肺炎|常态化)?疫情防控", 2022),
    (r"复工复产", 2022), (r"[“\"]?十三五[”\"]?(?:收官|圆满收官)", 2020), (r"[“\"]?十四五[”\"]?(?:开局|起步)", 2021), (r"[“\"]?十四五[”\"]?(?:收官)", 2025),
]  # fmt: skip
NEWS = r"(?:迎接|喜迎|庆祝|备战|决战|迎庆|献礼|当前|目前|正在开展|今年|本年度|一年来|年初以来|全力做好|统筹(?:推进|抓好|做好)?)"
PAST = re.compile(r"成果|曾|当年|那年|期间|回顾|上一轮|往年|历次|历年|长效|经验|之后|以后|后，|时期|年前")
REACH = 14
EVENT_PATTERNS = [
    (re.compile(rf"{NEWS}[^。；\n]{{0,{REACH}}}?(?P<event>{event})(?P<after>[^。；，\n]{{0,12}})"), last)
    for event, last in EVENTS
]

OWN_MESSAGE = "这里写的是 {} 年，本次述职的年度是 {} 年。"
OWN_ADVICE = "请核对是否沿用了往年的文字，改成 {} 年度的情况。"
PAST_MESSAGE = "打算里的时间是 {} 年，在述职年度 {} 年之前，已经过去。"
PAST_ADVICE = "请改成今后的完成时间。"
EVENT_MESSAGE = "“{}”是 {} 年及以前的事，写成了当前的工作，与 {} 年度不符。"
EVENT_ADVICE = "请核对是否照抄了旧稿，改为本年度的工作或写明是哪一年。"


def find_wrong_years(text: str, year: int, plans: list[tuple[int, int]]) -> list[Place]:
    """Every year and event that is not of the campaign's ``year``; ``plans`` are the places of what is to be done."""
    return merge_places([*own_years(text, year), *past_deadlines(text, year, plans), *old_events(text, year)])


def own_years(text: str, year: int) -> Iterator[Place]:
    """The year that the report says it is about."""
    for pattern in OWN_YEAR:
        for match in pattern.finditer(text):
            said = int(match.group(1))
            if said != year:
                yield Place(match.start(1), match.end(1), OWN_MESSAGE.format(said, year), OWN_ADVICE.format(year))


def past_deadlines(text: str, year: int, plans: list[tuple[int, int]]) -> Iterator[Place]:
    """Dates of plans that lie before the year under review."""
    for start, end in plans:
        for pattern in (DEADLINE, PLANNING_YEAR):
            for match in pattern.finditer(text, start, end):
                said = int(match.group(1))
                if said < year and not PAST.search(text[match.end() : match.end() + 10]):
                    yield Place(match.start(1), match.end(1), PAST_MESSAGE.format(said, year), PAST_ADVICE)


def old_events(text: str, year: int) -> Iterator[Place]:
    """Events of years gone by, told as work of today."""
    for pattern, last in EVENT_PATTERNS:
        if last >= year:
            continue
        for match in pattern.finditer(text):
            if not PAST.search(match.group("after")) and not PAST.search(match.group()):
                event = match.group("event")
                yield Place(
                    match.start("event"), match.end("event"), EVENT_MESSAGE.format(event, last, year), EVENT_ADVICE
                )
