"""A short mark of what a form showed, so that a stale form is told and not obeyed."""

import hashlib
import json

from organizations.errors import Refused


def stamp_of(values: object) -> str:
    """The same mark for the same values, whatever their order of keys."""
    written = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def refuse_stale(seen: str | None, values: object) -> None:
    """Raise Refused if the values are no longer those that the form showed. None: nothing was shown."""
    if seen is not None and seen != stamp_of(values):
        raise Refused("打开本页之后，内容已被他人修改。您填写的内容还在本页，请另开窗口核对最新内容后重新提交。")
