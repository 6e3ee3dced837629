"""旁批: what a vetter notes at a passage, what its author answers. Writes ``Remark``.

A remark is a draft until a verdict sends it; the trail tells of the verdict and how many remarks went with it.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Person
from reviews.report import permissions
from reviews.report.actions import hold, why_not_vetted
from reviews.report.models import Report, Section
from reviews.report.vetting.models import Remark
from reviews.report.vetting.taking_back import locked

MOST_REMARKS = 60  # on one version: who has more to say gives the report back
LONGEST_QUOTE = 600


@transaction.atomic
def add_remark(
    report: Report, *, version: int, section: str, quote: str, text: str, by: Person, occurrence: int = 0
) -> Remark:
    """Note something at a passage of the version handed in last; the author sees it with the verdict.

    ``quote`` are the passage's own words; where they stand several times, ``occurrence`` (from 0) says
    which, the last if there are fewer.
    The same remark at the same place again changes nothing. Raises PermissionDenied for who may not vet,
    Refused when the report no longer waits, the page is stale, or the words do not stand there.
    """
    report = locked(report)
    forget_duties(by)
    if not permissions.is_vetter(by, report):
        raise PermissionDenied(permissions.conflict_of(by, report))
    if not permissions.may_vet(by, report):
        raise Refused(why_not_vetted(report))
    handed_in = report.handed_in
    if handed_in.number != version:
        raise Refused(f"您看的是第 {version} 版，述职人已提交第 {handed_in.number} 版。请刷新页面后再批注。")
    start, quote = place_of(handed_in.sections.get(section, ""), quote, occurrence, section)
    if not text.strip():
        raise Refused("请写明批注内容。")
    if handed_in.remarks.count() >= MOST_REMARKS:
        raise Refused(f"一版报告最多 {MOST_REMARKS} 条旁批。意见较多的，请写在审核意见中退回修改。")
    remark, _ = Remark.objects.get_or_create(
        version=handed_in,
        section=section,
        start=start,
        end=start + len(quote),
        text=text.strip(),
        vetting=None,
        defaults={"quote": quote, "by": by},
    )
    return remark


def place_of(body: str, quote: str, occurrence: int, section: str) -> tuple[int, str]:
    """Where the quoted words begin, and the words without blanks around them. Raises Refused."""
    quote = quote.strip()
    if not quote:
        raise Refused("请先选中要批注的文字，或把原文抄入“引用原文”。")
    if len(quote) > LONGEST_QUOTE:
        raise Refused(f"引用的原文有 {len(quote)} 字，超过 {LONGEST_QUOTE} 字。请只引用要改的句子。")
    start = -1
    for _ in range(occurrence + 1):
        found = body.find(quote, start + 1)
        if found < 0:
            break
        start = found
    if start < 0:
        named = Section(section).label if section in Section.values else "报告"
        raise Refused(f"“{named}”里没有这句原文：{quote[:30]}。请从报告中选中或照抄原文。")
    return start, quote


@transaction.atomic
def drop_remark(remark: Remark, *, by: Person) -> None:
    """Take back one's own remark that was not yet sent. Raises Refused afterwards, and for another's."""
    hold(remark.version.report.review)
    remark = Remark.objects.select_for_update(of=("self",)).select_related("version__report").get(pk=remark.pk)
    if remark.by_id != by.pk:
        raise Refused("只能删除本人的旁批。")
    if remark.vetting_id:
        raise Refused("这条旁批已随审核结论发给述职人，不能删除。")
    remark.delete()


@transaction.atomic
def answer_remark(remark: Remark, *, reply: str, by: Person) -> Remark:
    """回应: the author says what he changed, or why not, while he writes. May be reworded until handed in."""
    report = hold(remark.version.report.review)
    remark = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if not permissions.is_author(by, report) or remark.vetting_id is None:
        raise PermissionDenied
    if not permissions.may_write(by, report):
        raise Refused("报告现在不能修改，旁批不能再回应。")
    if not reply.strip():
        raise Refused("请写明怎样修改，或不改的理由。")
    remark.reply, remark.replied_at = reply.strip(), timezone.now()
    remark.save(update_fields=["reply", "replied_at"])
    return remark


@transaction.atomic
def settle_remark(remark: Remark, *, is_settled: bool, by: Person) -> Remark:
    """认可: in a later round a vetter says that a remark is dealt with, or after all is not."""
    report = locked(remark.version.report)
    forget_duties(by)
    remark = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if not permissions.is_vetter(by, report) or remark.vetting_id is None:
        raise PermissionDenied(permissions.conflict_of(by, report))
    if not permissions.may_vet(by, report):
        raise Refused(why_not_vetted(report))
    remark.settled_by, remark.settled_at = (by, timezone.now()) if is_settled else (None, None)
    remark.save(update_fields=["settled_by", "settled_at"])
    return remark
