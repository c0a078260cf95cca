"""How a person sits: the place on the seat, trunk, legs, hands, restlessness, sitting down and rising."""

from posture_check.measures.sitting import hands, jitter, legs, seat, transitions, trunk

__all__ = ["hands", "jitter", "legs", "seat", "transitions", "trunk"]
