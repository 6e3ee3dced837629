"""Uploaded files at the door: read within limits, and Office packages proved harmless before anything parses them."""

import io
import zipfile
import zlib
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from organizations.errors import Refused

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 20 * MEGABYTE
# SECURITY F3: a real report has some twenty members and inflates to a few megabytes;
# 300 MB of zeros pack to 284 KB, a ratio of about 1,000.
MAX_MEMBERS = 2_000
MAX_INFLATED_BYTES = 100 * MEGABYTE
MAX_RATIO = 100
# Below this size a high ratio harms nobody: a short document of one repeated line may reach it.
RATIO_COUNTS_FROM_BYTES = MEGABYTE
CHUNK_BYTES = 64 * 1024
CENTRAL_HEADER = b"PK\x01\x02"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What a file really is when its name says otherwise, by its first bytes.
MAGIC = [
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"RIFF", "图片或音视频"),
    (b"%PDF", "PDF 文件"),
    (b"{\\rtf", "RTF 文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "GZIP 压缩包"),
    (b"MZ", "程序文件"),
    (b"\x7fELF", "程序文件"),
    (b"<!DO", "网页文件"),
    (b"<htm", "网页文件"),
    (b"<?xm", "XML 文件"),
]


class DoctypeFound(Exception):  # noqa: N818 -- stops the XML reader, never leaves this module
    """An XML part declares a document type, the door to entities and to files of the server."""


def read_limited(uploaded_file: IO[bytes], *, limit: int = MAX_FILE_BYTES) -> bytes:
    """The whole content of an uploaded or opened file, never more than ``limit`` bytes of it in memory.

    Raises Refused when the file is empty or larger than ``limit``.
    """
    return check_size(uploaded_file.read(limit + 1), limit=limit)


def check_size(content: bytes, *, limit: int = MAX_FILE_BYTES) -> bytes:
    """Give ``content`` back; raises Refused when it is empty or longer than ``limit`` bytes."""
    if not content:
        raise Refused("文件是空的（0 字节），请重新选择文件。")
    if len(content) > limit:
        raise Refused(f"文件超过 {limit // MEGABYTE} MB，请删去图片等附件后重新上传。")
    return content


def check_office_zip(content: bytes, *, must_hold: str = "", kind: str = "Office 文件") -> zipfile.ZipFile:
    """Open a docx or xlsx package after proving that it is safe to parse (SECURITY F3).

    ``must_hold`` is the member that makes it what it claims to be, for example
    ``word/document.xml`` or ``xl/workbook.xml``; ``kind`` names that claim in the refusal.
    Every member was then inflated once, in small pieces, within the limits, its checksum
    agreed, and no XML part declares a DOCTYPE. So ``content`` may also be handed to
    another reader, such as openpyxl.

    Raises Refused, with one sentence for the uploader, for everything else.
    """
    check_size(content)
    package = open_zip(content, kind)
    members = package.infolist()
    check_declared(members, len(content), kind)
    if must_hold and must_hold not in package.namelist():
        raise Refused(f"文件里没有{kind}应有的内容，可能是改了扩展名的其他文件，请用原软件另存后重新上传。")
    left = MAX_INFLATED_BYTES
    for member in members:
        left -= inflate_within(package, member, left)
    return package


def parse_part(package: zipfile.ZipFile, name: str) -> Element:
    """The root element of one XML part of a checked package. Raises Refused when it is broken."""
    try:
        return fromstring(package.read(name), forbid_dtd=True)
    except (ParseError, DefusedXmlException, KeyError, LookupError, ValueError) as error:
        raise damaged() from error


