"""How a person sits: the place on the seat, trunk, legs, hands, restlessness, sitting down and rising."""

from posture_check.measures.sitting import hands, head, jitter, legs, seat, transitions, trunk

__all__ = ["hands", "head", "jitter", "legs", "seat", "transitions", "trunk"]
