"""``manage.py split_comments FILE.txt [--json]``: a comment script taken apart by person and by point."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from reviews.management.commands.check_report import read_report
from reviews.meeting.points import ScriptEntry, split_script


class Command(BaseCommand):
    """Reads one script, writes who is commented on and the points; needs no database. Exit 2 for an unreadable file."""

    help = "把一份点评稿按人拆开，“一是…二是…”拆成要点。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="点评稿，txt 或 docx")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, file: Path, **options):
        entries = split_script(read_report(file))
        if options["json"]:
            self.stdout.write(json.dumps([as_document(entry) for entry in entries], ensure_ascii=False, indent=2))
        else:
            self.stdout.write(in_words(entries))


def as_document(entry: ScriptEntry) -> dict:
    """One entry in the shape of ``split_comments --json``."""
    return {
        "number": entry.number,
        "organization": entry.organization,
        "person": entry.person,
        "points": entry.points,
    }


def in_words(entries: list[ScriptEntry]) -> str:
    """The entries as lines to read."""
    if not entries:
        return "没有找到点评。每段点评应以“1、某党支部书记某同志”这样的一行开头。"
    lines = [f"共 {len(entries)} 人、{sum(len(entry.points) for entry in entries)} 条。"]
    for entry in entries:
        lines.append(f"{entry.number}. {entry.organization} {entry.person}（{len(entry.points)} 条）")
        lines += [f"   {number}）{point}" for number, point in enumerate(entry.points, start=1)]
    return "\n".join(lines)
