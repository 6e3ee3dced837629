"""评定: facts entered and confirmed, grades suggested, proposed, approved by another person."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.grade import permissions, suggesting
from reviews.grade.models import Decision, Fact, GradeName, Suggestion
from reviews.grade.opinion.actions import mark_of, text_of
from reviews.grade.opinion.models import Opinion
from reviews.ledger.evidence import Evidence
from reviews.plan.models import Campaign, Review, Stage
from scoring import sentences
from scoring.policy import Grade, QuotaEnforcement, from_document

FORCED = {"FORCED_BY_FACT", "FORCED_BY_BALLOTS"}
FACTS_OPEN = (Stage.MEETING, Stage.BALLOT, Stage.GRADING)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the Party group decided on one review, as the clerk enters it.

    ``seen``: the mark of the opinion that the page was opened with; "" where no page was.
    """

    review: Review
    grade: str
    reason: str = ""
    opinion: str = ""
    seen: str = ""

    @property
    def leaves_opinion(self) -> bool:
        """True if the opinion is the one that the page was opened with."""
        return mark_of(self.opinion) == self.seen


def hold(campaign: Campaign, *stages: str) -> Campaign:
    """The campaign, locked; refused outside the stages."""
    held = Campaign.objects.select_for_update(of=("self",)).select_related("organizer").get(pk=campaign.pk)
    if held.stage not in stages:
        wanted = "、".join(Stage(stage).label for stage in stages)
        raise Refused(f"“{held}”处于“{held.get_stage_display()}”阶段，只有“{wanted}”阶段才能这样做。")
    return held


def demand(is_allowed: bool) -> None:
    """Raises PermissionDenied unless allowed."""
    if not is_allowed:
        raise PermissionDenied


def refuse_if_approved(campaign: Campaign) -> None:
    if Decision.objects.filter(review__campaign=campaign, approved_by__isnull=False).exists():
        raise Refused("等次已经研究批准，不能再改动评定依据。")


@transaction.atomic
def suggest(campaign: Campaign, *, by: Person) -> int:
    """Let the rules read the opened box and store a suggestion a review. Returns how many changed.

    A proposal made on a suggestion that has changed since is dropped: it must be proposed anew.
    """
    campaign = hold(campaign, Stage.GRADING)
    demand(permissions.may_propose(by, campaign))
    return _suggest(campaign, by)


def _suggest(campaign: Campaign, by: Person) -> int:
    refuse_if_approved(campaign)
    changed = suggesting.store(suggesting.read_rules(campaign))
    dropped, _ = Decision.objects.filter(review__in=changed).delete()
    facts = {"changed": len(changed), "dropped": dropped}
    trail.record("生成建议等次", campaign, by=by, organization=campaign.organizer, **facts)
    return len(changed)


@transaction.atomic
def enter_fact(review: Review, *, code: str, evidence: str, by: Person, paper: Evidence | None = None) -> Fact:
    """Put a forcing or capping fact beside a review, with a checked file as its proof if there is one.

    It counts once another person has confirmed it. Raises Refused for a fact that the rules do not know, and for the
    same one sent twice.
    """
    campaign = hold(review.campaign, *FACTS_OPEN)
    demand(permissions.may_propose(by, campaign))
    refuse_if_approved(campaign)
    if code not in codes_of(campaign):
        raise Refused("评定规则中没有这一类事实，请从列表中选择。")
    if not evidence.strip():
        raise Refused("请写明依据（文件、日期、认定单位）。")
    if review.facts.filter(code=code, evidence=evidence.strip(), withdrawn_reason="").exists():
        raise Refused("同样的事实已经登记，不必重复登记。")
    fact = Fact(review=review, code=code, evidence=evidence.strip(), entered_by=by)
    if paper:
        fact.paper_name = paper.shown_name
        fact.paper.save(paper.stored_name(), ContentFile(paper.content), save=False)
    fact.save()
    trail.record("登记事实", review, by=by, organization=campaign.organizer, code=code, fact=fact.pk)
    return fact


