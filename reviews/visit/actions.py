"""What is done to a record of the year (调研与平时记录). Its one writer."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Organization, Person
from reviews.ledger.actions import open_problem, withdraw_problem
from reviews.ledger.models import Act, Problem
from reviews.ledger.permissions import is_time_for
from reviews.plan.models import Review, Stage
from reviews.visit.models import (
    LONGEST_REMARK,
    LONGEST_SEEN,
    MOST_PHOTOS,
    FollowUp,
    VisitChange,
    VisitPhoto,
    VisitRecord,
)
from reviews.visit.permissions import (
    may_change,
    may_follow_up,
    may_list_problem,
    may_share,
    may_withdraw,
    may_write,
)
from reviews.visit.photos import Photo

FIRST_DAY = date(2000, 1, 1)
LABELS = {
    "kind": "方式",
    "visited_on": "日期",
    "place": "地点",
    "companions": "其他人员",
    "seen": "情况",
    "strengths": "亮点",
    "problems": "问题",
    "suggestions": "建议",
}
LONGEST = {"place": 100, "companions": 200, "seen": LONGEST_SEEN}


@dataclass(frozen=True, slots=True)
class Words:
    """What a record says. Only ``kind`` and ``seen`` must be there."""

    kind: str
    seen: str
    visited_on: date
    place: str = ""
    companions: str = ""
    strengths: str = ""
    problems: str = ""
    suggestions: str = ""


@transaction.atomic
def record_visit(
    organization: Organization,
    words: Words,
    *,
    key: UUID,
    by: Person,
    leaders: Iterable[Person] = (),
    photos: Sequence[Photo] = (),
    wants_problem: bool = False,
) -> VisitRecord:
    """Keep a record. The same record sent again with the same ``key`` is given back, not kept twice.

    ``wants_problem`` lists it in the ledger at once when the organization is in a running campaign; else
    it waits. Raises Refused for others than leaders, clerks and heads over the organization, for the
    organization one leads oneself, without words, for a day to come, for more than nine photos, and for
    another record under a key already used.
    """
    Person.objects.select_for_update().get(pk=by.pk)  # the same phone sending twice at once waits here
    forget_duties(by)
    if not may_write(by, organization):
        raise Refused("只有领导、组织部经办人和负责人可以为其负责范围内的单位记录，本人任书记的单位由他人记录。")
    words = checked(words)
    if kept := VisitRecord.objects.filter(by=by, key=key).first():
        if (kept.organization_id, kept.kind, kept.seen) == (organization.pk, words.kind, words.seen):
            return kept
        raise Refused("这一页已经保存过一条记录。现在填写的内容与它不同：如要另记一条，请再点一次“保存”。")
    record = VisitRecord.objects.create(
        organization=organization, key=key, by=by, wants_problem=wants_problem, **asdict(words)
    )
    record.leaders.set(leaders)
    add_photos(record, photos)
    trail.record(
        "记录平时情况", record, by=by, organization=organization, kind=record.get_kind_display(), photos=len(photos)
    )
    if wants_problem:
        _list_if_running(record, by=by)
    return record


def checked(words: Words) -> Words:
    """The words without blanks around them. Raises Refused for what is missing, too long or still to come."""
    cleaned = asdict(words)
    for name, label in LABELS.items():
        if isinstance(cleaned[name], str):
            cleaned[name] = cleaned[name].replace("\x00", "").replace("\r\n", "\n").strip()
            longest = LONGEST.get(name, LONGEST_REMARK)
            if len(cleaned[name]) > longest:
                raise Refused(f"“{label}”最多 {longest} 字，现有 {len(cleaned[name])} 字，请精简。")
    if cleaned["kind"] not in VisitRecord.Kind.values:
        raise Refused("请选择方式（走访调研、督查、随机抽查、谈话、观摩或其他）。")
    if not cleaned["seen"]:
        raise Refused("请写一句看到的情况。")
    if not FIRST_DAY <= cleaned["visited_on"] <= timezone.localdate():
        raise Refused("日期不能晚于今天，也不能早于 2000 年。")
    return Words(**cleaned)


def add_photos(record: VisitRecord, photos: Sequence[Photo]) -> int:
    """Keep photos with a record; a picture that it has already is passed over. Returns how many are new.

    Raises Refused when there would be more than nine.
    """
    there = set(record.photos.values_list("digest", flat=True))
    fresh = {photo.digest: photo for photo in photos if photo.digest not in there}
    if len(there) + len(fresh) > MOST_PHOTOS:
        raise Refused(f"一条记录最多 {MOST_PHOTOS} 张照片，现有 {len(there) + len(fresh)} 张，请去掉几张。")
    last = record.photos.aggregate(last=Max("number"))["last"] or 0
    for number, photo in enumerate(fresh.values(), start=last + 1):
        kept = VisitPhoto(record=record, number=number, digest=photo.digest)
        kept.image.save(photo.stored_name(), ContentFile(photo.image), save=False)
        kept.thumbnail.save(photo.stored_name(), ContentFile(photo.thumbnail), save=False)
        kept.save()
    return len(fresh)


@transaction.atomic
def change_record(
    record: VisitRecord,
    words: Words,
    *,
    by: Person,
    edition: int,
    leaders: Iterable[Person] = (),
    photos: Sequence[Photo] = (),
    dropped: Iterable[int] = (),
) -> VisitRecord:
    """Change a record within seven days; what stood before is kept beside it. ``dropped``: keys of photos.

    Raises Refused for others than its author, later, for a page gone stale, and as ``record_visit`` does.
    """
    record = _locked(record, by)
    if not may_change(by, record):
        raise Refused("记录只能由记录人在 7 天内修改；过期或有误的请撤回后重新记录。")
    if edition != record.edition:
        raise Refused("页面打开之后，这条记录已在别处改过。请先查看最新内容；现在填写的还在，需要时可复制。")
    words = checked(words)
    leaders, dropped = list(leaders), set(dropped)
    before = _differences(record, words, leaders)
    gone = list(record.photos.filter(pk__in=dropped))
    if gone:
        before["photos"] = f"去掉第 {'、'.join(str(photo.number) for photo in gone)} 张照片"
        VisitPhoto.objects.filter(pk__in=[photo.pk for photo in gone]).delete()
        transaction.on_commit(lambda: _delete_files(gone))
    added = add_photos(record, photos)
    if not before and not added:
        return record
    for name, value in asdict(words).items():
        setattr(record, name, value)
    record.edition += 1
    record.save(update_fields=[*LABELS, "edition"])
    record.leaders.set(leaders)
    VisitChange.objects.create(record=record, before=before, by=by)
    trail.record("修改平时记录", record, by=by, organization=record.organization, changed=list(before), photos=added)
    return record


def _differences(record: VisitRecord, words: Words, leaders: list[Person]) -> dict[str, str]:
    """Field -> what stood there, of everything that the new words change."""
    now = asdict(words)
    before = {name: str(getattr(record, name)) for name in LABELS if getattr(record, name) != now[name]}
    came = set(record.leaders.values_list("name", flat=True))
    if came != {leader.name for leader in leaders}:
        before["leaders"] = "、".join(sorted(came))
    return before


def _delete_files(photos: list[VisitPhoto]) -> None:
    for photo in photos:
        photo.image.delete(save=False)
        photo.thumbnail.delete(save=False)


@transaction.atomic
def withdraw_record(record: VisitRecord, *, reason: str, by: Person) -> VisitRecord:
    """Take a record back, with a reason; it stays on the list, marked. Its problem goes off the books with it.

    Raises Refused without a reason, for others than its author and the clerk, and when the problem has been
    claimed already: then it is settled in the ledger.
    """
    record = _locked(record, by)
    if not may_withdraw(by, record):
        raise Refused("记录只能由记录人或组织部经办人撤回，已撤回的不能再撤。")
    reason = filled(reason, "撤回原因", longest=300)
    if record.problem and record.problem.state != Problem.State.WITHDRAWN:
        if not is_time_for(Act.WITHDRAW, record.problem):
            raise Refused("由这条记录列入台账的问题已认领整改，记录不能撤回；请在整改台账中办理。")
        withdraw_problem(record.problem, reason=f"平时记录撤回：{reason}"[:300], by=by)
    record.withdrawn_reason, record.withdrawn_at, record.withdrawn_by = reason, timezone.now(), by
    record.save(update_fields=["withdrawn_reason", "withdrawn_at", "withdrawn_by"])
    trail.record("撤回平时记录", record, by=by, organization=record.organization, reason=reason)
    return record


@transaction.atomic
def share_record(record: VisitRecord, *, shared: bool, by: Person) -> VisitRecord:
    """Let the visited organization's secretary read the record, or no longer.

    Raises Refused for others than those who may write about the organization, and for a withdrawn record.
    """
    record = _locked(record, by)
    if not may_share(by, record):
        raise Refused("只有领导、组织部经办人和负责人可以把记录告知被走访单位，已撤回的记录不能告知。")
    record.shared_at, record.shared_by = (timezone.now(), by) if shared else (None, None)
    record.save(update_fields=["shared_at", "shared_by"])
    trail.record("告知平时记录" if shared else "收回告知", record, by=by, organization=record.organization)
    return record


@transaction.atomic
def follow_up(record: VisitRecord, *, text: str, by: Person) -> FollowUp:
    """Say what came of a record. Raises Refused for an empty text, and as ``share_record`` does."""
    record = _locked(record, by)
    if not may_follow_up(by, record):
        raise Refused("只有领导、组织部经办人和负责人可以填写跟进情况，已撤回的记录不能再填。")
    entry = FollowUp.objects.create(record=record, text=filled(text, "跟进情况"), by=by)
    trail.record("跟进平时记录", record, by=by, organization=record.organization)
    return entry


@transaction.atomic
def list_problem(record: VisitRecord, review: Review, *, text: str, by: Person) -> Problem:
    """列入整改台账: open a problem of this review out of the record, once.

    Before the feedback it waits for it; afterwards the secretary sees it at once. Raises Refused for others
    than those who may follow up, in one's own review, for another organization's review, in a campaign that
    is planned or closed, and the second time.
    """
    record = _locked(record, by)
    review = Review.objects.select_related("campaign__organizer").get(pk=review.pk)
    stage = review.campaign.stage
    if review.organization_id != record.organization_id or stage in {Stage.PLANNING, Stage.CLOSED}:
        raise Refused("这个单位没有正在进行的述职评议考核活动，暂不能列入整改台账；活动开始后可再列入。")
    if not may_list_problem(by, record, review):
        raise Refused("这条记录已列入台账、已撤回，或涉及本人，不能再列入。")
    problem = open_problem(
        review,
        source=Problem.Source.INSPECTION,
        text=filled(text, "问题", longest=1_000),
        origin=f"{record.visited_on:%Y-%m-%d} {record.get_kind_display()}：{record.seen}"[:1_000],
        state=Problem.State.OPEN if stage == Stage.RECTIFYING else Problem.State.NOTED,
        by=by,
    )
    record.problem, record.wants_problem = problem, True
    record.save(update_fields=["problem", "wants_problem"])
    return problem


def _list_if_running(record: VisitRecord, *, by: Person) -> None:
    """List a fresh record at once if it can be; else it keeps its wish (``wants_problem``) and waits."""
    review = running_review(record.organization)
    if may_list_problem(by, record, review):
        list_problem(record, review, text=record.problems or record.seen[:1_000], by=by)


def running_review(organization: Organization) -> Review | None:
    """The organization's review in a campaign that runs: what a problem can be listed under; the newest of several."""
    running = Review.objects.filter(organization=organization).exclude(
        campaign__stage__in=[Stage.PLANNING, Stage.CLOSED]
    )
    return running.select_related("campaign__organizer", "organization").order_by("-campaign__year", "-pk").first()


def _locked(record: VisitRecord, by: Person) -> VisitRecord:
    forget_duties(by)
    locked = VisitRecord.objects.select_for_update(of=("self",))
    return locked.select_related("organization", "problem__review__campaign__organizer").get(pk=record.pk)


def filled(text: str, label: str, *, longest: int = LONGEST_REMARK) -> str:
    """The text without blanks around it. Raises Refused when nothing is left or it is too long."""
    text = text.replace("\x00", "").strip()
    if not text:
        raise Refused(f"请填写{label}。")
    if len(text) > longest:
        raise Refused(f"{label}最多 {longest} 字，现有 {len(text)} 字，请精简。")
    return text
