"""Invented reports and comments, put together from the work and the figures of each place."""

from reviews.demo.bureau import PLACES, Place

DUTY = [
    "（一）抓学习，把思想拧成一股绳。支部全年组织集中学习{a}次，我带头讲党课{b}次，结合{work}编写案例{c}篇，党员撰写体会{n}篇。学习不搞一刀切，外业班组利用晨会学一段、议一题，把课堂搬到了现场。",
    "（二）抓组织，把制度落到每一周。“三会一课”按月排表、按周提醒，主题党日开展{a}次，组织生活会查出问题{b}条并逐条认领。新发展党员{d}名，转正{d}名，谈心谈话做到每名党员每季度至少一次，共{n}人次。",
    "（三）抓融合，让党旗插在一线。围绕{work}成立党员突击队{d}支，设党员责任区{c}个，我带队到现场办公{b}次，当场协调解决难题{c}件。汛期连续值守{e}天，党员先上、骨干先上，辖区没有发生责任事故。",
    "（四）抓纪律，把规矩立在前头。与党员签订廉洁承诺{n}份，开展警示教育{b}次，对项目验收、物资采购等{d}个岗位建立风险清单，全年没有党员因违纪受到处理。",
    "（五）抓服务，把实事办到家门口。组织党员进社区{b}次，帮助群众解决用水难题{e}件，热线来电全部回访，满意率由年初的九成一提高到九成六。",
]
# One secretary took a passage over from another and reworded it: what vetting shows side by side.
ALIKE = {
    "YL-08": "（六）抓备汛，把险情想在前面。我利用汛前空当带着党员沿坝逐段查看，"
    "把裂缝和渗点记在随身的小本子上，回来当晚开会认领到人，"
    "三天内把沙袋和照明灯送到值守点，入汛以后几处老险段没有再出过险情。",
    "YL-12": "（六）抓备汛，把险情想在前面。我借助汛前空当带着党员沿坝逐段走访，"
    "把渗点和裂口记在随身的本子上，当天晚上开会认领到人，"
    "三天内把沙袋和照明灯送到值守点，入汛之后几处老险段没有再出过险情。",
}
PROBLEMS = [
    "一是理论学习不够深入，联系{work}实际不紧。学习以读文件为主，{n}名党员中能结合岗位谈体会的不到一半，外业人员缺课{d}人次，补课也多是看看笔记，学用之间隔着一层。",
    "二是主题党日形式比较单一，吸引力不强。全年{a}次主题党日有{c}次是读文件、听讲座，走进{work}现场的只有{d}次，青年党员反映“来了就是坐着听”，互动交流偏少。",
    "三是党建与{work}结合不够紧密。研究业务的会开了{e}次，专题研究党建只有{d}次，党员责任区挂牌以后检查跟进不够，有{d}个责任区的台账连续两个月没有更新。",
    "四是党务力量薄弱，骨干培养跟不上。支部没有专职党务干部，兼职的{d}名同志每人手上都有三四摊业务，资料整理常常拖到季度末，规范化水平不高。",
]
CAUSES = (
    "原因分析：客观上，{work}点多线长，人员常年在外，集中一次不容易，办公场所又分散在{d}处。主观上，是我对抓党建的主责认识还不够到位，"
    "总觉得业务任务有期限、党建可以缓一缓，把“软任务”放在了后面；是我研究办法不多，习惯照着上年的安排再走一遍，缺少针对外业党员的办法；"
    "也是我检查跟进不够，布置时要求多，回头看时动作少，有些制度停在了墙上。这些问题根子在我，责任也在我。"
)
PLANS = [
    "（一）改进学习。每月第一周由党员轮流领学，每季度在{work}现场上一堂课，三月底前排出全年课表，缺课的在十五日内补齐并交一篇体会。",
    "（二）改进主题党日。上半年至少{d}次放到现场开展，由青年党员策划，六月底前形成{d}个可以推广的案例，年底由党员投票评出最受欢迎的一次。",
    "（三）改进融合。每季度专题研究党建一次，党员责任区每月由我抽查{d}个，结果在支部公示，台账逾期一周没有更新的当面约谈。",
    "（四）改进力量。四月底前选配{d}名青年党员任党务助理，参加上级培训不少于两次，年底前完成资料规范化自查。",
]
SELF = (
    "一年来，本人能够履行抓基层党建第一责任人职责，学习抓得紧，组织生活有规矩，{work}一线有党员带头，队伍风气端正。"
    "不足是融合的办法还不多，检查跟进不够经常，培养骨干下力气不大。今后将把党建当作主业来抓，一季一研究，一月一抽查，"
    "把承诺的整改事项逐条兑现，请组织和同志们监督。自评等次为较好。"
)
PRIOR = (
    "去年述职评议会上，领导点评指出我在{prior}方面存在不足。会后我在十日内列出整改清单，逐条明确措施、责任人和时限：修订学习制度{d}项，"
    "组织现场党课{d}次，半年时在支部大会上通报进展，党员评议认可。其中关于骨干培养的一条进度偏慢，今年继续整改，不销号不松手。"
)
WEAKNESSES = [
    [
        "理论学习还停留在读文件，结合{work}实际的研讨偏少",
        "主题党日形式单一，对青年党员吸引力不强",
        "党务骨干培养不够，工作过分依赖一两个人",
    ],
    [
        "抓党建的时间精力投入不足，专题研究次数偏少",
        "党建与{work}融合不够紧密，党员责任区作用发挥不明显",
        "制度执行时紧时松，检查跟进不够经常",
    ],
    [
        "创新办法不多，习惯于照搬上年安排",
        "组织生活质量不高，批评和自我批评辣味不足",
        "对外业党员的教育管理手段偏少，缺课补课不严",
    ],
]
STRENGTHS = [
    "把党课开到了{work}现场，党员突击队在急难任务中立得住。",
    "组织生活排表提醒、按周落实，基础工作比较扎实。",
    "服务群众有实招，热线回访和难题办理数字说得清。",
]
ADVICE = [
    "建议选一两个现场先做出样子，半年后组织其他支部来看。",
    "建议把责任区台账与业务考核一起抽查，结果公开。",
    "建议给青年党员压担子，今年内培养出两名能独当一面的党务骨干。",
]