def codes_of(campaign: Campaign) -> list[str]:
    """The facts that the campaign's rules know: those that force 差, then those that cap."""
    policy = from_document(campaign.policy)
    return list(dict.fromkeys([*policy.forcing_facts, *dict(policy.caps)]))


def _held_fact(fact: Fact) -> Fact:
    return Fact.objects.select_for_update(of=("self",)).select_related("review__campaign__organizer").get(pk=fact.pk)


@transaction.atomic
def confirm_fact(fact: Fact, *, by: Person) -> None:
    """A second person confirms; from now on the fact counts, and suggestions are made anew."""
    campaign = hold(fact.review.campaign, *FACTS_OPEN)
    fact = _held_fact(fact)
    demand(permissions.may_confirm(by, fact))
    refuse_if_approved(campaign)
    if fact.confirmed_by_id or fact.withdrawn_reason:
        raise Refused("这条事实已经确认或撤回，请刷新页面。")
    fact.confirmed_by = by
    fact.save(update_fields=["confirmed_by"])
    trail.record("确认事实", fact.review, by=by, organization=campaign.organizer, code=fact.code, fact=fact.pk)
    suggest_again(campaign, by)


@transaction.atomic
def withdraw_fact(fact: Fact, *, reason: str, by: Person) -> None:
    """Take a fact back, with a reason; only so is a forced 差 lifted."""
    campaign = hold(fact.review.campaign, *FACTS_OPEN)
    fact = _held_fact(fact)
    demand(permissions.may_withdraw(by, fact))
    refuse_if_approved(campaign)
    if not reason.strip():
        raise Refused("撤回须写明原因。")
    if fact.withdrawn_reason:
        raise Refused("这条事实已经撤回，请刷新页面。")
    fact.withdrawn_reason, fact.withdrawn_by = reason.strip()[:300], by
    fact.save(update_fields=["withdrawn_reason", "withdrawn_by"])
    trail.record("撤回事实", fact.review, by=by, organization=campaign.organizer, code=fact.code, reason=reason)
    suggest_again(campaign, by)


def suggest_again(campaign: Campaign, by: Person) -> None:
    if Suggestion.objects.filter(review__campaign=campaign).exists():
        _suggest(campaign, by)


@transaction.atomic
def propose(campaign: Campaign, proposals: Sequence[Proposal], *, reference: str, decided_on: date, by: Person) -> None:
    """Write down what the Party group decided on every review. It stands once another person has approved it.

    An opinion that the page left as it was gives way to one kept since. Raises Refused, naming the review, for a
    grade that differs from the suggestion (or settles an open one) without a reason, for lifting a forced 差, for an
    opinion that somebody else changed meanwhile, for a review left out, and above a binding quota.
    """
    campaign = hold(campaign, Stage.GRADING)
    demand(permissions.may_propose(by, campaign))
    refuse_if_approved(campaign)
    if not reference.strip() or decided_on > timezone.localdate():
        raise Refused("请写明研究会议和研究日期，研究日期不能晚于今天。")
    if decided_on.year < campaign.year:
        raise Refused(f"研究日期不能早于 {campaign.year} 年，请核对年份。")
    suggestions = {s.review_id: s for s in Suggestion.objects.filter(review__campaign=campaign)}
    if not suggestions:
        raise Refused("请先生成建议等次。")
    if {p.review.pk for p in proposals} != set(suggestions):
        raise Refused("述职人名单已变化，请刷新页面后重新填写。")
    if faults := [fault for p in proposals if (fault := _fault_of(p, suggestions[p.review.pk]))]:
        raise Refused(" ".join(faults))
    _refuse_above_binding_quota(campaign, proposals)
    for proposal in proposals:
        opinion = text_of(proposal.review) if proposal.leaves_opinion else proposal.opinion.strip()
        fields = {"grade": proposal.grade, "reason": proposal.reason.strip(), "opinion": opinion}
        fields |= {"reference": reference.strip(), "decided_on": decided_on, "proposed_by": by}
        Decision.objects.update_or_create(review=proposal.review, defaults=fields)
        Opinion.objects.update_or_create(review=proposal.review, defaults={"text": opinion, "by": by})
    trail.record("提出综合评价等次", campaign, by=by, organization=campaign.organizer, digest=digest_of(campaign))


