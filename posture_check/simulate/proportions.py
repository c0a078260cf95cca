"""How long each part of the simulated body is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proportions:
    """Heights and lengths as fractions of stature.

    Joint heights and segment lengths are those of Drillis & Contini (1966), *Body Segment Parameters*, as
    tabulated in Winter, *Biomechanics and Motor Control of Human Movement*, figure 4.1: ankle 0.039, knee
    0.285, hip 0.530, shoulder 0.818, eye 0.936; upper arm 0.186, forearm 0.146, hand 0.108, foot 0.152. Their
    widths (shoulders 0.259, hips 0.191) are those of the bones' outer edges; the joint centres, which
    landmarks stand for, lie at 0.80 and 0.60 of them. What the table does not give (shoe, face) was measured
    on rendered people.

    Attributes
    ----------
    ankle, knee, hip, shoulder, eye
        Heights of the joints of a person standing straight.
    shoulder_half, hip_half
        Joint centre to midline.
    upper_arm, forearm, hand, foot
        Lengths; the hand to the tip of the middle finger, the foot to the tip of the toes.
    ankle_ahead
        Ankle ahead of the rearmost point of the heel.
    heel_width, toe_width
        Width of the shoe at the heel, and what the shoe takes of the gap between two toe tips.
    upright_lean_deg
        Natural lean of the line from hip to shoulder joints, forward; rendered people have 0.5 to 3.2
        degrees.
    """

    ankle: float = 0.039
    knee: float = 0.285
    hip: float = 0.530
    shoulder: float = 0.818
    eye: float = 0.936
    shoulder_half: float = 0.104
    hip_half: float = 0.057
    upper_arm: float = 0.186
    forearm: float = 0.146
    hand: float = 0.108
    foot: float = 0.152
    ankle_ahead: float = 0.041
    heel_width: float = 0.0355
    toe_width: float = 0.030
    upright_lean_deg: float = 2.0

    @property
    def thigh(self) -> float:
        """Hip to knee."""
        return self.hip - self.knee

    @property
    def shank(self) -> float:
        """Knee to ankle."""
        return self.knee - self.ankle

    @property
    def trunk(self) -> float:
        """Hip to shoulder height."""
        return self.shoulder - self.hip
