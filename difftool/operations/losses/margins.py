"""Losses of scores for classes by margins: the right class's score is above the others'.

A row has one right class (`multi_margin_loss`) or several (`multilabel_margin_loss`).
"""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np

from difftool.errors import DifftoolError
from difftool.graph.dtype import int64
from difftool.graph.node import Node, Number
from difftool.operations.axes import Axes, Labels
from difftool.operations.losses.loss_reduction import (
    LEGACY,
    reductions,
    refuse_gradient,
    settled_reduction,
    total_of,
)
from difftool.operations.registry import Array, Check, Operation, Type, composite, constant, ops
from difftool.operations.shapes import dtype_name, require_float


def _require_classes(function: str, input: Node, target: Node) -> None:
    require_float(input, function)
    if input.ndim > 2 or (input.ndim and input.shape[-1] == 0):
        raise DifftoolError(
            f"{function} takes scores for classes, not a tensor of shape {input.shape}",
            kind="shape",
            hint="give (classes,) or (rows, classes)",
        )
    if target.dtype != int64:
        raise DifftoolError(
            f"class indices are int64, not {dtype_name(target.dtype)}",
            kind="dtype",
            hint="write tensor([0, 2]), or convert with .long()",
        )


def _checked_indices(target: Array, count: int, least: int) -> None:
    if target.size and (np.min(target) < least or np.max(target) >= count):
        wrong = target[(target < least) | (target >= count)]
        raise DifftoolError(
            f"class index {wrong[0]} is out of range for {count} classes",
            kind="index",
            hint=f"class indices go from 0 to {count - 1}",
        )


def _reduced(losses: Array, reduction: str) -> Any:
    if reduction == "none":
        return losses
    total = total_of(losses)
    if reduction == "sum":
        return total
    return total / losses.size if losses.size else losses.dtype.type(nan)


def _for_rows(g: Node, count: int, reduction: str) -> Node:
    """The gradient of the loss of each row, ready to multiply rows of classes."""
    if reduction == "none":
        return ops.reshape(g, (count, 1))
    return g * (1 / count) if reduction == "mean" and count else g


def _rows(x: Node) -> Node:
    """Scores as rows; those of one row are one."""
    return ops.reshape(x, (1, max(x.size, 1))) if x.ndim < 2 else x


def _axes(node: Node) -> Axes:
    """Each row by itself, where the losses are not reduced; its classes are whole."""
    x, *rest = node.inputs
    row: Labels = (0,) if x.ndim == 2 and node.parameters["reduction"] == "none" else (None,)

    def labels(source: Node) -> Labels:
        return (*row, None)[: source.ndim]

    weights: list[Labels] = [(None,) for _ in rest[1:]]
    own: Labels = labels(x) if x.ndim == 2 else (None,) * x.ndim
    return Axes(row[: node.ndim], (own, labels(rest[0]), *weights))


# ----- One right class -----


def _multi_margin_type(
    x: Node, target: Node, *weight: Node, p: int, margin: Number, reduction: str
) -> Type:
    _require_classes("multi_margin_loss", x, target)
    count = x.shape[0] if x.ndim == 2 else 1
    if target.ndim > 1 or target.size != count:
        raise DifftoolError(
            f"multi_margin_loss takes one class index for each of {count} rows, not a tensor of "
            f"shape {target.shape}",
            kind="shape",
            hint="several right classes are for multilabel_margin_loss",
        )
    classes = x.shape[-1] if x.ndim else 1
    if weight and (weight[0].shape != (classes,) or weight[0].dtype != x.dtype):
        raise DifftoolError(
            f"weight has shape {weight[0].shape} and dtype {dtype_name(weight[0].dtype)}, "
            f"there are {classes} classes of dtype {dtype_name(x.dtype)}",
            kind="shape" if weight[0].dtype == x.dtype else "dtype",
            hint="give one weight of the input's dtype for each class",
        )
    parameters = {"p": p, "margin": margin, "reduction": reduction}
    return Type(target.shape if reduction == "none" else (), x.dtype, None, parameters)


def _multi_margin(
    x: Array, target: Array, *weight: Array, p: int, margin: Number, reduction: str
) -> Any:
    rows = x.reshape(-1, x.shape[-1] if x.ndim else 1)
    right = target.reshape(-1, 1)
    _checked_indices(right, rows.shape[1], 0)
    lacking = np.asarray(margin - np.take_along_axis(rows, right, 1) + rows)
    lacking[~(lacking > 0)] = 0
    np.put_along_axis(lacking, right, 0, 1)
    if p == 2:
        np.square(lacking, out=lacking)
    losses = np.sum(lacking, 1) / rows.shape[1]
    if weight:
        losses = losses * weight[0][right[:, 0]]
    return _reduced(losses.reshape(target.shape), reduction)


def _multi_margin_rule(
    g: Node,
    out: Node,
    x: Node,
    target: Node,
    *weight: Node,
    p: int,
    margin: Number,
    reduction: str,
) -> Node:
    """Each class that is too near the right one rises the loss, the right one lowers it."""
    rows = _rows(x)
    count, classes = rows.shape
    right = ops.reshape(target, (count, 1))
    lacking = margin - ops.gather(rows, right, dim=1) + rows
    slope = ops.where(lacking > 0, 1.0 if p == 1 else 2 * lacking, 0)
    here = ops.eq(right, constant(np.arange(classes)))
    slope = ops.to(ops.where(here, 0, slope), dtype=x.dtype) / classes
    if weight:
        slope = slope * ops.reshape(ops.index(weight[0], target, dims=(0,)), (count, 1))
    slope = slope * _for_rows(g, count, reduction)
    slope = slope - ops.where(here, ops.sum(slope, dim=(1,), keepdim=True), 0)
    return ops.reshape(slope, x.shape)


