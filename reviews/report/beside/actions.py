"""What the author does beside the text: answers a problem, anchors an item, attaches files, fills in the annex.

Every verb asks, under the lock of the report, whether it may be written (``hold_writable``): the author alone,
while reports are written and this one is not handed in.
"""

import hashlib
from collections.abc import Mapping, Sequence

from django.core.files.base import ContentFile
from django.db import transaction

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.evidence import Evidence
from reviews.ledger.models import Problem, Progress
from reviews.plan.models import ContentItem, Review
from reviews.report.actions import hold_writable
from reviews.report.beside.anchors import LONGEST_QUOTE, SHORTEST_QUOTE, place_of
from reviews.report.beside.annex import LABELS, LARGEST, faults
from reviews.report.beside.answers import stamp_of
from reviews.report.beside.enclosures import is_named
from reviews.report.models import Anchor, Annex, Answer, Attachment, Report, Section
from reviews.report.prior import problems_to_answer

LONGEST_ANSWER = 1_000  # letters; the whole report has 2,500
MOST_FILES = 20
MEGABYTE = 1024 * 1024
MOST_BYTES = 100 * MEGABYTE  # of one report


@transaction.atomic
def answer_problem(
    review: Review,
    problem: Problem,
    *,
    state: str,
    words: str,
    by: Person,
    progress: Progress | None = None,
    files: Sequence[Evidence] = (),
    removed: Sequence[Attachment] = (),
    seen: str | None = None,
) -> Answer:
    """Say what became of a problem of an earlier year, with files or an entry of the ledger as evidence (B6).

    Said again, it replaces what was said; its files stay but for those ``removed``. ``seen`` is the ``stamp_of``
    the answer that the form began from: Refused, naming what stands there, if another window saved since.
    Raises Refused for a problem
    that this report has not to answer, without words, for an entry of another problem, and beyond the limits
    of ``attach_files``.
    """
    report = hold_writable(review, by=by)
    if not problems_to_answer(report.review).filter(pk=problem.pk).exists():
        raise Refused("这个问题不在本报告须答复之列，可能已被撤回。请刷新页面。")
    words = words.strip()
    if not words:
        raise Refused("请写明整改情况。")
    if len(words) > LONGEST_ANSWER:
        raise Refused(f"整改情况最多 {LONGEST_ANSWER} 字，现有 {len(words)} 字，请精简。")
    if progress and progress.problem_id != problem.pk:
        raise Refused("所选的台账进展不属于这个问题，请重新选择。")
    standing = report.answers.filter(problem=problem).first()
    if seen is not None and standing and seen != stamp_of(standing.state, standing.words) and standing.words != words:
        raise Refused(
            f"这条答复刚在另一个窗口保存过：“{standing.get_state_display()}：{standing.words}”。"
            "您填写的还在下面，没有保存；核对两份文字后，再点“保存答复”即以下面的为准。"
        )
    answer, _ = Answer.objects.update_or_create(
        report=report,
        problem=problem,
        defaults={"state": Answer.State(state), "words": words, "progress": progress, "by": by},
    )
    for file in answer.attachments.filter(pk__in=[file.pk for file in removed]):
        detach_file(file, by=by)
    _attach(report, files, by=by, answer=answer)
    _record("答复上年问题", report, by=by, problem=problem.pk, state=answer.get_state_display())
    return answer


@transaction.atomic
def anchor_item(
    review: Review,
    item: ContentItem,
    *,
    by: Person,
    section: str = "",
    quote: str = "",
    sections: Mapping[str, str] | None = None,
) -> Anchor:
    """Tick a content item as written and, with ``quote``, anchor it to these words of a section.

    ``sections`` is the text as the author's page shows it, where that is newer than what was saved.
    A tick is no act of its own: no line of the trail. Raises Refused when the words are too few, too
    many, or do not stand in the section.
    """
    report = hold_writable(review, by=by)
    quote = quote.strip()
    if quote:
        if section not in Section.values:
            raise Refused("请选择这段文字在报告的哪一部分。")
        if len("".join(quote.split())) < SHORTEST_QUOTE:
            raise Refused(f"关联的文字至少 {SHORTEST_QUOTE} 个字，太短了对不准位置。")
        quote = quote[:LONGEST_QUOTE]
        text = (sections or report.sections).get(section, "")
        if place_of(quote, text) is None:
            raise Refused(f"“{Section(section).label}”里没有这段文字。请从正文中选中或复制原文，再关联。")
    anchor, _ = Anchor.objects.update_or_create(
        report=report, item=item, defaults={"section": section if quote else "", "quote": quote}
    )
    return anchor


