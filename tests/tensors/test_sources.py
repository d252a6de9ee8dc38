"""What a reference names: files, keys, the standard input, pipes; and what is not read at all."""

from __future__ import annotations

import io
import json
import os
import pathlib
import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

from difftool import tensors
from difftool.errors import DifftoolError
from difftool.tensors import StandardInput

Folder = pathlib.Path


@pytest.fixture(autouse=True)
def folder(tmp_path: Folder, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(reference: str, stdin: StandardInput | None = None) -> DifftoolError:
    with pytest.raises(DifftoolError) as caught:
        tensors.read(reference, stdin=stdin, place="--x")
    assert caught.value.place == "--x"
    return caught.value


def saved(array: object, **arrays: Any) -> bytes:
    stream = io.BytesIO()
    if arrays:
        np.savez(stream, **arrays)
    else:
        np.save(stream, np.asarray(array))
    return stream.getvalue()


def piped(data: bytes) -> StandardInput:
    return StandardInput(io.BytesIO(data))


@pytest.mark.parametrize("reference", ["x.npy", "", "@", "ones(2)"])
def test_what_names_no_file(reference: str) -> None:
    error = refused(reference)
    assert error.kind == "usage"
    assert error.hint == "write @FILE, @FILE:key or - for standard input"


@pytest.mark.parametrize(
    ("reference", "message", "hint"),
    [
        ("@weihgts.npy", "there is no file weihgts.npy", "did you mean weights.npy"),
        ("@far/x.npy", "there is no file far/x.npy", "there is no directory far either"),
        ("@x.foo", "there is no file x.foo", None),
        ("@other.npz:a:b", "there is no file other.npz", None),
        ("@.", ". is a directory", "name a file in it"),
        ("@here.npy", "here.npy is a directory", "name a file in it"),
        ("@a\0b.npy", "a\\x00b.npy can't be the name of a file", None),
        ("@" + "n" * 300 + ".npy", "can't be read: File name too long", None),
        (
            "@x.dat",
            "x.dat: difftool reads .npy, .npz, .csv, .tsv, .json, .safetensors, not '.dat' files",
            None,
        ),
        ("@plain", "not files without a suffix", None),
        ("@x.npy.gz", "not '.gz' files", "decompress x.npy.gz first"),
    ],
)
def test_files_that_can_not_be_read(
    folder: Folder, reference: str, message: str, hint: str | None
) -> None:
    np.save("weights.npy", np.ones(2))
    (folder / "here.npy").mkdir()
    for name in ("x.dat", "plain", "x.npy.gz"):
        (folder / name).write_bytes(b"1")
    error = refused(reference)
    assert message in error.message
    assert error.hint == hint
    assert error.kind == "file"


def test_system_errors_in_words(folder: Folder) -> None:
    from difftool.tensors.source import Source

    source = Source("x.npy", "@x.npy", path="x.npy", place="--x")
    assert source.unreadable(PermissionError()).message == "no permission to read x.npy"
    error = source.unreadable(OSError(5, "Input/output error"))
    assert error.message == "x.npy can't be read: Input/output error"


@pytest.mark.parametrize("suffix", [".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib", ".PT"])
@pytest.mark.parametrize("exists", [True, False])
def test_pickles_are_refused_by_name(folder: Folder, suffix: str, exists: bool) -> None:
    if exists:
        (folder / f"m{suffix}").write_bytes(b"\x80\x04.")
    error = refused(f"@m{suffix}")
    assert error.message == (
        f"m{suffix} is a pickle; difftool never loads pickles: they can run code"
    )
    assert error.hint is not None
    assert "numpy.save" in error.hint
    assert ("torch.load" in error.hint) == (suffix.lower() in (".pt", ".pth", ".ckpt"))


def test_an_existing_file_wins_over_a_key() -> None:
    np.save("a:b.npy", np.ones(3))
    np.savez("a", k=np.zeros(2))
    assert tensors.read("@a:b.npy").tolist() == [1, 1, 1]
    assert tensors.read("@a.npz:k").tolist() == [0, 0]
    odd: dict[str, Any] = {"k:1": np.ones(1)}
    np.savez("odd:name.npz", **odd)
    assert tensors.read("@odd:name.npz:k:1").tolist() == [1]


def test_home_directory(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    np.savez("m.npz", a=np.ones(2), b=np.ones(3))
    assert tensors.read("@~/m.npz:b").tolist() == [1, 1, 1]
    assert refused("@~/n.npz").message.startswith("there is no file ")


@pytest.mark.parametrize(
    ("data", "reference", "expected"),
    [
        (b"[[1, 2], [3, 4]]", "-", [[1, 2], [3, 4]]),
        (b" 7\n", "@-", 7),
        (b'{"x": [1], "y": [2]}', "@-:y", [2]),
        (saved([1.5, 2.5]), "@-", [1.5, 2.5]),
        (saved(None, only=[1, 2]), "-", [1, 2]),
        (saved(None, a=[1], b=[2]), "@-:b", [2]),
    ],
)
def test_standard_input(data: bytes, reference: str, expected: object) -> None:
    assert tensors.read(reference, stdin=piped(data)).tolist() == expected


@pytest.mark.parametrize(
    ("data", "reference", "message"),
    [
        (b"", "-", "standard input is empty"),
        (b"[1, null]", "-", "standard input, line 1, column 5: [1] is null"),
        (saved([1.5])[:-3], "-", "standard input is torn: 136 bytes expected"),
        (saved([1.5]), "@-:a", "standard input is an .npy file and holds one array without"),
        (saved(None, a=1, b=2), "-", "standard input holds 2 arrays: a () int64, b () int64"),
        (saved(None, a=1)[:-9], "-", "standard input is torn: an .npz file ends with"),
        (b"\x80\x04\x95abc", "-", "standard input is a pickle; difftool never loads pickles"),
        (b"1", "@-:", "'@-:' has no key after its ':'"),
    ],
)
def test_standard_input_errors(data: bytes, reference: str, message: str) -> None:
    assert message in refused(reference, piped(data)).message


def test_standard_input_is_read_once() -> None:
    stdin = piped(b"[1]")
    tensors.read("-", stdin=stdin, place="--a")
    error = refused("@-:k", stdin)
    assert error.kind == "usage"
    assert error.message == "standard input is read once, but --a and --x both ask for it"
    assert error.hint is not None
    assert "--inputs -" in error.hint


class Terminal(io.BytesIO):
    def isatty(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("this would wait for a person")


def test_a_terminal_is_not_waited_for() -> None:
    error = refused("-", StandardInput(Terminal()))
    assert "is a terminal" in error.message
    assert "@FILE" in str(error.hint)


class Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


def test_standard_input_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "standard input can't be read: Input/output error"
    assert refused("-", StandardInput(Broken())).message == message
    closed = io.BytesIO()
    closed.close()
    assert refused("-", StandardInput(closed)).message == "standard input is closed"
    monkeypatch.setattr(sys, "stdin", None)
    assert refused("-").message == "standard input is closed"


PROGRAM = (
    "import sys; from difftool import tensors; print(tensors.read(sys.argv[1]).sum())"  # fmt: skip
)


@pytest.mark.parametrize("data", [b"[1, 2, 3.5]", saved([1, 2, 3.5]), saved(None, a=[6.5])])
def test_through_a_pipe(data: bytes) -> None:
    command = [sys.executable, "-c", PROGRAM, "-"]
    root = str(Folder(tensors.__file__).parents[2])
    done = subprocess.run(
        command, input=data, capture_output=True, env={**os.environ, "PYTHONPATH": root}, check=True
    )
    assert done.stdout.strip() == b"6.5"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("pipe", b"[1, 2]", [1, 2]),
        ("pipe", saved([1, 2]), [1, 2]),
        ("pipe.csv", b"1,2\n", [1, 2]),
        ("pipe.npy", saved([1, 2]), [1, 2]),
        ("pipe.npz", saved(None, a=[1, 2]), [1, 2]),
    ],
)
def test_named_pipes(folder: Folder, name: str, data: bytes, expected: object) -> None:
    os.mkfifo(name)
    writer = threading.Thread(target=lambda: (folder / name).write_bytes(data))
    writer.start()
    try:
        assert tensors.read(f"@{name}").tolist() == expected
    finally:
        writer.join()


def test_an_empty_pipe(folder: Folder) -> None:
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: (folder / "pipe").write_bytes(b""))
    writer.start()
    assert refused("@pipe").message == "pipe is a pipe, and nothing came through it"
    writer.join()


