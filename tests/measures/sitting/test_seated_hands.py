import pytest

from tests.measures.sitting.seated import seated, told

PLACES = {
    "hands_off_thighs": ("knees",),
    "hands_off_lap": ("lap_right_over_left", "lap_left_over_right"),
    "hands_off_armrests": ("armrests",),
    "forearms_off_desk": ("desk",),
}


@pytest.mark.parametrize(("measure", "hands"), [(m, h) for m, names in PLACES.items() for h in names])
@pytest.mark.parametrize("yaw", [0, 20, -40])
def test_hands_in_their_place_are_not_off_it(measure, hands, yaw):
    assert told(measure, seated(yaw, hands=hands)) < 2


@pytest.mark.parametrize("measure", PLACES)
def test_a_hand_at_the_chin_is_in_none_of_these_places(measure):
    assert told(measure, seated(0, hands="chin_right")) > 10


@pytest.mark.parametrize("hands", ["chin_right", "chin_left"])
@pytest.mark.parametrize("yaw", [0, 30, 80, -80])
def test_a_chin_in_the_hand_is_seen_from_all_around(hands, yaw):
    assert told("hand_to_chin", seated(yaw, hands=hands)) < 12


@pytest.mark.parametrize("hands", ["knees", "lap_right_over_left", "armrests", "desk"])
def test_hands_elsewhere_are_far_from_the_chin(hands):
    assert told("hand_to_chin", seated(0, hands=hands)) > 30


def test_hands_round_a_knee_are_nearer_it_than_on_knees_or_lap():
    clasped = told("hands_round_knee", seated(0, hands="round_knee", crossed="knee"))
    assert clasped < 21
    assert told("hands_round_knee", seated(0, hands="knees")) > 26
    assert told("hands_round_knee", seated(0, hands="lap_right_over_left")) > 26


def test_hands_between_the_thighs_are_deeper_than_on_them():
    between = told("hands_between_thighs", seated(0, hands="between_thighs"))
    assert between > -4.5
    assert told("hands_between_thighs", seated(0, hands="knees")) < between - 4
    assert told("hands_between_thighs", seated(0, hands="lap_right_over_left")) < between - 6
