"""Seconds and memory until a hostile or huge file is answered, as ratios to what a person and a server may bear.

    python -m benchmarks.hostile

Each file goes the way of an upload: read by a child process (organizations/apart.py). Exit 1 if one takes longer than
five seconds, lets a child grow above 600 MB (SECURITY F3), or is not answered as its line says.
"""

import io
import random
import resource
import sys
import time
import zipfile
from collections.abc import Callable

from organizations.apart import run_apart
from organizations.errors import Refused

LIMIT = 5.0  # seconds a file, as the first issue asks
MEMORY_LIMIT = 600  # megabytes of the largest child
MEGABYTE = 1024 * 1024
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def packed(members: dict[str, bytes | str]) -> bytes:
    """A zip with these members."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return written.getvalue()


def bomb(part: str, megabytes: int = 300) -> bytes:
    """A package that unpacks to this much."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package, package.open(part, "w") as member:
        for _ in range(megabytes):
            member.write(bytes(MEGABYTE))
    return written.getvalue()


def document(body: str, **more: bytes) -> bytes:
    """A docx with this body."""
    xml = f'<w:document xmlns:w="{W}" xmlns:a="{A}"><w:body>{body}</w:body></w:document>'
    return packed({"word/document.xml": xml, **more})


def noise(count: int) -> str:
    """Letters that pack badly, so that no ratio gives them away."""
    return "".join(random.Random(7).choices("甲乙丙丁戊己庚辛壬癸子丑寅卯", k=count))


def elements_that_unfold() -> bytes:
    """Within every limit at the door, and gigabytes as a tree."""
    draw = random.Random(7)
    return document("".join(f'<w:p w:a="{draw.randrange(10**6)}"/>' for _ in range(4_000_000)))


def nested(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + PARAGRAPH.format("深处") + "</w:tc></w:tr></w:tbl>" * depth


def with_images(count: int) -> bytes:
    """A document of pictures of 30 KB each."""
    draw = random.Random(7)
    media = {f"word/media/{number}.png": draw.randbytes(30_000) for number in range(count)}
    return document(PARAGRAPH.format("正文") + "<w:p><w:r><a:blip/></w:r></w:p>" * count, **media)


XXE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><document>&x;</document>'
# name -> (is it refused, the file's name, how to make it)
FILES: dict[str, tuple[bool, str, Callable[[], bytes]]] = {
    "300 MB bomb as docx": (True, "a.docx", lambda: bomb("word/document.xml")),
    "300 MB bomb as xlsx": (True, "a.xlsx", lambda: bomb("xl/worksheets/sheet1.xml")),
    "docx with an external entity": (True, "a.docx", lambda: packed({"word/document.xml": XXE})),
    "picture renamed docx": (True, "a.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(5 * MEGABYTE)),
    "18 MB of one letter as txt": (True, "a.txt", lambda: "字".encode() * (6 * MEGABYTE)),
    "10 MB of short lines as txt": (True, "a.txt", lambda: "一、甲\n".encode() * MEGABYTE),
    "empty file": (True, "a.txt", lambda: b""),
    "100,000 paragraphs": (True, "a.docx", lambda: document("".join(map(PARAGRAPH.format, range(100_000))))),
    "5 million letters in one": (True, "a.docx", lambda: document(PARAGRAPH.format(noise(5_000_000)))),
    "4 million empty elements": (True, "a.docx", elements_that_unfold),
    "elements 200,000 deep": (True, "a.docx", lambda: document("<w:r>" * 200_000 + "</w:r>" * 200_000)),
    "tables 1,000 deep": (True, "a.docx", lambda: document(nested(1_000))),
    "tables 100 deep": (False, "a.docx", lambda: document(nested(100))),
    "2,000 headings": (False, "a.txt", lambda: "".join(f"一、存在问题{n}\n" for n in range(2_000)).encode()),
    "500 images": (False, "a.docx", lambda: with_images(500)),
}


def answered(filename: str, content: bytes) -> tuple[bool, str]:
    """Whether the file was refused, and in which words."""
    try:
        if filename.endswith(".xlsx"):
            return False, str(run_apart("organizations.sheets:prove_workbook", content))
        reading = run_apart("reviews.report.word.reading:read_apart", content, filename)
    except Refused as refused:
        return True, str(refused)
    return False, f"read: {len(reading['text'])} letters, {len(reading['notices'])} notices"


def main() -> int:
    failed = False
    for name, (is_refused, filename, make) in FILES.items():
        content = make()
        begun = time.perf_counter()
        was_refused, told = answered(filename, content)
        ratio = (time.perf_counter() - begun) / LIMIT
        failed |= ratio > 1 or was_refused != is_refused
        print(f"{name:30} ratio {ratio:.2f} (limit 1.00)  {told}")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 / MEMORY_LIMIT
    print(f"largest child: ratio {memory:.2f} of {MEMORY_LIMIT} MB (limit 1.00)")
    return int(failed or memory > 1)


if __name__ == "__main__":
    sys.exit(main())
