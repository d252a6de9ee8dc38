"""Programs against the record of PyTorch: what they print, and how those that fail end.

`tests/notebook` holds the programs, their transcripts and the table of errors;
`tests/oracle/record_transcripts.py` makes the record. PyTorch is not needed here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import Outcome, process, run
from tests.notebook.refusal import Refusal
from tests.notebook.refusals import REFUSALS

NOTEBOOK = Path(__file__).parent / "notebook"
PROGRAMS = NOTEBOOK / "programs"
TRANSCRIPTS = NOTEBOOK / "transcripts"
NAMES = sorted(path.stem for path in PROGRAMS.glob("*.py"))

# The outputs of the notebook's first 13 cells and its last three, as its own PyTorch (0.4) printed
# them. That release called the full mean MeanBackward1 and set two blanks before a column.
NOTEBOOK_OPENS = """
tensor([[ 1.,  1.],
        [ 1.,  1.]])
tensor([[ 3.,  3.],
        [ 3.,  3.]])
<AddBackward0>
tensor([[ 81.,  81.],
        [ 81.,  81.]]) tensor(81.)
<MulBackward0>
<MeanBackward0>
tensor([[ 0.1667,  0.1667,  0.1667],
        [ 0.1667,  0.1667,  0.1667],
        [ 0.1667,  0.1667,  0.1667]])
False
tensor([[ 0.1667,  0.1667,  0.1667],
        [ 0.1667,  0.1667,  0.1667],
        [ 0.1667,  0.1667,  0.1667]])
True
<SumBackward0>
tensor([[ 20.2500,  20.2500],
        [ 20.2500,  20.2500]])
"""
NOTEBOOK_CLOSES = """
True
True
False
"""


def run_file(capsys: pytest.CaptureFixture[str], name: str, *options: str) -> Outcome:
    return run(capsys, "run", str(PROGRAMS / f"{name}.py"), *options)


@pytest.mark.parametrize("name", NAMES)
def test_a_program_prints_what_pytorch_prints(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    expected = (TRANSCRIPTS / f"{name}.txt").read_text(encoding="utf-8")
    outcome = run_file(capsys, name, "--seed", "0")
    assert outcome.output.splitlines() == expected.splitlines(), outcome.errors
    assert outcome.status == 0


def test_every_program_is_recorded() -> None:
    assert sorted(path.stem for path in TRANSCRIPTS.glob("*.txt")) == NAMES


def test_the_notebook_prints_what_it_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the seed: these cells draw nothing, or nothing that shows."""
    outcome = run_file(capsys, "notebook", "--seed", "123")
    history = r", (grad_fn=<\w+>|requires_grad=True)"
    printed = re.sub(r"\s+", "", re.sub(history, "", outcome.output))
    assert printed.startswith(re.sub(r"\s+", "", NOTEBOOK_OPENS))
    assert printed.endswith(re.sub(r"\s+", "", NOTEBOOK_CLOSES))


def test_the_seed_decides_what_the_notebook_draws(capsys: pytest.CaptureFixture[str]) -> None:
    first, again, other = (
        run_file(capsys, "notebook", "--seed", seed).output for seed in ("5", "5", "6")
    )
    assert first == again != other


def test_a_program_is_read_from_standard_input() -> None:
    program = (PROGRAMS / "accumulation.py").read_bytes()
    done = process("run", "-", "--seed", "0", stdin=program)
    expected = (TRANSCRIPTS / "accumulation.txt").read_text(encoding="utf-8")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().splitlines() == expected.splitlines()


# ----- Errors -----


def test_names_of_refusals_are_unique() -> None:
    assert len({case.name for case in REFUSALS}) == len(REFUSALS)


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.name)
def test_a_program_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, case: Refusal
) -> None:
    error = error_of(capsys, tmp_path, case)
    assert (error["kind"], error["line"]) == (case.kind, case.line), error
    words = f"{error['message']} {error['hint'] or ''}"
    if case.kind == "assertion":
        words += plain_text_of(capsys, tmp_path, case)
    for word in case.says:
        assert word in words


def test_errors_stand_in_the_line_in_which_python_raises() -> None:
    raised = json.loads((NOTEBOOK / "refusals.json").read_text(encoding="utf-8"))["raised"]
    assert set(raised) == {case.name for case in REFUSALS if case.runs_in_python}
    for case in REFUSALS:
        if raised.get(case.name) is not None:
            assert raised[case.name]["line"] == case.line, case.name


def test_an_error_names_the_file_the_line_and_the_statement(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    case = Refusal("", "x = 1\n\ny = x + nothing\n", 3, "name", ("nothing",))
    text = plain_text_of(capsys, tmp_path, case)
    assert "program.py" in text
    assert re.search(r"\b3\b", text)
    assert "y = x + nothing" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("last", ["class A: pass", "import os", "x = (1", "def f(x):\n  return x"])
def test_what_is_not_of_the_language_is_refused_before_anything_runs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, last: str
) -> None:
    outcome = run(capsys, "run", written(tmp_path, f"print('runs')\n{last}\n"))
    assert (outcome.status, outcome.output) == (2, "")


def test_what_was_printed_before_an_error_stays(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    outcome = run(capsys, "run", written(tmp_path, "print('runs')\n1 / 0\n"))
    assert (outcome.status, outcome.output) == (2, "runs\n")


def error_of(capsys: pytest.CaptureFixture[str], folder: Path, case: Refusal) -> dict[str, Any]:
    """The error as `--json` reports it."""
    outcome = run(capsys, "run", written(folder, case.program), *case.options, "--json")
    assert outcome.status == case.status, outcome
    reports = [json.loads(line) for line in outcome.errors.splitlines() if line.startswith("{")]
    error: dict[str, Any] = reports[-1]["error"]
    return error


def plain_text_of(capsys: pytest.CaptureFixture[str], folder: Path, case: Refusal) -> str:
    """The error as people read it."""
    outcome = run(capsys, "run", written(folder, case.program), *case.options)
    assert outcome.status == case.status, outcome
    return outcome.errors


def written(folder: Path, program: str) -> str:
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    return str(path)
