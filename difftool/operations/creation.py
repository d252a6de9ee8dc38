"""Creation: tensors from sizes, from numbers in the text, and from the random generator.

All of them make leaves: nodes without inputs. Random numbers are drawn when the node is made, in
the order of the text, so that a seed gives the same numbers whatever is computed later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, isfinite, prod
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean, int64, is_float
from difftool.graph.node import Node, Number, Shape, building
from difftool.operations.registry import Array, Operation, Type, composite, number_of, ops

MOST_DIMENSIONS = 64
MOST_ELEMENTS = 2**63


def _sized(*, size: Sequence[int], dtype: DType, **rest: Any) -> Type:
    return Type(_valid_size(size), dtype, None, {"size": tuple(size), "dtype": dtype, **rest})


def _valid_size(size: Sequence[int]) -> Shape:
    if any(length < 0 for length in size):
        raise DifftoolError(
            f"{tuple(size)} is not a shape: sizes are not negative",
            kind="shape",
            hint="give the number of elements along each dimension",
        )
    if len(size) > MOST_DIMENSIONS:
        raise DifftoolError(
            f"a tensor of {len(size)} dimensions is more than NumPy's {MOST_DIMENSIONS}",
            kind="shape",
            hint="use fewer dimensions",
        )
    if prod(size) >= MOST_ELEMENTS:
        raise DifftoolError(
            f"a tensor of shape {tuple(size)} has more elements than memory has addresses",
            kind="limit",
            hint="use smaller sizes",
        )
    return tuple(size)


def _source(name: str, kernel: Callable[..., Any]) -> Operation:
    """The operation of a leaf: `kernel(size=..., dtype=..., **parameters)` computes its value."""
    return Operation((f"{name}()",), kernel, _sized, meaning="", example="")


def _leaf(node: Node, requires_grad: bool) -> Node:
    if requires_grad and not is_float(node.dtype):
        raise DifftoolError(
            f"only floating-point tensors can require gradients, this one is {node.dtype.name}",
            kind="dtype",
            hint="write the numbers with a point (1.0), or give dtype=float64",
        )
    node.requires_grad = requires_grad
    return node


# ----- Filled tensors -----


def _require_room(numbers: Sequence[Number], dtype: DType) -> None:
    """Refuse numbers that an integer dtype can't hold; uint8 takes negative ones, which wrap."""
    if dtype.kind not in "iu":
        return
    limits = np.iinfo(dtype)
    low = -limits.max if dtype.kind == "u" else limits.min
    for number in numbers:
        if not low <= number <= limits.max:
            raise DifftoolError(
                f"{number if abs(number) < 1e25 else float(number)} does not fit into {dtype.name}",
                kind="value",
                hint=f"{dtype.name} goes from {limits.min} to {limits.max}; "
                "a number with a point (1.0) is floating-point",
            )


def _filled(*, size: Shape, dtype: DType, fill_value: Number) -> Array:
    # Through the widest dtype of its kind: uint8 wraps what it can't hold.
    wide = np.array(fill_value, np.float64 if is_float(dtype) else None)
    return np.full(size, wide.astype(dtype))


_ones = _source("ones", _filled)
_zeros = _source("zeros", _filled)
_full = _source("full", _filled)
_eye = _source("eye", lambda *, size, dtype: np.eye(*size, dtype=dtype))
_ones_like = _source("ones_like", _filled)
_zeros_like = _source("zeros_like", _filled)
_full_like = _source("full_like", _filled)


