"""`.safetensors`: read by name, bfloat16 and torn files refused, and the package missing."""

from __future__ import annotations

import json
import pathlib
import struct
import sys
from io import BytesIO

import numpy as np
import pytest

from difftool import tensors
from difftool.errors import DifftoolError
from difftool.tensors import StandardInput


@pytest.fixture(autouse=True)
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def built(data: bytes, **heads: object) -> bytes:
    header = json.dumps(heads).encode("ascii")
    return struct.pack("<Q", len(header)) + header + data


def head(dtype: str, shape: list[int], start: int, stop: int) -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, stop]}


NUMBERS = np.array([[1.5, 2.5]], "<f4").tobytes()
WHOLE = built(NUMBERS + b"\x01", w=head("F32", [1, 2], 0, 8), flag=head("BOOL", [], 8, 9))
SMALL = "convert it to float32 first: NumPy has no such dtype"


def refused(data: bytes, key: str = "", name: str = "w.safetensors") -> DifftoolError:
    pathlib.Path(name).write_bytes(data)
    with pytest.raises(DifftoolError) as caught:
        tensors.read(f"@{name}{key}", place="--x")
    assert (caught.value.kind, caught.value.place) == ("file", "--x")
    with pytest.raises(DifftoolError):
        tensors.read(f"@-{key}", stdin=StandardInput(BytesIO(data)))
    return caught.value


def test_by_name_from_a_file_and_a_pipe(folder: pathlib.Path) -> None:
    (folder / "w.safetensors").write_bytes(WHOLE)
    for stdin, name in ((None, "w.safetensors"), (StandardInput(BytesIO(WHOLE)), "-")):
        found = tensors.read_inputs(name, stdin=stdin)
        assert found["w"].tolist() == [[1.5, 2.5]]
        assert found["w"].dtype == np.float32
        assert found["flag"].tolist() is True
    assert tensors.read("@w.safetensors:w").tolist() == [[1.5, 2.5]]


def test_one_array_needs_no_key(folder: pathlib.Path) -> None:
    (folder / "w.safetensors").write_bytes(built(NUMBERS, w=head("F32", [2], 0, 8)))
    assert tensors.read("@w.safetensors").tolist() == [1.5, 2.5]
    (folder / "w.safetensors").write_bytes(built(b"", w=head("F64", [0, 3], 0, 0)))
    assert tensors.read("@w.safetensors").shape == (0, 3)
    stdin = StandardInput(BytesIO(built(b"", w=head("F64", [0, 3], 0, 0))))
    assert tensors.read("-", stdin=stdin).shape == (0, 3)


@pytest.mark.parametrize(
    ("data", "key", "message", "hint"),
    [
        (WHOLE, "", "holds 2 arrays: ", "name one: @w.safetensors:"),
        (WHOLE, ":ww", "holds no array 'ww', but ", "did you mean @w.safetensors:w"),
        (built(b"\0\0", w=head("BF16", [1], 0, 2)), "", "array 'w' is BF16, which", SMALL),
        (built(b"\0", w=head("F8_E4M3", [1], 0, 1)), "", "array 'w' is F8_E4M3, which", SMALL),
        (
            built(b"\0" * 8, w=head("C64", [1], 0, 8)),
            "",
            "array 'w' is C64, complex numbers",
            "x.real",
        ),
        (b"\0" * 4, "", "w.safetensors is torn: it ends after 4 bytes", "again"),
        (WHOLE[:30], "", f"its header should end after {len(WHOLE) - 9} bytes, 30 found", "again"),
        (
            WHOLE[:-3],
            "",
            f"w.safetensors is torn: {len(WHOLE)} bytes expected, {len(WHOLE) - 3} found",
            "again",
        ),
        (WHOLE + b"x", "", "is no sound .safetensors file: ", "None"),
        (b"hello world, this is no such file", "", "torn or no .safetensors file", "again"),
        (struct.pack("<Q", 4) + b"{\xff}}", "", "its header is not sound", "None"),
        (struct.pack("<Q", 9) + b'{"w": [1]', "", "its header is not sound", "None"),
    ],
)
def test_errors(data: bytes, key: str, message: str, hint: str) -> None:
    error = refused(data, key)
    assert message in error.message
    assert hint in str(error.hint)


def test_other_arrays_of_a_file_with_bfloat16_can_be_read(folder: pathlib.Path) -> None:
    heads = {"a": head("F32", [2], 0, 8), "b": head("BF16", [1], 8, 10)}
    (folder / "w.safetensors").write_bytes(built(NUMBERS + b"\0\0", **heads))
    assert tensors.read("@w.safetensors:a").tolist() == [1.5, 2.5]
    with pytest.raises(DifftoolError, match="array 'b' is BF16"):
        tensors.read_inputs("w.safetensors")


def test_missing_and_empty_files(folder: pathlib.Path) -> None:
    with pytest.raises(DifftoolError, match="there is no file w.safetensors"):
        tensors.read("@w.safetensors")
    (folder / "w.safetensors").write_bytes(b"")
    with pytest.raises(DifftoolError, match="w.safetensors is empty"):
        tensors.read("@w.safetensors")


def test_the_package_is_missing(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "w.safetensors").write_bytes(WHOLE)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(DifftoolError) as caught:
        tensors.read("@w.safetensors:w")
    assert caught.value.hint == 'pip install "difftool[safetensors]"'
    with pytest.raises(DifftoolError) as caught:
        tensors.check_writable("out.safetensors")
    assert caught.value.hint == 'pip install "difftool[safetensors]"'


def test_random_bytes_raise_nothing_else(folder: pathlib.Path) -> None:
    random = np.random.default_rng(9)
    for _ in range(300):
        torn = bytearray(WHOLE)
        for place in random.integers(0, len(torn), random.integers(1, 4)):
            torn[place] = random.integers(256)
        (folder / "w.safetensors").write_bytes(torn[: random.integers(1, len(torn) + 1)])
        try:
            tensors.read("@w.safetensors:w")
        except DifftoolError as error:
            assert error.kind in ("file", "limit")
