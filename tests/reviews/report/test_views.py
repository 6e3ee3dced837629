"""The pages of a report through the client: what is typed is never lost, what is not yours stays shut."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import Trace
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, ContentItem, Stage
from reviews.report.actions import save_report, submit_report, vet_report
from reviews.report.models import Report, ReportVersion, Vetting
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_person,
    make_problem,
    make_review,
    make_secretary,
)
from tests.reviews.report.texts import POINTS, SECTIONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review(make_campaign(stage=Stage.REPORTING))


@pytest.fixture
def author(client, review):
    client.force_login(review.secretary)
    return client


@pytest.fixture
def vetter(review):
    return make_officer("vetter", review.campaign.organizer)


def at(name, *args):
    return reverse(f"report:{name}", args=args)


def form(edition=0, **changes):
    return {**SECTIONS, "edition": edition, "keep_current": "False", **changes}


def handed_in(review, **changes):
    report = Report.objects.filter(review=review).first()
    return submit_report(
        review, sections=SECTIONS | changes, edition=report.edition if report else 0, by=review.secretary
    )


# Writing


def test_the_page_opens_with_last_year_s_problems_to_answer_and_writes_nothing(author, review):
    before = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    make_problem(make_review(before, organization=review.organization), text="谈心谈话不够经常")

    page = author.get(at("write", review.pk))

    assert page.status_code == 200
    assert page.context["form"].initial["prior"] == "1.关于“谈心谈话不够经常”的问题：（待补充）"
    assert not Report.objects.exists()


def test_an_unanswered_problem_of_last_year_stops_the_handing_in(author, review):
    before = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    make_problem(make_review(before, organization=review.organization))
    opened = author.get(at("write", review.pk)).context["form"].initial["prior"]

    answer = author.post(at("submit", review.pk), form(prior=opened))

    assert answer.status_code == 422
    assert "待补充" in answer.context["inspection"].blocking[0].message


@pytest.mark.parametrize(
    ("year", "state", "is_listed"),
    [
        (2025, "open", True),
        (2025, "closed", True),
        (2025, "noted", False),
        (2025, "withdrawn", False),
        (2024, "claimed", True),
        (2024, "closed", False),
        (2026, "open", False),
    ],
)
def test_which_problems_a_report_answers(author, review, year, state, is_listed):
    before = make_campaign(review.campaign.organizer, year=year, stage=Stage.CLOSED)
    make_problem(make_review(before, organization=review.organization), state=state)

    page = author.get(at("write", review.pk))

    assert len(page.context["problems"]) == is_listed


def test_the_content_items_show_which_the_text_touches(author, review):
    for number, text in enumerate(["理论学习与党课", "信访工作"], start=1):
        ContentItem.objects.create(campaign=review.campaign, number=number, text=text)

    page = author.post(at("check", review.pk), form(duty="我带头讲党课两次。"))

    assert [(item.number, is_touched) for item, is_touched in page.context["items"]] == [(1, True), (2, False)]


def test_saving_keeps_a_version_and_comes_back(author, review):
    answer = author.post(at("write", review.pk), form())

    assert answer.status_code == 302
    assert answer.url == at("write", review.pk)
    assert ReportVersion.objects.get().sections == SECTIONS


def test_invisible_characters_do_not_get_in(author, review):
    author.post(at("write", review.pk), form(plans="\ufeff明年\u200b三月\x00底\x07前\r\n完成。\u202e "))

    assert Report.objects.get().plans == "明年三月底前\n完成。"


def test_a_rare_character_and_a_tab_stay(author, review):
    author.post(at("write", review.pk), form(plans="\U00020bb7野\t村"))

    assert Report.objects.get().plans == "\U00020bb7野\t村"


@pytest.mark.parametrize("name", ["write", "submit", "check"])
def test_a_text_beyond_all_measure_is_told_and_kept_on_the_page(author, review, name):
    answer = author.post(at(name, review.pk), form(duty="长" * 60_001))

    assert answer.status_code == 422
    assert "60,001 字，超过 60,000 字" in answer.content.decode()
    assert "长" * 60_001 in answer.content.decode()
    assert not Report.objects.exists()


def test_ten_megabytes_are_told_and_nothing_is_saved(author, review):
    answer = author.post(at("autosave", review.pk), form(duty="长" * 3_400_000))

    assert answer.status_code == 422
    assert "3,400,000 字" in answer.json()["message"]
    assert not Report.objects.exists()


@pytest.mark.parametrize("edition", ["", "abc", "-1", str(2**63)])
@pytest.mark.parametrize("name", ["write", "submit", "autosave", "check"])
def test_a_broken_form_is_told_in_words(author, review, name, edition):
    answer = author.post(at(name, review.pk), form(edition=edition))

    assert answer.status_code == 422
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", ["write", "submit"])
def test_a_stale_form_shows_both_texts_and_loses_neither(author, review, name):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    answer = author.post(at(name, review.pk), form(plans="另一窗口写的打算。"))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "另一窗口写的打算。" in page
    assert SECTIONS["plans"] in page
    assert "已在别处保存过" in page
    assert Report.objects.get().sections == SECTIONS


def test_the_page_of_two_texts_saves_over_the_other_and_keeps_it(author, review):
    author.post(at("autosave", review.pk), form())
    conflict = author.post(at("write", review.pk), form(plans="另一窗口写的打算。")).context["form"]

    answer = author.post(
        at("write", review.pk),
        form(conflict["edition"].value(), plans="合并。", keep_current=conflict["keep_current"].value()),
    )

    assert answer.status_code == 302
    kept = list(ReportVersion.objects.order_by("number").values_list("plans", flat=True))
    assert kept == [SECTIONS["plans"], "合并。"]


def test_autosave_answers_with_the_new_edition(author, review):
    answer = author.post(at("autosave", review.pk), form())

    assert answer.json()["edition"] == 1
    assert not ReportVersion.objects.exists()


def test_autosave_of_a_stale_page_tells_what_stands(author, review):
    author.post(at("autosave", review.pk), form())

    answer = author.post(at("autosave", review.pk), form(plans="别的"))

    assert answer.status_code == 409
    assert (answer.json()["edition"], answer.json()["sections"]["plans"]) == (1, SECTIONS["plans"])


def test_an_earlier_version_can_be_taken_up_again(author, review):
    save_report(review, sections=SECTIONS | {"plans": "最初的打算"}, edition=0, by=review.secretary)
    save_report(review, sections=SECTIONS, edition=1, by=review.secretary)

    page = author.get(at("write", review.pk) + "?version=1")

    assert page.context["form"].initial["plans"] == "最初的打算"
    assert Report.objects.get().plans == SECTIONS["plans"]


@pytest.mark.parametrize("asked", ["0", "99", "abc", "١", "9" * 30])
def test_an_unknown_version_to_begin_with_is_passed_over(author, review, asked):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    page = author.get(at("write", review.pk), {"version": asked})

    assert page.context["form"].initial["plans"] == SECTIONS["plans"]


# Checking


def test_checking_writes_nothing_and_shows_figures(author, review):
    answer = author.post(at("check", review.pk), form(), headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "395/2500" in page
    assert "41.5%" in page
    assert "<html" not in page
    assert not Report.objects.exists()


def test_checking_works_without_script_on_the_whole_page(author, review):
    answer = author.post(at("check", review.pk), form(duty="召开会议x次。"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "召开会议x次。" in page
    assert "须改正 1 处" in page


def test_a_finding_points_to_its_place_as_the_browser_counts(author, review):
    raw = "\ufeff\U00020bb7家村\r\n召开会议x次。"

    answer = author.post(at("check", review.pk), form(duty=raw))

    [(start, end)] = [(a, b) for mark, a, b in answer.context["lines"] if mark.code == "PLACEHOLDER"]
    shown = raw.replace("\r\n", "\n").encode("utf-16-le")
    assert shown[2 * start : 2 * end].decode("utf-16-le") == "x"


# Handing in


def test_handing_in_leads_to_the_report_as_others_read_it(author, review):
    answer = author.post(at("submit", review.pk), form())

    report = Report.objects.get()
    assert answer.url == at("read", report.pk)
    assert report.state == "submitted"
    assert author.get(answer.url).status_code == 200


def test_what_the_checks_stop_comes_back_filled_with_the_list(author, review):
    answer = author.post(at("submit", review.pk), form(duty="召开会议x次。"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "召开会议x次。" in page
    assert "尚未提交" in page
    assert "“x”是没有填写的占位符" in page
    assert not Report.objects.exists()


def test_handing_in_again_is_told_and_the_text_stays_on_the_page(author, review):
    author.post(at("submit", review.pk), form())

    answer = author.post(at("submit", review.pk), form(plans="交后又改的打算"))

    assert answer.status_code == 409
    assert "报告已提交" in answer.content.decode()
    assert "交后又改的打算" in answer.content.decode()
    assert ReportVersion.objects.count() == 1


def test_the_writing_page_of_a_report_handed_in_leads_to_reading(author, review):
    report = handed_in(review)

    answer = author.get(at("write", review.pk))

    assert (answer.status_code, answer.url) == (302, at("read", report.pk))


def test_no_report_begins_after_the_stage(author, review):
    Campaign.objects.update(stage=Stage.MEETING)

    answer = author.get(at("write", review.pk))

    assert answer.status_code == 409
    assert "填报期" in answer.content.decode()


@pytest.mark.parametrize("name", ["write", "upload"])
def test_in_planning_the_secretary_sees_nothing_yet(author, review, name):
    Campaign.objects.update(stage=Stage.PLANNING)

    assert author.get(at(name, review.pk)).status_code == 404


@pytest.mark.parametrize("name", ["write", "submit", "check", "autosave", "upload", "take"])
def test_another_secretary_finds_no_page_to_write_on(client, review, name):
    client.force_login(make_secretary(make_organization()))

    assert client.post(at(name, review.pk), form()).status_code == 404


@pytest.mark.parametrize("name", ["write", "submit", "check", "autosave", "upload", "take"])
def test_an_organizer_who_is_a_secretary_elsewhere_does_not_write_another_s_report(client, review, name):
    organizer = make_officer("organizer", review.campaign.organizer)
    organizer.appointments.create(organization=make_organization(), position="secretary")
    client.force_login(organizer)

    assert client.post(at(name, review.pk), form()).status_code == 403


# Uploading

WHOLE = "\n".join(
    [
        "2026年度抓基层党建述职报告",
        "各位领导、同志们：",
        "一、上年问题整改情况",
        SECTIONS["prior"],
        "二、履职尽责情况",
        SECTIONS["duty"],
        "三、存在的问题及原因",
        SECTIONS["problems"],
        "四、下一步打算",
        SECTIONS["plans"],
    ]
)


def parts_of(page):
    formset = page.context["parts"]
    posted = {
        "part-TOTAL_FORMS": len(formset.forms),
        "part-INITIAL_FORMS": 0,
        "edition": page.context["form"]["edition"].value(),
    }
    for number, part in enumerate(formset.forms):
        posted |= {f"part-{number}-kind": part["kind"].value(), f"part-{number}-text": part["text"].value()}
    return posted


def test_a_pasted_report_is_divided_for_correction_and_nothing_is_kept_yet(author, review):
    page = author.post(at("upload", review.pk), {"text": WHOLE})

    kinds = [part["kind"].value() for part in page.context["parts"].forms]
    assert kinds == ["", "prior", "duty", "problems", "plans"]
    assert not Report.objects.exists()


def test_the_corrected_parts_become_the_draft(author, review):
    posted = parts_of(author.post(at("upload", review.pk), {"text": WHOLE}))

    answer = author.post(at("take", review.pk), posted)

    assert answer.url == at("write", review.pk)
    assert Report.objects.get().sections == SECTIONS | {"self_evaluation": ""}


def test_parts_of_one_section_stand_one_after_the_other(author, review):
    posted = {
        "part-TOTAL_FORMS": 2,
        "part-INITIAL_FORMS": 0,
        "edition": 0,
        "part-0-kind": "duty",
        "part-0-text": "甲",
        "part-1-kind": "duty",
        "part-1-text": "乙",
    }

    author.post(at("take", review.pk), posted)

    assert Report.objects.get().duty == "甲\n乙"


def test_taking_asks_before_it_replaces_and_keeps_what_was_typed(author, review):
    save_report(review, sections=SECTIONS | {"plans": "旧的打算"}, edition=0, by=review.secretary)
    posted = parts_of(author.post(at("upload", review.pk), {"text": WHOLE}))

    asked = author.post(at("take", review.pk), posted)
    agreed = author.post(at("take", review.pk), posted | {"overwrite": "on"})

    assert asked.status_code == 409
    assert "下一步打算" in asked.content.decode()
    assert SECTIONS["plans"] in asked.content.decode()
    assert agreed.status_code == 302
    assert Report.objects.get().plans == SECTIONS["plans"]


def test_a_text_file_is_read(author, review):
    file = SimpleUploadedFile("述职报告.txt", WHOLE.encode("gbk"))

    page = author.post(at("upload", review.pk), {"file": file})

    assert len(page.context["parts"].forms) == 5


@pytest.mark.parametrize(
    ("posted", "told"),
    [
        ({}, "请选择"),
        ({"text": "  \u200b "}, "请选择"),
        ({"file": ("空.txt", b"")}, "空"),
        ({"file": ("图.docx", b"\x89PNG\r\n\x1a\n" + b"0" * 100)}, "图片"),
        ({"file": ("述职.exe", b"MZ" + b"0" * 100)}, "docx"),
        ({"text": "正文", "file": ("述职.txt", "正文".encode())}, "只能选一种"),
        ({"text": "长" * 300_001}, "300,000"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(author, review, posted, told):
    if "file" in posted:
        posted = posted | {"file": SimpleUploadedFile(*posted["file"])}

    answer = author.post(at("upload", review.pk), posted)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"part-TOTAL_FORMS": "abc", "part-INITIAL_FORMS": 0, "edition": 0},
        {"part-TOTAL_FORMS": 999_999, "part-INITIAL_FORMS": 0, "edition": 0},
        {"part-TOTAL_FORMS": 1, "part-INITIAL_FORMS": 0, "edition": 0, "part-0-kind": "", "part-0-text": "甲"},
        {"part-TOTAL_FORMS": 1, "part-INITIAL_FORMS": 0, "edition": 0, "part-0-kind": "else", "part-0-text": "甲"},
        {"part-TOTAL_FORMS": 1, "part-INITIAL_FORMS": 0, "part-0-kind": "duty", "part-0-text": "甲"},
    ],
)
def test_a_broken_correction_is_told_and_nothing_is_taken(author, review, posted):
    answer = author.post(at("take", review.pk), posted)

    assert answer.status_code == 422
    assert not Report.objects.exists()


# Versions


def test_the_author_sees_all_versions_and_others_what_was_handed_in(author, client, review, vetter):
    save_report(review, sections=SECTIONS | {"plans": "草稿"}, edition=0, by=review.secretary)
    report = handed_in(review)

    own = author.get(at("versions", report.pk)).context["versions"]
    client.force_login(vetter)
    others = client.get(at("versions", report.pk)).context["versions"]
    draft = client.get(at("version", report.pk, 1))

    assert [version.number for version in own] == [2, 1]
    assert [version.number for version in others] == [2]
    assert draft.status_code == 404


def test_a_version_shows_what_changed(author, review):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)
    changed = SECTIONS["plans"].replace("三月", "二月")
    report = save_report(review, sections=SECTIONS | {"plans": changed}, edition=1, by=review.secretary)

    page = author.get(at("version", report.pk, 2)).content.decode()

    assert "明年<del>三</del><ins>二</ins>月底前" in page


def test_what_was_typed_is_shown_as_text_never_as_markup(author, review):
    report = save_report(review, sections=SECTIONS | {"plans": "<b>粗</b>"}, edition=0, by=review.secretary)

    page = author.get(at("version", report.pk, 1)).content.decode()

    assert "&lt;b&gt;粗&lt;/b&gt;" in page
    assert "<b>粗" not in page


@pytest.mark.parametrize("against", ["7", "abc", "9" * 20])
def test_a_version_that_is_not_there_is_not_compared_with(author, review, against):
    report = save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    assert author.get(at("version", report.pk, 1), {"against": against}).status_code == 404


# Reading


@pytest.mark.parametrize(
    ("role", "state", "status"),
    [
        ("leader", "approved", 200),
        ("leader", "submitted", 409),
        ("organizer", "approved", 200),
        ("organizer", "submitted", 200),
        ("supervisor", "approved", 200),
        ("superior", "approved", 200),
        ("organizer", "draft", 404),
        ("teller", "approved", 403),
        ("sys_admin", "approved", 403),
    ],
)
def test_who_reads_what(client, review, role, state, status):
    report = handed_in(review)
    Report.objects.update(state=state)
    client.force_login(make_officer(role, review.campaign.organizer))

    assert client.get(at("read", report.pk)).status_code == status


def test_others_read_the_version_handed_in_while_the_author_writes_on(author, client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    save_report(review, sections=SECTIONS | {"plans": "新写的打算"}, edition=1, by=review.secretary)

    own = author.get(at("read", report.pk)).content.decode()
    client.force_login(vetter)
    others = client.get(at("read", report.pk)).content.decode()

    assert "新写的打算" in own
    assert "新写的打算" not in others
    assert SECTIONS["plans"] in others


# Vetting


def verdict(value, version=1, **typed):
    return {"verdict": value, "version": version, "opinion": "", **typed}


def test_the_vetting_page_marks_findings_in_place(client, review, vetter):
    Campaign.objects.update(report_limits={"blocking": []})
    review.campaign.refresh_from_db()
    report = handed_in(review, duty="召开会议x次。" + SECTIONS["duty"])
    client.force_login(vetter)

    page = client.get(at("vet", report.pk)).content.decode()

    assert '召开会议<mark id="finding-1" class="may-mark"' in page
    assert 'href="#finding-1"' in page


def test_approving_notes_the_problems_and_leads_on_to_the_next(client, review, vetter):
    report = handed_in(review)
    second = handed_in(make_review(review.campaign))
    client.force_login(vetter)

    answer = client.post(at("vet", report.pk), verdict("approved"))

    assert answer.url == at("vet", second.pk)
    assert [problem.text for problem in Problem.objects.order_by("pk")] == POINTS


def test_after_the_last_one_the_list_follows(client, review, vetter):
    report = handed_in(review)
    client.force_login(vetter)

    answer = client.post(at("vet", report.pk), verdict("approved"))

    assert answer.url == at("vet_list", review.campaign_id)


def test_a_chosen_opinion_serves_where_none_was_typed(client, review, vetter):
    report = handed_in(review)
    client.force_login(vetter)
    chosen = "下一步打算不够具体，请写明措施、责任人和完成时限。"

    client.post(at("vet", report.pk), verdict("returned", template=chosen))

    assert Vetting.objects.get().opinion == chosen


def test_the_author_reads_why_it_was_given_back_and_writes_on(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="请写具体时限", by=vetter)
    client.force_login(review.secretary)

    page = client.get(at("write", review.pk))

    assert page.status_code == 200
    assert "请写具体时限" in page.content.decode()


@pytest.mark.parametrize(
    "posted",
    [verdict("returned"), verdict("else"), {"version": 1}, verdict("approved", version=""), verdict("approved", "x")],
)
def test_an_incomplete_verdict_is_told_and_keeps_the_opinion(client, review, vetter, posted):
    report = handed_in(review)
    client.force_login(vetter)

    answer = client.post(at("vet", report.pk), posted)

    assert answer.status_code == 422
    assert not Vetting.objects.exists()


def test_a_verdict_on_a_stale_page_is_refused_and_the_opinion_stays(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    handed_in(review, plans="明年三月底前完成三件事。")
    client.force_login(vetter)

    answer = client.post(at("vet", report.pk), verdict("approved", opinion="我的意见"))

    assert answer.status_code == 409
    assert "第 2 版" in answer.content.decode()
    assert "我的意见" in answer.content.decode()
    assert Vetting.objects.count() == 1


def test_a_second_click_on_the_verdict_changes_nothing(client, review, vetter):
    report = handed_in(review)
    client.force_login(vetter)
    client.post(at("vet", report.pk), verdict("approved"))
    lines = Trace.objects.count()

    answer = client.post(at("vet", report.pk), verdict("returned", opinion="反悔"))

    assert answer.status_code == 409
    assert "反悔" in answer.content.decode()
    assert (Vetting.objects.count(), Trace.objects.count()) == (1, lines)


def test_the_page_of_a_report_already_vetted_leads_to_reading(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="approved", opinion="", by=vetter)
    client.force_login(vetter)

    assert client.get(at("vet", report.pk)).url == at("read", report.pk)


def test_what_changed_since_the_last_round_is_shown(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    handed_in(review, plans=SECTIONS["plans"].replace("三月", "二月"))
    client.force_login(vetter)

    page = client.get(at("vet", report.pk)).content.decode()

    assert "明年<del>三</del><ins>二</ins>月底前" in page


def test_last_year_s_problems_stand_beside_but_not_those_of_a_foreign_organizer(client, review, vetter):
    ours = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    theirs = make_campaign(make_organization(kind="party_committee"), year=2025, stage=Stage.CLOSED)
    make_problem(make_review(ours, organization=review.organization), text="本局点评的问题")
    make_problem(make_review(theirs, organization=review.organization), text="别处点评的问题")
    report = handed_in(review)
    client.force_login(vetter)

    page = client.get(at("vet", report.pk))

    assert [problem.text for problem in page.context["problems"]] == ["本局点评的问题"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_vetter_does_not_open_his_own_report_for_vetting(client, method):
    campaign = make_campaign(stage=Stage.REPORTING)
    vetter = make_officer("vetter", campaign.organizer)
    report = handed_in(make_review(campaign, secretary=vetter))
    client.force_login(vetter)

    assert getattr(client, method)(at("vet", report.pk), verdict("approved")).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("vetter", 200),
        ("approver", 200),
        ("organizer", 200),
        ("supervisor", 200),
        ("superior", 200),
        ("leader", 403),
        ("teller", 403),
        ("sec_admin", 403),
    ],
)
def test_who_sees_the_list_of_a_campaign(client, review, role, status):
    client.force_login(make_officer(role, review.campaign.organizer))

    assert client.get(at("vet_list", review.campaign_id)).status_code == status


def test_a_vetter_of_another_organization_finds_no_list(client, review):
    client.force_login(make_officer("vetter", make_organization(kind="party_committee")))

    assert client.get(at("vet_list", review.campaign_id)).status_code == 404


def test_the_list_says_what_waits_for_whom(client, review, vetter):
    handed_in(review)
    make_review(review.campaign)
    client.force_login(vetter)

    page = client.get(at("vet_list", review.campaign_id))

    assert (page.context["handed_in"], page.context["for_me"], len(page.context["rows"])) == (1, 1, 2)


def queries_of(client, page):
    client.get(page)  # the first page after a login also writes the session
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_the_list_costs_the_same_for_one_report_or_three(client, review, vetter):
    vet_report(handed_in(review), version=1, verdict="returned", opinion="改", by=vetter)
    client.force_login(vetter)
    one = queries_of(client, at("vet_list", review.campaign_id))

    for _ in range(2):
        report = handed_in(make_review(review.campaign))
        vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    three = queries_of(client, at("vet_list", review.campaign_id))

    assert three == one


def test_the_versions_cost_the_same_for_one_or_three(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    client.force_login(vetter)
    one = queries_of(client, at("versions", report.pk))

    for number in (2, 3):
        handed_in(review, plans=f"明年三月底前完成{number}件事。")
        vet_report(report, version=number, verdict="returned", opinion="改", by=vetter)
    three = queries_of(client, at("versions", report.pk))

    assert three == one


def test_the_writing_page_costs_the_same_for_one_problem_or_three(author, review):
    before = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    old = make_review(before, organization=review.organization)
    make_problem(old)
    one = queries_of(author, at("write", review.pk))

    make_problem(old)
    make_problem(old)
    three = queries_of(author, at("write", review.pk))

    assert three == one


def test_a_stranger_gets_in_nowhere(client, review):
    report = handed_in(review)
    client.force_login(make_person())
    pages = [
        *(at(name, review.pk) for name in ("write", "upload")),
        *(at(name, report.pk) for name in ("read", "versions", "vet")),
        at("version", report.pk, 1),
        at("vet_list", review.campaign_id),
    ]

    assert {client.get(page).status_code for page in pages} == {403}
