"""Questions about tensors and dtypes, answered by a truth value, a number, a shape or a dtype.

They make no nodes. Those that ask for elements compute them while the graph is built.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.dtype import DType, boolean, is_float
from difftool.graph.dtype import promote as promoted
from difftool.graph.node import Node, building
from difftool.operations.registry import composite, ops
from difftool.operations.shapes import Size, broadcast, dtype_name, normal_dim, result_dtype
from difftool.operations.values import value_of

# ----- Sizes and memory -----


@composite("numel(input)", example="numel(ones(2, 3))", aliases=("nelement",))
def numel(input: Node) -> int:
    """The number of elements."""
    return input.size


@composite("ndimension(input)", example="ndimension(ones(2, 3))")
def ndimension(input: Node) -> int:
    """The number of dimensions, which `x.dim()` and `x.ndim` tell too."""
    return input.ndim


@composite("stride(input, dim: int | None = None)", example="stride(ones(2, 3).T)")
def stride(input: Node, dim: int | None = None) -> int | tuple[int, ...]:
    """How far apart in PyTorch's memory neighbours along each dimension stand, in elements."""
    strides = layout.strides(input)
    if dim is None:
        return strides
    if not strides:
        raise DifftoolError(
            "a 0-d tensor has no dimension to stride along", kind="shape", hint="leave dim out"
        )
    return strides[normal_dim(dim, input.ndim)]


@composite("is_contiguous(input)", example="is_contiguous(ones(2, 3).T)")
def is_contiguous(input: Node) -> bool:
    """Whether the elements stand row by row in PyTorch's memory."""
    return layout.is_contiguous(input)


@composite("element_size(input)", example="element_size(ones(2))")
def element_size(input: Node) -> int:
    """The bytes of one element."""
    return input.dtype.itemsize


@composite(
    "broadcast_shapes(shape: Size)",
    "broadcast_shapes(*shapes: Size)",
    example="broadcast_shapes((2, 1), (3,))",
)
def broadcast_shapes(
    shapes: Sequence[tuple[int, ...]] = (), shape: tuple[int, ...] | None = None
) -> Size:
    """The shape that shapes broadcast to; a number is a shape of one dimension."""
    sizes = list(shapes) if shape is None else [shape]
    if any([length < 0 for size in sizes for length in size]):
        raise DifftoolError(
            f"{', '.join(map(str, sizes))} are no shapes",
            kind="shape",
            hint="sizes are not negative",
        )
    return Size(broadcast(*sizes)) if sizes else Size()


@composite("is_same_size(input, other)", example="is_same_size(ones(2), zeros(2))")
def is_same_size(input: Node, other: Node) -> bool:
    """Whether two tensors have the same shape."""
    return input.shape == other.shape


@composite("is_tensor(obj: Any)", example="is_tensor(ones(2))")
def is_tensor(obj: object) -> bool:
    """Whether something is a tensor, and no number, tuple or list."""
    return isinstance(obj, Node)


# ----- Dtypes -----


@composite("is_floating_point(input)", example="is_floating_point(ones(2))")
def is_floating_point(input: Node) -> bool:
    """Whether the elements are floating-point numbers."""
    return is_float(input.dtype)


@composite("is_complex(input)", example="is_complex(ones(2))")
def is_complex(input: Node) -> bool:
    """Whether the elements are complex numbers: never, here."""
    return False


@composite("is_conj(input)", example="is_conj(ones(2))")
def is_conj(input: Node) -> bool:
    """Whether the elements are complex conjugates yet to be computed: never, here."""
    return False


@composite("is_neg(input)", example="is_neg(ones(2))")
def is_neg(input: Node) -> bool:
    """Whether the elements are negatives yet to be computed: never, here."""
    return False


@composite("is_signed(input)", example="is_signed(ones(2))")
def is_signed(input: Node) -> bool:
    """Whether elements can be negative."""
    return input.dtype.kind in "fi"


