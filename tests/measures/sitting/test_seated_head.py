import pytest

from tests.measures.sitting.seated import seated, value_of


@pytest.mark.parametrize("angle", ["head_pitch", "head_roll"])
def test_a_hand_on_the_face_makes_the_head_less_sure_and_hands_elsewhere_do_not(angle):
    for hands, less_sure in (("chin_right", True), ("knees", False)):
        body = seated(0, hands=hands)
        plain, careful = value_of(angle, body), value_of(f"seated_{angle}", body)
        assert careful.value == plain.value
        assert (careful.error > plain.error + 1) is less_sure
