"""Word documents made by hand, part by part: what real ones hold and what no library writes."""

import io
import zipfile

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def pack(members: dict[str, bytes]) -> bytes:
    """A zip with these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return packed.getvalue()


def part(name: str, xml: str, **names: str) -> bytes:
    """One XML part with the usual namespaces declared; ``names`` replaces some of them."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in (NAMES | names).items())
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {declared}>{xml}</w:{name}>'.encode()


def docx_of(body: str, *, names: dict[str, str] | None = None, margins: tuple[str, ...] = (), **parts: str) -> bytes:
    """A docx with this XML in its body; ``margins`` are headers, ``parts`` other members such as numbering."""
    members = {"word/document.xml": part("document", f"<w:body>{body}</w:body>", **(names or {}))}
    members |= {f"word/{name}.xml": part(name, xml, **(names or {})) for name, xml in parts.items()}
    members |= {f"word/header{number}.xml": part("hdr", xml) for number, xml in enumerate(margins)}
    related = "".join(
        f'<Relationship Id="r{number}" Type="{NAMES["r"]}/header" Target="header{number}.xml"/>'
        for number in range(len(margins))
    )
    members["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{RELATIONS}">{related}</Relationships>'.encode()
    return pack(members)


def paragraph(text: str, settings: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, level: int = 0, number: int = 7) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def list_of(*levels: tuple[str, str], more: str = "") -> str:
    """The definition of list 7 with these levels, form and pattern each."""
    described = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for depth, (form, pattern) in enumerate(levels)
    )
    definition = f'<w:abstractNum w:abstractNumId="3">{described}</w:abstractNum>'
    return definition + '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>' + more
