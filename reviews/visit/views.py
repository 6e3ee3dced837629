"""调研与平时记录 on screen: the page for a phone, the list of a year, one record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organizations.access import SECRETARY, open_to
from reviews.plan.models import Review
from reviews.visit.models import READERS
from reviews.visit.queries import contact_of, records_for_review


@require_safe
@open_to(*READERS, SECRETARY)
def of_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The year's records of one review's organization: a piece for other pages by hx-get, else a page of its own."""
    review = get_object_or_404(Review.objects.visible_to(request.user).for_list(), pk=pk)
    context = {
        "review": review,
        "records": records_for_review(request.user, review),
        "contact": contact_of(review.organization, review.campaign.year),
    }
    return render(request, f"reviews/visit/{'_of_review' if request.htmx else 'of_review'}.html", context)
