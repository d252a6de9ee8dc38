"""The line of JSON that stands for a check; `json_lines` asks for it.

A check's record is small, so it is made as one object, and only checks load the json module.
"""

from __future__ import annotations

import json
from math import isfinite, isnan
from typing import Any

from difftool.report.check import CheckRecord, ComparisonRecord, EntryRecord
from difftool.report.json_lines import SCHEMA_VERSION, error_line


def check_line(record: CheckRecord) -> str:
    """The record as a line of JSON, its keys in the order of `schema`, the newline included."""
    line = {
        "difftool": SCHEMA_VERSION,
        "command": record.command,
        "name": _text(record.name),
        "file": _text(record.file),
        "line": record.line,
        "expression": _text(record.expression),
        "against": _text(record.against),
        "seed": record.seed,
        "trials": record.trials,
        "passed": record.passed,
        "comparisons": list(map(_comparison, record.comparisons)),
        "notes": list(map(_text, record.notes)),
        "error": None if record.error is None else json.loads(error_line(record.error))["error"],
    }
    return json.dumps(line, allow_nan=False) + "\n"


def _comparison(comparison: ComparisonRecord) -> dict[str, Any]:
    worst = comparison.worst
    return {
        "input": _text(comparison.input),
        "shape": list(comparison.shape),
        "order": comparison.order,
        "method": comparison.method,
        "passed": comparison.passed,
        "entries": comparison.entries,
        "directions": comparison.directions,
        "failed": comparison.failed,
        "worst": None if worst is None else _entry(worst),
        "kinks": list(map(_entry, comparison.kinks)),
        "kink_count": comparison.kink_count,
        "rtol": comparison.rtol,
        "atol": comparison.atol,
        "trial": comparison.trial,
        "seed": comparison.seed,
        "notes": list(map(_text, comparison.notes)),
    }


def _entry(entry: EntryRecord) -> dict[str, Any]:
    return {
        "index": None if entry.place is None else list(entry.place),
        "analytic": _number(entry.analytic),
        "reference": _number(entry.reference),
        "absolute": _number(entry.absolute),
        "relative": _number(entry.relative),
        "uncertainty": _number(entry.uncertainty),
        "left": None if entry.left is None else _number(entry.left),
        "right": None if entry.right is None else _number(entry.right),
        "passed": entry.passed,
    }


def _number(value: float) -> float | str:
    if isfinite(value):
        return value
    return "NaN" if isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _text(text: str | None) -> str | None:
    # Half of a surrogate pair, as undecodable arguments bring it, is no character to others.
    return None if text is None else text.encode("utf-16", "surrogatepass").decode(
        "utf-16", "replace"
    )