def test_too_large_for_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez("x.npz", a=np.ones(2))

    def exhausted(*arguments: object, **keywords: object) -> None:
        raise MemoryError

    monkeypatch.setattr(np, "frombuffer", exhausted)
    error = refused("@x.npz")
    assert error.kind == "limit"
    assert error.message == "x.npz is too large for the memory that is free"
    with pytest.raises(DifftoolError, match="too large for the memory"):
        tensors.read_inputs("x.npz")


def test_inputs_by_name(folder: Folder) -> None:
    np.savez("m.npz", x=np.ones(2), y=np.array(3))
    found = tensors.read_inputs("m.npz")
    assert list(found) == ["x", "y"]
    assert found["y"] == 3
    assert list(tensors.read_inputs("@m.npz")) == ["x", "y"]
    text = {"x": [1, 2], "y": {"shape": [], "dtype": "float32", "data": 0.5}}
    (folder / "t.json").write_text(json.dumps(text))
    found = tensors.read_inputs("t.json")
    assert found["x"].tolist() == [1, 2]
    assert found["y"].dtype == np.float32
    found = tensors.read_inputs("-", stdin=piped(json.dumps(text).encode()))
    assert list(found) == ["x", "y"]
    assert list(tensors.read_inputs("-", stdin=piped(saved(None, q=1)))) == ["q"]


