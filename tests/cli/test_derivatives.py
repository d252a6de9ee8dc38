"""The commands jvp, vjp, jacobian, hessian and hvp: results, files, matrices, statuses."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difftool.report.schema import schema
from tests.cli.command_line import process, run

jsonschema: Any = importlib.import_module("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(schema())

HEAD = ["difftool", "command", "expression", "seed", "output"]
XY = ["--x", "[1, 2]", "--y", "3"]


def result(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """The JSON of a request that works, held against the schema."""
    done = run(capsys, *words, "--json")
    assert done.status == 0, done.errors
    found = json.loads(done.output)
    VALIDATOR.validate(found)
    assert found["command"] == words[0]
    return found


# ----- JSON -----


def test_jvp_gives_the_tangent(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "jvp", "x*y", *XY, "--tangent", "x=[1, 0]", "--tangent", "y=10")
    assert list(found) == [*HEAD, "tangent"]
    assert found["output"]["data"] == [3, 6] and found["output"]["grad_fn"] == "MulBackward0"
    assert found["tangent"] == {"shape": [2], "dtype": "float64", "data": [13.0, 20.0]}


def test_vjp_gives_the_gradients_that_grad_gives(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["x*y", *XY, "--grad-output", "[1, 10]"]
    found = result(capsys, "vjp", *words)
    assert list(found) == [*HEAD, "gradients"]
    assert found["gradients"] == result(capsys, "grad", *words)["gradients"]
    assert found["gradients"]["y"] == {"shape": [], "dtype": "float64", "data": 21.0, "used": True}
    unused = result(capsys, "vjp", "y; sum(x)", *XY)["gradients"]["y"]
    assert (unused["data"], unused["used"]) == (0, False)


def test_jacobian_has_the_shape_of_the_output_then_of_the_input(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = result(capsys, "jacobian", "W @ x", "--W", "ones(3,2)", "--x", "[1, 2]")
    assert list(found) == [*HEAD, "jacobians"]
    assert {name: one["shape"] for name, one in found["jacobians"].items()} == {
        "W": [3, 3, 2],
        "x": [3, 2],
    }
    assert list(found["jacobians"]["x"]) == ["shape", "dtype", "data"]


def test_hessian_has_a_block_for_each_pair(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "hessian", "y*sum(x^2)", *XY)
    assert list(found) == [*HEAD, "hessians"]
    blocks = {f: {s: b["data"] for s, b in row.items()} for f, row in found["hessians"].items()}
    assert blocks == {"y": {"y": 0, "x": [2, 4]}, "x": {"y": [2, 4], "x": [[6, 0], [0, 6]]}}


def test_hvp_gives_the_products(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["hvp", "y*sum(x^2)", *XY, "--tangent", "x=[1, 0]"]
    found = result(capsys, *words)
    assert list(found) == [*HEAD, "products"]
    assert {name: one["data"] for name, one in found["products"].items()} == {"y": 2, "x": [6, 0]}
    only = result(capsys, *words, "--wrt", "x")
    assert list(only["products"]) == ["x"]


@pytest.mark.parametrize(
    ("words", "rows", "columns", "data"),
    [
        (
            ["jacobian", "W @ x", "--W", "[[1, 2]]", "--x", "[3, 4]"],
            ["output[0]"],
            ["W[0,0]", "W[0,1]", "x[0]", "x[1]"],
            [[3, 4, 1, 2]],
        ),
        (["jacobian", "s^2", "--s", "3"], ["output"], ["s"], [[6]]),
        (
            ["hessian", "s*sum(x^2)", "--s", "3", "--x", "[1, 2]"],
            ["s", "x[0]", "x[1]"],
            ["s", "x[0]", "x[1]"],
            [[0, 2, 4], [2, 6, 0], [4, 0, 6]],
        ),
        (["jacobian", "1/x", "--x", "0"], ["output"], ["x"], [["-Infinity"]]),
        (["hessian", "sum(x)", "--x", "zeros(0)"], [], [], []),
    ],
)
def test_matrix_adds_one_labelled_matrix(
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    rows: list[str],
    columns: list[str],
    data: list[Any],
) -> None:
    found = result(capsys, *words, "--matrix")
    assert found["matrix"] == {"rows": rows, "columns": columns, "data": data}
    del found["matrix"]
    assert found == result(capsys, *words)


def test_a_large_derivative_is_whole_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "jacobian", "x^2", "--x", "ones(150)", "--matrix")
    data = np.array(found["jacobians"]["x"]["data"])
    assert np.array_equal(data, 2 * np.eye(150))
    assert np.array_equal(found["matrix"]["data"], data)


# ----- Tangents -----


def test_what_has_no_tangent_stands_still_and_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("jvp", "hvp"):
        done = run(capsys, command, "x*y*z", "--x", "2", "--y", "3", "--z", "4", "--tangent", "y=1")
        assert done.status == 0
        assert done.errors == "no tangent for x, z: zeros (--tangent x=TENSOR)\n"
    done = run(capsys, "hvp", "x*y", "--x", "2", "--y", "3", "--tangent", "y=1", "--wrt", "y")
    assert (done.status, done.errors) == (0, "")


def test_tangents_come_from_files_and_standard_input(tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", [1.0, 10.0])
    words = ["jvp", "x^2", "--x", "[1, 2]", "--json"]
    for text in (f"x=@{tmp_path}/v.npy", "x=-", "x=@-", "x=[1, 5*2]"):
        done = process(*words, "--tangent", text, stdin=b"[1, 10]")
        assert (done.returncode, done.stderr) == (0, b"")
        assert json.loads(done.stdout)["tangent"]["data"] == [2, 40]


def test_random_tangents_are_drawn_in_the_order_of_the_names(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["jvp", "x*y", "--x", "randn(3)", "--y", "randn(3)", "--seed", "3"]
    along = [["--tangent", "x=randn(3)"], ["--tangent", "y=randn(3)"]]
    first = result(capsys, *words, *along[0], *along[1])
    assert first == result(capsys, *words, *along[1], *along[0])
    assert first["seed"] == 3


def test_tangents_of_the_environment_may_name_what_the_expression_does_not_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFFTOOL_TANGENT", "x=1; unused=2")
    assert result(capsys, "jvp", "x^2", "--x", "3")["tangent"]["data"] == 6
    monkeypatch.setenv("DIFFTOOL_TANGENT", "x")
    done = run(capsys, "jvp", "x^2", "--x", "3")
    assert done.status == 2
    assert "DIFFTOOL_TANGENT takes NAME=TENSOR" in done.errors
    assert 'for example --tangent "x=[1, 2]"' in done.errors


def test_a_fault_in_a_tangent_names_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    errors = run(capsys, "jvp", "x", "--x", "1.0", "--tangent", "x=[1, 2").errors
    assert "\n  --tangent x [1, 2" in errors
    errors = run(capsys, "jvp", "x", "--x", "[1, 2]", "--tangent", "x=[1, 2, 3]").errors
    assert errors.startswith("error: the tangent of x has shape (3,), x has shape (2,)\n")


def test_a_name_that_is_an_option_is_given_by_let(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["jacobian", "matrix*2", "--let", "matrix=[1, 2]"]
    assert result(capsys, *words)["jacobians"]["matrix"]["data"] == [[2, 0], [0, 2]]
    along = ["--let", "tangent=3", "--tangent", "tangent=1"]
    assert result(capsys, "jvp", "tangent^2", *along)["tangent"]["data"] == 6


# ----- Files -----


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["jvp", "x*y", "--tangent", "x=[1, 0]", "--tangent", "y=0"], "tangent"),
        (["vjp", "x*y", "--grad-output", "[1, 1]"], "x, y"),
        (["jacobian", "x*y"], "x, y"),
        (["jacobian", "x*y", "--matrix"], "matrix"),
        (["hessian", "sum(x*y)"], "x,x; x,y; y,x; y,y"),
        (["hessian", "sum(x*y)", "--matrix"], "matrix"),
        (["hvp", "sum(x*y)", "--tangent", "x=[1, 0]", "--tangent", "y=0"], "x, y"),
    ],
)
def test_out_writes_the_derivatives_by_name_and_no_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], names: str
) -> None:
    file = tmp_path / "result.npz"
    done = run(capsys, *words, *XY, "--out", str(file))
    assert (done.status, done.output) == (0, "")
    assert done.errors == f"wrote {names} to {file}\n"
    with np.load(file) as arrays:
        assert list(arrays) == names.split("; " if ";" in names else ", ")


def test_a_matrix_is_one_array_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "hessian.npy"
    words = ["hessian", "y*sum(x^2)", *XY, "--matrix", "--out", str(file)]
    assert run(capsys, *words).status == 0
    assert np.load(file).tolist() == [[0, 2, 4], [2, 6, 0], [4, 0, 6]]
    assert run(capsys, "eval", "trace(H)", "--H", f"@{file}").output == "tensor(12.)\n"


# ----- Views -----


def test_the_views_say_what_stands_where(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--bias", "[1, 2]", "--s", "2"]
    shown = run(capsys, "jacobian", "s; bias^2", *words).output
    assert "  d(output)/d(bias), shape (2, 2): output (2,), then bias (2,)\n" in shown
    assert "  d(output)/ds, shape (2,), unused: zeros\n" in shown
    shown = run(capsys, "hessian", "s*sum(bias)", *words).output
    assert "  d2(output)/(ds d(bias)), shape (2,)\n    tensor([1., 1.])\n" in shown
    shown = run(capsys, "hvp", "s*sum(bias)", *words, "--tangent", "s=3").output
    assert "  for bias, shape (2,)\n    tensor([3., 3.])\n" in shown
    shown = run(capsys, "jvp", "s*bias", *words, "--tangent", "s=1", "--precision", "2").output
    assert shown.endswith("    tensor([1., 2.])\n")


def test_a_seed_that_was_drawn_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    shown = run(capsys, "jacobian", "x*2", "--x", "randn(2)").output
    assert "seed        " in shown and "draws the same numbers" in shown


def test_a_matrix_has_labels(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["hessian", "s*sum(W^2)", "--s", "3", "--W", "[[1, 2.25]]", "--matrix"]
    assert run(capsys, *words).output.endswith(
        "\nHessian\n"
        "               s  W[0,0]  W[0,1]\n"
        "  s       0.0000  2.0000  4.5000\n"
        "  W[0,0]  2.0000  6.0000  0.0000\n"
        "  W[0,1]  4.5000  0.0000  6.0000\n"
    )
    shown = run(capsys, "jacobian", "y; x*2", "--x", "3", "--y", "1", "--matrix").output
    assert "\n  unused, so zeros: y\n" in shown


# ----- Statuses -----


@pytest.mark.parametrize(
    "words",
    [
        ["jvp", "sqrt(x)", "--x", "0", "--tangent", "x=1"],
        ["vjp", "sqrt(x)", "--x", "0"],
        ["jacobian", "sqrt(x)", "--x", "0"],
        ["jacobian", "sqrt(x)", "--x", "0", "--matrix"],
        ["hessian", "x^1.5", "--x", "0"],
        ["hvp", "x^1.5", "--x", "0", "--tangent", "x=1"],
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_finite_turns_the_warning_into_a_status(
    capsys: pytest.CaptureFixture[str], words: list[str], form: list[str]
) -> None:
    warned = run(capsys, *words, *form)
    assert warned.status == 0
    assert warned.errors.startswith("warning: ") and "Backward0" in warned.errors
    failed = run(capsys, *words, *form, "--finite")
    assert (failed.status, failed.output, failed.errors) == (1, warned.output, warned.errors)
    finite = ["1" if word == "0" else word for word in words]
    assert run(capsys, *finite, *form, "--finite").status == 0


def test_memory_is_refused_before_it_is_filled(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "jacobian", "x*2", "--x", "zeros(10**5)", "--max-memory", "16GiB")
    assert (done.status, done.output) == (2, "")
    assert "this needs 74.5 GiB of memory, more than the limit of 16.0 GiB" in done.errors
    assert "hint: `difftool jvp` and `difftool vjp` multiply" in done.errors


def test_the_dtype_is_that_of_every_tensor(capsys: pytest.CaptureFixture[str]) -> None:
    found = result(capsys, "hessian", "sum(x^3)", "--x", "[1, 2]", "--dtype", "float32")
    assert found["hessians"]["x"]["x"]["dtype"] == "float32"
