"""The form of the rules: whatever a policy holds survives it, and every parameter can be reached by it."""

from dataclasses import fields

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings

from reviews.plan.policy_form import BY_ITSELF, FIELDS_OF, SENTENCES, PolicyForm
from scoring.clauses import CLAUSES
from scoring.policy import PRESETS, Policy, to_document
from tests.scoring.test_rule_properties import policies

UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # the machine may be busy


def unbound(policy: Policy) -> PolicyForm:
    return PolicyForm(policy=policy, stored=to_document(policy))


def sent(policy: Policy, **changes) -> PolicyForm:
    """The form as a browser sends it back, some fields typed over."""
    form = unbound(policy)
    data = QueryDict(mutable=True)
    for name in form.fields:
        value = changes.get(name, form[name].value() or "")
        data.setlist(name, value if isinstance(value, list) else [value])
    return PolicyForm(data, policy=policy, stored=to_document(policy))


def test_every_parameter_of_the_rules_is_reached_by_the_form_or_said_to_be_elsewhere():
    assert set(FIELDS_OF) | set(BY_ITSELF) == {each.name for each in fields(Policy)}


def test_every_field_that_sets_a_parameter_stands_in_a_sentence_of_its_clause():
    form = unbound(Policy())

    for clause in CLAUSES:
        standing = {piece for line in SENTENCES[clause.key] for piece in line if piece in form.fields}
        wanted = {name for field in clause.fields for name in FIELDS_OF.get(field, ())}
        assert standing == wanted


@UNHURRIED
@given(policies().filter(lambda policy: policy.panel_weights or policy.forced_poor_scope != "PANEL:B"))
def test_a_policy_sent_back_untouched_is_the_same_policy(policy):
    form = sent(policy)

    assert form.is_valid(), form.errors
    assert form.result == policy


@pytest.mark.parametrize("policy", PRESETS.values(), ids=list(PRESETS))
def test_every_preset_survives_the_form(policy):
    form = sent(policy)

    assert form.is_valid(), form.errors
    assert form.result == policy


OTHERS = {
    "name": ({"name": "三类票规则"}, "三类票规则"),
    "grade_labels": ({"label_good": "优秀"}, ("优秀", "较好", "一般", "差")),
    "empty_panel": ({"empty_panel": "BLOCK"}, "BLOCK"),
    "missing_component": ({"missing_component": "RENORMALIZE"}, "RENORMALIZE"),
    "forcing_facts": (
        {"forcing_facts": ["ACCOUNTABILITY"], "own_facts": "群体事件、失联"},
        ("ACCOUNTABILITY", "群体事件", "失联"),
    ),
    "quota_group_by": ({"quota_group_by": "ORG_TYPE"}, "ORG_TYPE"),
    "quota_min_group": ({"quota_min_group": "8"}, 8),
    "consecutive_years": ({"consecutive_years": "0"}, 0),
    "forced_poor_threshold_bp": ({"forced_poor_threshold": "12.34"}, 1234),
}


@pytest.mark.parametrize("field", OTHERS)
def test_what_is_typed_is_what_the_rules_get(field):
    changes, value = OTHERS[field]

    form = sent(Policy(), **changes)

    assert form.is_valid(), form.errors
    assert getattr(form.result, field) == value


def test_a_ceiling_is_chosen_beside_its_fact_and_another_fact_is_added():
    late = list(unbound(Policy()).known).index("LATE_REPORT")

    form = sent(Policy(), **{f"cap_{late}": "FAIRLY_GOOD", "own_cap": "群体事件", "own_ceiling": "AVERAGE"})

    assert form.is_valid(), form.errors
    assert {fact: grade.name for fact, grade in form.result.caps} == {
        "LATE_REPORT": "FAIRLY_GOOD",
        "群体事件": "AVERAGE",
    }


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"value_good": "80"}, "value_good", "依次递减"),
        ({"value_good": ""}, "value_good", "数"),
        ({"label_good": "差"}, "label_good", "名称不能相同"),
        ({"own_cap": "群体事件"}, "own_ceiling", "最高等次"),
        ({"own_facts": "迟交述职报告"}, "own_facts", "已经列出"),
        ({"floor_good": "60"}, "floor_good", "依次递减"),
        ({"consecutive_years": "3"}, "consecutive_years", "3"),
    ],
)
def test_what_the_rules_do_not_allow_is_told_beside_its_field(changes, field, words):
    form = sent(Policy(), **changes)

    assert not form.is_valid()
    assert words in "".join(form.errors[field])


def test_a_source_is_kept_only_where_it_is_worded_otherwise():
    form = sent(Policy(), source_quota="局考核办法第十二条：较好及以下不低于两成。")

    assert form.is_valid(), form.errors
    assert form.sources_sent == {"quota": "局考核办法第十二条：较好及以下不低于两成。"}
