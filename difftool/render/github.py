"""Checks as annotations for GitHub Actions: workflow commands, the worst first.

GitHub shows ten annotations of a kind for a step, so no more are written; the line that sums up
counts them all. The escapes are those of the toolkit's `command.ts` (actions/toolkit).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan

from difftool.report.check import CheckRecord, ComparisonRecord, Tally, sentence

MOST = 10


def github_text(records: Sequence[CheckRecord]) -> str:
    """The annotations and the line that sums up, the last newline included."""
    found: list[tuple[float, CheckRecord, str, str]] = []
    for record in records:
        if record.error is not None:
            hint = "" if record.error.hint is None else f"\nhint: {record.error.hint}"
            found.append((inf, record, record.title, record.error.message + hint))
        for comparison in record.comparisons:
            if not comparison.passed:
                title = f"{record.title}: gradient by {comparison.input}"
                found.append((_badness(comparison), record, title, sentence(comparison)))
    found.sort(key=lambda item: -item[0])
    lines = [_annotation(record, title, text) for _, record, title, text in found[:MOST]]
    summary = Tally.of(records).line
    if len(found) > MOST:
        summary += f"; the worst {MOST} of {len(found)} findings are shown"
    return "\n".join([*lines, summary]) + "\n"


def _badness(comparison: ComparisonRecord) -> float:
    """What annotations are sorted by: a wrong shape first, then the relative error."""
    if comparison.worst is None or isnan(comparison.worst.relative):
        return inf
    return comparison.worst.relative


def _annotation(record: CheckRecord, title: str, text: str) -> str:
    properties = {}
    if record.file is not None:
        properties["file"] = record.file
    if record.line is not None:
        properties["line"] = str(record.line)
    properties["title"] = title
    written = ",".join([f"{name}={_property(value)}" for name, value in properties.items()])
    return f"::error {written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
