"""整改答复: every problem of earlier years with its answer, begun from the ledger; and the text they make."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from reviews.ledger.models import Problem, Progress
from reviews.report.models import Answer, Attachment, Report, Section
from reviews.report.prior import problems_to_answer

State = Answer.State
UNANSWERED = "还没有答复"
UNCONFIRMED = "台账中有进展，答复还没有核对保存"
UNPROVED = "答复为“已整改”，还缺佐证：请上传材料或选择台账中的进展（台账已销号的不用）"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One problem to answer: what the author said, or what the ledger knows to begin with."""

    problem: Problem
    number: int  # in the order of the page and of the text
    state: str
    words: str
    progress: Progress | None
    files: tuple[Attachment, ...]
    is_saved: bool

    @property
    def is_closed(self) -> bool:
        return self.problem.state == Problem.State.CLOSED

    @property
    def seen(self) -> str:
        """Tells one saved answer from the next; "" while none is saved."""
        return stamp_of(self.state, self.words) if self.is_saved else ""

    @property
    def state_label(self) -> str:
        return State(self.state).label if self.state else ""

    @property
    def stands(self) -> bool:
        """True if it counts as the author's answer: he saved it, or another person accepted the problem as solved."""
        return bool(self.state) and (self.is_saved or self.is_closed)

    @property
    def lack(self) -> str:
        """What is still missing before the report can be handed in; "" if nothing is."""
        if not self.state:
            return UNANSWERED
        if not self.stands:
            return UNCONFIRMED
        is_proved = self.is_closed or self.progress or self.files
        return "" if self.state != State.DONE or is_proved else UNPROVED


def stamp_of(state: str, words: str) -> str:
    """A short mark of what an answer says, carried by the form that began from it."""
    return hashlib.sha256(f"{state}\n{words}".encode()).hexdigest()[:16]


def answer_lines(report: Report) -> list[AnswerLine]:
    """Every problem that this report answers, in order, in the same few queries whatever their number."""
    problems = problems_to_answer(report.review).prefetch_related("progress")
    saved, files = {}, {}
    if report.pk:
        saved = {answer.problem_id: answer for answer in report.answers.select_related("progress")}
        for file in report.attachments.filter(is_removed=False, answer__isnull=False):
            files.setdefault(file.answer_id, []).append(file)
    lines = []
    for number, problem in enumerate(problems, start=1):
        answer = saved.get(problem.pk)
        if answer:
            own = tuple(files.get(answer.pk, ()))
            lines.append(AnswerLine(problem, number, answer.state, answer.words, answer.progress, own, True))
        else:
            lines.append(AnswerLine(problem, number, *begun_from_ledger(problem), (), False))
    return lines


def begun_from_ledger(problem: Problem) -> tuple[str, str, Progress | None]:
    """State, words and progress to begin with: closed is solved, progress is a part of it, else nothing is known."""
    reported = list(problem.progress.all())
    newest = reported[-1] if reported else None
    if problem.state == Problem.State.CLOSED:
        day = problem.closed_on
        closed = f"已于{day.year}年{day.month}月{day.day}日销号。" if day else "已销号。"
        return State.DONE.value, closing_words(problem) + closed, newest
    if newest:
        return State.PARTLY.value, newest.text.strip(), newest
    return "", "", None


def closing_words(problem: Problem) -> str:
    """What the secretary said when he asked for the closing, as a full sentence; it may be empty."""
    words = problem.closing_words.strip()
    return words if not words or words[-1] in "。！？；" else words + "。"


def lacking(lines: Iterable[AnswerLine]) -> list[AnswerLine]:
    """The lines that keep the report from being handed in."""
    return [line for line in lines if line.lack]


def composed(lines: Iterable[AnswerLine]) -> str:
    """The text of 上年整改情况 that the answers make, one paragraph a problem; what is unanswered is left out."""
    said = [line for line in lines if line.stands]
    return "\n".join(f"{number}.{sentence_of(line)}" for number, line in enumerate(said, start=1))


def with_answers(sections: Mapping[str, str], lines: Iterable[AnswerLine]) -> dict[str, str]:
    """The sections; where 上年整改情况 is empty, with what the answers make of it."""
    prior = Section.PRIOR.value
    return dict(sections) if sections.get(prior, "").strip() else {**sections, prior: composed(lines)}


def sentence_of(line: AnswerLine) -> str:
    named = line.problem.text.strip().rstrip("。；;")
    return f"关于“{named}”的问题，{line.state_label}：{line.words.strip()}"


def frozen_answers(lines: Iterable[AnswerLine]) -> list[dict]:
    """The answers as plain values, as a version keeps them and as every page shows them."""
    return [
        {
            "problem": line.problem.pk,
            "number": line.number,
            "year": line.problem.review.campaign.year,
            "text": line.problem.text,
            "source": line.problem.get_source_display(),
            "ledger": line.problem.get_state_display(),
            "is_closed": line.is_closed,
            "state": line.state,
            "state_label": line.state_label,
            "words": line.words,
            "progress": frozen_progress(line.progress),
            "files": [file.pk for file in line.files],
        }
        for line in lines
    ]


def frozen_progress(progress: Progress | None) -> dict | None:
    """An entry of the ledger that an answer leans on."""
    if progress is None:
        return None
    day = timezone.localtime(progress.at)
    return {
        "pk": progress.pk,
        "day": f"{day:%Y-%m-%d}",
        "text": progress.text,
        "evidence": progress.evidence_name if progress.evidence else "",
    }
