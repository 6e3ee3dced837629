"""The consoles of the vote through the HTTP client: what each person sees and does, and what nobody sees."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations.models import Role, RoleGrant
from reviews.ballot import actions, slip_batches
from reviews.ballot.models import Round
from reviews.plan.models import Stage
from scoring import booth, sealing
from scoring.models import Box, Lid, Token
from tests.make import make_officer
from tests.reviews.ballot.hall import as_filled, closed, prepared, printed, set_hall, voting

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name: str, thing) -> str:
    return reverse(f"ballot:{name}", args=[thing.pk])


def seen_by(client, person):
    client.force_login(person)
    return client


def text_of(page) -> str:
    """What a person reads, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode().split("<main")[-1]))


def parted(text: str) -> tuple[str, str]:
    """A page without its checkpoints, and those: they hold times and sums of their own."""
    checkpoints = re.findall(r"（\d+ 个检查点.*?）| 检查点 时间 .*?有人看投票进度时|（还没有检查点.*?）", text)
    return re.sub("|".join(map(re.escape, checkpoints)) or "$^", "", text), " ".join(checkpoints)


# --- the whole way by clicks -------------------------------------------------------------------


def test_a_vote_is_clicked_from_the_empty_console_to_grading(client):
    hall = set_hall()

    def post(person, name, thing, data=None):
        answer = seen_by(client, person).post(address(name, thing), data or {})
        assert answer.status_code in {200, 302}, text_of(answer)
        return answer

    post(hall.clerk, "prepare", hall.campaign, {"spare_A": "2"})
    hall.round = Round.objects.get()
    post(hall.clerk, "ask_slips", hall.round)
    post(hall.supervisor, "cosign", hall.round, {"batch": hall.round.batches.get().pk})
    sheet = post(hall.clerk, "print_slips", hall.round.batches.get()).content.decode()
    keys = post(hall.clerk, "keys", hall.round, {"custodians": "3", "replaces": ""}).content.decode()
    post(hall.clerk, "open", hall.round, {"knows_loss": "1"})
    slips = re.findall(r'class="code">([^<]+)</p>', sheet)
    client.logout()
    for slip in slips[:10]:
        assert client.post("/b/cast/", as_filled(slip, hall)).status_code == 200
    post(hall.clerk, "close", hall.round)
    codes = re.findall(r"code-large\">([^<]+)</p>", keys)
    post(hall.custodian, "unseal", hall.round, {"first": codes[2], "second": codes[0].lower()})

    assert (len(slips), len(codes)) == (12, 3)
    assert (hall.box.state, hall.stage) == (Box.State.OPENED, Stage.GRADING)
    assert "查看评定" in seen_by(client, hall.clerk).get(address("round", hall.round)).content.decode()


STEPS = {
    "nothing": (set_hall, "还没有准备测评"),
    "locked": (prepared, "生成开箱码"),
    "printed": (printed, "上面的核对"),
    "voting": (voting, "正在测评"),
    "closed": (closed, "第一位保管人的开箱码"),
}


@pytest.mark.parametrize("person", ["clerk", "supervisor", "custodian", "approver"])
@pytest.mark.parametrize("step", STEPS)
def test_everybody_who_watches_reads_every_step(client, step, person):
    hall = STEPS[step][0]()
    watcher = seen_by(client, getattr(hall, person))

    console = watcher.get(address("console", hall.campaign))
    page = watcher.get(address("round", hall.round)) if hall.round else console

    assert (console.status_code, page.status_code) == (200, 200)
    buttons = set(re.findall(r"<button[^>]*>([^<]+)</button>", page.content.decode().split("<main")[-1]))
    if person == "approver":
        assert buttons == set()
    if person == "supervisor":
        assert buttons <= {"会签以上张数"}


