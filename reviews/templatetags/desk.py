"""What the page frame asks of the desk: the menu and how much waits for me."""

from django import template
from django.urls import NoReverseMatch, reverse

from reviews.desk.menu import menu_for

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context) -> list[dict]:
    """The left menu of the person who looks, with the current room marked."""
    request = context["request"]
    entries = []
    for line in menu_for(request.user):
        try:
            url = reverse(line.url_name)
        except NoReverseMatch:
            continue
        is_here = request.path == url or (url != "/" and request.path.startswith(url))
        entries.append({"label": line.label, "url": url, "icon": line.icon, "is_here": is_here})
    return entries


@register.simple_tag(takes_context=True)
def waiting_count(context) -> int:
    """How many things wait for the person who looks."""
    return 0
