"""difftool against the record of PyTorch: values, gradients, second derivatives, grad_fn chains.

The record (`tests/data/oracle/*.json`) is written by `tests/oracle/record.py`, whose docstring
describes it; `tests/oracle_adapter.py` calls difftool. PyTorch is not needed here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest

from difftool.errors import DifftoolError
from tests import oracle_adapter

Array: TypeAlias = "np.ndarray[Any, Any]"
Case: TypeAlias = dict[str, Any]

DATA = Path(__file__).parent / "data" / "oracle"

# How far numbers may lie apart, (relative, absolute), by the narrowest dtype of a case: sums and
# matrix products are added up in another order, and a second derivative cancels more than a value.
TOLERANCES = {"float64": (1e-9, 1e-11), "float32": (2e-5, 2e-6)}


# What a check may end in, besides success: a difference, a refusal, a defect of difftool.
FAULTS = (
    AssertionError,
    DifftoolError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    Warning,
)


def _load() -> dict[str, dict[str, Case]]:
    families = {}
    for path in sorted(DATA.glob("*.json")):
        file = json.loads(path.read_text(encoding="utf-8"))
        families[file["family"]] = {case["name"]: case for case in file["cases"]}
    return families


FAMILIES = _load()
each_family = pytest.mark.parametrize("family", FAMILIES)


def compare(family: str, key: str, check: Callable[[Case], None]) -> None:
    """Check every case of a family whose record has `key`, and fail with all that differ."""
    faults = []
    for name, case in FAMILIES[family].items():
        if key in case:
            try:
                check(case)
            except FAULTS as fault:
                faults.append(f"{name}\n    {type(fault).__name__}: {fault}")
    assert not faults, f"{len(faults)} cases differ\n" + "\n".join(faults)


def check_value(case: Case) -> None:
    expected = case["output"] if isinstance(case["output"], list) else [case["output"]]
    found = oracle_adapter.values(case["expression"], inputs_of(case))
    assert len(found) == len(expected)
    for value, tensor in zip(found, expected, strict=True):
        assert (str(value.dtype), value.shape) == (tensor["dtype"], tuple(tensor["shape"]))
        assert_close(value, array_of(tensor), case, "value")


@each_family
def test_value_dtype_and_shape(family: str) -> None:
    compare(family, "output", check_value)


@each_family
def test_what_pytorch_refuses_is_refused(family: str) -> None:
    """Some are refused only where an input requires a gradient, as it does in the record."""

    def check(case: Case) -> None:
        with pytest.raises(DifftoolError):
            oracle_adapter.values(case["expression"], inputs_of(case))
            oracle_adapter.chain(case["expression"], inputs_of(case))
            pytest.fail(f"not refused; PyTorch says: {case['error']['message']}")

    compare(family, "error", check)


def check_gradients(case: Case) -> None:
    inputs = inputs_of(case)
    found = oracle_adapter.gradients(case["expression"], inputs, grad_output_of(case))
    assert list(found) == list(case["gradients"])
    for variable, data in case["gradients"].items():
        expected = like(inputs[variable], data)
        assert found[variable].dtype == expected.dtype, variable
        assert_close(found[variable], expected, case, variable)


@each_family
def test_gradients(family: str) -> None:
    compare(family, "gradients", check_gradients)


@each_family
def test_what_has_no_gradient_in_pytorch_has_none(family: str) -> None:
    """A refusal; or zeros, for a floating output that depends on no input (PyTorch refuses it)."""

    def check(case: Case) -> None:
        output = case["output"]
        try:
            found = oracle_adapter.gradients(
                case["expression"], inputs_of(case), np.ones(output["shape"])
            )
        except DifftoolError:
            return
        assert case["chain"] is None and output["dtype"].startswith("float"), "not refused"
        assert not any(gradient.any() for gradient in found.values())

    compare(family, "gradient_error", check)


def check_second_derivatives(case: Case) -> None:
    inputs = inputs_of(case)
    directions = {
        variable: like(inputs[variable], data) for variable, data in case["directions"].items()
    }
    found = oracle_adapter.second_derivatives(
        case["expression"], inputs, grad_output_of(case), directions
    )
    for variable, data in case["second"].items():
        expected = like(inputs[variable], data)
        known = ~np.isnan(expected)
        assert found[variable].shape == expected.shape
        assert_close(found[variable][known], expected[known], case, variable)


@each_family
def test_second_derivatives(family: str) -> None:
    """Where PyTorch's second derivative is NaN any value will do: it is undefined there."""
    compare(family, "second", check_second_derivatives)