def test_the_button_that_begins_the_vote_appears_when_all_is_checked(client):
    hall = prepared()
    clerk = seen_by(client, hall.clerk)

    before = clerk.get(address("round", hall.round)).content.decode()
    actions.discard_round(hall.round, by=hall.clerk)
    printed(hall)
    after = clerk.get(address("round", hall.round)).content.decode()

    assert f'action="{address("open", hall.round)}"' not in before
    assert "上面的核对全部完成后" in before
    assert f'action="{address("open", hall.round)}"' in after


def test_a_console_lists_one_round_and_three_with_the_same_queries(client):
    hall = voting()
    clerk = seen_by(client, hall.clerk)
    clerk.get(address("console", hall.campaign))
    with CaptureQueriesContext(connection) as one:
        clerk.get(address("console", hall.campaign))
    for _ in range(2):
        actions.void_round(hall.round, reason="重来", by=hall.clerk)
        voting(hall)
    with CaptureQueriesContext(connection) as three:
        page = clerk.get(address("console", hall.campaign))

    assert [f"第 {number} 轮" in page.content.decode() for number in (1, 2, 3)] == [True] * 3
    assert len(three) == len(one)


@pytest.mark.parametrize("panels", [{"A": 10}, {"A": 10, "B": 9, "C": 8}])
def test_a_round_costs_the_same_for_one_panel_and_three(client, panels):
    hall = printed(panels=panels)
    clerk = seen_by(client, hall.clerk)
    clerk.get(address("round", hall.round))

    with CaptureQueriesContext(connection) as queries:
        page = clerk.get(address("round", hall.round))

    assert page.content.decode().count("已会签") == len(panels)
    assert len(queries) == 24


# --- slips and codes are shown once ------------------------------------------------------------


def test_the_slips_are_printed_once_and_the_second_click_is_told(client):
    hall = prepared()
    slip_batches.ask_for_slips(hall.round, by=hall.clerk)
    slip_batches.cosign_slips(hall.round, by=hall.supervisor)
    clerk, batch = seen_by(client, hall.clerk), hall.round.batches.get()

    first = clerk.post(address("print_slips", batch))
    again = clerk.post(address("print_slips", batch))

    assert first.content.decode().count("<svg") == 10
    assert "no-store" in first["Cache-Control"]
    assert again.status_code == 409
    assert "已经印制" in again.content.decode()
    assert "<svg" not in again.content.decode()


def test_the_order_on_the_sheet_says_nothing_about_the_order_in_the_database(client):
    hall = prepared(panels={"A": 500})
    slip_batches.ask_for_slips(hall.round, by=hall.clerk)
    slip_batches.cosign_slips(hall.round, by=hall.supervisor)

    page = seen_by(client, hall.clerk).post(address("print_slips", hall.round.batches.get()))

    slips = re.findall(r'class="code">([^<]+)</p>', page.content.decode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT mac FROM scoring_token")  # as the rows lie
        stored = {bytes(row[0]): place for place, row in enumerate(cursor.fetchall())}
    places = [stored[sealing.mac_of(slip)] for slip in slips]
    n = len(places)
    rho = 1 - 6 * sum((place - here) ** 2 for here, place in enumerate(places)) / (n * (n * n - 1))
    assert n == 500
    assert abs(rho) < 0.2  # chance alone stays below 0.1 in 97 of 100 prints
    assert not re.search(r"第\s*\d+\s*(?:张|号)", text_of(page))


def test_codes_once_handed_out_are_not_spoilt_by_loading_their_page_again(client):
    hall = prepared()
    clerk, asked = seen_by(client, hall.clerk), {"custodians": "2", "replaces": ""}

    first = clerk.post(address("keys", hall.round), asked)
    key = bytes(hall.box.public_key)
    reloaded = clerk.post(address("keys", hall.round), asked)
    page = clerk.get(address("round", hall.round)).content.decode()
    mark = re.search(r'name="replaces" value="(\w+)"', page).group(1)
    kept = bytes(hall.box.public_key)
    anew = clerk.post(address("keys", hall.round), asked | {"replaces": mark})

    assert first.content.decode().count("code-large") == 2
    assert (reloaded.status_code, "仍然有效" in text_of(reloaded)) == (409, True)
    assert kept == key
    assert anew.content.decode().count("code-large") == 2
    assert bytes(hall.box.public_key) != key


# --- refusals in words -------------------------------------------------------------------------


def test_a_wrong_number_of_spare_slips_comes_back_with_the_form(client):
    hall = set_hall()

    page = seen_by(client, hall.clerk).post(address("prepare", hall.campaign), {"spare_A": "51"})

    assert page.status_code == 422
    assert 'value="51"' in page.content.decode()
    assert Box.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "data", "reached"),
    [
        ("keys", {"custodians": "7"}, prepared),
        ("unseal", {"first": "ABCD"}, closed),
        ("void", {"reason": " "}, voting),
        ("void", {"reason": "长" * 301}, voting),
    ],
)
def test_a_form_that_is_not_whole_comes_back_on_its_page(client, name, data, reached):
    hall = reached()
    before = hall.box.state

    page = seen_by(client, hall.clerk).post(address(name, hall.round), data)

    assert page.status_code == 422
    assert "invalid-feedback" in page.content.decode()
    assert hall.box.state == before


