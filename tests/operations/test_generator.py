"""`operations.generator` against PyTorch's own numbers, and its errors.

The record tests/data/random.json is made by tests/oracle/record_random.py. All bits must agree,
except that float64 normal numbers come from the machine's own logarithm, sine and cosine.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.operations.creation.generator import Generator
from difftool.operations.creation.mersenne_twister import HAND_OVER, MersenneTwister

RECORD = json.loads((pathlib.Path(__file__).parents[1] / "data" / "random.json").read_text("utf-8"))

# Two units in the last place: one each for the radius and for the sine or cosine.
LAST_PLACES = 2


def drawn(generator: Generator, call: dict[str, Any]) -> np.ndarray[Any, Any]:
    arguments = [tuple(item) if isinstance(item, list) else item for item in call["arguments"]]
    made = getattr(generator, call["function"])(*arguments, dtype=np.dtype(call["dtype"]))
    assert isinstance(made, np.ndarray)
    return made


def differing(call: dict[str, Any], made: np.ndarray[Any, Any]) -> str | None:
    """What is wrong with `made`, or None."""
    if list(made.shape) != call["shape"] or made.dtype.name != call["dtype"]:
        return f"{made.shape} {made.dtype}"
    data = made.astype(made.dtype.newbyteorder("<")).tobytes()
    if "sha256" in call:
        return None if hashlib.sha256(data).hexdigest() == call["sha256"] else "other bytes"
    expected = base64.b64decode(call["data"])
    if data == expected:
        return None
    if call["function"] == "randn" and call["dtype"] == "float64":
        numbers = np.frombuffer(expected, "<f8").reshape(made.shape)
        if np.all(np.abs(made - numbers) <= LAST_PLACES * np.spacing(np.abs(numbers))):
            return None
    return f"{made.ravel()[:20]}"


def test_the_record_is_large() -> None:
    assert RECORD["torch"].startswith("2.13.")
    assert len(RECORD["cases"]) > 300


@pytest.mark.parametrize("function", ["rand", "randn", "randint", "randperm"])
def test_first_call_after_a_seed(function: str) -> None:
    cases = [case for case in RECORD["cases"] if case["calls"][0]["function"] == function]
    assert cases
    for case in cases:
        call = case["calls"][0]
        fault = differing(call, drawn(Generator(case["seed"]), call))
        assert fault is None, (case["seed"], call["arguments"], call["dtype"], fault)


@pytest.mark.parametrize(
    "case",
    [case for case in RECORD["cases"] if len(case["calls"]) > 1],
    ids=lambda case: f"{case['seed']}-{case['calls'][0]['function']}",
)
def test_sequences_of_calls(case: dict[str, Any]) -> None:
    generator = Generator(case["seed"])
    for position, call in enumerate(case["calls"]):
        fault = differing(call, drawn(generator, call))
        assert fault is None, (position, call["function"], call["arguments"], call["dtype"], fault)


def test_float32_halfway_sums_are_rounded_once() -> None:
    from difftool.operations.creation.box_muller import _fused

    one = np.ones(3, np.float32)
    tiny = np.array([2.0**-60, 0, -(2.0**-60)], np.float32)
    # 1 + 2**-24 lies halfway between two float32 numbers; the tiny term decides.
    half = np.array([1 + 2.0**-12, 1 + 2.0**-12, 1 + 2.0**-12], np.float32)
    exact = half.astype(np.float64) ** 2  # 1 + 2**-11 + 2**-24
    assert _fused(half, half, tiny).tolist() == [
        float(np.nextafter(np.float32(1 + 2.0**-11), np.float32(2))),
        float(np.float32(exact[1])),
        1 + 2.0**-11,
    ]
    assert _fused(one, one, one).tolist() == [2.0, 2.0, 2.0]


def test_long_draws_continue_the_same_stream() -> None:
    step_by_step, at_once = MersenneTwister(99), MersenneTwister(99)
    first = step_by_step.take(1000)
    np.testing.assert_array_equal(at_once.take(1000), first)
    at_once.expect(HAND_OVER)
    np.testing.assert_array_equal(at_once.take(5000), step_by_step.take(5000))
    np.testing.assert_array_equal(at_once.take(0), step_by_step.take(0))
    np.testing.assert_array_equal(at_once.take(7), step_by_step.take(7))


def test_the_stream_is_mt19937() -> None:
    # The first words for the reference seed, and its 10,000th, which the C++ standard fixes.
    words = MersenneTwister(5489).take(10_000)
    assert words[0] == 3499211612
    assert words[9999] == 4123659995


def test_shapes_and_dtypes() -> None:
    generator = Generator(0)
    assert generator.rand((2, 0, 3)).shape == (2, 0, 3)
    assert generator.randn(()).shape == ()
    assert generator.rand((2,)).dtype == np.float64
    assert generator.randint(0, 5, (2, 2)).dtype == np.int64
    assert generator.randperm(0).shape == (0,)


def test_uniform_float16_never_reaches_one() -> None:
    values = Generator(1).rand((200_000,), np.float16)
    assert values.max() < 1
    assert values.min() == 0


def test_equal_seeds_in_the_low_32_bits() -> None:
    np.testing.assert_array_equal(Generator(2**40 + 3).rand((4,)), Generator(3).rand((4,)))


def test_short_draws_do_not_import_numpy_random() -> None:
    program = (
        "import sys\n"
        "from difftool.operations.creation.generator import Generator\n"
        "Generator(1).randn((100,)); Generator(1).randperm(10)\n"
        "sys.exit('numpy.random' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("seed", [2**64, -(2**63) - 1, 10**5000], ids=["above", "below", "huge"])
def test_seeds_beyond_64_bits(seed: int) -> None:
    with pytest.raises(DifftoolError, match="does not fit into 64 bits") as caught:
        Generator(seed)
    assert caught.value.kind == "value"


@pytest.mark.parametrize(
    ("function", "arguments", "kind", "message"),
    [
        ("rand", ((2,), np.int64), "dtype", "rand makes floating-point numbers, not int64"),
        ("randn", ((2,), np.bool_), "dtype", "randn makes floating-point numbers, not bool"),
        ("rand", ((2, -1),), "shape", "negative size -1"),
        ("randint", (0, 2, (-3,)), "shape", "negative size -3"),
        ("randint", (5, 5, (2,)), "value", "needs low < high, not low = 5, high = 5"),
        ("randint", (10**5000, 0, ()), "value", "low = about 10^5000"),
        ("randint", (0, 257, (2,), np.uint8), "value", "from 0 to 256 do not fit into uint8"),
        ("randint", (-1, 3, (2,), np.uint8), "value", "do not fit into uint8"),
        ("randint", (0, 3, (2,), np.bool_), "value", "do not fit into bool"),
        ("randint", (0, 2**63, (2,)), "value", "do not fit into int64"),
        ("randint", (0, 70000, (2,), np.float16), "value", "do not fit into float16"),
        ("randint", (2051, 2052, (2,), np.float16), "value", "holds no number"),
        ("randint", (0, 2, (2,), np.complex128), "dtype", "complex128"),
        ("randperm", (-1,), "value", "at least 0, not -1"),
        ("randperm", (2**32,), "limit", "too long"),
        ("randperm", (10**5000,), "limit", "too long"),
        ("randperm", (300, np.uint8), "dtype", "does not fit into uint8"),
        ("randperm", (2050, np.float16), "dtype", "does not fit into float16"),
        ("randperm", (2, np.bool_), "dtype", "does not fit into bool"),
    ],
)
def test_errors(function: str, arguments: tuple[Any, ...], kind: str, message: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        getattr(Generator(0), function)(*arguments)
    assert caught.value.kind == kind
    assert message in caught.value.message
