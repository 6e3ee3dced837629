"""The invented bureau: its places and people. No name here belongs to anybody."""

from dataclasses import dataclass

ROOT = ("云岭市委", "party_committee")
BUREAU = ("云岭市水务局党组", "leading_party_group")


@dataclass(frozen=True, slots=True)
class Place:
    """One organization that debriefs: who leads it and what its daily work is about."""

    name: str
    kind: str
    code: str
    secretary: str
    duty: str
    work: str  # the daily business that Party building should help
    number: int  # members, used in the texts
    is_written: bool = False


PLACES = [
    Place("白桦旗水务局党组", "leading_party_group", "YL-01", "郝向前", "党组书记、局长", "农牧区饮水安全", 64),
    Place("沙柳县水务局党组", "leading_party_group", "YL-02", "阮志成", "党组书记、局长", "黄沙治理配套引水", 58),
    Place("云杉县水务局党组", "leading_party_group", "YL-03", "邬海燕", "党组书记、局长", "山洪预警", 71),
    Place("苍耳旗水务局党组", "leading_party_group", "YL-04", "蓝国栋", "党组书记、局长", "草原机井管护", 49),
    Place("麦溪县水务局党组", "leading_party_group", "YL-05", "祝明霞", "党组书记、局长", "小流域治理", 66),
    Place("水文监测中心党总支", "general_branch", "YL-06", "佟立新", "党总支书记、主任", "水文测报", 52),
    Place("河湖管理处党支部", "branch", "YL-07", "尚文斌", "党支部书记、处长", "河湖清障", 23),
    Place("水库管理所党支部", "branch", "YL-08", "殷建平", "党支部书记、所长", "水库安全度汛", 19),
    Place("供水服务中心党支部", "branch", "YL-09", "凌秀兰", "党支部书记、主任", "城区供水抢修", 31),
    Place("节水办公室党支部", "branch", "YL-10", "舒晓东", "党支部书记、主任", "节水型单位创建", 14),
    Place("水政执法支队党支部", "branch", "YL-11", "鲍永强", "党支部书记、支队长", "水事执法", 27),
    Place("规划设计室党支部", "branch", "YL-12", "骆静", "党支部书记、主任", "水网规划", 16),
    Place("工程质量站党支部", "branch", "YL-13", "柏松涛", "党支部书记、站长", "工程质量监督", 18),
    Place("灌区管理所党支部", "branch", "YL-14", "翟丽华", "党支部书记、所长", "灌区配水", 22),
    Place("防汛物资站党支部", "branch", "YL-15", "卫东升", "党支部书记、站长", "防汛物资储备", 12),
    Place("水土保持站党支部", "branch", "YL-16", "项春雷", "党支部书记、站长", "坡地植被恢复", 17),
    Place("机关第一党支部", "branch", "YL-17", "樊玉梅", "党支部书记、办公室主任", "文稿督办", 21, is_written=True),
    Place("机关第二党支部", "branch", "YL-18", "车树林", "党支部书记、财务科长", "项目资金监管", 20, is_written=True),
]

# Branches under the general branch: they have their own secretaries and no part in this campaign.
SUB_BRANCHES = [
    ("水质监测党支部", "YL-06-1", "荆小雨"),
    ("雨情预报党支部", "YL-06-2", "岳一鸣"),
    ("仪器检修党支部", "YL-06-3", "施大庆"),
]

# Role -> (account, name). The accounts stand on the login page in demo mode.
OFFICERS = {
    "organizer": [("zuzhi", "温静怡")],
    "approver": [("fuze", "关振华")],
    "vetter": [("shenhe", "麻向荣")],
    "leader": [("lingdao", "裴正国"), ("lingdao2", "古慧敏")],
    "supervisor": [("jiwei", "计严")],
    "custodian": [("baoguan1", "安守信"), ("baoguan2", "毕慎行"), ("baoguan3", "成可靠")],
    "teller": [("jipiao1", "单数清"), ("jipiao2", "段点明")],
    "scrutineer": [("jianpiao", "封公正")],
}
SUPERIOR = ("shangji", "鄂长河")
ADMINS = {"sys_admin": ("xitong", "季运维"), "sec_admin": ("anquan", "康把关"), "audit_admin": ("shenji", "路留痕")}
# The secretary whose account is shown.
SECRETARY_ACCOUNT = ("shuji", "YL-07")

PANELS = [("A", "领导班子", 50, 10), ("B", "同级书记", 30, 10), ("C", "党员群众代表", 20, 10)]
