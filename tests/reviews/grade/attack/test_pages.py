"""S10-S12 on the real pages and files: beside a small panel they are the same for all votes with the same result."""

from random import Random

import pytest

from organizations.models import Role
from reviews.grade import showing
from tests.make import make_officer
from tests.reviews.grade.attack.twins import (
    as_marks,
    random_votes,
    replace_votes,
    restored,
    result_of,
    seen_by,
)
from tests.reviews.grade.scene import build_scene, send_letters, suggest

pytestmark = pytest.mark.django_db

SIZES = [{"A": 5}, {"A": 7}, {"A": 9}, {"A": 5, "B": 12}, {"A": 9, "B": 6}, {"A": 8, "B": 20}]
TRIES = 4_000


def people_of(scene, moment):
    """Who may open a page of results at that moment, but the supervisor who recounts."""
    if moment is suggest:
        return [scene.clerk]
    return [scene.clerk, make_officer(Role.SUPERIOR, scene.organizer), scene.reviews[0].secretary]


def put_twin(scene, votes, random, sizes):
    """Other votes in the box in place of these, with the same result and the same majority."""
    result = result_of(scene, votes)
    for _ in range(TRIES):
        other = random_votes(random, sizes, len(votes))
        same_majority = len(sizes) > 1 or all(most(a) == most(b) for a, b in zip(votes, other, strict=True))
        if other != votes and same_majority and result_of(scene, other) == result:
            replace_votes(scene, other)
            return restored(scene)
    raise AssertionError("no twin found: choose another seed")


def most(review):
    (panel,) = review.values()
    return max(showing.GRADES, key=panel.get)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("moment", [suggest, send_letters], ids=["suggested", "fed back"])
def test_no_page_and_no_file_tells_two_votes_with_one_result_apart(client, sizes, moment):
    random = Random(str(sizes))
    votes = random_votes(random, sizes, 2)
    scene = moment(build_scene(as_marks(votes)))
    people = people_of(scene, moment)
    before = dict(seen_by(client, scene, people))

    put_twin(scene, votes, random, sizes)
    after = dict(seen_by(client, scene, people))

    different = [name for name in before if before[name] != after[name]]
    assert different == []
    compared = sum(words.startswith("200") for words in before.values())
    assert compared > (30 if moment is send_letters else 12)


def test_without_the_rule_pages_and_files_tell_them_apart(client, monkeypatch):
    random, sizes = Random(5), {"A": 7}
    monkeypatch.setattr(showing, "hides_counts", lambda standing, by_name=(): False)
    votes = random_votes(random, sizes, 2)
    scene = send_letters(build_scene(as_marks(votes)))
    before = dict(seen_by(client, scene, [scene.clerk]))

    put_twin(scene, votes, random, sizes)
    after = dict(seen_by(client, scene, [scene.clerk]))

    different = {name.split("/")[1] if "/" in name else name for name in before if before[name] != after[name]}
    assert {"grades", "等次表", "报告单"} <= different


@pytest.mark.parametrize("role", ["clerk", "head"])
def test_the_package_of_a_small_vote_is_for_the_supervisor_alone(client, role):
    scene = suggest(build_scene(as_marks(random_votes(Random(1), {"A": 7, "B": 12}, 2))))
    round_ = scene.campaign.rounds.get()
    doors = [f"/grades/{scene.campaign.pk}/package/", f"/ballots/round/{round_.pk}/package/"]

    for person, status in ((getattr(scene, role), 409), (scene.supervisor, 200)):
        client.force_login(person)
        assert [client.get(door).status_code for door in doors] == [status, status]

    client.force_login(getattr(scene, role))
    assert "只交纪检监督人员" in client.get(doors[0]).content.decode()
    recount = client.get(f"/ballots/round/{round_.pk}/recount/").content.decode()
    assert round_.box.box_root not in recount
    assert round_.box.tally_hash not in recount
