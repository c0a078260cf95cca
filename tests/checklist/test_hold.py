"""When a hold begins, breaks and ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posture_check.checklist.hold import BREAK_S, SETTLED_S, Hold

RATE = 20


def played(hold: Hold, script: list[tuple[float, bool]], *, ready: bool = True) -> list[tuple[float, str]]:
    """Return the turn of each frame up to the judging; the script says for how long something is wrong or not."""
    turns, frame = [], 0
    for seconds, wrong in script:
        for _ in range(round(seconds * RATE)):
            turn = hold.at(frame / RATE, ready=ready, wrong=wrong)
            turns.append((frame / RATE, turn))
            frame += 1
            if turn == "judge":
                return turns
    return turns


def test_who_stands_well_is_judged_when_the_hold_is_over() -> None:
    turns = played(Hold(3.0, 8.0), [(6.0, False)])
    assert turns[-1] == (SETTLED_S + 3.0, "judge")


def test_a_blink_breaks_no_hold_and_a_real_fault_does() -> None:
    blinked = played(Hold(3.0, 8.0), [(1.5, False), (BREAK_S - 0.1, True), (3.0, False)])
    assert blinked[-1] == (SETTLED_S + 3.0, "judge")
    hold = Hold(3.0, 20.0)
    broken = played(hold, [(1.5, False), (1.0, True), (5.0, False)])
    assert broken[-1][0] >= 2.5 + SETTLED_S + 3.0 - 1e-9
    assert hold.from_s is not None
    assert hold.from_s >= 2.5


def test_who_is_guided_in_vain_is_judged_as_they_are_on_the_seconds_just_seen() -> None:
    hold = Hold(3.0, 8.0)
    turns = played(hold, [(20.0, True)])
    assert turns[-1] == (8.0, "judge")
    assert hold.from_s == 5.0


def test_nothing_is_held_before_anything_was_looked_at() -> None:
    assert {turn for _, turn in played(Hold(3.0, 8.0), [(5.0, False)], ready=False)} == {"guide"}


def test_somebody_else_begins_anew() -> None:
    hold = Hold(3.0, 8.0)
    played(hold, [(2.0, False)])
    hold.reset()
    assert hold.from_s is None
    assert hold.at(2.0, ready=True, wrong=False) == "guide"


@given(
    script=st.lists(st.tuples(st.floats(0.05, 3), st.booleans()), max_size=25),
    hold_s=st.floats(0.5, 4),
    patience_s=st.floats(1, 10),
)
def test_every_step_ends_and_what_is_judged_was_seen(
    script: list[tuple[float, bool]], hold_s: float, patience_s: float
) -> None:
    hold = Hold(hold_s, patience_s)
    turns = played(hold, [*script, (60.0, False)])
    end_s, turn = turns[-1]
    assert turn == "judge"
    assert end_s <= patience_s + 2 * hold_s + BREAK_S + 1.0
    assert hold.from_s is not None
    assert 0.0 <= hold.from_s <= end_s
    share, left_s = hold.progress(end_s)
    assert 0 <= share <= 1
    assert left_s >= 0
