"""Programs composed at random from a fixed seed: what nobody would think of typing.

Each has a few statements; every statement applies one operation to earlier variables, chosen
among those that fit their shapes. The functions are smooth or mild, so that numbers stay moderate;
transposes, slices and expansions in between let the memory layouts meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import numpy as np

from tests.oracle.cases import Case, case

Shape = tuple[int, ...]


class Step(NamedTuple):
    """An operation on one variable `a`: its text, and the shape it gives (None: does not fit)."""

    text: str
    shape: Callable[[Shape], Shape | None]


def _same(shape: Shape) -> Shape:
    return shape


def _of_rank(*ranks: int) -> Callable[[Callable[[Shape], Shape]], Callable[[Shape], Shape | None]]:
    def limited(rule: Callable[[Shape], Shape]) -> Callable[[Shape], Shape | None]:
        return lambda shape: rule(shape) if len(shape) in ranks else None

    return limited


_matrix, _vector, _box = _of_rank(2), _of_rank(1), _of_rank(3)
_any, _some, _several = _of_rank(0, 1, 2, 3), _of_rank(1, 2, 3), _of_rank(2, 3)

_ELEMENTWISE = (
    "tanh(a)|sin(a)|sigmoid(a)|softplus(a)|a^2|abs(a)|relu(a)|gelu(a)|exp(-a^2)|-a|1 / (1 + a^2)"
    "|2 - a|a / 3|sqrt(1 + a^2)|where(a > 0, a, 0.5 * a)|clamp(a, -1, 1)|2^tanh(a)|a - a.mean()"
    "|log(1 + a^2)|elu(a)|a * a.detach()|atan2(a, a^2 + 1)|a / (1 + norm(a))"
)
_SHAPED = [
    Step("a.T", _any(lambda s: s[::-1])),
    Step("a.mT", _several(lambda s: (*s[:-2], s[-1], s[-2]))),
    Step("a.flip(0)", _some(_same)),
    Step("a.roll(1, -1)", _some(_same)),
    Step("a.cumsum(-1)", _some(_same)),
    Step("softmax(a, -1)", _some(_same)),
    Step("a - logsumexp(a, 0)", _some(_same)),
    Step("a - a.amax(-1, keepdim=True)", _some(_same)),
    Step("a.sum(0)", _some(lambda s: s[1:])),
    Step("a.mean(-1, keepdim=True)", _some(lambda s: (*s[:-1], 1))),
    Step("a.std(0, unbiased=False)", _some(lambda s: s[1:])),
    Step("a.max(-1).values", _some(lambda s: s[:-1])),
    Step("a.norm(dim=0)", _some(lambda s: s[1:])),
    Step("a.flatten()", _any(lambda s: (int(np.prod(s)),))),
    Step("a.reshape(-1)", _any(lambda s: (int(np.prod(s)),))),
    Step("a.reshape(a.shape[1], a.shape[0])", _matrix(lambda s: s[::-1])),
    Step("a.reshape(a.shape[0], -1)", _box(lambda s: (s[0], s[1] * s[2]))),
    Step("a.unsqueeze(1)", _of_rank(1, 2)(lambda s: (s[0], 1, *s[1:]))),
    Step("a[None]", _of_rank(0, 1, 2)(lambda s: (1, *s))),
    Step("a.squeeze()", _any(lambda s: tuple([n for n in s if n != 1]))),
    Step("a[-1]", _some(lambda s: s[1:])),
    Step("a[..., 0]", _some(lambda s: s[:-1])),
    Step("a[::2]", _some(lambda s: ((s[0] + 1) // 2, *s[1:]))),
    Step("a[..., [0, -1, 0]]", _some(lambda s: (*s[:-1], 3))),
    Step("a[[0, -1]]", _some(lambda s: (2, *s[1:]))),
    Step("a.permute(1, 2, 0)", _box(lambda s: (s[1], s[2], s[0]))),
    Step("a.movedim(0, -1)", _several(lambda s: (*s[1:], s[0]))),
    Step("a.expand(2, -1)", _vector(lambda s: (2, *s))),
    Step("a.repeat(2, 1)", _of_rank(1, 2)(lambda s: (2 * s[0], s[1]) if s[1:] else (2, *s))),
    Step("cat([a, a], -1)", _some(lambda s: (*s[:-1], 2 * s[-1]))),
    Step("stack([a, 2 * a])", _of_rank(0, 1, 2)(lambda s: (2, *s))),
    Step("tril(a)", _several(_same)),
    Step("a @ a.mT", _several(lambda s: (*s[:-1], s[-2]))),
    Step("outer(a, a)", _vector(lambda s: (s[0], s[0]))),
    Step("diagonal(a)", _matrix(lambda s: (min(s),))),
    Step("einsum('ij,ik->jk', a, a)", _matrix(lambda s: (s[1], s[1]))),
]
_BINARY = "a + b|a - b|a * b|a / (1 + b^2)|maximum(a, b)|atan2(a, 1 + b^2)|where(a > b, a, b * 0.5)"
_INPUTS = {
    "x": (2, 3),
    "y": (3, 2),
    "v": (3,),
    "w": (2,),
    "s": (),
    "b": (2, 3, 2),
    "A": (3, 3),
}
_LARGEST = 48


def compose(seed: int) -> Case:
    """The program of one seed."""
    random = Random(seed)
    shapes: dict[str, Shape] = {name: _INPUTS[name] for name in random.sample(list(_INPUTS), 2)}
    lines = []
    for number in range(random.randint(3, 7)):
        text, shape = _step(random, shapes)
        shapes[f"t{number}"] = shape
        lines.append(f"t{number} = {text}")
    lines.append(f"t{len(lines) - 1}" if random.random() < 0.7 else _sum_of(shapes))
    specifications = {
        name: f"normal({', '.join(map(str, shape))})" for name, shape in _INPUTS.items()
    }
    return case("; ".join(lines), **specifications)


def _sum_of(shapes: dict[str, Shape]) -> str:
    """A scalar that all the last three variables have a share in."""
    return " + ".join(f"{name}.sum()" for name in list(shapes)[-3:])


def _step(random: Random, shapes: dict[str, Shape]) -> tuple[str, Shape]:
    names = list(shapes)
    while True:
        a = random.choice([names[-1], names[-1], names[-1], random.choice(names)])
        b = random.choice(names)
        kind = random.random()
        if kind < 0.25:
            return _put(random.choice(_ELEMENTWISE.split("|")), a, b), shapes[a]
        if kind < 0.7:
            step = random.choice(_SHAPED)
            shape = step.shape(shapes[a])
            if shape is not None and 0 < np.prod(shape) <= _LARGEST:
                return _put(step.text, a, b), shape
        elif kind < 0.9:
            try:
                shape = np.broadcast_shapes(shapes[a], shapes[b])
            except ValueError:
                continue
            if np.prod(shape) <= _LARGEST:
                return _put(random.choice(_BINARY.split("|")), a, b), shape
        else:
            product = _product(shapes[a], shapes[b])
            if product is not None and np.prod(product) <= _LARGEST:
                return f"{a} @ {b}", product


def _product(a: Shape, b: Shape) -> Shape | None:
    """The shape of `a @ b`, None where there is none."""
    if not a or not b or a[-1] != (b[-2] if len(b) > 1 else b[0]):
        return None
    try:
        batch = np.broadcast_shapes(a[:-2], b[:-2])
    except ValueError:
        return None
    return (*batch, *a[-2:-1], *(b[-1:] if len(b) > 1 else ()))


def _put(template: str, a: str, b: str) -> str:
    """The template with the variables' names in the place of `a` and `b`."""
    tokens = re.split(r"\b([ab])\b", template)
    return "".join({"a": a, "b": b}.get(token, token) for token in tokens)


CASES: list[Case] = [compose(seed) for seed in range(400)]
