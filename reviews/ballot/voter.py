"""手机测评: the voter's pages. No account, no session, no name; GET never changes anything (SECURITY S5, S6).

The slip stands behind # in the QR code's address, so no server log, proxy or preview ever sees it; the page
sends it by POST. Everything also works as plain forms.
"""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from organizations.errors import Refused
from reviews.ballot.queries import published_receipts
from scoring import booth, sealing

GRADES = "4321"  # high to low
ABSTAIN = ("0", "弃权")
RECUSED = ("-", "本人回避")
MARK = "mark-"
FOREIGN = "测评表内容与本次测评不符，请重新扫码后填写。"
MOST_SLIP, MOST_CODE = 100, 60  # characters read of what was typed
FEWEST_CODE = 16  # characters of a code made up before sending: 80 bit


def wants_json(request) -> bool:
    """True for the page's own script; a plain form gets a page."""
    return request.headers.get("Accept", "") == "application/json"


def _told(request, sentence: str, status: int = 409):
    if wants_json(request):
        return JsonResponse({"refused": sentence}, status=status)
    return render(request, "reviews/ballot/vote.html", {"refused": sentence}, status=status)


@login_not_required
@require_safe
@never_cache
@ensure_csrf_cookie
def vote(request):
    """The door: the script takes the slip from behind #; without a script the slip is typed."""
    return render(request, "reviews/ballot/vote.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sheet(request):
    """The ballot that a slip opens. Reads only: asked a hundred times it changes nothing."""
    if request.method != "POST":
        return redirect("ballot:vote")  # a phone that comes back to a page it has put away
    slip = request.POST.get("slip", "")[:MOST_SLIP]
    try:
        context = _sheet_context(slip, sealing.new_slip(), {})
    except Refused as refused:
        return _told(request, str(refused))
    template = "reviews/ballot/_sheet.html" if wants_json(request) else "reviews/ballot/vote.html"
    return render(request, template, context)


def _sheet_context(slip: str, code: str, chosen: Mapping[int, str]) -> dict:
    """The sheet with what is already chosen. Raises Refused where no sheet is to be had."""
    found = booth.sheet_for(slip)
    return {
        "sheet": found,
        "lines": [(entry, chosen.get(entry.number, "")) for entry in found.entries],
        "choices": [*zip(GRADES, found.grades, strict=True), ABSTAIN, *([RECUSED] if found.recusals else [])],
        "slip": slip,
        "code": code,
    }


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def cast(request):
    """Put the ballot in the box. The same slip with the same code again ends on the same receipt (I4)."""
    if request.method != "POST":
        return redirect("ballot:vote")
    slip, code = request.POST.get("slip", "")[:MOST_SLIP], request.POST.get("code", "")[:MOST_CODE]
    if len(sealing.plain(code)) < FEWEST_CODE:
        return _told(request, "页面已过期，请重新扫码后再提交。")
    marks = {}
    try:
        marks = _marks_of(request.POST)
        receipt = booth.cast(slip, marks, sealing.receipt_of(code), panel=_panel_of(request.POST))
    except Refused as refused:
        return (
            _told(request, str(refused)) if wants_json(request) else _filled_again(request, slip, code, marks, refused)
        )
    if wants_json(request):
        return JsonResponse({"receipt": receipt})
    return render(request, "reviews/ballot/vote.html", {"receipt": receipt})


def _panel_of(posted: Mapping[str, str]) -> int | None:
    """The panel that the sheet named; None is only slower."""
    named = posted.get("panel", "")[:12]
    return int(named) if named.isascii() and named.isdigit() else None


def _marks_of(posted: Mapping[str, str]) -> dict[int, str]:
    """Entry number -> choice. Raises Refused for a number that is none."""
    marks = {}
    for name, choice in posted.items():
        if not name.startswith(MARK):
            continue
        number = name[len(MARK) :]
        if not (number.isascii() and number.isdigit() and len(number) < 5):
            raise Refused(FOREIGN)
        marks[int(number)] = choice[:2]
    return marks


def _filled_again(request, slip: str, code: str, marks: Mapping[int, str], refused: Refused):
    """The sheet as it was filled, with what is wrong; only the sentence where no sheet is to be had any more."""
    try:
        context = _sheet_context(slip, code, marks)
    except Refused:
        return _told(request, str(refused))
    return render(request, "reviews/ballot/vote.html", {**context, "refused": refused}, status=409)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def receipt(request):
    """After the close: does my ballot lie in the sealed box? Says nothing of its content."""
    if request.method != "POST":
        return render(request, "reviews/ballot/receipt.html")
    code = sealing.plain(request.POST.get("code", "")[:MOST_CODE])
    boxes = published_receipts(sealing.in_groups(code)) if len(code) == FEWEST_CODE else []
    context = {"code": sealing.in_groups(code), "boxes": boxes, "is_asked": True}
    return render(request, "reviews/ballot/receipt.html", context)