@transaction.atomic
def untick_item(review: Review, item: ContentItem, *, by: Person) -> None:
    """Take the tick and the anchor of a content item away. Raises as ``anchor_item`` does."""
    report = hold_writable(review, by=by)
    report.anchors.filter(item=item).delete()


@transaction.atomic
def attach_files(review: Review, files: Sequence[Evidence], *, by: Person) -> list[Attachment]:
    """Put checked files beside the report (佐证材料).

    Raises Refused for a file that is there already, beyond MOST_FILES files or MOST_BYTES bytes.
    """
    report = hold_writable(review, by=by)
    return _attach(report, files, by=by)


def _attach(report: Report, files: Sequence[Evidence], *, by: Person, answer: Answer | None = None) -> list[Attachment]:
    standing = list(report.attachments.filter(is_removed=False))
    known = {file.sha256: file.name for file in standing}
    if len(standing) + len(files) > MOST_FILES:
        told = f"一份报告最多 {MOST_FILES} 个文件，现有 {len(standing)} 个，本次 {len(files)} 个"
        raise Refused(f"{told}，没有保存。请合并或删减后重新上传。")
    if sum(file.size for file in standing) + sum(len(file.content) for file in files) > MOST_BYTES:
        raise Refused(f"一份报告的文件合计不超过 {MOST_BYTES // MEGABYTE} MB，没有保存。请压缩图片或删减后重新上传。")
    digests = [hashlib.sha256(file.content).hexdigest() for file in files]
    for file, digest in zip(files, digests, strict=True):
        if digest in known:
            raise Refused(f"“{file.shown_name}”与“{known[digest]}”内容完全相同，没有保存。请不要重复上传。")
        known[digest] = file.shown_name
    made = []
    for file, digest in zip(files, digests, strict=True):
        attachment = Attachment(
            report=report, answer=answer, name=file.shown_name, size=len(file.content), sha256=digest, by=by
        )
        attachment.file.save(file.stored_name(), ContentFile(file.content), save=False)
        attachment.save()
        made.append(attachment)
    if made:
        _record("上传佐证材料", report, by=by, file="、".join(file.name for file in made), count=len(made))
    return made


@transaction.atomic
def detach_file(file: Attachment, *, by: Person) -> None:
    """Take a file from the draft. What a handed-in version names stays on the disk; anything else is deleted.

    Taken away twice, nothing more happens. Raises as ``hold_writable`` does.
    """
    report = hold_writable(file.report.review, by=by)
    file = Attachment.objects.select_for_update().filter(pk=file.pk).first()
    if file is None or file.is_removed:
        return
    if is_named(file):
        file.is_removed = True
        file.save(update_fields=["is_removed"])
    else:
        stored, storage = file.file.name, file.file.storage
        file.delete()
        transaction.on_commit(lambda: storage.delete(stored))
    _record("移除佐证材料", report, by=by, file=file.name)


@transaction.atomic
def fill_annex(review: Review, *, cells: Mapping[str, int], by: Person) -> Annex:
    """Keep the data annex (数据附表). Raises Refused for unknown cells and where parts do not add up to their total."""
    report = hold_writable(review, by=by)
    if set(cells) - set(LABELS) or not all(0 <= count <= LARGEST for count in cells.values()):
        raise Refused(f"数据附表各项应为 0 到 {LARGEST:,} 的整数。")
    if told := [sentence for _, sentence in faults(cells)]:
        raise Refused("".join(told))
    kept, _ = Annex.objects.update_or_create(report=report, defaults={"cells": dict(cells), "by": by})
    _record("填写数据附表", report, by=by)
    return kept


@transaction.atomic
def drop_annex(review: Review, *, by: Person) -> None:
    """Take the annex away again, where the campaign does not ask for one."""
    report = hold_writable(review, by=by)
    if Annex.objects.filter(report=report).delete()[0]:
        _record("删除数据附表", report, by=by)


def _record(act: str, report: Report, *, by: Person, **facts) -> None:
    trail.record(act, report, by=by, organization=report.review.campaign.organizer, **facts)
