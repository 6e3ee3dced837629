"""New facts into a text that somebody has edited: his own words stay, paragraph by paragraph."""

from difflib import SequenceMatcher

NUMERALS = "一二三四五六七八九十"
NEW_FACT = "【请核对】会议事实有变动："  # begins a paragraph that a person must settle before signing


def paragraphs(text: str) -> list[str]:
    """The lines of a text that hold something, without blanks at either end."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def headed_lines(text: str) -> list[tuple[bool, str]]:
    r"""(is a heading, paragraph) of a text: 一、 at the start makes a heading.

    >>> headed_lines("一、述职情况\n林望舒：用时5分。")
    [(True, '一、述职情况'), (False, '林望舒：用时5分。')]
    """
    return [(line[1:2] == "、" and line[0] in NUMERALS, line) for line in paragraphs(text)]


def merge(base: str, own: str, new: str) -> str:
    """Bring what changed from ``base`` to ``new`` into ``own``, which was edited from ``base``.

    What only the facts changed follows the facts; what only the writer changed stays his. Where both
    only added, the new facts follow what he added. Where both changed the same words, his stay and each
    new fact follows, marked with ``NEW_FACT``, so that no word of his is lost and no change of the facts
    goes unseen.
    """
    old, mine, facts = paragraphs(base), paragraphs(own), paragraphs(new)
    in_mine, in_facts = _places(old, mine), _places(old, facts)
    anchors = [(place, in_mine[place], in_facts[place]) for place in sorted(in_mine.keys() & in_facts.keys())]
    merged: list[str] = []
    start = (0, 0, 0)
    for anchor in [*anchors, (len(old), len(mine), len(facts))]:
        parts = [text[begin:end] for text, begin, end in zip((old, mine, facts), start, anchor, strict=True)]
        merged += _settle(*parts)
        merged += old[anchor[0] : anchor[0] + 1]
        start = tuple(place + 1 for place in anchor)
    return "\n\n".join(merged)


def is_unsettled(text: str) -> bool:
    """True while a marked fact waits for a person."""
    return any(part.startswith(NEW_FACT) for part in paragraphs(text))


def _places(old: list[str], other: list[str]) -> dict[int, int]:
    """Old paragraph -> where it stands unchanged in the other text."""
    blocks = SequenceMatcher(None, old, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}


def _settle(old: list[str], mine: list[str], facts: list[str]) -> list[str]:
    """One stretch between two paragraphs that nobody touched."""
    if facts in (old, mine):
        return mine
    if mine == old:
        return facts
    if not old:
        return mine + [fact for fact in facts if fact not in mine]
    return mine + [NEW_FACT + fact for fact in facts if fact not in old and fact not in mine]
