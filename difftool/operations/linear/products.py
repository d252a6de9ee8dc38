"""Products of vectors and matrices. `added_products` has those that are added to a tensor.

`matmul` makes the nodes that PyTorch makes for each pair of ranks (ATen's LinearAlgebra.cpp): one
product of two matrices wherever one operand can be flattened, a batched product otherwise.
"""

from __future__ import annotations

from math import prod

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph import layout
from difftool.graph.node import Node, Shape
from difftool.operations import axes, batch, batch_places, batch_products
from difftool.operations.accumulation import Accumulation
from difftool.operations.linear.matrices import matrix_transpose
from difftool.operations.linear.product_shapes import cannot_multiply, product_type
from difftool.operations.registry import Check, Operation, Type, composite, ops
from difftool.operations.shapes import broadcast, refuse_booleans, require_one_dtype

mm = Operation(
    ("mm(input, mat2)",),
    np.matmul,
    product_type("mm", (2, 2)),
    (
        lambda g, out, x, y: ops.mm(g, matrix_transpose(y)),
        lambda g, out, x, y: ops.mm(matrix_transpose(x), g),
    ),
    checks=(Check("mm(x, y)", {"x": (2, 3), "y": (3, 4)}),),
    batch=batch_products.mm,
    axes=axes.mm,
    accumulation=Accumulation(np.matmul),
    meaning="Product of two matrices.",
    example="mm([[1, 2], [3, 4]], eye(2))",
    latex="{} {}",
)

mv = Operation(
    ("mv(input, vec)",),
    np.matmul,
    product_type("mv", (2, 1)),
    (
        lambda g, out, x, y: ops.unsqueeze(g, dim=1) * y,
        lambda g, out, x, y: ops.mv(matrix_transpose(x), g),
    ),
    checks=(Check("mv(x, y)", {"x": (2, 3), "y": (3,)}),),
    batch=batch_products.mv,
    axes=axes.mv,
    accumulation=Accumulation(np.matmul),
    meaning="Product of a matrix and a vector.",
    example="mv([[1, 2], [3, 4]], [1, 1])",
    latex="{} {}",
)

dot = Operation(
    ("dot(input, tensor)",),
    np.dot,
    product_type("dot", (1, 1)),
    (lambda g, out, x, y: g * y, lambda g, out, x, y: g * x),
    checks=(Check("dot(x, y)", {"x": (3,), "y": (3,)}),),
    batch=batch_products.dot,
    axes=axes.dot,
    accumulation=Accumulation(np.dot),
    meaning="Sum of the products of two vectors' elements.",
    example="dot([1, 2], [3, 4])",
    latex=r"{}^{{\top}} {}",
)

vdot = Operation(
    ("vdot(input, other)",),
    np.dot,
    product_type("vdot", (1, 1)),
    (lambda g, out, x, y: g * y, lambda g, out, x, y: g * x),
    checks=(Check("vdot(x, y)", {"x": (3,), "y": (3,)}),),
    batch=batch_products.dot,
    axes=axes.dot,
    accumulation=Accumulation(np.dot),
    meaning="dot, under the name it has for complex vectors.",
    example="vdot([1, 2], [3, 4])",
    latex=r"{}^{{\top}} {}",
)

bmm = Operation(
    ("bmm(input, mat2)",),
    np.matmul,
    product_type("bmm", (3, 3)),
    (
        lambda g, out, x, y: ops.bmm(g, matrix_transpose(y)),
        lambda g, out, x, y: ops.bmm(matrix_transpose(x), g),
    ),
    checks=(Check("bmm(x, y)", {"x": (2, 2, 3), "y": (2, 3, 2)}),),
    batch=batch_products.bmm,
    axes=axes.bmm,
    accumulation=Accumulation(np.matmul),
    meaning="Products of the matrices of two batches, pair by pair.",
    example="bmm(ones(2, 1, 3), ones(2, 3, 1))",
    latex="{} {}",
)

# In PyTorch the product of a vector and a matrix ends with an in-place squeeze, which has a
# name of its own.
_squeeze_row = Operation(
    ("squeeze(input, dim: int)",),
    lambda x: np.squeeze(x, 0),
    lambda x: Type(x.shape[1:], x.dtype),
    (lambda g, out, x: ops.unsqueeze(g, dim=0),),
    grad_fn="SqueezeBackward4",
    view=True,
    rearranges=True,
    batch=batch.reshaped,
    axes=axes.reshaped,
    meaning="",
    example="",
)


# ----- Any ranks -----


@composite(
    "matmul(input, other)",
    example="matmul([[1, 2], [3, 4]], [1, 1])",
    checks=(
        Check("x @ y", {"x": (3,), "y": (3,)}),
        Check("x @ y", {"x": (3,), "y": (3, 2)}),
        Check("x @ y", {"x": (2, 3), "y": (3,)}),
        Check("x @ y", {"x": (2, 2, 3), "y": (3,)}),
        Check("x @ y", {"x": (3,), "y": (2, 3, 2)}),
        Check("x @ y", {"x": (2, 2, 3), "y": (3, 2)}),
        Check("x @ y", {"x": (2, 3), "y": (2, 3, 2)}),
        Check("x @ y", {"x": (2, 1, 2, 3), "y": (2, 3, 2)}),
        Check("x @ y", {"x": (1, 2, 3), "y": (2, 3, 2)}),
        Check("x @ y", {"x": (2, 2, 2, 3), "y": (3,)}),
    ),
)
def matmul(input: Node, other: Node) -> Node:
    """Matrix product of tensors of any rank, broadcasting over batches: x @ y."""
    _check_matmul(input, other)
    ranks = (input.ndim, other.ndim)
    if ranks == (1, 1):
        return dot(input, other)
    if ranks == (2, 1):
        return mv(input, other)
    if ranks == (2, 2):
        return mm(input, other)
    if ranks == (1, 2):
        return _squeeze_row(mm(ops.unsqueeze(input, dim=0), other))
    if min(ranks) <= 2 and _should_fold(input, other):
        return _folded(input, other)
    if ranks == (3, 3) and input.shape[0] != other.shape[0]:
        # A batch of one that requires a gradient is better a matrix: its gradient is not a batch.
        if input.shape[0] == 1 and input.requires_grad:
            return ops.matmul(ops.squeeze(input, dim=0), other)
        if other.shape[0] == 1 and other.requires_grad:
            return ops.matmul(input, ops.squeeze(other, dim=0))
    return _batched(input, other)


