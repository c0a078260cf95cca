"""The model store, on a tiny wheel that the real pip fetches from a folder, and (slow) on the real one."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from posture_check.errors import ModelError
from posture_check.landmarks import fetch
from posture_check.landmarks.bundle import Manifest, load_manifest, pack
from posture_check.landmarks.fetch import fetch_wheel
from posture_check.landmarks.store import CACHE_VARIABLE, ModelStore, default_cache_dir

NETWORKS = {
    f"mediapipe/modules/{name}.tflite": name.encode() * 500
    for name in ("pose_a", "pose_b", "hand_a", "hand_b", "selfie")
}


def write_wheel(path: Path, networks: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in networks.items():
            wheel.writestr(name, content)
        wheel.writestr(
            "mediapipe-0.10.21.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: mediapipe\nVersion: 0.10.21\n",
        )
        wheel.writestr(
            "mediapipe-0.10.21.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-any\n",
        )
    return path


@pytest.fixture(scope="session")
def tiny() -> Manifest:
    """Return a manifest of five small files in place of the networks."""

    def part(member: str) -> dict[str, str]:
        path = f"mediapipe/modules/{member}.tflite"
        return {"member": path, "sha256": hashlib.sha256(NETWORKS[path]).hexdigest()}

    models = {
        kind: {
            "kind": kind,
            "file": f"{kind}.task",
            "about": "tiny",
            "parts": {
                f"{kind}_detector.tflite": part(f"{kind}_a"),
                f"{kind}_landmarks_detector.tflite": part(f"{kind}_b"),
            },
        }
        for kind in ("pose", "hand")
    }
    selfie = {"kind": "segmenter", "file": "selfie.tflite", "about": "tiny"}
    models["selfie"] = {**selfie, "parts": {"selfie.tflite": part("selfie")}}
    real = load_manifest().model_dump(by_alias=True)
    return Manifest.model_validate({**real, "download_bytes": 4000, "models": models})


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tiny wheel, for pip to find."""
    folder = tmp_path_factory.mktemp("shelf")
    write_wheel(folder / "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl", NETWORKS)
    return folder


def cut_off(monkeypatch: pytest.MonkeyPatch, find_links: Path) -> None:
    """Leave pip nothing but one folder."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(find_links))


@pytest.fixture
def store(tiny: Manifest, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """Return an empty store that can fetch the tiny wheel, and nothing else."""
    cut_off(monkeypatch, shelf)
    return ModelStore(tmp_path / "cache", tiny)


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pip find nothing at all."""
    (tmp_path / "nothing").mkdir()
    cut_off(monkeypatch, tmp_path / "nothing")


def states(store: ModelStore) -> dict[str, str]:
    return {status.name: status.state for status in store.verify()}


def leftovers(store: ModelStore) -> set[str]:
    expected = {"pose.task", "hand.task", "selfie.tflite", "manifest.json", ".lock"}
    return {path.name for path in store.folder.iterdir()} - expected


