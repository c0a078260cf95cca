"""Records: staff, shift sessions, checks, overrides and the audit log."""

from posture_check.store.errors import StoreError
from posture_check.store.store import Store, open_store

__all__ = ["Store", "StoreError", "open_store"]
