"""How long whole processes of the command line take, beside one that only imports NumPy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from tests.benchmarks import ROOT
from tests.benchmarks.harness import PAUSE, Bench, ratio
from tests.benchmarks.report import Column, Row, Table, Target

_JOB = ["grad", "mean(3*(x+2)^3)", "--x", "ones(2,2)"]

# Processes are short: each round of the other parts is this many here.
_MORE_ROUNDS = 3


def script() -> list[str]:
    """The command that a user types: the script beside the interpreter, if it is installed."""
    beside = Path(sys.executable).with_name("difftool")
    return [str(beside)] if beside.exists() else [sys.executable, "-m", "difftool"]


def startup(bench: Bench) -> Table:
    bench.progress("startup")
    limit = [sys.executable, "-c", "import numpy"]
    own = {
        "difftool grad ... --json": ([*script(), *_JOB, "--json"], Target("limit", most=1.3)),
        "difftool grad ... (a table)": ([*script(), *_JOB], Target("limit", most=1.6)),
        "difftool --help": ([*script(), "--help"], Target("limit", most=0.8)),
    }
    commands = {"import numpy": limit, **{label: command for label, (command, _) in own.items()}}
    seconds: dict[str, list[float]] = {label: [] for label in commands}
    for turn in range(bench.rounds * _MORE_ROUNDS + 1):
        for label, command in commands.items():
            elapsed = _whole(command)
            if turn:  # after the first one every file is in memory
                seconds[label].append(elapsed)
    rows = [Row("python -c 'import numpy'", {"own": median(seconds["import numpy"]) * 1e3})]
    for label, (_, target) in own.items():
        measures = {
            "own": median(seconds[label]) * 1e3,
            "limit": ratio(seconds[label], seconds["import numpy"]),
        }
        rows.append(Row(label, measures, [target]))
    columns = {
        "own": Column("ms", "{:.0f}"),
        "limit": Column("÷ import numpy", "{:.2f}", name="ratio"),
    }
    how = f"Whole processes, from start to end. The job is {' '.join(_JOB)}."
    return Table("Start-up", columns, rows, [how])


def _whole(command: list[str]) -> float:
    # An installed package has its bytecode; a checkout gets it in the first turn.
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    sleep(PAUSE)
    start = perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT, env=environment)
    return perf_counter() - start
