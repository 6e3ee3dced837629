"""Anchors, files and figures beside a report: kept within limits, frozen when handed in, never lost."""

import io
from pathlib import Path

import pytest

from organizations.errors import Refused
from organizations.models import Trace
from reviews.ledger.evidence import check_evidence
from reviews.plan.models import Campaign
from reviews.report.actions import Blocked, save_report, submit_report
from reviews.report.beside import actions as enclosing
from reviews.report.beside.actions import anchor_item, attach_files, detach_file, drop_annex, fill_annex, untick_item
from reviews.report.beside.annex import LABELS
from reviews.report.models import Anchor, Annex, Attachment
from reviews.report.queries import report_of
from tests.make import make_campaign, make_review
from tests.reviews.report.texts import SECTIONS

pytestmark = pytest.mark.django_db
CELLS = {"members": 3, "formal": 3, "in_service": 3, "to_35": 3, "bachelor": 3}
QUOTE = "我主持召开支部委员会八次"


def paper(number=0, name="签到.pdf"):
    return check_evidence(io.BytesIO(f"%PDF-1.4 {number}".encode()), name)


@pytest.fixture
def item(review):
    return review.campaign.content_items.create(number=1, text="理论学习")


def save(review, **changes):
    edition = report_of(review).edition
    return save_report(review, sections=SECTIONS | changes, edition=edition, by=review.secretary)


def submit(review, **changes):
    edition = report_of(review).edition
    return submit_report(review, sections=SECTIONS | changes, edition=edition, by=review.secretary)


# Anchors


def test_an_item_is_ticked_anchored_anchored_anew_and_unticked(review, item):
    save(review)
    by = review.secretary

    anchor_item(review, item, by=by)
    ticked = Anchor.objects.get().quote
    anchor_item(review, item, section="duty", quote=f" {QUOTE} ", by=by)
    anchored = Anchor.objects.get().quote
    untick_item(review, item, by=by)

    assert (ticked, anchored) == ("", QUOTE)
    assert not Anchor.objects.exists()


@pytest.mark.parametrize(
    ("section", "quote", "said"),
    [
        ("duty", "主持召开", "至少 6 个字"),
        ("plans", QUOTE, "“下一步打算”里没有这段文字"),
        ("", QUOTE, "请选择"),
        ("elsewhere", QUOTE, "请选择"),
    ],
)
def test_words_that_do_not_stand_there_anchor_nothing(review, item, section, quote, said):
    save(review)

    with pytest.raises(Refused, match=said):
        anchor_item(review, item, section=section, quote=quote, by=review.secretary)

    assert not Anchor.objects.exists()


def test_words_typed_a_moment_ago_may_be_anchored_before_they_are_saved(review, item):
    typed = SECTIONS | {"plans": "明年三月底前完成三件事。"}

    anchor_item(review, item, section="plans", quote="三月底前完成", sections=typed, by=review.secretary)

    assert Anchor.objects.get().section == "plans"


def test_missing_anchors_are_advice_unless_the_campaign_asks_for_them(review, item):
    Campaign.objects.update(report_limits={"items_must_be_anchored": True})
    strict = type(review).objects.get()

    with pytest.raises(Blocked, match="还缺 1 项") as blocked:
        submit(strict)
    Campaign.objects.update(report_limits={})
    report = submit(type(review).objects.get())

    assert [lack.place for lack in blocked.value.lacks] == [f"item-{item.pk}"]
    assert report.state == "submitted"
    assert report.handed_in.enclosed["content_items"][0]["is_written"] is False


def test_an_anchor_whose_words_are_gone_does_not_count(review, item):
    Campaign.objects.update(report_limits={"items_must_be_anchored": True})
    review = type(review).objects.get()
    save(review)
    anchor_item(review, item, section="duty", quote=QUOTE, by=review.secretary)

    with pytest.raises(Blocked) as blocked:
        submit(review, duty=SECTIONS["duty"].replace("八次", "九次"))

    assert "关联的文字已不在正文中" in blocked.value.lacks[0].words


# Files


