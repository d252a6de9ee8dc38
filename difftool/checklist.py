"""Lists of checks: a .toml or .jsonl file to the checks it names.

`cli.check` and the pytest plugin read a file here, and `carrying_out` does what it asks for. A file
has one `[[check]]` table, or one line of JSON, for each check:

    [[check]]
    name = "squared error"
    expression = "mean((A @ w - b)^2)"
    inputs = { A = "randn(5, 3)", w = "randn(3)", b = "@b.npy" }
    wrt = "w"
    against = "2 / 5 * A.T @ (A @ w - b)"

Files that inputs name are sought beside the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from difftool.errors import DifftoolError, Span
from difftool.tensors.source import Source, shown
from difftool.tensors.text import text_of

TABLE = "check"
DEFAULTS = "defaults"
COMMON = ("order", "trials", "rtol", "atol", "seed")
KEYS = ("name", "expression", "inputs", "wrt", "against", "grad_output", *COMMON)


class Listed(NamedTuple):
    """A check of a file.

    Attributes:
        name: what it is called; the expression where it has no name.
        expression: the text.
        inputs: tensors by name: text of the language, `@FILE`, or numbers; or one `@FILE` of them.
        options: what else was said: the other keys, by name.
        own: those of them that the check says itself, and does not share with the others.
        file: the file's name as it was given.
        line: where the check begins in it, from 1.
    """

    name: str
    expression: str
    inputs: Mapping[str, Any] | str
    options: Mapping[str, Any]
    own: frozenset[str]
    file: str
    line: int


class Place(NamedTuple):
    """A check's lines of a file, for errors."""

    file: str
    text: str
    line: int
    last: int

    def fault(self, message: str, hint: str | None = None, key: str | None = None) -> DifftoolError:
        """The error for what stands under a key, or for the check as a whole."""
        return fault(self.file, self.text, self._line_of(key), message, hint)

    def _line_of(self, key: str | None) -> int:
        lines = self.text.split("\n")
        for number in range(self.line, self.last + 1):
            if key is not None and lines[number - 1].partition("=")[0].strip(" \t\"'") == key:
                return number
        return self.line


def fault(
    file: str, text: str, line: int, message: str, hint: str | None = None
) -> DifftoolError:
    """The error for a line of a check file."""
    lines = text.split("\n")
    start = sum([len(before) + 1 for before in lines[: line - 1]])
    end = start + (len(lines[line - 1]) if line <= len(lines) else 0)
    return DifftoolError(
        message, kind="file", hint=hint, span=Span(start, end), source=text, place=file
    )


def read_checks(file: str) -> list[Listed]:
    """The checks of a .toml or .jsonl file, in its order.

    Raises:
        DifftoolError: kind "file" for a file that can't be read or is no list of checks; it names
            the line.
    """
    text = text_of(Source(shown(file), file, path=file))
    common: dict[str, Any] = {}
    if file.endswith((".jsonl", ".ndjson")):
        tables = list(_of_lines(file, text))
    else:
        common, tables = _of_toml(file, text)
    checks = [_listed(table, common, place) for table, place in tables]
    if not checks:
        raise fault(file, text, 1, "the file has no checks", f"each check is a table: [[{TABLE}]]")
    return checks


# ----- Files to tables -----


def _of_lines(file: str, text: str) -> Iterator[tuple[dict[str, Any], Place]]:
    import json

    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            table = json.loads(line)
        except ValueError as error:
            raise fault(file, text, number, f"line {number} is no JSON: {error}") from None
        except RecursionError:
            raise fault(file, text, number, f"line {number} is nested too deeply") from None
        place = Place(file, text, number, number)
        if not isinstance(table, dict):
            raise place.fault("a check is an object", '{"expression": "sum(x^2)", ...}')
        yield table, place


