import numpy as np
import pytest

from posture_check.calibrate.points import is_convex, parse_lengths, parse_points, parse_size, turns_clockwise
from posture_check.errors import InputError


def test_points_are_read_however_they_are_spaced():
    for text in ("1,2 30,4 50,60 7,80", " 1,2;30,4  50,60\n7,80 ", "1.0，2 30,4 5e1,60 7,80"):
        assert parse_points(text, "--seat").tolist() == [[1, 2], [30, 4], [50, 60], [7, 80]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "0 points given"),
        ("1,2 3,4 5,6", "3 points given"),
        ("1,2 3,4 5,6 7,8 9,10", "5 points given"),
        ("1,2 3,4 5,6 7", "not points"),
        ("1,2 3,4 5,6 7,x", "not points"),
        ("1,2 3,4 5,6 7,nan", "not finite"),
        ("1,2 30,4 50,60 1.2,2.2", "points 1 and 4 are the same"),
    ],
)
def test_what_is_not_four_points_is_told_with_the_option(text, said):
    with pytest.raises(InputError, match=f"^--seat.*{said}"):
        parse_points(text, "--seat")


def test_sizes_and_lengths_are_read_or_refused():
    assert parse_size("1280x720", "--size") == parse_size(" 1280 × 720 ", "--size") == (1280, 720)
    assert parse_lengths("100x80.5", "--size-cm") == (100.0, 80.5)
    for bad in ("1280", "1280x", "0x0", "12x720", "99999x720", "1280x720x3", "-1280x720"):
        with pytest.raises(InputError, match="write width and height as 1280x720"):
            parse_size(bad, "--size")
    for bad in ("100", "0x80", "100x-80", "nanx80", "5000x80"):
        with pytest.raises(InputError, match="write them as 100x80"):
            parse_lengths(bad, "--size-cm")


def test_the_way_round_is_as_one_sees_it():
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], float)
    assert turns_clockwise(square)
    assert not turns_clockwise(square[::-1])
    assert is_convex(square)
    assert is_convex(square[::-1])
    assert not is_convex(square[[0, 2, 1, 3]])
    assert not is_convex(np.array([[0, 0], [10, 0], [2, 2], [0, 10]], float))
