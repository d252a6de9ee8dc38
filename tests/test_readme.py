"""The README is true: what it shows was printed by what it says, and its code runs.

`python -m tests.readme` rewrites what these tests compare.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from difftool.operations import registry
from difftool.operations.elementwise import elementary
from difftool.operations.registry import Operation, backward_name
from difftool.session import Session
from tests import readme
from tests.gradient_checks import assert_gradients, drawn

TEXT = readme.README.read_text(encoding="utf-8")
COMMANDS = [
    command for block in readme.blocks(TEXT, "console") for command in readme.commands(block.text)
]
HINT = "python -m tests.readme rewrites README.md"


@cache
def outputs() -> list[str]:
    return readme.outputs([command.text for command in COMMANDS], readme.files(TEXT))


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=lambda n: COMMANDS[n].text[:60])
def test_a_command_prints_what_stands_below_it(number: int) -> None:
    command, output = COMMANDS[number]
    assert readme.compared(command, outputs()[number]) == readme.compared(command, output), HINT


def test_the_readme_shows_commands() -> None:
    assert len(COMMANDS) > 10
    assert 'difftool grad "mean(3*(x+2)^3)" --x "ones(2,2)"' in [c.text for c in COMMANDS]


def test_the_jobs_of_the_readme_pass() -> None:
    jobs = "".join([block.text for block in readme.blocks(TEXT, "yaml")])
    lines = re.findall(r"^ +- (?:run: )?(difftool .*)$", jobs, re.M)
    assert [re.findall(r"--format \S+", line) for line in lines] == [
        ["--format github"],
        ["--format junit"],
    ]
    done = [text for line in lines for text in (line, "echo $?")]
    github, status, junit, other = readme.outputs(done, readme.files(TEXT))
    assert (status, other) == ("0\n", "0\n")
    assert github == junit == "2 checks: 2 passed\n"


def test_the_checks_of_the_readme_are_tests_for_pytest() -> None:
    content = readme.files(TEXT)["checks.toml"]
    (output,) = readme.outputs(
        ["PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python -m pytest -p difftool.plugin -k softmax"],
        {"readme.difftool.toml": content},
    )
    assert "1 passed, 1 deselected" in output


@pytest.mark.parametrize("name", readme.GENERATED)
def test_a_generated_part_is_up_to_date(name: str) -> None:
    assert readme.with_generated(TEXT, {name: readme.GENERATED[name]()}) == TEXT, HINT


def test_every_function_stands_in_the_table() -> None:
    table = readme.function_table()
    for name in registry.names():
        assert f"`{name}" in table


PROGRAMS = [block for block in readme.blocks(TEXT, "python") if not block.comment]


@pytest.mark.parametrize("block", PROGRAMS, ids=range(len(PROGRAMS)))
def test_a_python_block_runs(block: readme.Block) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", block.text],
        cwd=readme.ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_the_new_operation_is_all_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    (block,) = [b for b in readme.blocks(TEXT, "python") if b.comment == "new operation"]
    family = dict(vars(elementary))
    exec(compile(block.text, "README.md", "exec"), family)
    (name,) = set(family) - set(vars(elementary)) - {"__builtins__"}
    operation = family[name]
    assert isinstance(operation, Operation)
    assert registry.find(operation.name) is None, "the example must be new"

    monkeypatch.setitem(registry._functions, operation.name, operation)
    Session().evaluate(operation.example, {})
    record = Session().grad(f"sum(x.{name}())", {"x": np.array([0.5, -2.0])})
    assert record.nodes[1].grad_fn == backward_name(name)
    assert operation.checks
    for check in operation.checks:
        assert_gradients(check.expression, drawn(check))


# ----- The tool itself -----


def test_a_console_block_holds_several_commands_with_their_outputs() -> None:
    (block,) = readme.blocks("text\n```console\n$ a\nb\nc\n$ d e\n```\n```sh\nx\n```\n", "console")
    assert readme.commands(block.text) == [("a", "b\nc\n"), ("d e", "")]


def test_commands_share_one_shell_and_an_exit_status_is_seen_by_the_next() -> None:
    shell = ["echo 1 > f; echo out; echo err >&2", "cat f; printf end", "false", "echo $?", "pwd"]
    first, second, third, fourth, fifth = readme.outputs(shell)
    assert (first, second, third, fourth) == ("out\nerr\n", "1\nend", "", "1\n")
    assert fifth.endswith("/here\n")


def test_rounding_of_comparisons_that_hold_is_not_compared() -> None:
    first = "x  central  0 of 8  x[1]   2.0   1e-12\nx   forward  1 of 8   3\na  passed  1e-3\n"
    other = "x central  0 of 8   x[22]  2.0   1e-13\nx  forward  1 of 8  3\na  passed  1e-4\n"
    assert readme.compared("difftool check", first) == readme.compared("difftool check", other)
    assert readme.compared("difftool grad", first) != readme.compared("difftool grad", other)


def test_files_stand_below_their_names() -> None:
    text = "<!-- file: a.toml -->\n```toml\nx = 1\n```\n```toml\ny\n```\n"
    assert readme.files(text) == {"a.toml": "x = 1\n"}


def test_a_part_is_replaced_between_its_comments() -> None:
    text = "a\n<!-- p -->\nold\n<!-- /p -->\nb\n"
    assert readme.with_generated(text, {"p": "new\n"}) == "a\n<!-- p -->\nnew\n<!-- /p -->\nb\n"
    with pytest.raises(AssertionError, match="no part q"):
        readme.with_generated(text, {"q": ""})
