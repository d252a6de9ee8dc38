"""Record values of special functions for tests/operations/test_accuracy.py: with many digits.

Run with a Python that has mpmath and NumPy; it writes tests/data/special.json: for each function
its arguments, a list for each operand, and the values at these doubles, computed with 60 digits or
more and rounded once.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

mp: Any = importlib.import_module("mpmath")

TARGET = Path(__file__).parents[1] / "data" / "special.json"
DIGITS = 60

Numbers = Sequence[float]


def spread(low: float, high: float, count: int) -> list[float]:
    return [float(x) for x in np.geomspace(low, high, count)]


def around(point: float, reach: float = 0.2) -> list[float]:
    """Arguments that come close to a point from both sides."""
    steps = spread(1e-15, reach, 8)
    return [point - step for step in steps] + [point + step for step in steps]


def negative(numbers: Numbers) -> list[float]:
    return [-x for x in numbers]


def quantile(p: Any) -> Any:
    """Newton's method for the logarithm of the distribution function."""
    if p > 0.5:
        return -quantile(1 - p)
    x = -mp.sqrt(-2 * mp.log(p)) if p < 0.2 else 2.5 * (p - mp.mpf(0.5))
    for _ in range(100):
        below = mp.erfc(-x / mp.sqrt(2)) / 2
        density = mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)
        step = (mp.log(below) - mp.log(p)) * below / density
        x -= step
        if abs(step) <= abs(x) * mp.mpf(10) ** -40:
            break
    return x


def log_probability(x: Any) -> Any:
    if x > 0:
        return mp.log1p(-mp.erfc(x / mp.sqrt(2)) / 2)
    return mp.log(mp.erfc(-x / mp.sqrt(2)) / 2)


def inverse_error(y: Any) -> Any:
    return mp.sign(y) * -quantile((1 - abs(y)) / 2) / mp.sqrt(2)


def scaled_complement(x: Any) -> Any:
    if x < 100:
        return mp.exp(x * x) * mp.erfc(x)
    terms = [(-1) ** k * mp.fac2(2 * k - 1) / (2 * x * x) ** k for k in range(12)]
    return mp.fsum(terms) / (x * mp.sqrt(mp.pi))


def gamma_share(a: Any, x: Any, upper: bool) -> Any:
    """The power series of the lower function; 400 digits leave enough of what is above."""
    with mp.workdps(400):
        term = total = mp.mpf(1)
        k = 0
        while term > total * mp.mpf(10) ** -400:
            k += 1
            term *= x / (a + k)
            total += term
        lower = total * mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))
        return 1 - lower if upper else lower


POSITIVE = [*spread(1e-8, 30, 40), *spread(0.3, 5, 40)]
GROWING = [*POSITIVE, *spread(30, 690, 15), 8.0, 7.99]
WAVES = [*POSITIVE, *spread(30, 1e4, 15), 6.0, 6.01]
UNIT = [*spread(1e-20, 0.5, 25), *[1 - x for x in spread(1e-15, 0.5, 25)]]
SHAPES = [0.01, 0.3, 1.0, 2.5, 7.0, 30.0, 150.0, 199.0, 250.0, 800.0, 5000.0]
RATIOS = [0.2, 0.6, 0.9, 0.99, 1.0, 1.01, 1.1, 1.5, 3.0]
A, X = [a for a in SHAPES for _ in RATIOS], [a * ratio for a in SHAPES for ratio in RATIOS]

FUNCTIONS: dict[str, tuple[Callable[..., Any], list[Numbers]]] = {
    "lgamma(x)": (
        lambda x: mp.re(mp.loggamma(x)),
        [[*POSITIVE, *spread(30, 1e300, 30), *around(1.0), *around(2.0), *negative(UNIT[:25])]],
    ),
    "digamma(x)": (mp.digamma, [[*POSITIVE, *spread(30, 1e300, 20), *around(1.4616321449683622)]]),
    "polygamma(1, x)": (lambda x: mp.psi(1, x), [[*POSITIVE, *spread(30, 1e6, 10)]]),
    "polygamma(4, x)": (lambda x: mp.psi(4, x), [[*POSITIVE, *spread(30, 1e6, 10), -0.3, -7.6]]),
    "zeta(x, y)": (mp.zeta, [spread(1.001, 60, 40), [*spread(0.01, 50, 20), *spread(50, 0.2, 20)]]),
    "erfcx(x)": (scaled_complement, [[*POSITIVE, *spread(30, 1e10, 10), *negative(POSITIVE[:37])]]),
    "erfinv(x)": (inverse_error, [[*UNIT, *negative(UNIT)]]),
    "ndtri(x)": (quantile, [[*UNIT, *spread(1e-300, 1e-20, 10), *around(0.0439, 1e-3)]]),
    "log_ndtr(x)": (log_probability, [[*POSITIVE, *negative(POSITIVE), -1e3]]),
    "logit(x)": (lambda x: mp.log(x) - mp.log(1 - x), [UNIT]),
    "i0(x)": (lambda x: mp.besseli(0, x), [GROWING]),
    "i1(x)": (lambda x: mp.besseli(1, x), [[*GROWING, -1.5, -20.0]]),
    "i0e(x)": (lambda x: mp.besseli(0, x) * mp.exp(-abs(x)), [[*GROWING, -1.5]]),
    "i1e(x)": (lambda x: mp.besseli(1, x) * mp.exp(-abs(x)), [[*GROWING, -20.0]]),
    "modified_bessel_k0(x)": (lambda x: mp.besselk(0, x), [POSITIVE]),
    "modified_bessel_k1(x)": (lambda x: mp.besselk(1, x), [POSITIVE]),
    "scaled_modified_bessel_k0(x)": (lambda x: mp.besselk(0, x) * mp.exp(x), [GROWING]),
    "scaled_modified_bessel_k1(x)": (lambda x: mp.besselk(1, x) * mp.exp(x), [GROWING]),
    "bessel_j0(x)": (lambda x: mp.besselj(0, x), [WAVES]),
    "bessel_j1(x)": (lambda x: mp.besselj(1, x), [[*WAVES, -3.0, -9.0]]),
    "bessel_y0(x)": (lambda x: mp.bessely(0, x), [WAVES]),
    "bessel_y1(x)": (lambda x: mp.bessely(1, x), [WAVES[20:]]),
    "airy_ai(x)": (mp.airyai, [[*negative(spread(0.01, 60, 50)), *spread(0.01, 9, 30)]]),
    "igamma(x, y)": (lambda a, x: gamma_share(a, x, False), [A, X]),
    "igammac(x, y)": (lambda a, x: gamma_share(a, x, True), [A, X]),
}


def main() -> None:
    mp.mp.dps = DIGITS
    lines = []
    for name, (function, arguments) in FUNCTIONS.items():
        values = []
        for operands in zip(*arguments, strict=True):
            values.append(float(function(*[mp.mpf(x) for x in operands])))
        record = {"arguments": arguments, "values": values}
        lines.append(f"{json.dumps(name)}: {json.dumps(record)}")
    TARGET.write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
