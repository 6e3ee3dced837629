"""The figures that a policy may be tried on: last year's votes, this campaign's own after the opening, typed ones.

A trial must not become an oracle. Whoever may choose thresholds at will and sees who changes can find a hidden
count by halving (is 差 more than 12 %? than 6 %?), and through the places of 好 even the count of somebody else.
So the rule is: **a trial knows nothing but the counts that the table of results shows anyway.** A review with a
panel too small for its counts (``showing.hides_counts``) takes no part at all: neither its grade nor its place
among the 好 nor the number of the group. What a trial answers, anybody could reckon from the shown counts by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from organizations.errors import Refused
from organizations.models import Person
from reviews.grade import permissions
from reviews.grade.showing import A_PANEL_IS_SMALL, hides_counts
from reviews.grade.suggesting import Reading, read_rules, read_stored
from reviews.plan.models import Campaign
from scoring import document
from scoring.models import Box
from scoring.policy import Policy, to_document
from scoring.standing import Standing

MOST_YEARS_BACK = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures to try on, the policy they are compared with, who they are about, and what was left out."""

    standings: list[Standing]
    own: Policy
    names: dict[str | int, str]
    left_out: int = 0

    @property
    def codes(self) -> list[str]:
        """The panels in which there are votes."""
        return list(dict.fromkeys(code for standing in self.standings for code in standing.panels))


def last_campaign(campaign: Campaign, person: Person) -> Campaign | None:
    """The last counted campaign of the same organizer before this one whose results the person sees."""
    earlier = Campaign.objects.filter(organizer=campaign.organizer_id, year__lt=campaign.year)
    for each in earlier.select_related("organizer").order_by("-year", "-pk")[:MOST_YEARS_BACK]:
        if permissions.may_see_results(person, each) and is_counted(each):
            return each
    return None


def is_counted(campaign: Campaign) -> bool:
    """True once a valid box of the campaign was opened."""
    return campaign.rounds.filter(is_rehearsal=False, void_reason="", box__state=Box.State.OPENED).exists()


def votes_of(campaign: Campaign, person: Person) -> Figures:
    """The counted votes of a campaign, as far as their counts are shown.

    Raises Refused before the opening, for who may not see the results, and where no count is shown at all.
    """
    if lack := permissions.why_not_yet(person, campaign):
        raise Refused(lack)
    reading = read_stored(campaign) or read_rules(campaign)
    shown = visible(reading)
    if not shown:
        raise Refused(
            f"“{campaign}”{A_PANEL_IS_SMALL}，不能试算：改动规则反复试算，会推算出不显示的票数。"
            "可以在“填入的数据”中填写假设的票数来试算。"
        )
    _, standings = document.read_document({"policy": to_document(reading.outcome.policy), "reviews": shown})
    told = {review.pk: str(review) for review in campaign.reviews.for_list()}
    names = {number: told[review.pk] for number, review in reading.reviews.items()}
    return Figures(standings, reading.outcome.policy, names, left_out=len(reading.standings) - len(shown))


def visible(reading: Reading) -> list[dict]:
    """The documents of those reviews whose counts are shown, in the order of the box."""
    shown = [doc for doc in reading.standings.values() if not hides_counts(doc, reading.by_name)]
    return sorted(shown, key=lambda doc: int(doc["id"]))


def typed(reviews: Sequence[dict], own: Policy) -> Figures:
    """Figures that somebody typed. Raises Malformed."""
    _, standings = document.read_document({"policy": None, "reviews": list(reviews)})
    return Figures(standings, own, {standing.id: str(standing.id) for standing in standings})
