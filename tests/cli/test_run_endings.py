"""`difftool run` when something goes wrong: errors in programs, wrong requests, interrupts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command_line import environment, process, ran, refused, run

DIFFTOOL = [sys.executable, "-m", "difftool"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)



# ----- Errors -----


@pytest.mark.parametrize(
    ("text", "kind", "line", "column", "shown"),
    [
        ("a = ones(2, 3)\nb = a @ a\n", "shape", 2, 5, "  program.py line 2: b = a @ a\n"),
        ("x = 1\nif x:\n    y = z + 1\n", "name", 3, 9, "  program.py line 3:     y = z + 1\n"),
        ("x = 3\nclass X:\n    pass\n", "syntax", 2, 1, "  program.py line 2: class X:\n"),
        ("x = 3\n\ny = (1 +\n", "syntax", None, None, "  program.py line "),
        ("print(torch.nope(1))", "name", 1, 7, "  program.py line 1: print(torch.nope(1))\n"),
    ],
)
def test_an_error_names_file_line_and_statement(
    capsys: pytest.CaptureFixture[str],
    text: str,
    kind: str,
    line: int | None,
    column: int | None,
    shown: str,
) -> None:
    error = refused(capsys, text)
    assert (error["kind"], error["place"]) == (kind, "program.py")
    assert line in (None, error["line"]) and column in (None, error["column"])
    done = ran(capsys, text)
    assert (done.status, done.output) == (2, "")
    assert shown in done.errors
    assert "^" in done.errors and "\nhint: " in done.errors


def test_a_program_of_one_line_has_a_line_too() -> None:
    done = process("run", "-", stdin=b"x = ones(2) + ones(3)\n")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"\n  standard input line 1: x = ones(2) + ones(3)\n" in done.stderr
    done = process("run", "-", "--json", stdin=b"x = ones(2) + ones(3)\n")
    error = json.loads(done.stderr)["error"]
    assert (error["place"], error["line"], error["column"]) == ("standard input", 1, 5)


def test_an_error_in_a_value_names_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "print(x)\nprint(y)\n", "--x", "1", "--y", "ones(2) @ ones(3)")
    assert "\n  --y ones(2) @ ones(3)\n" in done.errors


def test_an_error_late_in_a_loop_is_that_of_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = "total = 0\nfor i in range(100000):\n    total = total + 1/(99999 - i)\n"
    done = ran(capsys, text)
    assert (done.status, done.output, done.errors.count("line 3")) == (2, "", 1)
    assert done.errors.count("\n") <= 5


def test_what_was_printed_before_an_error_stays(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "print('before')\nones(2) + ones(3)\nprint('after')\n")
    assert (done.status, done.output) == (2, "before\n")


def test_an_assertion_fails_with_status_1_and_both_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = 'x = ones(2)\nassert x.sum() == 2\nassert x.sum() < x[0], "too much"\n'
    done = ran(capsys, text)
    assert (done.status, done.output) == (1, "")
    assert done.errors.startswith("error: the assertion does not hold: too much\n")
    assert "\n  program.py line 3: assert x.sum() < x[0]" in done.errors
    assert "x.sum() is tensor(2.)" in done.errors and "x[0] is tensor(1.)" in done.errors
    error = refused(capsys, text)
    assert (error["kind"], error["line"], error["column"]) == ("assertion", 3, 8)


def test_a_failure_after_drawn_numbers_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    text = "x = randn(3)\nprint(x)\nassert (x*0 + y).sum() > 0\n"
    words = ["--y", "-randn(3).abs()"]
    done = ran(capsys, text, *words)
    note = "random numbers were drawn with --seed "
    seed = done.errors.partition(note)[2].split()[0]
    again = ran(capsys, text, *words, "--seed", seed)
    assert (again.status, again.output, note in again.errors) == (1, done.output, False)
    assert note in json.loads(ran(capsys, text, *words, "--json").errors)["error"]["notes"][-1]


@pytest.mark.parametrize(
    ("words", "kind", "message", "hint"),
    [
        ([], "usage", "the program is missing", "difftool run train.py"),
        ([""], "usage", "the program is empty", "difftool run"),
        (["--x", "3"], "usage", "the program is missing", ""),
        (["a.py", "b.py"], "usage", "two programs: `a.py` and `b.py`", "at a time"),
        (["good.py", "x=3"], "usage", "two programs", "did you mean --x=3?"),
        (["god.py"], "file", "there is no file god.py", "did you mean good.py"),
        (["no/good.py"], "file", "there is no file no/good.py", "no directory no"),
        (["x = 3; print(x)"], "file", "there is no file x = 3; print(x)", "difftool run -"),
        (["x = 3\n" * 1000], "file", "x = 3", "difftool run -"),
        (["."], "file", ". is a directory", "name a file"),
        (["data.npy"], "file", "data.npy is no text: byte 1 is not UTF-8", "NumPy's .npy"),
        (["cells.ipynb"], "file", "cells.ipynb is a notebook", "nbconvert --to script"),
        (["good.py", "--jsn"], "usage", "no such option: --jsn", "did you mean --json?"),
        (["good.py", "--y", "1"], "usage", "no such option: --y", "the program sets `y` itself"),
        (["good.py", "--zoo", "1"], "usage", "no such option: --zoo", "given by --x TENSOR"),
        (["nothing.py", "--x", "1"], "usage", "no such option: --x", "takes no inputs"),
        (["good.py", "--let", "z=1"], "usage", "the program has no free name `z`", "names: x"),
        (["good.py"], "name", "`x` has no value", "--x TENSOR"),
        (["good.py", "--x"], "usage", "--x needs a value", "--x=VALUE"),
        (["good.py", "--x", "1", "--x", "2"], "usage", "`x` is given twice", ""),
        (["good.py", "--x", "1", "--max-steps", "0"], "usage", "--max-steps takes a whole", ""),
        (["good.py", "--x", "1", "--max-steps", "1e6"], "usage", "--max-steps takes a whole", ""),
        (["good.py", "--x", "1", "--dtype", "int64"], "usage", "--dtype takes float64", ""),
        (["good.py", "--x", "ones(9)", "--max-memory", "8"], "limit", "", ""),
        (["good.py", "--x", "1", "--precision", "3"], "usage", "no such option", ""),
    ],
)
def test_a_wrong_request_is_refused(
    capsys: pytest.CaptureFixture[str], words: list[str], kind: str, message: str, hint: str
) -> None:
    Path("good.py").write_text("y = x + 1\nprint(y)\n")
    Path("nothing.py").write_text("# free of everything\n")
    Path("cells.ipynb").write_text('{"cells": []}\n')
    np.save("data.npy", np.ones(2))
    done = run(capsys, "run", *words)
    assert (done.status, done.output) == (2, "")
    again = run(capsys, "run", "--json", *words)
    assert (again.status, again.output) == (2, "")
    error = json.loads(again.errors)["error"]
    assert (error["kind"], message in error["message"]) == (kind, True)
    assert hint in (error["hint"] or "")


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (["-"], b"\xff", "standard input is no text: byte 1 is not UTF-8"),
        (["-", "--x", "-"], b"print(x)", "standard input is read once, but the program and --x"),
        (["-", "--inputs", "-"], b"print(x)", "standard input is read once, but the program and"),
    ],
)
def test_standard_input_that_cannot_be_meant(words: list[str], stdin: bytes, message: str) -> None:
    done = process("run", *words, stdin=stdin)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"error: {message}")


# ----- Endings -----


def test_a_runaway_loop_is_stopped_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    text = "n = 0\nprint('on')\nwhile True:\n    n = n + 1\n"
    error = refused(capsys, text, "--max-steps", "500")
    assert (error["kind"], error["line"], error["place"]) == ("limit", 3, "program.py")
    assert "500 steps" in error["message"] and "--max-steps" in error["hint"]
    done = ran(capsys, text, "--max-steps", "500")
    assert (done.status, done.output) == (2, "on\n")
    assert "\n  program.py line 3: while True:\n" in done.errors


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_interrupt_keeps_what_was_printed(form: list[str]) -> None:
    Path("program.py").write_text(
        "import torch\nprint('epoch 1', end='')\nprint()\nx = torch.zeros(3)\n"
        "while True:\n    x = x + 1\n"
    )
    started = subprocess.Popen(
        [*DIFFTOOL, "run", "program.py", *form],
        env=environment(PYTHONUNBUFFERED=""),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert started.stdout is not None
    if form:
        time.sleep(2)
        before = b""
    else:
        # It comes through the pipe while the program still runs.
        before = started.stdout.readline()
    started.send_signal(signal.SIGINT)
    output, errors = started.communicate(timeout=60)
    assert (started.returncode, before + output, errors) == (
        130,
        b"" if form else b"epoch 1\n",
        b"",
    )


def test_an_interrupt_that_python_drops_is_sent_once_more(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dying:
        def __del__(self) -> None:
            raise KeyboardInterrupt

    def run_long(*arguments: object, **settings: object) -> None:
        Dying()
        for _ in range(1000):
            time.sleep(0.01)
        raise AssertionError("the interrupt did not arrive")

    monkeypatch.setattr("difftool.session.Session.run", run_long)
    assert ran(capsys, "print(1)\n") == (130, "", "")


def shell(command: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash; the statuses of its last pipe are the last line of standard output."""
    return subprocess.run(
        ["bash", "-c", f'{command}\necho "${{PIPESTATUS[@]}}"'],
        env=environment(DIFFTOOL=" ".join(DIFFTOOL)),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


def test_a_reader_that_goes_away_ends_the_run_quietly() -> None:
    Path("program.py").write_text("for i in range(100000):\n    print(i)\n")
    done = shell("$DIFFTOOL run program.py | head -n 2")
    assert (done.stdout, done.stderr) == ("0\n1\n141 0\n", "")


def test_a_full_or_closed_standard_output_is_no_fault_of_the_program() -> None:
    Path("program.py").write_text("x = 1\nprint(x)\n")
    for stream, message in (("> /dev/full", "does not take the result"), (">&-", "is closed")):
        done = shell(f"$DIFFTOOL run program.py {stream}")
        assert done.stdout == "2\n"
        assert done.stderr.startswith(f"error: standard output {message}")
        assert "program.py" not in done.stderr


def test_a_program_that_prints_nothing_needs_no_standard_output() -> None:
    Path("program.py").write_text("assert 1 < 2\n")
    done = shell("$DIFFTOOL run program.py >&-")
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_a_stream_that_cannot_show_a_character_gets_an_escape() -> None:
    done = process("run", "-", stdin="print('α')".encode(), settings={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stdout, done.stderr) == (0, b"\\u03b1\n", b"")


def test_color_is_for_errors(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "print(ones(2))\nnope\n", "--color")
    assert done.output == "tensor([1., 1.])\n"
    assert "\x1b[" in done.errors


# ----- Start-up -----

REPORT = """
import sys
from difftool.cli.main import main
main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        (["run", "--help"], {"numpy", "lark", "rich", "json", "difftool.language"}),
        (["run", "program.py"], {"rich", "json"}),
        (["run", "program.py", "--json"], {"rich", "json"}),
    ],
)
def test_a_run_loads_only_what_it_needs(words: list[str], absent: set[str]) -> None:
    Path("program.py").write_text("x = ones(2, requires_grad=True)\nx.sum().backward()\nx.grad\n")
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *words], env=environment(), capture_output=True, text=True
    )
    assert done.stdout
    assert absent.isdisjoint(done.stderr.splitlines()[-1].split())
