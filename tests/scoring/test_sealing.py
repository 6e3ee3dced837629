"""Codes, keys and envelopes: what two people can open, one cannot, and nobody can change."""

from collections import Counter
from itertools import combinations, permutations

import pytest

from scoring import sealing


def pairs(rows):
    return [(salt, wrapped) for _, salt, wrapped in rows]


@pytest.mark.parametrize("custodians", [2, 3])
def test_any_two_codes_open_in_any_order_and_no_one_alone_does(custodians):
    public, codes, rows = sealing.make_keys(custodians)

    opened = [sealing.unlock(one, other, pairs(rows)) for one, other in permutations(codes, 2)]
    alone = [sealing.unlock(code, code, pairs(rows)) for code in codes]

    assert [bytes(key.public_key) for key in opened] == [public] * len(opened)
    assert alone == [None] * custodians
    assert len(rows) == len(list(combinations(codes, 2)))


def test_nothing_stored_contains_a_code_or_the_private_key():
    _, codes, rows = sealing.make_keys(3)
    private = bytes(sealing.unlock(codes[0], codes[1], pairs(rows)))
    stored = b"".join(pair.encode() + salt + wrapped for pair, salt, wrapped in rows)

    assert private not in stored
    assert not any(sealing.plain(code).encode() in stored or code.encode() in stored for code in codes)


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}。"])
def test_a_code_may_be_typed_in_any_way(typed):
    _, codes, rows = sealing.make_keys(2)

    assert sealing.unlock(typed(codes[0]), typed(codes[1]), pairs(rows)) is not None


def test_look_alikes_and_full_width_letters_are_read_as_meant():
    assert sealing.plain("oO0 iIlL1 uv ＡＢ－１２") == "000" + "11111" + "VV" + "AB12"


def test_one_wrong_letter_opens_nothing():
    _, codes, rows = sealing.make_keys(2)
    wrong = codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1")

    assert sealing.unlock(wrong, codes[1], pairs(rows)) is None


def test_slips_have_128_bits_and_every_letter_is_as_likely_as_any_other():
    slips = [sealing.plain(sealing.new_slip()) for _ in range(2000)]

    letters = Counter("".join(slip[:-1] for slip in slips))  # the last of 26 letters carries 3 bits
    assert len(set(slips)) == 2000
    assert {len(slip) for slip in slips} == {26}
    assert set(letters) == set(sealing.ALPHABET)
    assert max(letters.values()) < 1.3 * min(letters.values())


def test_a_mac_needs_the_server_s_pepper(settings):
    slip = sealing.new_slip()
    before = sealing.mac_of(slip), sealing.mac_of_envelope(b"r", 1, b"s")
    settings.SLIP_PEPPER = "another pepper of at least 32 characters"

    assert sealing.mac_of(slip) != before[0]
    assert sealing.mac_of_envelope(b"r", 1, b"s") != before[1]


def test_an_envelope_s_mac_covers_receipt_panel_and_content():
    mac = sealing.mac_of_envelope(b"receipt", 1, b"sealed")

    others = [(b"receipts", 1, b"ealed"), (b"receipt", 2, b"sealed"), (b"receipt", 1, b"sealee")]
    assert mac not in [sealing.mac_of_envelope(*other) for other in others]


def test_every_ballot_of_a_box_is_sealed_to_the_same_length_and_never_to_the_same_bytes():
    public, _, _ = sealing.make_keys(2)

    sealed = [sealing.seal(ballot * 20, public) for ballot in "43210x-" for _ in range(20)]

    assert len({len(each) for each in sealed}) == 1
    assert len(set(sealed)) == len(sealed)


def test_only_the_box_s_own_key_breaks_the_seal_and_no_changed_bit_passes():
    public, codes, rows = sealing.make_keys(2)
    _, other_codes, other_rows = sealing.make_keys(2)
    key, stranger = sealing.unlock(*codes, pairs(rows)), sealing.unlock(*other_codes, pairs(other_rows))
    sealed = sealing.seal("4321", public)

    changed = [sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :] for place in range(len(sealed))]

    assert sealing.break_seal(sealed, key) == "4321"
    assert sealing.break_seal(sealed, stranger) is None
    assert [sealing.break_seal(each, key) for each in changed] == [None] * len(sealed)


def test_a_receipt_code_is_eighty_bits_of_the_receipt():
    receipt = sealing.receipt_of("7k2m-9qxt")

    assert receipt == sealing.receipt_of("7K2M 9QXT")
    assert len(sealing.receipt_code(receipt)) == 19
    assert sealing.receipt_code(receipt) == sealing.receipt_code(receipt[:10] + bytes(22))
