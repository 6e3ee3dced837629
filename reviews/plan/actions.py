"""What is done to a campaign. ``move_campaign`` is the one writer of its stage."""

from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.timezone import localtime

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Organization, Person
from reviews.plan.models import STAGE_ORDER, Campaign, ContentItem, PanelPlan, Stage
from reviews.plan.permissions import CONTENT_OPEN, PANELS_OPEN, POLICY_OPEN, may_create, may_plan
from reviews.plan.policy_keeping import handed_on, keep_change, keep_version, sources_of, stamped
from reviews.plan.presets import PanelSpec, Preset
from reviews.plan.quorum import FIELDS as QUORUM
from reviews.plan.readiness import lacking, policy_of, unknown_panel
from reviews.plan.stamp import refuse_stale
from reviews.plan.timetable import Timetable
from scoring.differences import Difference, differences
from scoring.policy import from_document, to_document
from scoring.strict import Malformed

MOST_REASON = 300
DATES = ("starts_on", "report_due_at", "meets_on", "filing_due_at", "ends_on")
BASICS = ("year", "title", "basis", "place", "speaking_minutes", *QUORUM, *DATES)
# The backward moves that belong to the plan; later ones belong to the stage that they leave.
WAYS_BACK = {Stage.REPORTING: Stage.PLANNING, Stage.MEETING: Stage.REPORTING}
PANEL_FIELDS = tuple(each.name for each in fields(PanelSpec))
OPEN_AFTER_PUBLISHING = {"place", *DATES}


@transaction.atomic
def move_campaign(campaign: Campaign, stage: str, *, by: Person, reason: str = "") -> Campaign:
    """Take a campaign one stage on, or back with a reason, and write down who did it.

    Whether the stage's own conditions hold (all reports vetted, box opened ...) is asked by the
    stage that calls this; here only the order of the stages is kept.

    Raises Refused if the step is not in ``NEXT_STAGES`` or goes back without a reason.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    stage = Stage(stage)
    if not campaign.may_move_to(stage):
        raise Refused(
            f"“{campaign}”处于“{campaign.get_stage_display()}”阶段，不能进入“{stage.label}”阶段。请刷新页面查看当前阶段。"
        )
    if STAGE_ORDER.index(stage) < STAGE_ORDER.index(campaign.stage) and not reason.strip():
        raise Refused(f"退回“{stage.label}”阶段须写明原因。")
    if len(reason) > MOST_REASON:
        raise Refused(f"原因最多 {MOST_REASON} 字，现有 {len(reason)} 字，请精简后再提交。")
    campaign.moves.create(before=campaign.stage, after=stage, by=by, reason=reason.strip())
    campaign.stage = stage
    campaign.save(update_fields=["stage"])
    trail.record(f"进入{stage.label}阶段", campaign, by=by, organization=campaign.organizer, reason=reason.strip())
    return campaign


def hold_campaign(campaign: Campaign, *, by: Person, open_in: Iterable[str], part: str) -> Campaign:
    """Lock a campaign for a change of one part of its plan, asking again who and when.

    Raises PermissionDenied for others than its clerk, Refused outside the stages ``open_in``.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("organizer").get(pk=campaign.pk)
    forget_duties(by)
    if not may_plan(by, campaign):
        raise PermissionDenied
    if campaign.stage not in open_in:
        raise Refused(f"“{campaign}”处于“{campaign.get_stage_display()}”阶段，{part}不能再修改。")
    return campaign


def pattern_of(campaign: Campaign) -> Preset:
    """Last year's campaign as the pattern of a new one: content, panels, rules and limits; no people, no dates."""
    return Preset(
        label=campaign.title,
        description="",
        content_items=tuple(entry.text for entry in campaign.content_items.all()),
        panels=tuple(panels_of(campaign)),
        speaking_minutes=campaign.speaking_minutes,
        quorum=campaign.quorum,
        policy=campaign.policy,
        report_limits=campaign.report_limits,
        **handed_on(campaign),
    )


@transaction.atomic
def create_campaign(
    organizer: Organization,
    *,
    year: int,
    title: str,
    timetable: Timetable,
    pattern: Preset,
    by: Person,
    basis: str = "",
    place: str = "",
) -> Campaign:
    """Begin the campaign of a year from a preset or from last year's pattern.

    Raises PermissionDenied for others than the organizer's clerk; Refused for dates out of order
    and for a title that the year already has.
    """
    forget_duties(by)
    if not may_create(by, organizer):
        raise PermissionDenied
    _refuse_faults(timetable, year)
    campaign = Campaign(
        year=year,
        title=title.strip(),
        organizer=organizer,
        basis=basis,
        place=place,
        speaking_minutes=pattern.speaking_minutes,
        **pattern.quorum.as_fields(),
        policy=_policy_document(pattern.policy, pattern.panels),
        report_limits=pattern.report_limits,
        created_by=by,
        **timetable.as_fields(),
    )
    _save_titled(campaign)
    _write_content(campaign, pattern.content_items)
    campaign.panels.bulk_create(PanelPlan(campaign=campaign, **asdict(spec)) for spec in pattern.panels)
    keep_version(campaign, by=by, origin=pattern.origin or f"模板“{pattern.label}”", sources=pattern.sources)
    trail.record("新建活动", campaign, by=by, organization=organizer, year=year, pattern=pattern.label)
    return campaign


