"""Frames with true timestamps, from pictures, videos, streams and cameras."""

from posture_check.sources.base import Options, Source
from posture_check.sources.frame import Frame, SourceInfo, SourceKind
from posture_check.sources.open import open_source, register_scheme
from posture_check.sources.paths import expand_paths
from posture_check.sources.sniff import sniff

__all__ = [
    "Frame",
    "Options",
    "Source",
    "SourceInfo",
    "SourceKind",
    "expand_paths",
    "open_source",
    "register_scheme",
    "sniff",
]
