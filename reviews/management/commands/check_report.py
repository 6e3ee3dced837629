"""``manage.py check_report FILE.(docx|txt) [--json]``: the checks of a report without a browser."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from organizations.errors import Refused
from organizations.uploads import read_limited
from reviews.report.checks.check import Outcome, check_report
from reviews.report.checks.findings import Severity
from reviews.report.reading import read_text


class Command(BaseCommand):
    """Reads one file, writes figures and findings; needs no database. Exit 2 for a file that cannot be read."""

    help = "检查一份述职报告：字数、问题占比、自我评价、占位符、广告残留、缺少的部分。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="述职报告，docx 或 txt")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, file: Path, **options):
        outcome = check_report(read_report(file))
        if options["json"]:
            self.stdout.write(json.dumps(outcome.to_document(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(in_words(outcome))


def read_report(file: Path) -> str:
    """The text of a file on disk. Raises CommandError with exit code 2 when it cannot be had."""
    try:
        with file.open("rb") as opened:
            return read_text(read_limited(opened), file.name)
    except Refused as refused:
        raise CommandError(f"{file.name}：{refused}", returncode=2) from refused
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}：文件打不开，请检查路径和读取权限。", returncode=2) from error


def in_words(outcome: Outcome) -> str:
    """Figures and findings as lines to read."""
    figures = outcome.figures
    lines = [
        f"正文 {figures['chars']} 字（不计空白、标题、称谓、落款和自我评价），全文 {figures['total_chars']} 字。",
        f"问题及原因 {figures['problem_chars']} 字，占正文 {figures['problem_share']:.1%}。",
        f"自我评价 {figures['self_evaluation_chars']} 字。",
    ]
    blocking = sum(finding.severity == Severity.BLOCK for finding in outcome.findings)
    lines.append(f"发现 {len(outcome.findings)} 处，其中 {blocking} 处须改正后才能提交。")
    for finding in outcome.findings:
        degree = "须改正" if finding.severity == Severity.BLOCK else "提示"
        line = outcome.text.count("\n", 0, finding.start) + 1
        lines.append(f"  [{degree}] 第 {line} 行：{finding.message}")
    return "\n".join(lines)
