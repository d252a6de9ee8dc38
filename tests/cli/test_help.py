"""Help, version and completion."""

from __future__ import annotations

import click
import pytest

from difftool.cli.options import Option
from difftool.cli.program import program
from difftool.version import VERSION
from tests.cli.command_line import process, run


def test_without_arguments_the_help_is_shown_as_an_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bare, asked = run(capsys), run(capsys, "--help")
    assert (bare.status, bare.output) == (2, "")
    assert (asked.status, asked.errors) == (0, "")
    assert bare.errors == asked.output
    for name in program.commands:
        assert f"\n  {name} " in asked.output


@pytest.mark.parametrize("name", list(program.commands))
def test_the_help_of_a_command_has_every_option_and_fits_80_columns(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    done = run(capsys, name, "--help")
    assert (done.status, done.errors) == (0, "")
    assert done.output.startswith(f"Usage: difftool {name}")
    for option in program.commands[name].params:
        if isinstance(option, Option):
            assert f"  {option.opts[0]} " in done.output
            assert option.help
    assert max(map(len, done.output.splitlines())) <= 80


@pytest.mark.parametrize("command", list(program.commands.values()), ids=list(program.commands))
def test_no_option_is_short(command: click.Command) -> None:
    for option in command.params:
        if isinstance(option, Option):
            names = [*option.opts, *option.secondary_opts]
            assert all(name.startswith("--") and len(name) > 3 for name in names)


@pytest.mark.parametrize(
    "words",
    [
        ["grad", "mean(x*y)", "--help"],
        ["grad", "--help", "mean(x*y)"],
        ["grad", "mean(x*y)", "--x", "3", "--nonsense", "--help"],
        ["grad", "--help", "--", "mean(x*y)"],
    ],
)
def test_the_help_of_an_expression_lists_its_names(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    done = run(capsys, *words)
    assert (done.status, done.errors) == (0, "")
    assert "  --x TENSOR " in done.output and "  --y TENSOR " in done.output
    assert "--NAME TENSOR  " not in done.output


@pytest.mark.parametrize("words", [["grad", "3x", "--help"], ["grad", "-", "--help"]])
def test_help_needs_no_sound_expression(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    done = run(capsys, *words)
    assert (done.status, done.errors) == (0, "")
    assert "  --NAME TENSOR " in done.output


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version") == (0, f"difftool {VERSION}\n", "")


def completions(words: str) -> list[str]:
    """What the shell is offered for the last of `words`."""
    settings = {
        "_DIFFTOOL_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = process(settings=settings)
    assert (done.returncode, done.stderr) == (0, b"")
    return [line.partition(",")[2] for line in done.stdout.decode().splitlines()]


def test_the_shell_completes_commands_options_and_names() -> None:
    assert completions("difftool gr") == ["grad"]
    assert completions("difftool grad --gr") == ["--grad-output"]
    assert completions("difftool grad weight*2 --we") == ["--weight"]
    assert completions("difftool grad --json -x^2 --fin") == ["--finite"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_completion_is_printed(shell: str) -> None:
    done = process(settings={"_DIFFTOOL_COMPLETE": f"{shell}_source"})
    assert done.returncode == 0
    assert b"_DIFFTOOL_COMPLETE" in done.stdout
