"""An .npy file that a result is computed into, so that it needs no memory of its own.

Like every file of `--out` it is written beside its place and put there when it is whole
(`writing`). The command line makes one; `array` is asked for when the result turns out to be large.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

import numpy as np

from difftool.tensors.source import Array
from difftool.tensors.suffixes import suffix_of
from difftool.tensors.writing import beside, failed, put


class MappedFile:
    """The file of `--out` while a result is computed into it.

    Args:
        path: the file.
        place: the option that names it, for messages.
    """

    def __init__(self, path: str, place: str | None = "--out") -> None:
        self._path = path
        self._place = place
        self._target = os.path.realpath(path)
        self._part: str | None = None
        self._mapped: Array | None = None

    @staticmethod
    def suits(path: str) -> bool:
        """Whether a result can be computed into `path`: an .npy file, not a pipe or a device."""
        target = os.path.realpath(path)
        return suffix_of(path) == ".npy" and (os.path.isfile(target) or not os.path.exists(target))

    def array(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """An array whose memory is the file's.

        Raises:
            DifftoolError: kind "file" if the disk has no room for it.
        """
        self._part = beside(self._target)
        try:
            mapped = np.lib.format.open_memmap(self._part, "w+", dtype, shape)
            if hasattr(os, "posix_fallocate"):
                # A page that the disk has no room for would end the process when it is written.
                with open(self._part, "r+b") as file:
                    os.posix_fallocate(file.fileno(), 0, os.path.getsize(self._part))
        except OSError as error:
            self.discard()
            raise failed(self._path, error, self._place) from None
        self._mapped = mapped.view(np.ndarray)
        return self._mapped

    def holds(self, array: Array) -> bool:
        """Whether `array` is the one in the file."""
        return self._mapped is array

    def keep(self) -> None:
        """Put the file in its place.

        Raises:
            DifftoolError: kind "file" if that fails.
        """
        assert self._part is not None
        try:
            put(self._part, self._target)
        except OSError as error:
            raise failed(self._path, error, self._place) from None
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove what was written of a file that is not to be."""
        if self._part is not None:
            with suppress(OSError):
                os.unlink(self._part)
