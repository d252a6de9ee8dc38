"""Record PyTorch's random numbers for tests/operations/test_generator.py.

Run with a Python that has PyTorch 2.13 for x86-64; it writes tests/data/random.json. Each case is a
seed and the calls made after it, each call with the little-endian bytes it gave in base64, or with
their SHA-256 where they are many.
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import pathlib
from typing import Any

torch: Any = importlib.import_module("torch")

RECORD = pathlib.Path(__file__).parents[1] / "data" / "random.json"
FLOATING = ("float64", "float32", "float16")
INTEGER = ("int64", "int32", "int16", "int8", "uint8", "bool")
# fmt: off
SEEDS = (0, 1, 2, 3, 7, 42, 123, 1234, 2024, 5489, 65535, 2**31 - 1, 2**31, 2**32 - 1,
         2**32, 2**32 + 5, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, -1, -2, -42, -(2**32), -(2**63))
# fmt: on

Call = dict[str, Any]


def call(function: str, arguments: list[Any], dtype: str) -> Call:
    return {"function": function, "arguments": arguments, "dtype": dtype}


def cases() -> list[tuple[int, list[Call]]]:
    table: list[tuple[int, list[Call]]] = []
    # Every length up to 40 and a long one, each from a fresh seed.
    for dtype in FLOATING:
        for function in ("rand", "randn"):
            for size in (*range(41), 1000):
                table.append((size, [call(function, [[size]], dtype)]))
    # What one call leaves for the next: words, and the second normal number of a pair.
    for position, seed in enumerate(SEEDS):
        first, second = FLOATING[position % 3], FLOATING[(position + 1) % 3]
        table.append((seed, [
            call("randn", [[3]], first),
            call("randn", [[2, 2]], second),
            call("rand", [[5]], first),
            call("randn", [[]], second),
            call("randn", [[17]], second),
            call("randint", [0, 10, [4]], "int64"),
            call("randn", [[1, 5]], first),
            call("randn", [[0, 3]], first),
            call("randperm", [7], "int64"),
            call("randn", [[4, 4]], first),
            call("rand", [[2, 3]], second),
            call("randn", [[9]], "float64"),
        ]))  # fmt: skip
    for seed, dtype in enumerate(INTEGER):
        table.append((seed, [call("randint", [0, 2, [20]], dtype)]))
    bounds = ((0, 1), (-5, 5), (0, 100), (0, 2**28 - 1), (0, 2**28), (-(2**31), 2**31),
              (0, 2**32), (-(2**40), 2**41), (-(2**63), 2**63 - 1))  # fmt: skip
    for seed, (low, high) in enumerate(bounds):
        table.append((seed, [call("randint", [low, high, [12]], "int64")] * 2))
    for low, high, dtype in (
        (-128, 128, "int8"), (0, 256, "uint8"), (-(2**15), 2**15, "int16"),
        (-(2**31), 2**31, "int32"), (0, 100, "float64"), (-7, 9, "float32"), (0, 2048, "float16"),
        (0, 65504, "float16"), (-65504, 10, "float16"), (-(2**24) - 3, 2**24 + 3, "float32"),
    ):  # fmt: skip
        table.append((11, [call("randint", [low, high, [40]], dtype)]))
    for n in (0, 1, 2, 3, 10, 100, 700):
        table.append((n, [call("randperm", [n], "int64"), call("rand", [[2]], "float32")]))
    for dtype in ("int32", "int16", "uint8", "float64", "float16"):
        table.append((5, [call("randperm", [30], dtype)]))
    # Long draws, across the blocks in which they are made, and a short one after each.
    for function, size, dtype in (
        ("rand", 70_001, "float64"), ("rand", 140_003, "float16"), ("randn", 150_007, "float32"),
        ("randn", 33_000, "float16"), ("randperm", 140_000, "int64"),
    ):  # fmt: skip
        shape = size if function == "randperm" else [size]
        table.append((8, [call(function, [shape], dtype), call("randn", [[20]], "float32")] * 2))
    table.append((8, [call("randint", [-3, 2**40, [90_001]], "int64")] * 2))
    return table


def result(request: Call) -> Any:
    make = getattr(torch, request["function"])
    return make(*request["arguments"], dtype=getattr(torch, request["dtype"]))


def main() -> None:
    assert torch.__version__.startswith("2.13."), torch.__version__
    record = []
    for seed, calls in cases():
        torch.manual_seed(seed)
        made = []
        for request in calls:
            tensor = result(request)
            data = tensor.numpy().tobytes()
            if tensor.numel() > 2000:
                found = {"sha256": hashlib.sha256(data).hexdigest()}
            else:
                found = {"data": base64.b64encode(data).decode("ascii")}
            made.append({**request, "shape": list(tensor.shape), **found})
        record.append({"seed": seed, "calls": made})
    lines = ",\n".join(json.dumps(case) for case in record)
    RECORD.write_text(
        f'{{"torch": "{torch.__version__.split("+")[0]}", "cases": [\n{lines}\n]}}\n', "utf-8"
    )


if __name__ == "__main__":
    main()
