"""What grooming was promised to do, held against what was measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.grooming_figures import CROSS, IN_SAMPLE, UNSEEN, Found, open_collars, rendered_values
from bench.score import spread
from posture_check.grooming.train.footage import RENDERED

Count = Callable[[Found], str]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise.

    Attributes
    ----------
    text
        In words.
    figure
        Name of the figure.
    least, most
        What was promised.
    unit
        ``%`` is shown of shares; else the unit itself.
    """

    text: str
    figure: str
    least: float | None = None
    most: float | None = None
    unit: str = ""


PROMISES: tuple[Promise, ...] = (
    Promise("Tie, fr_parl: balanced accuracy where decided", "tie.fr_parl.balanced", least=0.95),
    Promise("Tie, fr_parl: abstained", "tie.fr_parl.not_assessed", most=0.10),
    Promise("Tie, fr_parl: open-collar men called tie", "tie.fr_parl.open_collar", most=0.10),
    Promise("Tie, ccp: false ties on people without one", "tie.ccp.false_share", most=0.02),
    Promise("Tie, idcard_prince: false ties on people without one", "tie.idcard_prince.false_share", most=0.02),
    Promise("Badge or lanyard, idcard_prince: balanced accuracy", "badge.idcard_prince.balanced", least=0.92),
    Promise("Badge, congress (lapel pins): portraits with a false badge", "badge.congress.false_of_all", most=0.03),
    Promise("Hair mask, ccp: IoU", "hair.ccp.iou", least=0.75),
    Promise("Hair mask, nprportrait: IoU", "hair.nprportrait.iou", least=0.75),
    Promise("Long hair down, congress: balanced accuracy", "long_hair.congress.balanced", least=0.90),
    Promise("Ears covered, congress: balanced accuracy", "ears.congress.balanced", least=0.85),
    Promise("Beard, congress: balanced accuracy", "beard.congress.balanced", least=0.90),
    Promise("Bald, congress: balanced accuracy", "bald.congress.balanced", least=0.90),
    Promise("Rendered: verdicts right where assessed", "rendered.right_share", least=0.92),
    Promise("Rendered, front: not assessed", "rendered.front.not_assessed_share", most=0.25),
    Promise("Rendered: knot offset, median error", "rendered_grooming.knot_offset.median", most=0.7, unit="cm"),
    Promise("Rendered: tie tip, median error", "rendered_grooming.tie_tip.median", most=3.0, unit="cm"),
    Promise("Rendered: badge side right", "rendered_grooming.badge_side.right", least=0.98),
    Promise("Rendered: badge tilt, median error", "rendered_grooming.badge_tilt.median", most=4.0, unit="deg"),
    Promise("Rendered: forehead share, median error", "rendered_grooming.forehead_covered.median", most=0.15),
    Promise("Rendered: ear share, median error", "rendered_grooming.ears_covered.median", most=0.15),
    Promise(
        "Rendered, side and back: lowest hair against the collar",
        "rendered_grooming.hair_above_collar.median",
        most=2.0,
        unit="cm",
    ),
    Promise("One look at a 1280x720 frame beyond pose", "cost.look_ms", most=120.0, unit="ms"),
    Promise("Models in the repository altogether", "cost.models_mb", most=15.0, unit="MB"),
)
"""Names that begin with the family ``rendered_grooming`` are over all views."""
PARTLY = "in-sample in part"
"""Of some models a share of the rendered stills was kept apart; other models are geometry and learned from none."""
BACK = "hair_above_collar"
"""From in front hair tells at most how low it reaches: the promise is about views from the side and from behind."""
_OVER_ALL = ("knot_offset", "tie_tip", "badge_tilt", "forehead_covered", "ears_covered", "hair_above_collar")


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise and what became of it.

    Attributes
    ----------
    promise
        The promise.
    measured
        None where it was not measured.
    n
        Over how many.
    how
        How the model stands to those pictures.
    met
        None where it was not measured.
    """

    promise: Promise
    measured: float | None
    n: int | None
    how: str
    met: bool | None


def over_all_views(found: Found) -> dict[str, float | None]:
    """Return the figures of rendered stills from all views, which the promises are about."""
    figures: dict[str, float | None] = {}
    behind = {r.case.name for r in found.readings if r.case.shows_back}
    for measure in _OVER_ALL:
        values = rendered_values(found, measure)
        errors = spread([v for v in values if v.case in behind] if measure == BACK else values)
        if errors is not None:
            figures[f"{RENDERED}.{measure}.median"] = errors.median
            figures[f"{RENDERED}.{measure}.within"] = errors.coverage
    sides = rendered_values(found, "badge_side")
    if sides:
        figures[f"{RENDERED}.badge_side.right"] = sum(v.value * v.truth > 0 for v in sides) / len(sides)
    return figures


def kept(found: Found) -> list[Kept]:
    """Return what became of each promise."""
    return [_kept(found, promise) for promise in PROMISES]


def _kept(found: Found, promise: Promise) -> Kept:
    value = found.figures.get(promise.figure)
    n, how = _basis(found, promise.figure)
    if value is None:
        return Kept(promise, None, n, how, None)
    low = promise.least is None or value >= promise.least
    high = promise.most is None or value <= promise.most
    return Kept(promise, value, n, how, low and high)


def _basis(found: Found, figure: str) -> tuple[int | None, str]:
    """Return over how many pictures a figure is, and how the models stand to them."""
    first, second, last = (*figure.split("."), "", "")[:3]
    if first == "hair":
        hows = [how for how in (CROSS, UNSEEN, IN_SAMPLE) if (second, how) in found.iou]
        return (len(found.iou[second, hows[0]]), hows[0]) if hows else (None, "")
    if first == RENDERED:
        behind = {r.case.name for r in found.readings if r.case.shows_back}
        return sum(second != BACK or v.case in behind for v in rendered_values(found, second)), PARTLY
    if first == "rendered":
        verdicts = found.verdicts
        return (verdicts.assessed if second == "right_share" else verdicts.in_view), PARTLY
    row = found.row(first, second)
    if row is None:
        return None, ""
    counts = row.counts
    if last == "open_collar":
        return open_collars(found).decided, row.how
    if last == "false_of_all":
        return sum(
            not a.truth for a in row.answers
        ), f"{row.how}; of those decided {counts.fp} of {counts.fp + counts.tn}"
    n = {"not_assessed": counts.n, "false_share": counts.fp + counts.tn}.get(last, counts.decided)
    return n, row.how
