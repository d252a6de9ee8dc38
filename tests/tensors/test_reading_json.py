"""JSON to tensors: every form, and errors with the line, the column and the index."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest

from difftool import tensors
from difftool.errors import DifftoolError

LENGTHS = "all lists at one depth have the same length"
IN_QUOTES = 'JSON has no such number: write "NaN", "Infinity" or "-Infinity", in quotes'
DTYPES = "it is one of float64, float32, float16, int64, int32, int16, int8, uint8, bool"


@pytest.fixture(autouse=True)
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str | bytes) -> str:
    pathlib.Path("t.json").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return "@t.json"


@pytest.mark.parametrize(
    ("text", "dtype", "shape", "values"),
    [
        ("3", "float64", (), 3.0),
        (" -0.5\n", "float64", (), -0.5),
        ("true", "bool", (), True),
        ('"NaN"', "float64", (), "nan"),
        ("[1, 2]", "float64", (2,), [1.0, 2.0]),
        ("[[1, 2], [3, 4.5]]", "float64", (2, 2), [[1, 2], [3, 4.5]]),
        ("[[true], [false]]", "bool", (2, 1), [[True], [False]]),
        ("[]", "float64", (0,), []),
        ("[[], []]", "float64", (2, 0), [[], []]),
        ('["Infinity", 1, "-Infinity"]', "float64", (3,), [np.inf, 1, -np.inf]),
        ('{"dtype": "float32", "data": [0.5]}', "float32", (1,), [0.5]),
        ('{"shape": [2], "dtype": "int8", "data": [1.0, -3]}', "int8", (2,), [1, -3]),
        ('{"shape": [], "dtype": "float64", "data": "Infinity"}', "float64", (), np.inf),
        ('{"shape": [0, 3], "dtype": "int64", "data": []}', "int64", (0, 3), []),
        ('{"shape": [2, 0, 3], "dtype": "bool", "data": [[], []]}', "bool", (2, 0, 3), [[], []]),
        ('{"shape": [1], "dtype": "float16", "data": [1e-7], "used": true}', "float16", (1,), None),
        ('{"dtype": "uint16", "data": [65535]}', "int32", (1,), [65535]),
        ('{"x": [1]}', "float64", (1,), [1.0]),
        ('{"x": {"dtype": "int32", "data": 4}}', "int32", (), 4),
        ('{"data": [1, 2]}', "float64", (2,), [1.0, 2.0]),
        ("\ufeff[1]", "float64", (1,), [1.0]),
        ("[1]".encode("utf-16"), "float64", (1,), [1.0]),
        ("[" * 64 + "7" + "]" * 64, "float64", (1,) * 64, None),
    ],
)
def test_forms(
    text: str | bytes, dtype: str, shape: tuple[int, ...], values: object
) -> None:  # fmt: skip
    found = tensors.read(written(text))
    assert (found.dtype.name, found.shape) == (dtype, shape)
    if values == "nan":
        assert np.isnan(found)
    elif values is not None:
        assert found.tolist() == values


@pytest.mark.parametrize("text", ["-0", "-0.0", "[-0]", '{"dtype": "float64", "data": -0}'])
def test_negative_zero(text: str) -> None:
    found = tensors.read(written(text))
    assert found == 0
    assert np.signbit(found).all()


def test_integers_are_exact() -> None:
    text = '{"dtype": "int64", "data": [9223372036854775807, -9223372036854775808]}'
    assert tensors.read(written(text)).tolist() == [2**63 - 1, -(2**63)]


RECORD = """{"difftool": 1, "command": "grad", "seed": null,
 "output": {"shape": [], "dtype": "float64", "data": 81.0, "grad_fn": "MeanBackward0"},
 "nodes": [{"id": 0}],
 "gradients": {"x": {"shape": [2], "dtype": "float64", "data": [1.5, 2.0], "used": true}}}"""


def test_parts_of_an_object() -> None:
    reference = written(RECORD)
    assert tensors.read(f"{reference}:output") == 81.0
    assert tensors.read(f"{reference}:gradients.x").tolist() == [1.5, 2.0]
    with pytest.raises(DifftoolError) as caught:
        tensors.read(reference)
    assert caught.value.message == (
        "t.json holds 2 arrays: output () float64, gradients.x (2,) float64"
    )
    assert caught.value.hint == "name one: @t.json:output"
    with pytest.raises(DifftoolError) as caught:
        tensors.read(f"{reference}:gradient.x")
    assert caught.value.hint == "did you mean @t.json:gradients.x"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        # Ragged, and what no number is.
        ("[[1,2],[3]]", "line 1, column 8: [1] has 1 item, but [0] has 2", LENGTHS),
        ("[[[1],[2]],[[3],[]]]", "column 17: [1][1] has 0 items, but [0][0] has 1", LENGTHS),
        ("[[1,2],3]", "column 8: [1] is a number, but [0] is a list of 2 items", LENGTHS),
        ("[1,[2,3]]", "column 4: [1] is a list of 2 items, but [0] is a number", LENGTHS),
        ("[[1,2],\n [3,null]]", "line 2, column 5: [1][1] is null, which is no number",
         'a missing number is "NaN"'),
        ("null", "line 1, column 1: the value is null, which is no number",
         'a missing number is "NaN"'),
        ('["1.5"]', "column 2: [0] is '1.5', which is no number", None),
        ('["\\u001b\\"]"]', "column 2: [0] is '\\x1b\"]', which is no number", None),
        ('[1, {"a": 2}]', "column 5: [1] is an object, not a number", None),
        ("[true, 1]", "column 8: [1] is a number, but [0] is a boolean", None),
        ("[[1], [true]]", "column 8: [1][0] is a boolean, but [0][0] is a number", None),
        ("[1, 1e999]", "column 5: [1] is too large for float64", None),
        (f"[1, {'9' * 400}]", "column 5: [1] is too large for float64", None),
        (f"[1, {'9' * 5000}]", "column 5: an integer of more than 4300 digits", None),
        ("[" * 65 + "1" + "]" * 65, "column 1: the value is nested more than 64 lists deep", None),
        ("[" * 100_000 + "1" + "]" * 100_000, "t.json is nested too deeply", None),
        ("[" * 100_000, "t.json is nested too deeply", None),
        # Objects.
        ("{}", "t.json holds no arrays", None),
        ('{"a": 1, "b": [1, 2]}', "t.json holds 2 arrays: a (), b (2,)", "name one: @t.json:a"),
        ('{"a": 1, "a": 2}', "t.json has the key 'a' twice in one object", None),
        ('{"shape": [3], "dtype": "int8", "data": [1]}',
         "column 11: shape is [3], but the data has [1]", None),
        ('{"shape": [1, 0, 3], "dtype": "int8", "data": [[], []]}',
         "column 11: shape is [1, 0, 3], but the data has [2, 0]", None),
        ('{"shape": 2, "dtype": "int8", "data": [1]}',
         "column 11: shape is a number, not a list of sizes", None),
        ('{"shape": [-1], "dtype": "int8", "data": [1]}',
         "column 12: shape[0] is not the size of a dimension", None),
        ('{"shape": [true], "dtype": "int8", "data": [1]}',
         "column 12: shape[0] is not the size of a dimension", None),
        ('{"dtype": "bfloat16", "data": [1]}',
         "column 11: dtype is 'bfloat16', which is no dtype here", DTYPES),
        ('{"dtype": "int8", "data": [128]}', "column 28: data[0] does not fit into int8",
         "it holds -128 to 127"),
        ('{"dtype": "int64", "data": [9223372036854775808]}',
         "data[0] does not fit into int64",
         "it holds -9223372036854775808 to 9223372036854775807"),
        ('{"dtype": "int8", "data": [1, 2.5]}', "data[1] is 2.5, but the dtype is int8", None),
        ('{"dtype": "int8", "data": ["NaN"]}', "data[0] is 'NaN', but the dtype is int8", None),
        ('{"dtype": "bool", "data": [0]}', "data[0] is a number, but the dtype is bool", None),
        ('{"dtype": "int8", "data": [true]}',
         "data[0] is a boolean, but the dtype is int8", None),
        ('{"dtype": "float32", "data": [1, 1e39]}', "data[1] is too large for float32", None),
        ('{"dtype": "float16", "data": [70000]}', "data[0] is too large for float16", None),
        ('{"dtype": "uint64", "data": [18446744073709551615]}',
         "18446744073709551615, which is too large for int64", "save x.astype('float64')"),
        ('{"dtype": "float64", "data": {}}', "data is an object, not a number", None),
        ('{"x": {"dtype": "int8", "data": [[1, null]]}}',
         "column 38: x.data[0][1] is null, which is no number", 'a missing number is "NaN"'),
        # No JSON.
        ("  ", "t.json is empty", None),
        ("[NaN]", "line 1, column 2: NaN is not a number", IN_QUOTES),
        ('["NaN", 1,\n -Infinity]', "line 2, column 2: -Infinity is not a number", IN_QUOTES),
        ("[nan]", "line 1, column 2: nan is not a number", IN_QUOTES),
        ("[1, 2", "line 1, column 6: the text ends before the tensor does", "is it torn?"),
        ("[1,]", "column 4: this is not JSON", None),
        ("[None]", "column 2: this is not JSON", "JSON's word is null, and a tensor has none"),
        ("[True]", "column 2: this is not JSON", "JSON writes true"),
        ("['a']", "column 2: this is not JSON", "JSON has double quotes"),
        ("[1]\n[2]\n", "line 2, column 1: a second value begins, where one is read",
         'put several tensors into one object: {"x": [1], "y": [2]}'),
        (b"[1, \xff]", "t.json is no text: byte 5 is not UTF-8", None),
    ],
)  # fmt: skip
def test_errors(text: str | bytes, message: str, hint: str | None) -> None:
    with pytest.raises(DifftoolError) as caught:
        tensors.read(written(text), place="--x")
    assert message in caught.value.message
    assert caught.value.message.startswith("t.json")
    if text != "[1,]":  # whose hint depends on the Python
        assert caught.value.hint == hint
    assert (caught.value.kind, caught.value.place) == ("file", "--x")


def test_keys_need_an_object() -> None:
    with pytest.raises(DifftoolError, match="t.json holds one tensor without a name, so :a has"):
        tensors.read(written("[1]") + ":a")


def test_random_text_raises_nothing_else() -> None:
    random = np.random.default_rng(3)
    for _ in range(500):
        text = bytearray(RECORD.encode("ascii"))
        for place in random.integers(0, len(text), random.integers(1, 6)):
            text[place] = random.choice(list(b'[]{},:"0-e.n \\x'))
        try:
            tensors.read(written(bytes(text)) + random.choice(["", ":output", ":gradients.x"]))
        except DifftoolError as error:
            assert error.kind == "file"
