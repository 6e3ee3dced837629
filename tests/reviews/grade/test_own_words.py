"""等次名称: where a campaign calls the grades otherwise, it does so on every page, paper and list."""

import re
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from openpyxl import load_workbook

from organizations.errors import Refused
from organizations.models import Role
from reviews.documents.consequence_sheet import build_consequence_sheet
from reviews.documents.grade_sheet import build_grade_sheet
from reviews.grade.feedback.models import Letter
from reviews.grade.publishing.actions import publish_grades
from reviews.grade.publishing.models import GradeNotice
from reviews.models import Consequence
from tests.make import make_officer
from tests.reviews.documents.test_letters import html_of, silent
from tests.reviews.grade.pages import page_of
from tests.reviews.grade.scene import (
    FAIR,
    GOOD,
    POOR,
    approve,
    as_suggested,
    build_scene,
    confirmed_fact,
    propose,
    send_letters,
    suggest,
)

pytestmark = pytest.mark.django_db
WORDS = ["优秀", "称职", "基本称职", "不称职"]
USUAL = "较好"  # stands in no other sentence of these pages
VOTES = [{"A": GOOD}, {"A": FAIR}, {"A": POOR}]
RULES = {"grade_labels": WORDS}


@pytest.mark.parametrize(("moment", "names"), [(suggest, ["table"]), (approve, ["table"]), (send_letters, ["letters"])])
def test_the_pages_of_the_whole_campaign_speak_its_own_words(client, moment, names):
    scene = moment(build_scene(VOTES, policy=RULES))

    pages = [page_of(client, scene.clerk, name, scene.campaign.pk) for name in names]

    for page in pages:
        assert "称职" in page
        assert USUAL not in page


def test_the_second_look_the_register_and_the_overview_speak_the_campaigns_own_words(client):
    scene = send_letters(build_scene(VOTES, policy=RULES))
    client.force_login(scene.clerk)

    register = client.get(reverse("grade:consequences", args=[scene.campaign.pk])).content.decode()
    line = client.get(reverse("grade:consequence", args=[Consequence.objects.first().pk])).content.decode()
    overview = client.get(reverse("desk:overview", args=[scene.campaign.pk])).content.decode()
    years = client.get(reverse("desk:person_history", args=[scene.reviews[1].secretary_id])).content.decode()

    for page in (register, line, overview, years):
        assert any(word in page for word in WORDS)
        assert USUAL not in page


def without_sources(page: str) -> str:
    """The page less what it quotes from the plan that the rules come from."""
    return re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)


def test_the_reasons_the_letter_and_its_paper_speak_the_campaigns_own_words(client):
    scene = send_letters(build_scene(VOTES, policy=RULES))
    review = scene.reviews[1]
    client.force_login(review.secretary)

    letter = client.get(reverse("grade:letter", args=[review.pk])).content.decode()
    why = without_sources(client.get(reverse("grade:why", args=[review.pk])).content.decode())
    paper = html_of(Letter.objects.get(review=review))

    for page in (letter, why, paper):
        assert "称职" in page
        assert USUAL not in page


def test_what_is_published_and_what_is_exported_speaks_the_campaigns_own_words():
    scene = send_letters(build_scene(VOTES, policy=RULES))
    head = make_officer(Role.APPROVER, scene.organizer)

    notice = publish_grades(scene.fresh(), audience=GradeNotice.Audience.values[0], by=head)
    sheets = [build(scene.fresh(), silent) for build in (build_grade_sheet, build_consequence_sheet)]

    assert {line["grade"] for line in notice.lines} == {WORDS[0], WORDS[1], WORDS[3]}
    for sheet in sheets:
        cells = [str(cell.value) for row in load_workbook(BytesIO(sheet)).active for cell in row]
        assert WORDS[1] in cells
        assert not any(USUAL in cell for cell in cells)


def test_the_form_of_the_decision_offers_the_campaigns_own_words(client):
    scene = suggest(build_scene(VOTES, policy=RULES))

    page = page_of(client, scene.clerk, "table", scene.campaign.pk)

    assert f'<option value="AVERAGE">{WORDS[2]}</option>' in page


def test_the_words_about_a_consequence_name_the_grades_as_the_campaign_does():
    scene = send_letters(build_scene(VOTES, policy=RULES))

    told = render_to_string(
        "reviews/grade/_consequence_words.html",
        {"line": Consequence(kind=Consequence.Kind.TALK), "campaign": scene.campaign},
    )

    assert f"“{WORDS[2]}”“{WORDS[3]}”" in told


def test_the_two_readings_and_the_page_of_a_fact_name_the_grades_as_the_campaign_does(client):
    scene = suggest(build_scene([{"A": GOOD}, {"A": "4444444422"}, {"A": "4444444222"}], policy=RULES))

    table = page_of(client, scene.clerk, "table", scene.campaign.pk)
    fact = page_of(client, scene.clerk, "fact_add", scene.reviews[0].pk)

    assert f"只算{WORDS[3]}票，也可以把{WORDS[2]}票和{WORDS[3]}票合计" in table
    assert f"等次确定为{WORDS[3]}" in fact


def test_the_method_tells_steps_and_examples_in_the_campaigns_own_words(client):
    scene = build_scene(VOTES, policy={**RULES, "consecutive_years": 0})
    client.force_login(scene.clerk)

    page = client.get(reverse("plan:method", args=[scene.campaign.pk])).content.decode()

    told = re.sub(r'<p class="small-text">依据：.*?</p>', "", page, flags=re.DOTALL)
    assert f"线下的为{WORDS[1]}" in told
    assert USUAL not in told
    assert "差票" not in told
    assert "都是差" not in told


@pytest.mark.parametrize(("marks", "way_out"), [(POOR, "按测评票数"), (FAIR, "撤回相应事实")])
def test_the_refusal_to_lift_a_forced_grade_names_it_and_what_forced_it(marks, way_out):
    scene = suggest(build_scene([{"A": GOOD}, {"A": marks}], policy=RULES))
    if marks == FAIR:
        confirmed_fact(scene, 1)

    with pytest.raises(Refused, match=way_out) as refused:
        propose(scene, as_suggested(scene, r1="GOOD"))

    assert f"等次确定为{WORDS[3]}" in str(refused.value)
