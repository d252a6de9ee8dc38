"""Requests that work: expressions that look like options, and every way to give a tensor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.command_line import process, run


def value(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """The output of an `eval`, as its JSON gives it."""
    done = run(capsys, "eval", "--json", *words)
    assert (done.status, done.errors) == (0, "")
    return json.loads(done.output)["output"]["data"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-x^2", "--x", "3"], -9),
        (["--x", "3", "-x^2"], -9),
        (["-v*x", "--v", "2", "--x", "3"], -6),
        (["-h*2", "--h", "3"], -6),
        (["-e^2", "--e", "3"], -9),
        (["-(x)", "--x=3"], -3),
        (["x", "--x", "-3"], -3),
        (["x", "--x=-3"], -3),
        (["x", "--x", "-1e-3"], -1e-3),
        (["x*2", "--x", "-(1+2)"], -6),
        (["x", "--x", "--3"], 3),
        (["--(x)", "--x", "3"], 3),
        (["--x=3", "--", "--x"], 3),
        ([" --x", "--x", "3"], 3),
        (["x + X", "--x", "1", "--X", "2"], 3),
        (["max_memory", "--max_memory", "3"], 3),
        (["α", "--α", "3"], 3),
        (["_a", "--_a", "3"], 3),
        (["seed + out", "--let", "seed=1", "--let", "out=2"], 3),
        (["x", "--let", "x=3"], 3),
        (["x", "--let", " x = 3"], 3),
        (["y = x + 1; y", "--x", "3"], 4),
        (["2 * pi / pi"], 2),
        (["pi", "--pi", "3"], 3),
        (["x[0]", "--x", "[3, 4]"], 3),
        (["sum(x)", "--x", "ones(2,2)"], 4),
    ],
)
def test_words_mean_what_they_say(
    capsys: pytest.CaptureFixture[str], words: list[str], expected: float
) -> None:
    assert value(capsys, *words) == expected


def test_the_order_of_options_does_not_change_what_a_seed_draws(
    capsys: pytest.CaptureFixture[str],
) -> None:
    x, y = ["--x", "randn(3)"], ["--y", "randn(3)"]
    first = value(capsys, "x - 2*y", *x, *y, "--seed", "5")
    assert first == value(capsys, "x - 2*y", "--seed", "5", *y, *x)
    assert first != value(capsys, "x - 2*y", *x, *y, "--seed", "6")


def test_a_seed_that_was_drawn_is_reported_and_repeats_the_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    drawn = json.loads(run(capsys, "eval", "randn(3)", "--json").output)
    assert value(capsys, "randn(3)", "--seed", str(drawn["seed"])) == drawn["output"]["data"]
    assert json.loads(run(capsys, "eval", "ones(3)", "--json").output)["seed"] is None


def test_files_give_tensors(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.array([1.0, 2.0]))
    np.savez("both.npz", x=np.array([1.0, 2.0]), y=np.array([3.0, 4.0]), z=np.array(5.0))
    Path("x.json").write_text("[1, 2]")
    assert value(capsys, "x*x", "--x", "@x.npy") == [1, 4]
    assert value(capsys, "x*x", "--x", "@x.json") == [1, 4]
    assert value(capsys, "x*x", "--x", "@both.npz:y") == [9, 16]
    assert value(capsys, "x*y", "--inputs", "both.npz") == [3, 8]
    assert value(capsys, "x*y", "--inputs", "both.npz", "--y", "10") == [10, 20]
    assert value(capsys, "x*y", "--inputs", "both.npz", "--let", "y=10") == [10, 20]


@pytest.mark.parametrize("name", ["-", "@-"])
def test_standard_input_gives_a_tensor(name: str) -> None:
    done = process("eval", "x*2", "--x", name, "--json", stdin=b"[1, 2]")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["output"]["data"] == [2, 4]


def test_standard_input_gives_the_expression() -> None:
    done = process("grad", "-", "--x", "3", "--json", stdin=b"y = x^2\n2*y\n")
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert found["expression"] == "y = x^2\n2*y"
    assert found["gradients"]["x"]["data"] == 12


def test_an_expression_longer_than_an_argument_may_be_comes_by_standard_input() -> None:
    done = process("eval", "-", "--x", "1", "--json", stdin=b"+".join([b"x"] * 100_000))
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["output"]["data"] == 100_000


def test_wrt_picks_inputs_and_the_others_are_constants(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["grad", "x*y*z", "--x", "2", "--y", "3", "--z", "4", "--json"]
    found = json.loads(run(capsys, *words, "--wrt", "z", "--wrt", "x").output)
    assert {name: given["data"] for name, given in found["gradients"].items()} == {"x": 12, "z": 6}


def test_grad_output_is_the_vector_of_the_product(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "grad", "x^2", "--x", "[1,2]", "--grad-output", "[1,10]", "--json")
    assert json.loads(done.output)["gradients"]["x"]["data"] == [2, 40]


def test_keep_zero_keeps_no_values_of_nodes(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "grad", "x^2", "--x", "3", "--keep", "0", "--json").output)
    assert {node["data"] for node in found["nodes"]} == {None}
    assert found["gradients"]["x"]["data"] == 6


# ----- Results in files -----


@pytest.mark.parametrize("suffix", ["npz", "json", "safetensors"])
def test_out_writes_gradients_by_name_and_no_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"gradient.{suffix}"
    done = run(capsys, "grad", "x*y", "--x", "2", "--y", "3", "--out", str(file))
    assert (done.status, done.output) == (0, "")
    assert done.errors == f"wrote x, y to {file}\n"
    again = run(capsys, "eval", "x - y", "--inputs", str(file), "--json")
    assert json.loads(again.output)["output"]["data"] == 1


def test_out_writes_the_value_of_an_expression(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "value.npy"
    done = run(capsys, "eval", "x*2", "--x", "[1, 2]", "--out", str(file), "--json")
    assert done.status == 0
    assert json.loads(done.output)["output"]["data"] == [2, 4]
    assert np.load(file).tolist() == [2, 4]


# ----- Exit status 1 -----


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_finite_turns_the_warning_into_a_status(
    capsys: pytest.CaptureFixture[str], form: list[str]
) -> None:
    request = ["grad", "log(x)", "--x", "0", *form]
    warned = run(capsys, *request)
    assert (warned.status, bool(warned.output)) == (0, True)
    assert "warning: " in warned.errors and "log(x)" in warned.errors
    failed = run(capsys, *request, "--finite")
    assert (failed.status, failed.output, failed.errors) == (1, warned.output, warned.errors)
    assert run(capsys, "grad", "log(x)", "--x", "1", *form, "--finite").status == 0


def test_an_infinite_intermediate_is_no_fault_of_the_result(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = run(capsys, "eval", "1/(1/x)", "--x", "0", "--finite")
    assert (done.status, done.errors) == (0, "")


# ----- Functions and schema -----


def test_functions_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, "functions", "--json").output)["functions"]
    names = [function["name"] for function in found]
    assert {"mean", "matmul", "softmax", "einsum", "ones"} <= set(names)
    assert len(names) == len(set(names)) > 100


@pytest.mark.parametrize("name", ["mean", "torch.mean", "np.mean", "x.mean", "mean()"])
def test_a_function_is_found_by_every_name_it_has(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (found,) = json.loads(run(capsys, "functions", name, "--json").output)["functions"]
    assert (found["name"], found["family"]) == ("mean", "sums_and_products")
    assert found["meaning"] in run(capsys, "functions", name).output


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "schema")
    assert (done.status, done.errors) == (0, "")
    assert json.loads(done.output)["title"] == "difftool"
