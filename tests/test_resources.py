from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from posture_check import resources
from posture_check.errors import InputError

ROOT = Path(__file__).resolve().parent.parent


def test_a_checkout_uses_the_files_at_its_root() -> None:
    assert resources.rules_path() == ROOT / "rules.yaml"
    assert resources.models_dir() == ROOT / "models"


def test_a_file_that_is_not_there_is_told_in_one_line() -> None:
    with pytest.raises(InputError, match=r"nothing\.yaml: missing from this installation .*install"):
        resources.resource_path("nothing.yaml")


@pytest.mark.slow
def test_the_wheel_carries_rules_and_models(tmp_path: Path) -> None:
    """Build the wheel, install it apart from the checkout, and use it there."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("posture_check-*.whl")
    site = tmp_path / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], check=True)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    ask = (
        "import json, posture_check, posture_check.resources as r, posture_check.landmarks.bundle as b;"
        "print(json.dumps([posture_check.__file__, str(r.rules_path()), str(r.models_dir()), "
        "sorted(b.load_manifest().models)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    package, rules, models, names = json.loads(done.stdout)
    assert Path(package).is_relative_to(site)
    assert Path(rules).read_bytes() == (ROOT / "rules.yaml").read_bytes()
    assert Path(rules).is_relative_to(site)
    shipped = {path.name for path in Path(models).iterdir()}
    assert shipped >= {path.name for path in (ROOT / "models").iterdir()}
    assert names == ["face", "hand", "pose", "selfie"]
    script = subprocess.run(
        [str(site / "bin" / "posture-check"), "rules", "validate"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert script.returncode == 0, script.stderr
