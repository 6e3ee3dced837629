"""报告要求: every number and switch of the checks is the campaign's, read strictly and set on one page."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from organizations.errors import Refused
from organizations.models import Role, Trace
from reviews.plan.models import Stage
from reviews.plan.stamp import stamp_of
from reviews.report.checks.findings import NAMES, Code
from reviews.report.checks.limits import ALWAYS_TOLD, BOUNDS, CHOICES, MAY_BLOCK, ReportLimits
from reviews.report.limiting import set_report_limits
from reviews.report.limits_form import SENTENCES, TITLES, LimitsForm, changes_between, initial_of, switch
from tests.make import make_campaign, make_officer


@pytest.fixture
def campaign(db):
    return make_campaign()


@pytest.fixture
def clerk(client, campaign):
    person = make_officer(Role.ORGANIZER, campaign.organizer)
    client.force_login(person)
    return person


def typed(limits=None, **changes):
    """What a browser sends for these limits."""
    values = initial_of(limits or ReportLimits()) | changes
    return {name: value for name, value in values.items() if value is not False}


def address(campaign):
    return reverse("report:limits", args=[campaign.pk])


@pytest.mark.parametrize("name", BOUNDS)
def test_every_number_is_taken_within_its_bounds_and_refused_beyond(name):
    least, most, _ = BOUNDS[name]

    for value in (least - 1, most + 1, "7", 1.5, True, None):
        with pytest.raises(ValueError, match=f"{name} 应为 {least} 到 {most} 的整数"):
            ReportLimits.from_document({name: value})


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"items_must_be_anchored": 1}, "只能是 true"),
        ({"off": ["CLASSIFIED"]}, "取值只能是"),
        ({"blocking": ["TYPO"]}, "取值只能是"),
        ({"blocking": ["PLACEHOLDER"], "off": ["PLACEHOLDER"]}, "不能既不检查又不能提交"),
        ({"surprise": 1}, "不认识的参数"),
        (["max_chars"], "应是一组参数"),
    ],
)
def test_a_document_that_makes_no_sense_is_refused_in_words(document, words):
    with pytest.raises(ValueError, match=words):
        ReportLimits.from_document(document)


@given(
    st.dictionaries(st.sampled_from([*BOUNDS, *CHOICES, "x"]), st.one_of(st.integers(), st.text(), st.lists(st.text())))
)
def test_any_document_is_limits_or_a_sentence(document):
    read, sentence = None, ""
    try:
        read = ReportLimits.from_document(document)
    except ValueError as wrong:
        sentence = str(wrong)

    assert (
        sentence.startswith("述职报告要求") if read is None else ReportLimits.from_document(read.to_document()) == read
    )


def test_every_kind_of_finding_has_a_name_and_a_place_on_the_page():
    pieces = {piece for sentences in SENTENCES.values() for sentence in sentences for piece in sentence}

    assert set(NAMES) == set(Code)
    assert {switch(code) for code in Code} <= pieces
    assert set(BOUNDS) <= pieces
    assert {name for name in ReportLimits.__slots__ if name not in TITLES} == set()


def test_what_is_typed_back_unchanged_is_the_same_limits():
    limits = ReportLimits(max_chars=3000, problem_share_bp=3000, off=("TYPO",), blocking=("OVER_LENGTH",))

    form = LimitsForm(typed(limits), limits=limits)

    assert form.is_valid(), form.errors
    assert ReportLimits.from_document(form.document) == limits


def test_only_what_needs_no_judgement_can_stop_the_handing_in():
    form = LimitsForm(limits=ReportLimits())

    blocking = {code for code in Code if "block" in dict(form.fields[switch(code)].choices)}
    always = {code for code in Code if "off" not in dict(form.fields[switch(code)].choices)}

    assert blocking == set(MAY_BLOCK)
    assert always == set(ALWAYS_TOLD)


def test_the_clerk_sets_the_limits_and_the_trail_tells_what_changed(client, campaign, clerk):
    answer = client.post(
        address(campaign),
        typed(max_chars=3000, problem_share_min_bp="30", weight_TYPO="off", weight_PLACEHOLDER="advise"),
    )

    campaign.refresh_from_db()
    limits = ReportLimits.from_document(campaign.report_limits)
    assert answer.status_code == 302
    assert (limits.max_chars, limits.problem_share_min_bp, limits.off) == (3000, 3000, ("TYPO",))
    assert "PLACEHOLDER" not in limits.blocking
    changes = Trace.objects.get(act="修改报告要求").facts["changes"]
    assert changes["正文字数上限"] == [2500, 3000]
    assert changes["不检查的项目"] == ["", "错别字和语病"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"max_chars": "很多"}, "整数"),
        ({"max_chars": "20001"}, "20000"),
        ({"problem_share_min_bp": "50"}, "依次为下限、目标、上限"),
        ({"weight_CLASSIFIED": "off"}, "off"),
        ({"required": ["nowhere"]}, "nowhere"),
        ({"own_words_min": ""}, "必填"),
    ],
)
def test_wrong_limits_are_told_beside_their_field_and_change_nothing(client, campaign, clerk, changes, words):
    answer = client.post(address(campaign), typed(spun_words_min=9, **changes))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="9"' in page
    campaign.refresh_from_db()
    assert campaign.report_limits == {}


def test_a_stale_form_is_told_and_keeps_what_was_typed(client, campaign, clerk):
    seen = stamp_of(campaign.report_limits)
    set_report_limits(campaign, ReportLimits(max_chars=2000), by=clerk)

    answer = client.post(address(campaign), typed(max_chars=2800, seen=seen))

    assert answer.status_code == 422
    assert "已被他人修改" in answer.content.decode()
    assert 'value="2800"' in answer.content.decode()


def test_once_reports_are_written_the_limits_are_shown_and_stay(client, campaign, clerk):
    campaign.stage = Stage.REPORTING
    campaign.save()

    shown = client.get(address(campaign)).content.decode()

    assert "不能再改" in shown
    assert "保存要求" not in shown
    with pytest.raises(Refused, match="报告要求不能再修改"):
        set_report_limits(campaign, ReportLimits(max_chars=1), by=clerk)


def test_only_the_clerk_sets_the_limits(campaign):
    with pytest.raises(PermissionDenied):
        set_report_limits(campaign, ReportLimits(), by=make_officer(Role.SUPERVISOR, campaign.organizer))


def test_saving_the_same_again_writes_no_line(campaign, clerk):
    assert set_report_limits(campaign, ReportLimits(), by=clerk) == {}
    assert not Trace.objects.filter(act="修改报告要求").exists()


def test_changes_are_told_in_the_words_of_the_clerk():
    before, after = ReportLimits(), ReportLimits(required=("duty", "problems"), alike_bp=6550)

    assert changes_between(before, after) == {
        "应有的部分": ["上年整改情况、履职尽责情况、存在问题及原因、下一步打算", "履职尽责情况、存在问题及原因"],
        "与上年问题相似度（%）": ["60", "65.5"],
    }


def test_no_field_stands_twice_on_the_page():
    pieces = [piece for sentences in SENTENCES.values() for sentence in sentences for piece in sentence]
    fields = [piece for piece in pieces if piece in LimitsForm(limits=ReportLimits()).fields]

    assert len(fields) == len(set(fields))
