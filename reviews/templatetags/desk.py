"""What the page frame and every campaign page ask of the desk: the menu, how much waits for me, the stage rail."""

from django import template
from django.urls import reverse

from organizations.access import READING, duties_of
from organizations.models import Organization
from reviews.desk.figures import figures_of
from reviews.desk.history import may_read_organization, may_read_person
from reviews.desk.menu import menu_for
from reviews.desk.rail import rail_of
from reviews.desk.waiting import heaps_for

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context) -> list[dict]:
    """The left menu of the person who looks, with the current room marked."""
    request = context["request"]
    entries = []
    for line in menu_for(request.user):
        url = reverse(line.url_name)
        is_here = request.path == url or (url != "/" and request.path.startswith(url))
        entries.append({"label": line.label, "url": url, "icon": line.icon, "is_here": is_here})
    return entries


@register.filter
def reads_years_of(looker, subject) -> bool:
    """True if the page of past years of a person or an organization opens for who looks.

    The pages of the ground floor ask before they link there.
    """
    if not READING & duties_of(looker):
        return False
    is_place = isinstance(subject, Organization)
    return may_read_organization(looker, subject) if is_place else may_read_person(looker, subject)


@register.simple_tag(takes_context=True)
def waiting_count(context) -> int:
    """How many lines 我的待办 has for the person who looks. One query."""
    return len(heaps_for(context["request"].user))


@register.inclusion_tag("components/_stage_rail.html", takes_context=True)
def stage_rail(context, campaign, small: bool = False) -> dict:
    """阶段轨 of a campaign: done, current, next, with counts and deadlines. One query. ``small``: for lists.

    The campaign should come with its organizer.
    """
    figures = figures_of([campaign])[campaign.pk]
    return {"rail": rail_of(campaign, figures, context["request"].user), "small": small, "campaign": campaign}
