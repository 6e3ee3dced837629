"""补制测评码: slips made while people vote, by two people only, within the stated spare, told in the package."""

import io
import json
import re
import subprocess
import sys
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from organizations.errors import Refused
from reviews.ballot import actions, slip_batches
from scoring import booth
from scoring.count import export_package
from scoring.models import Box, Panel, Token
from tests.reviews.ballot.hall import printed, set_hall, voting

pytestmark = pytest.mark.django_db

WHY = "纸条被雨淋湿"


def sparing(hall=None, *, kept: int = 2, is_open: bool = True):
    """Ten voters, two slips in reserve, of which ``kept`` were not printed at first."""
    hall = hall or set_hall()
    hall.round = actions.prepare_round(hall.campaign, spare={"A": 2}, by=hall.clerk)
    hall.codes = actions.make_keys(hall.round, custodians=2, by=hall.clerk)
    slip_batches.ask_for_slips(hall.round, later={"A": kept}, by=hall.clerk)
    slip_batches.cosign_slips(hall.round, by=hall.supervisor)
    hall.slips = {b.panel.code: slip_batches.print_slips(b, by=hall.clerk) for b in hall.round.batches.all()}
    if is_open:
        actions.open_voting(hall.round, knows_loss=True, by=hall.clerk)
    return hall


def supplement(hall, count: int = 1):
    batch = slip_batches.ask_for_supplement(hall.round, panel="A", count=count, reason=WHY, by=hall.clerk)
    slip_batches.cosign_slips(hall.round, by=hall.supervisor)
    return batch


def test_a_slip_made_by_two_people_while_people_vote_is_as_good_as_any_other():
    hall = sparing()
    hall.vote(many=9)

    hall.slips["A"] += slip_batches.print_slips(supplement(hall, 2), by=hall.clerk)
    hall.vote(many=3)
    box = actions.close_voting(hall.round, by=hall.clerk)

    panel = box.panels.get()
    assert box.state == Box.State.CLOSED
    assert (panel.issued, panel.spent, panel.voided) == (12, 12, 0)


def test_the_package_tells_of_a_supplement_and_the_recount_agrees(tmp_path):
    hall = sparing()
    slip_batches.print_slips(supplement(hall), by=hall.clerk)
    hall.vote(many=10)
    actions.close_voting(hall.round, by=hall.clerk)
    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)

    package = zipfile.ZipFile(io.BytesIO(export_package(hall.box)))
    events = [json.loads(line) for line in package.read("events.jsonl").decode().splitlines()]
    told = next(event["facts"] for event in events if event["act"] == "补制测评码")

    assert told == {"panel": "A", "count": 1, "reason": WHY, "cosigned_by": "监督甲"}
    assert json.loads(package.read("roster_counts.json"))[0]["slips_issued"] == 11
    package.extractall(tmp_path)
    assert subprocess.run([sys.executable, tmp_path / "recount.py", tmp_path], check=False).returncode == 0


def test_without_the_supervisor_nothing_is_made():
    hall = sparing()
    batch = slip_batches.ask_for_supplement(hall.round, panel="A", count=1, reason=WHY, by=hall.clerk)

    with pytest.raises(Refused, match="会签后才能印制"):
        slip_batches.print_slips(batch, by=hall.clerk)
    with pytest.raises(PermissionDenied):
        slip_batches.cosign_slips(hall.round, by=hall.clerk)

    assert Token.objects.count() == 10


def test_the_engine_takes_no_supplement_from_one_person_nor_without_a_reason():
    hall = sparing()
    panel = hall.box.panels.get()

    with pytest.raises(Refused, match="不能是同一人"):
        booth.issue_supplement(panel, 1, reason=WHY, cosigned_by=hall.clerk, by=hall.clerk)
    with pytest.raises(Refused, match="须写明原因"):
        booth.issue_supplement(panel, 1, reason=" ", cosigned_by=hall.supervisor, by=hall.clerk)

    assert Token.objects.count() == 10


def test_a_supplement_is_printed_once():
    hall = sparing()
    batch = supplement(hall)
    slip_batches.print_slips(batch, by=hall.clerk)

    with pytest.raises(Refused, match="没有用过的测评码封箱时作废"):
        slip_batches.print_slips(batch, by=hall.clerk)

    assert Token.objects.count() == 11


@pytest.mark.parametrize("count", [0, 3])
def test_no_more_than_the_stated_spare_is_made_in_all(count):
    hall = sparing()

    with pytest.raises(Refused, match="还可补制 2 张"):
        slip_batches.ask_for_supplement(hall.round, panel="A", count=count, reason=WHY, by=hall.clerk)

    assert hall.round.batches.count() == 1


def test_what_waits_for_the_supervisor_counts_against_the_spare():
    hall = sparing()
    slip_batches.ask_for_supplement(hall.round, panel="A", count=2, reason=WHY, by=hall.clerk)

    with pytest.raises(Refused, match="还可补制 0 张"):
        slip_batches.ask_for_supplement(hall.round, panel="A", count=1, reason=WHY, by=hall.clerk)


def test_a_panel_that_printed_its_spare_has_none_left():
    hall = voting(spare=2)

    with pytest.raises(Refused, match="还可补制 0 张"):
        slip_batches.ask_for_supplement(hall.round, panel="A", count=1, reason=WHY, by=hall.clerk)


