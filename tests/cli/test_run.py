"""`difftool run`: what a program prints and leaves, its inputs, its random numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command_line import document, environment, process, ran, refused, run

DIFFTOOL = [sys.executable, "-m", "difftool"]

CUBE = """\
# a leaf, a graph, its gradient
x = torch.ones(2, 2, requires_grad=True)
y = (3*(x + 2)**3).mean()
y.backward()
print("y is", y)
x.grad
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# ----- Output -----


def test_a_program_prints_what_pytorch_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, CUBE) == (
        0,
        "y is tensor(81., grad_fn=<MeanBackward0>)\n"
        "tensor([[20.2500, 20.2500],\n        [20.2500, 20.2500]])\n",
        "",
    )


def test_json_has_lines_variables_and_gradients(capsys: pytest.CaptureFixture[str]) -> None:
    text = CUBE + 'n = 3\nprint("a\\n\\nb\\u2028c", end="")\n'
    assert document(capsys, text) == {
        "difftool": 1,
        "command": "run",
        "file": "program.py",
        "seed": None,
        "output": [
            "y is tensor(81., grad_fn=<MeanBackward0>)",
            "tensor([[20.2500, 20.2500],",
            "        [20.2500, 20.2500]])",
            "a",
            "",
            "b\u2028c",
        ],
        "variables": {
            "x": {"shape": [2, 2], "dtype": "float32", "data": [[1, 1], [1, 1]], "grad_fn": None},
            "y": {"shape": [], "dtype": "float32", "data": 81, "grad_fn": "MeanBackward0"},
        },
        "gradients": {
            "x": {"shape": [2, 2], "dtype": "float32", "data": [[20.25, 20.25], [20.25, 20.25]]}
        },
    }


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "pass\n"])
def test_a_program_may_do_nothing(capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert ran(capsys, text) == (0, "", "")
    assert document(capsys, text)["output"] == []


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfprint('\xc3\xa9')\n",
        b"print('\xc3\xa9')",
        b"if True:\r\n    print('\xc3\xa9')\r\n",
        "\ufeffprint('é')\n".encode("utf-16-le"),
    ],
)
def test_a_file_may_have_a_mark_and_any_line_ends(
    capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    Path("program.py").write_bytes(data)
    assert run(capsys, "run", "program.py") == (0, "é\n", "")


def test_out_holds_the_tensors_of_all_variables(capsys: pytest.CaptureFixture[str]) -> None:
    text = "x = torch.tensor([1.5, 2])\nn = 3\nmask = x > 1.5\nprint(n)\n"
    done = ran(capsys, text, "--out", "left.npz")
    assert done == (0, "3\n", "wrote x, mask to left.npz\n")
    with np.load("left.npz") as left:
        assert {name: left[name].tolist() for name in left} == {
            "x": [1.5, 2.0],
            "mask": [False, True],
        }
        assert left["x"].dtype == np.float32
    assert ran(capsys, "x = ones(2)\n", "--out", "x.npy").status == 0
    assert np.load("x.npy").tolist() == [1, 1]


@pytest.mark.parametrize(
    ("file", "text", "kind", "message"),
    [
        ("left.txt", "x = ones(2)\nprint(1)\n", "file", "left.txt"),
        ("left.npy", "x = ones(2)\ny = x + 1\n", "file", "left.npy holds one array"),
        ("left.npz", "n = 3\n", "usage", "no variable of the program holds a tensor"),
    ],
)
def test_out_that_cannot_be_meant(
    capsys: pytest.CaptureFixture[str], file: str, text: str, kind: str, message: str
) -> None:
    done = ran(capsys, text, "--out", file, "--json")
    error = json.loads(done.errors)["error"]
    assert (done.status, done.output, error["kind"]) == (2, "", kind)
    assert error["message"].startswith(message)
    assert not Path(file).exists()


def test_a_program_that_fails_writes_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "x = ones(2)\nassert x[0] > 1\n", "--out", "left.npz").status == 1
    assert not Path("left.npz").exists()


# ----- Inputs -----


@pytest.mark.parametrize(
    "words",
    [
        ["--x", "[1, 2]", "--seed_of", "3"],
        ["--let", "x=[1, 2]", "--let", "seed_of=3"],
        ["--inputs", "inputs.npz"],
        ["--inputs", "inputs.npz", "--x", "[1, 2]"],
    ],
)
def test_names_that_a_program_does_not_set_are_inputs(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    np.savez("inputs.npz", x=np.array([1.0, 2.0]), seed_of=np.array(3.0), unused=np.ones(2))
    text = "y = 2\nfor i in range(3):\n    y = y + x*seed_of\nprint(y)\n"
    assert ran(capsys, text, *words) == (0, "tensor([11., 20.])\n", "")


def test_a_name_that_is_an_option_is_given_with_let(capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(capsys, "print(out)", "--let", "out=3").output == "tensor(3.)\n"
    error = refused(capsys, "print(out)")
    assert (error["kind"], error["line"], error["column"]) == ("name", 1, 7)
    assert "--let out=TENSOR" in error["hint"]
    later = "for i in range(2):\n    if i > 0: print(out)\n    out = i\n"
    assert ran(capsys, later) == (0, "0\n", "")
    assert ran(capsys, "out = 3\nprint(out)").output == "3\n"


def test_standard_input_gives_a_tensor_to_a_file() -> None:
    Path("program.py").write_text("print(x.sum())\n")
    done = process("run", "program.py", "--x", "-", stdin=b"[1, 2]")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"tensor(3.)\n", b"")


def test_standard_input_gives_the_program() -> None:
    done = process("run", "-", "--x", "[1, 2]", "--json", stdin=CUBE.encode() + b"x * 2\n")
    assert (done.returncode, done.stdout) == (2, b"")
    done = process("run", "-", "--w", "[1, 2]", "--json", stdin=CUBE.encode() + b"w * 2\n")
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout)
    assert (found["file"], found["output"][-1]) == ("-", "tensor([2., 4.])")


