"""manage.py import_roster FILE.xlsx [--dry-run] [--only-good]: a roster without a browser."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from organizations.errors import Refused
from organizations.importing import apply_roster, plan_roster, read_roster
from organizations.roster import Level
from organizations.roster_plan import Outcome, Plan
from organizations.uploads import read_limited

LEVEL_WORDS = {Level.ERROR: "错误", Level.WARNING: "提醒"}
ROWS_REFUSED, UNREADABLE = 1, 2


class Command(BaseCommand):
    """Exit code 0: done; 1: rows were refused and nothing was imported; 2: the file cannot be read."""

    requires_system_checks = []  # also runs where no server is configured
    help = "导入花名册（xlsx）：逐行报告 新增/变化/不变/错误，有错误时不导入任何内容。"
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE.xlsx")
        parser.add_argument("--dry-run", action="store_true", help="只试算，不写入")
        parser.add_argument("--only-good", action="store_true", help="只导入无错的行")

    def handle(self, *, file: Path, dry_run: bool, only_good: bool, **options):
        roster, plan = self.plan(file)
        self.report(plan)
        totals = plan.totals()
        if totals["refused"] and not only_good:
            raise CommandError(f"{totals['refused']} 行有错误，没有导入任何内容。", returncode=ROWS_REFUSED)
        if dry_run:
            self.stdout.write("试算结束，没有写入。")
            return
        try:
            apply_roster(roster, by=None, filename=file.name, expected=plan.fingerprint, only_good=only_good)
        except Refused as refused:
            raise CommandError(str(refused), returncode=ROWS_REFUSED) from refused
        self.stdout.write("导入完成。")

    def plan(self, file: Path):
        """The file read and compared; whatever makes that impossible ends the command with code 2."""
        try:
            with file.open("rb") as opened:
                roster = read_roster(read_limited(opened))
            return roster, plan_roster(roster, by=None)
        except OSError as error:
            raise CommandError(f"文件 {file} 打不开：{error.strerror}。", returncode=UNREADABLE) from error
        except Refused as refused:
            raise CommandError(str(refused), returncode=UNREADABLE) from refused

    def report(self, plan: Plan) -> None:
        """One line a row, one more for each thing said of it, then the totals."""
        for row in plan.rows:
            words = "；".join(plan.words(row))
            self.stdout.write(f"第 {row.number} 行 {plan.outcome(row).label} {row.name[:60]} {words}".rstrip())
            for entry in row.entries:
                self.stdout.write(f"    {entry.cell} {LEVEL_WORDS[entry.level]}[{entry.category}]：{entry.reason}")
        totals = plan.totals()
        self.stdout.write("合计：" + "，".join(f"{outcome.label} {totals[outcome.value]} 行" for outcome in Outcome))