@pytest.mark.parametrize(
    ("name", "content", "message", "hint"),
    [
        ("t.json", b"[1, 2]", "t.json holds one array without a name", "--x @t.json"),
        ("t.csv", b"1,2\n", "t.csv holds one array without a name", "--x @t.csv"),
        (
            "t.json",
            b'{"layer.1": [1]}',
            "t.json holds an array 'layer.1', which is no name of the language",
            "--let x=@t.json:layer.1",
        ),
        ("t.json", b'{"if": [1]}', "'if', which is no name", "--let x=@t.json:if"),
        ("t.json", b'{"": [1]}', "'', which is no name", "--let"),
        ("t.json", b'{"x": {"y": [1]}}', "column 7: x is an object, not a tensor", "dtype"),
        ("t.json", b'{"x": "abc"}', "column 7: x is 'abc', which is no number", "None"),
        ("t.json", b'{"x": null}', "column 7: x is null", "NaN"),
        ("t.npz", saved(None, **{"0": 1}), "'0', which is no name", "--let x=@t.npz:0"),
        ("t.pt", b"1", "t.pt is a pickle", "torch.load"),
        ("t.foo", b"1", "not '.foo' files", "None"),
    ],
)
def test_inputs_errors(
    folder: Folder, name: str, content: bytes, message: str, hint: str
) -> None:  # fmt: skip
    (folder / name).write_bytes(content)
    with pytest.raises(DifftoolError) as caught:
        tensors.read_inputs(name)
    assert message in caught.value.message
    assert hint in str(caught.value.hint)
    assert (caught.value.kind, caught.value.place) == ("file", "--inputs")


def test_inputs_that_are_missing() -> None:
    with pytest.raises(DifftoolError, match="there is no file all.npz"):
        tensors.read_inputs("all.npz")


def test_undecodable_names_can_be_printed() -> None:
    error = refused("@" + os.fsdecode(b"x\xff\x1b.npy"))
    error.message.encode("utf-8")
    assert error.message.isprintable()


def test_reading_npy_imports_no_other_format(folder: Folder) -> None:
    np.save("x.npy", np.ones(2))
    program = (
        "import sys, numpy; before = set(sys.modules); from difftool import tensors;"
        "tensors.read('@x.npy');"
        "print(*({'json', 'csv', 'zipfile', 'safetensors', 'difflib', 'numpy.random'}"
        " & (set(sys.modules) - before)))"
    )
    root = str(Folder(tensors.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": root},
        check=True,
    )
    assert done.stdout.split() == []