def test_files_are_kept_with_their_digest_and_a_name_of_our_own_on_the_disk(review):
    (kept,) = attach_files(review, [paper(name="..\\..\\签到.PDF")], by=review.secretary)

    assert (kept.name, kept.size, len(kept.sha256)) == ("签到.pdf", 10, 64)
    assert "签到" not in kept.file.name
    assert Trace.objects.filter(act="上传佐证材料").count() == 1


def test_the_same_file_is_not_kept_twice_and_then_none_of_them_is(review):
    attach_files(review, [paper(1)], by=review.secretary)

    with pytest.raises(Refused, match="完全相同"):
        attach_files(review, [paper(2), paper(1, "换个名字.pdf")], by=review.secretary)

    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("limit", "value", "said"), [("MOST_FILES", 2, "最多 2 个文件"), ("MOST_BYTES", 25, "合计不超过")]
)
def test_number_and_size_are_bounded(review, monkeypatch, limit, value, said):
    monkeypatch.setattr(enclosing, limit, value)
    attach_files(review, [paper(1), paper(2)], by=review.secretary)

    with pytest.raises(Refused, match=said):
        attach_files(review, [paper(3)], by=review.secretary)

    assert Attachment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_file_that_no_version_names_is_deleted_with_its_row(review):
    (file,) = attach_files(review, [paper()], by=review.secretary)
    path = Path(file.file.path)

    detach_file(file, by=review.secretary)
    detach_file(file, by=review.secretary)

    assert not path.exists()
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_handed_in_stays_for_the_version_that_names_it(review):
    (file,) = attach_files(review, [paper()], by=review.secretary)
    report = submit(review)
    type(report).objects.update(state="returned")

    detach_file(file, by=review.secretary)

    file.refresh_from_db()
    assert file.is_removed
    assert Path(file.file.path).exists()
    assert [kept["name"] for kept in report.handed_in.enclosed["attachments"]] == ["签到.pdf"]
    again = submit(review)
    assert again.handed_in.enclosed["attachments"] == []


def test_what_was_handed_in_is_no_longer_changed(review, item):
    (file,) = attach_files(review, [paper()], by=review.secretary)
    submit(review)
    by = review.secretary
    acts = [
        lambda: attach_files(review, [paper(2)], by=by),
        lambda: detach_file(file, by=by),
        lambda: anchor_item(review, item, by=by),
        lambda: untick_item(review, item, by=by),
        lambda: fill_annex(review, cells=CELLS, by=by),
        lambda: drop_annex(review, by=by),
    ]

    for act in acts:
        with pytest.raises(Refused, match="已提交"):
            act()


# The annex


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (CELLS | {"formal": 2}, "党员身份各项合计 2，与党员总数 3 不符，少 1"),
        (CELLS | {"formal": -1}, "0 到 1,000,000"),
        (CELLS | {"members": 1_000_001}, "0 到 1,000,000"),
        (CELLS | {"cats": 1}, "0 到 1,000,000"),
    ],
)
def test_figures_that_cannot_be_are_refused(review, cells, said):
    with pytest.raises(Refused, match=said):
        fill_annex(review, cells=cells, by=review.secretary)

    assert not Annex.objects.exists()


def test_the_annex_is_asked_for_only_where_the_campaign_says_so(review):
    Campaign.objects.update(report_limits={"annex_must_be_filled": True})
    review = type(review).objects.get()

    with pytest.raises(Blocked) as blocked:
        submit(review)
    fill_annex(review, cells=CELLS, by=review.secretary)
    report = submit(review)

    assert [lack.words for lack in blocked.value.lacks] == ["数据附表还没有填写。"]
    assert [group["total"] for group in report.handed_in.enclosed["annex"]] == [0, 3, 3, 3, 3]


def test_last_year_s_figures_stand_beside(review):
    campaign = make_campaign(review.campaign.organizer, year=2025, stage="reporting")
    before = make_review(campaign, organization=review.organization)
    fill_annex(before, cells=CELLS, by=before.secretary)
    submit(before)
    fill_annex(review, cells={name: 2 * CELLS.get(name, 0) for name in LABELS}, by=review.secretary)

    report = submit(review)

    members = report.handed_in.enclosed["annex"][1]
    assert (members["total"], members["total_before"]) == (6, 3)