def test_a_third_keeper_of_two_codes_is_told_and_not_dropped(client):
    hall = prepared()
    asked = {"custodians": "2", "replaces": "", "keeper_3": str(hall.custodian.pk)}

    page = seen_by(client, hall.clerk).post(address("keys", hall.round), asked)

    assert page.status_code == 422
    assert "只有两份开箱码" in text_of(page)
    assert hall.box.public_key is None


def test_a_reason_of_blanks_is_told_where_it_can_be_seen(client):
    """The form stands in a fold of the page: folded again it looked as if nothing had happened."""
    hall = voting()

    page = seen_by(client, hall.clerk).post(address("void", hall.round), {"reason": " "}).content.decode()

    assert page.index('<details class="card-plain" open>') < page.index("invalid-feedback")


@pytest.mark.parametrize(
    ("name", "reached", "word"),
    [
        ("open", voting, "只有已锁定时"),
        ("close", prepared, "只有投票中时"),
        ("close", closed, "只有投票中时"),
        ("ask_slips", printed, "都已申请过"),
        ("discard", voting, "不能删除"),
        ("go_on", closed, "开箱计票后"),
    ],
)
def test_a_stale_click_is_told_and_changes_nothing(client, name, reached, word):
    hall = reached()
    before = (hall.box.state, hall.stage)

    answer = seen_by(client, hall.clerk).post(address(name, hall.round))

    assert answer.status_code == 409
    assert word in text_of(answer)
    assert (hall.box.state, hall.stage) == before


def test_two_wrong_codes_leave_the_box_closed_stay_typed_and_say_how_often_one_may_try(client):
    hall = closed()

    answer = seen_by(client, hall.custodian).post(address("unseal", hall.round), {"first": "AAAA", "second": "BBBB"})

    assert answer.status_code == 422
    assert "还可再试 9 次" in text_of(answer)
    assert {'value="AAAA"', 'value="BBBB"'} <= set(re.findall(r'value="\w{4}"', answer.content.decode()))
    assert hall.box.state == Box.State.CLOSED


def test_a_void_round_says_why_and_leads_to_the_next(client):
    hall = voting()
    clerk = seen_by(client, hall.clerk)

    clerk.post(address("void", hall.round), {"reason": "测评码发错票种"})

    page = text_of(clerk.get(address("round", hall.round)))
    assert "本轮测评无效： 测评码发错票种" in page or "本轮测评无效：测评码发错票种" in page
    assert "准备正式测评" in clerk.get(address("console", hall.campaign)).content.decode()