def basics_of(campaign: Campaign) -> dict:
    """What the basics form shows, with moments told in local time."""
    values = {name: getattr(campaign, name) for name in BASICS}
    return {name: localtime(value) if isinstance(value, datetime) else value for name, value in values.items()}


@transaction.atomic
def amend_campaign(
    campaign: Campaign, *, values: dict, timetable: Timetable, by: Person, reason: str = "", seen: str | None = None
) -> list[str]:
    """Change title, place, dates ... of a campaign. Returns the names of the fields that changed.

    After publishing only the place and the dates may change, with a reason. Raises Refused for dates
    out of order, a missing reason, a stale form, a closed campaign.
    """
    campaign = hold_campaign(campaign, by=by, open_in=set(Stage) - {Stage.CLOSED}, part="基本信息")
    before = basics_of(campaign)
    refuse_stale(seen, before)
    wanted = {**before, **values, **timetable.as_fields()}
    changed = [name for name in BASICS if wanted[name] != before[name]]
    if not changed:
        return []
    if campaign.stage != Stage.PLANNING:
        _refuse_after_publishing(campaign, changed, reason)
    _refuse_faults(timetable, wanted["year"])
    facts = {name: [str(before[name]), str(wanted[name])] for name in changed}
    for name in changed:
        setattr(campaign, name, wanted[name])
    _save_titled(campaign)
    trail.record("修改活动", campaign, by=by, organization=campaign.organizer, reason=reason.strip(), **facts)
    return changed


def contents_of(campaign: Campaign) -> list[str]:
    """What the content form shows."""
    return [entry.text for entry in campaign.content_items.all()]


@transaction.atomic
def set_content(campaign: Campaign, texts: list[str], *, by: Person, seen: str | None = None) -> None:
    """Write the content items anew, numbered from 1 (B1).

    Raises Refused once reports are being written.
    """
    campaign = hold_campaign(campaign, by=by, open_in=CONTENT_OPEN, part="考核内容")
    refuse_stale(seen, contents_of(campaign))
    campaign.content_items.all().delete()
    _write_content(campaign, texts)
    trail.record("修改考核内容", campaign, by=by, organization=campaign.organizer, count=len(texts))


def panels_of(campaign: Campaign) -> list[PanelSpec]:
    """The panels as plain values, in the order of their codes."""
    return [PanelSpec(**{name: getattr(panel, name) for name in PANEL_FIELDS}) for panel in campaign.panels.all()]


@transaction.atomic
def set_panels(campaign: Campaign, specs: list[PanelSpec], *, by: Person, seen: str | None = None) -> None:
    """Write the panels anew; a panel keeps its row as long as it keeps its code.

    At the meeting only the numbers of voters may be corrected. Raises Refused for that, for a code
    given twice, and for a panel that the rules or printed slips still need.
    """
    campaign = hold_campaign(campaign, by=by, open_in=PANELS_OPEN, part="票种")
    before, rules_before = panels_of(campaign), policy_of(campaign)
    refuse_stale(seen, before)
    specs = sorted(specs, key=lambda spec: spec.code)
    if len({spec.code for spec in specs}) < len(specs):
        raise Refused("票种代号重复，请为每个票种填写不同的代号。")
    if campaign.stage == Stage.MEETING and _without_numbers(before) != _without_numbers(specs):
        raise Refused("评议会阶段只能更正应到人数；票种和权重须先退回“述职报告”阶段再改。")
    campaign.policy = _policy_document(campaign.policy, specs)
    campaign.save(update_fields=["policy"])
    try:
        campaign.panels.exclude(code__in=[spec.code for spec in specs]).delete()
    except ProtectedError:
        raise Refused("已为要删除的票种印制测评票，不能删除。请先作废测评票。") from None
    for spec in specs:
        campaign.panels.update_or_create(code=spec.code, defaults=asdict(spec))
    keep_change(campaign, rules_before, by=by, note="票种或权重有改动")
    written = [{name: str(value) for name, value in asdict(spec).items()} for spec in specs]
    trail.record("修改票种", campaign, by=by, organization=campaign.organizer, panels=written)


