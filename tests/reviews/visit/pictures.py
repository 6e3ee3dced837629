"""Pictures for tests: a phone's photo with the place it was taken at, turned on its side."""

import io

from PIL import Image


def jpeg(width: int = 64, height: int = 40, *, gps: bool = False, orientation: int = 1, color: str = "red") -> bytes:
    """A JPEG, if asked with GPS data and the camera's name in its EXIF."""
    picture, written = Image.new("RGB", (width, height), color), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    if gps:
        exif[0x0110] = "SecretPhone 9"
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[2] = (40.0, 49.0, 12.0)
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


def png(width: int = 64, height: int = 40) -> bytes:
    """A PNG that is half transparent."""
    written = io.BytesIO()
    Image.new("RGBA", (width, height), (0, 0, 255, 128)).save(written, "PNG")
    return written.getvalue()


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
