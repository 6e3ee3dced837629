"""Lost opening codes: one of three lost still opens; two lost never, and that was said before anybody voted."""

from itertools import combinations

import pytest
from django.urls import reverse

from organizations.errors import Refused
from reviews.ballot import actions
from scoring.models import Box, Envelope
from tests.reviews.ballot.hall import closed, printed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("left", list(combinations(range(3), 2)))
def test_whichever_of_three_codes_is_lost_the_other_two_open_the_box(left):
    hall = closed(custodians=3)

    actions.unseal_round(hall.round, [hall.codes[place] for place in left], by=hall.custodian)

    assert hall.box.state == Box.State.OPENED


@pytest.mark.parametrize("typed", [lambda code: [code, code], lambda code: [code, ""], lambda code: [code, "A" * 24]])
def test_with_two_of_three_lost_the_box_stays_shut_and_the_round_is_declared_void(typed):
    hall = closed(custodians=3)

    with pytest.raises(Refused, match="开箱"):
        actions.unseal_round(hall.round, typed(hall.codes[0]), by=hall.custodian)
    actions.void_round(hall.round, reason="两份开箱码遗失", by=hall.clerk)

    assert hall.box.state == Box.State.INVALID
    assert Envelope.objects.count() == 10  # still sealed, for nobody to read


@pytest.mark.parametrize(("custodians", "words"), [(2, "遗失一份，任何人"), (3, "遗失两份，任何人")])
def test_the_page_says_before_voting_what_lost_codes_cost_and_waits_for_a_tick(client, custodians, words):
    hall = printed(custodians=custodians)
    client.force_login(hall.clerk)
    opening = reverse("ballot:open", args=[hall.round.pk])

    page = client.get(reverse("ballot:round", args=[hall.round.pk])).content.decode()
    unticked = client.post(opening)
    before = hall.box.state
    ticked = client.post(opening, {"knows_loss": "1"})

    assert words in page
    assert (unticked.status_code, before) == (409, Box.State.FROZEN)
    assert "请勾选“已知晓”" in unticked.content.decode()
    assert (ticked.status_code, hall.box.state) == (302, Box.State.OPEN)
