"""``manage.py check_report FILE.(docx|txt) [--year 2026] [--json]``: the checks of a report without a browser."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from organizations.errors import Refused
from organizations.uploads import read_limited
from reviews.report.checks.check import Context, Outcome, check_report
from reviews.report.checks.findings import Finding, Severity
from reviews.report.word.reading import read_text


class Command(BaseCommand):
    """Reads one file, writes figures and findings; needs no database. Exit 2 for a file that cannot be read."""

    help = "检查一份述职报告：篇幅和结构、占位符和网文残留、密级标志、照搬的迹象、空泛的写法。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="述职报告，docx 或 txt")
        parser.add_argument("--year", type=int, help="述职年度；给出后才检查与年度不符的年份和时事")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, file: Path, **options):
        outcome = check_report(read_report(file), context=Context(year=options["year"]))
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
    weights = {Severity.BLOCK: "必须改正", Severity.ADVISE: "建议"}
    by_weight = {each: [one for one in outcome.findings if one.severity == each] for each in weights}
    lines.append(f"发现 {len(outcome.findings)} 处，其中 {len(by_weight[Severity.BLOCK])} 处须改正后才能提交。")
    for severity, title in weights.items():
        if by_weight[severity]:
            lines += [f"{title}（{len(by_weight[severity])}）："]
            lines += [in_a_line(finding, outcome.text) for finding in by_weight[severity]]
    return "\n".join(lines)


def in_a_line(finding: Finding, text: str) -> str:
    """Kind, place, why and what to do."""
    line = text.count("\n", 0, finding.start) + 1
    return f"  [{finding.code.label}] 第 {line} 行：{finding.message}{finding.advice}"
