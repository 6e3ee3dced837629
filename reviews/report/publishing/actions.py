"""公开与撤回: show approved reports to a circle with personal data covered. Writes ``Publication``."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Person
from reviews.plan.models import Campaign
from reviews.report import permissions
from reviews.report.models import Report, ReportVersion, Section
from reviews.report.publishing.masking import Mask, covered, key_of, mask_sections, pieces, possible_names
from reviews.report.publishing.models import Circle, Publication
from reviews.report.vetting.taking_back import checked_reason, locked

CHUNK = 20_000  # names looked up at once
MOST_BY_HAND = 100


@dataclass(frozen=True, slots=True)
class Covering:
    """What is covered of one version: section -> masks; ``shown`` are keys of masks that a person lifted."""

    version: ReportVersion
    masks: Mapping[str, Sequence[Mask]]
    shown: frozenset[str] = frozenset()

    def standing(self, section: str) -> list[Mask]:
        return [mask for mask in self.masks[section] if key_of(section, mask) not in self.shown]

    @property
    def texts(self) -> dict[str, str]:
        """The sections as readers will see them."""
        return {section: covered(text, self.standing(section)) for section, text in self.version.sections.items()}

    @property
    def counts(self) -> dict[str, int]:
        """Kind -> places covered."""
        return dict(Counter(mask.kind.value for section in self.masks for mask in self.standing(section)))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def lifted(self) -> int:
        """How many places are shown although a rule would cover them."""
        return sum(len(masks) - len(self.standing(section)) for section, masks in self.masks.items())

    def for_page(self) -> list[tuple[Section, list[tuple[str, Mask | None, str, bool]]]]:
        """Each section in pieces: the words, their mask, its key, whether it stays covered."""
        return [
            (
                Section(section),
                [
                    (
                        piece,
                        mask,
                        key_of(section, mask) if mask else "",
                        bool(mask) and key_of(section, mask) not in self.shown,
                    )
                    for piece, mask in pieces(self.version.sections[section], masks)
                ],
            )
            for section, masks in self.masks.items()
        ]


def known_names(texts: Iterable[str]) -> set[str]:
    """Those of the possible names in the texts that somebody in the system bears."""
    possible = sorted(set().union(*map(possible_names, texts)))
    found: set[str] = set()
    for start in range(0, len(possible), CHUNK):
        found.update(
            Person.objects.filter(name__in=possible[start : start + CHUNK]).order_by().values_list("name", flat=True)
        )
    return found


def covering_of(
    report: Report, *, by_hand: Iterable[str] = (), shown: Iterable[str] = (), names: set[str] | None = None
) -> Covering:
    """What would be covered of the version handed in last; the secretary's own name never is."""
    version = report.handed_in
    names = known_names(version.sections.values()) if names is None else names
    masks = mask_sections(version.sections, names - {report.review.secretary.name}, by_hand)
    keys = {key_of(section, mask) for section, found in masks.items() for mask in found}
    return Covering(version, masks, frozenset(shown) & keys)


@transaction.atomic
def publish_report(
    report: Report,
    *,
    circle: str,
    version: int,
    by: Person,
    by_hand: Collection[str] = (),
    shown: Collection[str] = (),
    reason: str = "",
) -> Publication:
    """公开: keep the covered text for a circle. What readers see is fixed from now on.

    ``by_hand`` are words to cover besides what the rules find, ``shown`` keys of masks to lift, with a ``reason``.
    Raises PermissionDenied for who does not organize it; Refused before the meeting and the vote are over, for a
    report that is not approved or already public, for one's own, on a stale page, and when masks are lifted silently.
    """
    report = held_for_publishing(report, by)
    refuse_publishing(report, by)
    handed_in = report.handed_in
    if handed_in.number != version:
        raise Refused(f"您预览的是第 {version} 版，现在是第 {handed_in.number} 版。请重新预览后再公开。")
    if len(by_hand) > MOST_BY_HAND:
        raise Refused(f"另行遮盖的文字有 {len(by_hand)} 处，最多 {MOST_BY_HAND} 处。")
    covering = covering_of(report, by_hand=by_hand, shown=shown)
    reason = checked_reason(reason)
    if covering.lifted and not reason:
        raise Refused(f"有 {covering.lifted} 处个人信息选择了不遮盖，须写明理由。")
    return write_publication(report, covering, circle=circle, reason=reason if covering.lifted else "", by=by)


