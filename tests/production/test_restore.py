"""S2: who restores backup and WAL to the moment between two casts finds sealed bytes, and nobody's choice."""

import shutil
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.production.phone import Phone
from tests.production.stack import HOST, IS_ROOT, Postgres, Stack, free_port
from tests.production.test_logs import LINES, choices_of, hits

BEFORE, AFTER = 57, 43


class Restored(Postgres):
    """A base backup played forward with the WAL of ``source`` to a named moment."""

    def __init__(self, source: Postgres, folder: Path, moment: str):
        self.folder, self.port, self.data, self.log = folder, free_port(), folder / "data", folder / "server.log"
        wal = folder / "wal"
        with source.held_still():
            shutil.copytree(source.data / "pg_wal", wal)
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(
                f"\nport = {self.port}\nunix_socket_directories = '{folder}'\nrestore_command = 'cp {wal}/%f %p'\n"
            )
            conf.write(f"recovery_target_name = '{moment}'\nrecovery_target_action = 'promote'\n")
        (self.data / "recovery.signal").touch()
        for path in [wal, self.data] if IS_ROOT else []:
            for each in [path, *path.rglob("*")]:
                shutil.chown(each, "postgres", "postgres")

    def dump(self) -> Path:
        """What ``pg_dump`` writes of it."""
        self._run("pg_dump", "-h", HOST, "-p", self.port, "-U", "postgres", "-f", self.folder / "dump.sql", "postgres")
        return self.folder / "dump.sql"


def vote(stack: Stack, who: range) -> list[Phone]:
    phones = [Phone(stack.port, HOST, stack.box["slips"][n], stack.box["panel"], choices_of(n)) for n in who]
    for phone in phones:
        with closing(phone.connection):
            phone.arrive()
            assert phone.cast()[0] == 200
    return phones


@pytest.mark.production
def test_restored_between_two_casts_the_database_holds_no_choice_no_slip_and_no_code():
    with Stack(slips=BEFORE + AFTER, lines=LINES) as stack:
        copy = stack.folder / "restored"
        copy.mkdir()
        shutil.chown(copy, "postgres", "postgres") if IS_ROOT else None
        stack.postgres._run(
            "pg_basebackup", "-D", copy / "data", "-h", HOST, "-p", stack.postgres.port, "-U", "postgres"
        )
        phones = vote(stack, range(BEFORE))
        with psycopg.connect(stack.postgres.url, autocommit=True) as owner:
            owner.execute("SELECT pg_create_restore_point('between')")
            phones += vote(stack, range(BEFORE, BEFORE + AFTER))
            owner.execute("SELECT pg_switch_wal()")
        unwanted = {
            "slip": [word for phone in phones for word in (phone.slip, phone.slip.replace("-", ""))],
            "code": [phone.code for phone in phones],
            "choices": [phone.marks for phone in phones],
        }

        restored = Restored(stack.postgres, copy, "between")
        restored.start()
        try:
            with psycopg.connect(restored.url, autocommit=True) as owner:
                envelopes = owner.execute(
                    "SELECT count(*), count(DISTINCT length(sealed)) FROM scoring_envelope"
                ).fetchone()
                spent = owner.execute("SELECT count(*) FROM scoring_token WHERE state = 'spent'").fetchone()
            dump = restored.dump()
            with restored.held_still():
                found = hits([path for path in copy.rglob("*") if path.is_file()], unwanted)
            known = sum(mac.encode() in dump.read_bytes() for mac in stack.box["macs"])
        finally:
            restored.stop()

    assert (envelopes, spent) == ((BEFORE, 1), (BEFORE,))  # all sealed, all of one length
    assert known == BEFORE + AFTER  # what is there is found
    assert found == dict.fromkeys(unwanted, 0)