@pytest.mark.parametrize(
    ("reached", "fields", "acts"),
    [
        (printed, {}, {"discard", "void"}),
        (voting, {}, {"void"}),
        (closed, {}, {"void"}),
        (voting, {"is_rehearsal": True}, {"discard"}),
    ],
)
def test_a_round_offers_only_the_way_out_that_it_has(client, reached, fields, acts):
    hall = reached(**fields)

    page = seen_by(client, hall.clerk).get(address("round", hall.round)).content.decode()

    assert {name for name in ("discard", "void") if f'action="{address(name, hall.round)}"' in page} == acts


def test_a_counted_round_offers_no_way_out(client):
    hall = closed()
    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)

    page = seen_by(client, hall.clerk).get(address("round", hall.round)).content.decode()

    assert "宣布无效" not in page


def test_a_close_that_was_cut_off_is_told_and_can_be_finished(client):
    hall = voting()
    hall.vote("A", 6)
    Lid.objects.filter(box=hall.box).update(is_closing=True)
    clerk = seen_by(client, hall.clerk)

    page = text_of(clerk.get(address("round", hall.round)))
    clerk.post(address("close", hall.round))

    assert "请再点一次“封箱”" in page
    assert hall.box.state == Box.State.CLOSED


# --- S8, S16: nothing but the coarse turnout before the box is opened ---------------------------


def test_the_turnout_moves_by_fives_and_at_most_once_a_minute(client, monkeypatch):
    hall = voting(panels={"A": 40})
    watcher, now = seen_by(client, hall.supervisor), timezone.now()
    shown = []

    for second in range(30):  # a voter every seven seconds; the page is asked after each
        monkeypatch.setattr(timezone, "now", lambda second=second: now + timedelta(seconds=7 * second))
        hall.vote("A", 1)
        words = text_of(watcher.get(address("turnout", hall.round), **HTMX)).strip()
        shown.append((7 * second, int(re.fullmatch(r"已投约 (\d+) / 40", words).group(1))))

    changes = [later[0] for sooner, later in pairwise(shown) if sooner[1] != later[1]]
    assert {number % 5 for _, number in shown} == {0}
    assert shown[-1][1] >= 20
    assert all(later - sooner >= 60 for sooner, later in pairwise(changes))


def test_while_the_box_is_open_no_page_of_anybody_changes_with_the_votes_but_the_turnout(client, monkeypatch):
    hall = voting(panels={"A": 97, "B": 83})
    people = [hall.clerk, hall.supervisor, hall.custodian, hall.approver]
    people += [make_officer(role, hall.bureau) for role in (Role.SUPERIOR, Role.TELLER, Role.SCRUTINEER, Role.LEADER)]
    doors = [(f"ballot:{name}", hall.campaign) for name in ("console", "custody")]
    doors += [(f"ballot:{name}", hall.round) for name in ("round", "turnout", "receipts", "package")]
    doors += [(name, hall.campaign) for name in ("desk:overview", "grade:table", "meeting:hall_state")]
    doors += [("grade:why", review) for review in hall.reviews]

    def read() -> dict:
        answers = {}
        for person in people:
            seen_by(client, person)
            for name, thing in doors:
                answer = client.get(reverse(name, args=[thing.pk]))
                answers[person.name, name, thing.pk] = (answer.status_code, text_of(answer))
        return answers

    empty = read()
    hall.vote("A", 13)
    hall.vote("B", 11, choice="1")
    same_minute = read()
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=61))
    next_minute = read()

    changed = {key for key, answer in next_minute.items() if answer != empty[key]}
    assert same_minute == empty
    assert {name for _, name, _ in changed} == {"ballot:round", "ballot:turnout"}
    for key, (status, text) in next_minute.items():
        page, checkpoints = parted(text)
        assert (status, page) == (empty[key][0], parted(empty[key][1])[0].replace("已投约 0 / 180", "已投约 20 / 180"))
        counts = re.findall(r"已投约 (\d+)）|\d\d:\d\d (\d+) ", checkpoints)
        assert {one or other for one, other in counts} <= {"0", "20"}  # as coarse as everybody's turnout
    assert {answer[0] for key, answer in empty.items() if key[1] in {"ballot:package", "ballot:receipts"}} <= {
        403,
        404,
        409,
    }