def test_a_program_can_be_typed() -> None:
    terminal, end = os.openpty()
    started = subprocess.Popen(
        [*DIFFTOOL, "run", "-"], env=environment(), stdin=end, stdout=subprocess.PIPE
    )
    os.close(end)
    os.write(terminal, b"x = 1 + 2\nprint(x)\n\x04")
    output, _ = started.communicate(timeout=60)
    os.close(terminal)
    assert (started.returncode, output) == (0, b"3\n")


def test_floating_point_inputs_take_the_default_dtype(capsys: pytest.CaptureFixture[str]) -> None:
    np.save("x.npy", np.array([0.1]))
    found = document(capsys, "y = x + 1\nn = i + 1\n", "--x", "@x.npy", "--i", "tensor(2)")
    assert found["variables"]["y"]["dtype"] == "float32"
    assert found["variables"]["n"]["dtype"] == "int64"
    found = document(capsys, "y = x + 1\n", "--x", "@x.npy", "--dtype", "float64")
    assert found["variables"]["y"] == {
        "shape": [1],
        "dtype": "float64",
        "data": [1.1],
        "grad_fn": None,
    }


def test_the_help_of_a_program_lists_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "y = x @ weights\nprint(y)\n", "--help")
    assert (done.status, done.errors) == (0, "")
    assert "  --x TENSOR " in done.output and "  --weights TENSOR " in done.output
    assert "--y TENSOR" not in done.output and "--NAME" not in done.output.partition("\n")[2]
    for words in (["missing.py"], ["-"], ["."], []):
        assert "  --NAME TENSOR " in run(capsys, "run", *words, "--help").output
    assert "  --NAME TENSOR " in ran(capsys, "class X: pass\n", "--help").output


def test_every_option_has_a_variable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFFTOOL_DTYPE", "float64")
    monkeypatch.setenv("DIFFTOOL_LET", "x=[1, 2]; unused=3")
    monkeypatch.setenv("DIFFTOOL_SEED", "5")
    monkeypatch.setenv("DIFFTOOL_JSON", "1")
    found = json.loads(ran(capsys, "y = x*randn(2)\n").output)
    assert (found["seed"], found["variables"]["y"]["dtype"]) == (5, "float64")
    monkeypatch.setenv("DIFFTOOL_MAX_STEPS", "10")
    assert json.loads(ran(capsys, "while x[0] > 0: x = x + 1\n").errors)["error"]["kind"] == "limit"


# ----- Seeds -----


def test_a_drawn_seed_is_reported_and_repeats_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    text = "print(torch.randn(3))\n"
    first = ran(capsys, text)
    label, seed, hint = first.errors.split(" ", 2)
    assert (first.status, label) == (0, "seed:")
    assert hint == f"(--seed {seed} draws the same numbers)\n"
    assert ran(capsys, text, "--seed", seed) == (0, first.output, "")
    drawn = document(capsys, text)
    assert document(capsys, text, "--seed", str(drawn["seed"]))["output"] == drawn["output"]


def test_a_seed_that_was_given_or_not_needed_is_not_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seeded = "torch.manual_seed(0)\nprint(torch.randn(3))\n"
    assert ran(capsys, seeded) == (0, "tensor([ 1.5410, -0.2934, -2.1788])\n", "")
    assert ran(capsys, "print(torch.randn(3))\n", "--seed", "0") == ran(capsys, seeded)
    assert document(capsys, seeded)["seed"] == 0
    assert document(capsys, "print(1)\n")["seed"] is None
    assert document(capsys, "print(1)\n", "--seed", "3")["seed"] is None


def test_a_seed_that_only_an_input_needed_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "print(x)\n", "--x", "randn(3)")
    seed = done.errors.split(" ")[1]
    assert ran(capsys, "print(x)\n", "--x", "randn(3)", "--seed", seed) == (0, done.output, "")
    found = document(capsys, "print(x)\n", "--x", "randn(3)")
    again = document(capsys, "print(x)\n", "--x", "randn(3)", "--seed", str(found["seed"]))
    assert again == found
