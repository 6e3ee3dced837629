"""规则版本: every saved change of a campaign's rules is kept, and the one that the box takes is frozen."""

from dataclasses import replace

from django.utils import timezone

from organizations.models import Person
from reviews.plan.models import Campaign, PolicyVersion
from reviews.plan.readiness import policy_of
from scoring.policy import Policy, canonical, fingerprint, to_document

BEFORE_VERSIONS = "开始记录版本之前的规则"
MOST_ORIGIN = 200
MOST_NOTE = 300


def current_version(campaign: Campaign) -> PolicyVersion | None:
    """The version that holds now; None for a campaign whose rules were never saved."""
    return campaign.policy_versions.select_related("by").first()


def sources_of(campaign: Campaign) -> dict[str, str]:
    """条款依据 in the campaign's own wording, by clause."""
    version = campaign.policy_versions.first()
    return version.sources if version else {}


def stamped(campaign: Campaign, sources: dict[str, str]) -> dict:
    """What the form of the rules showed, for the stamp against stale forms."""
    return {"policy": campaign.policy, "sources": sources}


def handed_on(campaign: Campaign) -> dict:
    """What next year's campaign takes from this one besides the rules themselves: their sources, and where from."""
    version = campaign.policy_versions.first()
    number = f"第 {version.number} 版" if version else ""
    origin = f"沿用“{campaign}”{number}规则，校验值 {fingerprint(policy_of(campaign))[:12]}"
    return {"sources": version.sources if version else {}, "origin": origin[:MOST_ORIGIN]}


def keep_version(
    campaign: Campaign, *, by: Person, note: str = "", origin: str = "", sources: dict[str, str] | None = None
) -> PolicyVersion:
    """Keep the rules that stand in the (locked) campaign as its next version; its number goes into the rules.

    ``sources`` None: those of the version before.
    """
    last = campaign.policy_versions.first()
    number = last.number + 1 if last else 1
    if sources is None:
        sources = last.sources if last else {}
    policy = replace(policy_of(campaign), version=number)
    campaign.policy = to_document(policy)
    campaign.save(update_fields=["policy"])
    return _written(
        campaign, policy, by=by, note=note.strip()[:MOST_NOTE], origin=origin[:MOST_ORIGIN], sources=sources
    )


def _written(campaign: Campaign, policy: Policy, **fields) -> PolicyVersion:
    return campaign.policy_versions.create(
        number=policy.version, text=canonical(policy), fingerprint=fingerprint(policy), **fields
    )


def keep_change(
    campaign: Campaign,
    before: Policy,
    *,
    by: Person,
    note: str = "",
    origin: str = "",
    sources: dict[str, str] | None = None,
) -> PolicyVersion | None:
    """The next version, if the rules or their sources are no longer ``before``; None if nothing changed."""
    after = policy_of(campaign)
    if after == replace(before, version=after.version) and sources in (None, sources_of(campaign)):
        return None
    if not campaign.policy_versions.exists():
        _written(campaign, replace(before, version=1), by=campaign.created_by, origin=BEFORE_VERSIONS)
    return keep_version(campaign, by=by, note=note, origin=origin, sources=sources)


def freeze_policy(campaign: Campaign, *, by: Person) -> PolicyVersion:
    """锁定: the box takes these rules, and their version says since when. For whoever locks the box."""
    version = campaign.policy_versions.select_for_update().first() or keep_version(
        campaign, by=by, origin=BEFORE_VERSIONS
    )
    if version.frozen_at is None:
        version.frozen_at = timezone.now()
        version.save(update_fields=["frozen_at"])
    return version
