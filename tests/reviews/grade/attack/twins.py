"""Two votes of one size with one result: whoever sees a difference on any page has learned something of the votes."""

import re
from collections.abc import Iterator
from random import Random

from django.template.loader import render_to_string
from django.urls import reverse

from organizations.models import Person
from reviews.documents.grade_sheet import build_grade_sheet
from reviews.documents.tally_sheet import TEMPLATE, sheet_of
from reviews.grade import suggesting
from scoring import merkle, rules
from scoring.models import Box, Mark
from scoring.opening import box_lines, counts_of, tally_of
from scoring.tally import MARKS as NAMES
from scoring.tally import PanelCount
from scoring.terms import policy_of
from tests.reviews.grade.attack.sessions import counts
from tests.reviews.grade.scene import Scene
from tests.scoring.owner import as_owner

ALL_MARKS = {name: choice for choice, name in NAMES.items()}
PAGES = ("table", "letters", "letter_preview", "health", "scores", "publish", "objections", "consequences", "trial")
OF_A_REVIEW = ("why", "opinion", "draft", "letter")
# Random marks of a page, moments, and digests of things that hold the time of day.
CHANGING = re.compile(r'csrfmiddlewaretoken"? value="[^"]+"|"X-CSRFToken": "[^"]+"|\b[0-9a-f]{16,}\b|\d\d:\d\d')

Votes = list[dict[str, dict[str, int]]]  # a review each: panel -> counts


def as_marks(votes: Votes) -> list[dict[str, str]]:
    """The same as ``build_scene`` takes them: one mark a voter."""
    return [
        {code: "".join(ALL_MARKS[name] * panel[name] for name in ALL_MARKS) for code, panel in review.items()}
        for review in votes
    ]


def random_votes(random: Random, sizes: dict[str, int], reviews: int) -> Votes:
    return [{code: counts(random, size, all_speak=True) for code, size in sizes.items()} for _ in range(reviews)]


def result_of(scene: Scene, votes: Votes) -> list[tuple]:
    """What the rules make of such votes: grade, open or not, which rules."""
    standings = [
        rules.Standing(id=number, panels={code: PanelCount(**panel) for code, panel in review.items()})
        for number, review in enumerate(votes)
    ]
    outcome = rules.suggest_grades(standings, policy_of(scene.campaign.rounds.get().box))
    return [
        (each.grade, each.is_open, *(r.code for r in (*each.reasons, *each.notices))) for each in outcome.suggestions
    ]


def replace_votes(scene: Scene, votes: Votes) -> None:
    """As if the opened box had held these votes."""
    box = scene.campaign.rounds.get().box
    panels = {panel.code: panel for panel in box.panels.all()}
    with as_owner():
        Mark.objects.filter(panel__box=box).delete()
        Mark.objects.bulk_create(
            Mark(entry=entry, panel=panels[code], choice=ALL_MARKS[name], votes=panel[name])
            for entry, review in zip(box.entries.order_by("number"), votes, strict=True)
            for code, panel in review.items()
            for name in ALL_MARKS
            if panel[name]
        )
        counted = counts_of(box)
        roots = {"box_root": merkle.root(box_lines(counted)), "tally_hash": merkle.digest(tally_of(box, counted))}
        Box.objects.filter(pk=box.pk).update(**roots)


def restored(scene: Scene) -> None:
    """The suggestions as the rules now make them, also after the approval."""
    suggesting.store(suggesting.read_rules(scene.campaign))


def seen_by(client, scene: Scene, people: list[Person]) -> Iterator[tuple[str, str]]:
    """Every page of results as each person gets it, and what stands in the files, without what changes anyhow."""
    round_, campaign = scene.campaign.rounds.get(), scene.campaign
    urls = [reverse(f"grade:{name}", args=[campaign.pk]) for name in PAGES]
    urls += [reverse(f"grade:{name}", args=[review.pk]) for review in scene.reviews for name in OF_A_REVIEW]
    urls += [reverse("desk:overview", args=[campaign.pk]), reverse("desk:workbench")]
    urls += [reverse("ballot:round", args=[round_.pk]), reverse("ballot:recount", args=[round_.pk])]
    for person in people:
        client.force_login(person)
        for url in urls:
            answer = client.get(url)
            yield f"{person} {url}", f"{answer.status_code} {CHANGING.sub('', answer.content.decode())}"
    yield "等次表", build_grade_sheet(campaign, lambda done, total: None).hex()
    yield "报告单", CHANGING.sub("", _tally_sheet(round_))


def _tally_sheet(round_) -> str:
    sheet = sheet_of(round_)
    return render_to_string(TEMPLATE, sheet)
