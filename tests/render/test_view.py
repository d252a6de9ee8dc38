"""The views of whole records, compared with files in `snapshots/`.

After a change that is meant, `WRITE_SNAPSHOTS=1 python -m pytest tests/render` writes the
files anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from difftool.render.characters import width
from difftool.render.screen import Screen
from difftool.render.view import text
from difftool.report.record import (
    EvalRecord,
    GradientRecord,
    GradRecord,
    OutputRecord,
    TextRecord,
    TupleRecord,
)

SNAPSHOTS = Path(__file__).parent / "snapshots"
WRITE = bool(os.environ.get("WRITE_SNAPSHOTS"))

SCREENS = {
    "40": Screen(40),
    "80": Screen(80),
    "80-color": Screen(80, color=True),
    "200": Screen(200),
    "pipe": Screen(),
    "ascii": Screen(80, "ascii"),
}

DRAWN = [
    *[("cubic", screen) for screen in SCREENS],
    *[("layer", screen) for screen in ("80", "200", "pipe")],
    *[("images", screen) for screen in ("80", "pipe")],
    *[("adversarial", screen) for screen in ("40", "80", "pipe", "ascii")],
    ("sums", "80"),
    ("dropped", "80"),
]


@pytest.mark.parametrize(("name", "screen"), DRAWN)
def test_gradient_records_look_as_they_did(
    records: dict[str, GradRecord], name: str, screen: str
) -> None:
    drawn = text(records[name], SCREENS[screen])
    snapshot = SNAPSHOTS / f"{name}.{screen}.txt"
    if WRITE:
        snapshot.write_text(drawn, encoding="utf-8")
    assert drawn == snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("name", ["cubic", "layer", "images", "sums", "adversarial", "dropped"])
def test_nothing_is_wider_than_the_terminal(
    records: dict[str, GradRecord], name: str, columns: int
) -> None:
    lines = text(records[name], Screen(columns)).splitlines()
    too_wide = [line for line in lines if width(line) > columns]
    assert too_wide == []


def test_a_pipe_gets_every_column_on_every_line(records: dict[str, GradRecord]) -> None:
    lines = text(records["layer"], Screen()).splitlines()
    (row,) = [line for line in lines if line.startswith(" 8  ")]
    assert row.split() == [
        *("8", "mean(tanh(weights", "@", "x", "+", "bias)^2)", "()"),
        *("0.3212", "1.", "MeanBackward0"),
    ]


def test_colours_change_nothing_but_colour(records: dict[str, GradRecord]) -> None:
    for record in records.values():
        plain = text(record, Screen(100))
        painted = text(record, Screen(100, color=True))
        stripped = re.sub(r"\x1b\[[0-9;]*m", "", painted)
        assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()
        assert "\x1b" not in plain


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "cp1252", "koi8-r"])
def test_every_encoding_can_show_it(records: dict[str, GradRecord], encoding: str) -> None:
    for record in records.values():
        for columns in (None, 80):
            text(record, Screen(columns, encoding)).encode(encoding)


def test_environment_does_not_reach_the_table(
    records: dict[str, GradRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = text(records["cubic"], Screen(color=True))
    for name, value in {
        "COLUMNS": "20",
        "LINES": "3",
        "NO_COLOR": "1",
        "FORCE_COLOR": "1",
        "TERM": "dumb",
        "JUPYTER_COLUMNS": "10",
        "TTY_COMPATIBLE": "0",
    }.items():
        monkeypatch.setenv(name, value)
        assert text(records["cubic"], Screen(color=True)) == expected


def test_precision_reaches_every_number(records: dict[str, GradRecord]) -> None:
    drawn = text(records["cubic"], Screen(), precision=2)
    assert "20.25," in drawn
    assert "20.2500" not in drawn


def test_unused_inputs_and_seed_are_told(records: dict[str, GradRecord]) -> None:
    drawn = text(records["layer"], Screen())
    assert "d(output)/d(scale), shape (2, 3), unused: zeros" in drawn
    assert "1234 (--seed 1234 draws the same numbers)" in drawn


def test_a_long_expression_loses_its_middle_and_says_so(records: dict[str, GradRecord]) -> None:
    first = text(records["sums"], Screen()).splitlines()[0]
    assert len(first) < 300
    assert first.startswith("expression  x + x + x")
    assert "…" in first and first.endswith("x + x + x")


def test_an_output_that_depends_on_nothing_has_no_chain() -> None:
    output = OutputRecord((), "float64", np.asarray(3.0), None)
    gradients = {"x": GradientRecord(np.zeros(2), False)}
    drawn = text(GradRecord("3", None, output, (), gradients, ()), Screen(80))
    assert "grad_fn chain" not in drawn
    assert "unused: zeros" in drawn


def tensor(value: object, grad_fn: str | None = None) -> OutputRecord:
    array = np.asarray(value)
    return OutputRecord(array.shape, array.dtype.name, array, grad_fn)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (tensor(81.0), "tensor(81.)\n"),
        (tensor([1.5, 2.0], "MulBackward0"), "tensor([1.5000, 2.0000], grad_fn=<MulBackward0>)\n"),
        (tensor(np.float32(0.5)), "tensor(0.5000, dtype=torch.float32)\n"),
        (TextRecord("torch.Size([2, 2])"), "torch.Size([2, 2])\n"),
        (TextRecord("'\x1b[31m'"), "'\\x1b[31m'\n"),
        (TupleRecord((tensor(1.0), tensor(2))), "(tensor(1.), tensor(2))\n"),
        (TupleRecord((tensor(1.0),)), "(tensor(1.),)\n"),
        (
            TupleRecord(
                (tensor([3.0]), tensor([1])), "torch.return_types.max", ("values", "indices")
            ),
            "torch.return_types.max(\nvalues=tensor([3.]),\nindices=tensor([1]))\n",
        ),
    ],
)
def test_values_print_as_pytorch_prints_them(
    output: OutputRecord | TextRecord | TupleRecord, expected: str
) -> None:
    assert text(EvalRecord("e", None, output), Screen(80)) == expected


def test_only_tables_import_rich() -> None:
    program = (
        "import sys\n"
        "import numpy\n"
        "from difftool.render.screen import Screen\n"
        "from difftool.render.diagnostic import error_text\n"
        "from difftool.render.view import text\n"
        "from difftool.errors import DifftoolError\n"
        "from difftool.report.record import EvalRecord, TextRecord\n"
        "text(EvalRecord('x', None, TextRecord('x')), Screen(80))\n"
        "error_text(DifftoolError('m', kind='value'), Screen(80, color=True))\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'rich', 'lark', 'json'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
