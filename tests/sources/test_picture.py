import numpy as np
import pytest
from PIL import Image

from posture_check.errors import InputError
from posture_check.sources import open_source
from tests.sources.media import corner_names, quadrants


def read(path):
    with open_source(path) as source:
        frames = list(source)
    assert len(frames) == 1
    frame = frames[0]
    assert (frame.index, frame.time_s) == (0, 0.0)
    assert frame.image.dtype == np.uint8
    assert frame.image.flags.c_contiguous
    assert frame.image.shape == (source.info.height, source.info.width, 3)
    return source.info, frame.image


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif", ".webp", ".ppm", ".gif"])
def test_a_picture_is_one_frame_at_time_zero(tmp_path, suffix):
    path = tmp_path / f"站姿{suffix}"
    Image.fromarray(quadrants()).save(path)
    info, image = read(path)
    assert (info.kind, info.fps, info.frames, info.duration_s, info.notes) == ("image", None, 1, 0.0, [])
    assert corner_names(image) == ("red", "green", "blue", "grey")


# How an upright picture is stored for each value of EXIF tag 274 (TIFF 6.0: the sides that row 0 and
# column 0 show).
STORED = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.transpose(1, 0, 2),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
    8: lambda a: np.rot90(a, -1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(tmp_path, orientation):
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](quadrants(64, 48))))
    exif = stored.getexif()
    exif[274] = orientation
    path = tmp_path / "phone.jpg"
    stored.save(path, exif=exif, quality=95)
    info, image = read(path)
    assert (info.width, info.height) == (64, 48)
    assert corner_names(image) == ("red", "green", "blue", "grey")


def test_16_bit_grey_keeps_its_shades(tmp_path):
    ramp = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)
    path = tmp_path / "deep.png"
    Image.fromarray(ramp).save(path)
    _, image = read(path)
    assert np.abs(image[..., 0].astype(int) - np.rint(ramp / 257).astype(int)).max() <= 1
    assert (image[..., 0] == image[..., 2]).all()


@pytest.mark.parametrize("top", [1.0, 255.0])
def test_floating_point_grey_fills_the_range(tmp_path, top):
    ramp = np.linspace(0, top, 64 * 48, dtype=np.float32).reshape(48, 64)
    path = tmp_path / "float.tif"
    Image.fromarray(ramp).save(path)
    _, image = read(path)
    assert (image.min(), image.max()) == (0, 255)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "RGBA"])
def test_every_common_mode_becomes_rgb(tmp_path, mode):
    path = tmp_path / ("p.tif" if mode == "CMYK" else "p.png")
    Image.fromarray(quadrants()).convert(mode).save(path)
    _, image = read(path)
    expected = np.asarray(Image.fromarray(quadrants()).convert(mode).convert("RGB"))
    assert np.abs(image.astype(int) - expected.astype(int)).max() <= 1


def test_transparent_parts_are_white(tmp_path):
    picture = np.dstack([quadrants(), np.full((48, 64), 255, np.uint8)])
    picture[:24, :32, 3] = 0
    picture[:24, 32:, 3] = 128
    path = tmp_path / "cut-out.png"
    Image.fromarray(picture).save(path)
    _, image = read(path)
    assert (image[5, 5] == 255).all()
    assert image[5, 40] == pytest.approx([(30 * 128 + 255 * 127) / 255, (200 * 128 + 255 * 127) / 255, 142.4], abs=1.5)
    assert (image[40, 40] == 128).all()


def test_a_jpeg_called_png_is_simply_a_picture(tmp_path):
    path = tmp_path / "photo.png"
    Image.fromarray(quadrants()).save(path, format="JPEG")
    info, _ = read(path)
    assert info.kind == "image"


def test_a_file_of_several_pictures_gives_the_first_and_says_so(tmp_path):
    pages = [Image.fromarray(quadrants()), Image.new("RGB", (64, 48))]
    path = tmp_path / "scan.tif"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    info, image = read(path)
    assert corner_names(image)[0] == "red"
    assert info.notes == ["the file holds several pictures; only the first was used"]


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_cut_short_picture_is_refused(tmp_path, suffix):
    path = tmp_path / f"half{suffix}"
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match=r"half.*: damaged or cut short .* copy it again"):
        open_source(path)


def test_a_tiny_picture_is_refused(tmp_path):
    path = tmp_path / "dot.png"
    Image.new("RGB", (15, 400)).save(path)
    with pytest.raises(InputError, match=r"dot.png: too small \(15x400 pixels\)"):
        open_source(path)


def test_a_heic_picture_is_named_as_such(tmp_path):
    path = tmp_path / "IMG_1.heic"
    path.write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200))
    with pytest.raises(InputError, match=r"IMG_1.heic: HEIC picture that cannot be read here .* JPEG"):
        open_source(path)


def test_a_picture_is_read_once(tmp_path):
    path = tmp_path / "p.png"
    Image.fromarray(quadrants()).save(path)
    with open_source(path) as source:
        list(source)
        with pytest.raises(RuntimeError, match="read once"):
            iter(source)
