"""The rules from the command line: figures in, suggested grades with reasons out. No database is asked."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.core.management.base import BaseCommand

from scoring.document import answer, answer_in_one_line, decoded
from scoring.strict import Malformed, one_line

WRONG = 2


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The file of that name; - is what is piped in. Raises Malformed when it cannot be read."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:
            yield file
    except OSError as error:
        raise Malformed(name, f"无法读取（{error.strerror}）") from None


class Command(BaseCommand):
    """``suggest_grades [FILE|-] [--lines]``: exit 0, or 2 with one line on stderr.

    With ``--lines`` the n-th line printed answers the n-th line read, also when that line is blank or
    no JSON at all (then ``{"error": …}``); exit 0 unless the file itself cannot be read.
    """

    help = "按评定规则，由计票数据（JSON）得出建议等次和理由。不使用数据库。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="JSON 文件；- 或不写为标准输入")
        parser.add_argument("--lines", action="store_true", help="每行一个文档，每行一个答复")

    def handle(self, *args, file: str, lines: bool, **options) -> None:
        """Answer one document, or one a line."""
        if self.stdout._out is sys.stdout and hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8")  # JSON is UTF-8, whatever the terminal speaks
        try:
            with opened(file) as source:
                self.answer_lines(source) if lines else self.answer_one(source)
        except Malformed as wrong:
            self.stderr.write(one_line(str(wrong)))
            raise SystemExit(WRONG) from None

    def answer_one(self, source: BinaryIO) -> None:
        """One document in, one out."""
        self.stdout.write(json.dumps(answer(decoded(source.read())), ensure_ascii=False, indent=2))

    def answer_lines(self, source: BinaryIO) -> None:
        """One document a line in, one answer a line out, at once, so that a program can ask and wait."""
        for line in source:
            self.stdout.write(answer_in_one_line(line))
            self.stdout.flush()
