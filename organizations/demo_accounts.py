"""The accounts of the demo and their shown password: listed on the login page of the demo, refused anywhere else."""

DEMO_PASSWORD = "Demo#2026"

_ACCOUNTS = [
    ("组织部经办", "zuzhi"),
    ("组织部负责人", "fuze"),
    ("审核人", "shenhe"),
    ("点评领导", "lingdao"),
    ("纪委监督", "jiwei"),
    ("开箱码保管人（一）", "baoguan1"),
    ("开箱码保管人（二）", "baoguan2"),
    ("开箱码保管人（三）", "baoguan3"),
    ("计票人（一）", "jipiao1"),
    ("计票人（二）", "jipiao2"),
    ("监票人", "jianpiao"),
    ("党支部书记（述职人）", "shuji"),
    ("上级查看", "shangji"),
    ("系统管理员", "xitong"),
    ("安全管理员", "anquan"),
    ("审计管理员", "shenji"),
]


def demo_accounts() -> list[tuple[str, str, str]]:
    """What each demo account stands for, its account name, and the password they share."""
    return [(label, username, DEMO_PASSWORD) for label, username in _ACCOUNTS]
