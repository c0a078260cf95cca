"""The model store: fetches the landmark models once, checks them, keeps them in the user's cache.

The networks come from one pinned wheel on the package index (see ``models/third_party.json``), because the
releases of MediaPipe that we run carry none and the vendor's download host cannot be reached from every
site. Each network's SHA-256 is checked, the bundles are built (``bundle.py``), and their hashes are written
beside them, so that a damaged cache is noticed and mended.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from posture_check.errors import ModelError
from posture_check.landmarks.bundle import BUILD, Manifest, build_from_wheel, bundle_kind, load_manifest
from posture_check.landmarks.fetch import fetch_wheel

Progress = Callable[[str, float], None]
"""Called with the step in words and the finished fraction of the whole, 0 to 1."""

CACHE_VARIABLE = "POSTURE_CHECK_CACHE"
"""Environment variable that names another cache folder."""

_RECORD = "manifest.json"
_LOCK = ".lock"
_LOCK_TIMEOUT_S = 900.0  # longer than fetching 36 MB over a poor line takes
_FETCH_SHARE = 0.8  # of the progress bar


def default_cache_dir() -> Path:
    """Return the cache folder: ``$POSTURE_CHECK_CACHE``, else the user's cache directory."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("posture-check", appauthor=False))


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What is known about one model of the store.

    Attributes
    ----------
    name
        Name to ask for it by.
    kind
        ``pose``, ``hand``, ``face`` or ``segmenter``; ``unknown`` if the file cannot be read.
    state
        ``ok``; ``missing`` (not fetched yet); ``damaged`` (the content is not what was stored).
    path
        Where it is, or will be.
    size
        Bytes, 0 when missing.
    sha256
        Hash that the file should have; None before it was first stored.
    about
        What it is and where it came from.
    """

    name: str
    kind: str
    state: Literal["ok", "missing", "damaged"]
    path: Path
    size: int
    sha256: str | None
    about: str


# The store has methods called ``bytes`` and ``list``, which hide the types of those names in its class body.
Content = bytes
Names = list[str]
Statuses = list[ModelStatus]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the store's record: a file, the hash it was stored with, and its origin."""

    file: str
    kind: str
    sha256: str
    origin: str


