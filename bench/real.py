"""Facts about the real footage, read by eye or published with it, and what the program says of each.

Every fact names its file and how it was got; a file that is not there, or was refused, is reported as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bench.numbers import stated
from bench.reading import Outcome
from bench.segments import longest, overlaps, pairwise_order
from posture_check.rules.result import Check, Reason, Result, Verdict

DEMO4 = "posture/sports2d/demo4.mp4"
DEMO4_WHOLE_DEG, DEMO4_UPPER_DEG = 33.0, 19.0
"""Median of the five differences of neighbouring extremes of the near arm, read by eye on its first pass (differences
26-37 and 12-26); each extreme within 5 degrees, so the medians within about 4."""
DEMO4_ARM_ERROR_DEG = 4.0
DEMO4_STEP_S, DEMO4_STEP_ERROR_S = 0.52, 0.04
"""Frames of the widest stance by eye: 15.6 frames between them on average; each within 2 frames, five steps."""
DEMO4_FORWARD_S, DEMO4_BACKWARD_S = (1.6, 5.1), (6.4, 11.0)
"""Seconds in which she walks forwards, and backwards (frames 47-152 and 191-329 at 30 a second)."""

DEMO4_TURNED = "posture/derived/demo4_rotmeta90.mp4"
"""The same film turned on its side by its rotation tag: nobody walks lying."""

SQUATS = "posture/tfjs/pose-detection/test_data/pose_squats.mp4"
SQUATS_S = (2.0, 6.7, 11.8)
"""Middle of each time that the hips are lowest, in seconds: all 65 frames (5 a second) looked at one by one. She is
plainly down in 1.2-2.8, 5.8-7.6 and from 11.0 until the clip ends as she begins to rise."""
SQUATS_WITHIN_S = 0.8
STANDS_S = ((3.8, 5.0), (8.6, 9.8))
"""Between the squats she stands upright."""

NVV = "posture/sitting-nvv/sample_images/"
NVV_TRUNK = {
    "leaning_back": ("recline_flip.jpg",),
    "upright": ("straight_flip.jpg", "kneeling.jpg", "kneeling_flip.jpg"),
    "leaning_forward": ("hunchback_flip.jpg", "hunchback_hf_flip.jpg"),
}
"""Pictures of one man on a chair by the label of his trunk, from back to front."""
LEAN_RULES = ("SI-03.fore", "SI-11.lean")
LEAN_MEASURES = ("trunk_lean_fore", "seated_lean_worst")

INTEL = "posture/intel-sample-videos/preview/"
LOOKS_AROUND = ("head-pose-face-detection-female.gif", "head-pose-face-detection-female-and-male.gif")
HEAD_STILL = ("head-pose-face-detection-male.gif",)
LOOK_CLAUSES = ("FA-02", "WA-01", "ST-01")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known about real footage, and what was said.

    Attributes
    ----------
    name
        As the limits call it.
    about
        What is known, and how.
    said
        What the program says.
    holds
        Whether that agrees; None where there is nothing to compare.
    """

    name: str
    about: str
    said: str
    holds: bool | None


Documents = Mapping[str, Outcome]


def facts(outcomes: Iterable[Outcome]) -> list[Fact]:
    """Return every fact about real footage that was among the cases."""
    found = {o.case.name: o for o in outcomes if o.setting == "none" and not o.case.rendered}
    groups: tuple[tuple[str, Callable[[Documents], list[Fact]]], ...] = (
        (DEMO4, _demo4),
        (DEMO4_TURNED, _turned),
        (SQUATS, _squats),
        (NVV, _nvv),
        (INTEL, _heads),
    )
    rows: list[Fact] = []
    for start, tell in groups:
        if any(name.startswith(start) for name in found):
            rows += tell(found)
    return rows


def _result(found: Documents, name: str) -> Result | None:
    return found[name].result if name in found else None


def _demo4(found: Documents) -> list[Fact]:
    result = _result(found, DEMO4)
    if result is None:
        return [Fact("demo4", "a walk seen from the side", "no document", False)]
    values = stated(result)
    rows = [
        _near("demo4.arm", f"whole arm (near, left) by eye {DEMO4_WHOLE_DEG:g} deg", values, "arm_swing_left",
              DEMO4_WHOLE_DEG, DEMO4_ARM_ERROR_DEG),
        _near("demo4.upper-arm", f"upper arm (near, left) by eye {DEMO4_UPPER_DEG:g} deg", values,
              "upper_arm_swing_left", DEMO4_UPPER_DEG, DEMO4_ARM_ERROR_DEG),
        _near("demo4.step-time", f"step time by eye {DEMO4_STEP_S:g} s", values, "step_time", DEMO4_STEP_S,
              DEMO4_STEP_ERROR_S),
    ]  # fmt: skip
    walked = longest(result.segments, "walking", 0.2)
    ahead = overlaps(walked, *DEMO4_FORWARD_S) / (DEMO4_FORWARD_S[1] - DEMO4_FORWARD_S[0])
    rows.append(
        Fact(
            "demo4.walks",
            "walks forwards in 1.6-5.1 s",
            f"{ahead:.0%} of it walking; walking in {_spans(walked)}",
            ahead >= 0.7,
        )
    )
    judged = [
        c
        for c in result.checks
        if c.posture == "walking"
        and c.verdict is not Verdict.NOT_ASSESSED
        and c.start_s is not None
        and c.end_s is not None
        and overlaps([(c.start_s, c.end_s)], *DEMO4_BACKWARD_S) > 0.5
    ]
    rows.append(
        Fact(
            "demo4.backwards",
            "walks backwards in 6.4-11.0 s: not scored as a walk",
            f"{len(judged)} checks judged there" + (f" ({', '.join(c.rule for c in judged)})" if judged else ""),
            not judged,
        )
    )
    return rows