@transaction.atomic
def publish_many(campaign: Campaign, reports: Iterable[int], *, circle: str, by: Person) -> list[Publication]:
    """Publish several reports (keys) of a campaign as the rules cover them. All or none.

    Raises as ``publish_report``, naming the report that stands in the way.
    """
    wanted = set(reports)
    chosen = list(publishable(campaign).filter(pk__in=wanted))
    if not chosen or len(chosen) != len(wanted):
        raise Refused("请选择要公开的报告：须已审核通过、尚未公开。如刚刚有变化，请刷新页面后重新选择。")
    chosen = [held_for_publishing(report, by) for report in chosen]
    for report in chosen:
        refuse_publishing(report, by)
    names = known_names(text for report in chosen for text in report.handed_in.sections.values())
    return [
        write_publication(report, covering_of(report, names=names), circle=circle, reason="", by=by)
        for report in chosen
    ]


def publishable(campaign: Campaign):
    """The approved reports of a campaign that are not public, in speaking order."""
    return (
        Report.objects.filter(review__campaign=campaign, state=Report.State.APPROVED)
        .exclude(review__publications__in=Publication.objects.standing())
        .select_related("review__campaign__organizer", "review__organization", "review__secretary")
    )


def held_for_publishing(report: Report, by: Person) -> Report:
    """The locked report. Raises PermissionDenied for the wrong person, Refused before its time."""
    report = locked(report)
    campaign = report.review.campaign
    forget_duties(by)
    if not permissions.holds_any(by, permissions.STEERING, campaign.organizer):
        raise PermissionDenied
    if not permissions.may_publish(by, campaign):
        raise Refused(f"现在是“{campaign.get_stage_display()}”阶段。述职报告在评议会和现场测评结束后才能公开。")
    return report


def refuse_publishing(report: Report, by: Person) -> None:
    """Raise Refused, naming the report."""
    review = report.review
    if permissions.is_own(by, review):
        raise Refused("您本人的述职报告须由其他经办人公开。")
    if report.state != Report.State.APPROVED:
        raise Refused(f"{review.organization}的报告没有审核通过，不能公开。")
    if Publication.objects.standing().filter(review=review).exists():
        raise Refused(f"{review.organization}的报告已经公开。如需改变范围或遮盖，请先撤回，再重新公开。")


def write_publication(report: Report, covering: Covering, *, circle: str, reason: str, by: Person) -> Publication:
    """Keep what readers see, and write it down."""
    publication = Publication.objects.create(
        review=report.review,
        version=covering.version,
        circle=Circle(circle),
        masked=covering.counts,
        unmasked=covering.lifted,
        unmasked_reason=reason,
        by=by,
        **covering.texts,
    )
    trail.record(
        "公开述职报告",
        report,
        by=by,
        organization=report.review.campaign.organizer,
        version=covering.version.number,
        circle=publication.get_circle_display(),
        masked=covering.total,
        unmasked=covering.lifted,
        reason=reason,
    )
    return publication


@transaction.atomic
def withdraw_publication(publication: Publication, *, reason: str, by: Person) -> Publication:
    """撤回公开: its readers see who withdrew it, when and why, no longer the text. Raises as ``publish_report``."""
    report = held_for_publishing(publication.review.report, by)
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    if publication.withdrawn_at:
        raise Refused("这份报告的公开已经撤回。")
    if not (reason := checked_reason(reason)):
        raise Refused("撤回公开须写明理由，原来能看到的人会看到这句话。")
    publication.withdrawn_by, publication.withdrawn_at, publication.withdrawn_reason = by, timezone.now(), reason
    publication.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    organizer = report.review.campaign.organizer
    trail.record("撤回公开述职报告", report, by=by, organization=organizer, reason=reason)
    return publication