@composite(
    "ones(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="ones(2, 2)",
)
def ones(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """A tensor of ones."""
    dtype = dtype or building.default_dtype
    return _leaf(_ones(size=size, dtype=dtype, fill_value=1), requires_grad)


@composite(
    "zeros(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="zeros(3)",
)
def zeros(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """A tensor of zeros."""
    dtype = dtype or building.default_dtype
    return _leaf(_zeros(size=size, dtype=dtype, fill_value=0), requires_grad)


@composite(
    "full(size: Size, fill_value: Number, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="full((2, 2), 7)",
)
def full(
    size: Sequence[int],
    fill_value: Number,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """A tensor filled with one number, whose type decides the dtype."""
    dtype = dtype or _dtype_of([fill_value])
    _require_room([fill_value], dtype)
    return _leaf(_full(size=size, dtype=dtype, fill_value=fill_value), requires_grad)


@composite(
    "eye(n: int, m: int | None = None, *, dtype: DType | None = None, requires_grad: bool = False)",
    example="eye(3)",
    aliases=("identity",),
)
def eye(
    n: int, m: int | None = None, dtype: DType | None = None, requires_grad: bool = False
) -> Node:
    """Ones on the diagonal of an n by m matrix, zeros elsewhere."""
    size = (n, n if m is None else m)
    return _leaf(_eye(size=size, dtype=dtype or building.default_dtype), requires_grad)


_LIKE = "input, *, dtype: DType | None = None, requires_grad: bool = False"


@composite(f"ones_like({_LIKE})", example="ones_like([1, 2, 3])")
def ones_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Ones in the shape and dtype of a tensor."""
    dtype = dtype or input.dtype
    return _leaf(_ones_like(size=input.shape, dtype=dtype, fill_value=1), requires_grad)


@composite(f"zeros_like({_LIKE})", example="zeros_like([1, 2, 3])")
def zeros_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Zeros in the shape and dtype of a tensor."""
    dtype = dtype or input.dtype
    return _leaf(_zeros_like(size=input.shape, dtype=dtype, fill_value=0), requires_grad)


@composite(
    "full_like(input, fill_value: Number, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="full_like([1, 2, 3], 7)",
)
def full_like(
    input: Node, fill_value: Number, dtype: DType | None = None, requires_grad: bool = False
) -> Node:
    """One number in the shape and dtype of a tensor."""
    dtype = dtype or input.dtype
    _require_room([fill_value], dtype)
    return _leaf(_full_like(size=input.shape, dtype=dtype, fill_value=fill_value), requires_grad)


# ----- Ranges -----


def _arange_kernel(*, size: Shape, dtype: DType, start: Number, step: Number) -> Array:
    count: Array = np.arange(size[0], dtype=np.float64 if is_float(dtype) else np.int64)
    return (count * step + start).astype(dtype)


def _linspace_kernel(*, size: Shape, dtype: DType, start: Number, end: Number) -> Array:
    (count,) = size
    if count < 2:
        return np.full(size, start, dtype)
    index = np.arange(count)
    step = (end - start) / (count - 1)
    # Counted from the nearer end, so that both ends are exact.
    from_end = end - step * (count - 1 - index)
    return np.where(index < count // 2, start + step * index, from_end).astype(dtype)


_arange = _source("arange", _arange_kernel)
_linspace = _source("linspace", _linspace_kernel)


@composite(
    "arange(end: Number, *, dtype: DType | None = None, requires_grad: bool = False)",
    "arange(start: Number, end: Number, step: Number = 1, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="arange(0, 6, 2)",
)
def arange(
    end: Number,
    start: Number = 0,
    step: Number = 1,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """Numbers from start up to, not including, end; integers when all arguments are."""
    if step == 0 or not all(map(isfinite, (start, end, step))) or (end - start) * step < 0:
        raise DifftoolError(
            f"arange can't go from {start} to {end} in steps of {step}",
            kind="value",
            hint="the step must be finite, not zero, and lead from start towards end",
        )
    dtype = dtype or _dtype_of([start, end, step])
    _require_room([start, end, step], dtype)
    count = (end - start) / step
    if count >= MOST_ELEMENTS:
        raise DifftoolError(
            f"arange from {start} to {end} in steps of {step} has more elements than memory has "
            "addresses",
            kind="limit",
            hint="use a larger step",
        )
    return _leaf(_arange(size=(ceil(count),), dtype=dtype, start=start, step=step), requires_grad)


@composite(
    "linspace(start: Number, end: Number, steps: int, *, "
    "dtype: DType | None = None, requires_grad: bool = False)",
    example="linspace(0, 1, 5)",
)
def linspace(
    start: Number,
    end: Number,
    steps: int,
    dtype: DType | None = None,
    requires_grad: bool = False,
) -> Node:
    """Evenly spaced numbers from start to end, both included."""
    dtype = dtype or building.default_dtype
    return _leaf(_linspace(size=(steps,), dtype=dtype, start=start, end=end), requires_grad)


# ----- Random numbers -----


def _random(name: str) -> Operation:
    """The operation of numbers that were drawn already."""
    return _source(name, lambda *, size, dtype, value: value)


_rand = _random("rand")
_randn = _random("randn")
_rand_like = _random("rand_like")
_randn_like = _random("randn_like")
_randint = _random("randint")
_randperm = _random("randperm")


def _drawn(
    operation: Operation,
    size: Sequence[int],
    dtype: DType,
    requires_grad: bool,
    draw: Callable[[Any, Shape], Array],
) -> Node:
    if building.generator is None:
        raise DifftoolError(
            f"{operation.name} has no random generator here", kind="value", hint="give the numbers"
        )
    shape = _valid_size(size)
    if building.allow is not None:
        building.allow(prod(shape) * dtype.itemsize)
    value = draw(building.generator(), shape)
    return _leaf(operation(size=shape, dtype=dtype, value=value), requires_grad)


@composite(
    "rand(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="rand(2, 2)",
)
def rand(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Random numbers, uniform on [0, 1)."""
    dtype = _random_dtype("rand", dtype)
    return _drawn(_rand, size, dtype, requires_grad, lambda source, n: source.rand(n, dtype))


@composite(
    "randn(*size: int, dtype: DType | None = None, requires_grad: bool = False)",
    example="randn(2, 2)",
)
def randn(size: Sequence[int], dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Random numbers from the standard normal distribution."""
    dtype = _random_dtype("randn", dtype)
    return _drawn(_randn, size, dtype, requires_grad, lambda source, n: source.randn(n, dtype))


@composite(f"rand_like({_LIKE})", example="rand_like([1., 2.])")
def rand_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Random numbers, uniform on [0, 1), in the shape and dtype of a tensor."""
    dtype = _random_dtype("rand_like", dtype or input.dtype)
    return _drawn(
        _rand_like, input.shape, dtype, requires_grad, lambda source, n: source.rand(n, dtype)
    )


@composite(f"randn_like({_LIKE})", example="randn_like([1., 2.])")
def randn_like(input: Node, dtype: DType | None = None, requires_grad: bool = False) -> Node:
    """Random numbers, standard normal, in the shape and dtype of a tensor."""
    dtype = _random_dtype("randn_like", dtype or input.dtype)
    return _drawn(
        _randn_like, input.shape, dtype, requires_grad, lambda source, n: source.randn(n, dtype)
    )


@composite(
    "randint(high: int, size: Size, *, dtype: DType | None = None)",
    "randint(low: int, high: int, size: Size, *, dtype: DType | None = None)",
    example="randint(0, 9, (2,))",
)
def randint(high: int, size: Sequence[int], low: int = 0, dtype: DType | None = None) -> Node:
    """Random integers from low up to, not including, high."""
    if low >= high:
        raise DifftoolError(
            f"randint has nothing to draw from {low} up to {high}",
            kind="value",
            hint="high must be greater than low; it is not included",
        )
    dtype = dtype or int64
    return _drawn(
        _randint, size, dtype, False, lambda source, n: source.randint(low, high, n, dtype)
    )


@composite("randperm(n: int)", example="randperm(4)")
def randperm(n: int) -> Node:
    """The integers from 0 to n - 1 in random order."""
    return _drawn(_randperm, (n,), int64, False, lambda source, shape: source.randperm(n))


def _random_dtype(name: str, dtype: DType | None) -> DType:
    dtype = dtype or building.default_dtype
    if not is_float(dtype):
        raise DifftoolError(
            f"{name} draws floating-point numbers, not {dtype.name}",
            kind="dtype",
            hint="randint draws integers",
        )
    return dtype


# ----- Numbers in the text -----


@composite(
    "tensor(data: Any, *, dtype: DType | None = None, requires_grad: bool = False)",
    example="tensor([0.1, 1.0], dtype=float32)",
    aliases=("array", "asarray", "as_tensor"),
)
def tensor(
    data: Any,
    dtype: DType | None = None,
    requires_grad: bool = False,
    literal: bool = False,
) -> Node:
    """A tensor of the numbers in nested lists; whole numbers make integers, as in PyTorch.

    With `literal` (a list where a tensor is expected) whole numbers are of the default floating
    dtype, and tensors in the list are stacked and stay differentiable.
    """
    if isinstance(data, Node) and number_of(data) is None:
        detached: Node = ops.detach(data)
        if dtype is not None and dtype != detached.dtype:
            detached = ops.to(detached, dtype=dtype)
        return _leaf(detached, requires_grad)
    items, shape = _flattened(data)
    nodes = [item for item in items if isinstance(item, Node)]
    if nodes and literal:
        stacked: Node = ops.stack(*items)
        return stacked if len(shape) == 1 else ops.reshape(stacked, shape + stacked.shape[1:])
    if nodes:
        raise DifftoolError(
            "tensor(...) takes numbers, not tensors",
            kind="argument",
            hint="stack([...]) and cat([...]) join tensors and keep their gradients",
        )
    if dtype is None:
        dtype = _dtype_of(items)
        if literal and dtype == int64:
            dtype = building.default_dtype
    _require_room(items, dtype)
    # What is too large for a narrow float is infinite in it.
    with np.errstate(over="ignore"):
        value = np.array(items, dtype if is_float(dtype) else None)
    # By way of int64 negative numbers wrap in uint8, also those written with a point.
    value = value.astype(np.int64 if dtype.kind == "u" else dtype).astype(dtype)
    return _leaf(_tensor(value=value.reshape(shape)), requires_grad)


_tensor = Operation(
    ("tensor()",),
    lambda *, value: value,
    lambda *, value: Type(value.shape, value.dtype),
    meaning="",
    example="",
)


def _flattened(data: Any) -> tuple[list[Any], Shape]:
    """The items of nested lists in order, and the shape of the nesting."""
    level: list[Any] = [data]
    shape: list[int] = []
    while level and isinstance(level[0], list | tuple):
        length = len(level[0])
        for place, item in enumerate(level):
            if not isinstance(item, list | tuple) or len(item) != length:
                found = f"{len(item)} items" if isinstance(item, list | tuple) else "a number"
                raise DifftoolError(
                    f"a list is ragged: item {_path(place, shape)} has {found}, "
                    f"item {_path(0, shape)} has {length} items",
                    kind="shape",
                    hint="lists in one tensor must have equal lengths",
                )
        shape.append(length)
        if len(shape) > MOST_DIMENSIONS:
            raise DifftoolError(
                f"lists are nested deeper than NumPy's {MOST_DIMENSIONS} dimensions",
                kind="shape",
                hint="use fewer brackets",
            )
        level = [item for row in level for item in row]
    for place, item in enumerate(level):
        if not isinstance(item, bool | int | float | Node):
            found = "a list" if isinstance(item, list | tuple) else repr(item)
            raise DifftoolError(
                f"item {_path(place, shape)} of a tensor is {found}, not a number",
                kind="shape" if isinstance(item, list | tuple) else "value",
                hint="tensors hold numbers and booleans, in lists of equal lengths",
            )
    return level, tuple(shape)


def _path(place: int, shape: Sequence[int]) -> str:
    """The place of a flat index in nested lists: [1][0]."""
    path = []
    for length in reversed(shape):
        path.append(place % length)
        place //= length
    return "".join(f"[{index}]" for index in reversed(path)) or "[0]"


def _dtype_of(items: Sequence[Any]) -> DType:
    """PyTorch's dtype for Python numbers: the widest kind among them decides."""
    kinds = {type(item) for item in items}
    if float in kinds or not kinds:
        return building.default_dtype
    return int64 if int in kinds else boolean
