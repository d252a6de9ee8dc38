"""Check files: what they may say, where their faults are, and their checks carried out."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from difftool.carrying_out import carry_out, carry_out_all
from difftool.checklist import read_checks
from difftool.errors import DifftoolError

TEXT = '''# Two checks
[defaults]
rtol = 1e-5
trials = 2

[[check]]
name = "cubic"
expression = "mean(3*(x+2)^3)"
inputs = { x = "randn(2, 2)" }
against = "9*(x+2)^2 / 4"
order = 2

[[check]] # the second
name = """
[[check]]
"""
expression = "sum(x * n)"
wrt = "x"
trials = 1
[check.inputs]
x = [1, 2.5]
n = 3
'''


def write(folder: Path, text: str, name: str = "checks.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_toml_file_is_a_list_of_checks(tmp_path: Path) -> None:
    first, second = read_checks(write(tmp_path, TEXT))
    assert (first.name, first.line, second.line) == ("cubic", 6, 13)
    assert first.options == {"rtol": 1e-5, "trials": 2, "against": "9*(x+2)^2 / 4", "order": 2}
    assert second.name == "[[check]]\n"
    assert second.inputs == {"x": [1, 2.5], "n": 3}
    assert second.options == {"rtol": 1e-5, "trials": 1, "wrt": ["x"]}


def test_json_lines_are_a_list_of_checks(tmp_path: Path) -> None:
    lines = [{"expression": "sum(x)", "inputs": {"x": [1, 2]}}, {"name": "b", "expression": "2*x"}]
    text = "\n\n".join(map(json.dumps, lines)) + "\n"
    first, second = read_checks(write(tmp_path, text, "checks.jsonl"))
    assert (first.line, second.line, second.name) == (1, 3, "b")
    assert carry_out(first).passed


def test_checks_in_one_line_are_checks_too(tmp_path: Path) -> None:
    text = 'check = [{ expression = "x^2", inputs = { x = 3 } }, { expression = "x" }]\n'
    assert [listed.line for listed in read_checks(write(tmp_path, text))] == [1, 1]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "the file has no checks"),
        ("[[check]]\nname = 'a'\n", 1, "the check has no expression"),
        ("[[check]]\nexpression = 'x'\n\nexpresion = 'x'\n", 4, "a check has no `expresion`"),
        ("[[check]]\nexpression = 'x'\n[[check]]\nexpression = 3\n", 4, "no expression"),
        ("[[check]]\nexpression = 'x'\norder = 3\n", 3, "order is 1 or 2"),
        ("[[check]]\nexpression = 'x'\ntrials = true\n", 3, "trials is a whole number"),
        ("[[check]]\nexpression = 'x'\nrtol = -1\n", 3, "rtol is a number"),
        ("[[check]]\nexpression = 'x'\natol = nan\n", 3, "atol is a number"),
        ("[[check]]\nexpression = 'x'\nwrt = 3\n", 3, "wrt is a name"),
        ("[[check]]\nexpression = 'x'\ninputs = 3\n", 3, "inputs are tensors by name"),
        ("[[check]]\nexpression = 'x'\n[check.inputs]\nx = '-'\n", 4, "standard input"),
        ("[[check]]\nexpression = 'x\n", 2, "the file is no TOML"),
        ("[[check]]\nexpression = 'x'\n[[chekc]]\n", 1, "`chekc` is no part"),
        ("check = 3\n", 1, "`check` is no list of tables"),
        ("[defaults]\nname = 'a'\n", 2, "checks can't share `name`"),
    ],
)
def test_faulty_files_name_the_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(DifftoolError, match=message) as caught:
        read_checks(file)
    assert (caught.value.kind, caught.value.place, caught.value.line) == ("file", file, line)


def test_faulty_lines_of_json_name_the_line(tmp_path: Path) -> None:
    file = write(tmp_path, '{"expression": "x"}\n{"expression": \n', "checks.jsonl")
    with pytest.raises(DifftoolError, match="line 2 is no JSON") as caught:
        read_checks(file)
    assert caught.value.line == 2
    with pytest.raises(DifftoolError, match="a check is an object"):
        read_checks(write(tmp_path, "3\n", "checks.jsonl"))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DifftoolError) as caught:
        read_checks(str(tmp_path / "no.toml"))
    assert caught.value.kind == "file"


def test_files_of_inputs_are_beside_the_check_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    np.save(folder / "x.npy", np.array([1.0, 2.0]))
    np.savez(folder / "all.npz", x=np.array([1.0, 2.0]))
    text = """
[[check]]
expression = "sum(x^2)"
inputs = { x = "@x.npy" }
[[check]]
expression = "sum(x^2)"
inputs = "@all.npz"
[[check]]
expression = "sum(x^2)"
inputs = { x = "@all.npz:x" }
"""
    monkeypatch.chdir(tmp_path)
    write(folder, text)
    for listed in read_checks("folder/checks.toml"):
        record = carry_out(listed)
        assert record.passed, record.error


def test_what_can_not_be_carried_out_is_a_record(tmp_path: Path) -> None:
    file = write(tmp_path, '[[check]]\nexpression = "sum(y)"\ninputs = { x = 1 }\n')
    record = carry_out(read_checks(file)[0])
    assert not record.passed
    assert record.error is not None and record.error.kind == "name"
    assert (record.file, record.line, record.title) == (file, 1, "sum(y)")
    again = pickle.loads(pickle.dumps(record))
    assert vars(again.error) == vars(record.error)


def test_processes_give_the_same_records_in_the_same_order(tmp_path: Path) -> None:
    text = TEXT + "".join(
        [f'[[check]]\nexpression = "sum({n} * x.exp())"\ninputs = {{x = 1}}\n' for n in range(4)]
    )
    checks = read_checks(write(tmp_path, text + '[[check]]\nexpression = "z"\n'))
    alone = [found._replace(seconds=0.0) for found in carry_out_all(checks)]
    shared = [found._replace(seconds=0.0) for found in carry_out_all(checks, jobs=2)]
    assert [found._replace(error=None) for found in alone] == [
        found._replace(error=None) for found in shared
    ]
    assert str(alone[-1].error) == str(shared[-1].error)
    assert [found.passed for found in alone] == [True] * 6 + [False]


def test_a_seed_is_for_checks_without_their_own(tmp_path: Path) -> None:
    text = '[[check]]\nexpression = "sum(x)"\ninputs = {x = "randn(2)"}\n'
    (listed,) = read_checks(write(tmp_path, text))
    assert (carry_out(listed).seed, carry_out(listed, seed=5).seed) == (0, 5)
    (listed,) = read_checks(write(tmp_path, text + "seed = 9\n"))
    assert carry_out(listed, seed=5).seed == 9
