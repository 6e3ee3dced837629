"""Themes of problems (DOMAIN C8): which one a point is about. PURE: text in, theme out.

A suggestion to a person, who corrects it with one click. A theme is named by what is lacking, so a point counts
only where something is found wanting near the subject: praise of the same subject suggests nothing.
"""

import re

INTEGRATION, INNOVATION, STUDY, EFFORT = "integration", "innovation", "study", "effort"
RULES, INITIATIVE, FORM, UNEVEN, OTHER = "rules", "initiative", "form", "uneven", "other"

THEMES = {
    INTEGRATION: "融合不够",
    INNOVATION: "创新不足",
    STUDY: "学习不深",
    EFFORT: "精力投入少",
    RULES: "制度不严",
    INITIATIVE: "主动性差",
    FORM: "形式单一",
    UNEVEN: "力度不均",
    OTHER: "其他",
}

LONGEST_READ = 400  # characters: a point is a sentence or two
_REACH = 12  # characters between a subject and what is wanting about it
# What says that something is wanting.
_WANTING = (
    r"(?:不够|不足|不深|不强|不紧|不高|不实|不严|不细|不多|不到位|不平衡|不均|不一|不活|不新|不透|不及时|不主动|不经常"
    r"|不规范|不健全|不完善|不扎实|不全面|不广|不大|较少|偏少|很少|太少|少了|过少|较差|偏差|较弱|偏弱|薄弱|欠缺|缺乏|缺少|缺失"
    r"|有差距|差距|单一|单调|单薄|老套|陈旧|滞后|松懈|宽松|走过场|流于形式|两张皮|脱节|停留在|有待|没有|未能|还需|需要加强|打折扣)"
)
# Subjects, the most telling theme first: the first that fits is suggested.
_SUBJECTS: list[tuple[str, str]] = [
    (INTEGRATION, r"融合|结合|两张皮|脱节|与业务|和业务|同业务"),
    (FORM, r"形式|载体|方式|方法|活动内容|花样"),
    (INNOVATION, r"创新|特色|亮点|品牌|新招|新意"),
    (UNEVEN, r"不平衡|不均|力度不一|参差不齐|冷热"),
    (EFFORT, r"精力|投入|时间|重业务|一手硬一手软|过问|下功夫"),
    (RULES, r"制度|三会一课|组织生活|程序|纪律|台账|记录|督促|考核|规范|从严|管理"),
    (INITIATIVE, r"主动|积极|能动|带头|担当|等靠|推一推|先锋"),
    (STUDY, r"学习|理论|学得|研读|领会|钻研|政策水平|业务知识"),
]
# Fixed words that stand for a theme without anything else.
_ALONE = {
    INTEGRATION: r"两张皮|融合不|结合不",
    UNEVEN: r"冷热不均|力度不均|不平衡|参差不齐",
    EFFORT: r"重业务[、，,]?轻党建|一手硬一手软",
    INITIATIVE: r"等靠要|推一推动一动",
}
_ALONE_RES = [(theme, re.compile(words)) for theme, words in _ALONE.items()]
_NEAR = [(theme, re.compile(rf"(?:{words})[^。；;！!？?\n]{{0,{_REACH}}}?{_WANTING}")) for theme, words in _SUBJECTS]
_BEFORE = [
    (theme, re.compile(rf"(?:缺乏|缺少|欠缺|没有|不注重|不重视|忽视)[^。；;！!？?，,\n]{{0,{_REACH}}}?(?:{words})"))
    for theme, words in _SUBJECTS
]
_BLANKS = re.compile(r"\s+")


def suggest_theme(text: str) -> str:
    """The theme that a point reads like, "" when none is told by its words.

    >>> suggest_theme("党建与业务融合还不够紧密"), suggest_theme("学习抓得紧"), suggest_theme("")
    ('integration', '', '')
    """
    read = _BLANKS.sub("", text[:LONGEST_READ])
    for family in (_ALONE_RES, _NEAR, _BEFORE):
        found = [(match.start(), theme) for theme, pattern in family if (match := pattern.search(read))]
        if found:
            return min(found, key=lambda each: each[0])[1]
    return ""


def common_themes(themes: list[tuple[int, str]], persons_needed: int = 3) -> set[str]:
    """Themes found with at least so many persons, from (person's key, theme): 共性问题 is suggested for them.

    >>> common_themes([(1, "study"), (2, "study"), (2, "form"), (3, "study")])
    {'study'}
    """
    persons: dict[str, set[int]] = {}
    for person, theme in themes:
        if theme and theme != OTHER:
            persons.setdefault(theme, set()).add(person)
    return {theme for theme, who in persons.items() if len(who) >= persons_needed}
