"""An uploaded report as plain text: docx and txt, read safely, each refusal in one sentence."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import PurePath

from organizations.errors import Refused
from organizations.uploads import OLE_MAGIC, check_size, looks_like
from reviews.report.checks.residue import find_residue, shortened
from reviews.report.word.decoding import UNSURE, decode
from reviews.report.word.docx_text import read_docx

MAX_TEXT_CHARS = 200_000
BYTES_A_CHAR = 4  # at most, in every encoding that is read
SAVE_AS = (
    "请用 WPS 或 Word 打开它，点左上角“文件”→“另存为”，“文件类型”选"
    "“Microsoft Word 文件（*.docx）”（Word 里叫“Word 文档（*.docx）”），保存后上传新文件"
)
UNLOCK = (
    "请用 WPS 或 Word 打开它，点“文件”→“文档加密”（Word 里是“文件”→“信息”→“保护文档”→“用密码进行加密”），"
    "删去密码并保存后重新上传"
)
# What files are by their names, when what they hold does not say it better.
KINDS = {
    ".doc": "旧版 Word 文件（.doc）",
    ".dot": "旧版 Word 模板（.dot）",
    ".wps": "WPS 文字文件（.wps）",
    ".wpt": "WPS 文字模板（.wpt）",
    ".uot": "标文通文件（.uot）",
    ".uof": "标文通文件（.uof）",
    ".rtf": "RTF 文件（.rtf）",
    ".odt": "OpenDocument 文件（.odt）",
    ".pages": "苹果 Pages 文件（.pages）",
    ".htm": "网页文件",
    ".html": "网页文件",
    ".mht": "网页文件",
    ".xml": "XML 文件",
}
NO_TEXT_INSIDE = {
    ".pdf": "PDF",
    ".ofd": "OFD",
    ".ceb": "CEB",
    ".jpg": "图片",
    ".jpeg": "图片",
    ".png": "图片",
    ".bmp": "图片",
    ".gif": "图片",
    ".tif": "图片",
    ".tiff": "图片",
    ".heic": "图片",
    ".webp": "图片",
}
ALIEN = {".xls": "表格", ".xlsx": "表格", ".et": "表格", ".ppt": "演示文稿", ".pptx": "演示文稿", ".dps": "演示文稿"}
ALIEN |= {".zip": "压缩包", ".rar": "压缩包", ".7z": "压缩包", ".exe": "程序", ".lnk": "快捷方式"}
# Radicals that copies from PDF hold instead of the characters: 一 as U+2F00.
RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
SECRET = re.compile(
    r"(?:绝\s*密|机\s*密|秘\s*密)\s*(?:[★☆*＊]|$|[\d一二三五十]+\s*年)|密\s*级\s*[:：]|内部\s*(?:资料|文件|使用)"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence about what was left out of a file; ``is_grave`` when the author must act on it."""

    text: str
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as text, what the author has to know of it, and the lines that look like headings."""

    text: str
    notices: tuple[Notice, ...] = ()
    strong: tuple[str, ...] = ()


def read_text(content: bytes, filename: str) -> str:
    """The plain text of an uploaded report; see ``read_report``."""
    return read_report(content, filename).text


def read_report(content: bytes, filename: str) -> Reading:
    """An uploaded report: lines ended by "\\n", without control characters, and what was left out of it.

    What the file holds decides how it is read: docx whatever its name says, else by ``filename``
    txt in UTF-8, GB18030 or UTF-16. Raises Refused, with what is wrong and the way out, for every
    other or broken or hostile file (SECURITY F3), for one without text and for one of more than
    200,000 characters.
    """
    suffix = PurePath(filename).suffix.lower()
    check_size(content)
    if content.startswith(b"PK") and suffix in {".docx", ".docm", ".dotx", ".doc", ".wps", ".txt", ""}:
        reading = of_docx(content)
    elif suffix == ".txt" and not refused_kind(content, ""):
        reading = of_txt(content)
    else:
        raise Refused(why_not_read(content, suffix))
    if not reading.text:
        raise Refused(
            "文件里没有文字，可能全是图片或扫描件，请上传可以复制文字的 docx 或 txt 文件，没有电子版的请照原件录入。"
        )
    if len(reading.text) > MAX_TEXT_CHARS:
        raise too_long()
    return reading


def too_long() -> Refused:
    return Refused(f"文件的文字超过 {MAX_TEXT_CHARS // 10_000} 万字，不像是一份述职报告，请核对后重新上传。")


def read_apart(content: bytes, filename: str) -> dict:
    """``read_report`` as plain lists and texts, for a process of its own (organizations/apart.py)."""
    return asdict(read_report(content, filename))


def reading_from(answer: dict) -> Reading:
    """The reading that ``read_apart`` gave."""
    return Reading(answer["text"], tuple(Notice(**one) for one in answer["notices"]), tuple(answer["strong"]))


def of_docx(content: bytes) -> Reading:
    """A docx as a reading. Raises Refused."""
    found = read_docx(content, 2 * MAX_TEXT_CHARS)
    if found.is_cut:
        raise too_long()
    if found.counts["过深"] and not any(line.strip() for line in found.lines):
        raise Refused("文件的内容套在上百层表格或文本框里，读不出来，请把文字复制到一个新的空白文档里再上传。")
    notices = [*margin_notices(found.margins), *left_out_notices(found.counts)]
    strong = dict.fromkeys(tidied(line) for line in found.strong)
    return Reading(tidied("\n".join(found.lines)), tuple(notices), tuple(strong))


def of_txt(content: bytes) -> Reading:
    """A txt file as a reading. Raises Refused when its encoding cannot be told."""
    if len(content) > BYTES_A_CHAR * MAX_TEXT_CHARS:
        raise too_long()
    decoded = decode(content)
    if decoded is None:
        raise Refused(
            f"认不出文件的文字编码{looks_like(content)}，请用记事本打开后另存为 UTF-8 编码的 txt 后重新上传。"
        )
    return Reading(tidied(decoded.text), () if decoded.is_sure else (Notice(UNSURE),))


def why_not_read(content: bytes, suffix: str) -> str:
    """Why a file is not read and how to make it one that is, in one sentence."""
    if told := refused_kind(content, suffix):
        return told
    if suffix in KINDS:
        return f"这是{KINDS[suffix]}，不能直接读取，{SAVE_AS}。"
    if suffix in NO_TEXT_INSIDE:
        return no_text_inside(NO_TEXT_INSIDE[suffix])
    if suffix in ALIEN:
        return f"这是{ALIEN[suffix]}，不是述职报告，只能接收 docx 或 txt 文件，请重新选择。"
    if suffix == ".docx":
        return f"文件内容不是 docx 文档{looks_like(content)}，可能只是改了扩展名，{SAVE_AS}。"
    return f"只能接收 docx 或 txt 文件，{SAVE_AS}。"


def refused_kind(content: bytes, suffix: str) -> str:
    """The sentence for a file that its own bytes give away, whatever its name says; empty when they do not."""
    if content.startswith(OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return f"这份文件设有打开密码，系统读不出内容，{UNLOCK}。"
        kind = KINDS.get(suffix) if suffix in {".wps", ".wpt", ".dot"} else ""
        renamed = "" if suffix in KINDS else f"，扩展名{suffix or '（无）'}是后来改的"
        if "WordDocument".encode("utf-16-le") not in content and not kind:
            return f"这是旧版 Office 文件{renamed}，不能直接读取，{SAVE_AS}。"
        return f"这是{kind or '旧版 Word 文件（.doc）'}{renamed}，不能直接读取，{SAVE_AS}。"
    if content.startswith(b"{\\rtf"):
        return f"这是 RTF 文件（有些 .doc 文件其实是这种），不能直接读取，{SAVE_AS}。"
    if content.startswith(b"%PDF"):
        return no_text_inside("PDF")
    if content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<html", b"<!doctype html", b"mime-version")):
        return f"这是网页文件（有些 .doc 文件其实是这种），不能直接读取，{SAVE_AS}。"
    if "图片" in (told := looks_like(content)):
        return no_text_inside("图片", told)
    return ""


def no_text_inside(kind: str, told: str = "") -> str:
    return (
        f"不能读取{kind}文件{told}，只能接收 docx 或 txt 文件，请找到原来的 Word 或 WPS 文件，"
        "另存为 docx 后上传，没有原文件的请把文字粘贴进来。"
    )


def margin_notices(margins: Iterable[str]) -> list[Notice]:
    """Header and footer are not read; a secrecy mark or an advertisement in them is told all the same."""
    lines = [shortened(line) for line in margins]
    told = [
        Notice(
            f"页眉、页脚或水印里有“{line}”，像是密级或内部标志。涉密内容不得上传到本系统，请先核对文件能否在这里使用。",
            is_grave=True,
        )
        for line in lines
        if SECRET.search(line)
    ]
    told += [
        Notice(
            f"页眉、页脚或水印里有“{line}”，像是下载网站留下的广告，说明文件可能来自范文，请逐句核对正文。",
            is_grave=True,
        )
        for line in lines
        if find_residue(line)
    ]
    if lines and not told:
        told.append(Notice(f"页眉、页脚没有读入：{'；'.join(f'“{line}”' for line in lines[:3])}。"))
    return told


def left_out_notices(counts: Counter[str]) -> list[Notice]:
    """What was seen in a docx and not read, a sentence each."""
    changes = {name: counts[name] for name in ("插入", "删除", "移动") if counts[name]}
    told = []
    if changes:
        each = "、".join(f"{name} {count} 处" for name, count in changes.items())
        told.append(f"文件含修订 {sum(changes.values())} 处（{each}），已按“接受全部修订”读取，请核对。")
    sentences = {
        "批注": "批注 {} 条没有读入。",
        "图片": "图片 {} 张没有读入，图片里的文字请手工补入。",
        "注释": "脚注、尾注 {} 条没有读入，需要的请手工补入。",
        "对象": "图表、公式等嵌入对象 {} 个没有读入。",
        "隐藏": "隐藏文字 {} 处没有读入。",
        "目录": "目录没有读入，各标题以正文里的为准。",
        "符号": "有 {} 个特殊符号认不出，以“□”代替，请核对。",
        "过深": "表格或文本框嵌套过深，有 {} 处没有读入，请把内容移到正文里。",
    }
    told += [sentence.format(counts[name]) for name, sentence in sentences.items() if counts[name]]
    return [Notice(sentence) for sentence in told]


def tidied(text: str) -> str:
    """One kind of line end, no control characters, no halves of letters, no blanks at the ends of lines."""
    text = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text).translate(RADICALS)
    text = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"})
    text = text.replace("\ufeff", "")
    text = re.sub(r"[ \t\u3000\xa0]+(?=\n|$)", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n \t\u3000\xa0")
