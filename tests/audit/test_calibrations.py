from pathlib import Path

import pytest

from posture_check.audit.calibrations import matches, profiles_of
from posture_check.calibrate.profile import CameraProfile, Profile, save_profile
from posture_check.errors import InputError

SPECS = ["hall/a-1.mp4", "hall/a-2.mp4", "counter/b.mp4", "counter/c.png"]


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("hall", "counter"):
        camera = CameraProfile(hfov_deg=62, height_m=1.2, pitch_deg=5)
        save_profile(Profile(name=name, camera=camera), tmp_path / f"{name}.yaml")
    return tmp_path


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("table.csv", "source,calibration\nhall/*,hall.yaml\n\n# the counter\n*.mp4,counter.yaml\n"),
        ("table.csv", "\ufeffSource, Calibration\nhall/*, hall.yaml\n*.mp4, counter.yaml\n"),
        ("table.yaml", "hall/*: hall.yaml\n'*.mp4': counter.yaml\n"),
    ],
)
def test_the_first_line_that_matches_counts(folder, name, text):
    table = write(folder, name, text)
    got = {spec: path.name for spec, path in profiles_of(SPECS, table).items()}
    assert got == {"hall/a-1.mp4": "hall.yaml", "hall/a-2.mp4": "hall.yaml", "counter/b.mp4": "counter.yaml"}


def test_patterns_mean_whole_paths_file_names_and_ends_of_paths():
    assert matches("/data/hall/a.mp4", "a.mp4")
    assert matches("/data/hall/a.mp4", "hall/*.mp4")
    assert matches("/data/hall/a.mp4", "/data/*")
    assert matches("./a.mp4", "a.mp4")
    assert matches("hall\\a.mp4", "hall/*")
    assert matches("simulate:standing_v60", "simulate:*")
    assert not matches("/data/hall/a.mp4", "all/a.mp4")
    assert not matches("/data/hall/a.mp4", "A.MP4")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.csv", "source,calibration\ngone*,hall.yaml\n", r"t\.csv:2: 'gone\*' matches none of the 4 sources"),
        ("t.csv", "source,calibration\n*,none.yaml\n", r"t\.csv:2: .*none\.yaml: cannot be read"),
        ("t.csv", "a,b\n*,hall.yaml\n", r"t\.csv:1: the first line is not 'source,calibration'"),
        ("t.csv", "source,calibration\n*\n", r"t\.csv:2: 1 cells"),
        ("t.csv", "source,calibration\n*,\n", r"t\.csv:2: "),
        ("t.csv", "source,calibration\n*,hall.yaml\n*,counter.yaml\n", r"t\.csv:3: '\*' is there already, in line 2"),
        ("t.csv", "", "holds no line"),
        ("t.yaml", "", "holds no line"),
        ("t.yaml", "- a\n", "not a table"),
        ("t.yaml", "hall/*: 7\n", r"t\.yaml:1: not a pattern and a profile"),
        ("t.yaml", "*.mp4: hall.yaml\n", r"t\.yaml(:1)?: not YAML"),
        ("t.txt", "", "let its name end in .csv"),
    ],
)
def test_a_table_at_fault_is_told_in_one_line(folder, name, text, said):
    with pytest.raises(InputError, match=said) as told:
        profiles_of(SPECS, write(folder, name, text))
    assert "\n" not in str(told.value)


def test_a_table_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        profiles_of(SPECS, tmp_path / "none.csv")


def test_a_broken_profile_in_the_table_stops_the_audit_before_it_begins(folder):
    (folder / "bad.yaml").write_text("name: x\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"t\.csv:2: .*bad\.yaml: .*camera: Field required"):
        profiles_of(SPECS, write(folder, "t.csv", "source,calibration\n*,bad.yaml\n"))
