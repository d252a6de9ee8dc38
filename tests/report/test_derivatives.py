"""Records of products with derivatives and of whole derivatives as JSON, and their schema."""

from __future__ import annotations

import numpy as np
import pytest

from difftool.report.derivatives import (
    DerivativeRecord,
    HessianRecord,
    HvpRecord,
    JacobianRecord,
    JvpRecord,
    MatrixRecord,
    VjpRecord,
)
from difftool.report.json_lines import pieces
from difftool.report.record import GradientRecord
from difftool.report.schema import schema
from tests.report.test_json_lines import keys_in_order, output, read

HEAD = (
    '"expression": "x*y", "seed": 7, '
    '"output": {"shape": [], "dtype": "float64", "data": 6.0, "grad_fn": "MulBackward0"}, '
)
OUTPUT = output(6.0, "MulBackward0")
ONE = '{"shape": [], "dtype": "float64", "data": 1.0}'
HALF = '{"shape": [1], "dtype": "float32", "data": [0.5]}'
INFINITY = '{"shape": [], "dtype": "float64", "data": "Infinity"}'

one, half, infinity = np.array(1.0), np.array([0.5], "float32"), np.array(np.inf)
matrix = MatrixRecord(("x", 'W["]'), ("α[0]",), np.array([[np.nan], [2.0]]))
MATRIX = (
    ', "matrix": {"rows": ["x", "W[\\"]"], "columns": ["\\u03b1[0]"], "data": [["NaN"], [2.0]]}'
)

LINES: list[tuple[DerivativeRecord, str]] = [
    (JvpRecord("x*y", 7, OUTPUT, half, ("y",)), f'"tangent": {HALF}'),
    (
        VjpRecord("x*y", 7, OUTPUT, {"x": GradientRecord(one, True)}),
        f'"gradients": {{"x": {ONE[:-1]}, "used": true}}}}',
    ),
    (
        HvpRecord("x*y", 7, OUTPUT, {"x": one, "y": infinity}, ()),
        f'"products": {{"x": {ONE}, "y": {INFINITY}}}',
    ),
    (
        JacobianRecord("x*y", 7, OUTPUT, {"x": one, "y": half}, ("y",)),
        f'"jacobians": {{"x": {ONE}, "y": {HALF}}}',
    ),
    (
        JacobianRecord("x*y", 7, OUTPUT, {"x": one}, (), matrix),
        f'"jacobians": {{"x": {ONE}}}{MATRIX}',
    ),
    (
        HessianRecord("x*y", 7, OUTPUT, {"x": {"x": one, "y": half}, "y": {"x": half}}, ()),
        f'"hessians": {{"x": {{"x": {ONE}, "y": {HALF}}}, "y": {{"x": {HALF}}}}}',
    ),
    (
        HessianRecord("x*y", 7, OUTPUT, {"x": {"x": one}}, (), matrix),
        f'"hessians": {{"x": {{"x": {ONE}}}}}{MATRIX}',
    ),
]
NAMES = [record.command for record, _ in LINES]


@pytest.mark.parametrize(("record", "expected"), LINES, ids=NAMES)
def test_a_record_is_written_key_for_key(record: DerivativeRecord, expected: str) -> None:
    line = "".join(pieces(record))
    assert line == f'{{"difftool": 1, "command": "{record.command}", {HEAD}{expected}}}\n'
    keys_in_order(read(line), schema())


FILES = ["tangent", "x", "x y", "x y", "matrix", "x,x x,y y,x", "matrix"]


@pytest.mark.parametrize("number", range(len(LINES)), ids=NAMES)
def test_a_file_of_a_record_holds_its_derivatives(number: int) -> None:
    assert list(LINES[number][0].arrays) == FILES[number].split(" ")
