"""What the page may say, and the header of a picture: everything else is refused."""

from __future__ import annotations

import struct
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from posture_check.checklist.schema import Role, Variant

_HEADER = struct.Struct("<Id")
HEADER_BYTES = _HEADER.size
_JPEG = b"\xff\xd8\xff"


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hello(_Message):
    """A page is there; ``client`` names it for as long as it is open."""

    type: Literal["hello"]
    client: str = Field(pattern=r"^[A-Za-z0-9-]{8,64}$")


class Identify(_Message):
    """Who it is: a staff number, or a guest with a chosen role."""

    type: Literal["identify"]
    number: str | None = Field(None, min_length=1, max_length=40)
    role: Role | None = None
    variant: Variant = "usual"


class Scan(_Message):
    """Look for a QR code or barcode, or stop looking."""

    type: Literal["scan"]
    on: bool


class Consent(_Message):
    """The person's answer to the consent text."""

    type: Literal["consent"]
    agree: bool


class Skip(_Message):
    """Leave the present, optional step out."""

    type: Literal["skip"]


class Answer(_Message):
    """The person's word on a manual item."""

    type: Literal["answer"]
    item: str = Field(max_length=40)
    ok: bool


class Override(_Message):
    """A supervisor: without a PIN the question for it, with one their word."""

    type: Literal["override"]
    pin: str | None = Field(None, min_length=1, max_length=32)
    reason: str = Field("", max_length=200)


class Language(_Message):
    """The language the page is read in."""

    type: Literal["language"]
    lang: Literal["zh", "en"]


class Simple(_Message):
    """What needs no more words."""

    type: Literal["start", "next", "retry", "back", "finish", "cancel", "touch", "take_over"]


Message = Annotated[
    Hello | Identify | Scan | Consent | Skip | Answer | Override | Language | Simple,
    Field(discriminator="type"),
]
_READER: TypeAdapter[Any] = TypeAdapter(Message)


class Refused(Exception):
    """A message or picture that is not one of those there are; the text says what is wrong with it."""


def read_message(text: str, most: int) -> Message:
    """Return what a page says.

    Raises
    ------
    Refused
        If it is longer than ``most`` bytes or no message.
    """
    if len(text.encode()) > most:
        raise Refused(f"a message may have {most} bytes at most")
    try:
        read: Message = _READER.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(f"not a message of the kiosk: {where}: {first['msg']}") from None
    return read


def read_frame(data: bytes, most: int) -> tuple[int, float, bytes]:
    """Return number, time (ms) and JPEG of a picture from the page.

    Raises
    ------
    Refused
        If it is larger than ``most`` bytes, has no header or is no JPEG.
    """
    if len(data) > most:
        raise Refused(f"a picture may have {most} bytes at most")
    if len(data) < HEADER_BYTES + len(_JPEG):
        raise Refused("a picture needs its header and a JPEG")
    seq, captured_ms = _HEADER.unpack_from(data)
    jpeg = data[HEADER_BYTES:]
    if not jpeg.startswith(_JPEG):
        raise Refused("a picture must be a JPEG")
    if not abs(captured_ms) < 1e15:  # also refuses what is not a number
        raise Refused("a picture's time must be a number of milliseconds")
    return seq, captured_ms, jpeg


def frame_message(seq: int, captured_ms: float, jpeg: bytes) -> bytes:
    """Return a picture as it goes over the WebSocket, either way."""
    return _HEADER.pack(seq % 2**32, captured_ms) + jpeg
