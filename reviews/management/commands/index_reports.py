"""``manage.py index_reports``: make the index of copied text again from what was handed in."""

from django.core.management.base import BaseCommand
from django.db import transaction

from reviews.report.copying import index
from reviews.report.copying.models import CommonRun, Fingerprint
from reviews.report.copying.sources import joined


class Command(BaseCommand):
    """Reads every report's version handed in last. Nobody need stop working: others see the old index until the end."""

    help = "重建雷同比对的索引，并重新学习通用语：历年提交的述职报告全部重新取样。改动近义词表后、每年活动开始前执行。"

    def handle(self, **options):
        reports, common, rows = rebuild()
        self.stdout.write(f"已为 {reports} 份述职报告重建索引：指纹 {rows} 条，新学习通用语 {common} 条。")


@transaction.atomic
def rebuild() -> tuple[int, int, int]:
    """Both tables from nothing: the number of reports, of common runs learned and of rows that stay."""
    Fingerprint.objects.all().delete()
    CommonRun.objects.all().delete()
    reports = 0
    for version in index.handed_in_versions().iterator(chunk_size=200):
        hashes = sorted(index.hashes_of(joined(version.sections)[0]))
        rows = [Fingerprint(hash=each, report_id=version.report_id) for each in hashes]
        Fingerprint.objects.bulk_create(rows, batch_size=400)
        reports += 1
    common = index.tidy_up(reports=reports)
    return reports, common, Fingerprint.objects.count()