def open_zip(content: bytes, kind: str) -> zipfile.ZipFile:
    """The zip archive in ``content``, not yet inflated. Raises Refused when it is something else."""
    if content.startswith(OLE_MAGIC):
        raise Refused(f"文件设有密码或是旧版格式，请去掉密码并另存为{kind}后重新上传。")
    if not content.startswith(b"PK"):
        raise Refused(f"文件内容不是{kind}{looks_like(content)}，请用原软件另存为{kind}后重新上传。")
    # Counted before the archive is opened, and on the bytes, because the count in its last record may lie.
    if content.count(CENTRAL_HEADER) > 2 * MAX_MEMBERS:
        raise too_many_members()
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError) as error:
        raise damaged() from error


def looks_like(content: bytes) -> str:
    """What the first bytes say that a file is, as a remark for a refusal; empty when unknown."""
    has_header = b"\x00" in content[:64]  # letters alone may also begin a text; such a file's header holds zeros
    for magic, name in MAGIC:
        if content[: len(magic)].lower() == magic.lower() and (has_header or not magic.isalpha()):
            return f"（看起来是{name}）"
    return ""


def check_declared(members: list[zipfile.ZipInfo], packed_bytes: int, kind: str) -> None:
    """Refuse a package by what its directory says: too many members, too large, packed too well, locked."""
    if len(members) > MAX_MEMBERS:
        raise too_many_members()
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused(f"文件设有密码，请去掉密码并另存为{kind}后重新上传。")
    if any(member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for member in members):
        raise damaged()
    inflated = sum(member.file_size for member in members)
    if inflated > MAX_INFLATED_BYTES or is_packed_too_well(inflated, packed_bytes):
        raise bomb()
    if any(is_packed_too_well(member.file_size, member.compress_size) for member in members):
        raise bomb()


def is_packed_too_well(inflated: int, packed: int) -> bool:
    """Whether the content grows more than ``MAX_RATIO`` times when unpacked."""
    return inflated > RATIO_COUNTS_FROM_BYTES and inflated > MAX_RATIO * max(packed, 1)


def inflate_within(package: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> int:
    """Unpack one member in small pieces and throw it away; the bytes it really has.

    Raises Refused when it passes ``limit``, is broken, or is XML that declares a DOCTYPE.
    """
    size, reader = 0, doctype_detector() if is_xml_name(member.filename) else None
    try:
        with package.open(member) as stream:
            while piece := stream.read(CHUNK_BYTES):
                if size == 0 and reader is None and begins_like_xml(piece):
                    reader = doctype_detector()
                size += len(piece)
                if size > limit:
                    raise bomb()
                if reader:
                    reader.Parse(piece, False)
        if reader:
            reader.Parse(b"", True)
    except DoctypeFound as error:
        raise Refused("文件里含有外部引用声明（DOCTYPE），不能接收；请用 Word 或 WPS 打开后另存一份再上传。") from error
    except expat.ExpatError as error:
        if is_xml_name(member.filename):
            raise damaged() from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise damaged() from error
    return size


def is_xml_name(name: str) -> bool:
    """Whether a member claims to be XML, and so is damaged when it is not."""
    return name.lower().endswith((".xml", ".rels"))


def begins_like_xml(piece: bytes) -> bool:
    """Whether a member of any other name must be read as XML too: a relation may point at it all the same."""
    start = piece[:64].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return start.lstrip(b"\0 \t\r\n").startswith(b"<")


def doctype_detector() -> expat.XMLParserType:
    """An XML reader that keeps nothing and stops at a DOCTYPE, before any entity is read."""

    def stop(*_declaration) -> None:
        raise DoctypeFound

    reader = expat.ParserCreate()
    reader.StartDoctypeDeclHandler = stop
    return reader


def too_many_members() -> Refused:
    return Refused(f"文件内部的部件超过 {MAX_MEMBERS} 个，不能接收；请另存为不含附件的新文件后重新上传。")


def bomb() -> Refused:
    return Refused(
        f"文件解压后过大（超过 {MAX_INFLATED_BYTES // MEGABYTE} MB 或压缩比异常）；请删去图片等附件后重新上传。"
    )


def damaged() -> Refused:
    return Refused("文件已损坏或不完整，不能读取；请用 Word 或 WPS 打开后另存一份再上传。")
