"""Hostile and broken packages are refused in one sentence, quickly, in little memory; honest ones pass."""

import io
import struct
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations import uploads
from organizations.errors import Refused
from organizations.uploads import check_office_zip, parse_part, read_limited

DOCUMENT = b'<?xml version="1.0"?><w:document xmlns:w="urn:w"><w:body/></w:document>'
XXE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]><d>&e;</d>'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'


def pack(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return packed.getvalue()


def pack_zeros(megabytes: int, name: str = "word/media/image1.png") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", DOCUMENT)
        with package.open(name, "w") as member:
            for _ in range(megabytes):
                member.write(bytes(uploads.MEGABYTE))
    return packed.getvalue()


def locked(content: bytes) -> bytes:
    """The same package with the "encrypted" bit set on its first member."""
    local, central = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    changed = bytearray(content)
    changed[local + 6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


def lying_about_size(content: bytes, size: int) -> bytes:
    """The same package whose directory gives its first member as ``size`` bytes."""
    changed = bytearray(content)
    struct.pack_into("<I", changed, content.index(b"PK\x03\x04") + 22, size)
    struct.pack_into("<I", changed, content.index(b"PK\x01\x02") + 24, size)
    return bytes(changed)


HONEST = pack({"word/document.xml": DOCUMENT, "word/media/image1.png": b"\x89PNG\0\1"})
HOSTILE = {
    "empty": (b"", "空的"),
    "too large": (b"PK" + bytes(uploads.MAX_FILE_BYTES), "超过 20 MB"),
    "png renamed": (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG 图片"),
    "jpeg renamed": (b"\xff\xd8\xff\xe0" + bytes(200), "JPEG 图片"),
    "pdf renamed": (b"%PDF-1.7 " + bytes(200), "PDF 文件"),
    "web page renamed": (b"<HTML><body>x</body></HTML>", "网页文件"),
    "plain text renamed": ("述职报告".encode(), "不是"),
    "old or locked Office file": (uploads.OLE_MAGIC + bytes(2000), "密码"),
    "cut in the middle": (HONEST[: len(HONEST) // 2], "损坏"),
    "two letters": (b"PK", "损坏"),
    "bytes flipped inside": (HONEST[:60] + b"\xff\xff\xff\xff" + HONEST[64:], "损坏"),
    "locked member": (locked(HONEST), "密码"),
    "without its main part": (pack({"xl/workbook.xml": DOCUMENT}), "没有"),
    "no members": (pack({}), "没有"),
    "external entity": (pack({"word/document.xml": XXE}), "DOCTYPE"),
    "external entity in UTF-16": (pack({"word/document.xml": XXE.decode().encode("utf-16")}), "DOCTYPE"),
    "entity in another part": (pack({"word/document.xml": DOCUMENT, "word/_rels/a.rels": XXE}), "DOCTYPE"),
    "entity in a part named picture": (pack({"word/document.xml": DOCUMENT, "word/a.png": XXE}), "DOCTYPE"),
    "laughs": (pack({"word/document.xml": LAUGHS}), "DOCTYPE"),
    "broken XML": (pack({"word/document.xml": b"<w:document><w:body>"}), "损坏"),
    "empty XML": (pack({"word/document.xml": b""}), "损坏"),
    "bzip2 inside": (pack({"word/document.xml": DOCUMENT}, zipfile.ZIP_BZIP2), "损坏"),
    "too many members": (
        pack({"word/document.xml": DOCUMENT} | {f"word/{n}": b"" for n in range(uploads.MAX_MEMBERS)}),
        "部件超过",
    ),
    "far too many members": (pack({f"{n}": b"" for n in range(5000)}), "部件超过"),
    "small bomb by ratio": (pack_zeros(20), "解压后过大"),
    "size given too small": (lying_about_size(pack({"word/document.xml": DOCUMENT * 3000}), 100), "损坏"),
    "size given too large": (lying_about_size(HONEST, 3_000_000_000), "解压后过大"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_package_is_refused_with_a_sentence(name):
    content, word = HOSTILE[name]

    with pytest.raises(Refused, match=word) as refusal:
        check_office_zip(content, must_hold="word/document.xml", kind=" docx 文档")

    assert str(refusal.value).endswith("。")


def test_an_honest_package_is_opened():
    package = check_office_zip(HONEST, must_hold="word/document.xml")

    assert package.namelist() == ["word/document.xml", "word/media/image1.png"]
    assert parse_part(package, "word/document.xml").tag == "{urn:w}document"


def test_a_workbook_written_by_openpyxl_passes():
    book, saved = openpyxl.Workbook(), io.BytesIO()
    for _ in range(3000):
        book.active.append(["同一行", 1, 2, 3])
    book.save(saved)

    package = check_office_zip(saved.getvalue(), must_hold="xl/workbook.xml", kind=" xlsx 工作簿")

    assert "xl/workbook.xml" in package.namelist()


def test_a_bomb_of_300_megabytes_costs_little_memory():
    bomb = pack_zeros(300)
    tracemalloc.start()

    with pytest.raises(Refused, match="解压后过大"):
        check_office_zip(bomb, must_hold="word/document.xml")

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * uploads.MEGABYTE


def test_a_directory_that_understates_a_bomb_does_not_let_it_grow():
    bomb = lying_about_size(
        pack({"word/media/big.bin": bytes(150 * uploads.MEGABYTE), "word/document.xml": DOCUMENT}), 900
    )
    tracemalloc.start()

    with pytest.raises(Refused, match="损坏"):
        check_office_zip(bomb)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * uploads.MEGABYTE


def test_a_large_part_is_read_in_pieces():
    big = b"<d>" + b"".join(b"<p>%08d</p>" % (n * 2654435761 % 10**8) for n in range(1_000_000)) + b"</d>"
    content = pack({"word/document.xml": big})
    tracemalloc.start()

    check_office_zip(content)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * uploads.MEGABYTE


def test_a_missing_or_broken_part_is_refused():
    package = check_office_zip(pack({"word/notes.bin": b"<open>"}))

    with pytest.raises(Refused, match="损坏"):
        parse_part(package, "word/document.xml")
    with pytest.raises(Refused, match="损坏"):
        parse_part(package, "word/notes.bin")


def test_reading_an_upload_stops_at_the_limit():
    assert read_limited(io.BytesIO(b"12345"), limit=5) == b"12345"
    with pytest.raises(Refused, match="超过"):
        read_limited(io.BytesIO(bytes(uploads.MEGABYTE + 1)), limit=uploads.MEGABYTE)
    with pytest.raises(Refused, match="空的"):
        read_limited(io.BytesIO(b""))


@given(st.binary(max_size=400), st.integers(0, len(HONEST)))
def test_any_damage_is_either_harmless_or_refused(noise, at):
    try:
        package = check_office_zip(HONEST[:at] + noise + HONEST[at + len(noise) :])
    except Refused:
        return

    assert all(package.read(name) is not None for name in package.namelist())
