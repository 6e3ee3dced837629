"""PURE: read a document field by field; whatever is wrong is named by its path (reviews[3].panels.A.good)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from scoring.exact import plain

# Python itself refuses to read whole numbers of more than 4300 digits; nobody counts that far.
MOST_DIGITS = 1000
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
PLAIN_NAME = re.compile(r"[\w-]+")

Choice = TypeVar("Choice", bound=Enum)


class Malformed(ValueError):  # noqa: N818 -- the name is the sentence
    """A document (or a policy) that says nothing the rules can use: where, and what is wrong there."""

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(one_line(f"{path}: {reason}"))

    def under(self, parent: str) -> Malformed:
        """The same breach, told from one level further up."""
        return Malformed(f"{parent}.{self.path}", self.reason)


class DoubledKeys(dict):
    """A JSON object in which a key stands twice; which of the two was meant, nobody knows."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.doubled = next(key for key, _ in pairs if key in seen or seen.add(key))


class Inexact:
    """A JSON number with a point or an exponent (91.5, 1e3, NaN): it must be written as a string."""

    def __init__(self, written: str) -> None:
        self.written = written


def parse_json(text: str) -> object:
    """JSON into Python values, with no float anywhere and doubled keys kept for ``record`` to refuse.

    Raises Malformed for everything that is not JSON, too deep or too long to be read.
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_float=Inexact, parse_constant=Inexact)
    except json.JSONDecodeError as error:
        raise Malformed("$", f"不是合法的 JSON（第 {error.lineno} 行第 {error.colno} 列）") from None
    except RecursionError:
        raise Malformed("$", "JSON 嵌套过深，无法读取") from None
    except ValueError:
        raise Malformed("$", f"JSON 中有位数过多的整数（最多 {MOST_DIGITS} 位）") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else DoubledKeys(pairs)


def inside(path: str, key: str) -> str:
    """The path of a key one level further down; a key that is no plain name stands in quotes."""
    name = key if PLAIN_NAME.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    return f"{path}.{name}" if path else name


def one_line(text: str) -> str:
    """Text fit for one line of any terminal: control characters and lone surrogates are spelled out."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def shown(value: object) -> str:
    """A wrong value as the reader of the message knows it, cut short."""
    match value:
        case Inexact():
            return value.written[:40]
        case list() | tuple():
            return "列表"
        case dict():
            return "对象"
        case int() if not isinstance(value, bool) and value.bit_length() > 200:
            return "过长的整数"
        case Decimal():
            return format(value, "f")[:40]
        case str() | int() | None:
            written = json.dumps(value, ensure_ascii=False)
            return written if len(written) <= 40 else written[:40] + "…"
    return type(value).__name__


def record(value: object, path: str, *, known: Iterable[str] | None = None, needed: Iterable[str] = ()) -> dict:
    """A JSON object with no key twice, no key but the ``known`` ones (None: any) and all the ``needed`` ones."""
    if not isinstance(value, dict):
        raise Malformed(path or "$", f"应为对象，现为 {shown(value)}")
    if isinstance(value, DoubledKeys):
        raise Malformed(inside(path, value.doubled), "同一个键出现了两次")
    if known is not None:
        known = tuple(known)
        for key in value:
            if key not in known:
                raise Malformed(inside(path, str(key)), "未知的键")
    for key in needed:
        if key not in value:
            raise Malformed(inside(path, key), "缺少此项")
    return value


def rows(value: object, path: str) -> list | tuple:
    """A JSON list."""
    if not isinstance(value, list | tuple):
        raise Malformed(path, f"应为列表，现为 {shown(value)}")
    return value


def text(value: object, path: str) -> str:
    """A string with something in it, which can be written out again."""
    if not isinstance(value, str):
        raise Malformed(path, f"应为字符串，现为 {shown(value)}")
    if not value.strip():
        raise Malformed(path, "不能为空")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise Malformed(path, "含有不成对的代理字符，无法输出")
    return value


def one_of(value: object, path: str, choices: type[Choice]) -> Choice:
    """One of the choices, by its name; a value of the choices itself stays what it is."""
    if isinstance(value, choices):
        return value
    if isinstance(value, str) and value in choices.__members__:
        return choices[value]
    raise Malformed(path, f"应为 {'、'.join(choices.__members__)} 之一，现为 {shown(value)}")


def number(value: object, path: str) -> Decimal:
    """An exact number: an integer, or a string of digits with at most one point. Never a float, never a bool."""
    if isinstance(value, Inexact | float):
        raise Malformed(path, f'小数应写成字符串（如 "91.5"），现为 {shown(value)}')
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise Malformed(path, f"应为数（整数或字符串），现为 {shown(value)}")
    if isinstance(value, int) and value.bit_length() > 3 * MOST_DIGITS:
        raise Malformed(path, f"数过长（最多 {MOST_DIGITS} 位）")
    written = format(value, "f") if isinstance(value, Decimal) else str(value)
    if not NUMBER.fullmatch(written):
        raise Malformed(path, f'应为数（整数，或如 "91.5" 的字符串），现为 {shown(value)}')
    if len(written) > MOST_DIGITS:
        raise Malformed(path, f"数过长（最多 {MOST_DIGITS} 位）")
    return Decimal(plain(Decimal(written))) or Decimal(0)  # 60.0 is 60, and -0 is 0


def number_within(value: object, path: str, low: int, high: int) -> Decimal:
    """A number from ``low`` to ``high``, both included."""
    this = number(value, path)
    if not low <= this <= high:
        raise Malformed(path, f"应在 {low} 到 {high} 之间，现为 {shown(value)}")
    return this


def whole(value: object, path: str, *, low: int = 0, high: int | None = None) -> int:
    """A whole number from ``low`` to ``high``, both included. A bool is none, "7.0" is none."""
    this = number(value, path)
    if "." in (value if isinstance(value, str) else format(this, "f")):
        raise Malformed(path, f"应为整数，现为 {shown(value)}")
    if this < low:
        raise Malformed(path, f"不能小于 {low}，现为 {shown(value)}")
    if high is not None and this > high:
        raise Malformed(path, f"不能大于 {high}，现为 {shown(value)}")
    return int(this)
