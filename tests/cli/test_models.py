import pytest


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("POSTURE_CHECK_CACHE", str(tmp_path / "缓存"))


def test_list_names_every_model_and_the_folder(posture_check):
    done = posture_check("models", "list")
    assert done.code == 0
    for words in ("pose", "hand", "face", "missing", "缓存"):
        assert words in done.out


def test_verify_ends_with_1_and_the_cure_when_a_model_is_missing(posture_check):
    done = posture_check("models", "verify")
    assert done.code == 1
    assert "posture-check models install" in done.err


def test_install_from_a_file_that_is_not_there_is_bad_input(posture_check, tmp_path):
    done = posture_check("models", "install", "--from", tmp_path / "none.whl")
    assert done.code == 2
    assert "none.whl: no such file" in done.err
