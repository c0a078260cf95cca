"""The audit's tables: every check of every source as one row, as CSV for people and Parquet for programs.

Both are made from ``results.jsonl`` line by line, so that the size of an audit is bounded by the disk, not
the memory.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Row = dict[str, Any]

COLUMNS: dict[str, str] = {
    "source": "string",
    "source_verdict": "string",
    "role": "string",
    "site": "string",
    "person": "int32",
    "posture": "string",
    "clause": "string",
    "rule": "string",
    "title_zh": "string",
    "title_en": "string",
    "required": "bool",
    "verdict": "string",
    "value": "float64",
    "unit": "string",
    "error": "float64",
    "limit_min": "float64",
    "limit_max": "float64",
    "reason": "string",
    "start_s": "float64",
    "end_s": "float64",
    "evidence_s": "float64",
    "alternatives": "string",
}
"""Name and Arrow type of each column; ``alternatives`` is JSON text, the rest is as in the result
contract."""

_BATCH = 10_000  # rows in memory at a time


def read_lines(results: Path) -> Iterator[Document]:
    """Yield the documents of a ``results.jsonl``; a last line cut off by a crash is left out."""
    with results.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n") and line.strip():
                yield json.loads(line)


def check_rows(document: Document) -> Iterator[Row]:
    """Yield one row per check of a document; none for a source that could not be judged."""
    for check in document.get("checks", ()):
        limit = check.get("limit") or {}
        alternatives = check.get("alternatives")
        yield {
            **{name: check.get(name) for name in COLUMNS},
            "source": document["source"]["path"],
            "source_verdict": document["verdict"],
            "role": document["settings"]["role"],
            "site": document["settings"]["site"],
            "title_zh": check["title"]["zh"],
            "title_en": check["title"]["en"],
            "limit_min": limit.get("min"),
            "limit_max": limit.get("max"),
            "alternatives": None if alternatives is None else json.dumps(alternatives),
        }


def write_tables(results: Path, out: Path) -> None:
    """Write ``checks.csv`` and ``checks.parquet`` to ``out`` from the lines of ``results``."""
    _whole(out / "checks.csv", lambda part: _write_csv(part, _rows(results)))
    _whole(out / "checks.parquet", lambda part: _write_parquet(part, _rows(results)))


def _rows(results: Path) -> Iterator[Row]:
    return (row for document in read_lines(results) for row in check_rows(document))


def _whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let a file be written beside its place and moved there when it is whole."""
    part = path.with_name(path.name + ".part")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    # With a byte order mark: spreadsheets take a CSV without one for the local code page and garble Chinese.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS))
        writer.writeheader()
        writer.writerows(rows)


def _write_parquet(path: Path, rows: Iterable[Row]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"bool": pa.bool_()} | {name: getattr(pa, name)() for name in ("string", "int32", "float64")}
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    with pq.ParquetWriter(path, schema) as writer:
        rest = iter(rows)
        while batch := list(islice(rest, _BATCH)):
            writer.write_table(pa.Table.from_pylist(batch, schema))
