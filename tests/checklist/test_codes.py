"""Codes of staff cards."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posture_check.checklist.codes import SCALES, read_code


def shown(code: np.ndarray, *, size: int = 240, at: tuple[int, int] = (200, 120)) -> np.ndarray:
    """Return a picture in which a code is held up."""
    picture = np.full((480, 640, 3), 150, np.uint8)
    scaled = cv2.resize(code, (size, size * code.shape[0] // code.shape[1]), interpolation=cv2.INTER_NEAREST)
    scaled = cv2.copyMakeBorder(scaled, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=255)
    x, y = at
    picture[y : y + scaled.shape[0], x : x + scaled.shape[1]] = scaled[..., None]
    return picture


@pytest.mark.parametrize("text", ["7", "A-1024", "staff:0042"])
def test_a_qr_code_is_read(text: str) -> None:
    assert read_code(shown(cv2.QRCodeEncoder.create().encode(text))) == text


def test_a_barcode_is_read() -> None:
    """EAN-13, drawn by its definition."""
    odd_parity = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011"
    left_odd = odd_parity.split()
    digits = "5901234123457"
    parity = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"]
    bits = "101"
    for digit, kind in zip(digits[1:7], parity[int(digits[0])], strict=True):
        odd = left_odd[int(digit)]
        right = "".join("10"[int(b)] for b in odd)
        bits += odd if kind == "L" else right[::-1]
    bits += "01010"
    bits += "".join("".join("10"[int(b)] for b in left_odd[int(d)]) for d in digits[7:]) + "101"
    row = np.array([0 if b == "1" else 255 for b in bits], np.uint8)
    code = np.repeat(np.repeat(row[None], 160, 0), 3, 1)
    picture = cv2.GaussianBlur(shown(code, size=95 * 3, at=(80, 120)), (0, 0), 0.8)
    taken = np.clip(picture + np.random.default_rng(1).normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
    assert digits in {read_code(taken, scale) for scale in SCALES}


def test_pictures_without_a_code_have_none() -> None:
    assert read_code(np.zeros((480, 640, 3), np.uint8)) is None
    noise = np.random.default_rng(1).integers(0, 255, (480, 640, 3)).astype(np.uint8)
    assert read_code(noise) is None


def test_what_is_too_long_for_a_staff_code_is_something_else() -> None:
    assert read_code(shown(cv2.QRCodeEncoder.create().encode("https://example.org/" + "x" * 80))) is None
