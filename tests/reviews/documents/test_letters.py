"""反馈函: what a letter says, how it is printed, and that no text in it reaches out of it."""

import re
import threading
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.template.loader import render_to_string

from organizations.errors import Refused
from organizations.jobs import Cancelled
from reviews.documents import pdf
from reviews.documents.letters import TEMPLATE, build_letters, build_own_letter
from reviews.grade import actions
from reviews.grade.feedback import actions as feedback
from reviews.grade.feedback.queries import problems_fed_back
from reviews.ledger.actions import add_problem
from reviews.models import Letter
from tests.reviews.grade.scene import FAIR, GOOD, build_scene, in_days, note, propose, send_letters, suggest

pytestmark = pytest.mark.django_db

CANARY = "CANARY-of-a-secret-file-7391"


def silent(done, total):
    """Progress that nobody watches."""


def html_of(letter: Letter) -> str:
    letter = Letter.objects.for_print().get(pk=letter.pk)
    context = {"letter": letter, "review": letter.review, "problems": problems_fed_back([letter])[letter.review_id]}
    return render_to_string(TEMPLATE, context)


def unpacked(content: bytes) -> bytes:
    """A PDF with every stream in it opened."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S)
    opened = [content]
    for stream in streams:
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            opened.append(stream)
    return b"\n".join(opened)


def pages_in(content: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", unpacked(content)))


# What it says


def test_a_letter_tells_grade_opinion_problems_and_time_limit():
    scene = build_scene()
    note(scene.reviews[0], scene.clerk, "主题党日形式单一")
    note(scene.reviews[0], scene.clerk, "党课偏少", source="self")
    send_letters(scene)

    html = html_of(Letter.objects.get(review=scene.reviews[0]))

    review, day = scene.reviews[0], in_days(30)
    assert f"{review.organization}{review.secretary}同志：" in html
    assert "经局党组第2次会议（2026年1月5日）研究" in html
    assert "综合评价等次为“<strong>好</strong>”" in html
    assert "<p>工作扎实。</p>" in html
    assert "<p>1．党课偏少（自己查摆）</p><p>2．主题党日形式单一（上级点评）</p>" in html.replace("\n", "")
    assert f"于{day.year}年{day.month}月{day.day}日前完成整改" in html
    assert "签收回执" in html


def test_a_letter_tells_nothing_of_votes_ranks_and_others():
    scene = send_letters(build_scene([{"A": GOOD}, {"A": FAIR}]))
    other = scene.reviews[1]

    html = html_of(Letter.objects.get(review=scene.reviews[0]))

    assert str(other.secretary) not in html
    for word in ("100.00", "得分", "名次", "排在", "票"):
        assert word not in html


def test_a_letter_without_opinion_and_problems_says_so():
    scene = suggest(build_scene())
    propose(scene, [actions.Proposal(review, scene.suggestion(n).grade) for n, review in enumerate(scene.reviews)])
    actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=scene.head)
    feedback.send_letters(scene.campaign, rectify_by=in_days(30), by=scene.clerk)

    html = html_of(Letter.objects.first())

    assert "详见述职评议会领导点评。" in html
    assert "本次未登记需要整改的问题。" in html
    assert "请逐条认领上述问题" not in html


def test_a_letter_printed_later_is_the_letter_that_was_sent():
    scene = build_scene()
    note(scene.reviews[0], scene.clerk)
    send_letters(scene)
    letter = Letter.objects.get(review=scene.reviews[0])
    before = html_of(letter)

    add_problem(scene.reviews[0], source="inspection", text="巡察后来指出", by=scene.clerk)

    assert html_of(letter) == before


def test_texts_are_told_and_never_obeyed():
    payloads = ["<img src='file:///etc/passwd'>", "{{ review.secretary.password }}", "{% debug %}"]
    scene = build_scene()
    for payload in payloads:
        note(scene.reviews[0], scene.clerk, payload)

    html = html_of(Letter.objects.get(review=send_letters(scene).reviews[0]))

    assert "<img" not in html
    assert "&lt;img src=&#x27;file:///etc/passwd&#x27;&gt;" in html
    assert "{{ review.secretary.password }}" in html
    assert "{% debug %}" in html


def test_before_the_feedback_there_is_nothing_to_print():
    with pytest.raises(Refused, match="还没有发出"):
        build_letters(build_scene().campaign, silent)


# How it is printed


@pytest.mark.pdf
def test_many_letters_are_one_file_each_beginning_on_a_right_page():
    scene = send_letters(build_scene([{"A": GOOD}] * 3))
    own = [pages_in(build_own_letter(letter, silent)) for letter in Letter.objects.all()]
    steps = []

    content = build_letters(scene.campaign, lambda done, total: steps.append((done, total)))

    assert content.startswith(b"%PDF-")
    assert own == [own[0]] * 3
    assert pages_in(content) == sum(pages + pages % 2 for pages in own[:-1]) + own[-1]
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.pdf
def test_the_same_letter_printed_twice_is_the_same_bytes_made_for_the_archive():
    letter = Letter.objects.filter(review=send_letters(build_scene()).reviews[0]).get()

    first, second = build_own_letter(letter, silent), build_own_letter(letter, silent)

    assert first == second
    assert b"<pdfaid:part>3" in unpacked(first) or b'pdfaid:part="3"' in unpacked(first)


@pytest.mark.pdf
def test_printing_stops_where_its_progress_says_so():
    scene = send_letters(build_scene([{"A": GOOD}] * 3))
    steps = []

    def stop_at_the_second(done, total):
        steps.append(done)
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_letters(scene.campaign, stop_at_the_second)

    assert steps == [0, 1]


@pytest.fixture
def listener():
    """A server that counts who asks it for anything."""
    asked = []

    class Door(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CANARY.encode())

        def log_message(self, *args):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    thread.join()
    server.server_close()


REACHING = [
    '<img src="{}">',
    '<link rel="attachment" href="{}">',
    '<link rel="stylesheet" href="{}">',
    '<a rel="attachment" href="{}">附件</a>',
    '<style>@import url("{}");</style>',
    '<style>p {{ background: url("{}"); }}</style><p>文</p>',
    '<style>@font-face {{ font-family: x; src: url("{}"); }} p {{ font-family: x; }}</style><p>文</p>',
    '<style>li {{ list-style-image: url("{}"); }}</style><ul><li>文</li></ul>',
    '<style>p::before {{ content: url("{}"); }}</style><p>文</p>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<iframe src="{}"></iframe>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{}#a"/></svg>',
    '<base href="{}"><img src="x.png">',
]


@pytest.mark.pdf
@pytest.mark.parametrize("markup", REACHING)
def test_even_markup_fetches_no_file_and_no_address(markup, listener, tmp_path):
    address, asked = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)

    for target in (secret.as_uri(), address):
        html = f"<!DOCTYPE html><html><body>{markup.format(target)}</body></html>"
        document = pdf._press().submit(pdf._lay_out, html).result()
        content = pdf._press().submit(pdf._write, [document]).result()
        assert CANARY.encode() not in unpacked(content)

    assert asked == []


@pytest.mark.pdf
def test_the_canary_would_be_found_if_files_were_fetched(tmp_path):
    """The control of the test above: with the library's own fetcher the secret is in the file."""
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    weasyprint = pdf._press().submit(pdf._machine).result()[0]
    html = f'<link rel="attachment" href="{secret.as_uri()}"><p>x</p>'

    content = pdf._press().submit(weasyprint.HTML(string=html).write_pdf).result()

    assert CANARY.encode() in unpacked(content)
