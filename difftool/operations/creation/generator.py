"""PyTorch's own random numbers, from a seed: the source that the random creation functions draw on.

`torch.manual_seed(n)` followed by `torch.rand`, `randn`, `randint` or `randperm` on the CPU gives
certain bits; a `Generator(n)` gives the same ones in the same order, so a run can be repeated here
and there. It stands below `random`, which declares those functions, and knows nothing of graphs.
Algorithms, as in PyTorch 2.13: the 32-bit words of the `mersenne_twister`; uniform numbers from the
low 53 (float64) or 24 (float32, float16) bits; the Box-Muller transform for normal ones, number by
number below 16 elements and in blocks of 8 pairs (`box_muller`) from 16 on; the remainder for
integers; the forward Fisher-Yates shuffle for permutations.

Uniform numbers, integers, permutations and long float32 and float16 normal draws depend on no
mathematical library and equal PyTorch's bits on x86-64, wherever they are made. Normal numbers in
float64 and in draws of fewer than 16 follow the logarithm, sine and cosine of the machine's C
library, as PyTorch's do, and so may differ from another machine's in the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from difftool.errors import DifftoolError
from difftool.operations.creation.box_muller import box_muller
from difftool.operations.creation.mersenne_twister import MersenneTwister

BLOCK = 1 << 15  # elements made at a time: the intermediates stay in the cache
LONGEST_PERMUTATION = (2**32 - 1) // 20  # PyTorch changes its algorithm from here on


class Generator:
    """PyTorch's CPU generator after `torch.manual_seed(seed)`.

    Args:
        seed: from -2**63 to 2**64 - 1; a negative seed counts from 2**64 downwards. As in PyTorch
            only the low 32 bits choose the numbers.
    """

    __slots__ = ("_second_normal", "_twister", "seed")

    def __init__(self, seed: int) -> None:
        if not -(2**63) <= seed < 2**64:
            raise DifftoolError(
                f"the seed {_shortened(seed)} does not fit into 64 bits",
                kind="value",
                hint="a seed is an integer from -2**63 to 2**64 - 1",
            )
        self.seed = seed
        self._twister: MersenneTwister | None = None
        self._second_normal: float | None = None

    def rand(self, shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Uniform numbers in [0, 1), `torch.rand`. dtype: float64, float32 or float16."""
        values = np.empty(_count(shape), _floating(dtype, "rand"))
        source = _drawn_as(values.dtype)
        self._expect(values.size, source)
        for block in _blocks(values.size):
            values[block] = self._uniform(block.stop - block.start, source)
        if values.dtype == np.float16:
            # Rounding to 11 bits reaches 1, which is outside; PyTorch puts 0 there.
            values[values == 1] = 0
        return values.reshape(shape)

    def randn(self, shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Standard normal numbers, `torch.randn`. dtype: float64, float32 or float16."""
        count = _count(shape)
        values = np.empty(count, _floating(dtype, "randn"))
        if count < 16:
            # Through float32, so that float16 is rounded twice, as PyTorch does it.
            drawn = np.array(self._few_normal(count), np.float64)
            values[:] = drawn.astype(np.float32) if values.dtype == np.float16 else drawn
            return values.reshape(shape)
        source = _drawn_as(values.dtype)
        rest = count % 16
        self._expect(count + 16, source)
        for block in _blocks(count - rest):
            values[block] = box_muller(self._uniform(block.stop - block.start, source))
        if rest:
            if values.dtype == source:
                # PyTorch draws the rest in place before it fills the last 16 places anew.
                self._uniform(rest, source)
            values[-16:] = box_muller(self._uniform(16, source))
        return values.reshape(shape)

    def randint(
        self, low: int, high: int, shape: tuple[int, ...], dtype: DTypeLike = np.int64
    ) -> NDArray[Any]:
        """Integers from low to high - 1, `torch.randint`. dtype: any integer, floating or bool."""
        count, kind = _count(shape), np.dtype(dtype)
        low, high = _integer_bounds(low, high, kind)
        values = np.empty(count, kind)
        span, base = np.uint64(high - low), np.uint64(low % 2**64)
        wide = high - low >= 2**28  # below, the remainder of 32 bits is even enough for PyTorch
        self._expect(count, np.dtype(np.float64 if wide else np.float32))
        for block in _blocks(count):
            size = block.stop - block.start
            words = self._words(2 * size if wide else size).astype(np.uint64)
            drawn = (words[0::2] << np.uint64(32)) | words[1::2] if wide else words
            values[block] = (drawn % span + base).view(np.int64)
        return values.reshape(shape)

    def randperm(self, n: int, dtype: DTypeLike = np.int64) -> NDArray[Any]:
        """The integers from 0 to n - 1 in random order, `torch.randperm`. Shape (n,)."""
        kind = np.dtype(dtype)
        if n < 0:
            raise DifftoolError(f"randperm needs n of at least 0, not {n}", kind="value")
        if n >= LONGEST_PERMUTATION:
            raise DifftoolError(
                f"randperm({_shortened(n)}) is too long",
                kind="limit",
                hint=f"it works below {LONGEST_PERMUTATION} elements",
            )
        if kind.kind not in "iuf" or n - 1 > _largest_whole(kind):
            raise DifftoolError(f"randperm({n}) does not fit into {kind.name}", kind="dtype")
        order = list(range(n))
        self._expect(n, np.dtype(np.float32))
        # Each exchange depends on those before it, so this one loop can't be a NumPy step.
        for block in _blocks(n - 1):
            left = np.arange(n - block.start, n - block.stop, -1, dtype=np.uint32)
            steps = (self._words(len(left)) % left).tolist()
            for place, step in enumerate(steps, block.start):
                order[place], order[place + step] = order[place + step], order[place]
        return np.array(order, kind)

    def _expect(self, count: int, source: np.dtype[Any]) -> None:
        if self._twister is None:
            self._twister = MersenneTwister(self.seed)
        self._twister.expect(count * source.itemsize // 4)

    def _words(self, count: int) -> NDArray[np.uint32]:
        if self._twister is None:
            self._twister = MersenneTwister(self.seed)
        return self._twister.take(count)

    def _uniform(self, count: int, source: np.dtype[Any]) -> NDArray[Any]:
        """Uniform numbers of [0, 1): float64 from two words each, float32 from one."""
        if source == np.float32:
            return (self._words(count) & 0xFFFFFF).astype(np.float32) * np.float32(2.0**-24)
        words = self._words(2 * count).astype(np.uint64)
        whole = ((words[0::2] & np.uint64(0x1FFFFF)) << np.uint64(32)) | words[1::2]
        return whole.astype(np.float64) * 2.0**-53

    def _few_normal(self, count: int) -> list[float]:
        """Normal numbers one by one. Each pair's second number waits for the next such call,
        whatever its dtype; the block-wise calls in between neither use nor drop it."""
        values: list[float] = []
        if count and self._second_normal is not None:
            values.append(self._second_normal)
            self._second_normal = None
        pairs = (count - len(values) + 1) // 2
        uniform = self._uniform(2 * pairs, np.dtype(np.float64)).tolist()
        for first, second in zip(uniform[0::2], uniform[1::2], strict=True):
            radius = math.sqrt(-2.0 * math.log1p(-second))
            angle = 2.0 * math.pi * first
            values += (radius * math.cos(angle) + 0.0, radius * math.sin(angle) + 0.0)
        if len(values) > count:
            self._second_normal = values.pop()
        return values


def _blocks(count: int) -> Iterator[slice]:
    for start in range(0, count, BLOCK):
        yield slice(start, min(start + BLOCK, count))


def _count(shape: tuple[int, ...]) -> int:
    for size in shape:
        if size < 0:
            raise DifftoolError(
                f"a tensor can't have the negative size {size}: {list(shape)}", kind="shape"
            )
    return math.prod(shape)


def _floating(dtype: DTypeLike, function: str) -> np.dtype[Any]:
    kind = np.dtype(dtype)
    if kind not in (np.float64, np.float32, np.float16):
        raise DifftoolError(
            f"{function} makes floating-point numbers, not {kind.name}",
            kind="dtype",
            hint="dtype is float64, float32 or float16; integers come from randint",
        )
    return kind


def _drawn_as(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype in which PyTorch draws: float16 is made from float32 numbers."""
    return np.dtype(np.float64 if dtype == np.float64 else np.float32)


def _largest_whole(kind: np.dtype[Any]) -> int:
    """The largest n such that the dtype holds every whole number from 0 to n."""
    return int(np.iinfo(kind).max) if kind.kind in "iu" else 2 ** _digits(kind)


def _digits(kind: np.dtype[Any]) -> int:
    """The bits of a floating-point number's whole mantissa."""
    return int(np.finfo(kind).nmant) + 1


def _integer_bounds(low: int, high: int, kind: np.dtype[Any]) -> tuple[int, int]:
    """Check [low, high) for randint and, for floating dtypes, draw it in to what they can hold."""
    if not low < high:
        raise DifftoolError(
            f"randint needs low < high, not low = {_shortened(low)}, high = {_shortened(high)}",
            kind="value",
        )
    if kind.kind not in "iufb":
        raise DifftoolError(f"randint can't make {kind.name}", kind="dtype")
    if kind.kind == "f":
        largest = int(np.finfo(kind).max)
        smallest = -largest
    elif kind.kind == "b":
        smallest, largest = 0, 1
    else:
        smallest, largest = int(np.iinfo(kind).min), int(np.iinfo(kind).max)
    # The bounds are 64-bit integers themselves, so that high can't be beyond 2**63 - 1.
    smallest, largest = max(smallest, -(2**63)), min(largest, 2**63 - 2)
    if low < smallest or high - 1 > largest:
        raise DifftoolError(
            f"the integers from {_shortened(low)} to {_shortened(high - 1)} do not fit into"
            f" {kind.name}",
            kind="value",
            hint=f"it takes {smallest} to {largest}",
        )
    if kind.kind == "f":
        digits = _digits(kind)
        next_low, last = int(kind.type(low + 1)), int(kind.type(high - 1))
        if next_low < low:
            low = next_low + (1 << (abs(low + 1).bit_length() - digits))
        if last >= high:
            high = last - (1 << (abs(high - 1).bit_length() - digits))
        if not low < high:
            raise DifftoolError(
                f"{kind.name} holds no number from {low} to {high - 1}", kind="value"
            )
    return low, high


def _shortened(number: int) -> str:
    """The number, or its size when it is too long to read (or for Python to print)."""
    if number.bit_length() <= 128:
        return str(number)
    exponent = int(number.bit_length() * math.log10(2))
    return f"about {'-' if number < 0 else ''}10^{exponent}"
