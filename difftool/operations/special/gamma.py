"""The gamma function's logarithm, its derivatives, and what is made of them.

Computed in `gamma_kernel` and `incomplete_gamma_kernel` in double precision, and rounded once. What
PyTorch has no derivative for evaluates, and refuses to be differentiated.
"""

from __future__ import annotations

import math
from typing import Any

from difftool.errors import DifftoolError
from difftool.graph.dtype import is_float
from difftool.graph.node import Node
from difftool.operations.declare import Infer, elementwise, floating, single_or_double
from difftool.operations.registry import Array, Check, Type, number_of, ops
from difftool.operations.shapes import refuse_booleans, result_dtype
from difftool.operations.special import gamma_kernel, incomplete_gamma_kernel
from difftool.operations.special.approximation import in_double

lgamma = elementwise(
    "lgamma(input)",
    in_double(gamma_kernel.lgamma),
    (lambda g, out, x: g * ops.digamma(x),),
    domain=(0.5, 4.0),
    aliases=("gammaln",),
    meaning="The logarithm of the gamma function's absolute value.",
    example="lgamma([0.5, 1, 100])",
    latex=r"\ln\Gamma\left({}\right)",
)

digamma = elementwise(
    "digamma(input)",
    in_double(gamma_kernel.digamma),
    (lambda g, out, x: g * ops.polygamma(x, n=1),),
    domain=(0.5, 4.0),
    aliases=("psi",),
    meaning="The derivative of lgamma.",
    example="digamma([0.5, 1, 100])",
    latex=r"\psi\left({}\right)",
)


def _polygamma_type(input: Node, *, n: int) -> Type:
    if n < 0:
        raise DifftoolError(
            f"polygamma has no order {n}",
            kind="value",
            hint="n is 0 for digamma, 1 for its derivative, and so on",
        )
    return floating(input)._replace(parameters={"n": n})


polygamma = elementwise(
    ("polygamma(n: int, input)", "polygamma(input, n: int)"),
    in_double(gamma_kernel.polygamma),
    (lambda g, out, x, n: g * ops.polygamma(x, n=n + 1),),
    infer=_polygamma_type,
    checks=(
        Check("polygamma(0, x)", {"x": (3,)}, (1.0, 3.0)),
        Check("polygamma(1, x)", {"x": (2, 3)}, (1.0, 3.0)),
        Check("x.polygamma(2)", {"x": ()}, (-0.6, -0.4)),
    ),
    meaning="The derivative of order n of digamma.",
    example="polygamma(1, [0.5, 1, 100])",
)

# ----- The multivariate gamma function -----


@in_double
def _mvlgamma(x: Array, p: int) -> Any:
    total = gamma_kernel.lgamma(x)
    for step in range(1, p):
        total = total + gamma_kernel.lgamma(x - step / 2)
    return total + p * (p - 1) / 4 * math.log(math.pi)


def _mvlgamma_type(input: Node, *, p: int) -> Type:
    if p < 1:
        raise DifftoolError(
            f"mvlgamma has no dimension {p}", kind="value", hint="p is at least 1"
        )
    refuse_booleans("mvlgamma", input)
    return floating(input)._replace(parameters={"p": p})


def _mvlgamma_rule(g: Node, out: Node, x: Node, p: int) -> Node:
    total: Node = ops.digamma(x)
    for step in range(1, p):
        total = total + ops.digamma(x - step / 2)
    return g * total


mvlgamma = elementwise(
    "mvlgamma(input, p: int)",
    _mvlgamma,
    (_mvlgamma_rule,),
    infer=_mvlgamma_type,
    checks=(
        Check("mvlgamma(x, 1)", {"x": ()}, (1.0, 3.0)),
        Check("mvlgamma(x, 3)", {"x": (2, 3)}, (2.0, 4.0)),
    ),
    aliases=("multigammaln",),
    meaning="The logarithm of the gamma function of p dimensions.",
    example="mvlgamma([2, 3.5], p=2)",
)

# ----- Hurwitz's zeta function -----


def _zeta_grad_fn(node: Node) -> str:
    x, y = node.inputs
    if number_of(x) is not None:
        return "SpecialZetaBackward1"
    return "SpecialZetaBackward0" if number_of(y) is None else "SpecialZetaBackward2"


def _no_derivative(g: Node, out: Node, *inputs: Node) -> Node:
    raise DifftoolError(
        f"PyTorch has no derivative for {out.operation.name} with respect to its first argument",
        kind="unsupported",
        span=out.span,
        hint="take .detach() of that argument, or give a number",
    )


zeta = elementwise(
    "zeta(input, other)",
    in_double(gamma_kernel.zeta),
    (_no_derivative, lambda g, out, x, q: g * -x * ops.zeta(x + 1, q)),
    infer=single_or_double("zeta"),
    checks=(
        Check("zeta(3, x)", {"x": (2, 3)}, (0.5, 2.0)),
        Check("zeta(tensor([1.5, 2.0, 4.0]), x)", {"x": (2, 1)}, (0.5, 2.0)),
    ),
    grad_fn=_zeta_grad_fn,
    meaning="Hurwitz's zeta function: the sum of 1 / (other + k)^input over k = 0, 1, ...",
    example="zeta(2, [1, 2, 3])",
)

# ----- The incomplete gamma functions -----


def _incomplete_type(name: str) -> Infer:
    def infer(a: Node, x: Node) -> Type:
        if not is_float(result_dtype([a, x])):
            raise DifftoolError(
                f"{name} needs a floating-point tensor",
                kind="dtype",
                hint="write the numbers with a point (2.0), or convert with .double()",
            )
        return floating(a, x)

    return infer


def _density(a: Node, x: Node) -> Node:
    """The derivative of igamma with respect to x (DLMF 8.8.13)."""
    density: Node = ops.exp((a - 1) * ops.log(x) - x - ops.lgamma(a))
    return density


_CALLS = ("(tensor(2.5), x)", "(tensor([0.5, 1.0, 3.0]), x)")

igamma = elementwise(
    "igamma(input, other)",
    in_double(incomplete_gamma_kernel.gammainc),
    (_no_derivative, lambda g, out, a, x: g * _density(a, x)),
    infer=_incomplete_type("igamma"),
    checks=tuple([Check(f"igamma{call}", {"x": (2, 3)}, (0.5, 4.0)) for call in _CALLS]),
    aliases=("gammainc",),
    meaning="The regularised lower incomplete gamma function P(input, other).",
    example="igamma([0.5, 1, 2], [1, 1, 1])",
)

igammac = elementwise(
    "igammac(input, other)",
    in_double(incomplete_gamma_kernel.gammaincc),
    (_no_derivative, lambda g, out, a, x: -g * _density(a, x)),
    infer=_incomplete_type("igammac"),
    checks=tuple([Check(f"igammac{call}", {"x": (2, 3)}, (0.5, 4.0)) for call in _CALLS]),
    aliases=("gammaincc",),
    meaning="The regularised upper incomplete gamma function Q(input, other).",
    example="igammac([0.5, 1, 2], [1, 1, 1])",
)
