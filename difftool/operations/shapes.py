"""Shape and dtype rules that the families share, with the errors they raise."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from difftool.errors import DifftoolError
from difftool.graph.dtype import DType, boolean, combine, is_float, promote
from difftool.graph.node import Node, Shape, building
from difftool.operations.registry import is_weak, number_of


def broadcast(*shapes: Shape) -> Shape:
    """The shape that all of `shapes` broadcast to, by NumPy's and PyTorch's rule."""
    result = shapes[0]
    for shape in shapes:
        if shape == result or not shape:
            continue
        if len(shape) > len(result):
            result, shape = shape, result
        padded = (1,) * (len(result) - len(shape)) + shape
        merged = []
        for axis, (first, second) in enumerate(zip(result, padded, strict=True)):
            if first != second and first != 1 and second != 1:
                raise _no_broadcast(shapes, axis - len(result), first, second)
            merged.append(second if first == 1 else first)
        result = tuple(merged)
    return result


def _no_broadcast(
    shapes: Sequence[Shape], axis: int, first: int, second: int
) -> DifftoolError:
    which = "the last dimensions" if axis == -1 else f"the dimensions at {axis}"
    listed = " and ".join(map(str, dict.fromkeys(shapes)))
    return DifftoolError(
        f"shapes {listed} do not broadcast",
        kind="shape",
        hint=f"{which} are {first} and {second}; they must be equal, or one of them 1",
    )


def result_dtype(nodes: Sequence[Node]) -> DType:
    """The dtype PyTorch computes in for these operands (tensors, 0-d tensors, numbers)."""
    # Most often: tensors of one floating dtype, which keep it whatever numbers stand beside them.
    dtypes = [node.dtype for node in nodes if not is_weak(node)]
    if dtypes and is_float(dtypes[0]) and dtypes.count(dtypes[0]) == len(dtypes):
        return dtypes[0]
    dimensioned: DType | None = None
    zero_dim: DType | None = None
    number: DType | None = None
    for node in nodes:
        if is_weak(node):
            dtype = node.dtype if not is_float(node.dtype) else building.default_dtype
            number = dtype if number is None else promote(number, dtype)
        elif node.shape:
            dimensioned = node.dtype if dimensioned is None else promote(dimensioned, node.dtype)
        else:
            zero_dim = node.dtype if zero_dim is None else promote(zero_dim, node.dtype)
    result = combine(dimensioned, combine(zero_dim, number))
    return building.default_dtype if result is None else result


def float_dtype(nodes: Sequence[Node]) -> DType:
    """As `result_dtype`; integers and booleans become the default floating dtype."""
    dtype = result_dtype(nodes)
    return dtype if is_float(dtype) else building.default_dtype


def normal_dim(dim: int, ndim: int) -> int:
    """`dim` counted from the front; a 0-d tensor takes 0 and -1, as in PyTorch."""
    limit = max(ndim, 1)
    if not -limit <= dim < limit:
        raise DifftoolError(
            f"dimension {dim} is out of range for a tensor of {ndim} dimensions",
            kind="shape",
            hint=f"dim goes from {-limit} to {limit - 1}",
        )
    return dim % limit


def normal_dims(dim: int | Sequence[int] | None, ndim: int) -> tuple[int, ...]:
    """Dimensions in ascending order, counted from the front; None and () mean all."""
    if dim is None:
        return tuple(range(ndim))
    if isinstance(dim, int):
        return (normal_dim(dim, ndim),) if ndim else (normal_dim(dim, 0),)[:0]
    dims = sorted(normal_dim(one, ndim) for one in dim)
    if len(set(dims)) != len(dims):
        raise DifftoolError(
            f"a dimension appears twice in dim={tuple(dim)}",
            kind="shape",
            hint="name each dimension once",
        )
    if ndim == 0:
        return ()
    return tuple(dims) if dims else tuple(range(ndim))


def distinct_dims(dims: Sequence[int], ndim: int) -> tuple[int, ...]:
    """Dimensions counted from the front, in the order given; none of them twice, () is none."""
    normal = tuple([normal_dim(dim, ndim) for dim in dims])
    if len(set(normal)) != len(normal):
        raise DifftoolError(
            f"a dimension appears twice in {tuple(dims)}",
            kind="shape",
            hint="name each dimension once",
        )
    return normal


def new_dim(dim: int, ndim: int) -> int:
    """Where a dimension joins the `ndim` there are, counted from the front."""
    if not -ndim - 1 <= dim <= ndim:
        raise DifftoolError(
            f"a new dimension of a tensor of {ndim} dimensions can't stand at {dim}",
            kind="shape",
            hint=f"dim goes from {-ndim - 1} to {ndim}",
        )
    return dim % (ndim + 1)


def out_of_range(index: int, dim: int, size: int, lowest: int) -> DifftoolError:
    """The error for an index that a dimension does not have; `lowest` is the least it takes."""
    return DifftoolError(
        f"index {index} is out of range for dimension {dim} of size {size}",
        kind="index",
        hint=f"it goes from {lowest} to {size - 1}" if size else "the dimension is empty",
    )


def reduced_shape(shape: Shape, dims: Sequence[int], keepdim: bool) -> Shape:
    """The shape left when `dims` are reduced (to 1 each with `keepdim`)."""
    if keepdim:
        return tuple([1 if axis in dims else size for axis, size in enumerate(shape)])
    return tuple([size for axis, size in enumerate(shape) if axis not in dims])


def terms(shape: Shape, dim: Sequence[int] | None) -> int:
    """How many elements a reduction over `dim` (None: all) makes one element of."""
    return prod(shape if dim is None else [shape[axis] for axis in dim])


class Size(tuple[int, ...]):
    """The value of `x.shape`: a tuple of whole numbers that prints as PyTorch's does."""