def figures_of(place: Place, year: int) -> dict:
    """The figures that a place's sentences carry in a year: made from its size, the same at every load."""
    turn = PLACES.index(place) + year
    return {
        "work": place.work,
        "n": place.number,
        "a": 10 + turn % 3,
        "b": 3 + turn % 4,
        "c": 5 + turn % 5,
        "d": 2 + turn % 3,
        "e": 24 + turn % 7,
    }


def report_of(place: Place, year: int) -> dict[str, str]:
    """The five sections of a place's report in a year, clean enough to pass the checks."""
    figures = figures_of(place, year)
    prior = WEAKNESSES[(PLACES.index(place) + year - 1) % 3][0].format(**figures)
    return {
        "prior": PRIOR.format(prior=f"“{prior}”等", **figures),
        "duty": "\n".join([*DUTY, *filter(None, [ALIKE.get(place.code)])]).format(**figures),
        "problems": "\n".join([*PROBLEMS, CAUSES]).format(**figures),
        "plans": "\n".join(PLANS).format(**figures),
        "self_evaluation": SELF.format(**figures),
    }


def comment_of(place: Place, year: int) -> dict[str, str]:
    """A leader's comment on a place: strengths, numbered weaknesses, advice."""
    figures = figures_of(place, year)
    turn = (PLACES.index(place) + year) % 3
    points = [f"{word}是{text}" for word, text in zip("一二三", WEAKNESSES[turn], strict=True)]
    return {
        "strengths": STRENGTHS[turn].format(**figures),
        "weaknesses": "；".join(points).format(**figures) + "。",
        "advice": ADVICE[turn].format(**figures),
    }
