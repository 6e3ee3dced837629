"""S1, S2, S6, S7, S12: what somebody who reads the whole database file can find out. He finds nothing.

The attacks are those of SECURITY.md: hidden transaction numbers, physical order, and what deleted rows leave
behind. Each is first let loose on the design that most voting systems use, and recovers everybody there.
"""

import time
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from organizations.models import Person
from scoring import booth, opening, sealing
from scoring.models import Envelope, Mark, WrappedKey
from tests.scoring.boxes import Filled, make_frozen, make_open, random_ballots, rows_of, vote

VOTERS, ENTRIES = 200, 18
CHANCE = 3  # of 200 may be guessed by luck
ON_POSTGRESQL = connection.vendor == "postgresql"
# Hidden columns: who wrote the row (which transaction), and where it lies.
WRITTEN_BY, LIES_AT = ("xmin::text", "ctid") if ON_POSTGRESQL else ("0", "rowid")


def distinct_ballots(chance: Random) -> list[str]:
    ballots = random_ballots(chance, VOTERS, ENTRIES, "4321")
    assert len(set(ballots)) == VOTERS
    return ballots


def by_transaction(slips: list[tuple], ballots: list[tuple]) -> dict:
    """Attack 1: slip and ballot that the same transaction wrote belong together. Rows are (xmin, content)."""
    written: dict = {}
    for xmin, ballot in ballots:
        written.setdefault(xmin, []).append(ballot)
    return {slip: written[xmin][0] for xmin, slip in slips if len(written.get(xmin, [])) == 1}


def by_place(slips: list, ballots: list) -> dict:
    """Attack 2: the n-th slip that was spent and the n-th ballot that was stored belong together."""
    return dict(zip(slips, ballots, strict=False))


def correct(guesses: dict, truth: dict) -> int:
    return sum(truth[bytes(slip)] == ballot for slip, ballot in guesses.items())


def opened_ballots() -> list[str]:
    """The best that can be made of the opened counts: whole ballots, glued together by the order of rows."""
    rows = rows_of(f"""
        SELECT entry.number, mark.choice, mark.votes FROM scoring_mark mark
        JOIN scoring_entry entry ON entry.id = mark.entry_id ORDER BY mark.{LIES_AT}""")
    columns = ["".join(c * votes for number, c, votes in rows if number == n) for n in range(1, ENTRIES + 1)]
    return ["".join(letters) for letters in zip(*columns, strict=True)]


def vote_all(filled: Filled, chance: Random) -> dict[bytes, str]:
    """Everybody votes, in random order. Gives what nobody may find out: the slip's hash -> the ballot."""
    slips = filled.slips["A"]
    chance.shuffle(slips)
    ballots = distinct_ballots(chance)
    for slip, ballot in zip(slips, ballots, strict=True):
        vote(slip, ballot)
    return {sealing.mac_of(slip): ballot for slip, ballot in zip(slips, ballots, strict=True)}


@pytest.mark.django_db(transaction=True)
def test_the_attacks_work_on_ballots_that_are_stored_the_usual_way():
    chance = Random(1)
    truth = {chance.randbytes(32): ballot for ballot in distinct_ballots(chance)}
    key = "bytea" if ON_POSTGRESQL else "blob"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE naive_slip (mac {key} PRIMARY KEY, spent boolean)")
        cursor.execute(f"CREATE TABLE naive_paper (id {key} PRIMARY KEY, marks text)")
        for mac in sorted(truth):
            cursor.execute("INSERT INTO naive_slip VALUES (%s, false)", [mac])
        for mac, ballot in truth.items():
            with transaction.atomic():
                cursor.execute("UPDATE naive_slip SET spent = true WHERE mac = %s", [mac])
                cursor.execute("INSERT INTO naive_paper VALUES (%s, %s)", [chance.randbytes(16), ballot])

    try:
        slips = rows_of(f"SELECT {WRITTEN_BY}, mac FROM naive_slip ORDER BY {LIES_AT}")
        papers = rows_of(f"SELECT {WRITTEN_BY}, marks FROM naive_paper ORDER BY {LIES_AT}")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE naive_slip")
            cursor.execute("DROP TABLE naive_paper")

    if ON_POSTGRESQL:  # SQLite has no number of transactions to show
        by_number = {bytes(slip): ballot for slip, ballot in by_transaction(slips, papers).items()}
        assert correct(by_number, truth) == VOTERS
    at_the_door = list(truth)
    assert correct(by_place(at_the_door, [marks for _, marks in papers]), truth) == VOTERS


