"""What changed between two texts, sentence by sentence, then letter by letter. Pure: only the standard library.

difflib is quadratic, and worse on texts that repeat themselves. It sees only what lies between sentences
that stand once in both texts, and only as much of it as ``Effort`` allows; what is beyond is shown as
replaced whole. So any two texts are compared in time that grows with their length.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

# A sentence with its end marks; line ends stay with the sentence before them.
SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]+|[^。！？；\n]+")
# What a reader takes for one letter: with its marks, with all that is joined to it, a flag whole.
JOINED = r"[\u0300-\u036f\u180b-\u180d\u20d0-\u20f0\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
LETTER = re.compile(rf"\r\n|[\U0001f1e6-\U0001f1ff]{{2}}|.{JOINED}(?:[\u200c\u200d].{JOINED})*", re.DOTALL)
BLANKS = re.compile(r"\s+")
# Beyond this a passage is shown as replaced: nobody reads it letter by letter.
MAX_PASSAGE_CHARS = 600
MAX_PAIRED_SENTENCES = 40
# How often one gap between anchors is cut again at anchors of its own.
MAX_DEPTH = 8
# Pairs of equal parts that difflib may look at: in one passage, and in one comparison.
MAX_PAIRS = 12_000
ALL_PAIRS = 400_000
# Less alike than this, two passages are easier to read one after the other than woven together.
WOVEN_FROM = 0.5
# Sentences of which this share of letter pairs agrees are the same sentence, reworded.
PAIRED_FROM = 0.4
# An unchanged stretch longer than this is folded, but for a few letters at the changes beside it.
FOLDED_FROM = 160
SHOWN_BESIDE = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, was put in or was taken out; ``fold`` stayed too, but need not be shown."""

    text: str
    kind: str  # same, ins, del, fold

    @property
    def chars(self) -> int:
        """Length in non-blank characters."""
        return len(BLANKS.sub("", self.text))


