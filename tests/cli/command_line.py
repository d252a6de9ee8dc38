"""Runs the command line for tests: in this process, or in one of its own."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from difftool.cli.main import main
from difftool.report.schema import schema

jsonschema: Any = importlib.import_module("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(schema())

ROOT = Path(__file__).parent.parent.parent


class Outcome(NamedTuple):
    """How a run ended."""

    status: int
    output: str
    errors: str


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Outcome:
    """`difftool` with these words, in this process."""
    status = main(words)
    output, errors = capsys.readouterr()
    return Outcome(status, output, errors)


def environment(**settings: str) -> dict[str, str]:
    """The environment of a process that finds difftool in this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **settings}


def process(
    *words: str, stdin: bytes | None = None, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """`python -m difftool` with these words, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "difftool", *words],
        env=environment(**(settings or {})),
        capture_output=True,
        input=stdin if stdin is not None else b"",
        timeout=60,
    )


def read(line: str) -> Any:
    """What one line of JSON says; it must be as `difftool schema` describes it."""
    assert line.count("\n") == 1 and line.endswith("\n")
    document = json.loads(line)
    VALIDATOR.validate(document)
    return document


# ----- Programs -----


def ran(capsys: pytest.CaptureFixture[str], text: str, *words: str) -> Outcome:
    """`difftool run` of a file with this text."""
    Path("program.py").write_text(text, encoding="utf-8")
    return run(capsys, "run", "program.py", *words)


def document(capsys: pytest.CaptureFixture[str], text: str, *words: str) -> Any:
    """What a program that ends well leaves, as its JSON says it."""
    done = ran(capsys, text, *words, "--json")
    assert (done.status, done.errors) == (0, "")
    return read(done.output)


def refused(capsys: pytest.CaptureFixture[str], text: str, *words: str) -> Any:
    """The error of a program, as its JSON says it; text and JSON tell of the same."""
    shown = ran(capsys, text, *words)
    done = ran(capsys, text, *words, "--json")
    assert (done.status, done.output) == (shown.status, "")
    error = read(done.errors)["error"]
    assert shown.errors.startswith(f"error: {error['message']}\n")
    return error