@composite("result_type(tensor1, tensor2)", example="result_type(arange(3), 1.0)")
def result_type(tensor1: Node, tensor2: Node) -> DType:
    """The dtype that arithmetic of two tensors or numbers has."""
    return result_dtype((tensor1, tensor2))


@composite("promote_types(type1: DType, type2: DType)", example="promote_types(int64, float32)")
def promote_types(type1: DType, type2: DType) -> DType:
    """The smallest dtype that holds what both dtypes hold, as PyTorch sees it."""
    return promoted(type1, type2)


@composite("can_cast(from_: DType, to: DType)", example="can_cast(float64, int64)")
def can_cast(from_: DType, to: DType) -> bool:
    """Whether PyTorch converts dtypes when it writes a result: not to a lesser kind."""
    if is_float(from_) and not is_float(to):
        return False
    return to != boolean or from_ == boolean


class finfo_result(NamedTuple):
    """The limits of a floating-point type."""

    bits: int
    eps: float
    max: float
    min: float
    tiny: float
    smallest_normal: float
    resolution: float
    dtype: str

    def __repr__(self) -> str:
        limits = [f"{name}={getattr(self, name):g}" for name in _SHOWN_LIMITS]
        return f"finfo({', '.join(limits)}, dtype={self.dtype})"


_SHOWN_LIMITS = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")


class iinfo_result(NamedTuple):
    """The limits of an integer type."""

    bits: int
    max: int
    min: int
    dtype: str

    def __repr__(self) -> str:
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"


@composite("finfo(dtype: DType | None = None)", example="finfo(float32).eps")
def finfo(dtype: DType | None = None) -> finfo_result:
    """The limits of a floating-point type: eps, max, min, tiny, bits."""
    dtype = dtype or building.default_dtype
    if not is_float(dtype):
        raise DifftoolError(
            f"finfo takes a floating-point type, not {dtype_name(dtype)}",
            kind="dtype",
            hint="iinfo takes integers",
        )
    limits = np.finfo(dtype.name)
    return finfo_result(
        bits=int(limits.bits),
        eps=float(limits.eps),
        max=float(limits.max),
        min=float(limits.min),
        tiny=float(limits.tiny),
        smallest_normal=float(limits.tiny),
        resolution=10.0**-limits.precision,
        dtype=dtype_name(dtype),
    )


@composite("iinfo(dtype: DType)", example="iinfo(int8).max")
def iinfo(dtype: DType) -> iinfo_result:
    """The limits of an integer type: max, min, bits."""
    if dtype.kind not in "iu":
        raise DifftoolError(
            f"iinfo takes an integer type, not {dtype_name(dtype)}",
            kind="dtype",
            hint="finfo takes floating-point types",
        )
    limits = np.iinfo(dtype.name)
    return iinfo_result(limits.bits, int(limits.max), int(limits.min), dtype_name(dtype))


@composite("device(type: Device)", example="device('cpu')")
def device(type: str) -> str:
    """The one device there is: what `x.to(device)` takes."""
    return type


# ----- Elements -----


@composite("is_nonzero(input)", example="is_nonzero(tensor([2.0]))")
def is_nonzero(input: Node) -> bool:
    """Whether a tensor of one element holds anything but zero."""
    if input.size != 1:
        raise DifftoolError(
            f"is_nonzero takes a tensor of one element, not of shape {input.shape}",
            kind="shape",
            hint="reduce it with all(...) or any(...)",
        )
    return bool(value_of(input).item())


@composite("equal(input, other)", example="equal(ones(2), ones(2))")
def equal(input: Node, other: Node) -> bool:
    """Whether two tensors have the same shape and elements; eq compares element by element."""
    return input.shape == other.shape and bool((value_of(input) == value_of(other)).all())


@composite(
    "allclose(input, other, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False)",
    example="allclose([1., 2.], [1., 2.000000001])",
)
def allclose(
    input: Node, other: Node, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> bool:
    """Whether all elements of two tensors are close: one truth value for what isclose tells."""
    near = ops.isclose(input, other, rtol=rtol, atol=atol, equal_nan=equal_nan)
    return bool(value_of(near).all())
