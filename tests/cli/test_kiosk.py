from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest


def test_the_help_names_the_ways_to_give_a_camera(posture_check):
    told = posture_check("kiosk", "--help")
    assert told.code == 0
    for option in ("--host", "--port", "--camera", "--data-dir", "--site", "--database-url", "--tls-cert", "--open"):
        assert option in told.out
    assert "simulate:shift" in " ".join(told.out.split())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--camera", "simulate:nobody"), "nobody"),
        (("--site", "nowhere.yaml"), "nowhere.yaml"),
        (("--rules", "none.yaml"), "none.yaml"),
        (("--checklist", "none.yaml"), "none.yaml"),
        (("--tls-cert", "none.pem"), "--tls-cert none.pem: no such file"),
        (("--host", "no.such.host.invalid"), "cannot listen there"),
        (("--database-url", "nonsense"), "--database-url: not an address"),
    ],
)
def test_what_it_cannot_start_with_is_one_line(posture_check, tmp_path, arguments, why):
    told = posture_check("kiosk", "--port", 0, "--data-dir", tmp_path, *arguments)
    assert told.code == 2
    assert why in told.err
    assert len(told.err.strip().splitlines()) == 1


def test_a_taken_port_is_told(posture_check, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = posture_check("kiosk", "--port", taken.getsockname()[1], "--data-dir", tmp_path)
    assert told.code == 2
    assert "choose another --port" in told.err


def test_other_machines_need_an_administrator_first(posture_check, tmp_path):
    told = posture_check("kiosk", "--host", "0.0.0.0", "--port", 0, "--data-dir", tmp_path)
    assert told.code == 2
    assert "account add" in told.err
    assert "--tls-cert" in told.err
    assert not (tmp_path / "server.pid").exists()


def test_it_prints_its_address_answers_and_ends_with_ctrl_c(tmp_path):
    program = [sys.executable, "-m", "posture_check.cli", "kiosk", "--port", "0", "--lang", "en"]
    kiosk = subprocess.Popen(
        [*program, "--data-dir", str(tmp_path), "--camera", "simulate:shift"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    try:
        assert kiosk.stdout is not None
        line = kiosk.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line
        assert "/setup" in kiosk.stdout.readline()
        assert _answers(found[0] + "healthz")
        kiosk.send_signal(signal.SIGINT)
        _, complaints = kiosk.communicate(timeout=15)
    finally:
        kiosk.kill()
    assert kiosk.returncode in (0, 130)
    assert "Traceback" not in complaints


def _answers(address: str) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False
