"""Record how PyTorch prints tensors, for `tests/render/test_tensor_text.py` to compare with.

Run with a Python that has PyTorch 2.13 and NumPy; writes `tests/data/printing.json`. Each case
holds the array (its bytes, or a formula for large ones), the printing options and PyTorch's text.
The default dtype is float64 unless a case says otherwise, as in difftool.
"""

from __future__ import annotations

import base64
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np

torch: Any = importlib.import_module("torch")

TARGET = Path(__file__).resolve().parents[1] / "data" / "printing.json"
FLOATS = ("float64", "float32", "float16")
INTEGERS = ("int64", "int32", "int16", "int8", "uint8")

Case = dict[str, Any]


def formula(shape: tuple[int, ...], factor: int, modulus: int, shift: int, scale: float) -> Any:
    """A large array that a test can make again: ((i * factor) % modulus - shift) * scale."""
    count = int(np.prod(shape))
    return (((np.arange(count) * factor) % modulus - shift) * scale).reshape(shape)


def record(
    array: Any,
    *,
    precision: int = 4,
    default: str = "float64",
    history: str = "none",
    made_by: list[float] | None = None,
) -> Case:
    """One case: `history` is "none", "leaf" (requires_grad) or a function to apply."""
    array = np.asarray(array)
    torch.set_default_dtype(getattr(torch, default))
    torch.set_printoptions(precision=precision)
    value = torch.from_numpy(array.copy()) if array.ndim else torch.tensor(array[()])
    case: Case = {"dtype": array.dtype.name, "shape": list(array.shape)}
    if history != "none":
        value.requires_grad_()
    if history == "clone":
        value = value.clone()
    elif history == "times one":
        value = value * 1
    elif history == "log_softmax":
        value = torch.log_softmax(value, -1)
        array = value.detach().numpy()
        case = {"dtype": array.dtype.name, "shape": list(array.shape)}
    if made_by is None:
        case["bytes"] = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    else:
        case["formula"] = made_by
    if precision != 4:
        case["precision"] = precision
    if default != "float64":
        case["default_dtype"] = default
    if value.grad_fn is not None:
        case["grad_fn"] = type(value.grad_fn).__name__
    elif value.requires_grad:
        case["requires_grad"] = True
    case["text"] = repr(value)
    return case


def scales(generator: np.random.Generator) -> list[Case]:
    """Sizes, scales and precisions of floats."""
    cases = []
    for dtype in FLOATS:
        for shape in ((), (1,), (3,), (2, 2), (2, 3, 2)):
            for scale in (1.0, 100.0, 3e4, 1e-3, 1e-6):
                with np.errstate(over="ignore"):  # half precision ends at 65504: inf is a case too
                    array = (generator.standard_normal(shape) * scale).astype(dtype)
                cases.append(record(array))
        whole = generator.integers(-9, 99, (3, 4)).astype(dtype)
        cases.extend(record(whole, precision=precision) for precision in (0, 2, 4, 8))
    for precision in (0, 1, 2, 8, 12):
        for scale in (1.0, 1e-7, 1e9):
            array = generator.standard_normal((2, 3)) * scale
            cases.append(record(array, precision=precision))
            cases.append(record(array.astype("float32"), precision=precision))
    return cases


def thresholds() -> list[Case]:
    """Values at the borders of scientific notation, of whole numbers, and those not finite."""
    nan, inf = float("nan"), float("inf")
    rows = [
        [1.0, 1000.0],
        [1.0, 1001.0],
        [0.001, 1.0],
        [0.5, 500.5],
        [0.5, 500.0],
        [0.00099, 1.0],
        [1e8],
        [1e8 + 1],
        [99999999.5],
        [1e-4],
        [9.9999e-5],
        [1e-5, 1e-5],
        [1e8, 1e8],
        [2e8],
        [1e15],
        [1e16],
        [1e300, 1e-300],
        [5e-324],
        [1.7976931348623157e308],
        [0.0],
        [-0.0],
        [-0.0, 1.0],
        [0.0, 0.00001],
        [nan],
        [inf],
        [-inf],
        [nan, 1.0],
        [nan, 1.5],
        [nan, 100.0, -inf],
        [inf, -inf, nan, 0.0],
        [inf, 1e10],
        [-inf, 2e-7, nan, 0.0],
        [-1.0, 22.0, 333.0],
        [-1.5, 22.25, 333.125],
        [0.1, 0.2, 0.30000000000000004],
        [2.5, 3.5, -0.00005],
        [0.99999, 1.0],
        [0.00005, 0.00015],
        [1234567.0, 7654321.0],
        [12345.678, 99999.9],
        [-345.3379, -1170.0391, -1454.5962],
        [409.6, 4096.0, 4.096],
    ]
    cases = [record(np.array(row)) for row in rows]
    cases += [record(np.array(row)[0]) for row in rows if len(row) == 1]
    cases += [record(np.array(row, dtype="float32")) for row in rows if abs(row[0]) < 1e30]
    cases += [record(np.array([row, row[::-1]])) for row in rows if len(row) > 1]
    return cases


