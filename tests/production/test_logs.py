"""S4: after a real vote over nginx, gunicorn, PostgreSQL and Redis no file holds anything of a voter."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.urls import get_resolver

from tests.production.phone import BROWSER, Phone
from tests.production.stack import DEPLOY, Stack, children_of, nginx, nginx_conf, wait_until

VOTERS = int(os.environ.get("PRODUCTION_VOTERS", "100"))
CARELESS = 20  # voters on servers that log as usual
LINES = 18
ADDRESS = "127.77."
# What a ballot looks like on the wire; a file with this holds what somebody chose.
ON_THE_WIRE = ["mark-1=", "mark-1&", '"mark-1"', "csrfmiddlewaretoken="]


def address_of(number: int) -> str:
    return f"{ADDRESS}{number // 250 + 1}.{number % 250 + 1}"


def choices_of(number: int) -> str:
    return "".join(str(4 - (number * 7 + line * 3 + line * line) % 5) for line in range(LINES))


def everybody_votes(stack: Stack, port: int, who: slice) -> dict[str, list[str]]:
    """Voters vote, one in ten clumsily. Gives what must not be found, by kind; asserts that the vote was one."""
    slips, panel = stack.box["slips"][who], stack.box["panel"]
    phones = [Phone(port, address_of(n), slip, panel, choices_of(n)) for n, slip in enumerate(slips, who.start)]
    receipts = []
    for number, phone in enumerate(phones):
        with closing(phone.connection):
            receipts.append(one_votes(phone, number))
    codes = [phone.code for phone in phones] + [phone.code[::-1] for phone in phones]
    return {
        "slip": slips + [slip.replace("-", "") for slip in slips],
        "slip hash": stack.box["macs"][who],
        "code": codes,
        "receipt": receipts + [receipt.replace("-", "") for receipt in receipts],
        "choices": [phone.marks for phone in phones] + ON_THE_WIRE,
        "address": [phone.address for phone in phones],
        "browser": [BROWSER],
    }


def one_votes(phone: Phone, number: int) -> str:
    """From the door to the receipt, which is returned; the voter's number says how clumsily."""
    phone.arrive()
    if number % 10 == 0:
        be_clumsy(phone)
    status, told = phone.cast()
    assert status == 200, told
    receipt = json.loads(told)["receipt"]
    if number % 10 == 1:
        assert phone.cast("text/html")[0] == 200  # the same again ends on the receipt
        phone.code = phone.code[::-1]
        assert phone.cast()[0] == 409  # a used slip with another code
    phone.post("/b/receipt/", {"code": receipt}, "text/html")
    return receipt


def be_clumsy(phone: Phone) -> None:
    """Everything that servers like to complain about in writing, each with the slip somewhere in it."""
    phone.send_raw(phone.request_bytes(whole=0.5), wait=0.05)  # cut off in the middle
    phone.send_raw(phone.request_bytes(version="HTTP/9.9"))
    phone.send_raw(phone.request_bytes(more="a header without a colon " + phone.slip + "\r\n"))
    phone.send_raw(f"GARBAGE {phone.slip}\r\n\r\n".encode())
    assert phone.get(f"/b/?slip={phone.slip}")[0] == 200
    assert phone.get(f"/b/{phone.slip}")[0] == 302
    assert phone.get(f"/B/{phone.slip}/")[0] == 302
    assert phone.post("/b/sheet/", {"slip": phone.slip[::-1]})[0] == 409  # wrong
    assert phone.post("/b/cast/", {**phone.fields, "mark-1": "9"})[0] == 409  # no such choice
    assert phone.post("/b/cast/", {**phone.fields, "mark-x": "4"})[0] == 409  # malformed
    assert phone.post("/b/cast/", {**phone.fields, "more": "x" * 70_000})[0] == 413  # too large
    cookie, phone.cookie = phone.cookie, ""
    assert phone.cast()[0] == 403  # without its form's secret
    phone.cookie = cookie


def files_of(stack: Stack) -> list[Path]:
    """Every file that the four wrote but PostgreSQL's tables, which hold the slips' hashes by right (S1-S3)."""
    subprocess.run(["redis-cli", "-p", str(stack.redis_port), "save"], check=True, capture_output=True)
    tables = stack.postgres.data
    return [path for path in stack.folder.rglob("*") if path.is_file() and tables not in path.parents]


