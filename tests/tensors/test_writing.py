"""`--out`: what is written reads back to the same bits, and nothing is lost when it fails."""

from __future__ import annotations

import json
import os
import pathlib
import stat
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from difftool import tensors
from difftool.errors import DifftoolError
from difftool.tensors import json_numbers

Array = np.ndarray[Any, np.dtype[Any]]

FORMS = (".npy", ".npz", ".json", ".safetensors")
DTYPES = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool")


@pytest.fixture(autouse=True)
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def assert_same_bits(found: Array, array: Array) -> None:
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    if array.dtype.kind == "f":
        np.testing.assert_array_equal(np.isnan(found), np.isnan(array))
        np.testing.assert_array_equal(np.signbit(found)[~np.isnan(array)],
                                      np.signbit(array)[~np.isnan(array)])  # fmt: skip
    np.testing.assert_array_equal(found, array)


def extremes(dtype: str) -> Array:
    kind = np.dtype(dtype)
    if kind.kind == "b":
        return np.array([True, False])
    if kind.kind in "iu":
        return np.array([np.iinfo(kind).min, np.iinfo(kind).max, 0], kind)
    info = np.finfo(kind)
    return np.array(
        [np.nan, np.inf, -np.inf, -0.0, 0.0, 0.1, info.max, info.min, info.tiny, info.eps,
         info.smallest_subnormal, -info.smallest_subnormal, 1 / 3], kind
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_extremes_and_shapes_come_back(form: str, dtype: str) -> None:
    numbers = extremes(dtype)
    for array in (
        numbers,
        np.array(numbers[0]),
        numbers[:0],
        numbers[:0].reshape(0, 3),
        numbers[:0].reshape(2, 0, 3),
        np.stack([numbers, numbers[::-1]]).T,
        np.asfortranarray(np.stack([numbers, numbers])),
        np.stack([numbers] * 4)[::2, ::-1],
    ):
        tensors.write(f"out{form}", {"output": array})
        assert_same_bits(tensors.read(f"@out{form}"), array)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), form=st.sampled_from(FORMS), dtype=st.sampled_from(DTYPES))
def test_any_array_comes_back(
    data: st.DataObject, form: str, dtype: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shapes = arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    array = data.draw(arrays_of.arrays(np.dtype(dtype), shapes))
    path = str(tmp_path_factory.getbasetemp() / f"any{form}")
    tensors.write(path, {"a": array})
    assert_same_bits(tensors.read(f"@{path}"), array)


@pytest.mark.parametrize("form", FORMS[1:])
def test_several_arrays_by_name(form: str) -> None:
    arrays = {"x": np.arange(6.0).reshape(2, 3).T, "file": np.array(2), "flag": np.array([True])}
    tensors.write(f"all{form}", arrays)
    found = tensors.read_inputs(f"all{form}")
    assert set(found) == set(arrays)
    for name, array in arrays.items():
        assert_same_bits(found[name], array)
    assert_same_bits(tensors.read(f"@all{form}:x"), arrays["x"])


def test_large_json_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_numbers, "ELEMENTS_A_PIECE", 7)
    for shape in ((30,), (5, 4), (2, 3, 10), (1, 50), (20, 1), (4, 0, 3)):
        array = np.arange(np.prod(shape), dtype=float).reshape(shape)
        array.ravel()[3::5] = np.nan
        tensors.write("out.json", {"a": array})
        assert_same_bits(tensors.read("@out.json"), array)


def test_the_text_of_json() -> None:
    tensors.write("out.json", {"x": np.array([0.1, np.nan], np.float32), "y": np.array(True)})
    assert pathlib.Path("out.json").read_text("ascii") == (
        '{"x": {"shape": [2], "dtype": "float32", "data": [0.1, "NaN"]}, '
        '"y": {"shape": [], "dtype": "bool", "data": true}}\n'
    )
    tensors.write("out.json", {})
    assert json.loads(pathlib.Path("out.json").read_text("ascii")) == {}


def test_equal_arrays_give_equal_files() -> None:
    for form in FORMS:
        tensors.write(f"a{form}", {"x": np.ones(3)})
        tensors.write(f"b{form}", {"x": np.ones(3)})
        assert pathlib.Path(f"a{form}").read_bytes() == pathlib.Path(f"b{form}").read_bytes()


def test_a_result_may_replace_its_own_input() -> None:
    np.save("x.npy", np.arange(4.0))
    array = tensors.read("@x.npy")
    tensors.write("x.npy", {"output": array * 2})
    assert array.tolist() == [0, 1, 2, 3]
    assert tensors.read("@x.npy").tolist() == [0, 2, 4, 6]


