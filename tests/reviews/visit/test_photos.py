"""A picture at the door: drawn anew, or refused in one sentence."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from organizations.errors import Refused
from reviews.visit.photos import KEPT_SIDE, THUMBNAIL_SIDE, draw_anew
from tests.reviews.visit.pictures import HEIC, jpeg, png


def drawn(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(draw_anew(io.BytesIO(content)).image))


def test_the_place_and_the_camera_are_not_kept():
    sent = jpeg(gps=True)
    assert b"SecretPhone" in sent
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)

    photo = draw_anew(io.BytesIO(sent))

    for kept in (photo.image, photo.thumbnail):
        assert b"SecretPhone" not in kept
        assert b"Exif" not in kept
        assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}


def test_a_photo_taken_sideways_stands_upright():
    assert drawn(jpeg(64, 40, orientation=6)).size == (40, 64)


def test_a_large_photo_is_kept_smaller():
    photo = draw_anew(io.BytesIO(jpeg(4000, 3000)))

    assert Image.open(io.BytesIO(photo.image)).size == (KEPT_SIDE, 1440)
    assert Image.open(io.BytesIO(photo.thumbnail)).size == (THUMBNAIL_SIDE, 240)


def test_what_is_transparent_becomes_white():
    assert drawn(png()).convert("RGB").getpixel((3, 3))[0] > 120


def test_a_photo_of_an_apple_phone_is_refused_with_the_way_out():
    with pytest.raises(Refused, match=r"HEIC.*兼容性最佳"):
        draw_anew(io.BytesIO(HEIC))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"GIF89a" + b"0" * 50, "GIF 图片"),
        (b"%PDF-1.7" + b"0" * 50, "PDF 文件"),
        (jpeg()[:200], "已损坏"),
        (png()[:60], "已损坏"),
    ],
)
def test_anything_else_is_refused_by_what_it_is(content, words):
    with pytest.raises(Refused, match=words):
        draw_anew(io.BytesIO(content))


@pytest.mark.parametrize("side", [7_000, 10_000, 30_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked(side):
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    rows = b"IDAT" + zlib.compress(b"\0" * 1000)
    bomb += struct.pack(">I", len(rows) - 4) + rows + struct.pack(">I", zlib.crc32(rows))

    with pytest.raises(Refused, match="像素过多"):
        draw_anew(io.BytesIO(bomb))


@given(st.binary(max_size=400), st.sampled_from([b"", jpeg()[:100], png()[:40], jpeg()]))
def test_no_bytes_do_anything_but_a_picture_or_a_sentence(noise, start):
    try:
        photo = draw_anew(io.BytesIO(start + noise))
    except Refused as refused:
        assert str(refused)  # noqa: PT017 -- either a sentence or a result
    else:
        assert photo.image.startswith(b"\xff\xd8\xff")
