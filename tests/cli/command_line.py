"""Runs the command line for tests: in this process, or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from difftool.cli.main import main

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
