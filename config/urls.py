"""Every door of the house."""

from django.urls import include, path

handler500 = "config.failures.broken"

urlpatterns = [
    path("", include("reviews.desk.urls")),
    path("", include("organizations.urls")),
    path("campaigns/", include("reviews.plan.urls")),
    path("ledger/", include("reviews.ledger.urls")),
    path("visits/", include("reviews.visit.urls")),
    path("reports/", include("reviews.report.urls")),
    path("meetings/", include("reviews.meeting.urls")),
    path("", include("reviews.ballot.urls")),  # consoles under ballots/, the voter's page under b/
    path("grades/", include("reviews.grade.urls")),
    path("documents/", include("reviews.documents.urls")),
]
