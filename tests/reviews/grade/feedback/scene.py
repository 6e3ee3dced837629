"""A campaign fed back, and officers who had no part in its grades."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from organizations.models import Person, Role
from reviews.grade.feedback import objecting
from reviews.grade.feedback.actions import sign_letter
from reviews.grade.feedback.answering import digest_of_answer
from reviews.grade.feedback.models import Letter, Objection
from reviews.grade.feedback.objecting import Answer
from tests.make import make_officer
from tests.reviews.grade.scene import FAIR, GOOD, Scene, build_scene, send_letters

FINDING = "逐项核对了台账和签到记录，反映的情况属实。"
UPHELD = Answer("upheld", FINDING)
RAISED = Answer("changed", FINDING, grade="GOOD", reference="局党组第5次会议", decided_on=timezone.localdate())


@dataclass
class Feedback:
    """A scene whose letters are out, with a second clerk and a leader who decided nothing."""

    scene: Scene
    reviewer: Person
    leader: Person

    @property
    def letter(self) -> Letter:
        """Of the second review, who is 较好."""
        return Letter.objects.select_related("review__decision", "review__campaign").get(review=self.scene.reviews[1])

    @property
    def secretary(self) -> Person:
        return self.scene.reviews[1].secretary

    def objection(self) -> Objection:
        own = Objection.objects.filter(letter=self.letter)
        return own.select_related("letter__review__decision").get()


def fed_back(scene: Scene | None = None, *, is_signed: bool = True) -> Feedback:
    """Letters out; the second secretary has signed for his."""
    scene = send_letters(scene or build_scene([{"A": GOOD}, {"A": FAIR}]))
    feedback = Feedback(
        scene,
        make_officer(Role.VETTER, scene.organizer, "复核人"),
        make_officer(Role.LEADER, scene.organizer, "分管领导"),
    )
    if is_signed:
        sign_letter(feedback.letter, by=feedback.secretary)
    return feedback


def raised(feedback: Feedback | None = None) -> Feedback:
    feedback = feedback or fed_back()
    grounds = "平时得分少计了一次考核，台账可以核对。"
    objecting.raise_objection(feedback.letter, asks="grade", grounds=grounds, by=feedback.secretary)
    return feedback


def acknowledged(feedback: Feedback | None = None) -> Feedback:
    feedback = raised(feedback)
    due_on = timezone.localdate() + timedelta(days=20)
    objecting.acknowledge(feedback.objection(), due_on=due_on, by=feedback.scene.clerk)
    return feedback


def reviewed(feedback: Feedback | None = None, answer: Answer = RAISED) -> Feedback:
    feedback = acknowledged(feedback)
    objecting.propose_answer(feedback.objection(), answer, by=feedback.reviewer)
    return feedback


def answered(feedback: Feedback | None = None, answer: Answer = RAISED) -> Feedback:
    feedback = reviewed(feedback, answer)
    approve(feedback)
    return feedback


def approve(feedback: Feedback, by: Person | None = None) -> None:
    objection = feedback.objection()
    objecting.approve_answer(objection, seen=digest_of_answer(objection), by=by or feedback.leader)


def close_window(feedback: Feedback) -> None:
    """The letter's window ended yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Letter.objects.filter(pk=feedback.letter.pk).update(objection_until=yesterday)
