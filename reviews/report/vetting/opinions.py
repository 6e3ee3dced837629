"""审核意见模板: the usual opinions of an organization's vetters, placeholders filled in. Writes ``OpinionTemplate``."""

import re
from collections.abc import Sequence
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Organization, Person
from reviews.plan.models import Campaign
from reviews.report import permissions
from reviews.report.models import Report, ReportVersion
from reviews.report.vetting.models import OpinionTemplate

MOST_TEMPLATES = 30
LONGEST_TEMPLATE = 300
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = ("单位", "述职人", "年度", "字数", "问题占比", "硬伤数", "提示数", "截止时间")
# What an organization begins with, until it writes its own.
DEFAULTS = (
    "报告结构完整，问题查摆较实，同意作为述职报告提交评议会。",
    "问题部分篇幅偏少（现占{问题占比}），请对照上年点评和平时督查情况，补充具体问题并分析原因。",
    "问题多用“有的”“个别”等泛指，请{述职人}同志把自己摆进去，写清具体表现。",
    "下一步打算不够具体，请写明措施、责任人和完成时限。",
    "上年度问题没有逐条回应，请逐条写明整改结果。",
    "全文{字数}字，篇幅超过要求，请压缩到规定字数以内。",
    "文中有未填写的占位符或范文残留，请{单位}全文核对后重新提交。",
    "请对照旁批逐条修改，并在旁批下写明怎样修改。",
)


def templates_of(organization: Organization) -> list[str]:
    """The organization's own templates in order, else the defaults."""
    return list(OpinionTemplate.objects.filter(organization=organization).values_list("text", flat=True)) or list(
        DEFAULTS
    )


def edition_of(templates: Sequence[str]) -> str:
    """A mark of a list: a page that shows an older one is told so."""
    return sha256("\n".join(templates).encode()).hexdigest()[:16]


def filled(templates: Sequence[str], report: Report, version: ReportVersion, due: str) -> list[str]:
    """The templates with this report's own words and figures in place of {…}."""
    figures, severities = version.figures, [finding.get("severity") for finding in version.findings]
    share = figures.get("problem_share")
    words = {
        "单位": str(report.review.organization),
        "述职人": str(report.review.secretary),
        "年度": str(report.review.campaign.year),
        "字数": str(figures.get("chars", "")),
        "问题占比": "—" if share in (None, "") else f"{share * 100:.1f}%",
        "硬伤数": str(severities.count("block")),
        "提示数": str(severities.count("advise")),
        "截止时间": due,
    }
    return [PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text) for text in templates]


@transaction.atomic
def set_templates(campaign: Campaign, texts: Sequence[str], *, edition: str, by: Person) -> list[str]:
    """Replace the list of the campaign's organizer; an empty list brings back the defaults.

    ``edition`` is the mark of the list that the page showed. Raises PermissionDenied, and Refused for too many,
    too long, an unknown placeholder, or when somebody else changed the list meanwhile. Nothing is half done.
    """
    organization = Organization.objects.select_for_update().get(pk=campaign.organizer_id)
    forget_duties(by)
    if not permissions.may_edit_opinions(by, campaign):
        raise PermissionDenied
    before = templates_of(organization)
    texts = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if texts == before:
        return before
    if edition != edition_of(before):
        raise Refused("模板在您打开页面之后已被他人修改，本次没有保存。请刷新页面，核对后重新修改。")
    refuse_templates(texts)
    OpinionTemplate.objects.filter(organization=organization).delete()
    OpinionTemplate.objects.bulk_create(
        OpinionTemplate(organization=organization, number=number, text=text)
        for number, text in enumerate(texts, start=1)
    )
    trail.record("修改审核意见模板", organization, by=by, organization=organization, count=len(texts))
    return templates_of(organization)


def refuse_templates(texts: Sequence[str]) -> None:
    """Raise Refused, naming the line and what is wrong with it."""
    if len(texts) > MOST_TEMPLATES:
        raise Refused(f"共 {len(texts)} 条模板，最多 {MOST_TEMPLATES} 条。请删减后保存。")
    for number, text in enumerate(texts, start=1):
        if len(text) > LONGEST_TEMPLATE:
            raise Refused(f"第 {number} 条有 {len(text)} 字，超过 {LONGEST_TEMPLATE} 字。请精简后保存。")
        for name in PLACEHOLDER.findall(text):
            if name not in PLACEHOLDERS:
                known = "、".join(f"{{{each}}}" for each in PLACEHOLDERS)
                raise Refused(f"第 {number} 条里的“{{{name}}}”不能自动填入。可用的有：{known}。")
