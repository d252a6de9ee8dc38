"""Arrays to the file of `--out`: .npz, .npy, .json or .safetensors.

The command calls `check_writable` before it computes anything and `write` with the result. A file
is written beside its place under another name and then put there, so that a failure leaves what was
there before. What is written is read back by `reading` to the same bits.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO

import numpy as np

from difftool.errors import DifftoolError
from difftool.tensors.source import Array, shown
from difftool.tensors.suffixes import WRITTEN, refusal, suffix_of


def check_writable(path: str, *, count: int | None = None, place: str | None = "--out") -> None:
    """Raise DifftoolError (kind "file") unless `write` can be expected to succeed.

    Args:
        path: the file; its suffix names the format.
        count: how many arrays there will be, if that is known: an .npy file holds one.
        place: the option that names the file, for messages.
    """

    def fault(message: str, hint: str | None = None) -> DifftoolError:
        return DifftoolError(message, kind="file", hint=hint, place=place)

    suffix, name = suffix_of(path), shown(path)
    if suffix not in WRITTEN:
        raise refusal(path, WRITTEN, place)
    if suffix == ".npy" and count is not None and count != 1:
        raise fault(
            f"{name} holds one array, but there are {count}",
            f"write them to {name[: -len(suffix)]}.npz",
        )
    if suffix == ".safetensors":
        from importlib.util import find_spec

        if find_spec("safetensors") is None:
            from difftool.tensors.safetensors_files import missing_package

            raise missing_package(name, place)
    if "\0" in path:
        raise fault(f"{name} can't be the name of a file")
    target = os.path.realpath(path)
    directory = os.path.dirname(target)
    if os.path.isdir(target):
        raise fault(f"{name} is a directory", f"name a file: {name}/result.npz")
    if not os.path.isdir(directory):
        raise fault(f"there is no directory {shown(os.path.dirname(path))}", "make it first")
    if os.path.exists(target):
        if not os.access(target, os.W_OK):
            raise fault(f"no permission to write {name}")
        if not os.path.isfile(target):
            return
    if not os.access(directory, os.W_OK | os.X_OK):
        raise fault(f"no permission to write into the directory of {name}")


def write(path: str, arrays: Mapping[str, Array], *, place: str | None = "--out") -> None:
    """Write arrays, by name, into the file `path`.

    .npz and .safetensors keep the names; .json is one object of {"shape", "dtype", "data"} by name,
    also for one array, non-finite numbers as strings; .npy holds one array, without its name.
    Raises DifftoolError (kind "file") as `check_writable` does, and when the disk is full.
    """
    check_writable(path, count=len(arrays), place=place)
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        # A pipe or a device can't be replaced by a file, nor can NumPy find its way in it.
        _write(target, path, arrays, place, seeking=False)
        return
    part = beside(target)
    try:
        _write(part, path, arrays, place)
        try:
            put(part, target)
        except OSError as error:
            raise failed(path, error, place) from None
    finally:
        with suppress(OSError):
            os.unlink(part)


def beside(target: str) -> str:
    """A name in the directory of `target` for a file that is not whole yet."""
    return os.path.join(os.path.dirname(target), f".difftool-{os.urandom(6).hex()}.part")


def put(part: str, target: str) -> None:
    """Put a whole file in the place of `target`, with the permissions of what was there."""
    if os.path.exists(target):
        os.chmod(part, stat.S_IMODE(os.stat(target).st_mode))
    os.replace(part, target)


def _write(
    file: str, path: str, arrays: Mapping[str, Array], place: str | None, seeking: bool = True
) -> None:
    """Write into `file` in the format of `path`."""
    suffix = suffix_of(path)
    try:
        if suffix == ".safetensors":
            _safetensors(file, arrays)
            return
        with open(file, "wb") as stream:
            if suffix == ".npy":
                (array,) = arrays.values()
                whole = stream if seeking else BytesIO()
                np.lib.format.write_array(whole, array, allow_pickle=False)
                if isinstance(whole, BytesIO):
                    stream.write(whole.getbuffer())
            elif suffix == ".npz":
                _npz(stream, arrays)
            else:
                _json(stream, arrays)
    except OSError as error:
        raise failed(path, error, place) from None
    except MemoryError:
        raise DifftoolError(
            f"there is not enough memory to write {shown(path)}",
            kind="limit",
            hint="write .npy or .npz, which needs the least",
            place=place,
        ) from None


def _npz(stream: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """As numpy.savez does it, which has names of its own that no array may have ("file")."""
    from zipfile import ZipFile

    with ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def _json(stream: BinaryIO, arrays: Mapping[str, Array]) -> None:
    from json import dumps

    from difftool.tensors.json_numbers import json_pieces

    separator = "{"
    for name, array in arrays.items():
        head = (
            f'{separator}{dumps(name)}: {{"shape": {list(array.shape)},'
            f' "dtype": "{array.dtype.name}", "data": '
        )
        stream.write(head.encode("ascii"))
        for piece in json_pieces(array):
            stream.write(piece.encode("ascii"))
        stream.write(b"}")
        separator = ", "
    stream.write(b"}\n" if arrays else b"{}\n")


def _safetensors(file: str, arrays: Mapping[str, Array]) -> None:
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    # The package writes an array's memory as it lies, so it must lie in the order of the indices.
    # np.asarray keeps a 0-d array 0-d, which np.ascontiguousarray does not.
    ordered = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    try:
        save_file(ordered, file)
    except SafetensorError as error:
        raise OSError(str(error)) from None


def failed(path: str, error: OSError, place: str | None) -> DifftoolError:
    return DifftoolError(
        f"{shown(path)} can't be written: {error.strerror or error}",
        kind="file",
        hint="write it elsewhere; a file that was there is as it was",
        place=place,
    )
