from fractions import Fraction

import numpy as np
import pytest

from posture_check.sources import open_source
from posture_check.sources.upright import Upright, on_white
from tests.sources.media import corner_names, quadrants, write_video

UPRIGHT = ("red", "green", "blue", "grey")


def first_frame(path):
    with open_source(path) as source:
        image = next(iter(source)).image
    assert image.shape == (source.info.height, source.info.width, 3)
    assert image.flags.c_contiguous
    return image


def tagged(path, degrees, *, hflip=False, vflip=False):
    return write_video(
        path, [quadrants()] * 3, prepare=lambda s: s.set_display_rotation(degrees, hflip=hflip, vflip=vflip)
    )


@pytest.mark.parametrize(
    ("degrees", "size", "corners"),
    [
        (0, (64, 48), UPRIGHT),
        (90, (48, 64), tuple(corner_names(np.rot90(quadrants(), 1)))),
        (-90, (48, 64), tuple(corner_names(np.rot90(quadrants(), -1)))),
        (180, (64, 48), tuple(corner_names(np.rot90(quadrants(), 2)))),
    ],
)
def test_rotation_tags_are_applied_counterclockwise(tmp_path, degrees, size, corners):
    image = first_frame(tagged(tmp_path / "turned.mp4", degrees))
    assert (image.shape[1], image.shape[0]) == size
    assert corner_names(image) == corners


@pytest.mark.parametrize("degrees", [0, 90, -90, 180])
@pytest.mark.parametrize(("hflip", "vflip"), [(True, False), (False, True)])
def test_a_mirrored_and_turned_recording_comes_out_as_its_matrix_says(tmp_path, degrees, hflip, vflip):
    import av

    path = tagged(tmp_path / "mirror.mp4", degrees, hflip=hflip, vflip=vflip)
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        a, b, _, c, d = np.frombuffer(frame.side_data.get("DISPLAYMATRIX"), np.int32)[:5] / 65536
    # ISO 14496-12: a stored point (x, y), y down, is shown at (a x + c y, b x + d y).
    stored = quadrants()
    shown = np.empty_like(stored if abs(a) > 0.5 else stored.transpose(1, 0, 2))
    height, width = stored.shape[:2]
    ys, xs = np.mgrid[:height, :width]
    to_x, to_y = np.rint(a * xs + c * ys).astype(int), np.rint(b * xs + d * ys).astype(int)
    shown[to_y - to_y.min(), to_x - to_x.min()] = stored
    assert corner_names(first_frame(path)) == corner_names(shown)


@pytest.mark.parametrize(
    ("aspect", "size"), [(Fraction(4, 3), (85, 48)), (Fraction(1, 2), (64, 96)), (Fraction(1), (64, 48))]
)
def test_pixels_are_made_square_by_stretching_the_longer_side(tmp_path, aspect, size):
    def prepare(stream):
        stream.codec_context.sample_aspect_ratio = aspect

    path = write_video(tmp_path / "anamorphic.mkv", [quadrants()] * 3, prepare=prepare)
    image = first_frame(path)
    assert (image.shape[1], image.shape[0]) == size
    assert corner_names(image) == UPRIGHT


def test_stretching_comes_before_turning(tmp_path):
    def prepare(stream):
        stream.codec_context.sample_aspect_ratio = Fraction(3, 2)
        stream.set_display_rotation(90)

    image = first_frame(write_video(tmp_path / "both.mp4", [quadrants()] * 3, prepare=prepare))
    assert (image.shape[1], image.shape[0]) == (48, 96)
    assert corner_names(image) == corner_names(np.rot90(quadrants()))


def test_an_impossible_pixel_shape_is_ignored_and_noted():
    import av

    frame = av.VideoFrame.from_ndarray(quadrants())
    upright = Upright(frame, Fraction(1, 500))
    assert (upright.width, upright.height) == (64, 48)
    assert "impossible pixel shape" in upright.notes[0]


@pytest.mark.parametrize(
    ("codec", "pix_fmt"),
    [
        ("libx264", "yuv444p"),
        ("libx264", "yuv420p10le"),
        ("libx264", "yuvj420p"),
        ("ffv1", "gbrp10le"),
        ("ffv1", "yuv410p"),
        ("ffv1", "yuva420p"),
        ("ffv1", "yuv422p16le"),
        ("ffv1", "bgr0"),
        ("mjpeg", "yuvj444p"),
        ("rawvideo", "rgb555le"),
        ("rawvideo", "uyvy422"),
    ],
)
def test_odd_pixel_formats_keep_their_colours(tmp_path, codec, pix_fmt):
    suffix = ".avi" if codec in {"rawvideo", "mjpeg"} else ".mkv"
    path = write_video(tmp_path / f"odd{suffix}", [quadrants()] * 3, codec=codec, pix_fmt=pix_fmt)
    assert corner_names(first_frame(path)) == UPRIGHT


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "suffix"),
    [
        ("ffv1", "gray", ".mkv"),
        ("png", "gray", ".mov"),
        ("png", "gray16be", ".mov"),
        ("rawvideo", "monob", ".nut"),
    ],
)
@pytest.mark.parametrize("degrees", [0, 180])
def test_grey_video_is_grey_rgb(tmp_path, codec, pix_fmt, suffix, degrees):
    ramp = np.linspace(0, 255, 64).astype(np.uint8)[None, :, None].repeat(48, axis=0).repeat(3, axis=2)
    path = tmp_path / f"grey{suffix}"
    tag = degrees if suffix == ".mov" else 0
    write_video(path, [ramp] * 3, codec=codec, pix_fmt=pix_fmt, prepare=lambda s: s.set_display_rotation(tag))
    image = first_frame(path)
    assert (image[..., 0] == image[..., 1]).all()
    left, right = image[:, :8].mean(), image[:, -8:].mean()
    assert (left > right + 150) if tag else (right > left + 150)


def test_frames_of_another_size_are_fitted_into_the_first_without_distortion():
    import av

    upright = Upright(av.VideoFrame.from_ndarray(quadrants(64, 48)), None)
    image = upright(av.VideoFrame.from_ndarray(quadrants(32, 48)))
    assert image.shape == (48, 64, 3)
    assert corner_names(image[:, 16:48]) == UPRIGHT
    assert (image[:, :16] == 0).all()
    assert (image[:, 48:] == 0).all()
    upright(av.VideoFrame.from_ndarray(quadrants(20, 20)))
    assert len(upright.notes) == 1


@pytest.mark.parametrize("matrix", ["ITU601", "ITU709"])
@pytest.mark.parametrize("span", ["MPEG", "JPEG"])
def test_colours_follow_the_matrix_and_range_the_recording_states(matrix, span):
    import av

    rgb = av.VideoFrame.from_ndarray(quadrants())
    coded = rgb.reformat(format="yuv444p", dst_colorspace=matrix, dst_color_range=span)
    image = Upright(coded, None)(coded)
    assert np.abs(image.astype(int) - quadrants().astype(int)).max() <= 4


def test_opaque_pictures_pass_unchanged_onto_white():
    rgba = np.dstack([quadrants(), np.full((48, 64), 255, np.uint8)])
    assert (on_white(rgba) == quadrants()).all()


def test_footage_turned_by_its_tag_is_the_original_turned(footage):
    original, turned = (footage / "posture" / name for name in ("sports2d/demo4.mp4", "derived/demo4_rotmeta90.mp4"))
    expected = np.rot90(first_frame(original), 1)
    got = first_frame(turned)
    assert got.shape == (1280, 720, 3)
    assert np.abs(got.astype(int) - expected.astype(int)).mean() < 1.0