def refused(path: str, **keywords: Any) -> DifftoolError:
    with pytest.raises(DifftoolError) as caught:
        tensors.check_writable(path, **keywords)
    assert (caught.value.kind, caught.value.place) == ("file", "--out")
    return caught.value


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("x.csv", "x.csv: difftool writes .npz, .npy, .json, .safetensors, not '.csv' files", None),
        ("x.pt", "x.pt: difftool writes .npz, .npy, .json, .safetensors, not '.pt' files", None),
        ("x", "not files without a suffix", None),
        ("-", "not files without a suffix", "--json prints to standard output"),
        ("x.npz.gz", "not '.gz' files", "an .npz, compressed later"),
        ("far/x.npz", "there is no directory far", "make it first"),
        ("here.npz", "here.npz is a directory", "name a file: here.npz/result.npz"),
        ("a\0.npz", "a\\x00.npz can't be the name of a file", None),
    ],
)
def test_refused_before_anything_is_computed(
    folder: pathlib.Path, path: str, message: str, hint: str | None
) -> None:
    (folder / "here.npz").mkdir()
    error = refused(path)
    assert message in error.message
    assert error.hint == hint
    with pytest.raises(DifftoolError):
        tensors.write(path, {"x": np.ones(1)})


def test_npy_holds_one_array() -> None:
    for count in (0, 2):
        error = refused("x.npy", count=count)
        assert error.message == f"x.npy holds one array, but there are {count}"
        assert error.hint == "write them to x.npz"
    tensors.check_writable("x.npy", count=1)
    tensors.check_writable("x.npy")
    tensors.check_writable("x.npz", count=5)


def test_places_without_permission(monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path) -> None:
    pathlib.Path("there.npz").write_bytes(b"1")
    forbidden = {str(folder / "there.npz"), str(folder)}
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) not in forbidden)
    assert refused("there.npz").message == "no permission to write there.npz"
    assert refused("new.npz").message == "no permission to write into the directory of new.npz"


@pytest.mark.parametrize("form", FORMS)
def test_a_failing_write_loses_nothing(
    form: str, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"x{form}"
    tensors.write(path, {"x": np.ones(3)})
    before = pathlib.Path(path).read_bytes()

    def full(*arguments: object, **keywords: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DifftoolError) as caught:
        tensors.write(path, {"x": np.zeros(3)})
    assert caught.value.message == f"{path} can't be written: No space left on device"
    assert pathlib.Path(path).read_bytes() == before
    assert os.listdir(folder) == [path]


@pytest.mark.parametrize("form", [".npy", ".npz"])
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), MemoryError()])
def test_a_write_that_fails_in_the_middle(
    form: str, fault: BaseException, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(stream: Any, array: Array, **keywords: object) -> None:
        stream.write(b"begun")
        raise fault

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(DifftoolError) as caught:
        tensors.write(f"x{form}", {"x": np.zeros(3)})
    assert caught.value.kind == ("limit" if isinstance(fault, MemoryError) else "file")
    assert os.listdir(folder) == []


def test_an_interrupted_write_leaves_nothing(
    folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*arguments: object, **keywords: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(np.lib.format, "write_array", interrupted)
    with pytest.raises(KeyboardInterrupt):
        tensors.write("x.npy", {"x": np.zeros(3)})
    assert os.listdir(folder) == []


def test_modes_and_links_are_kept(folder: pathlib.Path) -> None:
    tensors.write("real.npy", {"x": np.ones(1)})
    plain = folder / "plain"
    plain.touch()
    assert stat.S_IMODE(os.stat("real.npy").st_mode) == stat.S_IMODE(plain.stat().st_mode)
    os.chmod("real.npy", 0o600)
    os.symlink("real.npy", "link.npy")
    tensors.write("link.npy", {"x": np.zeros(2)})
    assert os.path.islink("link.npy")
    assert stat.S_IMODE(os.stat("real.npy").st_mode) == 0o600
    assert tensors.read("@real.npy").shape == (2,)


@pytest.mark.parametrize("form", [".npy", ".npz", ".json"])
def test_into_a_pipe(form: str, folder: pathlib.Path) -> None:
    name = f"pipe{form}"
    os.mkfifo(name)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append((folder / name).read_bytes()))
    reader.start()
    tensors.write(name, {"x": np.ones(2)})
    reader.join()
    (folder / f"copy{form}").write_bytes(received[0])
    assert tensors.read(f"@copy{form}").tolist() == [1, 1]


def test_long_names_and_the_current_directory(folder: pathlib.Path) -> None:
    name = "n" * 250 + ".npy"
    tensors.write(name, {"x": np.ones(1)})
    assert os.listdir(folder) == [name]
    tensors.write("./x.NPY", {"x": np.ones(1)})
    assert tensors.read("@x.NPY").tolist() == [1]
