"""封票: a ballot in, bytes out that only two custodians' codes open. PyNaCl (libsodium) does the cryptography.

Codes are written in Crockford's base 32 (no I, L, O, U), typed with any grouping and in any case.
"""

import hashlib
import hmac
import secrets
import unicodedata
from itertools import combinations

import nacl.exceptions
import nacl.pwhash
import nacl.secret
import nacl.utils
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from nacl.public import PrivateKey, PublicKey, SealedBox

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
SLIP_BYTES = 16  # 128 bit (SECURITY A8)
OPENING_BYTES = 15  # 120 bit: beyond guessing even for one who holds the other code
RECEIPT_BYTES = 10  # 80 bit are shown and published
BLOCK = 32  # ballots are padded to whole blocks, so that a length says nothing


def written(raw: bytes) -> str:
    """Bytes as base-32 characters, no padding."""
    bits = len(raw) * 8
    length = -(-bits // 5)
    number = int.from_bytes(raw, "big") << (length * 5 - bits)
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in reversed(range(length)))


def in_groups(code: str, size: int = 4) -> str:
    """A code the way it is printed: groups of four joined by dashes."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def plain(code: str) -> str:
    """A typed code without grouping, in capitals; full-width and look-alike characters are read as meant."""
    letters = unicodedata.normalize("NFKC", code).upper().translate(LOOKALIKES)
    return "".join(letter for letter in letters if letter in ALPHABET)


def new_slip() -> str:
    """A fresh slip (测评码): 128 random bits, 26 characters in groups; the QR code holds the same string."""
    return in_groups(written(secrets.token_bytes(SLIP_BYTES)))


def new_opening_code() -> str:
    """A fresh opening code (开箱码): 120 random bits, 24 characters in groups."""
    return in_groups(written(secrets.token_bytes(OPENING_BYTES)))


def _keyed(purpose: bytes, *parts: bytes) -> bytes:
    if not settings.SLIP_PEPPER:
        raise ImproperlyConfigured("SLIP_PEPPER must be set: without it slips could be guessed from the database.")
    body = purpose + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(settings.SLIP_PEPPER.encode(), body, hashlib.sha256).digest()


def mac_of(slip: str) -> bytes:
    """What is stored of a slip: its HMAC under the server's pepper."""
    return _keyed(b"slip", plain(slip).encode())


def mac_of_envelope(receipt: bytes, panel_id: int, sealed: bytes) -> bytes:
    """Shows that this server put the envelope into this panel's box (SECURITY I7)."""
    return _keyed(b"envelope", receipt, str(panel_id).encode(), sealed)


def mac_of_code(code: str, box_id: int) -> bytes:
    """Tells an opening code of a box from any other text, without holding the code."""
    return _keyed(b"opening", str(box_id).encode(), plain(code).encode())


def same(one: bytes, other: bytes) -> bool:
    """Compare without telling by the time taken."""
    return hmac.compare_digest(bytes(one), bytes(other))


def receipt_of(code: str) -> bytes:
    """The receipt (32 bytes) of a code that the phone made up before it sent the ballot."""
    return hashlib.sha256(b"receipt" + plain(code).encode()).digest()


def receipt_code(receipt: bytes) -> str:
    """回执码: what the voter is shown and finds again in receipts.txt; 80 bits, 16 characters."""
    return in_groups(written(bytes(receipt)[:RECEIPT_BYTES]))


def make_keys(custodians: int) -> tuple[bytes, list[str], list[tuple[str, bytes, bytes]]]:
    """A key pair for a box: public key, the codes to print, and ``(pair, salt, wrapped private key)`` rows.

    The private key is locked once for every pair of codes, so any two open and no one alone does.
    """
    private = PrivateKey.generate()
    codes = [new_opening_code() for _ in range(custodians)]
    rows = []
    for first, second in combinations(range(custodians), 2):
        salt = nacl.utils.random(nacl.pwhash.argon2id.SALTBYTES)
        locked = nacl.secret.SecretBox(_pair_key(codes[first], codes[second], salt)).encrypt(bytes(private))
        rows.append((f"{first + 1}+{second + 1}", salt, bytes(locked)))
    return bytes(private.public_key), codes, rows


def _pair_key(one: str, other: str, salt: bytes) -> bytes:
    """Argon2id over both codes; their order does not matter."""
    phrase = "+".join(sorted((plain(one), plain(other)))).encode()
    return nacl.pwhash.argon2id.kdf(
        nacl.secret.SecretBox.KEY_SIZE,
        phrase,
        salt,
        opslimit=nacl.pwhash.argon2id.OPSLIMIT_INTERACTIVE,
        memlimit=nacl.pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    )


def unlock(one: str, other: str, rows: list[tuple[bytes, bytes]]) -> PrivateKey | None:
    """The private key, if the two codes are one of the pairs; ``rows`` are ``(salt, wrapped)``."""
    for salt, wrapped in rows:
        try:
            return PrivateKey(nacl.secret.SecretBox(_pair_key(one, other, bytes(salt))).decrypt(bytes(wrapped)))
        except nacl.exceptions.CryptoError:
            continue
    return None


def new_waiting_lock() -> tuple[bytes, bytes]:
    """A secret for the browser of the first keeper, and the lock that it opens (开箱仪式). Keep the secret nowhere."""
    private = PrivateKey.generate()
    return bytes(private), bytes(private.public_key)


def wait_behind(code: str, lock: bytes) -> bytes:
    """An opening code as bytes that only the secret of this lock opens."""
    return SealedBox(PublicKey(bytes(lock))).encrypt(plain(code).encode("ascii"))


def come_forward(waiting: bytes, secret: bytes) -> str | None:
    """The code that waited; None for another secret, or what is none."""
    try:
        return SealedBox(PrivateKey(secret)).decrypt(bytes(waiting)).decode("ascii")
    except (nacl.exceptions.CryptoError, nacl.exceptions.TypeError, ValueError, UnicodeDecodeError):
        return None


def seal(marks: str, public_key: bytes) -> bytes:
    """Seal a ballot: one character an entry. Every ballot of a box gives bytes of the same length."""
    size = -(-len(marks) // BLOCK) * BLOCK
    return SealedBox(PublicKey(bytes(public_key))).encrypt(marks.ljust(size).encode("ascii"))


def lock_away(ballot: str, place: str) -> bytes:
    """A keyed paper ballot as bytes that only this server reads, and only at this ``place``; always of one length.

    Not the custodians' key: two readings must be compared before they are sealed (``scoring.paper``).
    """
    size = -(-len(ballot) // BLOCK) * BLOCK
    return bytes(nacl.secret.SecretBox(_keyed(b"paper", place.encode())).encrypt(ballot.ljust(size).encode("ascii")))


def take_out(kept: bytes, place: str) -> str | None:
    """What was locked away at this place; None if it was changed, or brought from another place."""
    try:
        return nacl.secret.SecretBox(_keyed(b"paper", place.encode())).decrypt(bytes(kept)).decode("ascii").rstrip(" ")
    except (nacl.exceptions.CryptoError, UnicodeDecodeError):
        return None


def break_seal(sealed: bytes, private_key: PrivateKey) -> str | None:
    """The ballot out of its envelope; None if it was not sealed for this key or was changed."""
    try:
        return SealedBox(private_key).decrypt(bytes(sealed)).decode("ascii").rstrip(" ")
    except (nacl.exceptions.CryptoError, UnicodeDecodeError):
        return None
