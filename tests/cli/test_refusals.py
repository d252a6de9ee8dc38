"""Requests that can't be met: exit status 2, nothing on standard output, the place and the way out.

Each row: the words, the kind of the error, its message's beginning, and a part of its hint.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from difftool.cli.program import program
from tests.cli.command_line import run

REFUSALS: list[tuple[list[str], str, str, str]] = [
    # the program
    (["grda", "x"], "usage", "no such command: grda", "did you mean grad?"),
    (["GRAD", "x"], "usage", "no such command: GRAD", "the commands are eval, grad"),
    (["gra", "x"], "usage", "no such command: gra", "did you mean grad?"),
    (["jacobean", "x"], "usage", "no such command: jacobean", "did you mean jacobian?"),
    (["differentiate", "x"], "usage", "no such command: differentiate", "the commands are"),
    (["x^2"], "usage", "no such command: x^2", 'difftool grad "x^2"'),
    (["--jsn"], "usage", "no such option: --jsn", "after its name"),
    (["--json", "grad", "x"], "usage", "no such option: --json", "after its name"),
    (["--versoin"], "usage", "no such option: --versoin", "did you mean --version?"),
    (["-h"], "usage", "no such option: -h", ""),
    (["--"], "usage", "missing command", "--help"),
    # the expression
    (["grad"], "usage", "the expression is missing", "difftool grad"),
    (["eval", "--x", "3"], "usage", "the expression is missing", "difftool eval"),
    (["eval", ""], "usage", "the expression is empty", "difftool eval"),
    (["eval", " \n"], "usage", "the expression is empty", "difftool eval"),
    (["eval", "x", "+", "1"], "usage", "two expressions: `x` and `+`", "quotes"),
    (["grad", "-x", "-y"], "usage", "two expressions: `-x` and `-y`", "quotes"),
    (["grad", "x*y", "x=3"], "usage", "two expressions: `x*y` and `x=3`", "--x=3?"),
    (["eval", "3x", "--x", "1"], "syntax", "", "3*x"),
    (["eval", "(x", "--x", "1"], "syntax", "", ""),
    # options
    (["grad", "x^2", "--jsn", "--x", "3"], "usage", "no such option: --jsn", "mean --json?"),
    (["grad", "x^2", "--x", "3", "--jsn"], "usage", "no such option: --jsn", "mean --json?"),
    (["grad", "--jsn", "x^2", "--x", "3"], "usage", "no such option: --jsn", "mean --json?"),
    (["grad", "--js", "x^2"], "usage", "no such option: --js", "mean --json?"),
    (["grad", "x^2", "--z", "3"], "usage", "no such option: --z", "--x TENSOR"),
    (["grad", "x^2*y", "--z", "3"], "usage", "no such option: --z", "--x TENSOR, --y TENSOR"),
    (["grad", "weight^2", "--wieght", "3"], "usage", "no such option", "mean --weight?"),
    (["grad", "2", "--z", "3"], "usage", "no such option: --z", "the expression has no free names"),
    (["eval", "x(2)", "--x", "1"], "usage", "no such option: --x", "a product is written x*(...)"),
    (["eval", "y = 2; y", "--y", "1"], "usage", "no such option: --y", "sets `y` itself"),
    (["grad", "--x*y"], "usage", "no such option: --x*y", '-- "--x*y"'),
    (["grad", "x", "--x"], "usage", "--x needs a value", "--x=VALUE"),
    (["grad", "x", "--x", "--json"], "usage", "--x needs a value", "--x=VALUE"),
    (["grad", "x", "--x", "1", "--seed"], "usage", "--seed needs a value", "--seed VALUE"),
    (["grad", "x", "--x", "1", "--json=1"], "usage", "--json takes no value", "by itself"),
    (["grad", "x", "--x", "1", "--x", "2"], "usage", "`x` is given twice", "one tensor"),
    (["grad", "x", "--x", "1", "--let", "x=2"], "usage", "`x` is given twice", "one tensor"),
    (["grad", "x", "--let", "x=1", "--let", "x=2"], "usage", "`x` is given twice", ""),
    (["grad", "x", "--let", "x"], "usage", "--let takes NAME=TENSOR, not 'x'", "--let"),
    (["grad", "x", "--let", "3=x"], "usage", "--let takes NAME=TENSOR, not '3=x'", "--let"),
    (["grad", "x", "--x", "1", "--let", "y=2"], "usage", "the expression has no free", "names: x"),
    (["eval", "x", "--x", "1", "--seed", "-1"], "usage", "--seed takes a whole number", ""),
    (["eval", "x", "--x", "1", "--seed", "1.5"], "usage", "--seed takes a whole number", ""),
    (["eval", "x", "--x", "1", "--precision", "18"], "usage", "--precision takes", ""),
    (["grad", "x", "--x", "1", "--keep", "all"], "usage", "--keep takes a whole number", ""),
    (["eval", "x", "--x", "1", "--dtype", "flot32"], "usage", "--dtype takes", "float32?"),
    (["eval", "x", "--x", "1", "--dtype", "int64"], "usage", "--dtype takes float64, float32", ""),
    (["eval", "x", "--x", "1", "--engine", "dask"], "usage", "--engine takes auto, eager or", ""),
    (["eval", "x", "--x", "1", "--max-memory", "much"], "usage", "--max-memory takes", "512MiB"),
    (["eval", "x", "--x", "1", "--max-memory", "0"], "usage", "--max-memory takes", "512MiB"),
    (["eval", "x", "--x", "1", "--max-memory", "101%"], "usage", "--max-memory takes", "50%"),
    (["eval", "x", "--x", "1", "--max-memory", "nan"], "usage", "--max-memory takes", ""),
    # names
    (["grad", "x*y", "--x", "1"], "name", "", "--y TENSOR"),
    (["grad", "wieght*2", "--let", "wieght=1", "--weight", "1"], "usage", "no such option", ""),
    (["eval", "seed*2"], "name", "`seed` has no value", "--let seed=TENSOR"),
    (["eval", "seed*2", "--seed", "3"], "name", "`seed` has no value", "--let seed=TENSOR"),
    (["eval", "json*2", "--json"], "name", "`json` has no value", "--let json=TENSOR"),
    (["grad", "x", "--x", "1.0", "--wrt", "y"], "name", "", ""),
    (["eval", "sofmax(x, 0)", "--x", "[1, 2]"], "name", "", "softmax"),
    # values and files
    (["eval", "x", "--x", ""], "syntax", "", ""),
    (["eval", "x", "--x", "[1, 2"], "syntax", "", ""),
    (["eval", "x", "--x", "y"], "name", "", ""),
    (["eval", "x", "--x", "@"], "usage", "", "@FILE"),
    (["eval", "x", "--x", "@missing.npy"], "file", "there is no file missing.npy", ""),
    (["eval", "x", "--x", "@model.pkl"], "file", "model.pkl is a pickle", ""),
    (["eval", "x", "--x", "@text.csv"], "file", "", ""),
    (["eval", "x", "--x", "@two.npz"], "file", "two.npz holds 2 arrays", "@two.npz:"),
    (["eval", "x", "--inputs", "missing.npz"], "file", "there is no file missing.npz", ""),
    (["eval", "c", "--inputs", "two.npz"], "name", "", "--c TENSOR"),
    (["eval", "seed", "--inputs", "two.npz"], "name", "`seed` has no value", "--let seed="),
    (["eval", "x", "--x", "1", "--out", "x.txt"], "file", "", ""),
    (["eval", "x", "--x", "1", "--out", "nowhere/x.npy"], "file", "", ""),
    (["eval", "x.shape", "--x", "1", "--out", "x.npy"], "usage", "the output is not a tensor", ""),
    (["grad", "a*b", "--a", "1", "--b", "2", "--out", "g.npy"], "file", "", "g.npz"),
    # shapes and limits
    (["eval", "a + b", "--a", "ones(2,3)", "--b", "ones(4)"], "shape", "", ""),
    (["grad", "x", "--x", "[1, 2]"], "shape", "", "--grad-output"),
    (["eval", "ones(9)", "--max-memory", "8"], "limit", "this needs", "--max-memory"),
    (["eval", "x", "--x", "zeros(10**6,10**6)"], "limit", "", ""),
    # products with derivatives, and whole derivatives
    (["jvp", "x", "--x", "1.0"], "value", "there is no direction", "--tangent x=TENSOR"),
    (["jvp", "x", "--x", "1.0", "--tangent", "x"], "usage", "--tangent takes NAME=TENSOR", "x=["),
    (["jvp", "x", "--x", "1.0", "--tangent", "y=1"], "usage", "the expression has no", "names: x"),
    (["jvp", "x", "--x", "1.0", "--tangent", "x=[1"], "syntax", "", ""),
    (["jvp", "x", "--x", "1.0", "--tangent", "x=@missing.npy"], "file", "there is no file", ""),
    (["jvp", "x", "--x", "1.0", "--tangent", "x=[1]"], "shape", "the tangent of x has", "same"),
    (["jvp", "x", "--x", "[1, 2]", "--tangent", "x=1"], "shape", "the tangent of x has", "same"),
    (["jvp", "x*2", "--x", "tensor(1)", "--tangent", "x=1"], "dtype", "only floating-point", ""),
    (["jvp", "tangent", "--tangent", "x=1"], "name", "`tangent` has no", "--let tangent=TENSOR"),
    (["vjp", "x", "--x", "[1, 2]"], "shape", "grad can be implicitly", "--grad-output"),
    (["vjp", "x", "--x", "[1, 2]", "--grad-output", "1"], "shape", "the gradient given", "same"),
    (["jacobian", "x", "--x", "1.0", "--wrt", "y"], "name", "there is no input `y`", "x"),
    (["jacobian", "x", "--x", "zeros(10**6)", "--max-memory", "1GB"], "limit", "this needs", "jvp"),
    (["jacobian", "x", "--x", "1.0", "--grad-output", "1"], "usage", "no such option", ""),
    (["jacobian", "a*b", "--a", "1", "--b", "2", "--out", "g.npy"], "file", "", "g.npz"),
    (["hessian", "a*b", "--a", "1", "--b", "2", "--out", "g.npy"], "file", "g.npy holds one", ""),
    (["hessian", "x^2", "--x", "[1, 2]"], "shape", "a Hessian needs a scalar", "sum(...)"),
    (["hessian", "x^2", "--x", "[1.]"], "shape", "a Hessian needs a scalar", "[0]"),
    (["hvp", "x^2", "--x", "[1, 2]", "--tangent", "x=[1, 0]"], "shape", "a Hessian-vector", ""),
    (["hessian", "detach(x)", "--x", "1.0"], "value", "the output does not depend", "detach"),
    # functions and schema
    (["functions", "maen"], "name", "`maen` is not in difftool", "mean"),
    (["functions", "torch.maen"], "name", "`maen` is not in difftool", "mean"),
    (["functions", ""], "name", "", ""),
    (["functions", "mean", "sum"], "usage", "got unexpected extra argument", "--help"),
    (["functions", "--al"], "usage", "no such option: --al", ""),
    (["schema", "grad"], "usage", "got unexpected extra argument", "--help"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory with the files that the table names."""
    monkeypatch.chdir(tmp_path)
    np.savez("two.npz", a=np.ones(2), b=np.ones(3))
    Path("model.pkl").write_bytes(b"\x80\x04N.")
    Path("text.csv").write_text("one,two\n1,2\n")
    Path("3").write_text("x = 3\n")


