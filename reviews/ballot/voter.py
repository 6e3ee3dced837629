"""手机测评: the voter's pages. No account, no session, no name; GET never changes anything (SECURITY S5, S6).

The slip stands behind # in the QR code's address, so no server log, proxy or preview ever sees it; the page
sends it by POST. Everything also works as plain forms.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations.errors import Refused
from reviews.ballot.queries import published_receipts
from scoring import booth, sealing

CHOICES = [("4", "好"), ("3", "较好"), ("2", "一般"), ("1", "差"), ("0", "弃权")]
RECUSED = ("-", "本人回避")
MARK = "mark-"


def wants_json(request) -> bool:
    """True for the page's own script; a plain form gets a page."""
    return request.headers.get("Accept", "") == "application/json"


def _told(request, sentence: str, status: int):
    if wants_json(request):
        return JsonResponse({"refused": sentence}, status=status)
    return render(request, "reviews/ballot/vote.html", {"refused": sentence}, status=status)


@login_not_required
@require_GET
@never_cache
@ensure_csrf_cookie
def vote(request):
    """The door: the script takes the slip from behind #; without a script the slip is typed."""
    return render(request, "reviews/ballot/vote.html")


@login_not_required
@require_POST
@never_cache
def sheet(request):
    """The ballot that a slip opens. Reads only: asked a hundred times it changes nothing."""
    slip = request.POST.get("slip", "")[:100]
    try:
        found = booth.sheet_for(slip)
    except Refused as refused:
        return _told(request, str(refused), 409)
    choices = [*CHOICES, RECUSED] if found.recusals else CHOICES
    context = {"sheet": found, "choices": choices, "slip": slip, "code": sealing.new_slip()}
    template = "reviews/ballot/_sheet.html" if wants_json(request) else "reviews/ballot/vote.html"
    return render(request, template, context)


@login_not_required
@require_POST
@never_cache
def cast(request):
    """Put the ballot in the box. The same slip with the same code again ends on the same receipt (I4)."""
    marks = {}
    for name, choice in request.POST.items():
        if name.startswith(MARK):
            number = name[len(MARK) :]
            if not (number.isascii() and number.isdigit() and len(number) < 5):
                return _told(request, "测评表内容与本次测评不符，请重新扫码后填写。", 409)
            marks[int(number)] = choice[:2]
    code = request.POST.get("code", "")[:60]
    if len(sealing.plain(code)) < 16:
        return _told(request, "页面已过期，请重新扫码后再提交。", 409)
    try:
        receipt = booth.cast(request.POST.get("slip", "")[:100], marks, sealing.receipt_of(code))
    except Refused as refused:
        return _told(request, str(refused), 409)
    if wants_json(request):
        return JsonResponse({"receipt": receipt})
    return render(request, "reviews/ballot/vote.html", {"receipt": receipt})


@login_not_required
@require_http_methods(["GET", "POST"])
@never_cache
def receipt(request):
    """After the close: does my ballot lie in the sealed box? Says nothing of its content."""
    if request.method == "GET":
        return render(request, "reviews/ballot/receipt.html")
    code = sealing.plain(request.POST.get("code", "")[:60])
    boxes = published_receipts(sealing.in_groups(code)) if len(code) == 16 else []
    return render(
        request, "reviews/ballot/receipt.html", {"code": sealing.in_groups(code), "boxes": boxes, "is_asked": True}
    )
