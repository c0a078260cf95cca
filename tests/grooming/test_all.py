"""One command trains every model, each by a program of its own, and says what is missing."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from posture_check.errors import InputError
from posture_check.grooming.train import all as module
from posture_check.grooming.train.all import MODELS, train


@pytest.fixture
def small(tmp_path):
    """Return a footage folder of one picture."""
    (tmp_path / "grooming").mkdir()
    cv2.imwrite(str(tmp_path / "grooming" / "a.png"), np.zeros((20, 20, 3)))
    (tmp_path / "grooming" / "manifest.jsonl").write_text(json.dumps({"path": "a.png", "train_ok": True}) + "\n")
    return tmp_path


@pytest.fixture
def equipped(monkeypatch):
    """Have everything installed that trains."""
    monkeypatch.setattr(module, "find_spec", lambda _name: object())


@pytest.mark.parametrize("command", MODELS.values(), ids=MODELS)
def test_every_model_has_a_program_that_trains_it(command):
    """The module is there and can be run; it is read, not imported: what trains need not be installed."""
    path = Path(__file__).parents[2] / (command[0].replace(".", "/") + ".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert any(isinstance(node, ast.If) and "__main__" in ast.unparse(node.test) for node in tree.body)
    assert {"{footage}", "{out}"} <= set(command)


def test_each_is_run_with_its_folders(small, equipped, monkeypatch, capfd):
    (small / "out").mkdir()
    (small / "teach.py").write_text(
        "import sys, pathlib\n"
        "footage, out, work, name = sys.argv[1:]\n"
        "assert pathlib.Path(work).is_dir()\n"
        "assert (pathlib.Path(footage) / 'grooming').is_dir()\n"
        "pathlib.Path(out, name).write_text(name)\n"
    )
    places = ("{footage}", "{out}", "{work}")
    monkeypatch.setattr(module, "MODELS", {name: ("teach", *places, name) for name in ("one", "two")})
    monkeypatch.setenv("PYTHONPATH", str(small))
    told = []
    train(small, small / "out", ["two"], told.append)
    assert [path.name for path in (small / "out").iterdir()] == ["two"]
    train(small, small / "out", None, told.append)
    assert told == ["training two", "training one", "training two"]


def test_a_training_that_fails_stops_the_rest(small, equipped, monkeypatch, capfd):
    monkeypatch.setattr(module, "MODELS", {"one": ("no_such_module",), "two": ("this",)})
    with pytest.raises(InputError, match=r"training one: failed \(exit code 1\)"):
        train(small, small)
    assert "Zen" not in capfd.readouterr().out


def test_what_is_missing_is_said_with_its_cure(small, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(InputError, match=r"'torch' is missing.*pip install 'posture-check\[train,train-net\]'"):
        train(small, small)
    with pytest.raises(InputError, match=r"--only wig: not known: choose from hair, "):
        train(small, small, ["wig"])
    with pytest.raises(InputError, match="no such folder"):
        train(small, small / "gone")
    with pytest.raises(InputError, match="no footage"):
        train(small / "grooming" / "x", small)