def _turned(found: Documents) -> list[Fact]:
    result = _result(found, DEMO4_TURNED)
    judged = [c.rule for c in result.checks if c.verdict is not Verdict.NOT_ASSESSED] if result else []
    about = "the picture lies on its side: no posture is judged"
    return [Fact("demo4.turned", about, ", ".join(judged) or "nothing judged", not judged)]


def _near(
    name: str, about: str, values: Mapping[str, tuple[float, float | None]], measure: str, eye: float, eye_error: float
) -> Fact:
    if measure not in values:
        return Fact(name, f"{about} ± {eye_error:g}", "not stated", None)
    value, error = values[measure]
    within = 2 * ((error or 0.0) ** 2 + eye_error**2) ** 0.5
    return Fact(name, f"{about} ± {eye_error:g}", f"{value:.3g} ± {error or 0:.2g}", abs(value - eye) <= within)


def _squats(found: Documents) -> list[Fact]:
    result = _result(found, SQUATS)
    if result is None:
        return [Fact("squats", "three squats", "no document", False)]
    spans = longest(result.segments, "squatting")
    middles = [(a + b) / 2 for a, b in spans]
    timely = len(spans) == len(SQUATS_S) and all(
        abs(m - t) <= SQUATS_WITHIN_S for m, t in zip(middles, SQUATS_S, strict=True)
    )
    stood = longest(result.segments, "standing")
    upright = [overlaps(stood, a, b) / (b - a) for a, b in STANDS_S]
    sat = longest(result.segments, "sitting")
    return [
        Fact("squats.count", "three squats by eye", f"{len(spans)} ({_spans(spans)})", len(spans) == len(SQUATS_S)),
        Fact("squats.times", "lowest at 2.0, 6.7 and 11.8 s by eye",
             ", ".join(f"{m:.1f}" for m in middles) or "none", timely),
        Fact("squats.between", "stands at 3.8-5.0 and 8.6-9.8 s by eye",
             ", ".join(f"{share:.0%}" for share in upright), min(upright) >= 0.5),
        Fact("squats.not-sitting", "no chair there", f"sitting in {_spans(sat)}", not sat),
    ]  # fmt: skip


def _nvv(found: Documents) -> list[Fact]:
    leans: dict[str, list[float]] = {}
    said = []
    for trunk, names in NVV_TRUNK.items():
        leans[trunk] = []
        for name in names:
            result = _result(found, NVV + name)
            values = stated(result) if result else {}
            lean = next((values[m] for m in LEAN_MEASURES if m in values), None)
            said.append(f"{name.removesuffix('.jpg')} {'-' if lean is None else f'{lean[0]:.0f}'}")
            if lean is not None:
                leans[trunk].append(lean[0])
    order = pairwise_order(list(leans.values()))
    whole = all(leans.values())
    verdicts = _nvv_verdicts(found)
    return [
        Fact("nvv.order", "trunk back < upright < forward (label)", ", ".join(said), order == 1.0 if whole else None),
        Fact("nvv.verdicts", "reclined and bent forward fail SI-03 or SI-11, upright does not", *verdicts),
    ]


def _nvv_verdicts(found: Documents) -> tuple[str, bool | None]:
    said, right = [], []
    for trunk, names in NVV_TRUNK.items():
        for name in names:
            result = _result(found, NVV + name)
            checks = [c for c in result.checks if c.rule in LEAN_RULES] if result else []
            decided = [c for c in checks if c.verdict is not Verdict.NOT_ASSESSED]
            failed = any(c.verdict is Verdict.FAIL for c in decided)
            close = any(c.verdict is Verdict.BORDERLINE for c in decided)
            word = "fail" if failed else "borderline" if close else "pass" if decided else "not assessed"
            said.append(f"{name.removesuffix('.jpg')} {word}")
            if decided and (failed or not close):
                right.append(failed == (trunk != "upright"))
    return ", ".join(said), all(right) if right else None


def _heads(found: Documents) -> list[Fact]:
    around = {name: _looks(found, INTEL + name) for name in LOOKS_AROUND}
    still = {name: _looks(found, INTEL + name) for name in HEAD_STILL}
    told = [looks for _, looks in around.values()] + [
        None if looks is None else not looks for _, looks in still.values()
    ]
    said = "; ".join(f"{name.removesuffix('.gif')}: {text}" for name, (text, _) in (around | still).items())
    known = [t for t in told if t is not None]
    return [
        Fact(
            "heads",
            "two clips in which heads turn, one in which the head is still",
            said,
            all(known) if len(known) == len(told) else False if False in known else None,
        )
    ]


def _looks(found: Documents, name: str) -> tuple[str, bool | None]:
    """Return what is said of where the head and the eyes go, and whether it amounts to looking around."""
    outcome = found.get(name)
    result = outcome and (outcome.everybody or outcome.result)
    checks = [c for c in result.checks if c.clause in LOOK_CLAUSES and _about_looking(c)] if result else []
    judged = [c for c in checks if c.verdict is not Verdict.NOT_ASSESSED]
    if not judged:
        why = sorted({str(c.reason) for c in checks if c.reason and c.reason is not Reason.POSTURE_NOT_SEEN})
        return f"not assessed ({', '.join(why) or 'no check'})", None
    text = ", ".join(f"{c.rule} {c.verdict} {c.value:.3g}" for c in judged if c.value is not None)
    return text, any(c.verdict is Verdict.FAIL for c in judged)


def _about_looking(check: Check) -> bool:
    return check.clause == "FA-02" or "look" in check.rule or "yaw" in check.rule


def _spans(spans: Iterable[tuple[float, float]]) -> str:
    return ", ".join(f"{a:.1f}-{b:.1f} s" for a, b in spans) or "never"
