"""An .npy file that a result is computed into: it is there when it is whole, or as it was."""

from __future__ import annotations

import errno
import json
import os
import stat
import threading
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.execute import worker
from difftool.tensors import MappedFile
from tests.cli.command_line import run

Array: TypeAlias = "np.ndarray[Any, Any]"
Capture: TypeAlias = pytest.CaptureFixture[str]

COUNT = 2**19


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the large x.npy and an out.npy of before."""
    monkeypatch.chdir(tmp_path)
    np.save("x.npy", np.linspace(-1, 1, COUNT))
    np.save("out.npy", np.arange(3))
    return tmp_path


@pytest.fixture
def mapped(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    """The shapes that the file of --out was mapped for."""
    shapes: list[tuple[int, ...]] = []
    array = MappedFile.array

    def noted(self: MappedFile, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        shapes.append(shape)
        return array(self, shape, dtype)

    monkeypatch.setattr(MappedFile, "array", noted)
    return shapes


def assert_as_it_was() -> None:
    """The old result stands, and nothing beside it."""
    np.testing.assert_array_equal(np.load("out.npy"), np.arange(3))
    assert sorted(os.listdir()) == ["out.npy", "x.npy"]


def square(capsys: Capture, *words: str) -> tuple[int, str, str]:
    return run(capsys, "eval", "x^2", "--x", "@x.npy", *words)


# ----- What is written -----


def test_a_large_result_is_computed_into_the_file(
    capsys: Capture, mapped: list[tuple[int, ...]]
) -> None:
    assert square(capsys, "--out", "out.npy") == (0, "", "wrote output to out.npy\n")
    np.testing.assert_array_equal(np.load("out.npy"), np.load("x.npy") ** 2)
    assert mapped == [(COUNT,)]
    assert sorted(os.listdir()) == ["out.npy", "x.npy"]


def test_so_is_a_gradient_if_it_is_the_only_one(
    capsys: Capture, mapped: list[tuple[int, ...]]
) -> None:
    done = run(capsys, "grad", "mean(x^2)", "--x", "@x.npy", "--out", "out.npy")
    assert done == (0, "", "wrote x to out.npy\n")
    np.testing.assert_allclose(np.load("out.npy"), 2 * np.load("x.npy") / COUNT)
    assert mapped == [(COUNT,)]


def test_a_small_result_is_written_when_it_is_computed(
    capsys: Capture, mapped: list[tuple[int, ...]]
) -> None:
    assert run(capsys, "eval", "x[:3]", "--x", "@x.npy", "--out", "out.npy").status == 0
    np.testing.assert_array_equal(np.load("out.npy"), np.load("x.npy")[:3])
    assert mapped == []


@pytest.mark.parametrize("name", ["new.npz", "new.json"])
def test_so_is_a_large_one_in_another_form(
    capsys: Capture, mapped: list[tuple[int, ...]], name: str
) -> None:
    assert square(capsys, "--out", name)[0] == 0
    assert os.path.getsize(name) > COUNT
    assert mapped == []


def test_json_is_printed_beside_the_file(capsys: Capture, mapped: list[tuple[int, ...]]) -> None:
    status, output, _ = square(capsys, "--out", "new.npy", "--json")
    assert status == 0
    assert json.loads(output)["output"]["shape"] == [COUNT]
    np.testing.assert_array_equal(np.load("new.npy"), np.load("x.npy") ** 2)
    assert mapped == [(COUNT,)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_written_to_and_stays_one(
    capsys: Capture, mapped: list[tuple[int, ...]]
) -> None:
    os.mkfifo("pipe.npy")
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(Path("pipe.npy").read_bytes()))
    reader.start()
    assert square(capsys, "--out", "pipe.npy")[0] == 0
    reader.join()
    Path("new.npy").write_bytes(received[0])
    np.testing.assert_array_equal(np.load("new.npy"), np.load("x.npy") ** 2)
    assert stat.S_ISFIFO(os.stat("pipe.npy").st_mode)
    assert mapped == []


def test_the_input_may_be_the_file_that_is_written(
    capsys: Capture, mapped: list[tuple[int, ...]]
) -> None:
    before = np.load("x.npy")
    assert square(capsys, "--out", "x.npy")[0] == 0
    np.testing.assert_array_equal(np.load("x.npy"), before**2)
    assert mapped == [(COUNT,)]


def test_the_permissions_of_what_was_there_are_kept(capsys: Capture) -> None:
    os.chmod("out.npy", 0o640)
    assert square(capsys, "--out", "out.npy")[0] == 0
    assert stat.S_IMODE(os.stat("out.npy").st_mode) == 0o640


def test_a_link_stays_one(capsys: Capture) -> None:
    os.symlink("out.npy", "link.npy")
    assert square(capsys, "--out", "link.npy")[0] == 0
    assert os.path.islink("link.npy")
    assert np.load("out.npy").shape == (COUNT,)


# ----- What goes wrong on the way -----


def test_an_error_of_a_kernel_leaves_what_was_there(
    capsys: Capture, mapped: list[tuple[int, ...]]
) -> None:
    np.save("x.npy", np.arange(COUNT)[::-1])
    status, output, errors = run(
        capsys, "eval", "100 // x", "--x", "@x.npy", "--out", "out.npy", "--threads", "2"
    )
    assert (status, output) == (2, "")
    assert "integer division by zero" in errors
    assert mapped == [(COUNT,)]
    assert_as_it_was()


def test_an_interruption_leaves_what_was_there(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, mapped: list[tuple[int, ...]]
) -> None:
    block = worker.Worker.block

    def interrupted(self: worker.Worker, number: int, sums: Any) -> None:
        if number == 1:
            raise KeyboardInterrupt
        block(self, number, sums)

    monkeypatch.setattr(worker.Worker, "block", interrupted)
    assert square(capsys, "--out", "out.npy")[0] == 130
    assert mapped == [(COUNT,)]
    assert_as_it_was()


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="the system reserves no room")
def test_a_full_disk_is_an_error_before_anything_is_computed(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    status, output, errors = square(capsys, "--out", "out.npy")
    assert (status, output) == (2, "")
    assert "out.npy can't be written: No space left on device" in errors
    assert "--out" in errors
    assert "a file that was there is as it was" in errors
    assert_as_it_was()


def test_a_file_that_cannot_be_put_in_its_place_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*arguments: object) -> NoReturn:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    file = MappedFile("out.npy")
    file.array((4,), np.dtype(np.float64))[:] = 1
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(DifftoolError, match="out.npy can't be written: Operation not permitted"):
        file.keep()
    assert_as_it_was()


def test_what_is_discarded_is_gone() -> None:
    file = MappedFile("out.npy")
    array = file.array((4,), np.dtype(np.float32))
    assert file.holds(array)
    assert not file.holds(array.copy())
    file.discard()
    file.discard()
    assert_as_it_was()
