"""Records: staff, shift sessions, checks, overrides and the audit log."""