@dataclass(slots=True)
class Effort:
    """How much difflib may still do in one comparison."""

    left: int = field(default=ALL_PAIRS)

    def allows(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Whether the two may be laid side by side part by part; if so it is paid for."""
        counts = Counter(new)
        pairs = len(old) + sum(counts[part] for part in old)
        if pairs > min(MAX_PAIRS, self.left):
            return False
        self.left -= pairs
        return True


Gap = tuple[list[str], list[str]]  # parts of the old text, and what stands in their place in the new


def compare(before: str, after: str) -> list[Piece]:
    """The way from ``before`` to ``after`` as pieces in reading order; what was taken out stands first.

    Joining the pieces without the deletions gives ``after``, without the insertions ``before``.
    """
    if before == after:
        return [Piece(before, "same")] if before else []
    effort = Effort()
    pieces: list[Piece] = []
    for old, new in aligned(SENTENCE.findall(before), SENTENCE.findall(after), effort, MAX_DEPTH):
        pieces += [Piece("".join(old), "same")] if old == new else compare_sentences(old, new, effort)
    return join_alike(pieces)


def count_changes(pieces: Iterable[Piece]) -> tuple[int, int]:
    """Non-blank characters put in, and taken out."""
    chars = Counter()
    for piece in pieces:
        chars[piece.kind] += piece.chars
    return chars["ins"], chars["del"]


def fold(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, long unchanged stretches cut so that only what stands beside a change must be shown."""
    folded: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.kind != "same" or len(piece.text) <= FOLDED_FROM:
            folded.append(piece)
            continue
        head = after_end_mark(piece.text, SHOWN_BESIDE) if place else 0
        tail = before_end_mark(piece.text, SHOWN_BESIDE) if place < len(pieces) - 1 else len(piece.text)
        cut = [
            Piece(piece.text[:head], "same"),
            Piece(piece.text[head:tail], "fold"),
            Piece(piece.text[tail:], "same"),
        ]
        folded += [part for part in cut if part.text]
    return folded


def after_end_mark(text: str, least: int) -> int:
    """Where the head to show ends: after the sentence that reaches beyond ``least``, if it is not long."""
    end = SENTENCE_END.search(text, least, 2 * least)
    return end.end() if end else least


def before_end_mark(text: str, least: int) -> int:
    """Where the tail to show begins: after a sentence's end, if there is one not far away."""
    ends = list(SENTENCE_END.finditer(text, len(text) - 2 * least, len(text) - least))
    return ends[-1].end() if ends else len(text) - least


SENTENCE_END = re.compile(r"[。！？；\n]+")


def aligned(old: list[str], new: list[str], effort: Effort, depth: int) -> Iterator[Gap]:
    """Both texts cut at the parts they share, in order: equal gaps stayed, the others changed."""
    head = shared_head(old, new)
    tail = shared_head(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    if head:
        yield old[:head], old[:head]
    middle = old[head:old_end], new[head:new_end]
    anchors = anchors_of(*middle) if depth and all(middle) else []
    if anchors:
        yield from between(*middle, anchors, effort, depth - 1)
    elif any(middle):
        yield from laid_side_by_side(*middle, effort)
    if tail:
        yield old[old_end:], old[old_end:]


def between(old: list[str], new: list[str], anchors: list[tuple[int, int]], effort: Effort, depth: int):
    """The gaps before, between and after the anchors, each aligned for itself, and the anchors."""
    old_at = new_at = 0
    for here, there in anchors:
        if old_at < here or new_at < there:
            yield from aligned(old[old_at:here], new[new_at:there], effort, depth)
        yield [old[here]], [new[there]]
        old_at, new_at = here + 1, there + 1
    if old_at < len(old) or new_at < len(new):
        yield from aligned(old[old_at:], new[new_at:], effort, depth)


def anchors_of(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Places of parts that stand once in both, the most that keep the order of both (patience diff)."""
    once_old = {part for part, count in Counter(old).items() if count == 1}
    once_new = {part for part, count in Counter(new).items() if count == 1}
    there = {part: place for place, part in enumerate(new) if part in once_new}
    shared = [(place, there[part]) for place, part in enumerate(old) if part in once_old and part in there]
    ends: list[int] = []  # the smallest last place of a rising row of each length
    owners: list[int] = []
    came_from: list[int] = []
    for number, (_, place) in enumerate(shared):
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        owners[length : length + 1] = [number]
        came_from.append(owners[length - 1] if length else -1)
    row: list[tuple[int, int]] = []
    number = owners[-1] if owners else -1
    while number >= 0:
        row.append(shared[number])
        number = came_from[number]
    return row[::-1]


def laid_side_by_side(old: list[str], new: list[str], effort: Effort) -> Iterator[Gap]:
    """What has no anchor: by difflib where that is affordable, else replaced whole."""
    if not old or not new or not effort.allows(old, new):
        yield old, new
        return
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield old[i1:i2], new[j1:j2]


def shared_head(old: Sequence[str], new: Sequence[str]) -> int:
    """How many parts both begin with."""
    shared = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        shared += 1
    return shared


def compare_sentences(old: list[str], new: list[str], effort: Effort) -> list[Piece]:
    """Sentences that were replaced: each reworded one beside its old wording, the others gone or new."""
    if max(len(old), len(new)) > MAX_PAIRED_SENTENCES:
        return replaced("".join(old), "".join(new))
    pieces: list[Piece] = []
    old_at = new_at = 0
    for here, there in [*reworded(old, new), (len(old), len(new))]:
        pieces += compare_passages("".join(old[old_at:here]), "".join(new[new_at:there]), effort)
        if here < len(old):
            pieces += compare_passages(old[here], new[there], effort)
        old_at, new_at = here + 1, there + 1
    return pieces


def reworded(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Which old sentence became which new one: in order, as alike as possible all together."""
    olds, news = [letter_pairs(one) for one in old], [letter_pairs(one) for one in new]
    # best[i][j]: the likeness that the first i and j sentences can reach.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    likeness = [[alike(one, other) for other in news] for one in olds]
    for i in range(1, len(old) + 1):
        for j in range(1, len(new) + 1):
            paired = best[i - 1][j - 1] + likeness[i - 1][j - 1]
            best[i][j] = max(best[i - 1][j], best[i][j - 1], paired)
    row, i, j = [], len(old), len(new)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            row.append((i, j))
    return row[::-1]


def letter_pairs(sentence: str) -> frozenset[str]:
    """The neighbouring letters of a sentence; of a monster only its beginning."""
    text = sentence[:MAX_PASSAGE_CHARS]
    return frozenset(text[place : place + 2] for place in range(max(1, len(text) - 1)))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared letter pairs over all, 0 below PAIRED_FROM."""
    share = 2 * len(one & other) / (len(one) + len(other))
    return share if share >= PAIRED_FROM else 0.0


def compare_passages(before: str, after: str, effort: Effort) -> list[Piece]:
    """Two differing passages letter by letter, or one after the other where they have little in common."""
    if not before or not after or max(len(before), len(after)) > MAX_PASSAGE_CHARS:
        return replaced(before, after)
    old, new = LETTER.findall(before), LETTER.findall(after)
    if not effort.allows(old, new):
        return replaced(before, after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < WOVEN_FROM:
        return replaced(before, after)
    pieces: list[Piece] = []
    for gone, come in without_islands([(old[a:b], new[c:d]) for _, a, b, c, d in matcher.get_opcodes()]):
        pieces += [Piece("".join(gone), "same")] if gone == come else replaced("".join(gone), "".join(come))
    return pieces


def without_islands(gaps: list[Gap]) -> list[Gap]:
    """The same gaps, but a single letter that stayed between two longer changes goes with them: it says nothing."""
    calm: list[Gap] = []
    for place, (old, new) in enumerate(gaps):
        stayed = old == new
        is_island = stayed and len(old) == 1 and 0 < place < len(gaps) - 1
        is_island = is_island and all(size_of(gaps[beside]) > 1 for beside in (place - 1, place + 1))
        follows_change = bool(calm) and calm[-1][0] != calm[-1][1]
        if is_island or (follows_change and not stayed):
            calm[-1] = (calm[-1][0] + old, calm[-1][1] + new)
        else:
            calm.append((old, new))
    return calm


def size_of(gap: Gap) -> int:
    return max(map(len, gap))


def replaced(before: str, after: str) -> list[Piece]:
    """What was taken out, then what was put in its place."""
    if before == after:
        return [Piece(before, "same")] if before else []
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
