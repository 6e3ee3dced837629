"""等次名称 at the vote: sheet, paper, its keying and the sheet of figures call the grades as the rules do."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from reviews.ballot import paper as paper_verbs
from reviews.ballot.actions import unseal_round
from reviews.documents.paper_ballot import TEMPLATE as PAPER
from reviews.documents.paper_ballot import contexts_for
from reviews.documents.tally_sheet import TEMPLATE as TALLY
from reviews.documents.tally_sheet import sheet_of
from reviews.models import Campaign, Round
from scoring.policy import from_document, to_document
from tests.reviews.ballot.hall import closed, keyed, set_hall, table_of, voting

pytestmark = pytest.mark.django_db
WORDS = ["优秀", "称职", "基本称职", "不称职"]


def hall_with_own_words():
    hall = set_hall()
    hall.campaign.policy = to_document(from_document({"grade_labels": WORDS}))
    hall.campaign.save(update_fields=["policy"])
    return hall


def test_the_voters_sheet_offers_the_grades_by_the_campaigns_names(client):
    hall = voting(hall_with_own_words())

    page = client.post(reverse("ballot:sheet"), {"slip": hall.slips["A"][0]}).content.decode()

    for value, word in zip("4321", WORDS, strict=True):
        assert f'value="{value}" required><span>{word}</span>' in page
    assert "较好" not in page


def test_the_paper_names_its_columns_so_and_the_tellers_keys_mean_them(client):
    hall = voting(hall_with_own_words(), paper={"A": 2})
    table = table_of(hall)
    batch = keyed(hall, table, ["444", "333"])
    (context, _), *_ = contexts_for(batch.panel, year=2026, is_large=False)

    paper = render_to_string(PAPER, context)
    client.force_login(table.one)
    pile = keyed_page(client, hall, table)

    for column, word in enumerate(WORDS, start=1):
        assert f'<th class="ballot-tick">{word}</th>' in paper
        assert f'<span data-key="{column}">{word}</span>' in pile
    assert "较好" not in paper + pile


def keyed_page(client, hall, table) -> str:
    """The page on which a teller keys a pile that was only begun."""
    batch = paper_verbs.begin_batch(hall.round, panel="A", sheets=1, by=table.one)
    return client.get(reverse("ballot:paper_key", args=[batch.pk])).content.decode()


def test_the_sheet_of_figures_names_its_columns_so():
    hall = closed(hall_with_own_words())
    unseal_round(hall.round, hall.codes, by=hall.custodian)

    sheet = render_to_string(TALLY, sheet_of(Round.objects.get(pk=hall.round.pk)))

    for word in WORDS:
        assert f"<th>{word}</th>" in sheet
    assert "较好" not in sheet


def test_what_a_box_was_made_with_stands_on_its_papers_whatever_the_campaign_says_since():
    hall = voting(hall_with_own_words())
    hall.campaign.policy = {}
    hall.campaign.save(update_fields=["policy"])
    panel = hall.round.box.panels.get()

    (context, _), *_ = contexts_for(panel, year=2026, is_large=False)

    assert list(context["grades"]) == WORDS


def test_a_campaign_whose_rules_say_nothing_has_the_usual_words():
    assert Campaign(policy={}).grade_words == ("好", "较好", "一般", "差")
    assert Campaign(policy={}).grade_word("POOR") == "差"
    assert Campaign().grade_word(None) == ""