_multi_margin_loss = Operation(
    ("multi_margin_loss(input, target)",),
    _multi_margin,
    _multi_margin_type,
    (_multi_margin_rule,),
    # What each score lacks, and where it lacks something.
    scratch=1.125,
    axes=_axes,
    meaning="",
    example="",
)


@composite(
    "multi_margin_loss(input, target, p: Number = 1, margin: Number = 1.0, "
    f"weight: Tensor | None = None, {LEGACY})",
    example="multi_margin_loss([[1., 2., 0.5]], tensor([1]))",
    checks=(
        *reductions("multi_margin_loss(x, tensor([0, 2]), p=2, margin=5", (2, 3), names="x"),
        Check("multi_margin_loss(x, tensor([0, 2]), margin=5, weight=[1, 2, 3])", {"x": (2, 3)}),
    ),
)
def multi_margin_loss(
    input: Node,
    target: Node,
    p: Number = 1,
    margin: Number = 1.0,
    weight: Node | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """What the right class's score lacks to be the margin above the others, to the power p."""
    reduction = settled_reduction(reduction, size_average, reduce)
    if p not in (1, 2):
        raise DifftoolError(
            f"p is 1 or 2, not {p}", kind="argument", hint="1 is the hinge loss, 2 its square"
        )
    refuse_gradient(weight, "multi_margin_loss")
    weights = () if weight is None else (weight,)
    return _multi_margin_loss(
        input, target, *weights, p=int(p), margin=margin, reduction=reduction
    )


# ----- Several right classes -----


def _multilabel_type(x: Node, target: Node, *, reduction: str) -> Type:
    _require_classes("multilabel_margin_loss", x, target)
    if target.size != x.size or (x.ndim == 2 or target.ndim > 1) and target.shape != x.shape:
        raise DifftoolError(
            f"multilabel_margin_loss takes class indices in the input's shape {x.shape}, "
            f"not {target.shape}",
            kind="shape",
            hint="-1 stands behind the last class of a row",
        )
    return Type(x.shape[:-1] if reduction == "none" else (), x.dtype)


def _multilabel(x: Array, target: Array, *, reduction: str) -> Any:
    count, classes = x.shape if x.ndim == 2 else (1, max(x.size, 1))
    rows, places = x.reshape(count, classes), target.reshape(count, classes)
    _checked_indices(places, classes, -1)
    given = np.logical_and.accumulate(places >= 0, axis=1)
    chosen = np.where(given, places, 0)
    right = np.zeros((count, classes + 1), bool)
    np.put_along_axis(right, np.where(given, places, classes), True, 1)
    scores = np.take_along_axis(rows, chosen, 1)
    losses = np.zeros(count, x.dtype)
    # Place by place, so that no array has the square of the classes.
    for place in range(classes):
        lacking = 1 - scores[:, place, None] + rows
        lacking[right[:, :-1] | ~(lacking > 0)] = 0
        losses += np.where(given[:, place], np.sum(lacking, 1), 0)
    return _reduced((losses / classes).reshape(x.shape[:-1]), reduction)


def _multilabel_rule(g: Node, out: Node, x: Node, target: Node, *, reduction: str) -> Node:
    """Each other class that is too near a right one rises the loss, the right one lowers it."""
    rows = _rows(x)
    count, classes = rows.shape
    places = ops.reshape(target, (count, classes))
    given = ops.to(ops.cumprod(ops.to(places >= 0, dtype=int64), dim=1), dtype=x.dtype)
    chosen = ops.to(ops.where(given > 0, places, 0), dtype=int64)
    zeros = ops.zeros((count, classes), dtype=x.dtype)
    others = ops.eq(ops.scatter_add(zeros, chosen, given, dim=1), 0)
    scores = ops.gather(rows, chosen, dim=1)
    # [row, right class, other class]
    lacking = 1 - ops.unsqueeze(scores, dim=2) + ops.unsqueeze(rows, dim=1)
    counts = ops.unsqueeze(given, dim=2) * (lacking > 0) * ops.unsqueeze(others, dim=1)
    slope = ops.sum(counts, dim=(1,))
    slope = ops.scatter_add(slope, chosen, -ops.sum(counts, dim=(2,)), dim=1)
    slope = slope * _for_rows(g, count, reduction) / classes
    return ops.reshape(slope, x.shape)


_multilabel_margin_loss = Operation(
    ("multilabel_margin_loss(input, target)",),
    _multilabel,
    _multilabel_type,
    (_multilabel_rule,),
    scratch=5,
    axes=_axes,
    meaning="",
    example="",
)


@composite(
    f"multilabel_margin_loss(input, target, {LEGACY})",
    example="multilabel_margin_loss([[0.1, 0.2, 0.4, 0.8]], tensor([[3, 0, -1, 1]]))",
    checks=reductions(
        "multilabel_margin_loss(x, tensor([[0, 2, -1], [1, -1, 0]])", (2, 3), names="x"
    ),
)
def multilabel_margin_loss(
    input: Node,
    target: Node,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Node:
    """What the right classes' scores lack to be 1 above the others; -1 ends a row of classes."""
    reduction = settled_reduction(reduction, size_average, reduce)
    return _multilabel_margin_loss(input, target, reduction=reduction)
