"""历年情况 on screen: of a person, of an organization, and one's own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organizations.access import READING, SECRETARY, open_to
from organizations.models import Organization, Person
from reviews.desk import history


@require_safe
@open_to(SECRETARY)
def my_history(request: HttpRequest) -> HttpResponse:
    """One's own years."""
    return _person(request, request.user)


@require_safe
@open_to(*READING, SECRETARY)
def person_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The years of one person, transfers included."""
    subject = get_object_or_404(Person, pk=pk)
    if not history.may_read_person(request.user, subject):
        raise Http404
    return _person(request, subject)


@require_safe
@open_to(*READING)
def organization_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The years of one organization, with its secretaries."""
    organization = get_object_or_404(Organization, pk=pk)
    if not history.may_read_organization(request.user, organization):
        raise Http404
    context = {"organization": organization, "history": history.history_of_organization(organization, request.user)}
    return render(request, "reviews/desk/history.html", context)


def _person(request: HttpRequest, subject: Person) -> HttpResponse:
    context = {
        "subject": subject,
        "is_own": subject.pk == request.user.pk,
        "history": history.history_of_person(subject, request.user),
    }
    return render(request, "reviews/desk/history.html", context)
