"""What a campaign still lacks before it can be published, and what its clerk should look at again."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.utils import timezone

from organizations.models import Person
from reviews.plan.models import Campaign, PanelPlan
from reviews.plan.presets import SMALL_PANEL
from reviews.plan.timetable import timetable_of
from scoring.policy import PANEL, Policy, from_document
from scoring.strict import Malformed


def policy_of(campaign: Campaign) -> Policy:
    """The campaign's rules, with the weights of its panels in the order of their codes.

    Raises Malformed if the stored document is not a policy.
    """
    weights = {panel.code: panel.weight for panel in campaign.panels.all()}
    return from_document({**campaign.policy, "panel_weights": weights or None})


def unknown_panel(policy: Policy) -> str | None:
    """The panel that the 10 % test looks at although no such panel exists, if any."""
    code = policy.forced_poor_scope.removeprefix(PANEL)
    if policy.forced_poor_scope == code or not code:
        return None
    return None if code in dict(policy.panel_weights or ()) else code


def lacking(campaign: Campaign) -> list[str]:
    """Sentences that forbid publishing; empty if the plan is complete."""
    found = list(timetable_of(campaign).faults(campaign.year).values())
    if not campaign.content_items.exists():
        found.append("还没有考核内容，请到“考核内容”页填写。")
    if not campaign.panels.exists():
        found.append("还没有票种，请到“票种”页填写参加测评的人员类别、权重和人数。")
    if not campaign.reviews.exists():
        found.append("还没有述职人，请到“述职人”页从组织树中选择。")
    return found + _policy_faults(campaign)


def _policy_faults(campaign: Campaign) -> list[str]:
    try:
        missing = unknown_panel(policy_of(campaign))
    except Malformed as wrong:
        return [f"评定规则有误：{wrong}。请到“评定规则”页修改。"]
    return [f"评定规则的差票口径只看{missing}票，但没有这个票种。请到“评定规则”页修改。"] if missing else []


def without_account(campaign: Campaign) -> list[Person]:
    """Secretaries of the campaign who cannot log in yet."""
    locked_out = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(is_active=False)
    return list(Person.objects.filter(locked_out, reviews__campaign=campaign).distinct())


def is_small(panel: PanelPlan) -> bool:
    """Fewer voters than keep a secret vote secret."""
    return panel.is_secret and panel.size < SMALL_PANEL


def cautions(campaign: Campaign) -> list[str]:
    """Sentences that only warn."""
    found = [
        f"{panel}只有 {panel.size} 人，不足 {SMALL_PANEL} 人难以保密：合并或改为实名。"
        for panel in campaign.panels.all()
        if is_small(panel)
    ]
    people = without_account(campaign)
    if people:
        names = "、".join(person.name for person in people[:8]) + ("等" if len(people) > 8 else "")
        found.append(f"{len(people)} 名述职人还没有可用账号，无法在线填报：{names}。请系统管理员开通。")
    if campaign.report_due_at < timezone.now():
        found.append("述职报告截止日期已过，发布后述职人将立即显示为逾期。")
    return found
