"""模板: what a campaign begins with. The bureau preset follows the source plan (001#6), in our own words."""

from dataclasses import dataclass, field
from decimal import Decimal

from reviews.plan.quorum import Quorum


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """票种: code, name, weight and expected number of one class of voters.

    ``recusals``: how many of them debrief themselves and may each pass over their own line.
    """

    code: str
    label: str
    weight: Decimal
    size: int
    recusals: int = 0
    is_secret: bool = True


@dataclass(frozen=True, slots=True)
class Preset:
    """Everything of a campaign that is the same every year."""

    label: str
    description: str
    content_items: tuple[str, ...]
    panels: tuple[PanelSpec, ...]
    speaking_minutes: int = 5
    quorum: Quorum = field(default_factory=Quorum)
    policy: dict = field(default_factory=dict)  # partial: what is left out has scoring.policy's default
    report_limits: dict = field(default_factory=dict)  # partial: what is left out has the report's default
    sources: dict = field(default_factory=dict)  # 条款依据 in this place's own wording, by clause
    origin: str = ""  # where the rules come from, in words; "" = from the preset itself


# DOMAIN F2: the ten items that a report answers.
BUREAU_CONTENT = (
    "学习贯彻党的创新理论，坚定拥护“两个确立”、坚决做到“两个维护”的情况",
    "坚持制度治党、依规治党，学习和执行党内法规的情况",
    "落实新时代党的组织路线，完成年度基层党建重点任务、建强党支部的情况",
    "党建与业务深度融合、服务中心工作、促进民族团结，解决“灯下黑”“两张皮”问题，发挥战斗堡垒和先锋模范作用的情况",
    "践行以人民为中心，走访联系群众、办实事解难题、做好信访工作的情况",
    "召开专题组织生活会并整改、落实上年度述职评议会点评问题的情况",
    "推进全面从严治党，对照责任清单履行第一责任人职责的情况",
    "落实意识形态工作责任制和加强党风廉政建设的情况",
    "巡视巡察和专项检查调研所指出问题的整改落实情况",
    "加强精神文明建设，做好宗教工作和党务、政务、财务公开的情况",
)

BUREAU = Preset(
    label="盟市局模板",
    description="局党组听取下级党组织书记述职：十项内容，2500 字以内，问题约占三分之一，一述一评，三类票测评。",
    content_items=BUREAU_CONTENT,
    panels=(
        PanelSpec("A", "领导班子", Decimal(50), 7),
        PanelSpec("B", "同级书记", Decimal(30), 11, recusals=11),
        PanelSpec("C", "党员群众代表", Decimal(20), 12),
    ),
    policy={"name": "默认规则"},
)

PRESETS = {"bureau": BUREAU}
