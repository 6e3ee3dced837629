"""The pages beside the text, with the page's script and without; and the text that is saved on the way to them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from reviews.plan.models import Stage
from reviews.report.actions import save_report
from reviews.report.models import Anchor, Annex, Answer, Attachment, Report
from tests.make import make_campaign, make_officer, make_problem, make_review
from tests.reviews.report.pages import at, form, queries_of
from tests.reviews.report.texts import SECTIONS

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
QUOTE = "我主持召开支部委员会八次"


@pytest.fixture
def problem(review):
    before = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    return make_problem(make_review(before, organization=review.organization), text="谈心谈话不够经常")


@pytest.fixture
def item(review):
    return review.campaign.content_items.create(number=1, text="理论学习")


def pdf(name="签到.pdf", content=b"%PDF-1.4 x"):
    return SimpleUploadedFile(name, content)


def said(problem, state="partly", words="半年内走访 12 户。", **more):
    return {f"a{problem.pk}-{name}": value for name, value in {"state": state, "words": words, **more}.items()}


# The text is saved on the way


@pytest.mark.parametrize(
    ("to", "page"),
    [("items", "items"), ("attach", "attachments"), ("annex", "annex"), ("nowhere", "write"), ("", "write")],
)
def test_a_button_that_leads_beside_the_text_saves_it_first(author, review, to, page):
    answer = author.post(at("write", review.pk), form(to=to))

    assert answer.url == f"/reports/of/{review.pk}/{page}/"
    assert Report.objects.get().sections == SECTIONS


def test_the_button_of_a_problem_leads_to_its_answer(author, review, problem):
    answer = author.post(at("write", review.pk), form(to=f"answer-{problem.pk}"))

    assert answer.url == at("answer", review.pk, problem.pk)
    assert Report.objects.get().sections == SECTIONS


def test_a_text_that_cannot_be_saved_stays_on_the_page_instead_of_being_left(author, review, problem):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    answer = author.post(at("write", review.pk), form(duty="我刚写的", to=f"answer-{problem.pk}"))

    assert answer.status_code == 409
    assert "我刚写的" in answer.content.decode()


# Answers


def test_a_row_is_opened_answered_and_given_back_with_the_count(author, review, problem):
    url = at("answer", review.pk, problem.pk)

    opened = author.get(url, **HTMX).content.decode()
    saved = author.post(url, said(problem), **HTMX).content.decode()

    assert f'id="answer-{problem.pk}"' in opened
    assert "保存答复" in opened
    assert "<html" not in opened + saved
    assert "半年内走访 12 户。" in saved
    assert 'id="answers-count" hx-swap-oob="true"' in saved


def test_without_the_script_each_answer_leads_to_the_next_and_the_last_back(author, review, problem):
    second = make_problem(problem.review, text="学习抓得不实")

    first = author.post(at("answer", review.pk, problem.pk), said(problem))
    last = author.post(at("answer", review.pk, second.pk), said(second))

    assert first.url == at("answer", review.pk, second.pk)
    assert last.url == at("write", review.pk)


@pytest.mark.parametrize("more", [{}, HTMX])
def test_an_incomplete_answer_comes_back_as_it_was_typed(author, review, problem, more):
    answer = author.post(at("answer", review.pk, problem.pk), said(problem, state="", words="写了一半"), **more)

    assert answer.status_code == 422
    assert "写了一半" in answer.content.decode()
    assert "请选择整改结果" in answer.content.decode()
    assert not Answer.objects.exists()


def test_two_windows_that_answer_the_same_problem_lose_neither_text(author, review, problem):
    address = at("answer", review.pk, problem.pk)
    in_both = author.get(address).context["form"].initial["seen"]
    author.post(address, said(problem, words="第一个窗口写的。", seen=in_both))

    refused = author.post(address, said(problem, words="第二个窗口写的。", seen=in_both))
    page = refused.content.decode()

    assert refused.status_code == 409
    assert "第一个窗口写的。" in page
    assert "第二个窗口写的。" in page
    assert Answer.objects.get().words == "第一个窗口写的。"
    again = said(problem, words="第二个窗口写的。", seen=refused.context["form"].data[f"a{problem.pk}-seen"])
    assert author.post(address, again).status_code == 302
    assert Answer.objects.get().words == "第二个窗口写的。"


def test_solved_is_proved_by_files_sent_with_the_answer(author, review, problem):
    files = [pdf(), pdf("照片.pdf", b"%PDF-1.4 y")]

    author.post(at("answer", review.pk, problem.pk), said(problem, state="done", files=files))

    assert [file.name for file in Answer.objects.get().attachments.all()] == ["签到.pdf", "照片.pdf"]


def test_a_file_that_is_not_what_it_says_is_named_and_the_answer_stays(author, review, problem):
    bad = pdf("照片.jpg", b"MZ program")

    answer = author.post(at("answer", review.pk, problem.pk), said(problem, state="done", files=[pdf(), bad]))

    assert answer.status_code == 422
    assert "“照片.jpg”没有保存" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_problem_that_is_not_this_report_s_to_answer_is_not_found(author, review):
    assert author.get(at("answer", review.pk, make_problem().pk)).status_code == 404


def test_the_text_is_made_of_the_answers_on_the_page_and_nothing_typed_is_lost(author, review, problem):
    author.post(at("answer", review.pk, problem.pk), said(problem))

    page = author.post(at("compose", review.pk), form(prior="原来写的", duty="刚写的履职"))

    made = page.context["form"].sections
    assert made["prior"] == "1.关于“谈心谈话不够经常”的问题，部分整改：半年内走访 12 户。"
    assert made["duty"] == "刚写的履职"
    assert page.context["replaced"] == "原来写的"
    assert not any(Report.objects.get().sections.values())


def test_without_any_answer_there_is_no_text_to_make(author, review, problem):
    page = author.post(at("compose", review.pk), form(prior="原来写的"))

    assert page.status_code == 409
    assert page.context["form"].sections["prior"] == "原来写的"


@pytest.mark.parametrize("page", ["write", "answer"])
def test_the_pages_cost_the_same_for_one_problem_or_three(author, review, problem, page):
    url = at("write", review.pk) if page == "write" else at("answer", review.pk, problem.pk)
    for_one = queries_of(author, url)
    for number in range(2):
        make_problem(problem.review, text=f"问题{number}")

    assert queries_of(author, url) == for_one


# Content items


def test_selected_words_anchor_an_item_and_its_row_comes_back(author, review, item):
    posted = {**SECTIONS, "section": "duty", "quote": QUOTE}

    row = author.post(at("anchor", review.pk, item.pk), posted, **HTMX)

    assert row.status_code == 200
    assert f'data-passage="{QUOTE}"' in row.content.decode()
    assert Anchor.objects.get().quote == QUOTE


@pytest.mark.parametrize(
    ("posted", "status", "told"),
    [
        ({"section": "", "quote": ""}, 422, "请先在文字框中选中"),
        ({"section": "duty", "quote": "没有写过这几个字"}, 409, "里没有这段文字"),
        ({"section": "x", "quote": QUOTE}, 422, "请从列表中选择"),
    ],
)
def test_a_row_says_why_an_item_was_not_anchored(author, review, item, posted, status, told):
    row = author.post(at("anchor", review.pk, item.pk), {**SECTIONS, **posted}, **HTMX)

    assert row.status_code == status
    assert told in row.content.decode()
    assert not Anchor.objects.exists()


def test_without_the_script_words_are_copied_into_a_form(author, review, item):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    wrong = author.post(at("anchor", review.pk, item.pk), {"section": "duty", "quote": "没有写过这几个字"})
    right = author.post(at("anchor", review.pk, item.pk), {"section": "duty", "quote": QUOTE})
    shown = author.get(at("items", review.pk)).content.decode()

    assert wrong.status_code == 409
    assert "没有写过这几个字" in wrong.content.decode()
    assert right.url == f"{at('items', review.pk)}#item-{item.pk}"
    assert QUOTE in shown


def test_the_writing_page_marks_an_anchor_whose_words_are_gone(author, review, item):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)
    author.post(at("anchor", review.pk, item.pk), {"section": "duty", "quote": QUOTE})

    checked = author.post(at("check", review.pk), form(edition=1, duty="全部重写。"), **HTMX).content.decode()

    assert "关联失效" in checked


# Files


def test_files_are_uploaded_listed_downloaded_and_removed(author, review):
    book, content = Workbook(), io.BytesIO()
    book.save(content)
    files = [pdf(), SimpleUploadedFile("统计.xlsx", content.getvalue())]

    listed = author.post(at("attach", review.pk), {"files": files}, follow=True).content.decode()
    first = Attachment.objects.get(name="签到.pdf")
    download = author.get(at("attachment", first.pk))
    body = b"".join(download.streaming_content)
    left = author.post(at("detach", first.pk), **HTMX).content.decode()

    assert "签到.pdf" in listed
    assert "统计.xlsx" in listed
    assert body == b"%PDF-1.4 x"
    assert "attachment" in download["Content-Disposition"]
    assert download["X-Content-Type-Options"] == "nosniff"
    assert "签到.pdf" not in left
    assert "统计.xlsx" in left


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "请先选择文件"),
        ([pdf("空.pdf", b"")], "0 字节"),
        ([pdf("病毒.exe", b"MZ")], "只接收"),
        ([pdf("改名.docx", b"\x89PNG")], "看起来是PNG"),
        ([pdf(f"{n}.pdf", b"%PDF-1.4 " + bytes([65 + n])) for n in range(21)], "一次最多选 20 个文件"),
    ],
)
def test_what_cannot_be_kept_is_told(author, review, files, told):
    answer = author.post(at("attach", review.pk), {"files": files})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_vetter_opens_what_was_handed_in_and_not_the_draft(author, client, review):
    author.post(at("attach", review.pk), {"files": [pdf()]})
    author.post(at("submit", review.pk), form())
    Report.objects.update(state="returned")
    author.post(at("attach", review.pk), {"files": [pdf("新的.pdf", b"%PDF-1.4 z")]})
    old, new = Attachment.objects.order_by("pk")
    client.force_login(make_officer("vetter", review.campaign.organizer))

    opened, kept_back = client.get(at("attachment", old.pk)), client.get(at("attachment", new.pk))

    assert b"".join(opened.streaming_content) == b"%PDF-1.4 x"
    assert kept_back.status_code == 403


def test_a_file_that_left_the_server_is_told_and_is_no_error(author, review):
    author.post(at("attach", review.pk), {"files": [pdf()]})
    file = Attachment.objects.get()
    file.file.storage.delete(file.file.name)

    assert author.get(at("attachment", file.pk)).status_code == 409


# The annex

CELLS = {"members": "3", "formal": "3", "in_service": "3", "to_35": "3", "bachelor": "3"}


def test_figures_that_add_up_are_kept_and_read(author, review):
    author.post(at("annex", review.pk), CELLS)
    author.post(at("submit", review.pk), form())

    page = author.get(at("read", Report.objects.get().pk)).content.decode()

    assert Annex.objects.get().cells["formal"] == 3
    assert "数据附表" in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"formal": "2"}, "党员身份各项合计 2，与党员总数 3 不符，少 1。"),
        ({"members": ""}, "请填写党员总数。"),
        ({"members": "三"}, "请填 0 到 1,000,000 的整数。"),
        ({"members": "-3"}, "请填 0 到 1,000,000 的整数。"),
        ({"retired": "9" * 400}, "请填 0 到 1,000,000 的整数。"),
    ],
)
def test_figures_that_cannot_be_come_back_with_a_sentence(author, review, change, told):
    answer = author.post(at("annex", review.pk), CELLS | change)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Annex.objects.exists()


def test_an_annex_may_be_taken_away_again(author, review):
    author.post(at("annex", review.pk), CELLS)

    author.post(at("annex", review.pk), {"drop": "1"})

    assert not Annex.objects.exists()


# Read by others


def test_who_reads_the_report_reads_what_was_handed_in_with_it(author, client, review, problem, item, vetter):
    author.post(at("answer", review.pk, problem.pk), said(problem))
    author.post(at("anchor", review.pk, item.pk), {**SECTIONS, "section": "duty", "quote": QUOTE}, **HTMX)
    author.post(at("attach", review.pk), {"files": [pdf()]})
    author.post(at("submit", review.pk), form())
    client.force_login(vetter)

    page = client.get(at("read", Report.objects.get().pk)).content.decode()

    assert "半年内走访 12 户。" in page
    assert f'data-passage="{QUOTE}"' in page
    assert "签到.pdf" in page
