"""Typing errors and slips of grammar that reports are known for (DOMAIN B15). Suggestions only.

Pure: only the standard library. A list of certain cases, each with what is meant: a wrong alarm costs more
trust than a missed letter.
"""

# ruff: noqa: E501 -- a table of words, as many on a line as fit

import re

from reviews.report.checks.findings import Place, merge_places

# What is typed by mistake -> what is meant. Plain words: none of them is right anywhere.
WRONG_WORDS = {
    "布署": "部署", "贯策": "贯彻", "惯彻": "贯彻", "再接再励": "再接再厉", "一如继往": "一如既往",
    "迫不急待": "迫不及待", "松驰": "松弛", "幅射": "辐射", "按步就班": "按部就班", "以身做则": "以身作则",
    "圆满完城": "圆满完成", "竟竟业业": "兢兢业业", "竞竞业业": "兢兢业业", "扎扎实时": "扎扎实实",
    "谈心淡话": "谈心谈话", "淡心谈话": "谈心谈话", "组织生活回": "组织生活会", "民主评义": "民主评议", "评意考核": "评议考核",
    "述执报告": "述职报告", "支部书计": "支部书记", "关健": "关键", "名族团结": "民族团结", "民族团节": "民族团结",
    "攻艰克难": "攻坚克难", "功坚克难": "攻坚克难", "脱贫攻艰": "脱贫攻坚", "乡村振新": "乡村振兴", "乡村震兴": "乡村振兴",
    "主题责任": "主体责任", "政治占位": "政治站位", "第一责人": "第一责任人", "四个意思": "四个意识",
    "从严制党": "从严治党", "从严冶党": "从严治党", "廉政建没": "廉政建设", "建没": "建设", "反溃": "反馈",
    "因该": "应该", "凝聚立": "凝聚力", "战斗保垒": "战斗堡垒", "先峰模范": "先锋模范", "表帅作用": "表率作用",
    "谋化": "谋划", "坐谈会": "座谈会", "不足之外": "不足之处", "短扳": "短板", "流于型式": "流于形式",
    "形式主意": "形式主义", "官僚主意": "官僚主义", "发挥做用": "发挥作用", "作用不名显": "作用不明显",
    "效果不明现": "效果不明显", "双羸": "双赢", "共羸": "共赢", "住在手上": "抓在手上", "不平均衡": "不平衡", "通对": "通过对",
    "学习强囯": "学习强国", "台帐": "台账", "制定的落实": "制度的落实", "党建工做": "党建工作", "工做": "工作",
    "一岗双则": "一岗双责", "三会一棵": "三会一课", "主题党曰": "主题党日", "积级分子": "积极分子", "积及分子": "积极分子",
    "发展党圆": "发展党员", "联系群从": "联系群众", "为民服物": "为民服务", "整改落时": "整改落实", "落实道位": "落实到位",
    "思想认实": "思想认识", "认识不道位": "认识不到位", "贯穿始中": "贯穿始终", "持之以横": "持之以恒", "常抓不谢": "常抓不懈",
    "常抓不泄": "常抓不懈", "任重道元": "任重道远", "勇于单当": "勇于担当", "敢于但当": "敢于担当", "当担作为": "担当作为",
    "廉洁自侓": "廉洁自律", "廉洁自津": "廉洁自律", "纪侓": "纪律", "记律": "纪律", "尊守": "遵守", "遵手": "遵守",
    "以至于影响了了": "以至于影响了", "融和发展不": "融合发展不", "提高认只": "提高认识", "座右名": "座右铭", "必竟": "毕竟",
    "既使": "即使", "按装": "安装", "气慨": "气概", "粗旷": "粗犷", "松懈麻弊": "松懈麻痹", "麻弊": "麻痹", "墨守成归": "墨守成规",
    "默守成规": "墨守成规", "得不尝失": "得不偿失", "甘败下风": "甘拜下风", "相形见拙": "相形见绌", "变本加利": "变本加厉",
    "不记其数": "不计其数", "一诺千斤": "一诺千金", "出奇不意": "出其不意", "凑和": "凑合", "渡假": "度假", "欢渡": "欢度",
    "防犯风险": "防范风险", "精简务实高校": "精简务实高效", "深入人新": "深入人心", "走深走时": "走深走实", "求真物实": "求真务实",
}  # fmt: skip
# Words that some contexts need: pattern -> what is meant.
WRONG_PATTERNS = [
    (re.compile(r"(?<![入中国产])党(?=习近平总书记)"), "删去“党”字"),
    (re.compile(r"习(?:进平|近评|近乎|进评|今平|近凭)"), "习近平"),
    (re.compile(r"[一二三四五六七八九]是是(?!非)"), "“是”字只写一次"),
    (re.compile(r"也(?=业务工作(?:结合|融合|相))"), "与"),
    (re.compile(r"(?:学习学习|加强加强|推进推进|落实落实|提高提高|强化强化|开展开展|完善完善|坚持坚持|召开召开|组织组织(?!生活|建设|部|法|原则|关系)|问题问题|党员党员)(?!再|、|也)"), "只写一次"),
    (re.compile(r"的的(?!确|士)|了了(?!解|结|之|了|无|事|心|愿|悟|却|账|局|望|一|几|然|断)"), "只写一个字"),
    (re.compile(r"(?<=[一-龥])(?:，，|。。(?!。)|；；|、、|，。|、。|；。|，；|。，|、，|：：)"), "只留一个标点"),
    (re.compile(r"(?<=[^\d\s])做为(?=[一]?(?:名|个|第一责任人|党|支部|书记|主要|基层))"), "作为"),
    (re.compile(r"(?:^|(?<=[。，；：\s]))做为(?=[一]?(?:名|个|第一责任人|党|支部|书记|主要|基层))", re.MULTILINE), "作为"),
    (re.compile(r"(?<![一二三四五六七八九十两几\d])以经(?=[全完整落得建成])"), "已经"),
    (re.compile(r"(?<=[反])应(?=(?:的|出的|强烈的)?(?:问题|情况|诉求|意见)(?:清单|台账))"), "映"),
    (re.compile(r"起到了?(?:很好|较好|良好|积极)?(?:的)?做用"), "起到……作用"),
    (re.compile(r"做出(?=了?(?:突出|积极|应有|重大)?贡献)"), "作出"),
    (re.compile(r"截止(?=(?:目前|\d{1,4}[年月日]|年底|上月|今年))"), "截至"),
    (re.compile(r"(?:大约|约|近)(?=\d[\d.,]{0,8}(?:余|多|左右)(?:名|人|次|件|户|个|万|元))"), "“约”和“余”只用一个"),
    (re.compile(r"防止不再|避免不再|杜绝不再|防止[^，。；\n]{1,8}不再发生"), "“防止”和“不再”只用一个"),
    (re.compile(r"超过(?=\d[\d.,]{0,8}(?:%|％|名|人|次|件|户|个)?以上)"), "“超过”和“以上”只用一个"),
    (re.compile(r"(?:原因|目的)是(?:由于|因为|为了)(?=[^，。；\n]{2,40}(?:造成的|所致|导致的|引起的))"), "前后只说一次原因"),
]  # fmt: skip
WORDS = re.compile("|".join(sorted(map(re.escape, WRONG_WORDS), key=len, reverse=True)))
# Words in which the wrong letters stand rightly, across a border of words.
NOT_HERE = {
    "四个意思": re.compile(r"[，。]?(?:相近|不同|相同)"),
    "工做": re.compile(r"(?:到|好|实|细|起|完|得|法)"),
    "通对": re.compile(r"(?:讲|联)"),
    "因该": re.compile(
        r"(?:村|镇|乡|县|局|校|院|厂|户|支部|项|同志|单位|党|地|路|段|社区|片|处|企业|公司|案|组|员|所|站)"
    ),
    "建没": re.compile(r"[有建]"),
}

WORD_MESSAGE = "“{}”疑为“{}”之误。"
WORD_ADVICE = "请核对后改正。"
PATTERN_MESSAGE = "“{}”疑有错漏。"
PATTERN_ADVICE = "建议：{}。"


def find_typos(text: str) -> list[Place]:
    """Every place that is surely mistyped, in order, with what is meant."""
    places = [
        Place(match.start(), match.end(), WORD_MESSAGE.format(match.group(), WRONG_WORDS[match.group()]), WORD_ADVICE)
        for match in WORDS.finditer(text)
        if not stands_rightly(match.group(), text[match.end() : match.end() + 4])
    ]
    for pattern, meant in WRONG_PATTERNS:
        places += [
            Place(match.start(), match.end(), PATTERN_MESSAGE.format(match.group()), PATTERN_ADVICE.format(meant))
            for match in pattern.finditer(text)
        ]
    return merge_places(places)


def stands_rightly(word: str, after: str) -> bool:
    """Whether what follows makes the letters of a wrong word part of two right ones."""
    return word in NOT_HERE and NOT_HERE[word].match(after) is not None
