"""演示: the year before last, in four places only, and the transfer after it.

The shown secretary led another branch then, so that 历年情况 has a transfer to show on both sides. Its vote was a
careless one: whoever was generous to one was generous to all, which is what 测评质量 is there to show.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from organizations import actions as organizations
from organizations.models import Appointment, Organization, Person
from reviews.demo import campaigns, feedback
from reviews.demo.people import officer
from reviews.models import Campaign
from reviews.plan import actions as plan

PLACES = ("YL-07", "YL-08", "YL-09", "YL-14")
# Who led a place then: an account that exists, or somebody who has left since.
LED_THEN = {"YL-07": ("s-left-1", "段远帆"), "YL-14": ("shuji", "尚文斌")}
DUTY_THEN = "党支部书记"


@transaction.atomic
def turn_back(bureau: Organization, *, until: date) -> dict[str, Appointment]:
    """Put the earlier secretaries in their places. Returns the posts of today, to be given back after that year."""
    today = {}
    for code, (username, name) in LED_THEN.items():
        place = bureau.children.get(code=code)
        today[code] = place.appointments.get(position="secretary")
        today[code].delete()
        person, _ = Person.objects.get_or_create(username=username, defaults={"name": name, "password": "!"})
        Appointment.objects.create(
            person=person,
            organization=place,
            position="secretary",
            duty=DUTY_THEN,
            starts_on=until.replace(year=until.year - 3),
        )
    return today


@transaction.atomic
def transfer(bureau: Organization, posts: dict[str, Appointment], *, on: date) -> None:
    """Everybody takes up the post that he holds today; the one before him steps down on the eve."""
    clerk = officer("organizer")
    for code, post in posts.items():
        place = bureau.children.get(code=code)
        organizations.appoint(place, post.person, position="secretary", duty=post.duty, starts_on=on, by=clerk)


def load_earlier_year(bureau: Organization, year: int, meets_on: date) -> Campaign:
    """A small campaign from roster to archive, everything in it settled long ago."""
    posts = turn_back(bureau, until=meets_on)
    campaign = campaigns.plan_campaign(bureau, year=year, meets_on=meets_on, codes=PLACES)
    with transaction.atomic():
        for review, place in campaigns.placed(campaign):
            campaigns.vet(campaigns.hand_in(review, place))
    campaigns.hold_meeting(campaign)
    campaigns.vote(campaign, is_careless=True)
    campaigns.decide(campaign, decided_on=meets_on + timedelta(days=5))
    with transaction.atomic():
        campaigns.rectify(campaign, closes_all=True)
        feedback.settle_consequences(campaign)
    plan.archive_campaign(campaign, by=officer("organizer"))
    campaigns.backdate(campaign, (timezone.localdate() - meets_on).days - 15)
    transfer(bureau, posts, on=meets_on + timedelta(days=90))
    return campaign
