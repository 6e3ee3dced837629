"""One cell of a clerk's table: tidy text, codes and dates out of whatever was typed. Pure."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

CJK = "\u2e80-\u303f\u3041-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_SPACE_AT_CJK = re.compile(rf"(?<=[{CJK}]) | (?=[{CJK}])")
# Full-width letters and digits to half-width; Chinese punctuation stays as it is.
_HALF_WIDTH = {
    code: code - 0xFEE0
    for start, end in [(0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)]
    for code in range(start, end + 1)
}
_NOTHING = {"", "-", "--", "—", "——", "/", "无", "空缺", "暂缺", "待定", "暂无"}
EARLIEST_YEAR, LATEST_YEAR = 1921, 2100
# Day numbers of Excel that can only be meant as a day: 1954 to 2099.
_SERIALS = range(20_000, 73_051)
_EXCEL_EPOCH = date(1899, 12, 30)
# Excel keeps fifteen digits of a number; later ones are already lost when we see them.
_EXACT_DIGITS = 15


class Unreadable(Exception):  # noqa: N818 -- says why one cell is refused
    """A cell that cannot be taken as what its column holds. The text is the reason, in Chinese."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell whose content is computed: its result is not ours to trust."""

    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell that shows an error of Excel, such as #REF!."""

    text: str


def clean_text(value: object) -> str:
    """Text in its one tidy form: half-width digits, no stray spaces or control signs, （） around Chinese.

    The same form is stored and compared, so an untidy second upload finds what the first one made.
    """
    text = "".join(_visible(sign) for sign in str(value)).translate(_HALF_WIDTH)
    text = _SPACE_AT_CJK.sub("", re.sub(r" +", " ", text).strip())
    if re.search(r"[\u4e00-\u9fff]", text):
        text = text.replace("(", "（").replace(")", "）")
    return text


def half_width(text: str) -> str:
    """Full-width signs as the usual ones (９１．５％). A ² or ① stays: it is a note on a figure, no digit of it.

    >>> half_width("９１．５％"), half_width("92²"), half_width("12①")
    ('91.5%', '92²', '12①')
    """
    return "".join(sign if unicodedata.category(sign) == "No" else unicodedata.normalize("NFKC", sign) for sign in text)


def _visible(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind.startswith("Z") or sign in "\t\r\n":
        return " "
    return "" if kind in {"Cc", "Cf", "Cs", "Co", "Cn"} else sign


def read_text(value: object) -> str:
    """A cell as tidy text; "" for an empty one or for a word that means nothing is there.

    Raises Unreadable for a formula or an Excel error.
    """
    text = _plain(value)
    return "" if text in _NOTHING else text


def _plain(value: object) -> str:
    if isinstance(value, Formula):
        raise Unreadable(f"是公式（{value.text[:30]}），请复制后“选择性粘贴为数值”")
    if isinstance(value, Broken):
        raise Unreadable(f"是 Excel 错误值 {value.text[:20]}，请改正")
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean_text(value)


def read_code(value: object) -> str:
    """A code: text without spaces. Raises Unreadable when Excel has already lost its last digits."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**_EXACT_DIGITS:
        raise Unreadable("数字超过 15 位，Excel 已丢失末位，请把单元格设为文本后重新填写")
    return read_text(value).replace(" ", "").removeprefix("'")


def read_date(value: object, *, month_end: bool = False) -> date | None:
    """A day out of an Excel date or out of 2023.5, 2023年5月, 2023-5-1, 20230501 …; None when empty.

    A month without a day means its first day, or its last with ``month_end``.
    Raises Unreadable with the reason.
    """
    if isinstance(value, datetime):
        return _within_years(value.date())
    if isinstance(value, date):
        return _within_years(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _date_of_number(value, month_end)
    text = read_text(value)
    return _date_of_text(text, month_end) if text else None


def _date_of_number(value: float, month_end: bool) -> date:
    if float(value).is_integer():
        if int(value) in _SERIALS:
            return _EXCEL_EPOCH + timedelta(days=int(value))
        return _date_of_text(str(int(value)), month_end)
    text = repr(round(value, 4)) if abs(value) < 10**6 else str(value)
    if re.fullmatch(r"\d{4}\.1", text):
        # 2023.10 typed as a number is stored as 2023.1
        raise Unreadable(f"{text} 分不清是 1 月还是 10 月，请写成 {text[:4]}-01 或 {text[:4]}-10")
    if re.fullmatch(r"\d{5}\.\d+", text) and int(value) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(value))
    return _date_of_text(text, month_end)


_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})?日?)?(?: ?\d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")


def _date_of_text(text: str, month_end: bool) -> date:
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").replace("、", ".")
    found = _COMPACT.fullmatch(plain) or _DATE.fullmatch(plain)
    if not found:
        if re.fullmatch(r"\d{4}年?", plain):
            raise Unreadable(f"“{text}”只有年份，请补上月份，例如 2023.5")
        raise Unreadable(f"“{text[:20]}”不是日期，请写成 2023-05-01 或 2023.5")
    year, month = int(found[1]), int(found[2])
    if not 1 <= month <= 12 or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Unreadable(f"“{text[:20]}”不是日期，请写成 2023-05-01 或 2023.5")
    last = calendar.monthrange(year, month)[1]
    day = int(found[3]) if found[3] else (last if month_end else 1)
    if not 1 <= day <= last:
        raise Unreadable(f"“{text[:20]}”：{year} 年 {month} 月没有 {day} 日")
    return date(year, month, day)


def _within_years(day: date) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise Unreadable(f"{day} 的年份不在 {EARLIEST_YEAR}–{LATEST_YEAR} 之间")
    return day
