"""Every option has an environment variable; the command line wins over it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from difftool.cli.options import Option, variable
from difftool.cli.program import program
from tests.cli.command_line import Outcome, run

CHECK = ["check", "sum(x^2)", "--seed", "0"]
SQUARE = ["grad", "x*y", "--x", "[1., 2.]", "--y", "[3., 4.]"]


def options() -> set[str]:
    return {
        parameter.opts[0]
        for command in program.commands.values()
        for parameter in command.params
        if isinstance(parameter, Option) and not parameter.is_eager
    }


# A request, an option with its value (None: a flag), and what the option does to the outcome.
CASES: list[tuple[list[str], str, str | None]] = [
    (["eval", "x"], "--let", "x=3"),
    (["eval", "a*x"], "--inputs", "inputs.npz"),
    ([*SQUARE, "--grad-output", "[1, 1]"], "--wrt", "y"),
    (SQUARE, "--grad-output", "[1, 10]"),
    (["jvp", "x^2", "--x", "2."], "--tangent", "x=1"),
    (["hessian", "x*y", "--x", "2.", "--y", "3."], "--matrix", None),
    (["eval", "x + 0.1", "--x", "1.0"], "--dtype", "float32"),
    (["eval", "randn(3)"], "--seed", "7"),
    (["eval", "ones(100)"], "--max-memory", "100"),
    (["run", "endless.py"], "--max-steps", "20"),
    (["eval", "x", "--x", "3"], "--engine", "fastest"),
    (["eval", "x", "--x", "3"], "--threads", "none"),
    (["eval", "x", "--x", "[1.5, 2]"], "--out", "result.npy"),
    (["eval", "pi*x", "--x", "1"], "--precision", "2"),
    (["eval", "log(x)", "--x", "0"], "--finite", None),
    (["grad", "x^2", "--x", "3"], "--keep", "0"),
    ([*CHECK, "--x", "2.", "--wrt", "x"], "--against", "2*x"),
    ([*CHECK, "--x", "randn(2)"], "--order", "2"),
    ([*CHECK, "--x", "randn(2)"], "--trials", "3"),
    ([*CHECK, "--x", "2.", "--against", "2.1*x"], "--rtol", "0.1"),
    ([*CHECK, "--x", "2.", "--against", "2.1*x"], "--atol", "1"),
    ([*CHECK, "--x", "2.", "--json"], "--atol", "-1"),
    (["check"], "--file", "checks.toml"),
    (["check", "--file", "checks.toml"], "--jobs", "none"),
    ([*CHECK, "--x", "2."], "--format", "github"),
    (["eval", "x", "--x", "3"], "--json", None),
    (["grad", "x^2", "--x", "3"], "--color", None),
]


def test_every_option_is_among_the_cases() -> None:
    assert {option for _, option, _ in CASES} == options()


@pytest.mark.parametrize(("request_words", "option", "given"), CASES)
def test_the_variable_does_what_the_option_does(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    request_words: list[str],
    option: str,
    given: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("inputs.npz", a=np.array(2.0), x=np.array(3.0))
    Path("endless.py").write_text("for step in range(1000):\n    step\n")
    Path("checks.toml").write_text('[[check]]\nexpression = "x"\ninputs = {x = 1}\n')
    without = run(capsys, *request_words)
    by_option = run(capsys, *request_words, option, *([] if given is None else [given]))
    monkeypatch.setenv(variable(option), "1" if given is None else given)
    by_variable = run(capsys, *request_words)
    assert named(by_option, option) == named(by_variable, variable(option))
    assert by_option != without


def named(outcome: Outcome, name: str) -> tuple[int, str, str]:
    """The outcome without the name and the place of the option, which differ."""
    first = outcome.errors.partition("\n")[0]
    return outcome.status, outcome.output, first.replace(name, "NAME")


def test_the_command_line_wins(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFFTOOL_PRECISION", "2")
    monkeypatch.setenv("DIFFTOOL_LET", "x=1; y=10")
    done = run(capsys, "eval", "x + y/3", "--x", "2", "--precision", "3")
    assert (done.status, done.output) == (0, "tensor(5.333)\n")


def test_let_of_the_environment_may_name_what_the_expression_does_not_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFFTOOL_LET", "x=1; unused=10")
    assert run(capsys, "eval", "x").status == 0


@pytest.mark.parametrize("setting", ["0", "false", ""])
def test_a_flag_is_switched_off_by_its_variable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("DIFFTOOL_JSON", setting)
    assert run(capsys, "eval", "3").output == "tensor(3)\n"


def test_colour_is_switched_off_by_its_variable(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run(capsys, "grad", "x^2", "--x", "3").output
    monkeypatch.setenv("DIFFTOOL_COLOR", "0")
    assert "\x1b[" not in run(capsys, "grad", "x^2", "--x", "3").output
    assert "\x1b[" not in run(capsys, "grad", "x^2", "--y", "3").errors
    assert "\x1b[" in run(capsys, "grad", "x^2", "--x", "3", "--color").output


@pytest.mark.parametrize(
    ("name", "setting", "message"),
    [
        ("DIFFTOOL_SEED", "soon", "DIFFTOOL_SEED takes a whole number from 0 on, not 'soon'"),
        ("DIFFTOOL_JSON", "maybe", "DIFFTOOL_JSON takes 1 or 0, not 'maybe'"),
        ("DIFFTOOL_COLOR", "red", "DIFFTOOL_COLOR takes 1 or 0, not 'red'"),
        ("DIFFTOOL_DTYPE", "flot32", "DIFFTOOL_DTYPE takes float64, float32 or float16"),
    ],
)
def test_a_wrong_variable_is_named(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    setting: str,
    message: str,
) -> None:
    monkeypatch.setenv(name, setting)
    done = run(capsys, "eval", "x", "--x", "3")
    assert (done.status, done.output) == (2, "")
    assert done.errors.startswith(f"error: {message}")


def test_free_names_have_no_variables(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFFTOOL_X", "3")
    done = run(capsys, "eval", "x")
    assert (done.status, done.output) == (2, "")
    assert "--x TENSOR" in done.errors


def test_errors_are_json_when_the_variable_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFFTOOL_JSON", "1")
    done = run(capsys, "grda")
    assert (done.status, done.output) == (2, "")
    assert json.loads(done.errors)["error"]["hint"] == "did you mean grad?"
