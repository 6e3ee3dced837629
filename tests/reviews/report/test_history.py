"""Kept versions: compared in words, any two of them, and taken up again."""

import re

import pytest

from organizations.errors import Refused
from reviews.report.actions import save_report
from reviews.report.keeping import restore_version, set_aside
from reviews.report.models import Report, ReportVersion
from tests.make import make_officer, make_person
from tests.reviews.report.pages import at, form, handed_in
from tests.reviews.report.texts import SECTIONS

pytestmark = pytest.mark.django_db


def save(review, edition, **changes):
    return save_report(review, sections=SECTIONS | changes, edition=edition, by=review.secretary)


@pytest.fixture
def report(review):
    """Three versions: as it was, one month earlier, one sentence more."""
    plans = SECTIONS["plans"].replace("三月", "二月")
    save(review, 0)
    save(review, 1, plans=plans)
    return save(review, 2, plans=plans + "带头办两件实事。")


def words_of(answer) -> str:
    """The page as it is read: no markup, no blanks."""
    return re.sub(r"<[^>]+>|\s", "", answer.content.decode())


def test_a_version_says_in_words_what_changed_since_the_one_before(author, report):
    answer = author.get(at("version", report.pk, 2))

    assert "第1版→第2版：增1字，删1字" in words_of(answer)
    assert "明年删三增二月底前" in words_of(answer)
    assert "<del>" in answer.content.decode()


def test_any_two_versions_are_compared_the_older_first(author, report):
    answer = author.get(at("compare", report.pk), {"older": "3", "newer": "1"}, follow=True)

    assert "第1版→第3版：增9字，删1字" in words_of(answer)


@pytest.mark.parametrize(("older", "newer", "status"), [("", "", 302), ("x", "1", 302), ("1", "9", 404)])
def test_versions_that_are_not_there_are_not_compared(author, report, older, newer, status):
    answer = author.get(at("compare", report.pk), {"older": older, "newer": newer})

    assert answer.status_code == status


def test_the_list_says_what_each_version_changed(author, report):
    assert "增8字，删0字" in words_of(author.get(at("versions", report.pk)))


def test_an_old_version_is_restored_and_what_stood_there_is_kept(author, review, report):
    author.post(at("autosave", review.pk), form(3, plans="自动保存过、还没有成为版本的打算。"))

    answer = author.post(at("restore", report.pk, 1))

    assert answer.url == at("write", review.pk)
    assert Report.objects.get().sections == SECTIONS
    kept = ReportVersion.objects.order_by("-number").values_list("occasion", "plans")[:2]
    assert list(kept) == [("restored", SECTIONS["plans"]), ("saved", "自动保存过、还没有成为版本的打算。")]


def test_restoring_what_stands_there_already_changes_nothing(review, report):
    restore_version(review, number=3, by=review.secretary)

    assert ReportVersion.objects.count() == 3
    assert Report.objects.get().edition == report.edition


def test_a_report_handed_in_takes_no_old_version_up_again(author, review, report):
    handed_in(review)

    answer = author.post(at("restore", report.pk, 1))

    assert answer.status_code == 409
    assert "报告已提交" in answer.content.decode()
    assert Report.objects.get().plans == SECTIONS["plans"]


def test_a_version_that_is_not_there_is_not_restored(author, review, report):
    assert author.post(at("restore", report.pk, 9)).status_code == 404
    with pytest.raises(Refused, match="没有第 9 版"):
        restore_version(review, number=9, by=review.secretary)


def test_nobody_else_restores_and_others_see_no_text_set_aside(client, review, report):
    set_aside(review, sections={"plans": "另一窗口里的打算"}, by=review.secretary)
    handed_in(review)
    client.force_login(make_officer("organizer", review.campaign.organizer))

    assert client.post(at("restore", report.pk, 1)).status_code == 403
    assert [version.occasion for version in client.get(at("versions", report.pk)).context["versions"]] == ["submitted"]
    client.force_login(make_person())
    assert client.post(at("restore", report.pk, 1)).status_code == 403


@pytest.mark.parametrize("sections", [{"plans": SECTIONS["plans"]}, {"plans": ""}])
def test_nothing_is_set_aside_that_stands_there_already(review, sections):
    save(review, 0)

    assert set_aside(review, sections=sections, by=review.secretary) is None


@pytest.mark.parametrize("versions", [1, 3])
def test_the_list_costs_the_same_for_one_version_or_three(author, review, versions, django_assert_num_queries):
    for number in range(versions):
        report = save(review, number, plans=f"第{number}稿")
    author.get(at("versions", report.pk))

    with django_assert_num_queries(7):
        author.get(at("versions", report.pk))
