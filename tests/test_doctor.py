from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posture_check import doctor
from posture_check.doctor import Finding, examine, healthy
from posture_check.landmarks import native
from posture_check.landmarks.store import ModelStore


def about(name: str, findings: list[Finding]) -> Finding:
    (finding,) = [finding for finding in findings if finding.name == name]
    return finding


def test_it_changes_nothing_and_a_bad_finding_has_a_cure(tmp_path: Path) -> None:
    findings = examine(ModelStore(tmp_path / "cache"))
    assert not (tmp_path / "cache").exists()
    for finding in findings:
        assert bool(finding.cure) == (finding.state != "ok")
        assert "\n" not in finding.detail + finding.cure
    about("mediapipe", findings)
    about("cameras", findings)


def test_models_not_fetched_yet_are_a_warning_with_the_command(tmp_path: Path) -> None:
    findings = examine(ModelStore(tmp_path / "cache"))
    missing = [finding for finding in findings if finding.name.startswith("model ")]
    assert {finding.name for finding in missing} == {"model pose", "model hand", "model face", "model selfie"}
    assert {finding.state for finding in missing} == {"warning"}
    assert {finding.cure for finding in missing} == {"run 'posture-check models install'"}


def test_a_damaged_bundle_put_in_by_hand_is_named(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "cache")
    store.folder.mkdir(parents=True)
    (store.folder / "pose_landmarker_heavy.task").write_bytes(b"x")
    finding = about("model pose_landmarker_heavy", examine(store))
    assert finding.detail.startswith("damaged")
    assert "--from pose_landmarker_heavy.task" in finding.cure


def test_a_missing_library_is_an_error_that_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native.sys, "platform", "linux")
    monkeypatch.setattr(native, "DEBIAN_PACKAGES", {"libNoSuch.so.1": "libnosuch1"})
    (finding,) = doctor._libraries()
    assert finding.state == "error"
    assert "apt-get install libnosuch1" in finding.cure
    assert not healthy([finding])


def test_an_unsupported_python_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PYTHON_RANGE", ((3, 90), (3, 92)))
    (finding,) = doctor._python()
    assert (finding.state, finding.cure) == ("error", "install Python 3.90 to 3.91")


def test_mediapipe_that_does_not_load_is_an_error_of_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe.tasks.python", None)
    (finding,) = doctor._mediapipe()
    assert finding.state == "error"
    assert "cannot be loaded" in finding.detail


def test_cameras_are_those_that_carry_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for device, name, index in (("video0", "USB Camera", "0"), ("video1", "USB Camera", "1")):
        folder = tmp_path / device
        folder.mkdir()
        (folder / "name").write_text(name + "\n", encoding="utf-8")
        (folder / "index").write_text(index + "\n", encoding="utf-8")
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor, "_VIDEO_CLASS", tmp_path)
    (finding,) = doctor._cameras()
    assert (finding.state, finding.detail) == ("ok", "0 (USB Camera)")


def test_no_camera_is_a_warning_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor, "_VIDEO_CLASS", tmp_path)
    findings = doctor._cameras()
    assert findings[0].state == "warning"
    assert healthy(findings)


def test_importing_it_loads_nothing_heavy() -> None:
    ask = "import sys, posture_check.doctor; print(*{'mediapipe', 'cv2', 'scipy', 'av'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