def test_once_the_vote_is_over_the_watching_page_loads_itself_anew(client):
    hall = voting()
    watcher = seen_by(client, hall.supervisor)

    during = watcher.get(address("turnout", hall.round), **HTMX)
    hall.vote("A", 6)
    actions.close_voting(hall.round, by=hall.clerk)
    after = watcher.get(address("turnout", hall.round), **HTMX)

    assert "HX-Refresh" not in during
    assert 'hx-trigger="every 10s"' in during.content.decode()
    assert after["HX-Refresh"] == "true"
    assert "hx-get" not in after.content.decode()
    assert "收回 6 / 10" in text_of(after)


def test_after_the_close_the_figures_and_receipts_are_there_but_no_mark(client):
    hall = closed(voters=7)
    watcher = seen_by(client, hall.supervisor)

    page = text_of(watcher.get(address("round", hall.round)))
    receipts = watcher.get(address("receipts", hall.round)).content.decode()
    package = watcher.get(address("package", hall.round))

    assert re.search(r"A票 A类人员 10 10 7 7 0 3", page)
    assert re.findall(r"<li>([0-9A-Z-]{19})</li>", receipts) == hall.box.receipt_list.codes.splitlines()
    assert package.status_code == 409


# --- rehearsal, custody ------------------------------------------------------------------------


def test_a_rehearsal_is_made_and_wiped_by_clicks(client):
    hall = set_hall(stage=Stage.REPORTING)
    clerk = seen_by(client, hall.clerk)

    clerk.post(address("prepare", hall.campaign), {"spare_A": "0", "is_rehearsal": "1"})
    closed_rehearsal = Round.objects.get()
    page = text_of(clerk.get(address("round", closed_rehearsal)))
    clerk.post(address("discard", closed_rehearsal))

    assert "不作为测评结果" in page
    assert (Round.objects.count(), Box.objects.count(), Token.objects.count()) == (0, 0, 0)


def opened(hall=None, **fields):
    hall = closed(hall, **fields)
    booth.unseal(hall.box, hall.codes, by=hall.custodian)
    return hall


@pytest.mark.parametrize(
    ("reached", "word"),
    [
        (set_hall, "还没有准备票箱，现在不用做什么"),
        (prepared, "等组织部经办通知您来领开箱码"),
        (printed, "请保管好您那份开箱码"),
        (voting, "现在正在投票，开箱码还用不上"),
        (closed, "请带上您那份开箱码到现场开箱"),
        (opened, "已经开箱计票，您不用再做什么"),
    ],
)
def test_a_custodian_is_told_what_to_do_now(client, reached, word):
    hall = reached()

    page = seen_by(client, hall.custodian).get(address("custody", hall.campaign))

    assert word in text_of(page)
    assert hall.round is None or address("round", hall.round) in page.content.decode()


@pytest.mark.parametrize(("custodians", "word"), [(2, "缺一份本轮测评就无法开箱"), (3, "另两份仍能开箱")])
def test_a_custodian_is_told_what_a_lost_code_means(client, custodians, word):
    hall = voting(custodians=custodians)

    page = text_of(seen_by(client, hall.custodian).get(address("custody", hall.campaign)))

    assert word in page
    assert f"开箱码共 {custodians} 份" in page


def test_a_custodian_who_is_rated_is_told_to_stay_away(client):
    hall = closed()
    rated = hall.reviews[0].secretary
    RoleGrant.objects.create(person=rated, role=Role.CUSTODIAN, organization=hall.bureau)

    page = seen_by(client, rated).get(address("custody", hall.campaign))

    assert "不能参加开箱" in text_of(page)
    assert "去开箱" not in text_of(page)
