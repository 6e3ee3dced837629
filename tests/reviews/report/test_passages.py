"""The corpus: what every family finds in dirty passages, and what it leaves in peace."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.checks.check import Context, check_report
from reviews.report.checks.findings import Code
from reviews.report.checks.limits import ReportLimits
from reviews.report.checks.sections import DUTY, PLANS, PRIOR, PROBLEMS, SELF_EVALUATION
from tests.reviews.report.passages import AROUND, FAMILIES, WHOLE, clean, dirty, lines_of, whole_reports

PLACED = [family for family in FAMILIES if family not in WHOLE]
OWN = {
    "village": "石桥村党支部",
    "school": "清河县第二中学党总支",
    "hospital": "清河县人民医院党委",
    "firm": "清江水利建设公司党委",
    "organ": "清河县水务局机关党委",
}
REPORTS = whole_reports()


def identity(passage):
    return passage.written[:30]


@pytest.mark.parametrize("passage", [each for family in PLACED for each in dirty(family)], ids=identity)
def test_what_is_marked_in_a_dirty_passage_is_found_and_nothing_else(passage):
    assert [finding.text for finding in passage.found()] == list(passage.expected)


@pytest.mark.parametrize("passage", [each for family in sorted(WHOLE) for each in dirty(family)], ids=identity)
def test_a_passage_that_is_dirty_as_a_whole_is_found(passage):
    assert passage.found() != []


@pytest.mark.parametrize("passage", [each for family in FAMILIES for each in clean(family)], ids=identity)
def test_a_clean_passage_is_left_in_peace_by_its_family(passage):
    assert passage.found() == []


def test_the_corpora_are_large_enough_to_mean_something():
    near = {
        line for family in FAMILIES if family not in {"placeholders", "residue"} for line in lines_of(f"clean_{family}")
    }

    assert {family: len(dirty(family)) >= 15 for family in FAMILIES} == dict.fromkeys(FAMILIES, True)
    assert len(near | set(lines_of("clean"))) >= 120


@pytest.mark.parametrize("name", REPORTS)
def test_a_whole_clean_report_has_no_findings(name):
    around = replace(AROUND, own_units=(OWN[name], "清河县委"))

    outcome = check_report(REPORTS[name], context=around)

    assert [(finding.code, finding.text, finding.message) for finding in outcome.findings] == []


def test_every_finding_says_why_and_what_to_do():
    passages = [each for family in FAMILIES for each in dirty(family)]

    found = [finding for passage in passages for finding in passage.found()]

    assert all(finding.message.endswith(("。", "）。")) and finding.advice.endswith("。") for finding in found)


@pytest.mark.parametrize("code", [code for code in FAMILIES.values() if code != Code.CLASSIFIED])
def test_a_family_that_is_switched_off_is_silent(code):
    family = next(name for name, each in FAMILIES.items() if each == code)
    limits = ReportLimits(off=(code.value,), blocking=(), vague_plans_allowed=0)

    found = [
        finding.code
        for passage in dirty(family)
        for finding in check_report(passage.report, limits, context=passage.context).findings
    ]

    assert code not in found


@pytest.mark.parametrize(
    ("code", "limits", "report"),
    [
        (Code.SPUN_TEXT, {"spun_words_min": 4}, "健全轨制，带好步队，施展党员作用。"),
        (Code.SPUN_TEXT, {"spun_words_per_10000": 1000}, "健全轨制，带好步队，施展党员作用。" + "好" * 60),
        (Code.SUBJECTLESS, {"subjectless_allowed": 1}, {PROBLEMS: "一是有的同志学习不深。"}),
        (Code.VAGUE_PLAN, {"vague_plans_allowed": 1}, {PLANS: "一是进一步提高认识，切实加强理论学习。"}),
        (
            Code.PRAISE_HEAVY,
            {"light_share_bp": 10_000},
            {PROBLEMS: "一是学习还不够深入。二是创新意识有待加强。三是联系群众不够紧密。"},
        ),
        (Code.SUBJECTLESS, {"own_words_min": 0}, {DUTY: "支部开会学习，" * 150}),
        (Code.RECURRING, {"alike_bp": 9_900}, {PROBLEMS: "一是主题党日的形式仍然单一，党员热情不高。"}),
        (Code.OTHER_UNIT, {"unit_name_chars": 6}, "红岭乡党委坚持抓基层。"),
    ],
)
def test_a_threshold_decides(code, limits, report):
    around = replace(AROUND, last_problems=("主题党日形式单一，党员热情不高",))
    loose = {"spun_words_min": 3, "vague_plans_allowed": 0}

    found = [
        {finding.code for finding in check_report(report, ReportLimits(**asked), context=around).findings}
        for asked in (loose, loose | limits)
    ]

    assert [code in each for each in found] == [True, False]


def test_last_years_problem_is_told_with_both_texts():
    around = Context(last_problems=("谈心谈话不够经常",))

    outcome = check_report({PROBLEMS: "一是谈心谈话还不够经常。"}, context=around)

    (finding,) = [each for each in outcome.findings if each.code == Code.RECURRING]
    assert "“谈心谈话不够经常”相似度" in finding.message
    assert "“谈心谈话还不够经常。”" in finding.message


WORDS = [
    *(
        "一是",
        "（二）",
        "2024年",
        "年底前",
        "绝密",
        "★",
        "内部资料 注意保存",
        "轨制",
        "步队",
        "施展",
        "作用",
        "我镇",
        "有的党员",
    ),
    *(
        "红岭乡党委",
        "进一步",
        "加强学习",
        "成效显著。",
        "还不够深入。",
        "做为",
        "，，",
        "\n",
        "。",
        "“",
        "”",
        "】",
        "（",
        "大楼1203室",
    ),
]
ANY_TEXT = st.one_of(
    st.text(max_size=300), st.lists(st.sampled_from(WORDS) | st.characters(), max_size=60).map("".join)
)
LAST = Context(
    year=2026, own_units=AROUND.own_units, other_units=AROUND.other_units, last_problems=("一是学习不深入，形式单一",)
)


@given(st.dictionaries(st.sampled_from([PRIOR, DUTY, PROBLEMS, PLANS, SELF_EVALUATION]), ANY_TEXT))
def test_any_report_is_checked_and_every_place_lies_in_the_text(bodies):
    outcome = check_report(bodies, context=LAST)

    assert all(0 <= each.start <= each.end <= len(outcome.text) for each in outcome.findings)
    assert all(outcome.text[each.start : each.end] == each.text for each in outcome.findings)
    assert all(each.message and each.advice for each in outcome.findings)


# The town's passages name it as their own; other passages have houses of other names.
PEACEFUL = [
    each.written
    for family in ("classified", "typos", "wrong_years", "spun")
    for each in clean(family)
    if not each.written.startswith(("@plans", "20"))
]


@given(st.lists(st.sampled_from(PEACEFUL), max_size=12))
def test_clean_paragraphs_together_stay_clean(paragraphs):
    outcome = check_report("\n".join(["开头。", *paragraphs]), context=Context(year=2026))

    told = {Code.CLASSIFIED, Code.TYPO, Code.WRONG_YEAR, Code.SPUN_TEXT, Code.PLACEHOLDER, Code.TEMPLATE_RESIDUE}
    assert [each for each in outcome.findings if each.code in told] == []
