"""计票结果报告单: the figures that are signed, and what the small-panel rule withholds on it too."""

import re
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string

from organizations.errors import Refused
from organizations.models import Job, TrailHead
from reviews.ballot import paper
from reviews.ballot.actions import close_voting, unseal_round
from reviews.ballot.models import Round
from reviews.documents.actions import ask_for_tally_sheet
from reviews.documents.tally_sheet import TEMPLATE, build_tally_sheet, sheet_of
from reviews.meeting.models import Attendance, Meeting
from scoring.count import export_package
from tests.reviews.ballot.hall import Hall, closed, keyed, table_of, voting
from tests.reviews.documents.test_letters import pages_in, silent

pytestmark = pytest.mark.django_db


def counted(panels: dict[str, int], sheets: list[str]) -> Hall:
    """Everybody of panel A but those on paper votes by phone, all of the others too; the box is opened."""
    hall = voting(panels=panels, paper={"A": len(sheets)})
    for code, slips in list(hall.slips.items()):
        hall.vote(code, len(slips), choice="3")
    table = table_of(hall)
    paper.accept_batch(keyed(hall, table, sheets), by=table.scrutineer)
    close_voting(hall.round, by=hall.clerk)
    unseal_round(hall.round, hall.codes, by=hall.custodian)
    hall.round = Round.objects.select_related("box__lid", "campaign__organizer").get(pk=hall.round.pk)
    return hall


def words_of(hall: Hall) -> str:
    html = render_to_string(TEMPLATE, sheet_of(hall.round))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_sheet_tells_what_was_issued_collected_valid_and_void():
    hall = counted({"A": 12, "B": 10}, ["444", "xxx"])
    meeting = Meeting.objects.create(campaign=hall.campaign)
    for panel in hall.campaign.panels.all():
        Attendance.objects.create(meeting=meeting, panel=panel, present=panel.size)

    words = words_of(hall)

    assert "应到 22 人，实到 22 人。发出评议表 22 张，收回 22 张，其中有效 21 张，无效 1 张" in words
    assert "A票 A类人员 12 12 12 2 12 11 1 0" in words
    assert "林望舒 A票 1 10 0 0 0 1 0" in words
    assert "总监票人" in words


def test_the_sheet_carries_the_hash_of_the_package_and_of_both_chains():
    hall = counted({"A": 12}, ["444"])

    words = words_of(hall)

    assert sha256(export_package(hall.round.box)).hexdigest() in words
    assert hall.box.lid.last_hash in words
    assert TrailHead.objects.count() == 0 or TrailHead.objects.get().hash in words
    assert hall.box.tally_hash not in words  # whoever could guess the counts could check his guess by it
    assert hall.box.box_root not in words


def test_beside_a_small_panel_no_count_is_on_the_sheet():
    hall = counted({"A": 12, "B": 6}, ["444"])

    words = words_of(hall)

    assert "收回 18 票（有票种不足 10 票，不列票数和得分）" in words
    assert "较好" not in words.split("二、逐人得票")[1].split("三、口径说明")[0]


def test_the_sheet_is_a_pdf_that_the_scrutineer_asks_for():
    hall = counted({"A": 12}, ["444"])
    scrutineer = table_of(hall).scrutineer

    job = ask_for_tally_sheet(hall.round, by=scrutineer)

    assert Job.objects.get(pk=job.pk).person == scrutineer
    content = build_tally_sheet(hall.round, silent)
    assert content.startswith(b"%PDF")
    assert pages_in(content) >= 1


def test_the_sheet_of_a_rehearsal_is_told_from_the_real_one_among_the_jobs():
    hall = closed(is_rehearsal=True)
    unseal_round(hall.round, hall.codes, by=hall.custodian)
    hall.round = Round.objects.select_related("box__lid", "campaign__organizer").get(pk=hall.round.pk)

    job = ask_for_tally_sheet(hall.round, by=hall.clerk)

    assert job.title == "2026年计票结果报告单（演练）"


@pytest.mark.parametrize("who", ["one", "other"])
def test_a_teller_does_not_take_results_before_they_are_approved(who):
    hall = counted({"A": 12}, ["444"])

    with pytest.raises(PermissionDenied):
        ask_for_tally_sheet(hall.round, by=getattr(table_of(hall), who))


def test_there_is_no_sheet_before_the_opening():
    hall = voting()

    with pytest.raises(Refused, match="开箱"):
        ask_for_tally_sheet(hall.round, by=hall.clerk)
