"""What the views share: one page of a long list, the words of a search, a form that was sent."""

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict

from organizations.cells import clean_text

PER_PAGE = 50
LONGEST_SEARCH = 60


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also when that is nothing at all; None when none was sent."""
    return request.POST if request.method == "POST" else None


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
