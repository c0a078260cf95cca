import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers

from posture_check.station.jpeg import MAX_BYTES, BadPicture, decode, encode, jpeg_size, looks_like_jpeg

WAVES = np.add.outer(np.arange(240), np.arange(320)) % 256
PICTURE = np.stack([WAVES, WAVES[::-1], np.full_like(WAVES, 40)], -1).astype(np.uint8)


def test_a_picture_comes_through_in_its_colours_and_its_size_is_read_from_the_header():
    data = encode(PICTURE)
    image, size = decode(data)
    assert jpeg_size(data) == size == (320, 240)
    assert np.abs(image.astype(int) - PICTURE).mean() < 6


@given(data=binary(max_size=4000))
def test_what_is_no_jpeg_is_refused_whatever_it_is(data):
    for bad in (data, b"\xff\xd8\xff" + data):
        with pytest.raises(BadPicture):
            decode(bad)


@given(cut=integers(3, 2000), at=integers(0, 10_000), value=integers(0, 255))
def test_damaged_pictures_are_decoded_or_refused_and_nothing_else(cut, at, value):
    data = bytearray(encode(PICTURE))
    data[at % len(data)] = value
    for damaged in (bytes(data), bytes(data[:cut])):
        try:
            image, _ = decode(damaged)
        except BadPicture:
            continue
        assert image.dtype == np.uint8
        assert image.ndim == 3


@pytest.mark.parametrize(("width", "height"), [(65500, 65500), (5000, 100), (100, 5000), (4096, 4000), (32, 400)])
def test_absurd_sizes_are_refused_before_anything_is_decoded(width, height):
    data = bytearray(encode(PICTURE))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    with pytest.raises(BadPicture, match=f"{width}x{height}"):
        decode(bytes(data))


def test_large_pictures_are_halved_and_keep_their_size():
    image, size = decode(encode(np.zeros((1440, 2560, 3), np.uint8)))
    assert size == (2560, 1440)
    assert image.shape == (720, 1280, 3)


def test_length_is_limited():
    assert looks_like_jpeg(encode(PICTURE))
    assert not looks_like_jpeg(b"\xff\xd8\xff" + bytes(MAX_BYTES))
    assert not looks_like_jpeg(b"\xff\xd8\xff")
