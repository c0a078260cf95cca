"""The list of measures, by the name that ``rules.yaml`` uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posture_check.landmarks.names import L
from posture_check.measures.series import Series

if TYPE_CHECKING:
    from posture_check.measures.body import Body


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure and what it needs to see.

    Attributes
    ----------
    name, unit
        As rules and results write them.
    function
        The pure function.
    needs
        Landmarks that must be in the picture and visible.
    near
        Names (without side) of landmarks of which the side nearer the camera must be, too.
    needs_face, needs_hands, needs_arms
        Which details it reads.
    min_stature_px
        Smallest apparent height of the person in pixels.
    min_hand_px
        Length in pixels that a hand must have before its fingers are judged; 0 where they are not.
    min_turn_deg
        Smallest turn from the camera, degrees: from the front what it measures is foreshortened to nothing.
    min_seconds
        Shortest time it can be told from; 0 for a single picture.
    events
        Fewest values it must rest on, where it has one per event (a step, a swing) rather than one per frame; 0 for a
        measure that has a value on every frame.
    needs_partner
        Whether it is about two people.
    needs_neutral_face
        Whether it compares with the person's calibrated neutral face.
    needs_chair
        Whether it is told against the calibrated seat.
    needs_shake
        Whether it needs the picture's own movement at the landmarks.
    of_picture
        Whether it was read from the picture by grooming: it has a value for the whole recording, or a reason for none.
    """

    name: str
    unit: str
    function: Callable[[Body], Series]
    needs: tuple[L, ...]
    near: tuple[str, ...] = ()
    needs_face: bool = False
    needs_hands: bool = False
    needs_arms: bool = False
    min_stature_px: float = 160.0
    min_hand_px: float = 0.0
    min_turn_deg: float = 0.0
    min_seconds: float = 0.0
    events: int = 0
    needs_partner: bool = False
    needs_neutral_face: bool = False
    needs_chair: bool = False
    needs_shake: bool = False
    of_picture: bool = False

    def landmarks(self, body: Body) -> list[L]:
        """Return every landmark that must be seen of this body."""
        return [*self.needs, *(body.near(name) for name in self.near)]

    @property
    def on_details(self) -> bool:
        """Whether it is told only on the frames whose details were looked at."""
        return self.needs_face or self.needs_hands or self.needs_arms


MEASURES: dict[str, Measure] = {}


def measure(
    unit: str,
    needs: tuple[L, ...] = (),
    *,
    near: tuple[str, ...] = (),
    needs_face: bool = False,
    needs_hands: bool = False,
    needs_arms: bool = False,
    min_stature_px: float = 160.0,
    min_hand_px: float = 0.0,
    min_turn_deg: float = 0.0,
    min_seconds: float = 0.0,
    events: int = 0,
    needs_partner: bool = False,
    needs_neutral_face: bool = False,
    needs_chair: bool = False,
    needs_shake: bool = False,
    of_picture: bool = False,
) -> Callable[[Callable[[Body], Series]], Callable[[Body], Series]]:
    """Register a function of a body as a measure under its own name."""

    def register(function: Callable[[Body], Series]) -> Callable[[Body], Series]:
        name = function.__name__
        if name in MEASURES:
            raise ValueError(f"two measures are called {name!r}")
        MEASURES[name] = Measure(
            name,
            unit,
            function,
            needs,
            near,
            needs_face,
            needs_hands,
            needs_arms,
            min_stature_px,
            min_hand_px,
            min_turn_deg,
            min_seconds,
            events,
            needs_partner,
            needs_neutral_face,
            needs_chair,
            needs_shake,
            of_picture,
        )
        return function

    return register
