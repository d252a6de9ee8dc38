"""The classical orthogonal polynomials, computed in `polynomial_kernel`.

Each is a function of a tensor and of a degree for each of its elements. PyTorch has no derivatives
for them: they have a value, and no gradient passes through them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from difftool.operations.declare import elementwise, single_or_double
from difftool.operations.registry import Operation
from difftool.operations.special import polynomial_kernel
from difftool.operations.special.approximation import in_double


def _polynomial(name: str, kernel: Callable[..., Any], meaning: str) -> Operation:
    return elementwise(
        f"{name}(input, n)",
        in_double(kernel),
        infer=single_or_double(name),
        meaning=f"{meaning} of degree n; there is no derivative.",
        example=f"{name}([-0.5, 0, 1], 3)",
    )


def _chebyshev(kind: str, ordinal: str, shifted: bool = False) -> Operation:
    prefix, argument = ("shifted_", ", of 2 x - 1,") if shifted else ("", "")
    return _polynomial(
        f"{prefix}chebyshev_polynomial_{kind}",
        partial(polynomial_kernel.chebyshev, kind=kind, shifted=shifted),
        f"Chebyshev's polynomial of the {ordinal} kind{argument}",
    )


chebyshev_polynomial_t = _chebyshev("t", "first")
chebyshev_polynomial_u = _chebyshev("u", "second")
chebyshev_polynomial_v = _chebyshev("v", "third")
chebyshev_polynomial_w = _chebyshev("w", "fourth")
shifted_chebyshev_polynomial_t = _chebyshev("t", "first", shifted=True)
shifted_chebyshev_polynomial_u = _chebyshev("u", "second", shifted=True)
shifted_chebyshev_polynomial_v = _chebyshev("v", "third", shifted=True)
shifted_chebyshev_polynomial_w = _chebyshev("w", "fourth", shifted=True)

hermite_polynomial_h = _polynomial(
    "hermite_polynomial_h",
    polynomial_kernel.hermite_h,
    "Hermite's polynomial (the physicists')",
)
hermite_polynomial_he = _polynomial(
    "hermite_polynomial_he",
    polynomial_kernel.hermite_he,
    "Hermite's polynomial (the probabilists')",
)
laguerre_polynomial_l = _polynomial(
    "laguerre_polynomial_l", polynomial_kernel.laguerre, "Laguerre's polynomial"
)
legendre_polynomial_p = _polynomial(
    "legendre_polynomial_p", polynomial_kernel.legendre, "Legendre's polynomial"
)
