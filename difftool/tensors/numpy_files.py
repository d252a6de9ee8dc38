"""NumPy's own files: .npy, mapped into memory, and .npz, a zip archive of them.

`reading` calls `read_npy` and `npz_entries`. The headers are read here rather than by numpy.load,
so that nothing in a file is evaluated, a torn file is told by its length before anything is
allocated, and the same code serves files and pipes. Format: numpy.lib.format, versions 1 to 3.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.tensors.dtypes import TENSORS, check, settled
from difftool.tensors.source import Array, Entry, Source, shown
from difftool.tensors.suffixes import BY_TORCH, pickled

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

MAGIC = b"\x93NUMPY"
LONGEST_HEADER = 1 << 16
MOST_DIMENSIONS = 64
LONGEST_SIZE = 19  # digits of 2**63
PLAIN_ZIP = (0, 8)  # stored and deflated: what numpy.savez and savez_compressed write


class Header(NamedTuple):
    """What stands before the numbers, and how long it is."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: str
    start: int

    @property
    def end(self) -> int:
        """The bytes of the whole file, header included."""
        return self.start + math.prod(self.shape) * self.dtype.itemsize


def read_npy(source: Source) -> Array:
    """The array of an .npy file, mapped read-only; of bytes, a read-only view of them."""
    with source.open() as stream:
        header = _header(stream, source, source.name)
    _check_length(header, source.size(), source, source.name)
    if source.path is not None and header.end > header.start:
        try:
            mapped = np.memmap(
                source.path, header.dtype, "r", header.start, header.shape, _order(header)
            )
            return settled(mapped.view(np.ndarray), source, source.name)
        except (OSError, ValueError):
            pass  # some file systems can't map; reading works everywhere
    return _filled(header, source.bytes(), source, source.name)


def npz_entries(source: Source) -> dict[str, Entry]:
    """The arrays of an .npz file by name; each is read when it is asked for."""
    with _archive(source) as archive:
        listed = archive.infolist()
    members = {
        info.filename.removesuffix(".npy"): info
        for info in listed
        if info.filename.endswith(".npy")
    }
    if not members and any(info.filename.endswith("data.pkl") for info in listed):
        raise pickled(f"{source.name} is a pickle of PyTorch's", source.place, BY_TORCH)
    return {
        name: Entry(partial(_description, source, info), partial(_load, source, info))
        for name, info in members.items()
    }


@contextmanager
def _archive(source: Source) -> Iterator[ZipFile]:
    from zipfile import BadZipFile, ZipFile

    with source.open() as stream:
        try:
            archive = ZipFile(stream)
        except (BadZipFile, OSError, ValueError, NotImplementedError):
            stream.seek(0)
            raise _no_archive(source, stream.read(len(MAGIC))) from None
        yield archive


def _no_archive(source: Source, beginning: bytes) -> DifftoolError:
    if beginning.startswith(b"PK"):
        return source.fault(
            f"{source.name} is torn: an .npz file ends with its table of contents, but the"
            f" {source.size()} bytes found end without one",
            "make the file again",
        )
    if beginning[:1] == b"\x80":
        return pickled(f"{source.name} is a pickle", source.place)
    hint = "it is an .npy file; name it so" if beginning == MAGIC else None
    return source.fault(
        f"{source.name} is no .npz file: it does not begin like a zip archive", hint
    )


