"""The pages of a report through the client: what is typed is never lost, what is not yours stays shut."""

import pytest

from reviews.plan.models import Campaign, ContentItem, Stage
from reviews.report.actions import save_report, vet_report
from reviews.report.models import Report, ReportVersion
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_person,
    make_problem,
    make_review,
    make_secretary,
)
from tests.reviews.report.pages import at, form, handed_in, queries_of
from tests.reviews.report.texts import SECTIONS

pytestmark = pytest.mark.django_db


# Writing


def test_the_page_opens_with_last_year_s_problems_to_answer_and_writes_nothing(author, review):
    before = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    last_year = make_review(before, organization=review.organization)
    make_problem(last_year, text="谈心谈话不够经常", state="closed", closing_words="已建台账")
    make_problem(last_year, text="学习抓得不实")

    page = author.get(at("write", review.pk))

    assert page.status_code == 200
    assert page.context["form"].initial["prior"] == "1.关于“谈心谈话不够经常”的问题，已整改：已建台账。已销号。"
    assert [line.lack for line in page.context["answers"]] == ["", "还没有答复"]
    assert not Report.objects.exists()


def test_an_unanswered_problem_of_last_year_stops_the_handing_in(author, review):
    before = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    problem = make_problem(make_review(before, organization=review.organization))

    answer = author.post(at("submit", review.pk), form())

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#answer-{problem.pk}">上年问题第 1 条“主题党日形式单一”：还没有答复。</a>' in page
    assert f'id="answer-{problem.pk}"' in page


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

    assert len(page.context["answers"]) == is_listed


def test_the_content_items_show_which_the_text_touches(author, review):
    for number, text in enumerate(["理论学习与党课", "信访工作"], start=1):
        ContentItem.objects.create(campaign=review.campaign, number=number, text=text)

    page = author.post(at("check", review.pk), form(duty="我带头讲党课两次。"))

    assert [(line.item.number, is_touched) for line, is_touched in page.context["items"]] == [(1, True), (2, False)]


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


def test_of_two_texts_both_are_kept_and_the_chosen_one_becomes_the_draft(author, review):
    author.post(at("autosave", review.pk), form())
    conflict = author.post(at("write", review.pk), form(plans="另一窗口写的打算。")).context["form"]

    answer = author.post(
        at("write", review.pk),
        form(conflict["edition"].value(), plans="合并。", keep_current=conflict["keep_current"].value()),
    )

    assert answer.status_code == 302
    kept = list(ReportVersion.objects.order_by("number").values_list("occasion", "plans"))
    assert kept == [("aside", "另一窗口写的打算。"), ("saved", SECTIONS["plans"]), ("saved", "合并。")]


def test_a_text_that_comes_too_late_again_and_again_is_kept_once(author, review):
    author.post(at("autosave", review.pk), form())

    for _ in range(3):
        author.post(at("write", review.pk), form(plans="另一窗口写的打算。"))

    assert [version.occasion for version in ReportVersion.objects.all()] == ["aside"]


def test_handing_in_one_of_two_texts_keeps_the_other(author, review):
    author.post(at("autosave", review.pk), form(plans="只自动保存过的打算。"))
    conflict = author.post(at("submit", review.pk), form()).context["form"]

    answer = author.post(
        at("submit", review.pk), form(conflict["edition"].value(), keep_current=conflict["keep_current"].value())
    )

    assert answer.url == at("read", Report.objects.get().pk)
    assert ReportVersion.objects.filter(occasion="saved", plans="只自动保存过的打算。").exists()


def test_what_the_checks_stop_comes_back_as_it_was_typed(author, review):
    typed = form(edition=0, duty="召开会议x次。")

    back = author.post(at("submit", review.pk), typed).context["form"]

    assert {name: back[name].value() for name in SECTIONS} == {name: typed[name] for name in SECTIONS}
    assert author.post(at("write", review.pk), form(back["edition"].value())).status_code == 302


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