def hits(files: list[Path], unwanted: dict[str, list[str]]) -> dict[str, int]:
    """How many of each kind stand in the files, in small letters or capitals."""
    found = dict.fromkeys(unwanted, 0)
    for path in files:
        text = path.read_bytes().lower()
        for kind, words in unwanted.items():
            found[kind] += sum(word.lower().encode() in text for word in words)
    return found


def routes(resolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from routes(entry, route)
        else:
            yield route


def renew_workers(stack: Stack) -> None:
    """New workers, new connections: what the database was told about logging holds for all of them."""
    old = set(children_of(stack.web.pid))
    os.kill(stack.web.pid, signal.SIGHUP)
    wait_until(lambda: not old & set(children_of(stack.web.pid)), "new workers")


@pytest.fixture(scope="module")
def stack():
    with Stack(slips=VOTERS + 2 * CARELESS, lines=LINES) as running:
        yield running


@pytest.mark.production
def test_no_file_of_a_real_vote_holds_a_slip_a_receipt_a_choice_or_an_address(stack):
    unwanted = everybody_votes(stack, stack.port, slice(0, VOTERS))
    files = files_of(stack)

    found = hits(files, unwanted)

    print(f"{VOTERS} voters, {len(files)} files, {sum(map(len, unwanted.values()))} words looked for: {found}")
    assert {"server.log", "gunicorn.log", "redis.log", "dump.rdb"} <= {path.name for path in files}
    assert found == dict.fromkeys(unwanted, 0)


@pytest.mark.production
def test_no_file_of_the_database_nor_its_wal_holds_a_slip_a_code_or_a_choice(stack):
    voted = slice(VOTERS + CARELESS, VOTERS + 2 * CARELESS)
    unwanted = everybody_votes(stack, stack.port, voted)
    with psycopg.connect(stack.postgres.url, autocommit=True) as owner:
        owner.execute("CHECKPOINT")
    looked_for = {kind: unwanted[kind] for kind in ("slip", "code", "receipt", "choices", "address", "browser")}

    with stack.postgres.held_still():
        files = [path for path in stack.postgres.data.rglob("*") if path.is_file()]
        found = hits(files, looked_for)
        wal = b"".join(path.read_bytes() for path in files if path.parent.name == "pg_wal")

    assert found == dict.fromkeys(found, 0)
    assert all(bytes.fromhex(mac) in wal for mac in unwanted["slip hash"])  # what is there is found


@pytest.mark.production
def test_the_same_search_finds_voters_on_servers_that_log_as_usual(stack, tmp_path):
    with psycopg.connect(stack.postgres.url, autocommit=True) as owner:
        owner.execute("ALTER ROLE postgres SET log_statement = 'all'")
    try:
        renew_workers(stack)
        with nginx(tmp_path, upstream=stack.folder / "gunicorn.sock", usual_log=True) as port:
            unwanted = everybody_votes(stack, port, slice(VOTERS, VOTERS + CARELESS))
    finally:
        with psycopg.connect(stack.postgres.url, autocommit=True) as owner:
            owner.execute("ALTER ROLE postgres RESET log_statement")
        renew_workers(stack)  # or the next test's votes would be logged too
    found = hits([tmp_path / "logs" / "usual.log", stack.postgres.log], unwanted)

    assert found["address"] == CARELESS
    assert found["browser"] == 1
    assert found["slip"] >= 2  # of those who put it into the address
    assert found["slip hash"] == CARELESS


def test_nginx_lets_every_page_of_the_vote_through_to_the_application():
    voters = {page for page in routes(get_resolver()) if page.startswith("b/")}
    conf = (DEPLOY / "nginx.conf").read_text()
    let_through = conf.partition("location ~ ^/b/((")[2].partition(")/)?$")[0].split("|")

    assert voters == {"b/", *(f"b/{name}/" for name in let_through)}


def test_the_addresses_of_deploy_are_all_moved_for_the_test(tmp_path):
    text = nginx_conf(tmp_path, 8150)

    assert "/var/" not in text
    assert "/srv/" not in text
    assert "/run/" not in text
