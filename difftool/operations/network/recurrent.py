"""Cells of recurrent networks: one step from a state and an input to the next state.

They are made of the nodes that ATen makes (RNN.cpp): products with transposed weights, whose
results are split into gates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.node import Node
from difftool.operations.registry import Check, composite, ops

# ----- What they share -----


def _linear(x: Node, weight: Node, bias: Node | None) -> Node:
    turned = ops.t(weight)
    if bias is None:
        product: Node = ops.mm(x, turned)
        return product
    return ops.addmm(bias, x, turned)


def _gates(x: Node, count: int) -> tuple[Node, ...]:
    parts: Any = ops.unsafe_chunk(x, chunks=count, dim=1)
    return tuple(parts)


def _require_cell(
    function: str,
    count: int,
    input: Node,
    states: Sequence[Node],
    w_ih: Node,
    w_hh: Node,
    *biases: Node | None,
) -> None:
    """Refuse shapes that are not those of one step with `count` gates."""
    width = states[0].shape[-1] if states[0].ndim else 0
    rows = (count * width,)
    fits = (
        input.ndim == 2
        and all([each.shape == (input.shape[0], width) for each in states])
        and w_ih.shape == (*rows, input.shape[1])
        and w_hh.shape == (*rows, width)
        and all([each is None or each.shape == rows for each in biases])
    )
    given = [each for each in (input, *states, w_ih, w_hh, *biases) if each is not None]
    if not fits:
        raise DifftoolError(
            f"{function} can't take shapes {', '.join([str(each.shape) for each in given])}",
            kind="shape",
            hint=f"with B rows, I inputs and H states: input (B, I), state (B, H), "
            f"w_ih ({count} H, I), w_hh ({count} H, H), biases ({count} H)",
        )
    if len({each.dtype for each in given}) > 1 or input.dtype.kind != "f":
        raise DifftoolError(
            f"{function} takes tensors of one floating-point dtype",
            kind="dtype",
            hint="convert with .double(), .float() or .to(dtype)",
        )


# ----- The cells -----

_WEIGHTS = "w_ih, w_hh, b_ih: Tensor | None = None, b_hh: Tensor | None = None"


@composite(
    f"lstm_cell(input, hx: Tensors, {_WEIGHTS})",
    example="lstm_cell(ones(1, 2), (zeros(1, 1), zeros(1, 1)), ones(4, 2), ones(4, 1))",
    checks=(
        Check(
            "lstm_cell(x, (h, h + 1), w, w[:, :1], w[:, 0], w[:, 1])[0]",
            {"x": (1, 2), "h": (1, 1), "w": (4, 2)},
        ),
    ),
)
def lstm_cell(
    input: Node,
    hx: Sequence[Node],
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None = None,
    b_hh: Node | None = None,
) -> tuple[Node, Node]:
    """One step of a long short-term memory: the next state and the next memory."""
    if len(hx) != 2:
        raise DifftoolError(
            f"lstm_cell takes a state and a memory, not {len(hx)} tensors",
            kind="argument",
            hint="hx is a pair: (h, c)",
        )
    _require_cell("lstm_cell", 4, input, hx, w_ih, w_hh, b_ih, b_hh)
    state, memory = hx
    sums = _linear(state, w_hh, b_hh) + _linear(input, w_ih, b_ih)
    parts = _gates(sums, 4)
    takes, keeps, shows = [ops.sigmoid(parts[place]) for place in (0, 1, 3)]
    memory = keeps * memory + takes * ops.tanh(parts[2])
    return shows * ops.tanh(memory), memory


@composite(
    f"gru_cell(input, hx, {_WEIGHTS})",
    example="gru_cell(ones(1, 2), zeros(1, 1), ones(3, 2), ones(3, 1))",
    checks=(
        Check(
            "gru_cell(x, h, w, w[:, :1], w[:, 0], w[:, 1])",
            {"x": (1, 2), "h": (1, 1), "w": (3, 2)},
        ),
    ),
)
def gru_cell(
    input: Node,
    hx: Node,
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None = None,
    b_hh: Node | None = None,
) -> Node:
    """One step of a gated recurrent unit: the next state."""
    _require_cell("gru_cell", 3, input, [hx], w_ih, w_hh, b_ih, b_hh)
    of_input = _gates(_linear(input, w_ih, b_ih), 3)
    of_state = _gates(_linear(hx, w_hh, b_hh), 3)
    resets = ops.sigmoid(of_state[0] + of_input[0])
    keeps = ops.sigmoid(of_state[1] + of_input[1])
    new = ops.tanh(of_input[2] + of_state[2] * resets)
    return (hx - new) * keeps + new


def _simple(
    name: str,
    input: Node,
    hx: Node,
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None,
    b_hh: Node | None,
) -> Node:
    _require_cell(name, 1, input, [hx], w_ih, w_hh, b_ih, b_hh)
    return _linear(hx, w_hh, b_hh) + _linear(input, w_ih, b_ih)


_CHECK = {"x": (1, 2), "h": (1, 2), "w": (2, 2)}


@composite(
    f"rnn_tanh_cell(input, hx, {_WEIGHTS})",
    example="rnn_tanh_cell(ones(1, 2), zeros(1, 1), ones(1, 2), ones(1, 1))",
    checks=(Check("rnn_tanh_cell(x, h, w, w.T, w[0], w[1])", _CHECK),),
)
def rnn_tanh_cell(
    input: Node,
    hx: Node,
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None = None,
    b_hh: Node | None = None,
) -> Node:
    """One step of a recurrent network: tanh of weighed sums of input and state."""
    return ops.tanh(_simple("rnn_tanh_cell", input, hx, w_ih, w_hh, b_ih, b_hh))


@composite(
    f"rnn_relu_cell(input, hx, {_WEIGHTS})",
    example="rnn_relu_cell(ones(1, 2), zeros(1, 1), ones(1, 2), ones(1, 1))",
    checks=(Check("rnn_relu_cell(x, h, w, w.T) ^ 2", _CHECK),),
)
def rnn_relu_cell(
    input: Node,
    hx: Node,
    w_ih: Node,
    w_hh: Node,
    b_ih: Node | None = None,
    b_hh: Node | None = None,
) -> Node:
    """One step of a recurrent network: relu of weighed sums of input and state."""
    return ops.relu(_simple("rnn_relu_cell", input, hx, w_ih, w_hh, b_ih, b_hh))
