"""Walking: strides, arm swing, steps, and how the body is carried meanwhile."""

from posture_check.measures.gait import carriage, path, steps, strides, swing

__all__ = ["carriage", "path", "steps", "strides", "swing"]
