from __future__ import annotations

import os

import pytest

from posture_check.errors import InputError
from posture_check.landmarks import native
from posture_check.landmarks.native import SHOW_LOGS_VARIABLE, quiet_native_logs, require_system_libraries

NOISE = b"W0000 00:00:1795312616.845363   19878 landmark_projection_calculator.cc:81] Using NORM_RECT\n"
MORE_NOISE = b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n"
WORD = b"posture-check: 3 frames skipped\n"


def test_log_lines_are_dropped_and_words_pass(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_native_logs():
        os.write(2, NOISE + WORD + MORE_NOISE)
    os.write(2, b"after\n")
    assert capfd.readouterr().err == WORD.decode() + "after\n"


def test_after_an_exception_everything_passes(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        os.write(2, NOISE)
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"), quiet_native_logs():
        fail()
    assert capfd.readouterr().err == NOISE.decode()


def test_ctrl_c_is_no_error_that_log_lines_could_explain(capfd: pytest.CaptureFixture[str]) -> None:
    def stop() -> None:
        os.write(2, NOISE + WORD)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), quiet_native_logs():
        stop()
    assert capfd.readouterr().err == WORD.decode()


def test_it_nests(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_native_logs():
        with quiet_native_logs():
            os.write(2, NOISE + WORD)
        os.write(2, NOISE)
    assert capfd.readouterr().err == WORD.decode()


def test_the_environment_lets_all_through(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHOW_LOGS_VARIABLE, "1")
    with quiet_native_logs():
        os.write(2, NOISE)
    assert capfd.readouterr().err == NOISE.decode()


def test_it_leaves_no_descriptor_open() -> None:
    before = os.dup(2)
    os.close(before)
    for _ in range(50):
        with quiet_native_logs():
            pass
    after = os.dup(2)
    os.close(after)
    assert after == before


def test_a_missing_library_is_told_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native.sys, "platform", "linux")
    monkeypatch.setattr(native, "DEBIAN_PACKAGES", {"libc.so.6": "libc6", "libNoSuch.so.1": "libnosuch1"})
    with pytest.raises(InputError, match=r"missing system libraries libNoSuch\.so\.1: .*libnosuch1'") as caught:
        require_system_libraries()
    assert "libc6" not in str(caught.value)


def test_other_systems_need_no_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native.sys, "platform", "darwin")
    monkeypatch.setattr(native, "DEBIAN_PACKAGES", {"libNoSuch.so.1": "libnosuch1"})
    require_system_libraries()
    assert native.missing_system_libraries() == []
