from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers

from posture_check.errors import InputError
from posture_check.landmarks.findings import Finding, Mark
from posture_check.landmarks.track import Details, Track, TrackSet, load_tracks, save_tracks
from posture_check.simulate.source import simulated_tracks
from posture_check.simulate.standing import standing
from posture_check.simulate.view import view
from posture_check.sources.frame import SourceInfo


def saved_without(path: Path, *names: str) -> Path:
    """Save a simulated track and take arrays out of the file."""
    save_tracks(path, view(standing(), duration_s=2.0).tracks())
    with np.load(path) as data:
        kept = {name: data[name] for name in data.files if not name.endswith(names)}
    np.savez(path, **kept)
    return path


def test_a_slice_counts_its_details_from_its_own_first_frame() -> None:
    details = Details.empty(5)
    details.at[:] = [0, 10, 20, 30, 40]
    details.solidity[:] = details.at
    details.shoulders[:, 0, 0] = details.at
    part = details.slice(10, 40)
    assert part.at.tolist() == [0, 10, 20]
    assert part.at.dtype == np.int32
    assert part.solidity.tolist() == part.shoulders[:, 0, 0].tolist() == [10, 20, 30]


def test_an_older_file_has_no_outline(tmp_path: Path) -> None:
    (track,) = load_tracks(saved_without(tmp_path / "old.npz", "shoulders", "solidity")).tracks
    assert len(track.details.at) == len(track.details.shoulders) == len(track.details.solidity)
    assert np.isnan(track.details.shoulders).all()
    assert np.isfinite(track.details.face).any()


def test_an_older_file_has_no_findings_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    save_tracks(tmp_path / "a.npz", view(standing(), duration_s=2.0).tracks())
    with np.load(tmp_path / "a.npz") as data:
        arrays = {name: data[name] for name in data.files}
    head = json.loads(bytes(arrays["head"]))

    def with_findings(findings: object) -> Path:
        person = {name: value for name, value in head["people"][0].items() if name != "findings"}
        people = [person if findings is None else {**person, "findings": findings}]
        arrays["head"] = np.frombuffer(json.dumps({**head, "people": people}).encode(), np.uint8)
        np.savez(tmp_path / "b.npz", **arrays)
        return tmp_path / "b.npz"

    assert load_tracks(with_findings(None)).tracks[0].findings == {}
    for broken in (["tie_worn"], {"tie_worn": 0.5}, {"tie_worn": {"frames": 1, "reason": "tired"}}):
        with pytest.raises(InputError, match="not a track file"):
            load_tracks(with_findings(broken))


def test_findings_are_kept_with_the_track_and_its_parts(tmp_path: Path) -> None:
    found = view(standing(), duration_s=2.0).tracks()
    outline = Mark("area", ((10.0, 20.5), (30.2, 20.0), (25.0, 40.1)), "region")
    findings = {
        "tie_worn": Finding(float(np.float32(0.97)), 0.2, frames=4, evidence_s=1.25, marks=(outline,)),
        "tie_tip": Finding(reason="out_of_frame"),
        "badge_worn": Finding(0.52, 0.2, "uncertain", marks=(Mark("point", ((3.0, 4.0),)),)),
        "hair_above_collar": Finding(-1.5, 0.75, marks=(Mark("line", ((0.0, 0.0), (9.9, 0.1)), "reference"),)),
    }
    (track,) = found.tracks
    track.findings = findings
    assert track.slice(3, 9).findings == track.in_step_with(track.slice(3, 9)).findings == findings
    save_tracks(tmp_path / "a.npz", found)
    assert load_tracks(tmp_path / "a.npz").tracks[0].findings == findings


def test_a_file_without_hands_is_no_track_file(tmp_path: Path) -> None:
    path = saved_without(tmp_path / "broken.npz", "hands")
    with pytest.raises(InputError, match=r"broken\.npz: not a track file"):
        load_tracks(path)


def found_in(scene: str) -> TrackSet:
    return simulated_tracks(f"simulate:{scene}?fps=5")[0]


def assert_same(one: TrackSet, other: TrackSet) -> None:
    assert one.source == other.source
    assert one.models == other.models
    assert len(one.tracks) == len(other.tracks)
    for a, b in zip(one.tracks, other.tracks, strict=True):
        assert (a.person, a.size, a.findings) == (b.person, b.size, b.findings)
        pairs = [(getattr(a, n), getattr(b, n)) for n in ("frame", "time_s", "image", "world", "noise")]
        pairs += [(getattr(a.details, f.name), getattr(b.details, f.name)) for f in fields(Details)]
        for x, y in pairs:
            assert x.dtype == y.dtype
            np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize("scene", ["standing_v60", "two_people", "no_person", "hands_behind"])
