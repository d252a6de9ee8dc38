"""Splitting: a tensor as a tuple of its parts along a dimension.

`split` and `unbind` and their like make one node for each part; all parts of a call have one
grad_fn, as in PyTorch. `tensor_split` and its like, which are slices, are in
`sections`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from difftool.errors import DifftoolError
from difftool.graph.layout import Strides
from difftool.graph.node import Node
from difftool.operations import axes, batch
from difftool.operations.declare import zeros_for
from difftool.operations.registry import Check, Operation, Type, composite, ops
from difftool.operations.shapes import normal_dim, possible_parts

# ----- One part -----


def _part_type(input: Node, *, dim: int, start: int, end: int) -> Type:
    shape = (*input.shape[:dim], end - start, *input.shape[dim + 1 :])
    return Type(shape, input.dtype, None, {"dim": dim, "start": start, "end": end})


def _part_back(g: Node, out: Node, x: Node, **place: int) -> Node:
    gradient: Node = ops.slice_scatter(zeros_for(g, x.shape), g, **place)
    return gradient


# What shows the memory of its input in PyTorch; the others make copies.
_VIEWS = ("split", "split_with_sizes", "unbind")


def _part(name: str, grad_fn: str, layout: Callable[..., Strides] | None) -> Operation:
    """The operation of one part from `start` to `end` of what the function `name` gives."""
    return Operation(
        (f"{name}(input, dim: int, start: int, end: int)",),
        lambda x, *, dim, start, end: x[(slice(None),) * dim + (slice(start, end),)],
        _part_type,
        (_part_back,),
        grad_fn=grad_fn,
        view=True,
        owned=name not in _VIEWS,
        layout=layout,
        batch=batch.moved("dim"),
        axes=axes.along,
        joint=True,
        meaning="",
        example="",
    )


def _same_strides(node: Node, strides: Strides) -> Strides:
    return strides


_split = _part("split", "SplitBackward0", _same_strides)
_split_with_sizes = _part("split_with_sizes", "SplitWithSizesBackward0", _same_strides)
_unsafe_split = _part("unsafe_split", "UnsafeSplitBackward0", _same_strides)
_unsafe_split_with_sizes = _part(
    "unsafe_split_with_sizes", "UnsafeSplitWithSizesBackward0", _same_strides
)
_split_copy = _part("split_copy", "SplitBackward0_copy", None)
_split_with_sizes_copy = _part(
    "split_with_sizes_copy", "SplitWithSizesBackward0_copy", None
)


def _equal_parts(operation: Operation, input: Node, size: int, dim: int) -> tuple[Node, ...]:
    """Parts of `size`, the last one smaller where the dimension is no multiple of it."""
    dim = _dim_of("split", input, dim)
    length = input.shape[dim]
    if size < 0 or (size == 0 and length):
        raise DifftoolError(
            f"parts of size {size} don't make up a dimension of {length}",
            kind="value",
            hint="the size of a part is positive",
        )
    starts = range(0, length, size) if length else range(1)
    possible_parts(len(starts))
    return tuple(
        [operation(input, dim=dim, start=at, end=min(at + size, length)) for at in starts]
    )


def _given_parts(
    operation: Operation, input: Node, sizes: Sequence[int], dim: int
) -> tuple[Node, ...]:
    dim = _dim_of("split_with_sizes", input, dim)
    if any([size < 0 for size in sizes]) or sum(sizes) != input.shape[dim]:
        raise DifftoolError(
            f"parts of sizes {tuple(sizes)} don't make up dimension {dim} of {input.shape}",
            kind="shape",
            hint=f"sizes are not negative, and sum to {input.shape[dim]}",
        )
    parts = []
    start = 0
    for size in sizes:
        parts.append(operation(input, dim=dim, start=start, end=start + size))
        start += size
    return tuple(parts)


def _dim_of(function: str, input: Node, dim: int) -> int:
    if input.ndim == 0:
        raise DifftoolError(
            f"{function} can't take a 0-d tensor apart",
            kind="shape",
            hint="it is one number; x[None] makes a tensor of shape (1,) of it",
        )
    return normal_dim(dim, input.ndim)


# ----- Parts of a size, or of sizes -----


@composite(
    "split(input, split_size_or_sections: Dims, dim: int = 0)",
    "split(input, split_size: Dims, dim: int = 0)",
    "split(tensor, split_size_or_sections: Dims, dim: int = 0)",
    example="split(arange(5), 2)",
    checks=(
        Check("split(x, 2, 1)[0] * split(x, 2, -1)[0] ^ 2", {"x": (2, 3)}),
        Check("split(x, [1, 2])[1] ^ 2", {"x": (3, 2)}),
    ),
)
def split(
    input: Node | None = None,
    split_size_or_sections: int | Sequence[int] | None = None,
    dim: int = 0,
    split_size: int | Sequence[int] | None = None,
    tensor: Node | None = None,
) -> tuple[Node, ...]:
    """A tuple of parts of one size along dim, the last one smaller; or parts of given sizes."""
    x = input if tensor is None else tensor
    size = split_size if split_size_or_sections is None else split_size_or_sections
    assert x is not None and size is not None
    if isinstance(size, int):
        return _equal_parts(_split, x, size, dim)
    return _given_parts(_split_with_sizes, x, size, dim)


@composite(
    "split_with_sizes(input, split_sizes: Size, dim: int = 0)",
    example="split_with_sizes(arange(5), [2, 3])",
    checks=(Check("split_with_sizes(x, [1, 2], 1)[1] ^ 2", {"x": (2, 3)}),),
)
def split_with_sizes(
    input: Node, split_sizes: Sequence[int], dim: int = 0
) -> tuple[Node, ...]:
    """A tuple of parts of given sizes along dim."""
    return _given_parts(_split_with_sizes, input, split_sizes, dim)


@composite("unsafe_split(input, split_size: int, dim: int = 0)", example="unsafe_split(ones(4), 2)")
def unsafe_split(input: Node, split_size: int, dim: int = 0) -> tuple[Node, ...]:
    """split, whose parts PyTorch lets be changed in place one by one."""
    return _equal_parts(_unsafe_split, input, split_size, dim)


@composite(
    "unsafe_split_with_sizes(input, split_sizes: Size, dim: int = 0)",
    example="unsafe_split_with_sizes(ones(4), [1, 3])",
)
def unsafe_split_with_sizes(
    input: Node, split_sizes: Sequence[int], dim: int = 0
) -> tuple[Node, ...]:
    """split_with_sizes, whose parts PyTorch lets be changed in place one by one."""
    return _given_parts(_unsafe_split_with_sizes, input, split_sizes, dim)


@composite("split_copy(input, split_size: int, dim: int = 0)", example="split_copy(ones(4), 2)")
def split_copy(input: Node, split_size: int, dim: int = 0) -> tuple[Node, ...]:
    """split, each part a tensor with memory of its own."""
    return _equal_parts(_split_copy, input, split_size, dim)


@composite(
    "split_with_sizes_copy(input, split_sizes: Size, dim: int = 0)",
    example="split_with_sizes_copy(ones(4), [1, 3])",
)
def split_with_sizes_copy(
    input: Node, split_sizes: Sequence[int], dim: int = 0
) -> tuple[Node, ...]:
    """split_with_sizes, each part a tensor with memory of its own."""
    return _given_parts(_split_with_sizes_copy, input, split_sizes, dim)


def _chunks(
    even: Operation, given: Operation, input: Node, chunks: int, dim: int
) -> tuple[Node, ...]:
    dim = _dim_of("chunk", input, dim)
    if chunks < 1:
        raise DifftoolError(
            f"a tensor can't be split into {chunks} chunks",
            kind="value",
            hint="give a number greater than zero",
        )
    size = -(-input.shape[dim] // chunks)
    if size == 0:
        possible_parts(chunks)
        return _given_parts(given, input, (0,) * chunks, dim)
    return _equal_parts(even, input, size, dim)


@composite(
    "chunk(input, chunks: int, dim: int = 0)",
    example="chunk(arange(6), 3)",
    checks=(Check("chunk(x, 2, 1)[1] ^ 2", {"x": (2, 3)}),),
)
def chunk(input: Node, chunks: int, dim: int = 0) -> tuple[Node, ...]:
    """A tuple of at most so many parts of one size along dim, the last one smaller."""
    return _chunks(_split, _split_with_sizes, input, chunks, dim)


@composite("unsafe_chunk(input, chunks: int, dim: int = 0)", example="unsafe_chunk(ones(4), 2)")
def unsafe_chunk(input: Node, chunks: int, dim: int = 0) -> tuple[Node, ...]:
    """chunk, whose parts PyTorch lets be changed in place one by one."""
    return _chunks(_unsafe_split, _unsafe_split_with_sizes, input, chunks, dim)


# ----- One part for each place -----


def _layer_type(input: Node, *, dim: int, index: int) -> Type:
    shape = input.shape[:dim] + input.shape[dim + 1 :]
    return Type(shape, input.dtype, None, {"dim": dim, "index": index})


def _layer_back(g: Node, out: Node, x: Node, *, dim: int, index: int) -> Node:
    gradient: Node = ops.select_scatter(zeros_for(g, x.shape), g, dim=dim, index=index)
    return gradient


def _layer_strides(node: Node, strides: Strides) -> Strides:
    dim = node.parameters["dim"]
    return strides[:dim] + strides[dim + 1 :]


def _layer(name: str, grad_fn: str, layout: Callable[..., Strides] | None) -> Operation:
    return Operation(
        (f"{name}(input, dim: int, index: int)",),
        lambda x, *, dim, index: x[(slice(None),) * dim + (index,)],
        _layer_type,
        (_layer_back,),
        grad_fn=grad_fn,
        view=True,
        owned=name not in _VIEWS,
        layout=layout,
        batch=batch.moved("dim"),
        axes=axes.along,
        joint=True,
        meaning="",
        example="",
    )


_unbind = _layer("unbind", "UnbindBackward0", _layer_strides)
_unbind_copy = _layer("unbind_copy", "UnbindBackward0_copy", None)


def _layers(operation: Operation, input: Node, dim: int) -> tuple[Node, ...]:
    dim = _dim_of("unbind", input, dim)
    possible_parts(input.shape[dim])
    return tuple([operation(input, dim=dim, index=index) for index in range(input.shape[dim])])


@composite(
    "unbind(input, dim: int = 0)",
    example="unbind([[1, 2], [3, 4]])",
    checks=(Check("unbind(x, 1)[0] * unbind(x, 1)[1]", {"x": (2, 2)}),),
)
def unbind(input: Node, dim: int = 0) -> tuple[Node, ...]:
    """A tuple of the parts at each index along dim, which they lose."""
    return _layers(_unbind, input, dim)


@composite("unbind_copy(input, dim: int = 0)", example="unbind_copy([[1, 2], [3, 4]])")
def unbind_copy(input: Node, dim: int = 0) -> tuple[Node, ...]:
    """unbind, each part a tensor with memory of its own."""
    return _layers(_unbind_copy, input, dim)