@pytest.mark.django_db(transaction=True)
def test_nothing_in_an_opened_box_leads_from_a_slip_to_a_ballot():
    chance = Random(2)
    filled = make_open({"A": VOTERS}, entries=ENTRIES)
    truth = vote_all(filled, chance)
    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)

    slips = rows_of(f"SELECT {WRITTEN_BY}, mac FROM scoring_token ORDER BY {LIES_AT}")
    at_the_door = list(truth)
    ballots = opened_ballots()
    one_writer = rows_of(f"SELECT count(DISTINCT {WRITTEN_BY}) FROM scoring_mark")

    whole = [(xmin, None) for xmin, _ in rows_of(f"SELECT {WRITTEN_BY}, 1 FROM scoring_mark")]
    assert by_transaction(slips, whole) == {}
    assert correct(by_place([bytes(slip) for _, slip in slips], ballots), truth) <= CHANCE
    assert correct(by_place(at_the_door, ballots), truth) <= CHANCE
    assert correct(by_place(at_the_door, ballots[::-1]), truth) <= CHANCE
    assert one_writer == [(1,)]
    assert [bytes(slip) for _, slip in slips] == sorted(truth)


@pytest.mark.django_db(transaction=True)
def test_the_opened_rows_lie_in_the_order_of_their_content():
    filled = make_open({"A": VOTERS}, entries=ENTRIES)
    vote_all(filled, Random(3))
    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)

    rows = rows_of(f"""
        SELECT mark.panel_id, entry.number, mark.choice FROM scoring_mark mark
        JOIN scoring_entry entry ON entry.id = mark.entry_id ORDER BY mark.{LIES_AT}""")

    assert rows == sorted(rows, key=lambda row: (row[0], row[1], "43210x-".index(row[2])))


@pytest.mark.django_db(transaction=True)
def test_destroyed_envelopes_leave_nothing_in_the_file():
    filled = make_open({"A": VOTERS}, entries=ENTRIES)
    vote_all(filled, Random(4))
    envelopes = [bytes(envelope.sealed) for envelope in Envelope.objects.all()]
    before = dug_out(envelopes)
    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)

    assert (before, dug_out(envelopes)) == (VOTERS, 0)


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_began_before_the_opening_does_not_keep_dead_envelopes_in_the_file():
    filled = make_open({"A": VOTERS}, entries=ENTRIES)
    vote_all(filled, Random(6))
    envelopes = [bytes(envelope.sealed) for envelope in Envelope.objects.all()]
    booth.close(filled.box, by=filled.by)
    has_begun, may_end = Event(), Event()

    def read_until_told():
        with closing(connection), transaction.atomic():
            if ON_POSTGRESQL:
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            Person.objects.count()  # another table: a lock on the envelopes would make the scrub wait by itself
            has_begun.set()
            may_end.wait(60 if ON_POSTGRESQL else 1)  # SQLite rewrites its file when the last reader has gone

    reader = Thread(target=read_until_told)
    reader.start()
    has_begun.wait(10)
    booth.unseal(filled.box, filled.codes, by=filled.by)
    left = dug_out(envelopes)
    may_end.set()
    reader.join()

    assert left == 0


