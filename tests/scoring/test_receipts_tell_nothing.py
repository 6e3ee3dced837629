"""S15: who holds every receipt and everything published guesses a voter's choice no better than the shares tell."""

import io
import zipfile
from collections import Counter
from random import Random

import pytest

from scoring import booth, sealing
from scoring.count import export_package
from scoring.models import ReceiptList
from tests.scoring.boxes import make_open, vote

VOTES, VOTERS = 4, 300  # 1,200 guesses a strategy
BETTER = 0.02  # than the published shares, at most (SECURITY S15)
SHARES = {"4": 0.6, "3": 0.25, "2": 0.1, "1": 0.05}


def hold_vote(chance: Random) -> tuple[dict[str, str], list[str], str]:
    """One real vote: receipt -> what its voter chose, the published receipts, the text of the whole package."""
    filled = make_open({"A": VOTERS}, entries=1)
    choices = chance.choices(list(SHARES), weights=SHARES.values(), k=VOTERS)
    secret = {}
    for slip, choice in zip(filled.slips["A"], choices, strict=True):
        receipt = chance.randbytes(32)
        secret[sealing.receipt_code(receipt)] = choice
        vote(slip, choice, receipt)
    booth.close(filled.box, by=filled.by)
    box = booth.unseal(filled.box, filled.codes, by=filled.by)
    with zipfile.ZipFile(io.BytesIO(export_package(box))) as package:
        text = "\n".join(package.read(name).decode() for name in package.namelist())
    return secret, ReceiptList.objects.get(box=box).codes.splitlines(), text


def guesses(published: list[str], counts: Counter, chance: Random) -> dict[str, dict[str, str]]:
    """What an adversary says of every receipt: by its place in the list, by its value, by the shares alone."""
    laid_out = [choice for choice in "4321" for _ in range(counts[choice])]
    by_value = sorted(published, key=lambda code: sealing.plain(code)[::-1])
    return {
        "place": dict(zip(published, laid_out, strict=True)),
        "value": dict(zip(by_value, laid_out, strict=True)),
        "shares": dict(zip(published, chance.sample(laid_out, len(laid_out)), strict=True)),
    }


def hits(secret: dict[str, str], guess: dict[str, str]) -> int:
    return sum(secret[code] == choice for code, choice in guess.items())


@pytest.mark.django_db
def test_receipts_and_all_published_files_guess_no_better_than_the_published_shares():
    chance, right, expected = Random(15), Counter(), 0.0
    for _ in range(VOTES):
        secret, published, text = hold_vote(chance)
        counts = Counter(secret.values())
        expected += sum(votes * votes for votes in counts.values()) / VOTERS  # who guesses by the shares alone
        for strategy, guess in guesses(published, counts, chance).items():
            right[strategy] += hits(secret, guess)

        told = [line.strip() for line in text.splitlines() if any(code in line for code in published)]
        assert set(told) == set(published)  # a receipt stands alone on its line, beside no choice

    every = VOTES * VOTERS
    print({strategy: round(count / every, 3) for strategy, count in right.items()}, round(expected / every, 3))
    assert all(count <= expected + BETTER * every for count in right.values()), (right, expected)


@pytest.mark.django_db
def test_a_list_in_the_order_of_the_choices_would_be_found_out():
    """Negative control: the same adversary, a house that publishes the receipts as the ballots lie."""
    secret, _, _ = hold_vote(Random(16))
    leaking = sorted(secret, key=secret.get, reverse=True)

    guess = guesses(leaking, Counter(secret.values()), Random(1))["place"]

    assert hits(secret, guess) == VOTERS
