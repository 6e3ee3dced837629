"""Elements of an Office document by their names without namespace: transitional, strict and WPS alike."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element | None, name: str) -> str:
    """An attribute by its name without namespace; empty when it or the element is missing."""
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Element | None, *names: str) -> Element | None:
    """The element reached by the first child of each name in turn; None when one is missing."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The children of one name, in order."""
    return (one for one in (element if element is not None else ()) if local(one) == name)


def is_on(element: Element | None) -> bool:
    """Whether a switch such as bold is there and not turned off."""
    return element is not None and attribute(element, "val") not in {"0", "false", "off", "none"}


def whole(text: str, default: int = 0) -> int:
    """A small whole number of an attribute; the default for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else default