@pytest.mark.django_db(transaction=True)
def test_a_table_that_somebody_holds_is_scrubbed_once_he_lets_go():
    filled = make_open({"A": VOTERS}, entries=ENTRIES)
    vote_all(filled, Random(7))
    envelopes = [bytes(envelope.sealed) for envelope in Envelope.objects.all()]
    booth.close(filled.box, by=filled.by)
    has_begun = Event()

    def hold_for_a_while():
        with closing(connection), transaction.atomic():
            list(Envelope.objects.all())
            has_begun.set()
            time.sleep(2)

    reader = Thread(target=hold_for_a_while)
    reader.start()
    has_begun.wait(10)
    booth.unseal(filled.box, filled.codes, by=filled.by)
    reader.join()

    assert dug_out(envelopes) == 0


def dug_out(envelopes: list[bytes]) -> int:
    """How many envelopes can still be found by somebody who reads the database's files."""
    if ON_POSTGRESQL:  # one page or more holds rows, dead or alive; an empty file holds none
        return len(envelopes) if rows_of("SELECT pg_relation_size('scoring_envelope')") != [(0,)] else 0
    file = Path(connection.settings_dict["NAME"])
    left = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    return sum(sealed in left for sealed in envelopes)


@pytest.mark.django_db(transaction=True)
def test_while_the_box_is_open_every_stored_ballot_is_sealed_bytes():
    filled = make_open({"A": VOTERS}, entries=ENTRIES)
    truth = vote_all(filled, Random(5))

    stored = [bytes(part) for row in Envelope.objects.values_list("receipt", "sealed", "mac") for part in row]
    wraps = list(WrappedKey.objects.values_list("salt", "wrapped"))

    assert not [ballot for ballot in truth.values() if any(ballot.encode() in part for part in stored)]
    assert len({len(bytes(sealed)) for sealed in Envelope.objects.values_list("sealed", flat=True)}) == 1
    assert [sealing.unlock(code, code, wraps) for code in filled.codes] == [None, None]
    assert Mark.objects.count() == 0


@pytest.mark.django_db
def test_no_column_of_the_box_holds_a_slip_or_an_opening_code():
    filled = make_frozen({"A": 20}, custodians=3)
    secrets = [*filled.slips["A"], *filled.codes]
    spellings = [spelling.encode() for secret in secrets for spelling in (secret, sealing.plain(secret))]

    stored = b"".join(
        value if isinstance(value, bytes) else bytes(value) if isinstance(value, memoryview) else str(value).encode()
        for table in [name for name in connection.introspection.table_names() if name.startswith(("scoring", "organi"))]
        for row in rows_of(f"SELECT * FROM {table}")
        for value in row
    )

    assert filled.box.title.encode() in stored
    assert [spelling for spelling in spellings if spelling in stored] == []


@pytest.mark.django_db
def test_the_order_of_printing_says_nothing_about_the_order_of_storing():
    printed = make_frozen({"A": 2000}).slips["A"]

    stored = [bytes(mac) for (mac,) in rows_of(f"SELECT mac FROM scoring_token ORDER BY {LIES_AT}")]
    places = {mac: place for place, mac in enumerate(stored)}
    ranks = [places[sealing.mac_of(slip)] for slip in printed]

    assert len(stored) == len(printed)
    assert abs(rank_correlation(ranks)) < 0.1  # 2,000 slips: chance goes beyond once in 100,000 runs


def rank_correlation(ranks: list[int]) -> float:
    """Spearman's rho of a list against its own order."""
    ordered = {rank: place for place, rank in enumerate(sorted(ranks))}
    many = len(ranks)
    squares = sum((place - ordered[rank]) ** 2 for place, rank in enumerate(ranks))
    return 1 - 6 * squares / (many * (many**2 - 1))


@pytest.mark.django_db(transaction=True)
def test_the_scrubbing_waits_for_the_last_open_box():
    filled, other = make_open({"A": 5}), make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)

    while_open = opening.scrub()
    booth.close(other.box, by=other.by)

    assert (while_open, opening.scrub()) == (False, True)