def _check_matmul(x: Node, y: Node) -> None:
    if x.ndim == 0 or y.ndim == 0:
        raise DifftoolError(
            f"@ needs tensors with dimensions, not shapes {x.shape} and {y.shape}",
            kind="shape",
            hint="multiply by a number with *",
        )
    inner = y.shape[-2] if y.ndim > 1 else y.shape[0]
    if x.shape[-1] != inner:
        raise cannot_multiply(x.shape, y.shape, x.shape[-1], inner)
    broadcast(x.shape[:-2], y.shape[:-2])
    require_one_dtype("@", x, y)


def _should_fold(x: Node, y: Node) -> bool:
    """Whether the operand with a batch is flattened to one matrix."""
    smaller = y if x.ndim >= y.ndim else x
    if smaller.requires_grad:
        return True
    if x.ndim == 2:
        return False
    larger, steps = (x, layout.strides(x)) if x.ndim >= y.ndim else (y, layout.strides(y))
    shape = larger.shape
    if larger is y:
        # The strides of y with its last two dimensions exchanged.
        steps = (*steps[:-2], steps[-1], steps[-2])
        shape = (*shape[:-2], shape[-1], shape[-2])
    return larger.size == 0 or all(
        [steps[axis] == steps[axis + 1] * shape[axis + 1] for axis in range(len(shape) - 2)]
    )


def _folded(x: Node, y: Node) -> Node:
    """The product as one of two matrices, or of a matrix and a vector."""
    transposing = x.ndim < y.ndim
    larger = matrix_transpose(y) if transposing else x
    smaller = x if transposing else y
    rows = larger.shape[:-1]
    flat = ops.reshape(larger, (prod(rows), larger.shape[-1]))
    if smaller.ndim == 1:
        return ops.unsafe_view(mv(flat, smaller), rows)
    if transposing:
        smaller = ops.t(smaller)
    result = ops.unsafe_view(mm(flat, smaller), (*rows, smaller.shape[-1]))
    return ops.contiguous(matrix_transpose(result)) if transposing else result


def _batched(x: Node, y: Node) -> Node:
    """The product of two batches of matrices, broadcast to one batch shape."""
    batch = broadcast(x.shape[:-2], y.shape[:-2])
    count = prod(batch)
    if x.ndim == 1:
        x_shape: Shape = (1, x.shape[0])
    else:
        x_shape = x.shape[-2:]
    left = ops.reshape(ops.expand(x, batch + x_shape), (count, *x_shape))
    if y.ndim == 1:
        spread = ops.reshape(ops.expand(y, batch + y.shape), (count, *y.shape))
        right = ops.unsqueeze(spread, dim=2)
        columns: Shape = ()
        product = ops.squeeze(bmm(left, right), dim=-1)
    else:
        right = ops.reshape(ops.expand(y, batch + y.shape[-2:]), (count, *y.shape[-2:]))
        columns = y.shape[-1:]
        product = bmm(left, right)
    rows: Shape = () if x.ndim == 1 else x.shape[-2:-1]
    return ops.unsafe_view(product, batch + rows + columns)


# ----- Products of vectors, the trace -----


@composite(
    "outer(input, vec2)",
    example="outer([1, 2], [1, 10])",
    aliases=("ger",),
    checks=(Check("outer(x, y)", {"x": (2,), "y": (3,)}),),
)
def outer(input: Node, vec2: Node) -> Node:
    """Matrix of the products of two vectors' elements."""
    if input.ndim != 1 or vec2.ndim != 1:
        raise DifftoolError(
            f"outer takes two vectors, not shapes {input.shape} and {vec2.shape}",
            kind="shape",
            hint="flatten() makes a vector",
        )
    return ops.reshape(input, (input.shape[0], 1)) * vec2


def _trace_type(x: Node) -> Type:
    if x.ndim != 2:
        raise DifftoolError(
            f"trace takes a matrix, not a tensor of shape {x.shape}",
            kind="shape",
            hint="for batches sum the diagonal: x.diagonal(dim1=-2, dim2=-1).sum(-1)",
        )
    refuse_booleans("trace", x)
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.int64)
    return Type((), dtype)


trace = Operation(
    ("trace(input)",),
    np.trace,
    _trace_type,
    (lambda g, out, x: g * ops.eye(*x.shape, dtype=g.dtype),),
    checks=(Check("trace(x)", {"x": (3, 3)}), Check("trace(x @ x.T)^2", {"x": (2, 3)})),
    batch=batch_places.trace,
    meaning="Sum of the elements on the diagonal.",
    example="trace([[1, 2], [3, 4]])",
    latex=r"\operatorname{{tr}}\left({}\right)",
)
