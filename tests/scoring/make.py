"""Makers of figures for the tests of the rules."""

from scoring.rules import PanelCount, Policy, Standing, Suggestion, suggest_grades


def count(good=0, fairly_good=0, average=0, poor=0, **more) -> PanelCount:
    """A panel that balances: as many sheets returned and issued as there are marks, unless said otherwise."""
    marks = {"good": good, "fairly_good": fairly_good, "average": average, "poor": poor}
    marks |= {name: more.pop(name, 0) for name in ("abstain", "invalid", "recused")}
    returned = more.pop("returned", sum(marks.values()))
    return PanelCount(issued=more.pop("issued", returned), returned=returned, **marks)


def standing(name="r1", good=0, fairly_good=0, average=0, poor=0, **more) -> Standing:
    """A review with one panel A, or with the ``panels`` given."""
    panels = more.pop("panels", None)
    marks = {key: more.pop(key) for key in ("abstain", "invalid", "recused", "returned", "issued") if key in more}
    if panels is None:
        panels = {"A": count(good, fairly_good, average, poor, **marks)}
    return Standing(name, panels, **more)


def suggest(one: Standing, **policy) -> Suggestion:
    """What the rules suggest for one review that is alone in its campaign."""
    return suggest_grades([one], Policy(**policy)).of(one.id)


def codes(suggestion: Suggestion) -> list[str]:
    """The codes of a suggestion's reasons."""
    return [reason.code for reason in suggestion.reasons]


def campaign(*scores, **more):
    """As many reviews as scores; a score is the number of 好 of 20 votes, the others are 较好."""
    return [standing(f"r{place}", good, 20 - good, **more) for place, good in enumerate(scores)]
