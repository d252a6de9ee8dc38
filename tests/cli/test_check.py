"""`difftool check`: verdicts as exit statuses, every format, files, and what is refused."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.command_line import environment, process, read, run

CUBIC = ("check", "mean(3*(x+2)^3)", "--x", "randn(2,2)", "--seed", "1")

CHECKS = """[[check]]
name = "right"
expression = "sum(x^2)"
inputs = { x = "randn(3)" }
against = "2 * x"

[[check]]
name = "wrong: a, b"
expression = "mean(x^2)"
inputs = { x = "randn(3)" }
against = "2 * x"
"""
BROKEN = '[[check]]\nname = "broken"\nexpression = "sum(y)"\n'


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (CUBIC, 0, "passed"),
        ((*CUBIC, "--order", "2", "--trials", "3"), 0, "2nd order"),
        ((*CUBIC, "--against", "9*(x+2)^2/4"), 0, "hand-derived gradient  0 of 4"),
        ((*CUBIC, "--against", "9*(x+2)^2"), 1, "a missing division by numel(x)?"),
        ((*CUBIC, "--against", "9*(x+2)^2/4*1.001"), 1, "yours is 1.001 times ours"),
        ((*CUBIC, "--against", "9*(x+2)^2/4*1.001", "--rtol", "0.01"), 0, "passed"),
        (("check", "sum(x.detach()*x)", "--x", "[1,2]"), 1, "no gradient passes detach"),
        (("check", "relu(x)", "--x", "0"), 0, "slope 0 on the left and 1 on the right"),
        (("check", "-x^2", "--x", "-3"), 0, "passed"),
        (("check", "x*y", "--x", "3", "--y", "2", "--wrt", "y"), 0, "y      central"),
        (("check", "x", "--x", "[1, 2]", "--grad-output", "[1, 0]"), 0, "passed"),
        (("check", "sum(x*c)", "--x", "[1, 2]", "--against", "k", "--wrt", "x", "--c", "3", "--k",
          "3"), 0, "taken for every entry"),
    ],
)  # fmt: skip
def test_the_exit_status_is_the_verdict(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int, said: str
) -> None:
    done = run(capsys, *words)
    assert (done.status, done.errors) == (status, ""), done.output + done.errors
    assert said in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check",), "the expression is missing"),
        (("check", "sum(x)"), "`x` has no value"),
        (("check", "sum(x)", "--x", "1", "--order", "3"), "--order takes 1 or 2"),
        (("check", "sum(x)", "--x", "1", "--rtol", "-1"), "--rtol takes a number from 0 on"),
        (("check", "sum(x)", "--x", "1", "--format", "xml"), "--format takes"),
        (("check", "sum(x)", "--x", "1", "--trials", "2"), "need random inputs"),
        (("check", "sum(x)", "--x", "1", "--agains", "1"), "did you mean --against?"),
        (("check", "sum(x)", "--x", "1", "--against", "3x"), "--against 3x"),
        (("check", "sum(x)", "--x", "1", "--against", "y"), "`y` has no value"),
        (("check", "sum(x)", "--file", "a.toml"), "an expression and --file"),
        (("check", "--file", "a.toml", "--wrt", "x"), "--wrt belongs to one check"),
        (("check", "--file", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_what_can_not_be_checked_is_refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    done = run(capsys, *words)
    assert (done.status, done.output) == (2, "")
    assert said in done.errors


def test_json_is_valid_under_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    for words, passed in (
        (CUBIC, True),
        ((*CUBIC, "--against", "x", "--order", "2"), False),
        (("check", "relu(x)", "--x", "0"), True),
        (("check", "sum(sqrt(x))", "--x", "[0, 1]"), False),
        (("check", "sum(sign(x))", "--x", "[0, 1]"), False),
    ):
        done = run(capsys, *words, "--json")
        line = read(done.output)
        assert line["passed"] is passed and done.status == (0 if passed else 1)
        assert run(capsys, *words[:4], "--seed", str(line["seed"]), "--format", "json").output


def test_errors_are_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "check", "sum(y)", "--format", "json")
    assert json.loads(done.errors)["error"]["kind"] == "name"


# ----- Files -----


@pytest.fixture
def checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("checks.toml").write_text(CHECKS, encoding="utf-8")
    return "checks.toml"


def test_a_file_is_carried_out_as_a_table(capsys: pytest.CaptureFixture[str], checks: str) -> None:
    done = run(capsys, "check", "--file", checks)
    assert (done.status, done.errors) == (1, "")
    assert done.output.splitlines()[2].split()[:2] == ["right", "passed"]
    assert done.output.splitlines()[-1] == "2 checks: 1 passed, 1 failed"
    Path(checks).write_text(CHECKS.partition("\n\n")[0], encoding="utf-8")
    assert run(capsys, "check", "--file", checks).status == 0


def test_a_check_that_can_not_be_carried_out_is_status_2(
    capsys: pytest.CaptureFixture[str], checks: str
) -> None:
    Path(checks).write_text(CHECKS + BROKEN, encoding="utf-8")
    done = run(capsys, "check", "--file", checks, "--json")
    lines = [read(line) for line in done.output.splitlines(keepends=True)]
    assert [line["passed"] for line in lines] == [True, False, False]
    assert [line["line"] for line in lines] == [1, 7, 12]
    assert lines[2]["error"]["message"] == "`y` has no value"
    assert (done.status, done.errors) == (
        2,
        "3 checks: 1 passed, 1 failed, 1 could not be carried out\n",
    )


def test_github_and_junit(capsys: pytest.CaptureFixture[str], checks: str) -> None:
    done = run(capsys, "check", "--file", checks, "--format", "github")
    first, last = done.output.splitlines()
    assert first.startswith(
        "::error file=checks.toml,line=7,title=wrong%3A a%2C b%3A gradient by x::x["
    )
    assert (done.status, last) == (1, "2 checks: 1 passed, 1 failed")
    done = run(capsys, "check", "--file", checks, "--format", "junit")
    assert done.output.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
    assert done.errors == "2 checks: 1 passed, 1 failed\n"


def test_jobs_change_nothing(checks: str) -> None:
    words = ("check", "--file", checks, "--format", "github")
    alone, shared = process(*words), process(*words, "--jobs", "2")
    assert (alone.returncode, alone.stdout) == (1, shared.stdout)
    assert shared.stderr == b""


def test_the_format_can_be_set_by_the_environment(checks: str) -> None:
    done = process("check", settings={"DIFFTOOL_FILE": checks, "DIFFTOOL_FORMAT": "github"})
    assert done.returncode == 1 and done.stdout.startswith(b"::error file=checks.toml,line=7,")


def test_progress_is_shown_in_a_terminal_alone(checks: str) -> None:
    assert process("check", "--file", checks).stderr == b""
    reader, writer = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "difftool", "check", "--file", checks],
        env=environment(TERM="xterm"),
        stdout=subprocess.PIPE,
        stderr=writer,
        timeout=60,
    )
    os.close(writer)
    shown = os.read(reader, 10_000).decode()
    os.close(reader)
    assert b"\x1b" not in done.stdout
    assert "0/2 right" in shown and "1/2 wrong" in shown and shown.endswith("\r\x1b[K")


def test_inputs_come_from_files_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "x.npy", np.array([1.0, 2.0]))
    done = run(
        capsys, "check", "sum(x*y)", "--x", f"@{tmp_path}/x.npy", "--y", "randn(2)", "--trials", "3"
    )
    assert done.status == 0, done.errors
