"""Taking a site's photos with a camera, guided: who, what to wear, a countdown, and again.

The pictures live in memory until the heads are trained; none is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from posture_check.errors import InputError
from posture_check.grooming.descriptors import Item
from posture_check.grooming.site_photos import SitePhoto
from posture_check.grooming.subject import Picture
from posture_check.rules.result import Text
from posture_check.sources.frame import Frame

COUNTDOWN_S = 3
SHOTS = 4
"""Photos of one person in one kind of dress: a few, each a little different."""

ITEM_WORDS: dict[Item, Text] = {
    "tie": Text(zh="领带", en="tie"),
    "scarf": Text(zh="丝巾", en="scarf"),
    "badge": Text(zh="工牌", en="badge"),
    "uniform": Text(zh="制服", en="uniform"),
}
_ASK_PERSON = Text(
    zh="下一位的姓名或工号（直接回车结束）：", en="Name or number of the next person (Enter alone ends): "
)
_ASK_READY = {
    True: Text(
        zh="{who}：请按规定佩戴{item}，正对镜头站好，然后按回车",
        en="{who}: wear the {item} as issued, face the camera, then press Enter",
    ),
    False: Text(
        zh="{who}：请换成不符合规定的{item}（例如其他款式），然后按回车",
        en="{who}: wear another {item} than the issued one, or wear it wrong, then press Enter",
    ),
}
_NOBODY = Text(zh="没有看到人，请站到画面中间", en="nobody is seen: stand in the middle of the picture")
_COUNT = Text(zh="{left}…", en="{left}…")
_TAKEN = Text(zh="第 {number}/{of} 张已拍，请稍微换个姿势", en="photo {number} of {of} taken; move a little")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """How the guide talks to whoever is in front of the screen.

    Attributes
    ----------
    ask
        Shows a wording and returns the answer.
    tell
        Shows a wording.
    sees
        Whether somebody is seen in a picture; a photo that shows nobody is waited for, not taken.
    """

    ask: Callable[[Text], str]
    tell: Callable[[Text], None]
    sees: Callable[[Picture], bool] = lambda _picture: True


def take_photos(
    frames: Iterable[Frame],
    items: Sequence[Item],
    dialogue: Dialogue,
    *,
    shots: int = SHOTS,
    countdown_s: float = COUNTDOWN_S,
) -> list[SitePhoto]:
    """Return photos of one person after another, each correctly and incorrectly dressed.

    Parameters
    ----------
    frames
        Of a live source: its newest picture is taken when the countdown ends.
    items
        What is to be enrolled.
    dialogue
        Asks for people, says what to wear, counts down.
    shots
        Photos of one person in one kind of dress.
    countdown_s
        Seconds before each photo, by the frames' own time.

    Raises
    ------
    InputError
        If the source ends before the photos are taken.
    """
    stream, found = iter(frames), list[SitePhoto]()
    while who := dialogue.ask(_ASK_PERSON).strip():
        for item in items:
            for correct in (True, False):
                dialogue.ask(_filled(_ASK_READY[correct], who=who, item=ITEM_WORDS[item]))
                for number in range(1, shots + 1):
                    image = _counted_down(stream, dialogue, countdown_s)
                    name = f"{who}, {item} {'correct' if correct else 'incorrect'} {number}"
                    found.append(SitePhoto(name, item, correct, who, partial(np.asarray, image)))
                    dialogue.tell(_filled(_TAKEN, number=number, of=shots))
    return found


def _counted_down(stream: Iterator[Frame], dialogue: Dialogue, countdown_s: float) -> Picture:
    """Let frames pass until the countdown is over, and return the first one then that shows somebody."""
    begun, told, complained = None, np.inf, False
    for frame in stream:
        begun = frame.time_s if begun is None else begun
        left = int(np.ceil(countdown_s - (frame.time_s - begun) - 1e-6))
        if left <= 0 and dialogue.sees(frame.image):
            return frame.image.copy()
        if left <= 0 and not complained:
            dialogue.tell(_NOBODY)
            complained = True
        if 0 < left < told:
            dialogue.tell(_filled(_COUNT, left=left))
            told = left
    raise InputError("the camera stopped before the photos were taken: check its cable, then start again")


def _filled(text: Text, **parts: object) -> Text:
    def one(lang: str) -> str:
        words = {name: getattr(part, lang) if isinstance(part, Text) else part for name, part in parts.items()}
        return str(getattr(text, lang)).format(**words)

    return Text(zh=one("zh"), en=one("en"))
