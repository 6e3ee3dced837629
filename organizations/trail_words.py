"""The facts of a line of the trail, as a reader of Chinese sees them."""

WORDS = {
    "cancelled": "撤销",
    "due_on": "期限",
    "evidence": "佐证",
    "at": "时间",
    "after": "改为",
    "before": "原为",
    "batch": "批次",
    "box": "票箱",
    "by": "经办",
    "campaign": "活动",
    "changed": "变化",
    "changes": "变化",
    "code": "编码",
    "comments": "点评",
    "cosigned_by": "会签",
    "count": "数量",
    "counts": "数量",
    "differing": "两遍不同的项",
    "digest": "校验值",
    "ended": "结束任职",
    "ends_on": "免职日期",
    "exchanged": "换领收回的测评码",
    "fact": "事实",
    "grade": "等次",
    "invalid": "无效",
    "is_known": "账号存在",
    "is_locked": "已锁定",
    "is_rehearsal": "演练",
    "kind": "类型",
    "late": "逾期",
    "leader": "领导",
    "letters": "反馈函",
    "missing": "缺少",
    "new": "新增",
    "number": "第几份",
    "panel": "票种",
    "panels": "票种",
    "paper": "纸质票",
    "parent": "上级",
    "part": "部分",
    "person": "账号",
    "points": "问题",
    "problem": "问题",
    "reason": "理由",
    "refused": "错误",
    "reviews": "述职人",
    "role": "角色",
    "round": "轮次",
    "same": "不变",
    "sessions_ended": "结束登录",
    "tellers": "计票人",
    "starts_on": "任职日期",
    "state": "结果",
    "title": "标题",
    "name": "名称",
    "short_name": "简称",
    "source": "来源",
    "seen": "核对内容",
    "presets": "模板",
    "custodians": "保管人数",
    "entries": "述职人数",
    "frozen_hash": "锁定校验值",
    "receipts_root": "回执校验值",
    "box_root": "票箱校验值",
    "tally_hash": "计票校验值",
    "issued": "发出",
    "returned": "收回",
    "dropped": "作废的提议",
    "file": "文件",
    "order": "顺序",
    "modes": "方式",
    "typed_by": "录入人",
    "edition": "修订号",
    "job": "任务",
    "term_ends_on": "届满日期",
    "username": "账号",
    "version": "版本",
    "photos": "照片",
    "problems": "列入台账的问题",
    "is_new": "新设",
    "about": "事项",
    "sent": "发出",
    "skipped": "跳过",
    "year": "年度",
    "unmasked": "未遮盖",
    "masked": "遮盖",
    "circle": "公开范围",
    "due_at": "延期至",
    "remarks": "旁批",
    "rewording_dropped": "放行稿作废",
    "on_word_of": "经其同意",
    "theme": "主题",
    "is_common": "共性问题",
    "stand_in": "代述人",
    "present": "实到",
    "excused": "请假",
    "words": "内容",
    "length": "字数",
}


def facts_in_words(facts: dict) -> list[tuple[str, str]]:
    """Every fact as its Chinese word and its value; a word not known here stays as it was written."""
    return [(WORDS.get(key, key), value_in_words(value)) for key, value in facts.items()]


def value_in_words(value: object) -> str:
    """A plain value as text: yes and no, lists and changes spelled out."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value_in_words(part) for part in value)
    if isinstance(value, dict):
        return "，".join(f"{WORDS.get(key, key)} {_change(part)}" for key, part in value.items())
    return "" if value is None else str(value)


def _change(part: object) -> str:
    if isinstance(part, list) and len(part) == 2:
        return f"{value_in_words(part[0]) or '空'} → {value_in_words(part[1]) or '空'}"
    return value_in_words(part)
