"""Records and errors as JSON: keys and their order, strictness, numbers, and the printed schema."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from typing import Any, NoReturn

import numpy as np
import pytest

from difftool.errors import DifftoolError, Span
from difftool.report.json_lines import error_line, pieces
from difftool.report.record import (
    EvalRecord,
    FunctionRecord,
    FunctionsRecord,
    GradientRecord,
    GradRecord,
    NodeRecord,
    OutputRecord,
    Record,
    RunRecord,
    TextRecord,
    TupleRecord,
)
from difftool.report.schema import schema, schema_line

jsonschema: Any = importlib.import_module("jsonschema")
VALIDATOR = jsonschema.Draft202012Validator(schema())


def refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def read(line: str) -> Any:
    """What a strict reader makes of a line that must be valid in every respect."""
    assert line.endswith("\n") and "\n" not in line[:-1]
    line.encode("ascii")
    document = json.loads(line, parse_constant=refuse)
    VALIDATOR.validate(document)
    return document


def output(value: Any, grad_fn: str | None = None, dtype: str = "float64") -> OutputRecord:
    array = np.asarray(value, dtype)
    return OutputRecord(array.shape, array.dtype.name, array, grad_fn)


def evaluated(value: Any, dtype: str = "float64") -> EvalRecord:
    return EvalRecord("x", None, output(value, dtype=dtype))


def cubic() -> GradRecord:
    ones = np.ones((2, 2))
    slope = np.full((2, 2), 20.25)
    return GradRecord(
        "mean(3*(x+2)^3)",
        None,
        output(81.0, "MeanBackward0"),
        (
            NodeRecord(0, "x", "leaf", (), True, None, (), (2, 2), "float64", ones, slope),
            NodeRecord(
                1, "2", "constant", (), False, None, (), (), "float64", np.asarray(2.0), None
            ),
            NodeRecord(
                2,
                "x + 2",
                "add",
                (0, 1),
                True,
                "AddBackward0",
                ("AccumulateGrad",),
                (2, 2),
                "float64",
                None,
                None,
            ),
        ),
        {"x": GradientRecord(slope, True), "y": GradientRecord(np.zeros(1, "float32"), False)},
        (),
    )


def test_a_gradient_record_is_written_key_for_key() -> None:
    assert "".join(pieces(cubic())) == (
        '{"difftool": 1, "command": "grad", "expression": "mean(3*(x+2)^3)", "seed": null, '
        '"output": {"shape": [], "dtype": "float64", "data": 81.0, "grad_fn": "MeanBackward0"}, '
        '"nodes": [{"id": 0, "expression": "x", "op": "leaf", "inputs": [], '
        '"requires_grad": true, "grad_fn": null, "next_functions": [], "shape": [2, 2], '
        '"dtype": "float64", "data": [[1.0, 1.0], [1.0, 1.0]], "grad": {"shape": [2, 2], '
        '"dtype": "float64", "data": [[20.25, 20.25], [20.25, 20.25]]}}, '
        '{"id": 1, "expression": "2", "op": "constant", "inputs": [], "requires_grad": false, '
        '"grad_fn": null, "next_functions": [], "shape": [], "dtype": "float64", "data": 2.0, '
        '"grad": null}, '
        '{"id": 2, "expression": "x + 2", "op": "add", "inputs": [0, 1], "requires_grad": true, '
        '"grad_fn": "AddBackward0", "next_functions": ["AccumulateGrad"], "shape": [2, 2], '
        '"dtype": "float64", "data": null, "grad": null}], '
        '"gradients": {"x": {"shape": [2, 2], "dtype": "float64", '
        '"data": [[20.25, 20.25], [20.25, 20.25]], "used": true}, '
        '"y": {"shape": [1], "dtype": "float32", "data": [0.0], "used": false}}}\n'
    )


@pytest.mark.parametrize(
    ("record", "value"),
    [
        (EvalRecord("x.shape", None, TextRecord("torch.Size([2])")), {"text": "torch.Size([2])"}),
        (
            EvalRecord("slogdet(A)", 7, TupleRecord((output(1.0), TextRecord("None")))),
            {
                "tuple": [
                    {"shape": [], "dtype": "float64", "data": 1.0, "grad_fn": None},
                    {"text": "None"},
                ]
            },
        ),
        (
            evaluated([[True, False]], "bool"),
            {"shape": [1, 2], "dtype": "bool", "data": [[True, False]], "grad_fn": None},
        ),
        (
            evaluated(np.zeros((0, 3))),
            {"shape": [0, 3], "dtype": "float64", "data": [], "grad_fn": None},
        ),
    ],
)
def test_values_of_every_kind(record: EvalRecord, value: object) -> None:
    document = read("".join(pieces(record)))
    assert document["output"] == value
    assert list(document) == ["difftool", "command", "expression", "seed", "output"]
    assert document["seed"] == record.seed


@pytest.mark.parametrize(
    ("value", "dtype", "written"),
    [
        (0.1, "float64", "0.1"),
        (0.1, "float32", "0.1"),
        (1 / 3, "float32", "0.33333334"),
        (0.1, "float16", "0.1"),
        (1e300, "float64", "1e+300"),
        (5e-324, "float64", "5e-324"),
        (-0.0, "float64", "-0.0"),
        (9007199254740993, "int64", "9007199254740993"),
        (float("nan"), "float64", '"NaN"'),
        (float("inf"), "float32", '"Infinity"'),
        (-float("inf"), "float64", '"-Infinity"'),
        ([1.0, float("nan")], "float64", '[1.0, "NaN"]'),
        (True, "bool", "true"),
    ],
)
def test_numbers_are_exact_and_short(value: object, dtype: str, written: str) -> None:
    line = "".join(pieces(evaluated(value, dtype)))
    assert f'"data": {written}, "grad_fn"' in line
    read(line)


@pytest.mark.parametrize(
    "text",
    [
        'say "x"',
        "back\\slash",
        "new\nline",
        "\x00\x1b\x7f",
        "é √ 界",
        "😀",
        "\u2028",
        "\udc80",
        "'",
    ],
)
def test_any_text_is_valid_json(text: str) -> None:
    record = cubic()._replace(
        expression=text,
        nodes=tuple(node._replace(expression=text) for node in cubic().nodes),
        gradients={text: GradientRecord(np.zeros(2), False)},
    )
    document = read("".join(pieces(record)))
    readable = text.replace("\udc80", "\ufffd")
    assert document["expression"] == readable
    assert list(document["gradients"]) == [readable]


@pytest.mark.parametrize(
    "shape", [(9000,), (3, 9000), (9000, 3), (2, 5, 1700), (20000, 1), (1,) * 9]
)
def test_large_arrays_come_in_pieces_and_whole(shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape), dtype="float64").reshape(shape) / 7
    parts = list(pieces(EvalRecord("x", None, output(array))))
    assert max(map(len, parts)) < 300_000
    assert np.array_equal(json.loads("".join(parts))["output"]["data"], array)


def test_many_nodes() -> None:
    node = cubic().nodes[2]
    nodes = tuple(node._replace(id=number) for number in range(100_000))
    size = sum(map(len, pieces(cubic()._replace(nodes=nodes))))
    assert size > 100_000 * 100


def test_an_error_is_written_key_for_key() -> None:
    error = DifftoolError(
        "shapes (2, 3) and (4,) do not broadcast",
        kind="shape",
        hint="make them equal",
        span=Span(5, 10),
        source="mean(a * b)",
        notes=("a is (2, 3), b is (4,)",),
    )
    line = error_line(error)
    assert line == (
        '{"error": {"kind": "shape", "message": "shapes (2, 3) and (4,) do not broadcast", '
        '"hint": "make them equal", "start": 5, "end": 10, "line": 1, "column": 6, '
        '"place": null, "notes": ["a is (2, 3), b is (4,)"]}}\n'
    )
    read(line)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            DifftoolError("no file", kind="file", place="--x"),
            {"hint": None, "start": None, "end": None, "line": None, "column": None},
        ),
        (
            DifftoolError("bad", kind="syntax", span=Span(6, 7), source="y = x\nz", place="--x"),
            {"start": 6, "end": 7, "line": 2, "column": 1, "place": "--x", "notes": []},
        ),
        (
            DifftoolError("no", kind="assertion", span=Span(7, 8), source="assert x", place="p.py"),
            {"kind": "assertion", "line": 1, "column": 8, "place": "p.py"},
        ),
    ],
)
def test_errors_with_and_without_a_place(error: DifftoolError, expected: dict[str, Any]) -> None:
    document = read(error_line(error))["error"]
    assert {key: document[key] for key in expected} == expected


def ran() -> RunRecord:
    variables = {"x": output([1.0, 2.0], dtype="float32"), "y": output(3.0, "SumBackward0")}
    return RunRecord(7, "a\n\nb", variables, {"x": output([1.0, 1.0])}, "sum.py")


def test_a_run_is_written_key_for_key() -> None:
    assert "".join(pieces(ran())) == (
        '{"difftool": 1, "command": "run", "file": "sum.py", "seed": 7, "output": ["a", "", "b"], '
        '"variables": {"x": {"shape": [2], "dtype": "float32", "data": [1.0, 2.0], '
        '"grad_fn": null}, "y": {"shape": [], "dtype": "float64", "data": 3.0, '
        '"grad_fn": "SumBackward0"}}, "gradients": {"x": {"shape": [2], "dtype": "float64", '
        '"data": [1.0, 1.0]}}}\n'
    )


@pytest.mark.parametrize(
    ("printed", "lines"),
    [
        ("", []),
        ("\n", [""]),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\n\n", ["a", ""]),
        ('"\u2028\x0b\r', ['"\u2028\x0b\r']),
    ],
)
def test_what_was_printed_is_written_line_by_line(printed: str, lines: list[str]) -> None:
    document = read("".join(pieces(RunRecord(None, printed, {}, {}))))
    assert document == {
        "difftool": 1,
        "command": "run",
        "file": "-",
        "seed": None,
        "output": lines,
        "variables": {},
        "gradients": {},
    }


def functions() -> FunctionsRecord:
    mean = FunctionRecord(
        "mean",
        ("average",),
        ("mean(input)", "mean(input, dim, keepdim=False)"),
        "Mean of all elements, or over dim.",
        "mean([1, 2])",
        "reduction",
        "MeanBackward0",
    )
    return FunctionsRecord((mean, mean._replace(name="argmax", aliases=(), grad_fn=None)))


def test_functions_are_written_with_everything_they_declare() -> None:
    document = read("".join(pieces(functions())))
    assert document["command"] == "functions"
    assert [function["grad_fn"] for function in document["functions"]] == ["MeanBackward0", None]
    assert list(document["functions"][0]) == list(FunctionRecord._fields)


def keys_in_order(value: Any, definition: dict[str, Any]) -> None:
    """Check that every object lists its keys as the schema does."""
    if "$ref" in definition:
        definition = schema()["$defs"][definition["$ref"].rpartition("/")[2]]
    for choice in definition.get("anyOf", definition.get("oneOf", ())):
        if jsonschema.Draft202012Validator(choice | {"$defs": schema()["$defs"]}).is_valid(value):
            keys_in_order(value, choice)
    if isinstance(value, list) and "items" in definition:
        for item in value:
            keys_in_order(item, definition["items"])
    if isinstance(value, dict) and "properties" in definition:
        wanted = {*value, *definition["required"]}
        assert list(value) == [key for key in definition["properties"] if key in wanted]
        for key, item in value.items():
            keys_in_order(item, definition["properties"][key])


@pytest.mark.parametrize(
    "record",
    [
        cubic(),
        evaluated([1.0]),
        EvalRecord("max(x, dim=0)", 3, TupleRecord((output([1.0]), output([0], dtype="int64")))),
        ran(),
        functions(),
    ],
)
def test_the_schema_lists_keys_in_the_order_of_the_lines(record: Record) -> None:
    keys_in_order(read("".join(pieces(record))), schema())


def test_the_schema_is_valid_and_describes_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert read(schema_line()) == schema()


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"difftool": 2},
        {"seed": -1},
        {"seed": 0.5},
        {"command": "eval"},
        {"output": {"shape": [], "dtype": "float64", "data": "nan", "grad_fn": None}},
        {"output": {"shape": [], "dtype": "float64", "data": 1.0}},
        {"nodes": [{"id": 0}]},
    ],
)
def test_the_schema_is_strict(change: dict[str, Any]) -> None:
    document = json.loads("".join(pieces(cubic())))
    VALIDATOR.validate(document)
    assert not VALIDATOR.is_valid(document | change)


def test_plain_records_import_no_json_module() -> None:
    program = (
        "import sys, numpy\n"
        "from difftool.report.json_lines import pieces\n"
        "from difftool.report.record import EvalRecord, OutputRecord\n"
        "one = OutputRecord((), 'float64', numpy.asarray(1.5), None)\n"
        "''.join(pieces(EvalRecord('mean(x)', None, one)))\n"
        "print(sorted({'json', 'rich', 'lark'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
