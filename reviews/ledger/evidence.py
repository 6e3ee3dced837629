"""佐证: what may be handed in as evidence, proved by its content and not by its name."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from uuid import uuid4

from django.db.models.fields.files import FieldFile
from django.http import FileResponse

from organizations.errors import Refused
from organizations.uploads import check_office_zip, looks_like, read_limited

# Archives are left out: what lies inside them nobody has looked at.
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SPELLINGS = {"jpeg": "jpg"}
FIRST_BYTES = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
MAIN_PART = {"docx": ("word/document.xml", "Word 文件"), "xlsx": ("xl/workbook.xml", "Excel 文件")}
ACCEPTED = "PDF、JPG、PNG、DOCX、XLSX"
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file whose content was checked. Made by ``check_evidence`` alone."""

    content: bytes
    kind: str
    shown_name: str

    def stored_name(self) -> str:
        """A name of our own making: nothing of what the uploader wrote reaches the disk."""
        return f"{uuid4().hex}.{self.kind}"


def check_evidence(uploaded_file: IO[bytes], name: str) -> Evidence:
    """Read an uploaded file of at most 20 MB and prove that it is what its name says (SECURITY F3).

    Raises Refused when it is empty, too large, of a kind not accepted, or something else than it claims.
    """
    kind = kind_of(name)
    content = read_limited(uploaded_file)
    if kind in MAIN_PART:
        main_part, label = MAIN_PART[kind]
        check_office_zip(content, must_hold=main_part, kind=label).close()
    elif not content.startswith(FIRST_BYTES[kind]):
        raise Refused(
            f"文件内容不是 {kind.upper()} 格式{looks_like(content)}，请确认没有改过扩展名，用原软件另存后重新上传。"
        )
    return Evidence(content, kind, shown_name(name, kind))


def kind_of(name: str) -> str:
    """The accepted kind that a file name claims. Raises Refused for any other."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")
    kind = SPELLINGS.get(suffix, suffix)
    if kind not in CONTENT_TYPES:
        raise Refused(f"佐证只接收 {ACCEPTED} 文件；其他格式请先转换或导出后再上传。")
    return kind


def shown_name(name: str, kind: str) -> str:
    """The uploader's name without folders and control characters, short enough to keep, with the true ending."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    stem = "".join(letter for letter in stem if letter.isprintable()).strip()
    return f"{stem[: LONGEST_NAME - len(kind) - 1] or '佐证'}.{kind}"


def handed_out(kept: FieldFile, name: str) -> FileResponse:
    """A kept file for download under the uploader's ``name``: always saved, never shown inside the page (SECURITY F4).

    Whoever calls has asked whether the person may have it. Raises Refused when the file is gone from the disk.
    """
    try:
        content = kept.open("rb")
    except OSError as error:
        raise Refused("文件已不在服务器上，请联系系统管理员从备份中恢复。") from error
    kind = CONTENT_TYPES[kind_of(kept.name)]
    response = FileResponse(content, as_attachment=True, filename=name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    return response
