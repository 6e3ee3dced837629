"""The index of what was handed in: written with every handing in, asked for reports that share rare runs of letters.

Only rare fingerprints are kept. What stands in more than ``most_reports`` of them is common: it is learned as the
reports come in, so that nobody has to keep a list; ``tidy_up`` then takes out the rows that became common.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from math import log

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery

from reviews.report.copying.fingerprints import fingerprints, letters_of
from reviews.report.copying.models import CommonRun, Fingerprint
from reviews.report.models import Report, ReportVersion

FEWEST_REPORTS = 8  # in so many reports a phrase may stand and still be somebody's own
ONE_IN = 5_000  # and in so many of a large number
MOST_CANDIDATES = 15  # reports that are read and compared letter by letter
MOST_HASHES = 6_000  # looked up for one text: a report of thirty thousand letters


def most_reports(reports: int) -> int:
    """In how many of so many reports a run of letters may stand before it counts as everybody's."""
    return max(FEWEST_REPORTS, reports // ONE_IN)


def hashes_of(text: str) -> set[int]:
    """The numbers of a text's fingerprints; of a text beyond all measure a fixed part of them."""
    hashes = {each.hash for each in fingerprints(letters_of(text).text)}
    return hashes if len(hashes) <= MOST_HASHES else set(sorted(hashes)[:MOST_HASHES])


def common_among(hashes: Collection[int]) -> set[int]:
    """Those that everybody uses."""
    return set(CommonRun.objects.filter(hash__in=hashes).values_list("hash", flat=True))


def candidates(hashes: Collection[int]) -> list[int]:
    """Keys of the reports that share most with these rare hashes, best first, at most MOST_CANDIDATES.

    A run that few reports have says more than one that many have.
    """
    rows = Fingerprint.objects.filter(hash__in=hashes).values_list("hash", "report_id")
    return ranked(rows.iterator(chunk_size=5_000))


def ranked(rows: Iterable[tuple[int, int]]) -> list[int]:
    """The reports of (hash, report) rows by the weight of what they share; ties in the order of keys."""
    having: dict[int, list[int]] = defaultdict(list)
    for number, report in rows:
        having[number].append(report)
    weights: Counter[int] = Counter()
    for reports in having.values():
        weight = 1 / (1 + log(len(reports)))
        for report in reports:
            weights[report] += weight
    return sorted(weights, key=lambda report: (-weights[report], report))[:MOST_CANDIDATES]


@transaction.atomic
def index_text(report_id: int, text: str) -> None:
    """Keep the fingerprints of the text that a report was handed in with, in place of those of an earlier one."""
    hashes = hashes_of(text)
    rare = sorted(hashes - common_among(hashes))
    forget(report_id)
    Fingerprint.objects.bulk_create([Fingerprint(hash=each, report_id=report_id) for each in rare], batch_size=400)
    learn(Fingerprint.objects.filter(hash__in=rare), reports=indexed_reports())


def forget(report_id: int) -> None:
    """Take a report out of the index: nobody is compared with it any more."""
    Fingerprint.objects.filter(report_id=report_id).delete()


def learn(rows: QuerySet[Fingerprint], *, reports: int) -> int:
    """Write down which runs of these rows stand in too many of so many reports to be anybody's own.

    Their rows stay until ``tidy_up``: two who hand in at the same time would wait for each other to delete them.
    """
    often = (
        rows.order_by().values_list("hash").annotate(count=Count("report_id")).filter(count__gt=most_reports(reports))
    )
    common = [CommonRun(hash=each) for each in sorted(each for each, _ in often.iterator(chunk_size=5_000))]
    CommonRun.objects.bulk_create(common, ignore_conflicts=True, batch_size=500)
    return len(common)


def indexed_reports() -> int:
    """How many reports there are to compare with."""
    return Report.objects.filter(submitted_at__isnull=False).count()


@transaction.atomic
def tidy_up(*, reports: int) -> int:
    """Learn from the whole index what is common among so many reports, and take those rows out."""
    learned = learn(Fingerprint.objects.all(), reports=reports)
    Fingerprint.objects.filter(hash__in=CommonRun.objects.values("hash")).delete()
    return learned


def handed_in_versions() -> QuerySet[ReportVersion]:
    """Of every report the version handed in last: what is compared with."""
    last = ReportVersion.objects.filter(report=OuterRef("report"), occasion=ReportVersion.Occasion.SUBMITTED)
    return ReportVersion.objects.filter(pk=Subquery(last.order_by("-number").values("pk")[:1]))
