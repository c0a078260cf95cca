import json
import subprocess
import sys

import av
import pytest

from posture_check.landmarks.store import ModelStore
from posture_check.rules.result import EXIT_CODES, Verdict
from tests.conftest import ROOT


@pytest.mark.slow
def test_a_recording_goes_through_the_real_models_quietly(posture_check, examples, tmp_path):
    if any(status.state != "ok" for status in ModelStore().verify()):
        pytest.skip("the landmark models are not installed: posture-check models install")
    out, track = tmp_path / "out.mp4", tmp_path / "track.npz"
    command = [sys.executable, "-m", "posture_check.cli", "check", examples / "hands-on-hips.mp4", "--role", "B"]
    done = subprocess.run(
        [*command, "--json", "--annotate", out, "--track", track], capture_output=True, check=False, cwd=ROOT
    )
    document = json.loads(done.stdout)
    assert done.stderr == b"", "nothing of the models' own log lines may reach the user"
    assert done.returncode == EXIT_CODES[Verdict(document["verdict"])]
    assert document["verdict"] != "pass"
    with av.open(str(out)) as container:
        assert sum(1 for _ in container.decode(video=0)) == document["source"]["frames"] == 93
    again = json.loads(posture_check("check", track, "--role", "B", "--json").out)
    assert again == document
