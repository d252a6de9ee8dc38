"""Files of the safetensors format: named arrays behind a JSON header, no code.

`reading` calls `safetensors_entries`. The package `safetensors` is an optional extra; it checks
the header, and what it can't say of a torn file is worked out here. Its NumPy side has no dtype for
bfloat16 and float8, which are refused by name.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.tensors.dtypes import SMALL_FLOATS, TENSORS, settled
from difftool.tensors.source import Array, Entry, Source, shown

DTYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "I64": "int64", "I32": "int32",
    "I16": "int16", "I8": "int8", "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8",
    "BOOL": "bool",
}  # fmt: skip


def safetensors_entries(source: Source) -> dict[str, Entry]:
    """The arrays of a .safetensors file by name; each is read when it is asked for."""
    try:
        package: Any = import_module("safetensors")  # whose functions have no types
    except ImportError:
        raise missing_package(source.name, source.place) from None
    if source.path is None:
        try:
            tensors = dict(package.deserialize(source.bytes()))
        except package.SafetensorError as error:
            raise _torn(source, str(error)) from None
        return {
            name: _entry(source, name, tensor["dtype"], tensor["shape"], partial(_kept, tensor))
            for name, tensor in tensors.items()
        }
    source.open().close()  # raises what is wrong with the file itself
    try:
        file = package.safe_open(source.path, framework="np")
        heads = {name: file.get_slice(name) for name in file.keys()}
        return {
            name: _entry(
                source, name, head.get_dtype(), head.get_shape(), partial(file.get_tensor, name)
            )
            for name, head in heads.items()
        }
    except package.SafetensorError as error:
        raise _torn(source, str(error)) from None
    except OSError as error:
        raise source.unreadable(error) from None


def missing_package(name: str, place: str | None) -> DifftoolError:
    """The error for a .safetensors file where the package is not installed."""
    return DifftoolError(
        f"{name}: .safetensors files need the package safetensors",
        kind="file",
        hint='pip install "difftool[safetensors]"',
        place=place,
    )


def _entry(source: Source, name: str, dtype: str, shape: list[int], load: Any) -> Entry:
    def array() -> Array:
        if dtype not in DTYPES:
            raise _no_dtype(source, name, dtype)
        return settled(load(), source, f"{source.name}, array '{shown(name)}'")

    return Entry(lambda: f"{tuple(shape)} {DTYPES.get(dtype, dtype)}", array)


def _no_dtype(source: Source, name: str, dtype: str) -> DifftoolError:
    what = f"{source.name}, array '{shown(name)}' is {shown(dtype)}"
    if dtype.startswith("C"):
        return source.fault(f"{what}, complex numbers; {TENSORS}", "save x.real and x.imag")
    return source.fault(f"{what}, which NumPy has no dtype for", SMALL_FLOATS)


def _kept(tensor: dict[str, Any]) -> Array:
    """An array of bytes that are already here. The format is little-endian."""
    dtype = np.dtype(DTYPES[tensor["dtype"]]).newbyteorder("<")
    if not tensor["data"]:
        return np.empty(tensor["shape"], dtype)
    return np.frombuffer(tensor["data"], dtype).reshape(tensor["shape"])


def _torn(source: Source, reason: str) -> DifftoolError:
    """What is wrong with a file that the package refuses, with lengths where they are known."""
    data, found = b"", source.size()
    with source.open() as stream:
        data = stream.read(8)
        length = int.from_bytes(data, "little")
        header = stream.read(length) if 8 + length <= found else b""
    again = "make the file again"
    if found < 8:
        return source.fault(f"{source.name} is torn: it ends after {found} bytes", again)
    if not header:
        return source.fault(
            f"{source.name} is torn or no .safetensors file: its header should end after"
            f" {8 + length} bytes, {found} found",
            again,
        )
    import json

    try:
        entries = json.loads(header)
        entries.pop("__metadata__", None)
        ends = [int(entry["data_offsets"][1]) for entry in entries.values()]
        dtypes = {name: str(entry["dtype"]) for name, entry in entries.items()}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return source.fault(f"{source.name} is no .safetensors file: its header is not sound")
    expected = 8 + length + max(ends, default=0)
    if found < expected:
        return source.fault(
            f"{source.name} is torn: {expected} bytes expected, {found} found", again
        )
    for name, dtype in dtypes.items():
        if dtype not in DTYPES:  # an older package does not know it either
            return _no_dtype(source, name, dtype)
    return source.fault(f"{source.name} is no sound .safetensors file: {shown(reason)}")
