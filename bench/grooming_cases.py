"""The pictures of the grooming bench with what is known of each, from labels, masks and exact truth.

A label that is absent was not judged: it is unknown, never false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import grooming_masks, grooming_truth
from posture_check.grooming.train.footage import RENDERED, Example, LandmarkCache, examples

PHOTOS = ("fr_parl", "congress", "ccp", "idcard_prince", "nprportrait")
FAMILIES = (*PHOTOS, RENDERED)
TRAINS = ("congress", "ccp", "idcard_prince", "nprportrait", RENDERED)
"""Families that models learned from: what the shipped models say of them is in-sample."""

Labels = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is so or not, and the figure that answers it.

    Attributes
    ----------
    name
        As tables and limits call it.
    measure
        The figure.
    title
        What is so.
    limit
        The answer is yes above it.
    """

    name: str
    measure: str
    title: str
    limit: float = 0.5

    @property
    def probability(self) -> bool:
        """Whether its figure is a classifier's probability, and no share."""
        return self.limit == 0.5


QUESTIONS: tuple[Question, ...] = (
    Question("tie", "tie_worn", "a necktie is worn"),
    Question("bow", "bow_worn", "a bow is worn"),
    Question("scarf", "scarf_worn", "a scarf is worn"),
    Question("badge", "badge_worn", "a badge is worn, pinned or on a lanyard"),
    Question("lanyard", "badge_on_lanyard", "the badge hangs on a lanyard"),
    Question("badge_front", "badge_front", "the badge shows its front"),
    Question("bald", "bald", "no hair on the head"),
    Question("bangs", "forehead_covered", "hair covers the forehead", 0.25),
    Question("ears", "ears_covered", "hair covers an ear", 0.35),
    Question("long_hair", "long_hair_down", "loose hair below the shoulder line"),
    Question("tied", "hair_tied", "long hair is tied up"),
    Question("dyed", "hair_unnatural", "hair of no natural hue"),
    Question("headwear", "headwear", "a hat or headscarf is worn"),
    Question("beard", "beard", "a beard or a moustache"),
    Question("bare_forearm", "forearm_bare", "a forearm is bare", 0.35),
    Question("bare_leg", "leg_bare", "a leg is bare", 0.2),
)
"""Limits of shares are those of the rules (HA-01, HA-02, SU-02, SU-04)."""
BY_NAME = {question.name: question for question in QUESTIONS}


@dataclass(frozen=True)
class Case:
    """One picture and what is known of it.

    Attributes
    ----------
    example
        The picture.
    answers
        True answer by the question's name.
    numbers
        True value by the measure's name, in its unit.
    clauses
        Clause to ``pass`` or ``fail``, for the role it was made for; rendered pictures only.
    role
        A or B; None for photos.
    front
        Whether the camera stands within 30 degrees of the front; None where that is not known.
    traits
        What is plain to see of the person, by which figures are told apart.
    """

    example: Example
    answers: Mapping[str, bool] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    clauses: Mapping[str, str] = field(default_factory=dict)
    role: str | None = None
    front: bool | None = None
    traits: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Path below the footage folder."""
        return self.example.name

    @property
    def shows_back(self) -> bool:
        """Whether a rendered still shows the back of the collar: it is seen from the side or from behind."""
        return abs(float(self.example.row.get("view_yaw_deg", 0.0))) >= grooming_truth.SIDE_DEG

    @property
    def family(self) -> str:
        """Where it comes from."""
        return self.example.family


def all_cases(footage: Path, family: str | None = None, cache: LandmarkCache | None = None) -> list[Case]:
    """Return every picture of a footage folder with what is known of it.

    Raises
    ------
    InputError
        If there is no footage, or none of that family.
    """
    return [case_of(example) for example in examples(footage, family, cache)]


def case_of(example: Example) -> Case:
    """Return what is known of a picture without looking at it."""
    if example.family == RENDERED:
        return _rendered(example)
    answers = _ANSWERS[example.family](example.labels) if example.family in _ANSWERS else {}
    return Case(example, _known(answers), traits=_traits(example.labels))


def from_masks(case: Case, pose: grooming_masks.Floats) -> Case:
    """Return a photo's case with what its mask says, too: beards and hats of heads, bare limbs of whole bodies.

    Parameters
    ----------
    case
        The case.
    pose
        ``(33, 4)`` landmarks of the person: where the forearms and the shins are.
    """
    mask = case.example.mask()
    if mask is None:
        return case
    more = grooming_masks.answers(case.family, mask, pose)
    numbers = grooming_masks.numbers(case.family, mask, pose)
    seen = {"glasses"} if grooming_masks.has_glasses(case.family, mask) else set()
    hat = {"headwear"} if more.get("headwear") else set()
    traits = case.traits | seen | hat
    return Case(case.example, {**more, **case.answers}, {**numbers, **case.numbers}, traits=frozenset(traits))


def _known(answers: Iterable[tuple[str, Any]] | Mapping[str, Any]) -> dict[str, bool]:
    return {name: value for name, value in dict(answers).items() if isinstance(value, bool)}


def _congress(labels: Labels) -> dict[str, Any]:
    hairs = (labels.get("beard"), labels.get("moustache"))
    return {
        "tie": labels.get("necktie", labels.get("tie")),
        "bow": labels.get("bow_tie"),
        "badge": False,  # lapel pins are none
        "bald": labels.get("bald"),
        "bangs": labels.get("bangs"),
        "ears": labels.get("ears_covered"),
        "long_hair": labels.get("long_hair_down"),
        "headwear": labels.get("hat_or_headscarf"),
        "beard": True if True in hairs else None if None in hairs else False,
        "dyed": True if labels.get("hair_colour") == "unnatural_dyed" else None,
    }


def _ccp(labels: Labels) -> dict[str, Any]:
    # The data set calls any neckwear a tie; whoever has one was looked at again.
    tie = labels.get("necktie") if labels.get("tie") else labels.get("tie")
    bow = labels.get("bow_tie") if labels.get("tie") else labels.get("tie")
    return {"tie": tie, "bow": bow, "scarf": labels.get("scarf"), "headwear": labels.get("hat")}


_ANSWERS: dict[str, Callable[[Labels], dict[str, Any]]] = {
    "fr_parl": lambda labels: {"tie": labels.get("tie")},
    "congress": _congress,
    "ccp": _ccp,
    "idcard_prince": lambda labels: {
        "tie": labels.get("tie"),
        "badge": labels.get("badge"),
        "lanyard": labels.get("lanyard") or None,  # without a badge there is nothing to hang on one
    },
}


def _traits(labels: Labels) -> frozenset[str]:
    traits = {
        "glasses": labels.get("glasses") or labels.get("sunglasses"),
        "open-collar man": labels.get("open_collar_man"),
        "headwear": labels.get("hat_or_headscarf") or labels.get("hat"),
        "long hair down": labels.get("long_hair_down"),
    }
    return frozenset(name for name, value in traits.items() if value)


def _rendered(example: Example) -> Case:
    truth = grooming_truth.Rendered(example.row)
    hair = truth.hair
    traits = {"grey or white hair"} if hair.get("colour") == "grey" else set()
    return Case(
        example,
        _known(grooming_truth.answers(truth)),
        grooming_truth.numbers(truth),
        grooming_truth.clauses(truth),
        str(example.row["role"]),
        truth.front,
        frozenset(traits),
    )
