"""An uploaded report as plain text: docx and txt, read safely, each refusal in one sentence."""

import re
import unicodedata
from pathlib import PurePath

from organizations.errors import Refused
from organizations.uploads import check_size, looks_like
from reviews.report.docx_text import read_docx

MAX_TEXT_CHARS = 200_000
OLD_KINDS = {".doc": "旧版 Word（.doc）", ".wps": "WPS 文字（.wps）", ".wpt": "WPS 模板（.wpt）", ".rtf": "RTF（.rtf）"}


def read_text(content: bytes, filename: str) -> str:
    """The plain text of an uploaded report, lines ended by "\\n", without control characters.

    ``filename`` decides how it is read: .docx, or .txt in UTF-8, GB18030 or UTF-16. Raises
    Refused, with what is wrong and the way out, for every other or broken or hostile file
    (SECURITY F3), for one without text and for one of more than 200,000 characters.
    """
    suffix = PurePath(filename).suffix.lower()
    if suffix in OLD_KINDS:
        raise Refused(f"不能读取{OLD_KINDS[suffix]}文件，请用 Word 或 WPS 打开，选择“另存为”docx 格式后重新上传。")
    if suffix not in {".docx", ".txt"}:
        raise Refused("只能接收 docx 或 txt 文件，请把述职报告另存为 docx 格式后重新上传。")
    check_size(content)
    text = tidied(read_docx(content, 10 * MAX_TEXT_CHARS) if suffix == ".docx" else decode(content))
    if not text:
        raise Refused("文件里没有文字，可能全是图片或扫描件；请上传含有文字的 docx 或 txt 文件。")
    if len(text) > MAX_TEXT_CHARS:
        raise Refused(f"文件的文字超过 {MAX_TEXT_CHARS // 10_000} 万字，不像是一份述职报告，请核对后重新上传。")
    return text


def decode(content: bytes) -> str:
    """The text of a txt file, its encoding found by its marks and by what decodes. Raises Refused when none does."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[:200].count(0) > max(1, len(content[:200]) // 8):
        # No mark, but every other byte of what is ASCII is zero: on the left in big endian.
        encodings = ["utf-16-be" if content[0:200:2].count(0) > content[1:200:2].count(0) else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if looks_written(text):
            return text
    raise Refused(f"认不出文件的文字编码{looks_like(content)}，请用记事本打开后另存为 UTF-8 编码的 txt 后重新上传。")


def looks_written(text: str) -> bool:
    """Whether decoded text is text, and not a picture or a program that happens to decode."""
    sample = [letter for letter in text[:4000] if letter not in "\t\r\n\f\v"]
    strange = sum(1 for letter in sample if unicodedata.category(letter) in {"Cc", "Cn", "Co"})
    return strange <= 3 + len(sample) // 20


def tidied(text: str) -> str:
    """One kind of line end, no control characters, no halves of letters, no blanks at the ends of lines."""
    text = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    text = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"})
    text = text.replace("\ufeff", "")
    text = re.sub(r"[ \t\u3000\xa0]+(?=\n|$)", "", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n \t\u3000\xa0")
