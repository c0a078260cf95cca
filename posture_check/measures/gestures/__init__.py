"""Gestures: arms, fingers, palms, hands at the face, how far hands travel, the bow."""

from posture_check.measures.gestures import arm, face_touch, fingers, motion, palm

__all__ = ["arm", "face_touch", "fingers", "motion", "palm"]
