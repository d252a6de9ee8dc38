"""Lists of checks: a .toml or .jsonl file to the checks it names, and each of them to its record.

`cli.check` and the pytest plugin read a file and carry its checks out, the first in several
processes if it is asked to. A file has one `[[check]]` table, or one line of JSON, for each check:

    [[check]]
    name = "squared error"
    expression = "mean((A @ w - b)^2)"
    inputs = { A = "randn(5, 3)", w = "randn(3)", b = "@b.npy" }
    wrt = "w"
    against = "2 / 5 * A.T @ (A @ w - b)"

Files that inputs name are sought beside the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from time import perf_counter
from typing import Any, NamedTuple

from difftool.errors import DifftoolError, Span
from difftool.report.check import CheckRecord
from difftool.tensors.source import Source, shown
from difftool.tensors.text import text_of

# The seed of a check that names none: the same run after run, as a test should be.
SEED = 0

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


# ----- Checks to records -----


def carry_out(
    listed: Listed, seed: int | None = None, max_memory: int | None = None
) -> CheckRecord:
    """The record of a check; what can't be carried out is a record too, with the error in it.

    Args:
        listed: the check.
        seed: the seed for a check that names none.
        max_memory: bytes that values may fill; None: 80 % of what the machine has free.
    """
    from difftool.checking import RTOL, Settings, check
    from difftool.evaluation import input_array
    from difftool.session import Session

    options = listed.options
    chosen = int(options.get("seed", SEED if seed is None else seed))
    start = perf_counter()

    def tensor(session: Session, name: str, value: Any, place: str) -> Any:
        if not isinstance(value, str):
            return input_array(name, value, None)
        if not value.startswith("@"):
            return session.tensor(value, place=place)
        from difftool.tensors import read

        return read(_beside(listed.file, value), place=place)

    def inputs(session: Session) -> dict[str, Any]:
        if isinstance(listed.inputs, str):
            from difftool.tensors import read_inputs

            return read_inputs(_beside(listed.file, listed.inputs), place="inputs")
        return {
            name: tensor(session, name, value, f"inputs.{name}")
            for name, value in listed.inputs.items()
        }

    try:
        vector = options.get("grad_output")
        if vector is not None:
            vector = tensor(
                Session("float64", chosen, max_memory), "grad_output", vector, "grad_output"
            )
        settings = Settings(
            wrt=options.get("wrt"),
            against=options.get("against"),
            grad_output=vector,
            order=options.get("order", 1),
            trials=options.get("trials", 1),
            needs_random="trials" in listed.own,
            rtol=options.get("rtol", RTOL),
            atol=options.get("atol"),
            max_memory=max_memory,
        )
        record = check(listed.expression, inputs, settings, chosen)
    except DifftoolError as error:
        record = _not_carried_out(listed, chosen, error)
    except MemoryError:
        record = _not_carried_out(
            listed, chosen, DifftoolError("the machine has not enough free memory", kind="limit")
        )
    return record._replace(
        name=listed.name,
        file=listed.file,
        line=listed.line,
        seconds=perf_counter() - start,
    )


def _not_carried_out(listed: Listed, seed: int, error: DifftoolError) -> CheckRecord:
    return CheckRecord(
        listed.expression,
        listed.options.get("against"),
        seed,
        int(listed.options.get("trials", 1)),
        False,
        (),
        error=error,
    )


def _beside(file: str, reference: str) -> str:
    """A reference to a file, `@NAME`, as seen from the folder of the check file."""
    name = reference.removeprefix("@")
    if name.startswith("~"):
        return reference
    return "@" + os.path.join(os.path.dirname(file), name)


def carry_out_all(
    checks: Sequence[Listed],
    jobs: int = 1,
    seed: int | None = None,
    max_memory: int | None = None,
) -> Iterator[CheckRecord]:
    """The records of checks, in their order, each as soon as those before it are there.

    Args:
        jobs: how many processes share the work.
    """
    if jobs == 1 or len(checks) < 2:
        for listed in checks:
            yield carry_out(listed, seed, max_memory)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # A fresh process for each: forks of one with threads may hang.
    pool = ProcessPoolExecutor(min(jobs, len(checks)), mp_context=get_context("spawn"))
    try:
        waiting = [pool.submit(carry_out, listed, seed, max_memory) for listed in checks]
        for future in waiting:
            yield future.result()
    except BrokenProcessPool:
        raise DifftoolError(
            "a process that carried out checks was ended from outside",
            kind="limit",
            hint="fewer of them need less memory: --jobs 1",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
