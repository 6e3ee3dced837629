"""Words that say the same, and words that everybody uses. Pure: only the standard library.

A copier swaps 加强 for 强化; both are written as the first word of their line before texts are compared. Changing
these lines changes every fingerprint: run ``manage.py index_reports`` afterwards.
"""

import re

# One line, one meaning, in the usual register of reports; the first word stands for all. No word stands twice.
SYNONYMS = """
加强 强化 增强 抓牢 抓紧
提高 提升 改进 改善
开展 组织 举办 举行
推动 推进 促进 助推 带动
落实 贯彻 执行 抓实
完善 健全 优化
建立 构建 搭建 打造
制定 制订 拟定 出台
深入 深化 扎实 切实 认真
全面 全方位 全力
坚持 始终 一贯 坚决
解决 化解 破解
检查 督查 督促 抽查
学习 研学 研读
发现 查找 查摆 排查
问题 不足 短板 差距
群众 百姓 居民
积极 主动 踊跃
及时 迅速 第一时间
不断 持续 进一步 逐步
牢固 牢牢 坚定
围绕 紧扣 聚焦 紧盯
利用 运用 借助 依托
通过 经过 采取
共计 累计 总共 合计
主要 重点 着重
明显 显著 突出
完成 达成 实现
要求 规定 标准
情况 状况 情形
方面 领域
作用 效果 成效
经常 时常 常常
目前 当前 现在 眼下
但是 然而 不过
由于 因为 鉴于
同时 此外 另外 并且
首先 第一
其次 第二
比较 较为 相对
缺乏 缺少 欠缺
不够 不足以 不太
特别 尤其
确保 保证 保障
发挥 展现 彰显
带领 率领 引领
研究 研讨 探讨
安排 部署 布置
培训 轮训 集训
走访 探访 入户
谈心 谈话 交心
宣传 宣讲 宣扬
帮助 帮扶 协助
单位 部门
党员干部 党员 干部
本人 我个人 自己
今年 本年 本年度
去年 上年 上年度
"""

# Set phrases of this kind of writing: a passage made of them is nobody's own. Shorter ones count for nothing anyway.
SET_PHRASES = """
以习近平新时代中国特色社会主义思想为指导
深入学习贯彻习近平新时代中国特色社会主义思想
全面贯彻落实党的二十大精神
深入学习贯彻党的二十大和二十届历次全会精神
增强四个意识坚定四个自信做到两个维护
深刻领悟两个确立的决定性意义
在思想上政治上行动上同党中央保持高度一致
不断提高政治判断力政治领悟力政治执行力
认真落实三会一课组织生活会民主评议党员等制度
严格执行三会一课主题党日谈心谈话民主评议党员等制度
履行抓基层党建工作第一责任人职责
认真履行党建工作第一责任人责任和一岗双责
落实全面从严治党主体责任
充分发挥党支部战斗堡垒作用和党员先锋模范作用
充分发挥基层党组织战斗堡垒作用和党员先锋模范作用
推动党建工作与业务工作深度融合
坚持党建工作与业务工作同谋划同部署同推进同考核
严格落实意识形态工作责任制
严格落实中央八项规定及其实施细则精神
营造风清气正的政治生态
铸牢中华民族共同体意识
全心全意为人民服务的根本宗旨
批评和自我批评
以上报告如有不妥之处敬请批评指正
请各位领导和同志们批评指正
现将一年来抓基层党建工作情况述职如下
"""


def read_synonyms(lines: str = SYNONYMS) -> dict[str, str]:
    """Every word of the lines, and the word that stands for it."""
    return {word: words[0] for words in map(str.split, lines.strip().splitlines()) for word in words}


CANONICAL = read_synonyms()
# Longest first: 党员干部 before 党员.
SWAPPED = re.compile("|".join(sorted((word for word in CANONICAL if CANONICAL[word] != word), key=len, reverse=True)))
