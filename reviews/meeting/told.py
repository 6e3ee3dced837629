"""What the pages of the release show: comments by secretary with their state, points with theme and likeness."""

from dataclasses import dataclass

from django.db.models import Prefetch

from organizations.models import Person
from reviews.ledger.themes import THEMES, common_themes, suggest_theme
from reviews.meeting.likeness import Likeness, cliches_in, most_alike
from reviews.meeting.models import Comment, Point, Turn
from reviews.meeting.queries import in_speaking_order, speaking_order
from reviews.plan.models import Campaign, Review
from reviews.visit.queries import contacts_of

COMMON_FROM = 3  # persons with the same theme, from whom on it is suggested as common (C8)


@dataclass(frozen=True, slots=True)
class Alike:
    """另一份点评: whom it is on, its number in the order, the words shared."""

    number: int
    name: str
    words: str
    length: int


@dataclass(frozen=True, slots=True)
class Sorting:
    """The points of a campaign counted: a theme, at how many persons it was found, in how many points."""

    theme: str
    label: str
    persons: int
    points: int
    is_common: bool


def comments_of_day(campaign: Campaign, person: Person) -> list[Review]:
    """Reviews in speaking order with the comments that the person may read, in a few queries.

    Each comment gets ``alike`` (the one most like it, on another secretary, or None) and ``cliches``; each point
    ``is_suggested_common``. A comment withheld for good stands among them and counts for nothing.
    """
    points = Point.objects.select_related("problem")
    shown = Comment.objects.shown_to(person).select_related("told_by", "released_by", "released_for", "withheld_by")
    said = Prefetch("comments", shown.prefetch_related(None).prefetch_related(Prefetch("points", points)), "said")
    reviews = in_speaking_order(campaign.reviews.for_list().prefetch_related(said))
    comments = [(number, review, c) for number, review in enumerate(reviews, 1) for c in review.said]
    common = common_in(reviews)
    for review in reviews:
        review.has_held = any(comment.waits for comment in review.said)
    for _, review, comment in comments:
        others = [(n, r, c) for n, r, c in comments if r.pk != review.pk]
        comment.alike = _alike(comment.told["weaknesses"], others)
        comment.cliches = cliches_in(comment.told["weaknesses"])
        for point in comment.points.all():
            point.is_suggested_common = point.problem.theme in common
    return reviews


def with_contacts(reviews: list[Review], campaign: Campaign, person: Person) -> list[Review]:
    """The list to prepare from, each with its place in speaking order and the leader whose contact point it is.

    Who has contact points among them sees his own first (C13): he is the one to comment on them.
    """
    leaders = contacts_of([review.organization_id for review in reviews], campaign.year)
    for number, review in enumerate(reviews, start=1):
        review.number = number
        review.contact = leaders.get(review.organization_id)
        review.is_mine = review.contact == person and not review.is_own
    return sorted(reviews, key=lambda review: not review.is_mine)


def name_contacts(turns: list[Turn], campaign: Campaign) -> None:
    """Give each turn of the console ``contact``: the leader who by his contact points is to comment, or None."""
    leaders = contacts_of([turn.review.organization_id for turn in turns], campaign.year)
    for turn in turns:
        turn.contact = leaders.get(turn.review.organization_id)


def sorting_of(reviews: list[Review]) -> list[Sorting]:
    """The themes of ``comments_of_day`` counted, the most frequent first."""
    found: dict[str, list[int]] = {}
    for review, theme in _themes_in(reviews):
        found.setdefault(theme, []).append(review)
    common = common_in(reviews)
    lines = [
        Sorting(theme, THEMES.get(theme, "未归类"), len(set(keys)), len(keys), theme in common)
        for theme, keys in found.items()
    ]
    return sorted(lines, key=lambda line: (not line.theme, -line.persons, -line.points, line.theme))


def likeness_while_typing(review: Review, text: str, person: Person) -> tuple[Alike | None, list[str]]:
    """For a text being typed: the comment of the day most like it, and its stock phrases."""
    order = {other.pk: n for n, other in enumerate(speaking_order(review.campaign), 1)}
    shown = Comment.objects.exclude(review__secretary=person).filter(review__campaign=review.campaign_id)
    shown = shown.exclude(review=review).select_related("review__secretary").order_by("review__order", "pk")
    return _alike(text, [(order[c.review_id], c.review, c) for c in shown]), cliches_in(text)


def _alike(text: str, others: list[tuple[int, Review, Comment]]) -> Alike | None:
    found: Likeness | None = most_alike(text, [comment.told["weaknesses"] for _, _, comment in others])
    if found is None:
        return None
    number, review, _ = others[found.place]
    return Alike(number, review.secretary.name, found.words, found.length)


def common_in(reviews: list[Review]) -> set[str]:
    """Themes that ``comments_of_day`` found with so many persons that they are suggested as common (共性问题)."""
    return common_themes(_themes_in(reviews), COMMON_FROM)


def _themes_in(reviews: list[Review]) -> list[tuple[int, str]]:
    """(review key, theme) of every point that was or may still be let go."""
    said = [(review.pk, comment) for review in reviews for comment in review.said if not comment.is_withheld]
    return [(key, point.problem.theme) for key, comment in said for point in comment.points.all()]


def themed(points: list[str]) -> list[tuple[str, str]]:
    """Points with the theme that each reads like, in words; "" where none is told."""
    return [(text, THEMES.get(suggest_theme(text), "")) for text in points]
