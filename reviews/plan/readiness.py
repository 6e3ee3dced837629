"""What a campaign still lacks before it can be published, and what its clerk should look at again."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.utils import timezone

from organizations.models import Person
from reviews.plan.models import Campaign, PanelPlan
from reviews.plan.timetable import timetable_of
from scoring.policy import PANEL, Policy, from_document
from scoring.strict import Malformed
from scoring.terms import FEWEST_FOR_A_HISTOGRAM, FEWEST_IN_A_SECRET_PANEL


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


def small_panel_words(panel: PanelPlan) -> str:
    """What a small secret panel costs (SECURITY S9, S10), and the ways out; "" for a large or a named one."""
    if not panel.is_secret or panel.size >= FEWEST_FOR_A_HISTOGRAM:
        return ""
    if panel.size < FEWEST_IN_A_SECRET_PANEL:
        return f"{panel}只有 {panel.size} 人，不足 {FEWEST_IN_A_SECRET_PANEL} 人难以保密：合并或改为实名。"
    return (
        f"{panel}只有 {panel.size} 人：无记名票种不足 {FEWEST_FOR_A_HISTOGRAM} 人，开箱后全场只显示等次和所依据的规则，"
        "不显示票数、得分和名次（从中能推算出每个人怎样投的），纪检监督人员可凭复核包核对。"
        f"党组要看票数和得分的，请与其他票种合并到 {FEWEST_FOR_A_HISTOGRAM} 人以上，或改为实名并事先告知。"
    )


def cautions(campaign: Campaign) -> list[str]:
    """Sentences that only warn."""
    found = [words for panel in campaign.panels.all() if (words := small_panel_words(panel))]
    people = without_account(campaign)
    if people:
        names = "、".join(person.name for person in people[:8]) + ("等" if len(people) > 8 else "")
        found.append(f"{len(people)} 名述职人还没有可用账号，无法在线填报：{names}。请系统管理员开通。")
    if campaign.report_due_at < timezone.now():
        found.append("述职报告截止日期已过，发布后述职人将立即显示为逾期。")
    return found
