"""What is personal in a text, and that covering it leaves nothing of it and nothing else changed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.publishing.masking import (
    Kind,
    covered,
    covered_name,
    find_personal,
    mask_sections,
    pieces,
    possible_names,
)

NAMES = ["王建国", "欧阳明", "阿依古丽·买买提"]
texts = st.text(
    st.sampled_from("王建国欧阳明阿依古丽·买提在路号楼单元室小区住址：电话，。 -0123456789０１３８Xx@a.京A"),
    max_size=80,
)
phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def kinds(text, **options):
    return [(mask.kind.value, text[mask.start : mask.end]) for mask in find_personal(text, **options)]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("电话13812345678。", "电话号码", "13812345678"),
        ("请拨138 1234 5678联系", "电话号码", "138 1234 5678"),
        ("全角１３８１２３４５６７８", "电话号码", "１３８１２３４５６７８"),
        ("座机0451-88886666", "电话号码", "0451-88886666"),
        ("身份证110101199003078811", "身份证号", "110101199003078811"),
        ("末位11010119900307881x号", "身份证号", "11010119900307881x"),
        ("卡号6222 0210 0100 1234 567", "银行卡号", "6222 0210 0100 1234 567"),
        ("邮箱zhang.san@example.gov.cn联系", "电子邮箱", "zhang.san@example.gov.cn"),
        ("车牌京A·12345的车", "车牌号", "京A·12345"),
        ("住址：海州区人民路12号3单元401室。", "住址", "海州区人民路12号3单元401室"),
        ("走访幸福小区5号楼2单元301室", "住址", "走访幸福小区5号楼2单元301室"),
    ],
)
def test_what_is_personal_is_found(text, kind, found):
    assert kinds(text) == [(kind, found)]


@pytest.mark.parametrize(
    "text",
    [
        "全年投入资金1234567890元，完成投资38.6万元。",
        "2023年12月26日召开党员大会，15名党员到会。",
        "在解放路开展主题党日活动，沿人民路清扫积雪。",
        "文号〔2023〕12号，第3小区热线来电4000余次。",
        "学习时长累计120小时，覆盖率由91.2%提高到96.5%。",
    ],
)
def test_sums_days_and_places_of_work_stay(text):
    assert kinds(text) == []


def test_known_names_are_covered_but_for_the_surname():
    text = "王建国同志和欧阳明走访了阿依古丽·买买提家。"

    masks = find_personal(text, names=NAMES)

    assert covered(text, masks) == "王某某同志和欧阳某走访了阿依古丽·某某家。"


def test_a_name_is_not_looked_for_in_a_longer_known_name():
    text = "王建国华到会"

    assert kinds(text, names=["王建", "王建国", "王建国华"]) == [("姓名", "王建国华")]


def test_words_covered_by_hand_are_covered_wherever_they_stand():
    text = "某某案和某某案的教训"

    assert covered(text, find_personal(text, by_hand=["某某案"])) == "***和***的教训"


def test_possible_names_hold_every_name_that_could_stand_there():
    assert {"王建国", "欧阳明", "阿依古丽·买买提"} <= possible_names("王建国找欧阳明，阿依古丽·买买提也在")


@given(texts, st.lists(st.sampled_from(NAMES), max_size=3))
def test_the_pieces_are_the_text_and_masks_do_not_overlap(text, names):
    masks = find_personal(text, names)

    assert "".join(piece for piece, _ in pieces(text, masks)) == text
    assert all(one.end <= other.start for one, other in pairwise(masks))
    assert all(mask.start < mask.end for mask in masks)


@given(texts, phones, texts)
def test_no_telephone_number_survives(before, phone, after):
    text = f"{before}，{phone}，{after}"

    assert phone not in covered(text, find_personal(text))


@given(texts)
def test_no_known_name_survives(text):
    masked = covered(text, find_personal(text, NAMES))

    assert not any(name in masked for name in NAMES)


@given(texts)
def test_a_covered_text_holds_no_number_of_a_person_and_no_address_of_mail(text):
    once = covered(text, find_personal(text, NAMES))

    again = find_personal(once, NAMES)

    assert not any(mask.kind in {Kind.IDENTITY, Kind.CARD, Kind.EMAIL} for mask in again)


@given(texts)
def test_letters_outside_the_masks_stay_as_they_were(text):
    masks = find_personal(text, NAMES)

    outside = "".join(piece for piece, mask in pieces(text, masks) if mask is None)

    left = covered(text, masks)
    for mask in masks:
        left = left.replace(mask.cover, "", 1)
    assert sorted(left) == sorted(outside)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=4))
def test_a_covered_name_keeps_the_surname_alone(name):
    masked = covered_name(name)

    assert masked[0] == name[0]
    assert len(masked) == len(name)
    assert masked.endswith("某")


def test_each_section_has_masks_of_its_own():
    found = mask_sections({"duty": "电话13812345678", "plans": "无"})

    assert [len(masks) for masks in found.values()] == [1, 0]