def test_tracks_come_back_as_they_were_saved(tmp_path: Path, scene: str) -> None:
    found = found_in(scene)
    found.source.path, found.source.notes = "走廊/a.mp4", ["the file is truncated: what decodes was used"]
    found.models["pose"] = "0" * 64
    save_tracks(tmp_path / "走廊.npz", found)
    assert_same(load_tracks(tmp_path / "走廊.npz"), found)
    assert [path.name for path in tmp_path.iterdir()] == ["走廊.npz"]


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=integers(0, 12), person=integers(0, 99), samples=integers(0, 5), seed=integers(0, 99))
def test_any_track_comes_back_as_it_was_saved(
    tmp_path: Path, frames: int, person: int, samples: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    details = Details.empty(min(samples, frames))
    details.at[:] = np.sort(rng.choice(max(frames, 1), len(details.at), replace=False))
    image = rng.normal(500, 200, (frames, 33, 4)).astype(np.float32)
    image[rng.random((frames, 33)) < 0.2] = np.nan
    track = Track(
        person, np.arange(frames, dtype=np.int32), np.cumsum(rng.random(frames)), image,
        rng.normal(size=(frames, 33, 3)).astype(np.float32), np.full(33, np.nan, np.float32), (640, 360), details,
    )  # fmt: skip
    found = TrackSet(SourceInfo("a", "video", 640, 360, 29.97, frames, 1.5), [track], {"pose": "x"})
    save_tracks(tmp_path / "a.npz", found)
    assert_same(load_tracks(tmp_path / "a.npz"), found)


def test_saving_anew_replaces_the_old_file_whole(tmp_path: Path) -> None:
    save_tracks(tmp_path / "a.npz", found_in("two_people"))
    save_tracks(tmp_path / "a.npz", found_in("standing_v60"))
    assert len(load_tracks(tmp_path / "a.npz").tracks) == 1


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        save_tracks(tmp_path / "taken", found_in("standing_v60"))
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_no_file_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.npz: no such file"):
        load_tracks(tmp_path / "none.npz")


@pytest.mark.parametrize("content", [b"", b"not a zip at all", b"PK\x03\x04 nearly a zip"])
def test_another_file_is_no_track_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.npz: not a track file; make it again with --track"):
        load_tracks(tmp_path / "a.npz")


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_half_a_file_is_no_track_file(tmp_path: Path, share: float) -> None:
    path = tmp_path / "a.npz"
    save_tracks(path, found_in("standing_v60"))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(InputError, match="not a track file"):
        load_tracks(path)


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_a_damaged_file_is_no_track_file(tmp_path: Path, at: float) -> None:
    path = tmp_path / "a.npz"
    save_tracks(path, found_in("standing_v60"))
    content = bytearray(path.read_bytes())
    middle = int(at * len(content))
    content[middle : middle + 400] = bytes(400)
    path.write_bytes(content)
    with pytest.raises(InputError, match="not a track file"):
        load_tracks(path)


def test_other_arrays_are_no_tracks(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", image=np.zeros(3))
    with pytest.raises(InputError, match="not a track file"):
        load_tracks(tmp_path / "a.npz")


def with_head(path: Path, **changes: object) -> Path:
    """Save a simulated track and change what the head of the file says."""
    save_tracks(path, found_in("standing_v60"))
    with np.load(path) as data:
        arrays = {name: data[name] for name in data.files}
    head = json.loads(bytes(arrays["head"])) | changes
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
    np.savez(path, **arrays)
    return path


def test_a_file_of_another_version_says_which(tmp_path: Path) -> None:
    path = with_head(tmp_path / "a.npz", format="posture-check/tracks/9")
    with pytest.raises(InputError, match=r"track format 'posture-check/tracks/9', expected 'posture-check/tracks/1'"):
        load_tracks(path)


@pytest.mark.parametrize(
    "changes",
    [{"people": 3}, {"people": [{"person": 0}]}, {"source": {"colour": "red"}}, {"source": []}, {"models": None}],
)
def test_a_head_that_makes_no_sense_is_no_track_file(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(InputError, match="not a track file"):
        load_tracks(with_head(tmp_path / "a.npz", **changes))


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", head=np.array([{"format": "posture-check/tracks/1"}], dtype=object))
    with pytest.raises(InputError, match="not a track file"):
        load_tracks(tmp_path / "a.npz")


def test_arrays_that_disagree_are_refused() -> None:
    track = found_in("standing_v60").tracks[0]
    for name in ("frame", "image", "world", "noise"):
        with pytest.raises(ValueError, match=f"track: {name} must have shape"):
            replace(track, **{name: getattr(track, name)[:-1]})


def test_a_slice_is_a_track_of_its_own() -> None:
    track = found_in("standing_v60").tracks[0]
    part = track.slice(4, 11)
    assert len(part) == 7
    assert part.time_s[0] == track.time_s[4]
    assert part.frame.tolist() == list(range(4, 11))
    np.testing.assert_array_equal(part.xy, track.xy[4:11])
    np.testing.assert_array_equal(part.visibility, track.visibility[4:11])
    assert (part.details.at >= 0).all()
    assert (part.details.at < len(part)).all()
    assert len(track.slice(5, 5)) == 0