def _of_toml(
    file: str, text: str
) -> tuple[dict[str, Any], list[tuple[dict[str, Any], Place]]]:
    """What the checks share, and the table of each of them."""
    import re
    import tomllib

    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = re.search(r"\(at line (\d+), column \d+\)", message)
        line = int(found[1]) if found else text.rstrip("\n").count("\n") + 1
        message = re.sub(r" \(at .*\)$", "", message)
        raise fault(file, text, line, f"the file is no TOML: {message}") from None
    except RecursionError:
        raise fault(file, text, 1, "the file is nested too deeply") from None
    starts = _starts(text)
    last = text.count("\n") + 1
    everything = Place(file, text, 1, last)
    for key in whole:
        if key not in (TABLE, DEFAULTS):
            hint = f"checks are tables [[{TABLE}]], what they share is the table [{DEFAULTS}]"
            raise everything.fault(f"`{shown(key)}` is no part of a check file", hint, key)
    common = whole.get(DEFAULTS, {})
    if not isinstance(common, dict):
        raise everything.fault(f"`{DEFAULTS}` is no table", f"[{DEFAULTS}]", DEFAULTS)
    for key in common:
        if key not in COMMON:
            hint = f"they can share: {', '.join(COMMON)}"
            raise everything.fault(f"checks can't share `{shown(key)}`", hint, key)
    tables = whole.get(TABLE, [])
    if not isinstance(tables, list) or not all([isinstance(table, dict) for table in tables]):
        raise everything.fault(f"`{TABLE}` is no list of tables", f"[[{TABLE}]]", TABLE)
    if len(starts) != len(tables):
        # Written in one line, as an array of inline tables.
        starts = [1] * len(tables)
    ends = [*[start - 1 for start in starts[1:]], last][: len(starts)]
    return common, [
        (table, Place(file, text, start, max(start, end)))
        for table, start, end in zip(tables, starts, ends, strict=True)
    ]


def _starts(text: str) -> list[int]:
    """The lines of `[[check]]`; those within a string of several lines don't count."""
    starts = []
    quote = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if not quote and "".join(line.partition("#")[0].split()) == f"[[{TABLE}]]":
            starts.append(number)
        rest = line
        while True:
            marks = [mark for mark in ('"""', "'''") if mark in rest] if not quote else [quote]
            mark = min(marks, key=rest.find, default="")
            if not mark or mark not in rest:
                break
            rest = rest.partition(mark)[2]
            quote = "" if quote else mark
    return starts


# ----- Tables to checks -----


def _listed(table: dict[str, Any], common: dict[str, Any], place: Place) -> Listed:
    for key in table:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"a check has: {', '.join(KEYS)}"
            raise place.fault(f"a check has no `{shown(key)}`", hint, key)
    expression = table.get("expression")
    if not isinstance(expression, str) or not expression.strip():
        raise place.fault(
            "the check has no expression", 'expression = "sum(x^2)"', "expression"
        )
    inputs = table.get("inputs", {})
    if not isinstance(inputs, dict | str):
        raise place.fault("inputs are tensors by name", 'inputs = { x = "randn(3)" }', "inputs")
    if isinstance(inputs, str) and not inputs.startswith("@"):
        raise place.fault("inputs are tensors by name, or one @FILE of them", None, "inputs")
    if isinstance(inputs, dict):
        for name, value in inputs.items():
            if not isinstance(value, str | int | float | list):
                raise place.fault(f"input {shown(name)} is no tensor", '"randn(3)", [1, 2]', name)
            if isinstance(value, str) and value.strip() in ("-", "@-"):
                raise place.fault("a check file can't read standard input", "name a file", name)
    for key in ("name", "against"):
        if not isinstance(table.get(key, ""), str):
            raise place.fault(f"{key} is a text", f'{key} = "..."', key)
    options = {
        key: value
        for key, value in (common | table).items()
        if key not in ("name", "expression", "inputs")
    }
    _refuse_unfit(options, place)
    name = table.get("name") or expression
    return Listed(name, expression, inputs, options, frozenset(table), place.file, place.line)


def _refuse_unfit(options: dict[str, Any], place: Place) -> None:
    for key, low, high in (("order", 1, 2), ("trials", 1, None), ("seed", 0, None)):
        value = options.get(key, low)
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            raise place.fault(f"{key} is a whole number from {low} on", f"{key} = {low}", key)
        if high is not None and value > high:
            raise place.fault(f"{key} is {low} or {high}", f"{key} = {low}", key)
    for key in ("rtol", "atol"):
        value = options.get(key, 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e300:
            raise place.fault(f"{key} is a number, 0 or greater", f"{key} = 1e-6", key)
    wrt = options.get("wrt", [])
    names = [wrt] if isinstance(wrt, str) else wrt
    if not isinstance(names, list) or not all([isinstance(name, str) for name in names]):
        raise place.fault("wrt is a name, or a list of names", 'wrt = "x"', "wrt")
    if "wrt" in options:
        options["wrt"] = names
    if not isinstance(options.get("grad_output", ""), str | int | float | list):
        raise place.fault("grad_output is a tensor", 'grad_output = "[1, 2]"', "grad_output")
