"""The year's visits to the invented bureau's branches, and whose contact points they are."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from organizations.models import Organization
from reviews.demo.people import officer
from reviews.visit.actions import Words, follow_up, record_visit
from reviews.visit.contacts import set_contact
from reviews.visit.models import VisitRecord

# Code -> which of the two leaders looks after it.
CONTACTS = {"YL-07": 0, "YL-08": 0, "YL-12": 0, "YL-01": 1, "YL-09": 1, "YL-14": 1}
KIND = VisitRecord.Kind
# (code, days ago, what it says)
VISITS = [
    (
        "YL-07",
        46,
        {
            "kind": KIND.VISIT,
            "seen": "到河湖管理处参加主题党日，党员到会18人，请假手续齐全。支部把清障任务分到党员责任段，"
            "现场看了两处，标牌清楚；学习记录本9月有两次只有题目没有内容。",
            "strengths": "党员责任段与清障任务结合得好",
            "problems": "9月两次学习只记题目，没有内容和讨论情况",
            "suggestions": "学习记录当场写、当场签，由组织委员按月检查",
            "place": "河湖管理处三楼会议室",
        },
    ),
    (
        "YL-12",
        33,
        {
            "kind": KIND.SPOT_CHECK,
            "seen": "随机抽查三会一课台账，全年计划、签到、影像齐全，党费按月收缴。",
            "strengths": "台账一月一清，资料规范",
        },
    ),
    (
        "YL-09",
        21,
        {
            "kind": KIND.INSPECTION,
            "seen": "督查供水服务中心支部换届准备。换届请示已报，选举办法还没有经支委会讨论，党员名册比系统少1人。",
            "problems": "党员名册与系统相差1人，未核对",
            "suggestions": "一周内核对名册，选举办法先经支委会讨论",
        },
    ),
    (
        "YL-07",
        9,
        {
            "kind": KIND.TALK,
            "seen": "与支部书记谈心，谈了青年党员作用发挥和抢险值班期间组织生活怎样坚持，本人态度诚恳，"
            "打算把值班点的学习改为半小时班前会。",
        },
    ),
]


@transaction.atomic
def load_visits(bureau: Organization) -> None:
    """Contact points of this year and four records, the newest a week old."""
    clerk, today = officer("organizer"), timezone.localdate()
    places = {place.code: place for place in bureau.children.all()}
    for code, leader in CONTACTS.items():
        set_contact(places[code], officer("leader", leader), year=today.year, by=clerk)
    for code, days, said in VISITS:
        by = officer("leader", CONTACTS[code])
        words = Words(visited_on=today - timedelta(days=days), **said)
        record = record_visit(places[code], words, key=uuid4(), leaders=[by], by=by)
        if days == 21:
            follow_up(record, text="名册已核对，补录1名转入党员；选举办法已过支委会。", by=clerk)
        VisitRecord.objects.filter(pk=record.pk).update(at=timezone.now() - timedelta(days=days))
