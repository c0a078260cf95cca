from posture_check.doctor import Finding


def test_doctor_shows_each_finding_with_its_cure(posture_check, monkeypatch):
    findings = [Finding("python", "ok", "3.12"), Finding("models", "warning", "pose missing", "install them")]
    monkeypatch.setattr("posture_check.doctor.examine", lambda: findings)
    done = posture_check("doctor")
    assert done.code == 0
    for words in ("✓", "python", "~", "pose missing", "→ install them"):
        assert words in done.out


def test_doctor_ends_with_1_when_nothing_can_be_judged(posture_check, monkeypatch):
    finding = Finding("system libraries", "error", "missing libEGL.so.1", "apt-get install libegl1")
    monkeypatch.setattr("posture_check.doctor.examine", lambda: [finding])
    done = posture_check("doctor")
    assert done.code == 1
    assert "✗" in done.out