@transaction.atomic
def set_policy(
    campaign: Campaign,
    partial: dict,
    *,
    by: Person,
    seen: str | None = None,
    note: str = "",
    origin: str = "",
    sources: dict[str, str] | None = None,
) -> list[Difference]:
    """Change parameters of the rules as a new version; what is not named stays as it was. Returns what changed.

    ``note`` says why; ``origin`` the preset, version or campaign that the rules were taken from; ``sources`` the
    clauses' 条款依据 (None: as before). Without any change no version is made.
    Raises Refused, naming the field, for what the rules do not allow, without a note once the campaign is
    published, and past the reports: a vote is taken by rules that were known before it.
    """
    campaign = hold_campaign(campaign, by=by, open_in=POLICY_OPEN, part="评定规则")
    refuse_stale(seen, stamped(campaign, sources_of(campaign)))
    before = policy_of(campaign)
    campaign.policy = _policy_document({**campaign.policy, **partial}, panels_of(campaign))
    changed = differences(before, policy_of(campaign))
    if not changed and sources in (None, sources_of(campaign)):
        return []
    if campaign.stage != Stage.PLANNING and not note.strip():
        raise Refused("活动已发布，述职人已能看到规则；修改规则须写明原因。")
    campaign.save(update_fields=["policy"])
    version = keep_change(campaign, before, by=by, note=note, origin=origin, sources=sources)
    facts = {"version": version.number, "changes": {each.title: [each.before, each.after] for each in changed}}
    trail.record("修改评定规则", campaign, by=by, organization=campaign.organizer, reason=note.strip(), **facts)
    return changed


@transaction.atomic
def publish_campaign(campaign: Campaign, *, by: Person) -> Campaign:
    """发布: secretaries see the campaign and begin to write. Raises Refused, in words, while something is missing."""
    campaign = hold_campaign(campaign, by=by, open_in={Stage.PLANNING}, part="不能重复发布，方案")
    faults = lacking(campaign)
    if faults:
        raise Refused("还不能发布：" + "".join(faults))
    return move_campaign(campaign, Stage.REPORTING, by=by)


@transaction.atomic
def archive_campaign(campaign: Campaign, *, by: Person) -> Campaign:
    """归档: the last step. Raises Refused before the results were fed back."""
    hold_campaign(campaign, by=by, open_in=set(Stage), part="")
    return move_campaign(campaign, Stage.CLOSED, by=by)


@transaction.atomic
def step_back(campaign: Campaign, stage: str, *, by: Person, reason: str) -> Campaign:
    """Take a campaign back to planning or to the reports, with a reason. Later ways back belong to their stages."""
    campaign = hold_campaign(campaign, by=by, open_in=set(Stage), part="")
    if WAYS_BACK.get(campaign.stage) != stage:
        raise Refused(
            f"“{campaign}”处于“{campaign.get_stage_display()}”阶段，不能在这里退回“{Stage(stage).label}”阶段。"
        )
    return move_campaign(campaign, stage, by=by, reason=reason)


def _without_numbers(specs: list[PanelSpec]) -> list[PanelSpec]:
    return [replace(spec, size=0, recusals=0) for spec in specs]


def _write_content(campaign: Campaign, texts: Iterable[str]) -> None:
    campaign.content_items.bulk_create(
        ContentItem(campaign=campaign, number=number, text=text) for number, text in enumerate(texts, start=1)
    )


def _policy_document(partial: dict, panels: Iterable[PanelSpec]) -> dict:
    """The complete rules: a campaign keeps the policy that it was opened with, whatever the defaults become."""
    weights = {spec.code: str(spec.weight) for spec in panels}
    try:
        policy = from_document({**partial, "panel_weights": weights or None})
    except Malformed as wrong:
        raise Refused(f"评定规则有误：{wrong}。请改正后再保存。") from None
    missing = unknown_panel(policy)
    if missing:
        raise Refused(f"评定规则的差票口径只看{missing}票，但没有这个票种。请先在“评定规则”页改口径。")
    return to_document(policy)


def _refuse_faults(timetable: Timetable, year: int) -> None:
    faults = timetable.faults(year)
    if faults:
        raise Refused("".join(faults.values()))


def _refuse_after_publishing(campaign: Campaign, changed: list[str], reason: str) -> None:
    fixed = [name for name in changed if name not in OPEN_AFTER_PUBLISHING]
    if fixed:
        labels = "、".join(str(Campaign._meta.get_field(name).verbose_name) for name in fixed)
        raise Refused(f"活动已发布，{labels}不能再改；只能调整地点和日期。")
    if not reason.strip():
        raise Refused("活动已发布，调整地点或日期须写明原因。")


def _save_titled(campaign: Campaign) -> None:
    try:
        with transaction.atomic():
            campaign.save()
    except IntegrityError:
        raise Refused(f"{campaign.organizer}在 {campaign.year} 年已有同名活动“{campaign}”，请换一个名称。") from None
