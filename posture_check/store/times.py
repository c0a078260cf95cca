"""Times of the records: kept in UTC, always aware; the day is the site's own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite knows no zones, so it gets and gives bare ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be recorded: {value}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Make aware in UTC on the way out."""
        if value is None:
            return None
        assert isinstance(value, datetime)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now_utc() -> datetime:
    """Return the time now."""
    return datetime.now(UTC)


def local_time(when: datetime, timezone: str | None) -> datetime:
    """Return a time as the site's clocks show it.

    Parameters
    ----------
    when
        Aware time.
    timezone
        Name such as ``Asia/Shanghai``; None is the machine's own zone.
    """
    return when.astimezone(ZoneInfo(timezone) if timezone else None)


def local_day(when: datetime, timezone: str | None) -> date:
    """Return the site's day at a time."""
    return local_time(when, timezone).date()
