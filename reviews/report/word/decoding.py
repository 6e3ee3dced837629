"""The encoding of a txt file found by its marks, by what decodes, and by what reads like Chinese. Pure: stdlib only.

Letters that decode are not yet letters that somebody wrote: UTF-16 read as GB18030 gives Chinese
characters too, but rare ones. So every reading is weighed by the share of everyday characters in it.
"""

import unicodedata
from dataclasses import dataclass

# The most frequent characters of modern Chinese prose, and those of party papers.
EVERYDAY = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    "民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日"
    "那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想"
    "已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几"
    "九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证"
    "改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土"
    "许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳"
    "便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调"
    "满县局照参红细引听该铁价严述职评履责尽考核签版款附录支谈督促抓落促廉洁纪检察访慰问困户村镇街乡镇村居站站所股室股处司厅署"
    "书记同志们各位领导姓名日期附件上午今天明天谢谢您请将已"
)
MARKS = frozenset("，。、；：！？“”‘’（）《》…—·％—　")
# From this share of everyday letters on a reading is sure, below the other it is no text at all.
SURE, NOT_TEXT = 0.5, 0.12
SHORTEST_JUDGED = 12  # letters; a name or two says nothing
UNSURE = "文件的文字编码是猜的，如果下面有认不出的字，请用记事本打开原文件，另存为 UTF-8 编码后重新上传。"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and whether it may have been read in the wrong encoding."""

    text: str
    is_sure: bool


def decode(content: bytes) -> Decoded | None:
    """The text of a txt file in UTF-8, GB18030 or UTF-16 of either order, with or without a mark; None for no text."""
    marked = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    for mark, encoding in marked.items():
        if content.startswith(mark):
            text = read_as(content, encoding)
            return Decoded(text, is_sure=True) if text is not None else None
    text = read_as(content, "utf-8")
    if text is not None and (text.isascii() or any(is_chinese(letter) for letter in text)):
        return Decoded(text, is_sure=True)
    readings = [("utf-8", text)] if text is not None else []
    readings += [(name, read_as(content, name)) for name in ("gb18030", "utf-16-le", "utf-16-be")]
    weighed = sorted(((share(found), found) for _, found in readings if found is not None), key=lambda one: -one[0])
    if not weighed:
        return None
    best, found = weighed[0]
    if best < NOT_TEXT and len(ink(found)) >= SHORTEST_JUDGED:
        return None
    is_alone = len(weighed) == 1 or weighed[1][0] < best / 2
    return Decoded(found, is_sure=best >= SURE and is_alone)


def read_as(content: bytes, encoding: str) -> str | None:
    """The content in one encoding; None when it does not decode or gives what nobody writes."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if looks_written(text) else None


def looks_written(text: str) -> bool:
    """Whether decoded text is text, and not a picture or a program that happens to decode."""
    sample = [letter for letter in text[:4000] if letter not in "\t\r\n\f\v"]
    strange = sum(1 for letter in sample if unicodedata.category(letter) in {"Cc", "Cn", "Co"})
    return strange <= 3 + len(sample) // 20


def share(text: str) -> float:
    """The share of letters that everybody writes every day, from 0 to 1.

    >>> share("三会一课按期开展。") > 0.8, share("\u4e5f\u8e9f\u93b7\u7b1d\u8700") < 0.3
    (True, True)
    """
    letters = ink(text)
    plain = sum(
        letter in EVERYDAY or letter in MARKS or (letter.isascii() and letter.isprintable()) for letter in letters
    )
    return plain / len(letters) if letters else 0.0


def ink(text: str) -> str:
    """The beginning of a text without blanks."""
    return "".join(text[:4000].split())


def is_chinese(letter: str) -> bool:
    """Whether a letter is a Chinese character or mark."""
    return "\u3000" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" or ord(letter) >= 0x20000