def _other_opinion_since(proposal: Proposal) -> bool:
    """True if the opinion kept now is neither the one that the page showed nor the one it sends (a second press)."""
    return mark_of(text_of(proposal.review)) not in {proposal.seen, mark_of(proposal.opinion)}


def _fault_of(proposal: Proposal, suggestion: Suggestion) -> str:
    """What is wrong with one proposal, in words; "" if nothing."""
    who = str(proposal.review)
    if proposal.grade not in GradeName.values:
        return f"{who}：请选择等次。"
    forced = FORCED & {reason["code"] for reason in suggestion.reasons}
    if forced and proposal.grade != GradeName.POOR:
        poor = proposal.review.campaign.grade_word(GradeName.POOR)
        if "FORCED_BY_BALLOTS" in forced:
            return f"{who}：按测评票数，等次确定为{poor}，不能改为其他等次。"
        return f"{who}：按规则等次确定为{poor}；只有撤回相应事实后才能改为其他等次。"
    needs_reason = suggestion.is_open or proposal.grade != suggestion.grade
    if needs_reason and not proposal.reason.strip():
        return f"{who}：等次与建议不同或建议留待研究，请写明理由。"
    if proposal.seen and not proposal.leaves_opinion and _other_opinion_since(proposal):
        return f"{who}：综合评价意见在您打开页面之后被改过。请先复制您写的，刷新页面，看过新稿再提出。"
    return ""


def _refuse_above_binding_quota(campaign: Campaign, proposals: Sequence[Proposal]) -> None:
    """BLOCK binds the group; WARN_WITH_REASON is met by the reason that every raised grade needs."""
    reading = suggesting.read_stored(campaign)
    policy = reading.outcome.policy
    if policy.quota_enforcement is not QuotaEnforcement.BLOCK or not policy.quota_min_below_good_bp:
        return
    suggested = reading.suggestions
    for group in reading.outcome.groups:
        good = sum(p.grade == GradeName.GOOD and suggested[p.review.pk].group == group.name for p in proposals)
        if group.size >= policy.quota_min_group and good > group.places:
            name, label = sentences.group(group.name), policy.label(Grade.GOOD)
            raise Refused(f"{name} {group.size} 人，“{label}”最多 {group.places} 人，现为 {good} 人，超出名额。")


def digest_of(campaign: Campaign) -> str:
    """A short hash of all that was proposed: what the second look saw and what is approved must be the same."""
    lines = Decision.objects.filter(review__campaign=campaign).order_by("review_id")
    content = list(lines.values_list("review_id", "grade", "reason", "opinion", "reference", "decided_on"))
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


@transaction.atomic
def approve(campaign: Campaign, *, seen: str, by: Person) -> int:
    """The head approves what the second look showed. Nothing is published by it. Returns how many grades."""
    campaign = hold(campaign, Stage.GRADING)
    demand(permissions.may_approve(by, campaign))
    decisions = list(Decision.objects.select_for_update().filter(review__campaign=campaign))
    refuse_if_approved(campaign)
    if not decisions or len(decisions) != campaign.reviews.count():
        raise Refused("还有述职人没有提出等次，不能批准。")
    if any(decision.proposed_by_id == by.pk for decision in decisions):
        raise Refused("提出等次的人不能自己批准，须由另一人批准。")
    if seen != digest_of(campaign):
        raise Refused("等次在您查看之后有改动，请重新核对后再批准。")
    Decision.objects.filter(review__campaign=campaign).update(approved_by=by, approved_at=timezone.now())
    trail.record("批准综合评价等次", campaign, by=by, organization=campaign.organizer, digest=seen)
    return len(decisions)
