"""`.npy` and `.npz`: mapped, read, and refused with what was expected and what was found."""

from __future__ import annotations

import io
import pathlib
import struct
import zipfile
from typing import Any

import numpy as np
import pytest

from difftool import tensors
from difftool.errors import DifftoolError

Folder = pathlib.Path


@pytest.fixture(autouse=True)
def folder(tmp_path: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(reference: str) -> DifftoolError:
    with pytest.raises(DifftoolError) as caught:
        tensors.read(reference, place="--x")
    assert caught.value.kind == "file"
    assert caught.value.place == "--x"
    return caught.value


def npy(array: np.ndarray[Any, Any]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def header(text: str, data: bytes = b"", version: int = 1) -> bytes:
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode("latin-1") + data


@pytest.mark.parametrize(
    "dtype", ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"]
)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 3), (2, 0)])
def test_every_dtype_and_shape(folder: Folder, dtype: str, shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    np.save("x.npy", array)
    found = tensors.read("@x.npy")
    assert (found.dtype, found.shape) == (array.dtype, shape)
    np.testing.assert_array_equal(found, array)


def test_npy_is_mapped_and_not_to_be_written() -> None:
    np.save("x.npy", np.arange(6.0))
    found = tensors.read("@x.npy")
    assert type(found) is np.ndarray
    base: Any = found
    while isinstance(base, np.ndarray) and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert not found.flags.writeable


def test_order_of_columns_and_byte_order() -> None:
    array = np.arange(6.0).reshape(2, 3)
    np.save("f.npy", np.asfortranarray(array))
    np.save("b.npy", array.astype(">f8"))
    np.testing.assert_array_equal(tensors.read("@f.npy"), array)
    found = tensors.read("@b.npy")
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_header_versions_and_other_writers(folder: Folder, version: int) -> None:
    text = '{"shape": (2L,), "fortran_order": False, "descr": "<f4"}'
    data = np.array([1, 2], "<f4").tobytes()
    (folder / "x.npy").write_bytes(header(text, data, version))
    assert tensors.read("@x.npy").tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("kept", "wider"), [("uint16", "int32"), ("uint32", "int64"), ("uint64", "int64")]
)
def test_large_unsigned_integers_become_signed(kept: str, wider: str) -> None:
    np.save("x.npy", np.array([0, 2**16 - 1], kept))
    found = tensors.read("@x.npy")
    assert found.dtype == wider
    assert found.tolist() == [0, 2**16 - 1]


@pytest.mark.parametrize(
    ("array", "message", "hint"),
    [
        (np.ones(2, complex), "complex numbers (complex128)", "x.real"),
        (np.ones(2, np.complex64), "complex numbers (complex64)", "x.imag"),
        (np.array(["a"]), "text (<U1)", "numbers"),
        (np.array([b"a"]), "text (|S1)", "numbers"),
        (np.array(["2020-01-01"], "M8[D]"), "dates", "int64"),
        (np.array([3], "m8[s]"), "time differences", "int64"),
        (np.zeros(2, "V2"), "bfloat16", "float32"),
        (np.zeros(2, [("a", "f4")]), "records with named fields", "x['name']"),
        (np.array([None]), "never loads pickles: they can run code", "float64"),
        (np.array([2**63], np.uint64), "9223372036854775808, which is too large for int64", "f"),
    ],
)
def test_refused_dtypes(array: np.ndarray[Any, Any], message: str, hint: str) -> None:
    np.save("x.npy", array, allow_pickle=True)
    error = refused("@x.npy")
    assert error.message.startswith("x.npy ")
    assert message in error.message
    assert hint in str(error.hint)
    np.savez("x.npz", a=array)
    assert refused("@x.npz").message.startswith("x.npz, array 'a' ")


def test_long_double_is_refused(folder: Folder) -> None:
    text = "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }"
    (folder / "x.npy").write_bytes(header(text, bytes(16)))
    message = refused("@x.npy").message
    # Where NumPy has no such type at all it can only name it.
    assert "longer than 64 bits" in message or "'<f16'" in message


WHOLE = npy(np.arange(6.0).reshape(2, 3))  # 176 bytes, 128 of them header


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x.npy is empty"),
        (WHOLE[:4], "x.npy is torn: it ends after 4 bytes"),
        (WHOLE[:7], "x.npy is torn: it ends after 7 bytes"),
        (WHOLE[:50], "x.npy is torn: it ends in its header, after 50 bytes"),
        (
            WHOLE[:-5],
            "x.npy is torn: 176 bytes expected for shape (2, 3) and float64, 171 found",
        ),
        (WHOLE + b"12", "x.npy holds 2 bytes after its array, which ends after 176"),
        (b"hello world", "x.npy is no .npy file: it does not begin with NumPy's mark"),
        (b"\x80\x04\x95abcdef", "x.npy is a pickle; difftool never loads pickles"),
        (header("{}"), "the header of x.npy is not one that NumPy writes"),
        (header("[" * 9000), "the header of x.npy is not one that NumPy writes"),
        (WHOLE[:6] + b"\x09" + WHOLE[7:], "the header of x.npy is not one that NumPy writes"),
        (
            header("{'descr': '<q99', 'fortran_order': False, 'shape': (1,)}"),
            "x.npy holds '<q99', which is no dtype here",
        ),
        (
            header("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999,)}"),
            "800000000000000073 bytes expected for shape (99999999999999999,)",
        ),
        (
            header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({2**63}, 0)}}"),
            "x.npy has the impossible shape",
        ),
        (
            header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({'9' * 5000},)}}"),
            "the header of x.npy is not one that NumPy writes",
        ),
        (
            header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({'1,' * 65})}}"),
            "x.npy has 65 dimensions, more than 64",
        ),
    ],
)
def test_torn_and_foreign_npy(folder: Folder, data: bytes, message: str) -> None:
    (folder / "x.npy").write_bytes(data)
    assert message in refused("@x.npy").message


