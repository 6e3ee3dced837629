"""What a test looks at: turns by their state, problems by their words, time gone by."""

from datetime import timedelta

from reviews.ledger.models import Problem
from reviews.meeting.models import Turn

TWO = "一是学习不够深入。二是活动形式单一。"


def states(scene) -> list[str]:
    return [turn.state for turn in scene.turns]


def problems_of(review) -> list[tuple[str, str]]:
    return list(Problem.objects.filter(review=review, source="superior_comment").values_list("text", "state"))


def passed(turn: Turn, seconds: int) -> None:
    """Let so many seconds have gone by since the turn began (and was paused)."""
    back = timedelta(seconds=seconds)
    turn.refresh_from_db()
    turn.started_at -= back
    if turn.paused_at:
        turn.paused_at -= back
    turn.save()
