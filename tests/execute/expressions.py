"""Random expressions for hypothesis: many operations one after the other, of shapes that fit.

An expression is a program of assignments, each a step that uses what there is already:
`a = sum(x, 1, keepdim=True); b = x / (a^2 + 1); ...`. Values stay within sight of 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import prod
from typing import TypeAlias

from hypothesis import strategies as st

Shape: TypeAlias = tuple[int, ...]
Made: TypeAlias = tuple[str, Shape]
Draw: TypeAlias = st.DrawFn

MOST = 2000

_lengths = st.integers(1, 9)
_shapes: st.SearchStrategy[Shape] = st.lists(_lengths, min_size=1, max_size=3).map(tuple)
_flags: st.SearchStrategy[bool] = st.booleans()

_UNARY = """
sin({x}) tanh({x}) sigmoid({x}) relu({x}) softplus({x}) abs({x}) exp(-abs({x})) silu({x}) erf({x})
gelu({x},approximate='tanh') gelu({x}) elu({x}) clamp({x},-1,1) sqrt({x}^2+1) ({x}/2)^3 1/({x}^2+1)
where({x}>0.1,{x},0.3*{x}) log({x}^2+1) {x}.clone() {x}.detach()*{x} masked_fill({x},{x}>1,0.5)
leaky_relu({x},0.1) 2-{x} {x}.float().double() minimum({x},0.7) {x}.contiguous() remainder({x},3)
""".split()
# Roots are kept off 0, where rounding decides what their gradient is.
_REDUCED = """
sum({x},{dims},{keepdim}) mean({x},{dims},{keepdim}) amax({x},{dims},{keepdim})
logsumexp({x},{dims},{keepdim}) var({x},{dims},correction=0,keepdim={keepdim})
vector_norm(abs({x})+0.5,2,{dims},{keepdim}) vector_norm(abs({x})+0.5,3,{dims},{keepdim})
sqrt(var({x},{dims},correction=0,keepdim={keepdim})+0.1) amin({x},{dims},{keepdim})
""".split()
_ALONG = """
softmax({x},{dim}) log_softmax({x},{dim}) cumsum({x},{dim}) {x}.flip({dim}) {x}.roll(1,{dim})
cumprod(tanh({x}),{dim}) ({x}-mean({x},{dim},True))/sqrt(var({x},{dim},False,True)+0.1)
""".split()
_ENDS = """
mean({x}^2) sum(tanh({x})) logsumexp({x}.flatten(),0) norm({x}+3) mse_loss({x},{x}.detach()*0.5)
var({x},correction=0) max({x}) norm({x},3) sum({x}/(norm({x},1)+1)) {x} mean(softmax({x},0)*{x})
""".split()


def _dim(draw: Draw, shape: Shape) -> int:
    return draw(st.integers(0, len(shape) - 1))


def _unary(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    return draw(st.sampled_from(_UNARY)).format(x=x), shape


def _binary(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    y, other = draw(st.sampled_from(others))
    common = _broadcast(shape, other)
    form = draw(st.sampled_from(("{x}+{y}", "{x}-{y}", "{x}*{y}", "{x}/({y}^2+1)", "{x}*(1-{y})")))
    return None if common is None else (form.format(x=x, y=y), common)


def _reduced(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    if not shape:
        return None
    dims = sorted(draw(st.sets(st.integers(0, len(shape) - 1), min_size=1)))
    keepdim = draw(_flags)
    text = draw(st.sampled_from(_REDUCED)).format(x=x, dims=dims, keepdim=keepdim)
    kept = [1 if axis in dims else size for axis, size in enumerate(shape)]
    if not keepdim:
        kept = [size for axis, size in enumerate(shape) if axis not in dims]
    return text, tuple(kept)


def _along(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    if not shape:
        return None
    return draw(st.sampled_from(_ALONG)).format(x=x, dim=_dim(draw, shape)), shape


def _reshaped(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    kind = draw(st.integers(0, 4))
    if kind == 0:
        order = draw(st.permutations(range(len(shape))))
        return f"{x}.permute({tuple(order)})" if order else x, tuple([shape[k] for k in order])
    if kind == 1:
        return f"{x}.reshape(-1)", (prod(shape),)
    if kind == 2:
        dim = draw(st.integers(0, len(shape)))
        return f"{x}.unsqueeze({dim})", (*shape[:dim], 1, *shape[dim:])
    if kind == 3 and len(shape) > 1:
        dim = draw(st.integers(0, len(shape) - 2))
        merged = (*shape[:dim], shape[dim] * shape[dim + 1], *shape[dim + 2 :])
        return f"{x}.flatten({dim},{dim + 1})", merged
    size = prod(shape)
    factors = [k for k in range(1, 10) if size % k == 0]
    rows = draw(st.sampled_from(factors))
    return f"{x}.reshape({rows},{size // rows})", (rows, size // rows)


def _sliced(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    if not shape:
        return None
    dim = _dim(draw, shape)
    front = ":," * dim
    kind = draw(st.integers(0, 3))
    before, behind, length = shape[:dim], shape[dim + 1 :], shape[dim]
    if kind == 0:
        return f"{x}[{front}{draw(st.integers(0, length - 1))}]", before + behind
    if kind == 1:
        places = draw(st.lists(st.integers(0, length - 1), min_size=1, max_size=9))
        return f"{x}[{front}tensor({places})]", (*before, len(places), *behind)
    start, step = draw(st.integers(0, length - 1)), draw(st.integers(1, 2))
    return f"{x}[{front}{start}::{step}]", (*before, len(range(start, length, step)), *behind)


def _joined(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    alike: list[str] = [name for name, other in others if other == shape]
    y = draw(st.sampled_from(alike or [x]))
    if len(shape) > 0 and draw(_flags):
        dim = _dim(draw, shape)
        return f"cat([{x},{y},{x}],{dim})", (*shape[:dim], 3 * shape[dim], *shape[dim + 1 :])
    dim = draw(st.integers(0, len(shape)))
    return f"stack([{x},2*{y}],{dim})", (*shape[:dim], 2, *shape[dim:])


def _multiplied(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    if len(shape) < 2:
        return None
    rows, columns = shape[-2:]
    y, other = draw(st.sampled_from(others))
    if len(other) == 2 and other[0] == columns:
        return f"({x}@{y})/{columns}", (*shape[:-1], other[1])
    if draw(_flags):
        return f"({x}@{x}.mT)/{columns}", (*shape[:-1], rows)
    return f"({x}.mT@{x})/{rows}", (*shape[:-2], columns, columns)


def _classified(draw: Draw, x: str, shape: Shape, others: list[Made]) -> Made | None:
    if len(shape) != 2:
        return None
    rows, classes = shape
    targets = draw(st.lists(st.integers(0, classes - 1), min_size=rows, max_size=rows))
    reduction = draw(st.sampled_from(("mean", "sum", "none")))
    text = f"cross_entropy({x},tensor({targets}),reduction='{reduction}')"
    return text, (rows,) if reduction == "none" else ()


def _broadcast(first: Shape, second: Shape) -> Shape | None:
    ndim = max(len(first), len(second))
    pairs = zip(
        (1,) * (ndim - len(first)) + first, (1,) * (ndim - len(second)) + second, strict=True
    )
    common = [(a, b) for a, b in pairs]
    if any([a != b and 1 not in (a, b) for a, b in common]):
        return None
    return tuple([max(pair) for pair in common])


Step: TypeAlias = Callable[[Draw, str, Shape, list[Made]], Made | None]
_STEPS: tuple[Step, ...] = (
    *[_unary] * 3,
    *[_binary] * 4,
    *[_reduced] * 3,
    *[_along] * 2,
    _reshaped,
    _sliced,
    _joined,
    *[_multiplied] * 2,
    _classified,
)


@st.composite
def programs(draw: Draw, most_steps: int = 8, scalar: bool = False) -> tuple[str, dict[str, Shape]]:
    """A program and the shapes of its inputs."""
    first = draw(_shapes)
    fitting = tuple([draw(st.sampled_from((1, size, size))) for size in first])
    cut_off = draw(st.integers(0, len(first)))
    inputs = {"x": first, "y": fitting[cut_off:], "z": draw(_shapes)}
    there: list[Made] = list(inputs.items())
    statements = []
    for number in range(draw(st.integers(1, most_steps))):
        x, shape = draw(st.sampled_from(there[-4:]))
        made = draw(st.sampled_from(_STEPS))(draw, x, shape, there)
        if made is not None and prod(made[1]) <= MOST and len(made[1]) < 5:
            name = f"v{number}"
            statements.append(f"{name} = {made[0]}")
            there.append((name, made[1]))
    end = draw(st.sampled_from(_ENDS)).format(x=there[-1][0])
    if scalar:
        end = f"mean({end})"
    text = "; ".join([*statements, end])
    return text, {name: shape for name, shape in inputs.items() if name in re.split(r"\W", text)}
