"""Audit: many recordings in one run, a line per source, tables and a report at the end."""

from __future__ import annotations

from posture_check.audit.run import AuditSummary, run_audit

__all__ = ["AuditSummary", "run_audit"]