def test_mapping_that_fails_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    np.save("x.npy", np.arange(6.0).reshape(2, 3))

    def unmappable(*arguments: Any) -> None:
        raise OSError("no mapping here")

    monkeypatch.setattr(np, "memmap", unmappable)
    assert tensors.read("@x.npy").tolist() == [[0, 1, 2], [3, 4, 5]]


def test_npz_by_key_and_alone() -> None:
    arrays: dict[str, Any] = {"a": np.ones((2, 3)), "b": np.array(3), "layer:1": np.zeros(2)}
    np.savez("m.npz", **arrays)
    np.savez_compressed("one.npz", weights=np.arange(1000.0))
    for name, array in arrays.items():
        np.testing.assert_array_equal(tensors.read(f"@m.npz:{name}"), array)
    np.testing.assert_array_equal(tensors.read("@one.npz"), np.arange(1000.0))
    np.testing.assert_array_equal(tensors.read("@one.npz:weights"), np.arange(1000.0))


@pytest.mark.parametrize(
    ("reference", "message", "hint"),
    [
        (
            "@m.npz",
            "m.npz holds 2 arrays: alpha (2, 3) float64, beta () int64",
            "name one: @m.npz:alpha",
        ),
        ("@m.npz:alpa", "m.npz holds no array 'alpa', but alpha", "did you mean @m.npz:alpha"),
        ("@m.npz:zz", "m.npz holds no array 'zz', but alpha", None),
        ("@m.npz:", "'@m.npz:' has no key after its ':'", "write @m.npz:key"),
        ("@x.npy:a", "x.npy is an .npy file and holds one array without a name", "write @x.npy"),
        ("@none.npz", "none.npz holds no arrays", None),
        ("@none.npz:a", "none.npz holds no array 'a', but none at all", None),
    ],
)
def test_npz_keys(reference: str, message: str, hint: str | None) -> None:
    np.savez("m.npz", alpha=np.ones((2, 3)), beta=np.array(3))
    np.savez("none.npz")
    np.save("x.npy", np.ones(2))
    error = refused(reference)
    assert message in error.message
    assert error.hint == hint


def test_many_names_are_not_all_listed() -> None:
    arrays: dict[str, Any] = {f"w{number}": np.ones(1) for number in range(30)}
    np.savez("m.npz", **arrays)
    assert refused("@m.npz").message.endswith("w11 (1,) float64 and 18 more")


def archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return stream.getvalue()


def with_flag(data: bytes) -> bytes:
    """The archive with the mark of an encrypted member in its table of contents."""
    start = data.index(b"PK\x01\x02") + 8
    return data[:start] + b"\x01" + data[start + 1 :]


ARCHIVE = archive(**{"a.npy": WHOLE})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "m.npz is empty"),
        (
            ARCHIVE[:60],
            "m.npz is torn: an .npz file ends with its table of contents, but the 60 bytes found",
        ),
        (b"hello", "m.npz is no .npz file: it does not begin like a zip archive"),
        (WHOLE, "m.npz is no .npz file"),
        (b"\x80\x04\x95abcdef", "m.npz is a pickle; difftool never loads pickles"),
        (ARCHIVE.replace(WHOLE[-8:], b"12345678"), "m.npz, array 'a' is torn: Bad CRC-32"),
        (
            archive(**{"a.npy": WHOLE[:-8]}),
            "m.npz, array 'a' is torn: 176 bytes expected for shape (2, 3) and float64, 168 found",
        ),
        (archive(**{"a.npy": b"hello world"}), "m.npz, array 'a' is no .npy file"),
        (with_flag(ARCHIVE), "m.npz, array 'a' is encrypted"),
        (archive(**{"model/data.pkl": b"x"}), "m.npz is a pickle of PyTorch's"),
        (archive(**{"readme.txt": b"x"}), "m.npz holds no arrays"),
    ],
    # An archive holds the time of its making, which no test's name may depend on.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_torn_and_foreign_npz(folder: Folder, data: bytes, message: str) -> None:
    (folder / "m.npz").write_bytes(data)
    assert message in refused("@m.npz").message


def test_npz_compressed_as_numpy_never_does(folder: Folder) -> None:
    with zipfile.ZipFile("m.npz", "w", zipfile.ZIP_BZIP2) as file:
        file.writestr("a.npy", WHOLE)
    assert "compressed in a way that NumPy does not write" in refused("@m.npz").message


def test_a_torn_member_is_listed_as_such(folder: Folder) -> None:
    (folder / "m.npz").write_bytes(archive(**{"a.npy": WHOLE, "b.npy": b"hello world"}))
    assert "a (2, 3) float64, b (unreadable)" in refused("@m.npz").message
    assert tensors.read("@m.npz:a").shape == (2, 3)


def test_random_bytes_raise_nothing_else(folder: Folder) -> None:
    random = np.random.default_rng(5)
    for data, name in ((WHOLE, "x.npy"), (ARCHIVE, "x.npz")):
        for _ in range(300):
            torn = bytearray(data)
            for place in random.integers(0, len(torn), random.integers(1, 4)):
                torn[place] = random.integers(256)
            (folder / name).write_bytes(torn[: random.integers(1, len(torn) + 1)])
            try:
                tensors.read(f"@{name}")
            except DifftoolError as error:
                assert error.kind in ("file", "limit")
