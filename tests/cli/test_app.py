import os
import subprocess
import sys

import pytest

from posture_check import __version__
from posture_check.cli import app as module
from posture_check.errors import InputError
from tests.conftest import ROOT

HEAVY = frozenset(
    ("mediapipe", "cv2", "av", "scipy", "sklearn", "onnxruntime", "numpy", "rich", "PIL", "pyarrow", "ruamel")
)

HELP = """
import sys
sys.argv = ["posture-check", {arguments}]
from posture_check.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *sorted(name for name in sys.modules if "." not in name))
"""


def loaded(*arguments):
    script = HELP.format(arguments=", ".join(map(repr, arguments)))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_the_first_help_loads_nothing_heavy(arguments):
    assert not loaded(*arguments) & (HEAVY | {"pydantic", "platformdirs", "asyncio"})


@pytest.mark.parametrize("arguments", [("check", "--help"), ("rules", "list", "--help"), ("audit", "--help")])
def test_the_help_of_a_command_loads_nothing_heavy_of_ours(arguments):
    """The command-line framework itself may load pydantic to read a command's parameters."""
    assert not loaded(*arguments) & HEAVY


@pytest.mark.skipif(os.name == "nt", reason="os.times() does not count child processes on Windows")
def test_help_takes_less_than_0_4_seconds_of_work():
    """Processor time of the best of three runs: wall time says more about what else the machine does."""
    costs = []
    for _ in range(3):
        before = os.times()
        subprocess.run([sys.executable, "-m", "posture_check.cli", "--help"], capture_output=True, check=True, cwd=ROOT)
        after = os.times()
        costs.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(costs) < 0.4


def test_help_names_every_command_and_the_exit_codes(posture_check):
    done = posture_check("--help")
    assert done.code == 0
    for name in ("check", "audit", "rules", "models", "calibrate", "doctor", "0 pass, 1 fail, 3 incomplete"):
        assert name in done.out


def test_version(posture_check):
    assert posture_check("--version").out == f"posture-check {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("chekc",),
        ("check",),
        ("check", "a.mp4", "--role", "C"),
        ("check", "a.mp4", "--nonsense"),
        ("audit", "x"),
    ],
)
def test_bad_usage_ends_with_2_and_prints_nothing_on_stdout(posture_check, arguments):
    done = posture_check(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert done.err


@pytest.fixture
def failing(monkeypatch):
    """Make a command raise what we like, once the arguments have been read."""

    def install(error):
        def fail(**_):
            raise error

        monkeypatch.setattr("posture_check.doctor.examine", lambda: fail())

    return install


def test_bad_input_is_one_line_whatever_the_message_holds(posture_check, failing):
    failing(InputError("a\nb.mp4: not a video:\n  do something"))
    done = posture_check("doctor")
    assert (done.code, done.out) == (2, "")
    assert done.err == "posture-check: a b.mp4: not a video: do something\n"


def test_ctrl_c_ends_quietly_with_130(posture_check, failing):
    failing(KeyboardInterrupt())
    assert posture_check("doctor") == type(posture_check("doctor"))(130, "", "")


def test_ctrl_c_that_a_compiled_import_turns_into_an_error_of_its_own_is_ctrl_c(posture_check, failing):
    surfaced = ImportError("initialization failed")
    surfaced.__cause__ = KeyboardInterrupt()
    failing(surfaced)
    done = posture_check("doctor")
    assert (done.code, done.out, done.err) == (130, "", "")


@pytest.mark.parametrize("error", [ValueError("x"), RuntimeError("x"), OSError("x"), ZeroDivisionError()])
def test_a_fault_of_our_own_is_never_taken_for_a_verdict(posture_check, failing, error):
    failing(error)
    done = posture_check("doctor")
    assert done.code == module.CRASHED
    assert "Traceback" in done.err
    assert "please report" in done.err
