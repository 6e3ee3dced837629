"""The voter's pages through the HTTP client: nothing is asked of him, nothing is kept of him, nothing is lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from organizations.models import Trace
from reviews.ballot import actions
from scoring import sealing
from scoring.models import Envelope, Lid, Token
from tests.reviews.ballot.hall import as_filled, closed, printed, voting

pytestmark = pytest.mark.django_db

JSON = {"HTTP_ACCEPT": "application/json"}
DOOR, SHEET, CAST, RECEIPT = "/b/", "/b/sheet/", "/b/cast/", "/b/receipt/"
PAGES = [DOOR, SHEET, CAST, RECEIPT]
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def spent() -> int:
    return Token.objects.exclude(state=Token.State.ISSUED).count()


def writes_in(queries) -> list[str]:
    return [query["sql"] for query in queries if query["sql"].lstrip().upper().startswith(WRITES)]


def shown_receipt(page) -> str:
    return re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", page.content.decode()).group()


# --- the plain way and the script's way --------------------------------------------------------


def test_the_pages_of_the_vote_are_where_the_slips_say():
    assert [reverse(f"ballot:{name}") for name in ("vote", "sheet", "cast", "receipt")] == PAGES


def test_a_voter_without_a_script_types_his_slip_fills_the_sheet_and_gets_a_receipt(client):
    hall = voting()
    slip = hall.slips["A"][0]

    door = client.get(DOOR)
    sheet = client.post(SHEET, {"slip": slip.lower().replace("-", "")})
    code = re.search(r'name="code" value="([^"]+)"', sheet.content.decode()).group(1)
    done = client.post(CAST, as_filled(slip, hall, code=code))

    assert 'action="/b/sheet/"' in door.content.decode()
    assert [sheet.content.decode().count(f'name="mark-{number}"') for number in (1, 2, 3, 4)] == [5, 5, 5, 0]
    assert "已投入票箱" in done.content.decode()
    assert shown_receipt(done) == sealing.receipt_code(sealing.receipt_of(code))
    assert (Envelope.objects.count(), spent()) == (1, 1)


def test_the_script_gets_the_sheet_alone_and_the_receipt_as_json(client):
    hall = voting()
    slip = hall.slips["A"][0]

    sheet = client.post(SHEET, {"slip": slip}, **JSON)
    done = client.post(CAST, as_filled(slip, hall), **JSON)

    assert sheet.content.decode().lstrip().startswith('<div class="sheet">')
    assert set(done.json()) == {"receipt"}
    assert Envelope.objects.count() == 1


def test_a_panel_that_rates_its_own_members_may_pass_over_one_line(client):
    hall = printed()
    actions.discard_round(hall.round, by=hall.clerk)
    hall.campaign.panels.update(recusals=1)
    voting(hall)
    slip = hall.slips["A"][0]

    sheet = client.post(SHEET, {"slip": slip})
    twice = client.post(CAST, as_filled(slip, hall, **{"mark-1": "-", "mark-2": "-"}))
    once = client.post(CAST, as_filled(slip, hall, **{"mark-1": "-"}))

    assert "本人回避" in sheet.content.decode()
    assert "最多可对 1 人选择“回避”" in twice.content.decode()
    assert (twice.status_code, once.status_code) == (409, 200)


# --- what goes wrong is said, and nothing is lost ----------------------------------------------


def test_a_slip_that_is_wrong_used_too_early_or_too_late_is_told_in_words(client):
    early = printed()
    too_early = client.post(SHEET, {"slip": early.slips["A"][0]})
    hall = voting()
    slip = hall.slips["A"][0]
    hall.vote("A", 6)
    wrong = client.post(SHEET, {"slip": "ABCD-EFGH"}, **JSON)
    used = client.post(SHEET, {"slip": slip}, **JSON)
    unused = hall.slips["A"][0]
    Lid.objects.filter(box=hall.box).update(is_closing=True)
    closing = client.post(CAST, as_filled(unused, hall), **JSON)
    actions.close_voting(hall.round, by=hall.clerk)
    too_late = client.post(SHEET, {"slip": unused}, **JSON)

    answers = [wrong, used, closing, too_late]
    assert [answer.json()["refused"] for answer in answers] == [
        "测评码无效。请核对纸条上的 26 位代码（不分大小写），或重新扫码。",
        "该测评码已使用，不能重复投票。",
        "正在封箱，不能再投票。",
        "测评已结束，票箱已封，不能再投票。",
    ]
    assert "测评尚未开始，请等主持人宣布后再试。" in too_early.content.decode()
    assert {answer.status_code for answer in (too_early, *answers)} == {409}


def test_a_sheet_with_a_line_left_out_comes_back_filled_under_the_same_code(client):
    hall = voting()
    slip = hall.slips["A"][0]
    filled = as_filled(slip, hall, choice="3", code="PHONE-CODE-0123456789")
    del filled["mark-2"]

    page = client.post(CAST, filled)

    html = page.content.decode()
    assert page.status_code == 409
    assert "第 2 项还没有选择" in html
    assert re.findall(r'name="(mark-\d)" value="(\d)" required checked', html) == [("mark-1", "3"), ("mark-3", "3")]
    assert 'name="code" value="PHONE-CODE-0123456789"' in html
    assert (spent(), Envelope.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"mark-1": "9"}, "与本次测评不符"),
        ({"mark-4": "4"}, "与本次测评不符"),
        ({"mark-²": "4"}, "与本次测评不符"),
        ({"mark-": "4"}, "与本次测评不符"),
        ({"mark-99999": "4"}, "与本次测评不符"),
        ({"mark-1": "-"}, "不能选择“回避”"),
        ({"mark-1": "x"}, "与本次测评不符"),
        ({"code": "short"}, "页面已过期"),
        ({"slip": ""}, "测评码无效"),
        ({"slip": "\0" * 90}, "测评码无效"),
    ],
)
def test_a_ballot_that_no_phone_would_send_is_refused_whole(client, change, word):
    hall = voting()
    slip = hall.slips["A"][0]

    plain = client.post(CAST, as_filled(slip, hall) | change)
    script = client.post(CAST, as_filled(slip, hall) | change, **JSON)

    assert (plain.status_code, script.status_code) == (409, 409)
    assert word in plain.content.decode()
    assert word in script.json()["refused"]
    assert (spent(), Envelope.objects.count()) == (0, 0)


# --- I4: the answer was lost -------------------------------------------------------------------


@pytest.mark.parametrize("way", [{}, JSON], ids=["plain form", "script"])
def test_the_same_ballot_sent_again_ends_on_the_same_receipt_before_and_after_the_close(client, way):
    hall = voting()
    ballots = [as_filled(slip, hall) for slip in hall.slips["A"]]
    first = [shown_receipt(client.post(CAST, ballot, **way)) for ballot in ballots]

    again = [shown_receipt(client.post(CAST, ballot, **way)) for ballot in ballots]
    actions.close_voting(hall.round, by=hall.clerk)
    later = [shown_receipt(client.post(CAST, ballot, **way)) for ballot in ballots]

    assert first == again == later
    assert len(set(first)) == Envelope.objects.count() == 10


def test_a_phone_that_lost_its_draft_still_ends_on_the_receipt_with_slip_and_code_alone(client):
    hall = voting()
    ballot = as_filled(hall.slips["A"][0], hall)
    receipt = client.post(CAST, ballot, **JSON).json()

    again = client.post(CAST, {"slip": ballot["slip"], "code": ballot["code"]}, **JSON)

    assert again.json() == receipt


def test_another_code_with_a_used_slip_is_not_told_any_receipt(client):
    hall = voting()
    slip = hall.slips["A"][0]
    client.post(CAST, as_filled(slip, hall))

    again = client.post(CAST, as_filled(slip, hall), **JSON)

    assert again.json() == {"refused": "该测评码已使用，不能重复投票。"}
    assert Envelope.objects.count() == 1


# --- S6, S4: looking changes nothing, nothing is kept of the voter ------------------------------


def test_1000_looks_at_the_voters_pages_use_no_slip_and_write_nothing(client):
    hall = voting()
    slip = hall.slips["A"][0]
    statuses = set()

    with CaptureQueriesContext(connection) as seen:
        for number in range(1000):
            client.cookies.clear()  # a preview has never been here
            look = getattr(client, ("get", "head", "options")[number % 3])
            statuses.add(look(PAGES[number // 3 % 4], {"slip": slip, "code": "A" * 26, "mark-1": "4"}).status_code)

    assert statuses <= {200, 302, 405}
    assert writes_in(seen.captured_queries) == []
    assert (spent(), Envelope.objects.count()) == (0, 0)


def test_a_page_that_a_phone_put_away_leads_back_to_the_door(client):
    answers = [client.get(SHEET), client.get(CAST)]

    assert [(answer.status_code, answer.url) for answer in answers] == [(302, DOOR), (302, DOOR)]


def test_a_vote_leaves_no_session_no_line_of_the_trail_and_two_writes():
    hall = voting()
    phone, ballot = Client(), as_filled(hall.slips["A"][0], hall)
    lines = Trace.objects.count()

    with CaptureQueriesContext(connection) as seen:
        phone.get(DOOR)
        phone.post(SHEET, {"slip": ballot["slip"]})
        phone.post(CAST, ballot)
        phone.get(RECEIPT)
        phone.post(RECEIPT, {"code": "ABCD-ABCD-ABCD-ABCD"})

    tables = {table for sql in writes_in(seen.captured_queries) for table in re.findall(r"scoring_\w+|django_\w+", sql)}
    # The box is locked and its lid is asked; neither is written.
    assert tables <= {"scoring_token", "scoring_envelope", "scoring_box", "scoring_lid"}
    assert len(writes_in(seen.captured_queries)) <= 2
    assert set(phone.cookies) == {"csrftoken"}
    assert (Session.objects.count(), Trace.objects.count()) == (0, lines)


def test_the_session_of_somebody_who_is_logged_in_is_not_touched_by_voting(client):
    hall = voting()
    client.force_login(hall.clerk)
    before = Session.objects.get().session_data

    client.get(DOOR)
    client.post(CAST, as_filled(hall.slips["A"][0], hall))

    assert Session.objects.get().session_data == before


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_vote_is_stored_or_leads_out_of_the_house(client, path):
    page = client.get(path)

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.content.decode())


def test_a_ballot_from_another_site_is_not_accepted():
    hall = voting()
    stranger = Client(enforce_csrf_checks=True)
    stranger.get(DOOR)

    answer = stranger.post(CAST, as_filled(hall.slips["A"][0], hall), HTTP_ORIGIN="https://elsewhere.example")

    assert answer.status_code == 403
    assert spent() == 0


# --- receipts ----------------------------------------------------------------------------------


def test_a_receipt_is_found_after_the_close_and_says_nothing_of_the_ballot(client):
    hall = voting()
    code = hall.vote("A", 6, choice="1")[0]
    before = client.post(RECEIPT, {"code": code})
    actions.close_voting(hall.round, by=hall.clerk)

    after = client.post(RECEIPT, {"code": code.lower().replace("-", " ")})
    unknown = client.post(RECEIPT, {"code": "0000-0000-0000-0000"})

    assert "没有查到" in before.content.decode()
    assert f"{hall.box.title}”封存的票箱内" in after.content.decode()
    assert not re.search("好|较好|一般|差|弃权", re.sub("民主测评", "", after.content.decode().split("</form>")[0]))
    assert "没有查到" in unknown.content.decode()


def test_a_receipt_of_a_void_round_says_that_it_does_not_count(client):
    hall = closed(voters=5)
    code = hall.box.receipt_list.codes.splitlines()[0]
    actions.void_round(hall.round, reason="发错票种", by=hall.clerk)

    page = client.post(RECEIPT, {"code": code})

    assert "已宣布无效" in page.content.decode()


# --- hostile -----------------------------------------------------------------------------------

WORDS = st.text(max_size=60)
NAMES = st.one_of(WORDS, st.sampled_from(["slip", "code", "mark-1", "mark-2", "mark-03", "mark--1"]))


class HostilePosts(TestCase):
    """Random fields, in random order, to every page of the voter: never an error of the server."""

    @classmethod
    def setUpTestData(cls):
        cls.slip = voting().slips["A"][0]

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        path=st.sampled_from([SHEET, CAST, RECEIPT, DOOR]),
        fields=st.dictionaries(NAMES, WORDS, max_size=6),
        accept=st.sampled_from(["application/json", "text/html", "*/*", ""]),
        is_real=st.booleans(),
    )
    def test_nothing_that_is_posted_makes_an_error_of_the_server(self, path, fields, accept, is_real):
        body = {**fields, "slip": self.slip} if is_real else fields
        phone = Client(raise_request_exception=False)

        answer = phone.post(path, body, HTTP_ACCEPT=accept)

        assert answer.status_code in {200, 405, 409}
        assert Envelope.objects.count() == 0

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(path=st.sampled_from(PAGES), body=st.binary(max_size=300))
    def test_no_bytes_make_an_error_of_the_server(self, path, body):
        phone = Client(raise_request_exception=False)

        kinds = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"]
        statuses = {phone.post(path, body, content_type=kind).status_code for kind in kinds}

        assert statuses <= {200, 400, 405, 409}
