"""Addresses and forms of the report's pages."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.report.actions import submit_report
from reviews.report.models import Report
from tests.reviews.report.texts import SECTIONS


def at(name, *args):
    return reverse(f"report:{name}", args=args)


def form(edition=0, **changes):
    return {**SECTIONS, "edition": edition, "keep_current": "False", **changes}


def handed_in(review, **changes):
    report = Report.objects.filter(review=review).first()
    return submit_report(
        review, sections=SECTIONS | changes, edition=report.edition if report else 0, by=review.secretary
    )


def queries_of(client, page):
    client.get(page)  # the first page after a login also writes the session
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)