def other_dtypes(generator: np.random.Generator) -> list[Case]:
    """Integers, booleans, empty tensors and the dtype's place."""
    cases = []
    for dtype in INTEGERS:
        for shape in ((), (1,), (7,), (3, 4), (2, 2, 2)):
            cases.append(record(generator.integers(0, 120, shape).astype(dtype)))
    cases.append(record(generator.integers(-(2**62), 2**62, (3, 3))))
    cases.append(record(np.array([-1, 10, 200])))
    for shape in ((), (1,), (3,), (2, 3)):
        cases.append(record(generator.integers(0, 2, shape).astype(bool)))
    cases.append(record(np.ones((2, 2), dtype=bool)))
    for dtype in ("float64", "float32", "int64", "bool"):
        for shape in ((0,), (0, 3), (3, 0), (2, 0, 4)):
            cases.append(record(np.zeros(shape, dtype=dtype)))
            cases.append(record(np.zeros(shape, dtype=dtype), default="float32"))
    for dtype in FLOATS:
        cases.append(record(np.array([1.5, 2.0], dtype=dtype), default="float32"))
    return cases


def shapes(generator: np.random.Generator) -> list[Case]:
    """Rows that wrap, many dimensions, summaries."""
    cases = []
    for length in (8, 9, 10, 20, 50):
        cases.append(record(generator.standard_normal(length)))
        cases.append(record(generator.standard_normal((2, length))))
        cases.append(record(np.arange(length)))
        cases.append(record(np.arange(float(length))))
        cases.append(record(generator.standard_normal((2, 1, length)) * 1e-5))
    cases.append(record(np.ones(60, dtype=bool)))
    small: list[tuple[int, ...]] = [
        *((1, 1), (5, 1), (1, 1, 1, 1), (2, 1, 2, 1), (2, 2, 2, 2), (1, 2, 1, 2, 1, 2)),
    ]
    cases.extend(record(generator.standard_normal(shape)) for shape in small)
    large: list[tuple[tuple[int, ...], list[float]]] = [
        ((1000,), [37, 1009, 500, 1.0]),
        ((1001,), [37, 1009, 500, 1.0]),
        ((1001,), [37, 1009, 500, 0.25]),
        ((5000,), [7, 100003, 3, 0.001]),
        ((40, 30), [37, 1009, 500, 0.5]),
        ((1001, 2), [37, 1009, 500, 0.5]),
        ((2, 1001), [37, 1009, 500, 0.5]),
        ((6, 200), [37, 1009, 500, 0.5]),
        ((7, 200), [37, 1009, 500, 0.5]),
        ((20, 7, 8), [3, 1009, 500, 0.125]),
        ((2, 3, 200), [3, 1009, 500, 0.125]),
        ((8, 8, 8, 8), [3, 1009, 500, 1.0]),
        ((3, 5, 9, 10), [3, 1009, 500, 1.0]),
        ((1100, 1), [11, 1009, 0, 1e-6]),
        ((1, 1100), [11, 1009, 0, 1e6]),
    ]
    for shape, made_by in large:
        factor, modulus, shift, scale = made_by
        array = formula(shape, int(factor), int(modulus), int(shift), scale)
        for dtype in ("float64", "float32", "int64"):
            cases.append(record(array.astype(dtype), made_by=made_by))
        cases.append(record(array, made_by=made_by, history="leaf"))
    return cases


def histories(generator: np.random.Generator) -> list[Case]:
    """grad_fn and requires_grad, where they fit the line and where they don't."""
    cases = []
    for history in ("leaf", "clone", "times one", "log_softmax"):
        for shape in ((), (1,), (4,), (5,), (6,), (7,), (2, 2), (2, 6), (3, 20), (2, 2, 3), (0, 2)):
            if history == "log_softmax" and 0 in shape:
                continue
            array = generator.standard_normal(shape)
            cases.append(record(array, history=history))
            cases.append(record(array.astype("float32"), history=history))
    for length in range(4, 9):
        array = generator.standard_normal(length) * 1000
        cases.append(record(array, history="times one", precision=2))
        cases.append(record(array.astype("float32"), history="times one", precision=5))
    return cases


def main() -> None:
    """Record every case and write the file, one case a line."""
    generator = np.random.default_rng(20)
    cases = [
        *scales(generator),
        *thresholds(),
        *other_dtypes(generator),
        *shapes(generator),
        *histories(generator),
    ]
    lines = ",\n".join(json.dumps(case) for case in cases)
    head = json.dumps({"torch": torch.__version__.split("+")[0]})[1:-1]
    TARGET.write_text(f'{{{head}, "cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
