"""Window functions: weights that fall off towards both ends of a stretch of a signal.

A periodic window is one of an element more, without the last: the first of the next period. The
formulas are those of F. J. Harris, On the use of windows for harmonic analysis with the discrete
Fourier transform, Proc. IEEE 66 (1978).
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, is_float
from difftool.graph.node import Node, Shape, building
from difftool.operations.creation.leaves import made_leaf, source
from difftool.operations.registry import Array, Operation, composite
from difftool.operations.shapes import dtype_name

Weights = Callable[..., Array]


def _kernel(weights: Weights) -> Callable[..., Array]:
    """The kernel of a window whose weights are a function of the place from 0 to 1."""

    def kernel(*, size: Shape, dtype: DType, periodic: bool, **parameters: float) -> Array:
        (count,) = size
        last = count if periodic else count - 1
        if count < 2:
            ones: Array = np.ones(size, dtype)
            return ones
        # Parameters may be as large as they like: the weights are infinite then, or NaN.
        with np.errstate(all="ignore"):
            found: Array = weights(np.arange(count) / last, **parameters)
            result: Array = found.astype(dtype, copy=False)
        return result

    return kernel


def _triangle(place: Array) -> Array:
    return np.asarray(1 - np.abs(2 * place - 1))


def _cosines(place: Array, alpha: float, beta: float) -> Array:
    return alpha - beta * np.cos(2 * pi * place)


def _blackman(place: Array) -> Array:
    return 0.42 - 0.5 * np.cos(2 * pi * place) + 0.08 * np.cos(4 * pi * place)


def _kaiser(place: Array, beta: float) -> Array:
    bow = np.sqrt(np.maximum(1 - (2 * place - 1) ** 2, 0))
    return np.asarray(np.i0(beta * bow) / np.i0(beta))


def _window(name: str, weights: Weights, arrays: int) -> Operation:
    """A window whose weights take so many arrays of 64 bits, the result among them."""
    return source(
        name, _kernel(weights), scratch=lambda node: arrays * 8 / node.dtype.itemsize - 1
    )


_bartlett_window = _window("bartlett_window", _triangle, 3)
_blackman_window = _window("blackman_window", _blackman, 4)
_hann_window = _window("hann_window", _cosines, 3)
_hamming_window = _window("hamming_window", _cosines, 3)
_kaiser_window = _window("kaiser_window", _kaiser, 9)


def _made(
    window: Operation,
    length: int,
    dtype: DType | None,
    requires_grad: bool,
    **parameters: Any,
) -> Node:
    dtype = dtype or building.default_dtype
    if length < 0 or not is_float(dtype):
        raise DifftoolError(
            f"{window.name} has no {length} weights of dtype {dtype_name(dtype)}",
            kind="value" if length < 0 else "dtype",
            hint="its length is not negative, and its dtype floating-point",
        )
    return made_leaf(window(size=(length,), dtype=dtype, **parameters), requires_grad)


_LENGTH = "window_length: int, periodic: bool = True"
_REST = "*, dtype: DType | None = None, requires_grad: bool = False"


@composite(f"bartlett_window({_LENGTH}, {_REST})", example="bartlett_window(5)")
def bartlett_window(
    window_length: int,
    periodic: bool = True,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """Weights that rise and fall along straight lines: 1 - |2 t - 1| for t from 0 to 1."""
    return _made(_bartlett_window, window_length, dtype, requires_grad, periodic=periodic)


@composite(f"blackman_window({_LENGTH}, {_REST})", example="blackman_window(5)")
def blackman_window(
    window_length: int,
    periodic: bool = True,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """0.42 - 0.5 cos(2 pi t) + 0.08 cos(4 pi t) for t from 0 to 1."""
    return _made(_blackman_window, window_length, dtype, requires_grad, periodic=periodic)


@composite(f"hann_window({_LENGTH}, {_REST})", example="hann_window(5)")
def hann_window(
    window_length: int,
    periodic: bool = True,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """0.5 - 0.5 cos(2 pi t) for t from 0 to 1."""
    weights = {"periodic": periodic, "alpha": 0.5, "beta": 0.5}
    return _made(_hann_window, window_length, dtype, requires_grad, **weights)


@composite(
    f"hamming_window({_LENGTH}, alpha: float = 0.54, beta: float = 0.46, {_REST})",
    example="hamming_window(5)",
)
def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """alpha - beta cos(2 pi t) for t from 0 to 1."""
    weights = {"periodic": periodic, "alpha": alpha, "beta": beta}
    return _made(_hamming_window, window_length, dtype, requires_grad, **weights)


@composite(
    f"kaiser_window({_LENGTH}, beta: float = 12.0, {_REST})", example="kaiser_window(5)"
)
def kaiser_window(
    window_length: int,
    periodic: bool = True,
    beta: float = 12.0,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """I0(beta sqrt(1 - (2 t - 1)^2)) / I0(beta) for t from 0 to 1, I0 the Bessel function."""
    weights = {"periodic": periodic, "beta": beta}
    return _made(_kaiser_window, window_length, dtype, requires_grad, **weights)
