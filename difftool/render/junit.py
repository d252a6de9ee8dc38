"""Checks as JUnit XML: a test case for each input of each check.

The form is the part that the schemas of Ant's JUnit task (windyroad/JUnit-Schema) and of Jenkins'
xUnit plugin (junit-10.xsd) have in common, which the readers of GitLab and others take as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from difftool.report.check import CheckRecord, sentence

# When the run was, where nobody says: the schemas require a time.
UNKNOWN_TIME = "1970-01-01T00:00:00"


def junit_text(records: Sequence[CheckRecord], timestamp: str = UNKNOWN_TIME) -> str:
    """The checks as an XML document, the last newline included.

    Args:
        records: the checks; those of one file are one suite.
        timestamp: when they were run: "2026-01-31T12:00:00", without a zone.
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    by_file = groupby(records, key=lambda record: record.file)
    for number, (file, checks) in enumerate(by_file):
        lines += _suite(number, file or "difftool check", list(checks), timestamp)
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _suite(number: int, name: str, checks: Sequence[CheckRecord], timestamp: str) -> Iterator[str]:
    cases = [case for check in checks for case in _cases(check)]
    failures = sum(["<failure" in case for case in cases])
    errors = sum(["<error" in case for case in cases])
    seconds = sum([check.seconds for check in checks])
    yield (
        f'  <testsuite id="{number}" package="difftool" name="{_attribute(name)}" '
        f'timestamp="{timestamp}" hostname="localhost" tests="{len(cases)}" '
        f'failures="{failures}" errors="{errors}" time="{seconds:.3f}">'
    )
    yield "    <properties/>"
    yield from cases
    yield "    <system-out/>"
    yield "    <system-err/>"
    yield "  </testsuite>"


def _cases(check: CheckRecord) -> list[str]:
    """The test cases of a check, one an input; one that could not be carried out is one case."""
    if check.error is not None:
        error = check.error
        hint = "" if error.hint is None else f"\nhint: {error.hint}"
        content = _element("error", error.message, error.kind, error.message + hint)
        return [_case(check, check.title, check.seconds, content)]
    names = list(dict.fromkeys([comparison.input for comparison in check.comparisons]))
    cases = []
    for name in names:
        wrong = [c for c in check.comparisons if c.input == name and not c.passed]
        text: str | None = None
        if wrong:
            reasons = [sentence(comparison) for comparison in wrong]
            facts = [f"expression: {check.expression}"]
            if check.against is not None:
                facts.append(f"against: {check.against}")
            facts.append(f"seed: {wrong[0].seed}")
            text = _element("failure", reasons[0], "gradient", "\n".join([*reasons, *facts]))
        cases.append(_case(check, name, check.seconds / len(names), text))
    return cases


def _case(check: CheckRecord, name: str, seconds: float, content: str | None) -> str:
    head = (
        f'    <testcase classname="{_attribute(check.title)}" name="{_attribute(name)}" '
        f'time="{seconds:.3f}"'
    )
    return f"{head}/>" if content is None else f"{head}>\n{content}\n    </testcase>"


def _element(name: str, message: str, kind: str, text: str) -> str:
    return (
        f'      <{name} message="{_attribute(message)}" type="{_attribute(kind)}">'
        f"{_escaped(text)}</{name}>"
    )


def _attribute(text: str) -> str:
    return (
        _escaped(text)
        .replace('"', "&quot;")
        .replace("\t", "&#9;")
        .replace("\n", "&#10;")
        .replace("\r", "&#13;")
    )


def _escaped(text: str) -> str:
    """Text of an element; what XML 1.0 has no way to hold becomes a question mark in a box."""
    kept = "".join([character if _is_allowed(character) else "\ufffd" for character in text])
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_allowed(character: str) -> bool:
    """Whether XML 1.0 has the character (section 2.2 of its specification)."""
    code = ord(character)
    return (
        character in "\t\n\r"
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or code >= 0x10000
    )
