"""What the checks of a report find, and what they leave in peace."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.checks.check import ReportLimits, check_report
from reviews.report.checks.findings import Code, Severity
from reviews.report.checks.sections import DUTY, OTHER, PLANS, PRIOR, PROBLEMS, SELF_EVALUATION, split_sections

CORPUS = Path(__file__).parent / "corpus"
# In the dirty passages what must be found stands in double square brackets.
MARKED = re.compile(r"\[\[(.+?)\]\](?!\])")
PLACES = {Code.PLACEHOLDER, Code.TEMPLATE_RESIDUE}


def passages(name: str) -> list[str]:
    return (CORPUS / name).read_text(encoding="utf-8").splitlines()


def found(text: str, *codes: Code) -> list[str]:
    return [finding.text for finding in check_report(text).findings if finding.code in codes]


def codes_of(outcome) -> list[Code]:
    return [finding.code for finding in outcome.findings]


def report_of(*, duty: int = 1200, problems: int = 700, plans: int = 300, own: int = 150) -> str:
    """A report in good order with so many characters under each heading."""
    return "\n".join(
        [
            "2025年度清河镇党委书记抓基层党建工作述职报告",
            "清河镇党委书记　林青禾",
            "各位领导、同志们：",
            "一、上年整改情况",
            "改" * 91 + "。",
            "二、履职情况",
            "我做" * 3 + "做" * (duty - 7) + "。",
            "三、存在的问题及原因",
            "我" + "缺" * (problems - 2) + "。",
            "四、下一步打算",
            "干" * (plans - 1) + "。",
            "清河镇党委",
            "2025年12月8日",
            "自我评价",
            "评" * (own - 1) + "。",
        ]
    )


@pytest.mark.parametrize("passage", passages("clean.txt"))
def test_a_clean_passage_is_left_in_peace(passage):
    assert found(passage, *PLACES) == []


@pytest.mark.parametrize("passage", passages("placeholders.txt"))
def test_a_blank_left_open_is_found(passage):
    assert found(MARKED.sub(r"\1", passage), Code.PLACEHOLDER) == MARKED.findall(passage)


@pytest.mark.parametrize("passage", passages("residue.txt"))
def test_residue_of_a_download_site_is_found(passage):
    assert found(MARKED.sub(r"\1", passage), Code.TEMPLATE_RESIDUE) == MARKED.findall(passage)


def test_the_corpora_are_large_enough_to_mean_something():
    assert [len(set(passages(name))) >= 60 for name in ("clean.txt", "placeholders.txt", "residue.txt")] == [True] * 3


@pytest.mark.parametrize("noise", ["&", "*~", "%^#@", " ", "　", "\u200b", "\u2060\u00ad", "＆＃"])
def test_noise_between_all_letters_hides_nothing(noise):
    advertisement = noise.join("更多素材搜索云上墨香文库")

    assert found(f"成效明显【{advertisement}】。二是抓队伍。", Code.TEMPLATE_RESIDUE) == [f"【{advertisement}】"]


def test_all_clean_passages_together_are_clean_too():
    assert found("\n".join(passages("clean.txt")), *PLACES) == []


def test_crosses_within_an_advertisement_are_not_told_twice():
    outcome = check_report("成效明显【更多素材搜索XX文库】。")

    assert [finding.text for finding in outcome.findings if finding.code in PLACES] == ["【更多素材搜索XX文库】"]


def test_a_report_in_good_order_has_no_findings():
    outcome = check_report(report_of())

    assert outcome.findings == []
    # 8 + 92 + 6 + 1200 + 10 + 700 + 7 + 300: headings count, title, salutation, signature, self-evaluation do not
    assert outcome.figures == {
        "chars": 2323,
        "total_chars": 2323 + 24 + 10 + 9 + 5 + 10 + 4 + 150,
        "problem_chars": 710,
        "problem_share": 0.3056,
        "self_evaluation_chars": 150,
    }


@pytest.mark.parametrize(("extra", "over"), [(0, False), (1, True)])
def test_exactly_the_limit_passes_and_one_more_does_not(extra, over):
    outcome = check_report(report_of(duty=1200 + 177 + extra))

    assert outcome.figures["chars"] == 2500 + extra
    assert (Code.OVER_LENGTH in codes_of(outcome)) is over


def test_the_finding_over_length_begins_with_the_first_character_too_many():
    outcome = check_report(report_of(duty=1200 + 177 + 3))

    (over,) = [finding for finding in outcome.findings if finding.code == Code.OVER_LENGTH]
    assert over.text == "干干。"
    assert over.severity == Severity.BLOCK
    assert "2503" in over.message


@pytest.mark.parametrize(
    ("problems", "share", "told"),
    [(632, 0.2847, ""), (600, 0.2744, "偏少"), (1270, 0.4424, ""), (1330, 0.4538, "偏多")],
)
def test_problems_are_about_a_third(problems, share, told):
    outcome = check_report(report_of(problems=problems), ReportLimits(max_chars=0))

    assert outcome.figures["problem_share"] == share
    assert [told in finding.message for finding in outcome.findings] == ([True] if told else [])


def test_the_bounds_of_the_share_themselves_pass():
    limits = ReportLimits(problem_share_min_bp=5000, problem_share_bp=5000, problem_share_max_bp=5000)

    outcome = check_report({PRIOR: "改", DUTY: "做做做", PROBLEMS: "缺" * 5, PLANS: "干"}, limits)

    assert outcome.figures["problem_share"] == 0.5
    assert Code.PROBLEM_SHARE not in codes_of(outcome)


@pytest.mark.parametrize(("own", "told"), [(119, True), (120, False), (180, False), (181, True), (1, True)])
def test_the_self_evaluation_may_differ_by_a_fifth(own, told):
    outcome = check_report(report_of(own=own))

    assert [(finding.code, finding.severity) for finding in outcome.findings] == (
        [(Code.SELF_EVALUATION, Severity.ADVISE)] if told else []
    )


def test_a_report_without_its_parts_says_which_are_missing():
    outcome = check_report("二、履职情况\n做了工作。\n四、下一步打算\n")

    missing = [finding for finding in outcome.findings if finding.code == Code.MISSING_SECTION]
    assert [finding.message + finding.advice for finding in missing] == [
        "没有找到“上年整改情况”部分。请补写，或给这一部分加上标题。",
        "没有找到“存在问题及原因”部分。请补写，或给这一部分加上标题。",
        "没有内容“下一步打算”部分。请补写。",
    ]
    assert {finding.severity for finding in missing} == {Severity.BLOCK}


def test_without_anything_to_answer_for_the_part_on_last_year_is_only_advised():
    outcome = check_report({DUTY: "做", PROBLEMS: "缺", PLANS: "干"}, answers_last_year=False)

    (missing,) = [finding for finding in outcome.findings if finding.code == Code.MISSING_SECTION]
    assert missing.severity == Severity.ADVISE


def test_sections_of_the_form_give_places_inside_each_section():
    outcome = check_report(
        {PRIOR: "已改。", DUTY: "开会x次。", PROBLEMS: "不足。", PLANS: "再办X件。", SELF_EVALUATION: ""}
    )

    assert [(start, end, finding.text) for start, end, finding in outcome.within(DUTY)] == [(2, 3, "x")]
    assert [(start, end, finding.text) for start, end, finding in outcome.within(PLANS)] == [(2, 3, "X")]
    assert outcome.figures["chars"] == 3 + 5 + 3 + 5


HEADINGS = {
    "一、问题整改落实情况 二、履职尽责情况 三、存在主要问题及原因 四、下一步工作打算": [PRIOR, DUTY, PROBLEMS, PLANS],
    "上年整改情况 履职情况 存在问题及原因 下一步打算 自我评价": [PRIOR, DUTY, PROBLEMS, PLANS, SELF_EVALUATION],
    "（一）上年度点评问题整改情况 （二）主要工作 （三）存在的不足 （四）努力方向": [PRIOR, DUTY, PROBLEMS, PLANS],
    "1.去年承诺事项整改情况 2.抓基层党建主要做法 3.问题及原因分析 4.今后工作打算": [PRIOR, DUTY, PROBLEMS, PLANS],
    "第一部分：反馈问题整改情况 第二部分、履行职责 第三部分：短板弱项和原因 第四部分：明年思路打算": [
        PRIOR,
        DUTY,
        PROBLEMS,
        PLANS,
    ],
    "一、基本情况 二、强化政治引领 三、主要问题 四、改进措施": [DUTY, DUTY, PROBLEMS, PLANS],
    "二、工作情况 三、存在问题 四、原因剖析 五、下步打算": [DUTY, PROBLEMS, PROBLEMS, PLANS],
    "一、工作成效 附：自我评价材料": [DUTY, SELF_EVALUATION],
    "一、工作成效 二、存在问题及下一步打算 （一）存在问题 （二）下一步打算": [DUTY, PROBLEMS, PLANS],
    "一、工作成效 二、存在问题 三、针对存在问题的改进措施": [DUTY, PROBLEMS, PLANS],
}


@pytest.mark.parametrize("headings", HEADINGS)
def test_headings_tell_the_kind_of_section(headings):
    text = "\n".join(f"{heading}\n一是做了一些实事，走访了很多群众。" for heading in headings.split())

    assert [section.kind for section in split_sections(text)] == HEADINGS[headings]


def test_problems_and_plans_under_one_heading_are_parted_where_the_plans_begin():
    text = "三、存在的不足及下一步打算\n一是学习不深。\n二是创新不够。\n下一步，我将做好两件事。\n一是多学。"

    problems, plans = split_sections(text)

    assert (problems.kind, plans.kind) == (PROBLEMS, PLANS)
    assert text[plans.start : plans.end] == "下一步，我将做好两件事。\n一是多学。"


def test_headings_below_the_leading_ones_begin_no_section():
    duty = "一、履职情况\n（一）下一步怎么抓\n说明。\n（二）问题怎么改\n说明。\n"
    text = duty + "二、存在问题\n不足。\n三、下一步打算\n干。\n四、其他\n无。"

    assert [section.kind for section in split_sections(text)] == [DUTY, PROBLEMS, PLANS, OTHER]


def test_a_heading_run_into_its_paragraph_is_seen():
    text = "一、上年整改情况。已经全部整改到位。\n二、存在问题：一是学习不深。"

    assert [text[section.start : section.body_start] for section in split_sections(text)] == [
        "一、上年整改情况",
        "二、存在问题",
    ]


def test_a_sentence_about_problems_is_no_heading():
    assert split_sections("一是存在的问题\n我们存在的问题，主要是学习不够。\n各支部解决问题42个") == []


def test_limits_survive_being_kept_as_json():
    limits = replace(ReportLimits(), max_chars=3000, required=(DUTY, PROBLEMS), blocking=("OVER_LENGTH",))

    assert ReportLimits.from_document(json.loads(json.dumps(limits.to_document()))) == limits
    assert ReportLimits.from_document({}) == ReportLimits()


@pytest.mark.parametrize(
    "document",
    [
        {"max_char": 3},
        {"max_chars": "2500"},
        {"max_chars": -1},
        {"max_chars": True},
        {"required": "duty"},
        {"required": ["somewhere"]},
        {"required": [["duty"]]},
        {"blocking": ["PROBLEM_SHARE"]},
        {"problem_share_min_bp": 5000},
        {"problem_share_max_bp": 20000},
    ],
)
def test_limits_that_make_no_sense_are_refused_in_words(document):
    with pytest.raises(ValueError, match="述职报告要求"):
        ReportLimits.from_document(document)


def test_what_the_campaign_does_not_block_is_advice():
    outcome = check_report("召开会议x次。", ReportLimits(blocking=(), self_evaluation_chars=0, required=()))

    assert [(finding.code, finding.severity) for finding in outcome.findings] == [(Code.PLACEHOLDER, Severity.ADVISE)]


def test_findings_as_json_have_the_shape_of_the_command_line():
    document = json.loads(json.dumps(check_report("召开会议x次。").to_document()))

    assert set(document) == {"figures", "findings"}
    assert {frozenset(finding) for finding in document["findings"]} == {
        frozenset({"code", "severity", "start", "end", "text", "message", "advice"})
    }


FRAGMENTS = [
    "一、",
    "二、履职",
    "问题",
    "自我评价",
    "\n",
    "x",
    "……",
    "【",
    "】",
    "更多素材搜索",
    "文库",
    "20**年",
    "（A/B）",
    "paidbegin",
    "#",
]


@given(
    st.one_of(st.text(max_size=300), st.lists(st.sampled_from(FRAGMENTS) | st.characters(), max_size=60).map("".join))
)
def test_any_text_is_checked_and_every_place_is_where_it_says(text):
    outcome = check_report(text)

    assert all(text[finding.start : finding.end] == finding.text for finding in outcome.findings)
    assert all(finding.text for finding in outcome.findings if finding.code in PLACES)
    assert 0 <= outcome.figures["problem_chars"] <= outcome.figures["chars"] <= outcome.figures["total_chars"]
    assert all(
        text[section.start :].startswith(section.heading) or section.kind == PLANS for section in outcome.sections
    )


@given(st.dictionaries(st.sampled_from([PRIOR, DUTY, PROBLEMS, PLANS, SELF_EVALUATION]), st.text(max_size=200)))
def test_any_sections_are_checked_and_keep_their_own_text(bodies):
    outcome = check_report(bodies)

    assert {section.kind: outcome.text[section.body_start : section.end] for section in outcome.sections} == bodies
    for kind, body in bodies.items():
        assert all(body[start:end] == finding.text for start, end, finding in outcome.within(kind))
