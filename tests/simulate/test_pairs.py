import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats

from posture_check.simulate.pairs import guiding, handing, receiving
from posture_check.simulate.truth_pairs import pair_series
from posture_check.simulate.view import view


def middle(values):
    return float(np.median(values))


@settings(deadline=None, max_examples=10)
@given(distance=floats(0.4, 2.0), turn=floats(-90, 90), yaw=floats(-80, 80))
def test_a_visitor_stands_where_asked_whoever_looks(distance, turn, yaw):
    seen = view(receiving(distance_m=distance, turn_deg=turn, sway_cm=0, sway_fore_cm=0), yaw_deg=yaw, fps=5)
    found = pair_series(seen)
    assert found["partner_distance_m"] == pytest.approx(distance, abs=0.01), "but for the visitor's sway"
    assert found["turn_from_partner_deg"] == pytest.approx(turn, abs=1.5)
    assert pair_series(seen, 1, 0)["turn_from_partner_deg"] == pytest.approx(0, abs=1.5), "the visitor faces the host"


@settings(deadline=None, max_examples=10)
@given(left=floats(-1, 1), ahead=floats(0, 1.5), speed=floats(0.8, 1.4), slower=floats(-0.3, 0.3))
def test_a_guide_walks_where_and_as_fast_as_asked(left, ahead, speed, slower):
    seen = view(guiding(left_m=left, ahead_m=ahead, speed_mps=speed, customer_speed_mps=speed - slower), fps=10)
    found = pair_series(seen)
    assert found["guide_side_m"] == pytest.approx(left, abs=0.02)
    assert found["guide_ahead_m"][0] == pytest.approx(ahead, abs=0.02)
    drawn_ahead = found["guide_ahead_m"][-1] - found["guide_ahead_m"][0]
    # Both need a step and a half to be at speed.
    assert drawn_ahead == pytest.approx(slower * (seen.time_s[-1] - 0.42), abs=0.06)
    assert found["pace_difference_mps"][0] == pytest.approx(drawn_ahead / seen.time_s[-1], abs=0.03)


@pytest.mark.parametrize("left", [-0.6, 0.6])
def test_a_guide_turns_back_to_the_customer(left):
    plain, turned = (pair_series(view(guiding(left_m=left, turn_to_customer_deg=t), fps=5)) for t in (0.0, 60.0))
    nearer = np.abs(plain["turn_from_partner_deg"]) - np.abs(turned["turn_from_partner_deg"])
    assert middle(nearer) == pytest.approx(15, abs=4), "half of the shoulders' half"


def test_what_is_handed_over_is_in_the_hands_of_both():
    seen = view(handing(), fps=10)
    time_s = seen.time_s
    held = (time_s > 2.0) & (time_s < 2.9)
    hands = [person.room.hands[held].mean((1, 2)) for person in seen.people]
    assert np.linalg.norm(hands[0] - hands[1], axis=-1).max() < 0.4
    assert middle(pair_series(seen)["partner_distance_m"][time_s < 0.9]) == pytest.approx(0.95, abs=0.01)