@pytest.mark.parametrize(
    ("words", "kind", "message", "hint"), REFUSALS, ids=[" ".join(row[0]) for row in REFUSALS]
)
def test_a_wrong_request_is_refused(
    capsys: pytest.CaptureFixture[str], words: list[str], kind: str, message: str, hint: str
) -> None:
    done = run(capsys, *words)
    assert (done.status, done.output) == (2, "")
    if "--json" not in words:
        assert done.errors.startswith(f"error: {message}")
        assert done.errors.isascii() and done.errors.endswith("\n")
        words = [*words, "--json"] if "--" not in words else ["--json", *words]
    again = run(capsys, *words)
    if words[0] != "--json":
        assert (again.status, again.output, again.errors.count("\n")) == (2, "", 1)
        error = json.loads(again.errors)["error"]
        assert error["kind"] == kind
        assert error["message"].startswith(message) and "\n" not in error["message"]
        assert hint in (error["hint"] or "")
    assert list(Path().glob("*.npy")) == []


@pytest.mark.parametrize(
    ("words", "source", "marked"),
    [
        (["grda"], "  difftool grda\n", "grda"),
        (["grad", "x^2", "--jsn", "--x", "3"], "  difftool grad 'x^2' --jsn --x 3\n", "--jsn"),
        (
            ["grad", "x", "--x=1", "--keep=all"],
            "  difftool grad x --x=1 --keep=all\n",
            "--keep=all",
        ),
        (["grad", "x", "y"], "  difftool grad x y\n", "y"),
    ],
)
def test_a_fault_of_the_command_line_is_pointed_at(
    capsys: pytest.CaptureFixture[str], words: list[str], source: str, marked: str
) -> None:
    errors = run(capsys, *words).errors
    assert source in errors
    column = source.index(f" {marked}") + 1
    assert f"\n{' ' * column}{'^' * len(marked)}\n" in errors


def test_a_fault_in_a_value_names_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    errors = run(capsys, "eval", "x + y", "--x", "1", "--y", "ones(2,2) @ ones(3)").errors
    assert "\n  --y ones(2,2) @ ones(3)\n" in errors
    errors = run(capsys, "eval", "x", "--let", "x=[1, 2").errors
    assert "\n  --let x [1, 2" in errors


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_computed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = run(capsys, "eval", "ones(2) @ ones(3)", "--out", "result.txt")
    assert (done.status, done.output) == (2, "")
    assert "result.txt" in done.errors


def test_every_command_refuses_a_mistyped_option(capsys: pytest.CaptureFixture[str]) -> None:
    for command in program.commands:
        done = run(capsys, command, "3", "--colr")
        assert (done.status, done.output) == (2, "")
        assert "hint: did you mean --color?" in done.errors
