"""Seconds until a hostile file is refused, as a ratio to the five seconds that a person may wait.

    python -m benchmarks.hostile

Each file goes through the same reading as an upload. Exit 1 if one takes longer than the limit or is not refused.
"""

import io
import os
import sys
import time
import zipfile

import django

LIMIT = 5.0  # seconds a file, as the first issue asks
MEGABYTE = 1024 * 1024


def bomb(part: str, megabytes: int = 300) -> bytes:
    """A package that unpacks to this much."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open(part, "w") as member:
            for _ in range(megabytes):
                member.write(bytes(MEGABYTE))
    return packed.getvalue()


def with_external_entity() -> bytes:
    """A document whose text would be a file of the server."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><document>&x;</document>'
        )
    return packed.getvalue()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from organizations.errors import Refused  # noqa: PLC0415 -- Django is set up by then
    from organizations.sheets import read_workbook  # noqa: PLC0415
    from reviews.report.reading import read_text  # noqa: PLC0415

    files = {
        "300 MB bomb as docx": lambda: read_text(bomb_docx, "a.docx"),
        "300 MB bomb as xlsx": lambda: read_workbook(bomb_xlsx),
        "docx with an external entity": lambda: read_text(with_external_entity(), "a.docx"),
        "picture renamed docx": lambda: read_text(b"\x89PNG\r\n\x1a\n" + bytes(5 * MEGABYTE), "a.docx"),
        "20 MB of one letter as txt": lambda: read_text("字".encode() * (6 * MEGABYTE), "a.txt"),
        "empty file": lambda: read_text(b"", "a.txt"),
    }
    bomb_docx, bomb_xlsx = bomb("word/document.xml"), bomb("xl/worksheets/sheet1.xml")
    failed = False
    for name, read in files.items():
        begun = time.perf_counter()
        try:
            read()
            told = "NOT REFUSED"
        except Refused as refused:
            told = str(refused)
        seconds = time.perf_counter() - begun
        failed |= seconds > LIMIT or told == "NOT REFUSED"
        print(f"{name:30} {seconds:5.2f} s  ratio {seconds / LIMIT:.2f} (limit 1.00)  {told}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
