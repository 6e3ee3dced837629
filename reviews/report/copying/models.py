"""The tables that find copied text: a sample of every report handed in, and what everybody writes.

Both are made from the kept versions and can be made again: ``manage.py index_reports``.
"""

from django.db import models

from reviews.report.models import Report


class Fingerprint(models.Model):
    """指纹: one sampled run of letters of the version handed in last. Rare ones only: see ``CommonRun``."""

    pk = models.CompositePrimaryKey("hash", "report_id")
    hash = models.BigIntegerField()
    # No constraint in the database: a hundred checks for every report handed in, for a table that can be made again.
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="fingerprints", db_constraint=False)

    class Meta:
        verbose_name = verbose_name_plural = "指纹"

    def __str__(self):
        return f"{self.hash:x}"


class CommonRun(models.Model):
    """通用语: a run of letters that stands in so many reports that it is nobody's own. Learned, see ``index.learn``."""

    hash = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name = verbose_name_plural = "通用语"

    def __str__(self):
        return f"{self.hash:x}"
