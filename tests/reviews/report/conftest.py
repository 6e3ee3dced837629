"""The people around one report."""

import pytest

from reviews.plan.models import Stage
from tests.make import (
    make_campaign,
    make_officer,
    make_review,
)


@pytest.fixture
def review():
    return make_review(make_campaign(stage=Stage.REPORTING))


@pytest.fixture
def author(client, review):
    client.force_login(review.secretary)
    return client


@pytest.fixture
def vetter(review):
    return make_officer("vetter", review.campaign.organizer)
