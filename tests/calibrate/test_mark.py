import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from posture_check.calibrate.mark import marking_page, save_page
from posture_check.errors import InputError


@pytest.mark.parametrize("what", ["seat", "points"])
def test_the_page_holds_the_picture_and_asks_for_the_points_of_its_option(what):
    image = np.random.default_rng(0).integers(0, 255, (36, 64, 3), np.uint8)
    page = marking_page(image, what)
    packed = re.search(r'src="data:image/png;base64,([^"]+)"', page)
    assert (np.asarray(Image.open(io.BytesIO(base64.b64decode(packed[1])))) == image).all()
    assert f'option = "{what}", width = 64, height = 36' in page
    assert "@@" not in page
    assert "http" not in page  # nothing is fetched: it works with the network unplugged
    assert page.count('["') >= 4


def test_a_page_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        save_page("x", tmp_path / "none" / "a.html")
    save_page("x", tmp_path / "a.html")
    assert [p.name for p in tmp_path.iterdir()] == ["a.html"]
