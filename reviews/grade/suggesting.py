"""From the opened box and the facts beside it to stored suggestions, and back. The arithmetic is scoring's."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from organizations.errors import Refused
from reviews.ballot.models import Candidacy, Round
from reviews.grade import showing
from reviews.grade.models import Decision, Fact, Suggestion
from reviews.grade.scores.queries import values_of
from reviews.ledger.queries import closure_rates
from reviews.plan.models import Campaign, Review
from scoring import count, document, rules, terms
from scoring.models import Box
from scoring.policy import Grade, fingerprint, to_document
from scoring.standing import Standing


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules say of a campaign: the outcome, each review's own document by its key, and how they voted."""

    outcome: rules.Outcome
    standings: dict[int, dict]
    reviews: dict[str, Review]  # the rules' id (entry number) -> review
    by_name: frozenset[str]  # codes of the panels that voted 实名

    @property
    def suggestions(self) -> dict[int, rules.Suggestion]:
        """Review key -> what the rules suggest."""
        return {self.reviews[str(each.id)].pk: each for each in self.outcome.suggestions}

    def standing_with(self, review: Review, codes: Collection[str]) -> Standing:
        """A review as the rules read it, of its facts those alone that still count: ``codes``."""
        given = dict(self.standings[review.pk])
        given["facts"] = [code for code in given["facts"] if code in codes]
        return document.read_standing(given, "review")

    def hides(self, review: Review) -> bool:
        """True if a panel is too small for any figure of the review's votes."""
        return showing.hides_counts(self.standings[review.pk], self.by_name)


def counted_round(campaign: Campaign) -> Round:
    """The campaign's valid round with an opened box. Raises Refused while there is none."""
    rounds = campaign.rounds.filter(is_rehearsal=False, void_reason="")
    round_ = rounds.select_related("box", "campaign__organizer").prefetch_related("box__panels").first()
    if round_ is None or round_.box.state != Box.State.OPENED:
        raise Refused("测评尚未开箱，没有票数可供评定。请先在“测评”中封箱、开箱。")
    return round_


def read_rules(campaign: Campaign) -> Reading:
    """Let the frozen rules read the opened box and what stands beside it now. Writes nothing."""
    box = counted_round(campaign).box
    candidacies = Candidacy.objects.filter(entry__box=box).select_related(
        "entry", "review__organization", "review__secretary"
    )
    reviews = {str(c.entry.number): c.review for c in candidacies}
    asked = count.document_of(box, _beside_the_box(campaign, reviews))
    return _reading(box, asked["reviews"], reviews)


def read_stored(campaign: Campaign) -> Reading | None:
    """The same out of the stored suggestions: what was suggested then, whatever changed since. None before."""
    stored = Suggestion.objects.filter(review__campaign=campaign).select_related("review")
    reviews = {str(suggestion.standing["id"]): suggestion.review for suggestion in stored}
    if not reviews:
        return None
    standings = sorted((suggestion.standing for suggestion in stored), key=lambda standing: int(standing["id"]))
    return _reading(counted_round(campaign).box, standings, reviews)


def package_of(campaign: Campaign) -> bytes:
    """复核包 of the campaign's vote, with what stands beside the box: its grades are those suggested here.

    Raises Refused while the box is not opened.
    """
    reading = read_stored(campaign) or read_rules(campaign)
    beside = [{name: value for name, value in each.items() if name != "panels"} for each in reading.standings.values()]
    return count.export_package(counted_round(campaign).box, beside)


def _reading(box: Box, standings: list[dict], reviews: dict[str, Review]) -> Reading:
    policy = terms.policy_of(box)
    codes = [code for code, _ in policy.panel_weights]
    # PostgreSQL keeps no order of keys: the panels come in the order of the box again.
    standings = [{**each, "panels": {code: each["panels"][code] for code in codes}} for each in standings]
    _, read = document.read_document({"policy": to_document(policy), "reviews": standings})
    by_review = {reviews[standing["id"]].pk: standing for standing in standings}
    by_name = frozenset(panel.code for panel in box.panels.all() if not panel.is_secret)
    return Reading(rules.suggest_grades(read, policy), by_review, reviews, by_name)


