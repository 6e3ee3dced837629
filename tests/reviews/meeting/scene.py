"""The scene of a meeting: a bureau, its organizer, two leaders, secretaries with approved reports."""

from dataclasses import dataclass

from organizations.models import Organization, Person, Role
from reviews.meeting.floor import finish_turn, start_turn
from reviews.meeting.models import Meeting, Turn
from reviews.plan.models import Campaign, Review, Stage
from reviews.report.models import Report
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_panel,
    make_report,
    make_review,
    make_secretary,
    make_turn,
)

NAMES = ["林望舒", "何景行", "苏听澜", "陆知远", "程若谷", "方既白", "梁怀瑾", "顾长风", "秦朗月", "许清嘉"]
NAMES += ["叶问渠", "丁守拙", "夏明谦", "孟疏桐"]
PLACES = ["办公室", "规划科", "建设科", "水库管理处", "灌溉站", "质监站", "测绘队", "物资站", "培训中心", "信息中心"]
PLACES += ["监察支队", "水文站", "退休干部", "供水公司"]


@dataclass
class Scene:
    """Who and what stands in the scene."""

    bureau: Organization
    campaign: Campaign
    organizer: Person
    leader: Person
    deputy: Person
    reviews: list[Review]

    @property
    def meeting(self) -> Meeting:
        return Meeting.objects.get(campaign=self.campaign)

    @property
    def turns(self) -> list[Turn]:
        return list(Turn.objects.filter(review__campaign=self.campaign).select_related("review__secretary"))


def set_scene(*, speakers: int = 3, stage: str = Stage.REPORTING, **fields) -> Scene:
    """A campaign with so many secretaries on site, in order, all reports approved."""
    bureau = make_organization("云岭市水务局党组", kind="leading_party_group")
    campaign = make_campaign(bureau, stage=stage, **fields)
    reviews = []
    for name, place in zip(NAMES[:speakers], PLACES, strict=False):
        branch = make_organization(f"{place}党支部", parent=bureau)
        review = make_review(campaign, organization=branch, secretary=make_secretary(branch, name))
        make_report(review, state=Report.State.APPROVED, problems="一是学习不够深入。二是活动形式单一。")
        reviews.append(review)
    make_panel(campaign, "A", size=10)
    make_panel(campaign, "B", label="党员代表", size=20)
    return Scene(
        bureau,
        campaign,
        make_officer(Role.ORGANIZER, bureau, "经办甲"),
        make_officer(Role.LEADER, bureau, "领导甲"),
        make_officer(Role.LEADER, bureau, "领导乙"),
        reviews,
    )


def set_floor(*, speakers: int = 3, stage: str = Stage.MEETING, **fields) -> Scene:
    """The same scene with the meeting open and everybody waiting for his turn."""
    scene = set_scene(speakers=speakers, stage=stage, **fields)
    for review in scene.reviews:
        make_turn(review)
    return scene


def hold_meeting(scene: Scene, *, chair: Person | None = None) -> Meeting:
    """Everybody speaks, the meeting is over; its chair is the leader."""
    for turn in scene.turns:
        start_turn(turn, by=scene.organizer)
        finish_turn(turn, by=scene.organizer)
    Meeting.objects.update(state=Meeting.State.ENDED, chair=chair or scene.leader)
    return scene.meeting
