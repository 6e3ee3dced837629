"""PURE: one spelling of a document, its hash, and one hash over many lines. Standard library only."""

import hashlib
import json
from collections.abc import Iterable


def canonical(document: object) -> str:
    """The one way a document is spelled: keys sorted, no spaces, Chinese as it is."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(document: object) -> str:
    """SHA-256 of the canonical spelling, in hexadecimal.

    >>> digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def root(lines: Iterable[str]) -> str:
    """Merkle root over the sorted lines: the order in which they came says nothing and changes nothing.

    Leaves and joints are told apart by their first byte; an odd last one moves up as it is.

    >>> root(["b", "a"]) == root(["a", "b"]) != root(["a", "a", "b"])
    True
    """
    level = [hashlib.sha256(b"\x00" + line.encode()).digest() for line in sorted(lines)]
    while len(level) > 1:
        pairs = [level[place : place + 2] for place in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return (level[0] if level else hashlib.sha256(b"").digest()).hex()