def _beside_the_box(campaign: Campaign, reviews: dict[str, Review]) -> list[dict]:
    """What never lay in the box: organization type, confirmed facts and scores, last year's grade and closed share."""
    facts: dict[int, list[str]] = {}
    for fact in Fact.objects.counting().filter(review__campaign=campaign).order_by("pk"):
        facts.setdefault(fact.review_id, []).append(fact.code)
    last_year = previous_grades(campaign)
    closed = closure_rates(campaign)
    scored = values_of(campaign)
    return [
        {
            "id": number,
            "org_type": review.organization.get_kind_display(),  # names a quota group in printed sentences
            "facts": sorted(set(facts.get(review.pk, []))),
            "routine": scored.get(review.pk, {}).get("routine"),
            "field": scored.get(review.pk, {}).get("field"),
            "previous_grade": last_year.get(review.pk),
            "closure_rate": _four_places(closed.get(review.pk)),
        }
        for number, review in reviews.items()
    ]


def _four_places(share: Fraction | None) -> str | None:
    """A share from 0 to 1 the way the rules read it: 4 decimals, half up."""
    if share is None:
        return None
    return str((Decimal(share.numerator) / share.denominator).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def previous_grades(campaign: Campaign) -> dict[int, str]:
    """Review key -> last year's approved grade of the person reviewed, whoever organized it. Two queries.

    Two low years in a row are one person's (D11): it goes with him when he is transferred, and a new secretary does
    not inherit the old one's. Who led several organizations has the grade of the same one, else his lowest.
    """
    reviews = list(campaign.reviews.values_list("pk", "organization", "secretary"))
    decisions = Decision.objects.filter(
        review__secretary__in=[secretary for _, _, secretary in reviews],
        review__campaign__year=campaign.year - 1,
        approved_by__isnull=False,
    )
    earlier: dict[int, list[tuple[int, str]]] = {}
    for secretary, organization, grade in decisions.values_list("review__secretary", "review__organization", "grade"):
        earlier.setdefault(secretary, []).append((organization, grade))
    return {
        review: min(earlier[secretary], key=lambda each: (each[0] != organization, Grade[each[1]]))[1]
        for review, organization, secretary in reviews
        if secretary in earlier
    }


def store(reading: Reading) -> list[Review]:
    """Write one suggestion a review. Returns the reviews whose suggestion changed."""
    before = {s.review_id: s for s in Suggestion.objects.filter(review__in=list(reading.standings))}
    changed = []
    for answer in document.to_answer(reading.outcome)["reviews"]:
        review = reading.reviews[str(answer["id"])]
        fields = fields_of(answer, reading.standings[review.pk], reading)
        if _is_news(fields, before.get(review.pk)):
            changed.append(review)
        Suggestion.objects.update_or_create(review=review, defaults=fields)
    return changed


def _is_news(fields: dict, old: Suggestion | None) -> bool:
    return old is None or any(getattr(old, name) != fields[name] for name in ("grade", "is_open", "reasons"))


def fields_of(answer: dict, standing: dict, reading: Reading) -> dict:
    """The columns of the suggestion of one ``answer``. Whatever is read by people says nothing about a small panel."""
    policy, by_name = reading.outcome.policy, reading.by_name
    shows_score = answer["score"] is not None and not showing.hides_counts(standing, by_name)
    return {
        "grade": answer["grade"],
        "score": answer["score"] if shows_score else "",
        "score_exact": str(answer["score_exact"]) if shows_score else "",
        "is_open": answer["open"],
        "reasons": showing.told(answer["reasons"], standing, policy, by_name),
        "notices": showing.told(answer["notices"], standing, policy, by_name),
        "consequences": answer["consequences"],
        "standing": standing,
        "policy_hash": fingerprint(policy),
    }
