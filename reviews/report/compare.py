"""What changed between two versions, sentence by sentence, then letter by letter. Pure: only the standard library."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A sentence with its end marks; line ends stay with the sentence before them.
SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]+|[^。！？；\n]+")
# Beyond these sizes comparing costs more than a reader gains: the passage is shown as replaced whole.
MAX_SENTENCES = 2_000
MAX_PASSAGE_CHARS = 600
# Less alike than this, two passages are easier to read one after the other than woven together.
WOVEN_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, was put in or was taken out."""

    text: str
    kind: str  # same, ins, del


def compare(before: str, after: str) -> list[Piece]:
    """The way from ``before`` to ``after`` as pieces in reading order; what was taken out stands first.

    Joining the pieces without the deletions gives ``after``, without the insertions ``before``.
    """
    old, new = SENTENCE.findall(before), SENTENCE.findall(after)
    if max(len(old), len(new)) > MAX_SENTENCES:
        return join_alike([Piece(before, "same")] if before == after else replaced(before, after))
    pieces: list[Piece] = []
    for change, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        gone, come = "".join(old[i1:i2]), "".join(new[j1:j2])
        pieces += [Piece(gone, "same")] if change == "equal" else compare_passages(gone, come)
    return join_alike(pieces)


def compare_passages(before: str, after: str) -> list[Piece]:
    """Two differing passages letter by letter, or one after the other where they have little in common."""
    if not before or not after or max(len(before), len(after)) > MAX_PASSAGE_CHARS:
        return replaced(before, after)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < WOVEN_FROM:
        return replaced(before, after)
    pieces: list[Piece] = []
    for change, i1, i2, j1, j2 in matcher.get_opcodes():
        same = change == "equal"
        pieces += [Piece(before[i1:i2], "same")] if same else replaced(before[i1:i2], after[j1:j2])
    return pieces


def replaced(before: str, after: str) -> list[Piece]:
    """What was taken out, then what was put in its place."""
    return [piece for piece in (Piece(before, "del"), Piece(after, "ins")) if piece.text]


def join_alike(pieces: list[Piece]) -> list[Piece]:
    """The same pieces, neighbours of one kind made one, empty ones dropped."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.kind)
        elif piece.text:
            joined.append(piece)
    return joined
