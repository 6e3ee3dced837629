"""Pure: which review an entry of a comment script speaks of, and which old point a reworded one continues."""

import re
from dataclasses import dataclass

# "XXX党支部书记XXX同志": a name that the writer left open.
LEFT_OPEN = re.compile(r"[xX×ｘＸ*＊某○〇_＿]+|.*?[xX×ｘＸ*＊某○〇_＿]{2,}.*")
# What an organization is, left away when names are compared loosely.
KIND = re.compile(r"(党支部|支部|党总支|总支|党委|党组)$")
# What may stand around the name of an organization without changing which one is meant.
SURROUNDINGS = re.compile(r"(中共|中国共产党|委员会|支部委员会|书记|同志|\s)")

BY_NAME = "姓名一致"
BY_ORGANIZATION = "单位一致"
BY_LIKENESS = "单位相近"
BY_ORDER = "按顺序"
UNMATCHED = "未匹配"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A review as the matching sees it: its key, and the names by which a script may call it."""

    key: int
    person: str
    organization: str
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The review found for an entry (None: choose by hand) and how it was found."""

    key: int | None
    how: str


def is_left_open(name: str) -> bool:
    """True for an empty name and for one of placeholders only, such as XXX or 某某."""
    bare = KIND.sub("", _plain(name))
    return not bare or bool(LEFT_OPEN.fullmatch(bare))


def match_entries(named: list[tuple[int, str, str]], candidates: list[Candidate]) -> list[Match]:
    """Find the review for each entry, given as (number, organization, person), in that order.

    Surest first: the person's name, the organization's name, one organization name contained in
    the other. An entry whose names were left open takes the review that stands in its place of the
    speaking order. A name that nobody bears is left for a person to decide, never guessed by order.
    No review is given out twice.
    """
    free = {candidate.key: candidate for candidate in candidates}
    found: list[Match | None] = [None] * len(named)
    for how, fits in ((BY_NAME, _same_person), (BY_ORGANIZATION, _same_organization), (BY_LIKENESS, _alike)):
        for place, (_, organization, person) in enumerate(named):
            fitting = [c for c in free.values() if found[place] is None and fits(c, organization, person)]
            if len(fitting) == 1:
                found[place] = Match(free.pop(fitting[0].key).key, how)
    for place, (number, organization, person) in enumerate(named):
        in_place = candidates[number - 1] if 0 < number <= len(candidates) else None
        open_names = is_left_open(organization) and is_left_open(person)
        if found[place] is None and open_names and in_place and in_place.key in free:
            found[place] = Match(free.pop(in_place.key).key, BY_ORDER)
    return [match or Match(None, UNMATCHED) for match in found]


def _plain(name: str) -> str:
    return SURROUNDINGS.sub("", name)


def _same_person(candidate: Candidate, organization: str, person: str) -> bool:
    return not is_left_open(person) and _plain(candidate.person) == _plain(person)


def _same_organization(candidate: Candidate, organization: str, person: str) -> bool:
    names = {_plain(candidate.organization), _plain(candidate.short_name)} - {""}
    return not is_left_open(organization) and _plain(organization) in names


def _alike(candidate: Candidate, organization: str, person: str) -> bool:
    if is_left_open(organization):
        return False
    said = KIND.sub("", _plain(organization))
    names = {KIND.sub("", _plain(name)) for name in (candidate.organization, candidate.short_name)} - {""}
    return any(said in name or name in said for name in names)


def pair_points(old: list[str], new: list[str]) -> list[int | None]:
    """For each new point, the place of the old one that it continues, or None for a new problem.

    The same text continues wherever it moved; what is left over continues at the same number.

    >>> pair_points(["学习不深", "创新不够"], ["创新不够", "制度不严", "融合不紧"])
    [1, None, None]
    >>> pair_points(["学习不深", "创新不够"], ["学习不够深入", "创新不够"])
    [0, 1]
    """
    places: list[int | None] = [None] * len(new)
    free = set(range(len(old)))
    for place, text in enumerate(new):
        same = next((n for n in sorted(free) if old[n] == text), None)
        if same is not None:
            places[place] = same
            free.discard(same)
    for place in range(len(new)):
        if places[place] is None and place in free:
            places[place] = place
            free.discard(place)
    return places


def sentence_of(text: str, point: str) -> str:
    """The words of ``text`` in which a point was said, its "一是" included; the point itself if not found.

    >>> sentence_of("主要不足：一是学习不深；二是创新不够。", "创新不够")
    '二是创新不够。'
    """
    start = text.find(point)
    if start < 0:
        return point
    end = start + len(point)
    while start > 0 and text[start - 1] not in "。；;！？!?：:\n":
        start -= 1
    while end < len(text) and text[end] in "。；;！？!?":
        end += 1
    return text[start:end].strip()