def _header(stream: IO[bytes], source: Source, what: str) -> Header:
    beginning = stream.read(8)
    if len(beginning) < 8 and MAGIC.startswith(beginning[:6]):
        raise source.fault(f"{what} is torn: it ends after {len(beginning)} bytes")
    if not beginning.startswith(MAGIC):
        if beginning[:1] == b"\x80":
            raise pickled(f"{what} is a pickle", source.place)
        hint = "it is an .npz file; name it so" if beginning.startswith(b"PK") else None
        raise source.fault(f"{what} is no .npy file: it does not begin with NumPy's mark", hint)
    strange = source.fault(f"the header of {what} is not one that NumPy writes")
    if beginning[6] not in (1, 2, 3):
        raise strange
    width = 2 if beginning[6] == 1 else 4
    length = int.from_bytes(stream.read(width), "little")
    text = stream.read(min(length, LONGEST_HEADER)).decode("latin-1")
    if len(text) < min(length, LONGEST_HEADER):
        raise source.fault(
            f"{what} is torn: it ends in its header, after {8 + width + len(text)} bytes"
        )
    kind = re.search(r"""['"]descr['"]\s*:\s*(?:(\[)|(['"])([^'"]*)\2)""", text)
    order = re.search(r"""['"]fortran_order['"]\s*:\s*(True|False)""", text)
    shape = re.search(r"""['"]shape['"]\s*:\s*\(([\d,\sL]*)\)""", text)
    if not (kind and order and shape):
        raise strange
    if kind[1]:
        raise source.fault(
            f"{what} holds records with named fields; {TENSORS}",
            "save one field: x['name']",
        )
    if "O" in kind[3]:
        raise pickled(
            f"{what} holds pickled Python objects", source.place, "save x.astype('float64')"
        )
    digits = re.findall(r"\d+", shape[1])
    if any(len(size) > LONGEST_SIZE for size in digits):
        raise strange
    sizes = tuple(map(int, digits))
    if len(sizes) > MOST_DIMENSIONS:
        raise source.fault(f"{what} has {len(sizes)} dimensions, more than {MOST_DIMENSIONS}")
    return Header(
        _dtype(kind[3], source, what), sizes, "F" if order[1] == "True" else "C",
        8 + width + length,
    )  # fmt: skip


def _dtype(descr: str, source: Source, what: str) -> np.dtype[Any]:
    try:
        dtype = np.dtype(descr)
    except (TypeError, ValueError):
        raise source.fault(f"{what} holds '{shown(descr)}', which is no dtype here") from None
    check(dtype, source, what)
    return dtype


def _order(header: Header) -> Any:
    return header.order


def _check_length(header: Header, found: int, source: Source, what: str) -> None:
    if found < header.end:
        raise source.fault(
            f"{what} is torn: {header.end} bytes expected for shape {header.shape} and"
            f" {header.dtype.name}, {found} found",
            "make the file again",
        )
    if found > header.end:
        raise source.fault(
            f"{what} holds {found - header.end} bytes after its array, which ends after"
            f" {header.end}",
            "save one array a file, or several as .npz",
        )


def _filled(header: Header, data: bytes, source: Source, what: str) -> Array:
    """The array from the bytes of a whole .npy file."""
    try:
        if header.end == header.start:
            return settled(np.empty(header.shape, header.dtype), source, what)
        flat = np.frombuffer(data, header.dtype, offset=header.start)
        return settled(flat.reshape(header.shape, order=_order(header)), source, what)
    except ValueError:  # a size beyond what NumPy counts to, beside a zero
        raise source.fault(f"{what} has the impossible shape {header.shape}") from None


def _description(source: Source, info: ZipInfo) -> str:
    try:
        header, _ = _member(source, info)
    except DifftoolError:
        return "(unreadable)"
    return f"{header.shape} {header.dtype.name}"


def _load(source: Source, info: ZipInfo) -> Array:
    header, data = _member(source, info, whole=True)
    return _filled(header, data, source, _naming(source, info))


def _member(source: Source, info: ZipInfo, whole: bool = False) -> tuple[Header, bytes]:
    """The header of one array and, if asked for, the bytes of its whole file."""
    from zipfile import BadZipFile

    what = _naming(source, info)
    if info.compress_type not in PLAIN_ZIP:
        raise source.fault(
            f"{what} is compressed in a way that NumPy does not write",
            "use numpy.savez or numpy.savez_compressed",
        )
    if info.flag_bits & 1:
        raise source.fault(f"{what} is encrypted", "use an archive without a password")
    try:
        with _archive(source) as archive:
            with archive.open(info) as stream:
                header = _header(stream, source, what)
            _check_length(header, info.file_size, source, what)
            return header, archive.read(info) if whole else b""
    except (BadZipFile, EOFError, OSError, zlib.error, NotImplementedError) as error:
        raise source.fault(f"{what} is torn: {error}", "make the file again") from None


def _naming(source: Source, info: ZipInfo) -> str:
    return f"{source.name}, array '{shown(info.filename.removesuffix('.npy'))}'"
