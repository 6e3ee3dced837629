"""S3: no column, key or table may ever tie a ballot to a person, a time or an order."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, OneToOneField

from organizations.models import Person
from scoring.models import Box, Entry, Envelope, KeyedSheet, Mark, Panel, PaperBatch, Token, WrappedKey

# Frozen. Whoever changes this list says in the commit why the secret stays one.
BALLOT_COLUMNS = {
    Token: {"mac", "panel_id", "state"},
    Envelope: {"receipt", "panel_id", "sealed", "mac"},
    Mark: {"id", "entry_id", "panel_id", "choice", "votes"},
    WrappedKey: {"id", "box_id", "pair", "salt", "wrapped"},
}
# What else the engine stores. None of it is about one ballot.
OTHER_TABLES = {"scoring_box", "scoring_lid", "scoring_event", "scoring_panel", "scoring_entry", "scoring_receiptlist"}
OTHER_TABLES |= {"scoring_checkpoint"}  # of the box as a whole, as coarse as everybody sees it (S8)
# Paper is keyed by tellers, from a mixed pile without names: who keyed is known, who voted is not. A keyed sheet is
# locked bytes with a place in the pile, lives until its batch goes into the box, and no ballot row points at it.
PAPER_COLUMNS = {
    PaperBatch: {"id", "panel_id", "number", "sheets", "exchanged", "state", "first_by_id", "second_by_id"}
    | {"decided_by_id", "is_first_done", "is_second_done", "differing", "invalid"},
    KeyedSheet: {"id", "batch_id", "reading", "position", "kept"},
}
TIMELESS = {"DateField", "DateTimeField", "TimeField", "GenericIPAddressField"}


def hops_to(model, goal, most):
    """The shortest path of foreign keys from a model to another, up to ``most`` long; None if there is none."""
    paths = [(model,)]
    for _ in range(most):
        paths = [
            (*path, field.related_model)
            for path in paths
            for field in path[-1]._meta.get_fields()
            if field.is_relation and field.concrete and field.related_model not in path
        ]
        for path in paths:
            if path[-1] is goal:
                return path
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("model", BALLOT_COLUMNS | PAPER_COLUMNS, ids=lambda model: model.__name__)
def test_the_columns_of_the_ballot_tables_are_the_frozen_ones(model):
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, model._meta.db_table)

    frozen = (BALLOT_COLUMNS | PAPER_COLUMNS)[model]
    assert {column.name for column in described} == frozen
    assert {field.column for field in model._meta.local_fields} == frozen


@pytest.mark.parametrize("model", [Token, Envelope, Mark], ids=lambda model: model.__name__)
def test_no_ballot_row_has_a_counter_a_time_or_an_address(model):
    kinds = {field.get_internal_type() for field in model._meta.local_fields}

    assert kinds <= {"BinaryField", "UUIDField", "ForeignKey", "CharField", "PositiveIntegerField"}
    assert not kinds & TIMELESS
    assert model._meta.pk.get_internal_type() in {"BinaryField", "UUIDField"}


@pytest.mark.parametrize("model", [*BALLOT_COLUMNS, Panel, Entry, Box], ids=lambda model: model.__name__)
def test_no_way_leads_from_a_ballot_table_to_a_person(model):
    assert hops_to(model, Person, most=3) is None


def test_the_search_for_ways_finds_one_where_there_is_one():
    trace = apps.get_model("organizations", "Trace")

    assert hops_to(trace, Person, most=3) == (trace, Person)


@pytest.mark.parametrize("model", [Token, Envelope, Mark], ids=lambda model: model.__name__)
def test_nothing_points_at_a_single_ballot_row(model):
    pointing = [
        f"{other._meta.label}.{field.name}"
        for other in apps.get_models(include_auto_created=True)
        for field in other._meta.local_fields
        if isinstance(field, ForeignKey | OneToOneField) and field.related_model is model
    ]

    assert pointing == []


@pytest.mark.django_db
def test_a_new_table_in_the_engine_or_with_ballot_in_its_name_needs_a_second_look():
    known = OTHER_TABLES | {model._meta.db_table for model in BALLOT_COLUMNS | PAPER_COLUMNS}

    watched = {
        table
        for table in connection.introspection.table_names()
        if table.startswith("scoring_") or any(word in table for word in ("ballot", "envelope", "token"))
    }

    assert watched == known
