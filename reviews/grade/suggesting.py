"""From the opened box and the facts beside it to stored suggestions. The arithmetic is scoring's."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from organizations.errors import Refused
from reviews.ballot.models import Candidacy, Round
from reviews.grade.models import Decision, Fact, Suggestion
from reviews.ledger.queries import closure_rates
from reviews.plan.models import Campaign, Review
from scoring import count, document
from scoring.models import Box
from scoring.policy import fingerprint
from scoring.rules import Outcome


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules say of a campaign: the outcome, and each review's own document by its key."""

    outcome: Outcome
    standings: dict[int, dict]
    reviews: dict[str, Review]  # the rules' id (entry number) -> review


def counted_round(campaign: Campaign) -> Round:
    """The campaign's valid round with an opened box. Raises Refused while there is none."""
    round_ = campaign.rounds.filter(is_rehearsal=False, void_reason="").select_related("box").first()
    if round_ is None or round_.box.state != Box.State.OPENED:
        raise Refused("测评尚未开箱，没有票数可供评定。请先在“测评”中封箱、开箱。")
    return round_


def read_rules(campaign: Campaign) -> Reading:
    """Let the frozen rules read the opened box and the facts. Writes nothing."""
    round_ = counted_round(campaign)
    candidacies = Candidacy.objects.filter(entry__box=round_.box).select_related("entry", "review__organization")
    reviews = {str(c.entry.number): c.review for c in candidacies}
    extras = _beside_the_box(campaign, reviews)
    asked = count.document_of(round_.box, extras)
    outcome = count.suggestions_for(round_.box, extras)
    by_review = {reviews[str(line["id"])].pk: line for line in asked["reviews"]}
    return Reading(outcome, by_review, reviews)


def _beside_the_box(campaign: Campaign, reviews: dict[str, Review]) -> list[dict]:
    """What never lay in the box: organization type, confirmed facts, last year's grade and closed share."""
    facts: dict[int, list[str]] = {}
    confirmed = Fact.objects.filter(review__campaign=campaign, confirmed_by__isnull=False, withdrawn_reason="")
    for fact in confirmed.order_by("pk"):
        facts.setdefault(fact.review_id, []).append(fact.code)
    last_year = previous_grades(campaign)
    closed = closure_rates(campaign)
    return [
        {
            "id": number,
            "org_type": review.organization.kind.upper(),
            "facts": sorted(set(facts.get(review.pk, []))),
            "previous_grade": last_year.get(review.organization_id),
            "closure_rate": _four_places(closed.get(review.pk)),
        }
        for number, review in reviews.items()
    ]


def _four_places(share) -> str | None:
    """A share from 0 to 1 the way the rules read it: 4 decimals, half up."""
    if share is None:
        return None
    return str((Decimal(share.numerator) / share.denominator).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def previous_grades(campaign: Campaign) -> dict[int, str]:
    """Last year's approved grade of each organization under the same organizer."""
    decisions = Decision.objects.filter(
        review__campaign__organizer=campaign.organizer_id,
        review__campaign__year=campaign.year - 1,
        approved_by__isnull=False,
    )
    return dict(decisions.values_list("review__organization", "grade"))


def store(reading: Reading) -> list[Review]:
    """Write one suggestion a review. Returns the reviews whose suggestion changed."""
    policy_hash = fingerprint(reading.outcome.policy)
    before = {s.review_id: s for s in Suggestion.objects.filter(review__in=[r.pk for r in reading.reviews.values()])}
    changed = []
    for answer in document.to_answer(reading.outcome)["reviews"]:
        review = reading.reviews[str(answer["id"])]
        fields = {
            "grade": answer["grade"],
            "score": answer["score"] or "",
            "score_exact": str(answer["score_exact"] if answer["score_exact"] is not None else ""),
            "is_open": answer["open"],
            "reasons": answer["reasons"],
            "notices": answer["notices"],
            "consequences": answer["consequences"],
            "standing": reading.standings[review.pk],
            "policy_hash": policy_hash,
        }
        old = before.get(review.pk)
        if old is None or (old.grade, old.is_open, old.reasons) != (
            fields["grade"],
            fields["is_open"],
            fields["reasons"],
        ):
            changed.append(review)
        Suggestion.objects.update_or_create(review=review, defaults=fields)
    return changed
