"""Where tensors come from: one file or the standard input, its bytes, and its name in messages.

`reading` makes a `Source` for what the user wrote; each format takes its bytes, or the file itself
where it can be mapped into memory, and raises `source.fault(...)` when they are not what it reads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple, TypeAlias

import numpy as np

from difftool.errors import DifftoolError

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

STANDARD_INPUT = "standard input"
MOST_NAMES = 12  # as many names of arrays a message lists


class Source:
    """A file, or bytes that are already here, and how to speak of it."""

    __slots__ = ("_data", "name", "path", "place", "reference", "suffix")

    def __init__(
        self,
        name: str,
        reference: str,
        *,
        suffix: str = "",
        path: str | None = None,
        data: bytes | None = None,
        place: str | None = None,
    ) -> None:
        self.name = name  # "x.npz" or "standard input"
        self.reference = reference  # what the user writes for it: "@x.npz", "@-"
        self.suffix = suffix  # what the name says of the format, ".npz"; "" if there is no name
        self.path = path  # None for bytes
        self.place = place  # the option it is the value of
        self._data = data

    def fault(self, message: str, hint: str | None = None, kind: str = "file") -> DifftoolError:
        """The error for something wrong with this source, to be raised."""
        return DifftoolError(message, kind=kind, hint=hint, place=self.place)

    def bytes(self) -> bytes:
        """All of it."""
        if self._data is None:
            with self.open() as stream:
                try:
                    self._data = stream.read()
                except OSError as error:
                    raise self.unreadable(error) from None
        return self._data

    def open(self) -> BinaryIO:
        """A stream that can seek, to be closed by the caller."""
        if self._data is not None or self.path is None:
            return BytesIO(self._data or b"")
        try:
            return open(self.path, "rb")
        except OSError as error:
            raise self.unreadable(error) from None

    def size(self) -> int:
        """Its length in bytes."""
        return len(self.bytes()) if self.path is None else os.path.getsize(self.path)

    def unreadable(self, error: OSError) -> DifftoolError:
        """What the operating system said, in words."""
        if isinstance(error, FileNotFoundError):
            return self.fault(f"there is no file {self.name}", _neighbour(self.path or ""))
        if isinstance(error, IsADirectoryError) or os.path.isdir(self.path or ""):
            return self.fault(f"{self.name} is a directory", "name a file in it")
        if isinstance(error, PermissionError):
            return self.fault(f"no permission to read {self.name}")
        return self.fault(f"{self.name} can't be read: {error.strerror or error}")


class StandardInput:
    """The standard input, which can be read once; one object serves a whole command.

    Args:
        stream: where the bytes come from; by default the process's own standard input.
    """

    __slots__ = ("_reader", "_stream")

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._stream = stream
        self._reader: str | None = None

    def read(self, place: str | None) -> Source:
        """All its bytes, for the option `place`.

        Raises DifftoolError when another option has read it, when it is a terminal (where a
        tensor would have to be typed and the command seems to hang), and when it is closed.
        """

        def fault(message: str, hint: str, kind: str = "file") -> DifftoolError:
            return DifftoolError(message, kind=kind, hint=hint, place=place)

        reader = place or "a tensor"
        if self._reader is not None:
            raise fault(
                f"standard input is read once, but {self._reader} and {reader} both ask for it",
                "give one of them a file, or send both as one .npz or JSON object to --inputs -",
                "usage",
            )
        self._reader = reader
        try:
            stream = self._stream or getattr(sys.stdin, "buffer", None)
            if stream is None:
                raise ValueError
            if stream.isatty():
                raise fault(
                    "standard input is a terminal, so there is no tensor to read",
                    "pipe one in (JSON, .npy or .npz), or read a file: @FILE",
                )
            data = stream.read()
        except ValueError:  # Python's word for a closed stream
            raise fault("standard input is closed", "pipe a tensor in, or use @FILE") from None
        except OSError as error:
            raise fault(
                f"standard input can't be read: {error.strerror or error}", "use @FILE"
            ) from None
        if not data:
            raise fault("standard input is empty", "pipe a tensor in, as JSON, .npy or .npz")
        return Source(STANDARD_INPUT, "@-", data=data, place=place)


class Entry(NamedTuple):
    """One array of a file that holds several: what to say of it, and how to get it."""

    description: Callable[[], str]  # its shape and dtype, "(2, 3) float64"
    load: Callable[[], Array]


def pick(source: Source, entries: Mapping[str, Entry], key: str | None) -> Array:
    """The array that `key` names, or the only one."""
    if key is None:
        if len(entries) == 1:
            return next(iter(entries.values())).load()
        if not entries:
            raise source.fault(f"{source.name} holds no arrays")
        raise source.fault(
            f"{source.name} holds {len(entries)} arrays: {_listed(entries)}",
            f"name one: {source.reference}:{shown(next(iter(entries)))}",
        )
    if key not in entries:
        from difflib import get_close_matches

        near = get_close_matches(key, entries, 1)
        raise source.fault(
            f"{source.name} holds no array '{shown(key)}', but {_listed(entries)}",
            f"did you mean {source.reference}:{shown(near[0])}" if near else None,
        )
    return entries[key].load()


def shown(name: str) -> str:
    """A file's or an array's name as it can be printed: undecodable bytes and control characters
    are escaped."""
    if name.isprintable():
        return name
    return name.encode("unicode_escape", "backslashreplace").decode("ascii")


def refuse_key(source: Source, key: str | None, form: str) -> None:
    """Raise if a key was given for a form that holds one array without a name."""
    if key is not None:
        raise source.fault(
            f"{source.name} is {form} and holds one array without a name, so :{shown(key)} has no"
            " meaning",
            f"write {source.reference}",
        )


def _listed(entries: Mapping[str, Entry]) -> str:
    if not entries:
        return "none at all"
    names = [f"{shown(name)} {entry.description()}" for name, entry in _first(entries)]
    more = len(entries) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _first(entries: Mapping[str, Entry]) -> list[tuple[str, Entry]]:
    return [item for item, _ in zip(entries.items(), range(MOST_NAMES), strict=False)]


def _neighbour(path: str) -> str | None:
    """A file beside the missing one with nearly its name, as a hint."""
    from difflib import get_close_matches

    directory, name = os.path.split(path)
    try:
        near = get_close_matches(name, os.listdir(directory or "."), 1, 0.75)
    except OSError:
        return f"there is no directory {shown(directory)} either"
    return f"did you mean {shown(os.path.join(directory, near[0]))}" if near else None