def test_no_more_is_kept_back_than_the_spare():
    hall = set_hall()
    hall.round = actions.prepare_round(hall.campaign, spare={"A": 2}, by=hall.clerk)

    with pytest.raises(Refused, match="留待会上补制的不能是 3 张"):
        slip_batches.ask_for_slips(hall.round, later={"A": 3}, by=hall.clerk)


def test_after_the_close_neither_asking_nor_printing_makes_a_slip():
    hall = sparing()
    waiting = supplement(hall)
    hall.vote(many=10)
    actions.close_voting(hall.round, by=hall.clerk)

    with pytest.raises(Refused, match="票箱已封"):
        slip_batches.ask_for_supplement(hall.round, panel="A", count=1, reason=WHY, by=hall.clerk)
    with pytest.raises(Refused, match="已封箱"):
        slip_batches.print_slips(waiting, by=hall.clerk)

    assert Token.objects.count() == 10


def test_before_voting_a_panel_that_is_taken_back_takes_its_supplement_with_it():
    hall = sparing(is_open=False)
    slip_batches.print_slips(supplement(hall), by=hall.clerk)

    slip_batches.take_back_slips(hall.round.batches.first(), by=hall.clerk)

    assert Token.objects.count() == 0
    assert not hall.round.batches.filter(is_printed=True).exists()
    with pytest.raises(Refused, match="还没有制作测评码"):
        actions.open_voting(hall.round, knows_loss=True, by=hall.clerk)


def test_a_slip_put_into_the_tables_by_hand_is_found_even_if_the_count_beside_it_is_raised():
    """I6: the box's chain of events knows how many there were."""
    hall = sparing()
    slip_batches.print_slips(supplement(hall), by=hall.clerk)
    panel = hall.box.panels.get()
    Token.objects.create(mac=b"x" * 32, panel=panel)
    Panel.objects.filter(pk=panel.pk).update(issued=12)
    hall.vote(many=10)

    box = actions.close_voting(hall.round, by=hall.clerk)

    assert box.state == Box.State.INVALID
    assert "制作测评码 12 个，票箱记事中却是 11 个" in box.reason


def test_the_page_leads_from_the_request_to_the_print_while_people_vote(client):
    hall = sparing()
    page = reverse("ballot:round", args=[hall.round.pk])
    client.force_login(hall.clerk)
    assert "还可补制 2 张" in client.get(page).content.decode()

    asked = {"panel": "A", "count": 1, "reason": WHY}
    client.post(reverse("ballot:ask_supplement", args=[hall.round.pk]), asked)
    client.force_login(hall.supervisor)
    assert WHY in client.get(page).content.decode()
    batch = hall.round.batches.get(reason=WHY)
    client.post(reverse("ballot:cosign", args=[hall.round.pk]), {"batch": batch.pk})
    client.force_login(hall.clerk)
    sheet = client.post(reverse("ballot:print_slips", args=[batch.pk]))

    assert sheet.status_code == 200
    assert "封箱时作废" in sheet.content.decode()
    assert "收回重印" not in sheet.content.decode()  # no longer to be had once people vote
    assert Token.objects.count() == 11


def test_what_was_asked_for_after_the_supervisor_opened_the_page_is_not_signed_with_the_rest(client):
    hall = sparing()
    ask = {"panel": "A", "count": 1, "by": hall.clerk}
    slip_batches.ask_for_supplement(hall.round, reason=WHY, **ask)
    client.force_login(hall.supervisor)
    page = client.get(reverse("ballot:round", args=[hall.round.pk])).content.decode()
    seen = re.findall(r'name="batch" value="(\d+)"', page)
    slip_batches.ask_for_supplement(hall.round, reason="打开以后又申请的", **ask)

    answer = client.post(reverse("ballot:cosign", args=[hall.round.pk]), {"batch": seen})

    assert len(seen) == 1
    assert answer.status_code == 409
    assert "有了变动" in answer.content.decode()
    assert hall.round.batches.filter(cosigned_by=None).count() == 2


def test_the_supervisor_reads_what_the_counts_are_measured_by(client):
    hall = sparing()
    slip_batches.ask_for_supplement(hall.round, panel="A", count=1, reason=WHY, by=hall.clerk)
    client.force_login(hall.supervisor)

    page = client.get(reverse("ballot:round", args=[hall.round.pk])).content.decode()

    assert "A票 A类人员：应到 10 人、备用 2 张，最多 12 张；已申请共 11 张。" in page


def test_a_request_that_is_not_filled_in_comes_back_with_what_was_typed(client):
    hall = sparing()
    client.force_login(hall.clerk)

    answer = client.post(
        reverse("ballot:ask_supplement", args=[hall.round.pk]), {"panel": "A", "count": 1, "reason": ""}
    )

    assert answer.status_code == 422
    assert hall.round.batches.count() == 1


# --- the address printed on slips --------------------------------------------------------------


def test_slips_carry_the_public_address_when_one_is_set(client, settings):
    settings.PUBLIC_URL = "https://ballot.example.org"
    hall = printed(is_rehearsal=True)
    client.force_login(hall.clerk)

    words = client.get(reverse("ballot:round", args=[hall.round.pk])).content.decode()

    assert "https://ballot.example.org/b/" in words
    assert "手机打不开本机地址" not in words


def test_without_one_the_page_warns_of_an_address_that_no_phone_reaches(client, settings):
    settings.PUBLIC_URL = ""
    hall = printed(is_rehearsal=True)
    client.force_login(hall.clerk)

    words = client.get(reverse("ballot:round", args=[hall.round.pk]), headers={"host": "127.0.0.1"}).content.decode()

    assert "手机打不开本机地址" in words
