"""A whole comment script: split, matched, shown for correction, saved together."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from reviews.ledger.models import Problem
from reviews.meeting.actions import comment_on
from reviews.meeting.matching import (
    BY_LIKENESS,
    BY_NAME,
    BY_ORDER,
    BY_ORGANIZATION,
    UNMATCHED,
    Candidate,
    is_left_open,
    match_entries,
    pair_points,
    sentence_of,
)
from reviews.meeting.models import Comment
from reviews.meeting.points import split_script
from reviews.plan.models import Stage
from tests.reviews.meeting.scene import set_scene
from tests.reviews.meeting.script_text import COUNTS, heading, open_script, script_of

CANDIDATES = [
    Candidate(11, "林望舒", "办公室党支部"),
    Candidate(12, "何景行", "规划科党支部", "规划支部"),
    Candidate(13, "苏听澜", "水库管理处党支部"),
]


# --- matching ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("organization", "person", "expected"),
    [
        ("某单位党支部", "何景行", (12, BY_NAME)),
        ("规划科党支部", "XXX", (12, BY_ORGANIZATION)),
        ("规划支部", "", (12, BY_ORGANIZATION)),
        ("水库管理处", "XX", (13, BY_LIKENESS)),
        ("水务局水库管理处支部", "某某", (13, BY_LIKENESS)),
        ("XXX党支部", "XXX", (12, BY_ORDER)),
        ("××支部", "×××", (12, BY_ORDER)),
        ("", "", (12, BY_ORDER)),
        ("渔政站党支部", "赵钱孙", (None, UNMATCHED)),
        ("XXX党支部", "赵钱孙", (None, UNMATCHED)),
    ],
)
def test_an_entry_finds_its_review(organization, person, expected):
    found = match_entries([(2, organization, person)], CANDIDATES)

    assert [(match.key, match.how) for match in found] == [expected]


def test_the_surest_match_is_made_first_and_no_review_is_given_out_twice():
    found = match_entries([(1, "XXX", "XXX"), (2, "XXX", "林望舒"), (3, "办公室党支部", "XXX")], CANDIDATES)

    assert [(match.key, match.how) for match in found] == [(None, UNMATCHED), (11, BY_NAME), (None, UNMATCHED)]


def test_a_name_that_two_bear_decides_nothing():
    twins = [Candidate(1, "张同名", "一科党支部"), Candidate(2, "张同名", "二科党支部")]

    found = match_entries([(1, "二科党支部", "张同名"), (2, "一科党支部", "张同名")], twins)

    assert [(match.key, match.how) for match in found] == [(2, BY_ORGANIZATION), (1, BY_ORGANIZATION)]


@pytest.mark.parametrize("number", [0, 4, 99])
def test_a_number_outside_the_order_matches_nobody(number):
    found = match_entries([(number, "XXX", "XXX")], CANDIDATES)

    assert found[0].key is None


@pytest.mark.parametrize(
    ("name", "is_open"),
    [
        ("XXX", True),
        ("某某同志", True),
        ("王XX", True),
        ("XXX党支部", True),
        ("", True),
        ("X光室党支部", False),
        ("何景行", False),
    ],
)
def test_a_name_left_open_is_told_from_a_name(name, is_open):
    assert is_left_open(name) is is_open


def test_a_reworded_point_goes_on_at_its_number_and_a_moved_one_with_its_text():
    assert pair_points(["甲", "乙", "丙"], ["乙", "丙", "丁"]) == [1, 2, None]
    assert pair_points(["甲", "乙"], ["甲新", "乙"]) == [0, 1]
    assert pair_points(["甲", "甲"], ["甲"]) == [0]
    assert pair_points([], ["甲"]) == [None]


def test_a_point_is_found_in_its_sentence_or_speaks_for_itself():
    text = "主要不足：一是学习不深；二是创新不够。"

    assert sentence_of(text, "学习不深") == "一是学习不深；"
    assert sentence_of(text, "别处说的") == "别处说的"


# --- in the browser ----------------------------------------------------------------------------


@pytest.fixture
def scene(db):
    return set_scene(speakers=14, stage=Stage.MEETING)


@pytest.fixture
def clerk(client, scene):
    client.force_login(scene.organizer)
    return client


def pasted(clerk, scene, text: str):
    address = reverse("meeting:script", args=[scene.campaign.pk])
    return clerk.post(address, {"script": text, "leader": scene.leader.pk})


def typed_in(page, **changes) -> dict:
    """What the browser would send back of the correction page, with some fields changed."""
    formset = page.context["formset"]
    sent = {f"entry-{name}": value for name, value in formset.management_form.initial.items()}
    for form in formset:
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                sent |= {field.html_name: "on"} if value else {}
            elif value is not None:
                sent[field.html_name] = value
    for name, value in changes.items():
        sent.pop(name.replace("__", "-"), None)
        if value is not None:
            sent[name.replace("__", "-")] = value
    return sent


def saved(clerk, scene, sent: dict):
    return clerk.post(reverse("meeting:script_save", args=[scene.campaign.pk]), sent)


def test_a_script_of_fourteen_is_split_matched_by_order_and_saved_as_shown(clerk, scene):
    page = pasted(clerk, scene, open_script())

    assert page.status_code == 200
    forms = list(page.context["formset"])
    assert [form["review"].value() for form in forms] == [review.pk for review in scene.reviews]
    assert [len(form.points) for form in forms] == COUNTS
    assert {form["how"].value() for form in forms} == {BY_ORDER}
    assert not Comment.objects.exists()

    answer = saved(clerk, scene, typed_in(page))

    assert answer.status_code == 302
    comments = Comment.objects.order_by("review__order")
    assert [comment.points.count() for comment in comments] == COUNTS
    assert {comment.by for comment in comments} == {scene.leader}
    assert Problem.objects.filter(source="superior_comment", state="noted").count() == sum(COUNTS)


def test_named_entries_find_their_people_whatever_their_order(clerk, scene):
    chosen = [scene.reviews[5], scene.reviews[0], scene.reviews[9]]
    heads = [
        heading(n, review.organization.name.removesuffix("党支部"), review.secretary.name)
        for n, review in enumerate(chosen, 1)
    ]

    page = pasted(clerk, scene, script_of(heads))

    forms = list(page.context["formset"])
    assert [form["review"].value() for form in forms] == [review.pk for review in chosen]
    assert {form["how"].value() for form in forms} == {BY_NAME}


def test_the_text_corrected_by_hand_is_what_is_saved(clerk, scene):
    page = pasted(clerk, scene, open_script())
    words = "一是改过的第一点。二是补上的第二点。三是拆开的第三点。四是再加一点。"

    saved(clerk, scene, typed_in(page, entry__3__text=words, entry__3__leader=str(scene.deputy.pk)))

    comment = Comment.objects.get(review=scene.reviews[3])
    assert (comment.weaknesses, comment.by, comment.points.count()) == (words, scene.deputy, 4)


def test_an_entry_that_is_too_long_is_shown_whole_and_told_never_cut_short(clerk, scene):
    page = pasted(clerk, scene, f"1、办公室党支部书记林望舒同志\n一是{'学' * 2_500}。\n")
    sent = typed_in(page)
    answer = saved(clerk, scene, sent)

    assert len(sent["entry-0-text"]) > 2_500
    assert answer.status_code == 422
    assert "最多 2000 字，现有" in answer.content.decode()


def test_an_entry_left_out_is_not_saved_and_the_others_are(clerk, scene):
    page = pasted(clerk, scene, open_script())

    answer = saved(clerk, scene, typed_in(page, entry__0__include=None, entry__0__review=None))

    assert answer.status_code == 302
    assert Comment.objects.count() == 13
    assert not Comment.objects.filter(review=scene.reviews[0]).exists()


def test_an_unmatched_entry_starts_left_out_and_must_be_chosen_to_be_saved(clerk, scene):
    page = pasted(clerk, scene, script_of([heading(1, "渔政站", "赵钱孙"), heading(2)]))

    unknown = page.context["formset"][0]
    assert (unknown["review"].value(), unknown["include"].value()) == (None, False)
    answer = saved(clerk, scene, typed_in(page, entry__0__include="on"))

    assert answer.status_code == 422
    assert "请选择这是对哪位述职人的点评" in answer.content.decode()
    assert not Comment.objects.exists()


def test_two_entries_for_one_person_save_nothing_and_keep_what_was_corrected(clerk, scene):
    page = pasted(clerk, scene, open_script())
    sent = typed_in(page, entry__1__review=str(scene.reviews[0].pk), entry__2__text="一是改过的字还在这里。")

    answer = saved(clerk, scene, sent)

    assert answer.status_code == 409
    body = answer.content.decode()
    assert "第 1 条和第 2 条都对应林望舒" in body
    assert "改过的字还在这里" in body
    assert not Comment.objects.exists()


def test_a_comment_that_is_there_is_shown_and_replaced_only_when_ticked(clerk, scene):
    comment_on(scene.reviews[0], weaknesses="一是领导亲自写的。", edition=0, by=scene.leader)
    page = pasted(clerk, scene, open_script())
    assert "对该述职人已有点评" in page.content.decode()

    refused = saved(clerk, scene, typed_in(page))
    assert (refused.status_code, Comment.objects.count()) == (409, 1)
    answer = saved(clerk, scene, typed_in(page, entry__0__replace="on"))

    assert answer.status_code == 302
    assert Comment.objects.get(review=scene.reviews[0]).points.count() == 3


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"script": ""}, "请粘贴点评稿全文，或上传文件"),
        ({"script": "今天天气很好，会议开得成功。"}, "没有找到按人分条的点评"),
        ({"script": "字" * 100_001}, "最多 100000 字，现有 100001 字"),
    ],
)
def test_a_paste_that_is_no_script_is_told_and_kept(clerk, scene, sent, sentence):
    answer = clerk.post(reverse("meeting:script", args=[scene.campaign.pk]), sent | {"leader": scene.leader.pk})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert sent["script"][:20] in answer.content.decode()


def test_a_tampered_correction_is_refused_without_an_error_page(clerk, scene):
    answer = saved(clerk, scene, {"entry-0-review": "drop"})

    assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_reviews_and_leaders_of_elsewhere_are_no_choice(clerk, scene):
    foreign = set_scene(speakers=1, stage=Stage.MEETING)
    page = pasted(clerk, scene, open_script())

    sent = typed_in(page, entry__0__review=str(foreign.reviews[0].pk), entry__1__leader=str(foreign.leader.pk))
    answer = saved(clerk, scene, sent)

    assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_a_script_comes_too_late_after_the_ballot(clerk, scene):
    page = pasted(clerk, scene, open_script())
    scene.campaign.stage = Stage.GRADING
    scene.campaign.save()

    answer = saved(clerk, scene, typed_in(page))

    assert answer.status_code == 409
    assert not Comment.objects.exists()


def uploaded(clerk, scene, name: str, content: bytes):
    file = SimpleUploadedFile(name, content)
    return clerk.post(
        reverse("meeting:script", args=[scene.campaign.pk]), {"file": file, "leader": scene.leader.pk, "script": ""}
    )


def test_a_script_comes_as_word_file_or_as_gbk_text(clerk, scene):
    word = Document()
    for line in open_script().splitlines():
        word.add_paragraph(line)
    packed = BytesIO()
    word.save(packed)

    from_word = uploaded(clerk, scene, "点评稿.docx", packed.getvalue())
    from_text = uploaded(clerk, scene, "点评稿.txt", open_script().encode("gb18030"))

    for page in (from_word, from_text):
        assert [len(form.points) for form in page.context["formset"]] == COUNTS


def test_a_file_that_is_no_document_is_told(clerk, scene):
    answer = uploaded(clerk, scene, "点评稿.docx", b"\x89PNG\r\n\x1a\n" + b"0" * 100)

    assert answer.status_code == 422
    assert "不能读取图片文件" in answer.context["form"].errors["file"][0]


def test_the_correction_costs_the_same_for_one_entry_or_three(clerk, scene):
    costs = []

    for count in (1, 3):
        script = script_of([heading(number) for number in range(1, count + 1)])
        pasted(clerk, scene, script)
        with CaptureQueriesContext(connection) as counted:
            pasted(clerk, scene, script)
        costs.append(len(counted))

    assert costs[0] == costs[1] > 3


def test_the_invented_script_has_the_shape_it_claims():
    entries = split_script(open_script())

    assert [len(entry.points) for entry in entries] == COUNTS