def test_first_use_fetches_builds_and_tells_how_far_it_is(store: ModelStore) -> None:
    assert set(states(store).values()) == {"missing"}
    told: list[tuple[str, float]] = []
    path = store.ensure("pose", lambda step, part: told.append((step, part)))
    with zipfile.ZipFile(path) as bundle:
        assert bundle.read("pose_detector.tflite") == NETWORKS["mediapipe/modules/pose_a.tflite"]
        assert {info.compress_type for info in bundle.infolist()} == {zipfile.ZIP_STORED}
    fractions = [part for _, part in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert states(store) == {"pose": "ok", "hand": "ok", "selfie": "ok"}
    assert not leftovers(store)


def test_second_use_needs_no_network_and_says_nothing(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store.bytes("hand")
    cut_off(monkeypatch, tmp_path)
    again = ModelStore(tmp_path / "cache", store.third_party)
    told: list[str] = []
    assert again.bytes("hand", lambda step, part: told.append(step)) == first
    assert again.sha256("hand") == hashlib.sha256(first).hexdigest()
    assert not told


def _use(folder: Path, manifest: Manifest, results: multiprocessing.Queue[tuple[str, bool]]) -> None:
    steps: list[str] = []
    store = ModelStore(folder, manifest)
    digest = store.ensure("pose", lambda step, part: steps.append(step)).read_bytes()
    results.put((hashlib.sha256(digest).hexdigest(), "building done" in steps))


@pytest.mark.slow
def test_programs_that_start_at_once_share_one_fetch(store: ModelStore, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    programs = [context.Process(target=_use, args=(tmp_path / "cache", store.third_party, results)) for _ in range(3)]
    for program in programs:
        program.start()
    answers = [results.get(timeout=60) for _ in programs]
    for program in programs:
        program.join(timeout=60)
    assert {digest for digest, _ in answers} == {store.sha256("pose")}
    assert sum(built for _, built in answers) == 1
    assert not leftovers(store)


def test_a_program_killed_while_it_holds_the_store_does_not_block_the_next(store: ModelStore) -> None:
    store.folder.mkdir(parents=True)
    lock = str(store.folder / ".lock")
    hold = f"import filelock, time; filelock.FileLock({lock!r}).acquire(); print(flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    holder.kill()
    holder.communicate()
    assert store.ensure("pose").is_file()


def _truncate(store: ModelStore) -> None:
    path = store.folder / "pose.task"
    path.write_bytes(path.read_bytes()[:100])


def _flip(store: ModelStore) -> None:
    path = store.folder / "pose.task"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _delete(store: ModelStore) -> None:
    (store.folder / "pose.task").unlink()


def _spoil_record(store: ModelStore) -> None:
    (store.folder / "manifest.json").write_text('{"pose": 3', encoding="utf-8")


@pytest.mark.parametrize("damage", [_truncate, _flip, _delete, _spoil_record])
def test_a_damaged_cache_is_noticed_and_heals(store: ModelStore, damage) -> None:
    good = store.bytes("pose")
    damage(store)
    assert states(store)["pose"] in {"damaged", "missing"}
    assert store.bytes("pose") == good
    assert set(states(store).values()) == {"ok"}


def test_a_new_recipe_makes_the_old_bundles_stale(store: ModelStore, tmp_path: Path) -> None:
    store.ensure("pose")
    recipe = store.third_party.model_dump(by_alias=True)
    recipe["models"]["pose"]["parts"]["pose_extra.tflite"] = recipe["models"]["selfie"]["parts"]["selfie.tflite"]
    newer = ModelStore(tmp_path / "cache", Manifest.model_validate(recipe))
    assert states(newer)["pose"] == "damaged"
    with zipfile.ZipFile(newer.ensure("pose")) as bundle:
        assert "pose_extra.tflite" in bundle.namelist()


@pytest.mark.usefixtures("offline")
def test_no_network_and_no_cache_is_one_line_with_the_cure(tiny: Manifest, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        ModelStore(tmp_path / "cache", tiny).ensure("pose")
    message = str(caught.value)
    assert "\n" not in message
    assert "posture-check models install --from" in message
    assert "pip download --no-deps" in message
    assert "mediapipe==0.10.21" in message


@pytest.mark.usefixtures("offline")
def test_a_wheel_in_hand_needs_no_network_whatever_its_platform(tiny: Manifest, shelf: Path, tmp_path: Path) -> None:
    other = shutil.copy(next(shelf.iterdir()), tmp_path / "mediapipe-0.10.21-cp312-cp312-win_amd64.whl")
    store = ModelStore(tmp_path / "cache", tiny)
    assert store.install(Path(other)) == ["pose", "hand", "selfie"]
    assert set(states(store).values()) == {"ok"}


def test_a_wrong_wheel_is_refused_and_changes_nothing(store: ModelStore, tmp_path: Path) -> None:
    good = store.bytes("pose")
    changed = {**NETWORKS, "mediapipe/modules/hand_b.tflite": b"another network"}
    lacking = {name: content for name, content in NETWORKS.items() if "selfie" not in name}
    text = tmp_path / "text.whl"
    text.write_text("no wheel", encoding="utf-8")
    for wheel, complaint in (
        (write_wheel(tmp_path / "changed.whl", changed), "not the expected network"),
        (write_wheel(tmp_path / "lacking.whl", lacking), "holds no mediapipe/modules/selfie"),
        (text, "not a wheel of mediapipe"),
        (tmp_path / "absent.whl", "no such file"),
    ):
        with pytest.raises(ModelError, match=complaint) as caught:
            store.install(wheel)
        assert str(caught.value).startswith(str(wheel))
    assert store.bytes("pose") == good


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    """Return a file that looks like an official pose bundle."""
    path = tmp_path / "pose_landmarker_heavy.task"
    path.write_bytes(pack({"pose_detector.tflite": b"d" * 99, "pose_landmarks_detector.tflite": b"l" * 99}))
    return path


def test_an_official_bundle_is_kept_under_its_name(store: ModelStore, heavy: Path) -> None:
    assert store.install(heavy) == ["pose_landmarker_heavy"]
    assert store.bytes("pose_landmarker_heavy") == heavy.read_bytes()
    assert store.kind("pose_landmarker_heavy") == "pose"
    assert states(store)["pose_landmarker_heavy"] == "ok"
    store.ensure("pose")  # fetching the standard ones leaves it alone
    assert states(store)["pose_landmarker_heavy"] == "ok"


def test_a_bundle_put_into_the_folder_is_used(store: ModelStore, heavy: Path) -> None:
    store.ensure("pose")
    shutil.copy(heavy, store.folder)
    assert store.bytes("pose_landmarker_heavy") == heavy.read_bytes()


def test_a_damaged_installed_bundle_is_told_not_used(store: ModelStore, heavy: Path) -> None:
    store.install(heavy)
    (store.folder / heavy.name).write_bytes(b"x")
    assert states(store)["pose_landmarker_heavy"] == "damaged"
    with pytest.raises(ModelError, match=r"install --from pose_landmarker_heavy\.task"):
        store.ensure("pose_landmarker_heavy")


def test_files_that_are_no_bundle_are_refused(store: ModelStore, tmp_path: Path, heavy: Path) -> None:
    (tmp_path / "text.task").write_text("no bundle", encoding="utf-8")
    (tmp_path / "other.task").write_bytes(pack({"something.tflite": b"x"}))
    for name in ("text.task", "other.task"):
        with pytest.raises(ModelError, match="not a pose, hand or face"):
            store.install(tmp_path / name)
    with pytest.raises(ModelError, match="standard model: rename"):
        store.install(heavy.rename(tmp_path / "pose.task"))


def test_an_unknown_name_is_answered_with_those_there_are(store: ModelStore) -> None:
    with pytest.raises(ModelError, match=r"'elbow': unknown \(there are: pose, hand, selfie\)"):
        store.ensure("elbow")


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tiny: Manifest, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ModelError, match=f"cannot be written .* set {CACHE_VARIABLE}"):
        ModelStore(tmp_path / "file", tiny).ensure("pose")


def test_the_environment_chooses_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    assert ModelStore().folder == tmp_path / "models"
    monkeypatch.delenv(CACHE_VARIABLE)
    assert default_cache_dir().name == "posture-check"


def test_an_environment_without_pip_uses_the_one_that_python_brings(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_spec = fetch.importlib.util.find_spec
    monkeypatch.setattr(fetch.importlib.util, "find_spec", lambda name: None if name == "pip" else find_spec(name))
    if find_spec("ensurepip") is None:
        with pytest.raises(ModelError, match="pip is missing"):
            store.ensure("pose")
    else:
        assert store.ensure("pose").is_file()


def test_stopping_a_fetch_leaves_nothing_behind(store: ModelStore) -> None:
    def stop(step: str, part: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.ensure("pose", stop)
    assert set(states(store).values()) == {"missing"}
    assert store.ensure("pose").is_file()


@pytest.mark.slow
def test_the_real_wheel_gives_bundles_that_see_a_person(
    tmp_path_factory: pytest.TempPathFactory, examples: Path
) -> None:
    import av
    import mediapipe as mp
    from mediapipe.tasks.metadata import schema_py_generated as schema
    from mediapipe.tasks.python import BaseOptions, vision

    folder = tmp_path_factory.mktemp("real")
    wheel = fetch_wheel(load_manifest(), folder, lambda step, part: None)
    store = ModelStore(folder / "cache")
    store.install(wheel)
    again = ModelStore(folder / "again")
    again.install(wheel)
    assert [s.sha256 for s in store.verify()] == [s.sha256 for s in again.verify()]

    with zipfile.ZipFile(store.ensure("pose")) as bundle:
        network = schema.Model.GetRootAs(bundle.read("pose_landmarks_detector.tflite"), 0)
    assert network.Metadata(network.MetadataLength() - 1).Name() == b"TFLITE_METADATA"

    with av.open(str(examples / "standing-v.mp4")) as video:
        frames = [frame.to_ndarray(format="rgb24") for frame, _ in zip(video.decode(video=0), range(3), strict=False)]
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=store.bytes("pose")),
        running_mode=vision.RunningMode.VIDEO,
    )
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        for index, frame in enumerate(frames):
            picture = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame)
            seen = landmarker.detect_for_video(picture, index * 33)
    (person,) = seen.pose_landmarks
    nose, heel = person[0], person[29]
    assert heel.y - nose.y > 0.4
    assert min(nose.visibility, heel.visibility) > 0.5
    for kind, task, build in (
        ("hand", vision.HandLandmarker, vision.HandLandmarkerOptions),
        ("face", vision.FaceLandmarker, vision.FaceLandmarkerOptions),
    ):
        with task.create_from_options(build(base_options=BaseOptions(model_asset_buffer=store.bytes(kind)))) as model:
            model.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=frames[0]))
