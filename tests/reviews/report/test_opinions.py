"""审核意见模板: an organization's own list, its placeholders, and what is refused."""

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from reviews.report.vetting.opinions import DEFAULTS, edition_of, filled, set_templates, templates_of
from tests.make import make_campaign, make_officer
from tests.reviews.report.pages import at, handed_in

pytestmark = pytest.mark.django_db


def kept(review, texts, by):
    before = templates_of(review.campaign.organizer)
    return set_templates(review.campaign, texts, edition=edition_of(before), by=by)


def test_an_organization_begins_with_the_defaults_and_comes_back_to_them(review, vetter):
    own = kept(review, ["请压缩篇幅。", "", "请压缩篇幅。", " 同意。 "], vetter)
    back = kept(review, [], vetter)

    assert own == ["请压缩篇幅。", "同意。"]
    assert back == list(DEFAULTS)


def test_another_organization_keeps_its_own(review, vetter):
    kept(review, ["同意。"], vetter)

    assert templates_of(make_campaign().organizer) == list(DEFAULTS)


def test_placeholders_are_filled_with_the_report_s_own_words(review):
    report = handed_in(review)

    [text] = filled(["{单位}{述职人}同志：全文{字数}字，{截止时间}前报。"], report, report.handed_in, "12月1日")

    chars = report.handed_in.figures["chars"]
    assert text == f"{review.organization}{review.secretary}同志：全文{chars}字，12月1日前报。"


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["请{某某}修改。"], "第 1 条里的“{某某}”不能自动填入"),
        (["同意。", "长" * 301], "第 2 条有 301 字"),
        ([f"意见{n}" for n in range(31)], "共 31 条模板"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_changes(review, vetter, texts, told):
    with pytest.raises(Refused, match=told):
        kept(review, texts, vetter)

    assert templates_of(review.campaign.organizer) == list(DEFAULTS)


def test_a_list_changed_by_another_meanwhile_is_not_overwritten(review, vetter):
    old = edition_of(templates_of(review.campaign.organizer))
    kept(review, ["他人的模板。"], make_officer("approver", review.campaign.organizer))

    with pytest.raises(Refused, match="已被他人修改"):
        set_templates(review.campaign, ["我的模板。"], edition=old, by=vetter)


def test_a_leader_keeps_no_templates(review):
    with pytest.raises(PermissionDenied):
        kept(review, ["同意。"], make_officer("leader", review.campaign.organizer))


def test_the_page_keeps_what_was_typed_when_it_is_refused(client, review, vetter):
    client.force_login(vetter)
    page = at("opinions", review.campaign_id)
    edition = edition_of(DEFAULTS)

    wrong = client.post(page, {"edition": edition, "texts": "请{谁}修改。"})
    right = client.post(page, {"edition": edition, "texts": "请{述职人}修改。\n同意。"})

    assert (wrong.status_code, "请{谁}修改。" in wrong.content.decode()) == (409, True)
    assert right.url == page
    assert templates_of(review.campaign.organizer) == ["请{述职人}修改。", "同意。"]


def test_the_vetting_page_offers_them_filled_in(client, review, vetter):
    kept(review, ["请{单位}压缩。"], vetter)
    report = handed_in(review)
    client.force_login(vetter)

    assert f"请{review.organization}压缩。" in client.get(at("vet", report.pk)).content.decode()
