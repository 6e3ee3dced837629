"""One page of a long list, and the address of its other pages."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from organizations.cells import clean_text

PER_PAGE = 50
LONGEST_SEARCH = 60


def words_of(request: HttpRequest) -> str:
    """What ``?q=`` searches for, in the tidy form in which names are stored."""
    return clean_text(request.GET.get("q", "")[:LONGEST_SEARCH])


def page_of(request: HttpRequest, rows, per_page: int = PER_PAGE) -> Page:
    """The page that ``?page=`` asks for; a number out of range gives the nearest page."""
    page = Paginator(rows, per_page).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    page.query = query.urlencode()
    return page
