"""照片: a picture at the door. What is kept is drawn anew, so place, time and camera of the sent file are gone.

A phone's picture names the place where it was taken to a few metres (EXIF, GPS): nothing of that is stored.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO
from uuid import uuid4

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from organizations.errors import Refused
from organizations.uploads import looks_like, read_limited

KINDS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
# Pillow itself stops at 178 million. Phones send 12 to 108 million; the page makes them smaller before it sends.
MOST_PIXELS = 150_000_000
# A PNG is unpacked whole, three or four bytes a pixel; a JPEG is read at a fraction of its size.
MOST_PNG_PIXELS = 40_000_000
KEPT_SIDE = 1_920
THUMBNAIL_SIDE = 320
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture drawn anew as JPEG, with its small copy. Made by ``draw_anew`` alone."""

    image: bytes
    thumbnail: bytes
    digest: str

    def stored_name(self) -> str:
        """A name of our own making: nothing of what the sender wrote reaches the disk."""
        return f"{uuid4().hex}.jpg"


def draw_anew(uploaded_file: IO[bytes]) -> Photo:
    """Read a JPG or PNG of at most 20 MB and draw it anew, upright, without anything but its pixels.

    The longer side is at most 1,920 pixels. Raises Refused, in one sentence for the sender, when it is
    empty, too large, of another kind (HEIC by name), broken, or has more pixels than can be read safely.
    """
    content = read_limited(uploaded_file)
    kind = kind_of(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on odd but readable tags; the count of pixels is ours to judge
            picture = _opened(content, kind)
    except Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused("照片已损坏或不完整，不能读取，请重新拍摄或换一张。") from error
    thumbnail = picture.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Photo(_as_jpeg(picture), _as_jpeg(thumbnail), hashlib.sha256(content).hexdigest())


def kind_of(content: bytes) -> str:
    """JPEG or PNG, by the first bytes and not by the name. Raises Refused for anything else."""
    for magic, kind in KINDS.items():
        if content.startswith(magic):
            return kind
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise Refused(
            "照片是苹果手机的 HEIC 格式，不能接收。请在手机“设置→相机→格式”中选“兼容性最佳”后重拍，"
            "或把照片另存为 JPG 再上传。"
        )
    raise Refused(f"照片只接收 JPG、PNG 格式{looks_like(content)}，请换一张照片。")


def too_many_pixels() -> Refused:
    return Refused("照片的像素过多，不能接收；请在手机相册里缩小或截图后再上传。")


def _opened(content: bytes, kind: str) -> Image.Image:
    """The picture upright, on white where it is transparent, no larger than it is kept."""
    opened = Image.open(io.BytesIO(content), formats=[kind])
    width, height = opened.size
    if width * height > (MOST_PNG_PIXELS if kind == "PNG" else MOST_PIXELS):
        raise too_many_pixels()
    if kind == "JPEG":
        opened.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # decodes at a half, a quarter or an eighth
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint switches it on for the whole process it was loaded in
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
    plain = upright.convert("RGBA")
    ground = Image.new("RGB", plain.size, "white")
    ground.paste(plain, mask=plain.getchannel("A"))
    return ground


def _as_jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