@cache
def chain_differences() -> dict[str, tuple[Any, Any]]:
    """The cases whose chain is not PyTorch's: name to difftool's and PyTorch's."""
    differences = {}
    for name, case in chains().items():
        try:
            found: Any = oracle_adapter.chain(case["expression"], inputs_of(case))
        except FAULTS as fault:
            found = f"{type(fault).__name__}: {fault}"
        if found != case["chain"]:
            differences[name] = (found, case["chain"])
    return differences


def chains() -> dict[str, Case]:
    """The cases that have a grad_fn chain to compare (or none, where PyTorch has none)."""
    return {
        f"{family}: {name}": case
        for family, cases in FAMILIES.items()
        for name, case in cases.items()
        if "chain" in case
    }


def test_nearly_every_chain_is_that_of_pytorch() -> None:
    recorded = [case for case in chains().values() if case["chain"] is not None]
    assert len(chain_differences()) <= 0.05 * len(recorded)


def test_the_chains_that_differ_are_the_ones_listed() -> None:
    """`chain_differences.txt` has a line `family: case | reason` for each of them."""
    text = (DATA / "chain_differences.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    listed = dict(line.rsplit(" | ", 1) for line in lines)
    assert all(reason.strip() for reason in listed.values())
    differences = chain_differences()
    unlisted = [f"{n}\n  {f}\n  {t}" for n, (f, t) in differences.items() if n not in listed]
    assert not unlisted, "\n".join(unlisted[:20])
    assert not set(listed) - set(differences)


# ----- Reading the record -----


def array_of(tensor: Case) -> Array:
    """An array of the record, in its shape (which the nested lists lose when it is empty)."""
    return np.array(numbers(tensor["data"]), dtype=tensor["dtype"]).reshape(tensor["shape"])


def like(array: Array, data: Any) -> Array:
    """The record's numbers in the shape and dtype of `array`; zeros for null."""
    if data is None:
        return np.zeros_like(array)
    return np.array(numbers(data), dtype=array.dtype).reshape(array.shape)


def numbers(data: Any) -> Any:
    """Nested lists with "NaN", "Infinity" and "-Infinity" made numbers."""
    if isinstance(data, list):
        return [numbers(item) for item in data]
    return float(data) if isinstance(data, str) else data


def inputs_of(case: Case) -> dict[str, Array]:
    return {name: array_of(tensor) for name, tensor in case["inputs"].items()}


def grad_output_of(case: Case) -> Array | None:
    if "grad_output" not in case:
        return None
    return np.array(case["grad_output"], dtype=float).reshape(case["output"]["shape"])


def assert_close(found: Array, expected: Array, case: Case, what: str) -> None:
    """Equal within the case's tolerance; NaN equals NaN, an infinity itself."""
    assert found.shape == expected.shape, what
    if expected.dtype.kind != "f":
        np.testing.assert_array_equal(found, expected, err_msg=what)
        return
    narrow = "float32" in case["expression"] or "float32" in [
        tensor["dtype"] for tensor in case["inputs"].values()
    ]
    relative, absolute = TOLERANCES["float32" if narrow else "float64"]
    np.testing.assert_allclose(found, expected, relative, absolute, err_msg=what)
