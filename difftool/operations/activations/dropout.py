"""Dropout as it is in evaluation: what passes its input on as it is.

In training it draws at random, unless it drops nothing or everything.
"""

from __future__ import annotations

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.activations.activation_type import refuse_in_place
from difftool.operations.registry import Composite, ops


def _dropped(function: str, input: Node, p: float, training: bool) -> Node:
    if not 0 <= p <= 1:
        raise DifftoolError(
            f"{function} has the probability {p}",
            kind="argument",
            hint="p is a number from 0 to 1",
        )
    if not training or p == 0 or input.size == 0:
        return input
    if p == 1:
        nothing: Node = ops.zeros((), dtype=input.dtype)
        return input * nothing
    raise DifftoolError(
        f"{function} in training draws at random which elements it drops",
        kind="unsupported",
        hint="give training=False for its value in evaluation, or multiply by a mask of your own",
    )


def _dropout(name: str, training: bool, meaning: str) -> Composite:
    """A dropout of torch.nn.functional whose counterpart in torch has a `train` in its place."""

    def compose(
        input: Node,
        p: float = 0.5,
        training: bool = training,
        inplace: bool = False,
        train: bool | None = None,
    ) -> Node:
        refuse_in_place(inplace)
        return _dropped(name, input, p, training if train is None else train)

    return Composite(
        (
            f"{name}(input, p: float = 0.5, training: bool = {training}, inplace: bool = False)",
            f"{name}(input, p: float, train: bool)",
        ),
        compose,
        meaning=meaning,
        example=f"{name}([1., 2.], 0.5, False)",
    )


dropout = _dropout("dropout", True, "x in evaluation (training=False).")
alpha_dropout = _dropout("alpha_dropout", False, "x in evaluation (training=False).")
feature_alpha_dropout = _dropout(
    "feature_alpha_dropout", False, "x in evaluation (training=False)."
)
feature_dropout = Composite(
    ("feature_dropout(input, p: float, train: bool)",),
    lambda input, p, train: _dropped("feature_dropout", input, p, train),
    meaning="x in evaluation (train=False).",
    example="feature_dropout([[1., 2.]], 0.5, False)",
)


def _channels(name: str, single: int | None, ndims: tuple[int, ...]) -> Composite:
    """dropout of whole channels; `single` dimensions are one sample, which becomes a batch."""

    def compose(
        input: Node, p: float = 0.5, training: bool = True, inplace: bool = False
    ) -> Node:
        refuse_in_place(inplace)
        if name == "dropout1d" and input.ndim not in ndims:
            raise DifftoolError(
                f"dropout1d takes 2 or 3 dimensions, not {input.ndim}",
                kind="shape",
                hint="dropout takes any number of them",
            )
        batched = single is None or input.ndim == single + 1
        x = input if batched else ops.unsqueeze(input, dim=0)
        result = _dropped(name, x, p, training)
        return result if batched else ops.squeeze(result, dim=0)

    example = {"dropout1d": "[[1., 2.]]"}.get(name, "[[[[1., 2.]]]]")
    return Composite(
        (f"{name}(input, p: float = 0.5, training: bool = True, inplace: bool = False)",),
        compose,
        meaning="x in evaluation (training=False).",
        example=f"{name}({example}, training=False)",
    )


dropout1d = _channels("dropout1d", 2, (2, 3))
dropout2d = _channels("dropout2d", None, ())
dropout3d = _channels("dropout3d", 4, ())
