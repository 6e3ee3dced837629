"""HTML in, PDF out. All rendering runs in one thread with one font configuration.

Sharing a font configuration between threads crashes Pango; one per document eats up to a gigabyte
(STACK 3.4). WeasyPrint is loaded late: its import fails where its system libraries are missing.
"""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from organizations.errors import Refused
from organizations.jobs import Progress

ARCHIVE = {"pdf_variant": "pdf/a-3u"}
BLANK = '<!DOCTYPE html><html lang="zh-CN"><title></title><body class="blank"></body></html>'
MISSING = (
    "服务器缺少生成 PDF 所需的系统库。请系统管理员安装 libpangoft2-1.0-0、"
    "libharfbuzz-subset0、fontconfig、fonts-noto-cjk 后重试。"
)
FONTS_CONF = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>
"""


def render_pdf(template: str, contexts: Sequence[dict], progress: Progress) -> bytes:
    """A template of official layout (GB/T 9704) as PDF/A, once a context, each starting on a right page.

    Laid out one after another and written as one file: fonts are embedded once, and ``progress`` is told (and
    may cancel) between two of them. Only data: addresses are fetched: no file and no network can be reached
    from a text (SECURITY F5). Raises Refused where the system libraries are missing.
    """
    documents = []
    for number, context in enumerate(contexts, start=1):
        html = render_to_string(template, context)
        documents.append(_press().submit(_lay_out, html).result())
        progress(number - 1, len(contexts))
    content = _press().submit(_write, documents).result()
    progress(len(contexts), len(contexts))
    return content


def lay_out_until(template: str, tries: Iterable[tuple[dict, int]]):
    """The first of the contexts that fits into its number of pages; the last one if none does."""
    for context, pages in tries:
        document = _press().submit(_lay_out, render_to_string(template, context)).result()
        if len(document.pages) <= pages:
            break
    return document


def repeat_pdf(document, copies: int) -> bytes:
    """One laid-out document so many times in one file, each copy the same pages, beginning on a right page."""
    return _press().submit(_write, [document] * copies).result()


@cache
def _press() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdf")


def _use_private_fonts() -> None:
    """仿宋 and 楷体 unpacked by ``./dev`` lie beside the project, not in the system."""
    folder = Path(settings.BASE_DIR) / ".cache" / "fonts"
    if folder.is_dir():
        conf = folder / "fonts.conf"
        text = FONTS_CONF.format(folder=folder)
        if not conf.exists() or conf.read_text() != text:
            conf.write_text(text)
        os.environ.setdefault("FONTCONFIG_FILE", str(conf))


@cache
def _machine():
    """The library, its fonts and our style sheet: made once, in the one thread."""
    _use_private_fonts()
    try:
        import weasyprint  # noqa: PLC0415 -- fails without its system libraries
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except OSError as error:
        raise Refused(MISSING) from error
    fonts = FontConfiguration()
    style = weasyprint.CSS(filename=finders.find("css/official.css"), font_config=fonts)
    return weasyprint, fonts, style, URLFetcher(allowed_protocols=["data"])


def _lay_out(html: str):
    weasyprint, fonts, style, fetcher = _machine()
    return weasyprint.HTML(string=html, url_fetcher=fetcher).render(stylesheets=[style], font_config=fonts, **ARCHIVE)


def _write(documents: Sequence) -> bytes:
    """All pages in one file; before another document an even number of them, as both sides are printed."""
    pages, blank = [], None
    for document in documents:
        if len(pages) % 2:
            blank = blank or _lay_out(BLANK).pages
            pages += blank
        pages += document.pages
    return documents[0].copy(pages).write_pdf(**ARCHIVE)
