"""Codes of staff cards."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from posture_check.checklist.codes import read_code

KINDS = {"QRCode": "staff:0042", "Code128": "A-1024", "Code39": "A-1024", "EAN13": "5901234123457", "DataMatrix": "7"}


def shown(kind: str, text: str, *, size: int = 240, turn_deg: float = 0.0) -> np.ndarray:
    """Return a picture in which a card with a code is held up, a little blurred and with a camera's noise."""
    code = np.array(zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=2))
    lines = max(size * code.shape[0] // code.shape[1], 110)  # bars as tall as on a card
    scaled = cv2.resize(code, (size, lines), interpolation=cv2.INTER_AREA)
    card = cv2.copyMakeBorder(scaled, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=255)
    picture = np.full((720, 720), 150, np.uint8)
    picture[150 : 150 + card.shape[0], 130 : 130 + card.shape[1]] = card
    turned = cv2.warpAffine(picture, cv2.getRotationMatrix2D((360, 360), turn_deg, 1), (720, 720), borderValue=150)
    noise = np.random.default_rng(1).normal(0, 4, turned.shape)
    taken = np.clip(cv2.GaussianBlur(turned, (0, 0), 0.8) + noise, 0, 255).astype(np.uint8)
    return np.repeat(taken[..., None], 3, 2)


@pytest.mark.parametrize("turn_deg", [0.0, 12.0, 90.0])
@pytest.mark.parametrize(("kind", "text"), KINDS.items())
def test_codes_of_staff_cards_are_read(kind: str, text: str, turn_deg: float) -> None:
    assert read_code(shown(kind, text, size=420, turn_deg=turn_deg)) == text


def test_pictures_without_a_code_have_none() -> None:
    assert read_code(np.zeros((480, 640, 3), np.uint8)) is None
    noise = np.random.default_rng(1).integers(0, 255, (480, 640, 3)).astype(np.uint8)
    assert read_code(noise) is None


def test_what_is_too_long_for_a_staff_code_is_something_else() -> None:
    assert read_code(shown("QRCode", "https://example.org/" + "x" * 80)) is None
