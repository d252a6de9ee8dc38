"""The benchmarks' harness: a tiny run, what it refuses, and how targets are judged. No times."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import ROOT
from tests.benchmarks.harness import TOLERANCES, ratio
from tests.benchmarks.problems import PROBLEMS, tensors
from tests.benchmarks.report import Column, Row, Table, Target, in_markdown
from tests.benchmarks.worker import Job, Served


def test_a_tiny_run_prints_the_tables_and_names_missing_peers() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--scale", "0.0002", "--rounds", "1"]
    options = ["--only", "float32", "terms", "--markdown", "--peers", "no-such-interpreter"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "Left out, because missing: PyTorch, JAX, HIPS." in done.stdout
    assert "| `logsumexp(x, 0)` |" in done.stdout
    assert "| 4 terms |" in done.stdout
    assert "refused" not in done.stdout


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_side_agrees_with_itself_and_with_nothing_else(name: str, tmp_path: Path) -> None:
    job, served = Job(name, 40), Served("text")
    served.prepare(job)
    served.save(job, str(tmp_path))
    tolerance = TOLERANCES[job.dtype]
    assert served.compare(job, str(tmp_path))["deviation"] <= tolerance
    for wrong in (1.001, math.nan):
        gradient = np.load(tmp_path / "1.npy")
        np.save(tmp_path / "1.npy", gradient * wrong)
        assert not served.compare(job, str(tmp_path))["deviation"] <= tolerance


def test_results_in_another_dtype_are_no_results() -> None:
    served = Served("text")
    served.prepare(Job("cubes", 4))
    served.ready[Job("cubes", 4, "float32")] = served.ready[Job("cubes", 4)]
    with pytest.raises(ValueError, match="float64 instead of float32"):
        served.compare(Job("cubes", 4, "float32"), "")


def test_the_chain_has_as_many_operations_as_asked_for() -> None:
    expression = PROBLEMS["chain"](400).expression
    functions = sum([expression.count(name) for name in ("sin", "tanh", "exp", "sum")])
    assert functions + sum([expression.count(sign) for sign in "*+-"]) == 400


def test_every_process_draws_the_same_inputs() -> None:
    one, other = (tensors(PROBLEMS["layer"](2000), "float32") for _ in range(2))
    assert [array.shape for array in one.values()] == [(2, 1000), (1000, 64), (64,)]
    for name, array in one.items():
        assert array.dtype == np.float32
        assert np.array_equal(array, other[name])


def test_a_ratio_is_that_of_each_round() -> None:
    assert ratio([2, 20, 6], [1, 10, 2]) == 2


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(4.0, "met"), (3.9, "missed"), (math.nan, "missed"), (None, "not measured")],
)
def test_a_target_is_judged_by_the_measure(value: float | None, verdict: str) -> None:
    table = Table("Title", {"torch": Column("PyTorch ×", name="PyTorch")}, [])
    row = Row("sum(x)", {"torch": value}, [Target("torch", least=4)])
    judged = in_markdown(table._replace(rows=[row, Row("rest", {"torch": 1.0})]))
    assert f"| PyTorch ≥ 4 {verdict} |" in judged


def test_a_refused_row_says_why_and_is_not_judged() -> None:
    row = Row("sum(x)", {}, [Target("torch", least=4)], refused="refused: PyTorch is off by 1")
    table = Table("Title", {"torch": Column("PyTorch ×")}, [row, Row("rest", {"torch": 1.0})])
    assert "| `sum(x)` | – | refused: PyTorch is off by 1 |" in in_markdown(table)
