"""What an answer to an objection may say: the bounds of the rules, and the places of 好 after it. Writes nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from organizations.errors import Refused
from reviews.grade.actions import FORCED
from reviews.grade.feedback.models import Objection
from reviews.grade.models import Decision, GradeName
from reviews.grade.suggesting import Reading, read_stored
from reviews.plan.models import Review
from scoring import rules, sentences
from scoring.policy import Grade, QuotaEnforcement


@dataclass(frozen=True, slots=True)
class Places:
    """The places of 好 after an answer, in words; ``is_over``: more than there are; ``binds``: the rules forbid it."""

    words: str = ""
    is_over: bool = False
    binds: bool = False


def demand_not_forced(review: Review, grade: str, unfounded: Iterable[int]) -> None:
    """A forced 差 is lifted only by withdrawing its fact (RULES 3 step 6); one forced by ballots never.

    ``unfounded``: keys of the facts that the answer finds wrong. Raises Refused, saying what forces.
    """
    reading = read_stored(review.campaign)
    if grade == GradeName.POOR or reading is None:
        return
    counting = review.facts.counting().exclude(pk__in=unfounded)
    read = reading.standing_with(review, set(counting.values_list("code", flat=True)))
    forced = [r for r in rules.own_suggestion(read, reading.outcome.policy).reasons if r.code in FORCED]
    poor = reading.outcome.policy.label(Grade.POOR)
    if any(reason.code == "FORCED_BY_BALLOTS" for reason in forced):
        raise Refused(f"按测评票数，等次确定为{poor}，异议复核不能改为其他等次；对票数有疑问的，请用复核包核对。")
    if forced:
        raise Refused(f"有事实使等次确定为{poor}。复核认为事实不成立的，请先勾选该事实，再变更等次。")


def places_after(objection: Objection) -> Places:
    """How many are 好 in the review's quota group once the answer stands, beside how many may be."""
    review = objection.letter.review
    reading = read_stored(review.campaign)
    if objection.outcome != Objection.Outcome.CHANGED or reading is None:
        return Places()
    policy = reading.outcome.policy
    if not policy.quota_min_below_good_bp:
        return Places()
    group = next(g for g in reading.outcome.groups if g.name == reading.suggestions[review.pk].group)
    before = _good_in(reading, group.name)
    after = before + (objection.grade == GradeName.GOOD) - (review.decision.grade == GradeName.GOOD)
    name, label = f"{sentences.group(group.name)} {group.size} 人", policy.label(Grade.GOOD)
    if group.size < policy.quota_min_group:
        return Places(f"{name}，不足 {policy.quota_min_group} 人，不限“{label}”的名额。")
    words = f"{name}，“{label}”的名额 {group.places} 个；变更前 {before} 个，变更后 {after} 个"
    is_over = after > group.places and after > before
    binds = is_over and policy.quota_enforcement is QuotaEnforcement.BLOCK
    if binds:
        return Places(f"{words}，超出名额。评定规则规定党组不得超出名额，这样变更不能批准。", True, True)
    if is_over:
        return Places(f"{words}，超出名额。规则允许写明理由后超出，复核理由即为超出的理由。", True)
    return Places(f"{words}，{'没有超出名额' if after <= group.places else '名额占用没有增加'}。")


def _good_in(reading: Reading, group: str) -> int:
    members = [review for review, suggestion in reading.suggestions.items() if suggestion.group == group]
    return Decision.objects.filter(review__in=members, grade=GradeName.GOOD).count()


def digest_of_answer(objection: Objection) -> str:
    """A short hash of the proposed answer: what was looked at and what is approved must be the same."""
    content = [objection.outcome, objection.grade, objection.opinion, objection.finding, sorted(objection.unfounded)]
    content += [objection.reference, str(objection.decided_on), objection.reviewed_by_id]
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]