# NumPy's limits: dimensions, and the elements of 8 bytes that an address can tell apart.
MOST_DIMENSIONS = 64
MOST_ELEMENTS = 2**60 - 1

# In lists: one that stands in a list twice, which stands in a list twice, and so on, is longer than
# any text.
MOST_NUMBERS = 10_000_000

# Tensors that one call takes another apart into: each is a node.
MOST_PARTS = 2**16


def possible_parts(count: int) -> None:
    """Refuse more results of one call than a graph can hold."""
    if count > MOST_PARTS:
        raise DifftoolError(
            f"a tuple of {count} tensors is more than {MOST_PARTS}",
            kind="limit",
            hint="take fewer parts; operations on the whole tensor don't need it taken apart",
        )


def possible_shape(shape: Shape) -> Shape:
    """`shape` itself, unless no array can have it, not even an empty one or a view."""
    if len(shape) > MOST_DIMENSIONS:
        raise DifftoolError(
            f"a tensor of {len(shape)} dimensions is more than NumPy's {MOST_DIMENSIONS}",
            kind="limit",
            hint="use fewer dimensions",
        )
    if prod([max(size, 1) for size in shape]) > MOST_ELEMENTS:
        raise DifftoolError(
            f"a tensor of shape {shape} has more elements than memory has addresses",
            kind="limit",
            hint="use smaller sizes",
        )
    return shape


def resolved_size(size: Sequence[int], elements: int, shape: Shape) -> Shape:
    """A target shape with its single -1 worked out."""
    unknown = [axis for axis, length in enumerate(size) if length == -1]
    if len(unknown) > 1 or any(length < -1 for length in size):
        raise DifftoolError(
            f"{tuple(size)} is not a shape",
            kind="shape",
            hint="sizes are not negative; one of them may be -1, to be worked out",
        )
    known = prod([length for length in size if length != -1])
    if unknown and known and elements % known == 0:
        shape = tuple([elements // known if length == -1 else length for length in size])
        return possible_shape(shape)
    if unknown or known != elements:
        raise DifftoolError(
            f"shape {shape} with {elements} elements can't become {tuple(size)}",
            kind="shape",
            hint="the number of elements must stay the same",
        )
    return possible_shape(tuple(size))


def require_float(node: Node, function: str) -> None:
    """Refuse integer and boolean tensors where PyTorch does."""
    if not is_float(node.dtype):
        raise DifftoolError(
            f"{function} needs a floating-point tensor, not {dtype_name(node.dtype)}",
            kind="dtype",
            hint="write the numbers with a point (2.0), or convert with .double()",
        )


def refuse_booleans(function: str, *nodes: Node) -> None:
    """Refuse truth values where PyTorch takes numbers alone."""
    if any([node.dtype == boolean for node in nodes]):
        raise DifftoolError(
            f"{function} is not defined for booleans",
            kind="dtype",
            hint="convert with .double(), .long() or .to(dtype)",
        )


def require_one_dtype(function: str, first: Node, *others: Node) -> None:
    """Refuse tensors of several dtypes where PyTorch promotes none."""
    for node in others:
        if node.dtype != first.dtype:
            raise DifftoolError(
                f"{function} needs one dtype, "
                f"not {dtype_name(first.dtype)} and {dtype_name(node.dtype)}",
                kind="dtype",
                hint="convert one with .double(), .float() or .to(dtype)",
            )


def require_some(function: str, tensors: Sequence[Node]) -> None:
    """Refuse to join no tensors."""
    if not tensors:
        raise DifftoolError(
            f"{function} needs at least one tensor",
            kind="argument",
            hint=f"for example {function}([x, y])",
        )


def require_tensors(function: str, *nodes: Node) -> None:
    """Refuse a Python number where PyTorch takes a tensor alone."""
    for node in nodes:
        if is_weak(node):
            number = number_of(node)
            raise DifftoolError(
                f"{function} takes tensors, not the number {number!r}",
                kind="argument",
                hint=f"write tensor({number!r})",
            )


def no_derivative(function: str, hint: str, out: Node) -> DifftoolError:
    """The error of a rule for what PyTorch evaluates and refuses to differentiate."""
    return DifftoolError(
        f"PyTorch has no derivative for {function}",
        kind="unsupported",
        span=out.span,
        hint=hint,
    )


def refuse_integer_gradient(node: Node, dtype: DType, function: str) -> None:
    """Refuse a result of integers or booleans for a tensor that requires a gradient."""
    if building.grad_enabled and node.requires_grad and not is_float(dtype):
        raise DifftoolError(
            f"{function} to {dtype_name(dtype)} passes no gradient, and its input requires one",
            kind="dtype",
            hint="detach the tensor first, or give a floating-point dtype",
        )


def dtype_name(dtype: DType) -> str:
    """PyTorch's name of a dtype, without the prefix."""
    return "bool" if dtype == boolean else dtype.name