class ModelStore:
    """Landmark models by name, fetched on first use.

    Parameters
    ----------
    cache_dir
        Folder to keep the models in; by default ``default_cache_dir()``.
    third_party
        Where the standard models come from; by default the manifest that ships with the package.

    Examples
    --------
    >>> content = ModelStore().bytes("pose")  # doctest: +SKIP
    """

    def __init__(self, cache_dir: Path | None = None, third_party: Manifest | None = None) -> None:
        self.folder = (cache_dir or default_cache_dir()) / "models"
        self.third_party = third_party or load_manifest()

    def ensure(self, name: str, progress: Progress | None = None) -> Path:
        """Return the path of a model whose content was checked, fetching it if need be.

        Parameters
        ----------
        name
            ``pose``, ``hand``, ``face``, ``selfie``, or the name of an installed bundle.
        progress
            Told about the steps of a fetch; not called when the model is there.

        Raises
        ------
        ModelError
            If the name is unknown, or the model is not there and cannot be fetched.
        """
        self._checked(name, progress)
        return self._path(name)

    def bytes(self, name: str, progress: Progress | None = None) -> Content:
        """Return the checked content of a model; as ``ensure``, without reading the file twice."""
        return self._checked(name, progress)

    def sha256(self, name: str) -> str:
        """Return the hash of a model's content, for the settings that a result states."""
        return hashlib.sha256(self.bytes(name)).hexdigest()

    def kind(self, name: str) -> str:
        """Return what a model does: ``pose``, ``hand``, ``face`` or ``segmenter``."""
        if name in self.third_party.models:
            return self.third_party.models[name].kind
        self.ensure(name)
        return self._record()[name].kind

    def install(self, from_file: Path | None = None, progress: Progress | None = None) -> Names:
        """Install models from a file, or fetch the standard ones from the package index.

        Parameters
        ----------
        from_file
            A wheel of the pinned package (any platform): installs the standard models. A ``.task`` bundle:
            is kept under its file's name, to be asked for by that name. None: fetches the wheel.
        progress
            Told about each step.

        Returns
        -------
        list of str
            Names of the models that were installed.

        Raises
        ------
        ModelError
            If the file is neither, or the wheel cannot be fetched.
        """
        if from_file is not None and not from_file.is_file():
            raise ModelError(f"{from_file}: no such file: give a mediapipe wheel or a .task bundle")
        if from_file is not None and from_file.suffix == ".task":
            with self._locked(progress):
                return [self._install_bundle(from_file)]
        with self._locked(progress):
            self._install_standard(from_file, progress)
        return list(self.third_party.models)

    def verify(self) -> Statuses:
        """Return the state of every model, having read and hashed each file; mends nothing."""
        record = self._record()
        found = [self._status(name, record.get(name)) for name in self.third_party.models]
        others = sorted(({*record} | {*self._dropped_in()}) - {*self.third_party.models})
        return found + [self._status(name, record.get(name)) for name in others]

    def list(self) -> Statuses:
        """Return every model of the store, fetched or not; the same as ``verify``."""
        return self.verify()

    def _path(self, name: str) -> Path:
        standard = self.third_party.models.get(name)
        return self.folder / (standard.file if standard else f"{name}.task")

    def _checked(self, name: str, progress: Progress | None) -> Content:
        content = self._read(name, self._record().get(name))
        if content is not None:
            return content
        with self._locked(progress):
            # Another program may have done the work while this one waited for the lock.
            content = self._read(name, self._record().get(name))
            if content is not None:
                return content
            if name not in self.third_party.models:
                self._adopt(name)
            else:
                self._install_standard(None, progress)
            return self._path(name).read_bytes()

    def _read(self, name: str, entry: _Entry | None) -> Content | None:
        """Return the content if it is what was stored, else None."""
        if entry is None or (name in self.third_party.models and entry.origin != self._origin()):
            return None
        try:
            content = self._path(name).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == entry.sha256 else None

    def _origin(self) -> str:
        """Name what the standard models are made from; a new recipe makes the old files stale."""
        recipe = self.third_party.model_dump_json()
        short = hashlib.sha256(recipe.encode()).hexdigest()[:12]
        return f"{self.third_party.package} {self.third_party.version}, recipe {short}, build {BUILD}"

    def _status(self, name: str, entry: _Entry | None) -> ModelStatus:
        path = self._path(name)
        standard = self.third_party.models.get(name)
        try:
            content = path.read_bytes()
        except OSError:  # absent, or not ours to read
            content = b""
        kind = standard.kind if standard else (entry.kind if entry else bundle_kind(content) or "unknown")
        state: Literal["ok", "missing", "damaged"]
        if not path.exists():
            state = "missing"
        elif entry is None and standard is None:
            state = "ok" if kind != "unknown" else "damaged"
        else:
            state = "ok" if self._read(name, entry) is not None else "damaged"
        return ModelStatus(
            name=name,
            kind=kind,
            state=state,
            path=path,
            size=len(content),
            sha256=entry.sha256 if entry else None,
            about=standard.about if standard else "installed by hand",
        )

    def _dropped_in(self) -> Iterator[str]:
        """Names of the bundles in the folder that the store did not build."""
        standard = {recipe.file for recipe in self.third_party.models.values()}
        return (path.stem for path in self.folder.glob("*.task") if path.name not in standard)

    def _adopt(self, name: str) -> None:
        """Take a bundle that someone put into the folder into the record, or say what is wrong."""
        path, record = self._path(name), self._record()
        if name in record:
            raise ModelError(f"{path}: damaged: run 'posture-check models install --from {path.name}' again")
        if not path.is_file():
            names = ", ".join(status.name for status in self.verify())
            raise ModelError(
                f"model '{name}': unknown (there are: {names}): run 'posture-check models install --from {name}.task'"
            )
        self._record_bundle(name, path.read_bytes(), path)

    def _install_bundle(self, file: Path) -> str:
        name = file.stem
        if name in self.third_party.models:
            raise ModelError(f"{file}: '{name}' is the name of a standard model: rename the file")
        content = file.read_bytes()
        if bundle_kind(content) is None:
            raise ModelError(f"{file}: not a pose, hand or face .task bundle, or damaged: fetch it again")
        self._write(self._path(name), content)
        self._record_bundle(name, content, file)
        return name

    def _record_bundle(self, name: str, content: Content, file: Path) -> None:
        kind = bundle_kind(content)
        if kind is None:
            raise ModelError(f"{file}: not a pose, hand or face .task bundle, or damaged: fetch it again")
        entry = _Entry(f"{name}.task", kind, hashlib.sha256(content).hexdigest(), file.name)
        self._write_record({**self._record(), name: entry})

    def _install_standard(self, wheel: Path | None, progress: Progress | None) -> None:
        tell = progress or _silent
        with tempfile.TemporaryDirectory(prefix="posture-check-") as scratch:
            start = 0.0
            if wheel is None:
                wheel = fetch_wheel(self.third_party, Path(scratch), lambda step, part: tell(step, _FETCH_SHARE * part))
                start = _FETCH_SHARE
            built = build_from_wheel(wheel, self.third_party, lambda step, part: tell(step, start + (1 - start) * part))
        record = self._record()
        for name, content in built.items():
            recipe = self.third_party.models[name]
            self._write(self.folder / recipe.file, content)
            digest = hashlib.sha256(content).hexdigest()
            record[name] = _Entry(recipe.file, recipe.kind, digest, self._origin())
        self._write_record(record)

    def _record(self) -> dict[str, _Entry]:
        """Return the store's record; an absent or unreadable one counts as empty."""
        try:
            raw = json.loads((self.folder / _RECORD).read_text(encoding="utf-8"))
            return {name: _Entry(**entry) for name, entry in raw.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _write_record(self, record: dict[str, _Entry]) -> None:
        text = json.dumps({name: asdict(entry) for name, entry in sorted(record.items())}, indent=2)
        self._write(self.folder / _RECORD, text.encode())

    def _write(self, path: Path, content: Content) -> None:
        """Write so that a reader sees the old content or the new, never a part."""
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise

    @contextmanager
    def _locked(self, progress: Progress | None) -> Iterator[None]:
        """Let one program at a time change the folder.

        Raises
        ------
        ModelError
            If the folder cannot be written, or the other program does not finish.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / _LOCK)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                (progress or _silent)("waiting for another program that fetches the models", 0.0)
                lock.acquire(timeout=_LOCK_TIMEOUT_S)
        except Timeout:
            raise ModelError(f"{self.folder}: held by another program: end it, then try again") from None
        except OSError as error:
            raise ModelError(
                f"{self.folder}: cannot be written ({error.strerror}): "
                f"make it writable, or set {CACHE_VARIABLE} to another folder"
            ) from error
        try:
            yield
        finally:
            lock.release()


def _silent(step: str, fraction: float) -> None:
    """Tell nobody."""
