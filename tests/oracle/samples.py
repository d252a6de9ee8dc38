"""Compare difftool with PyTorch on samples nobody here wrote: `python -m tests.oracle.samples`.

PyTorch's own tests have sample inputs for some six hundred operations. Each is written as an
expression and compared as the record is (`tests/test_oracle.py`): value, grad_fn chain, gradients,
second derivatives. Nothing is recorded; what differs is printed, and how many agree. Names of
operations choose some of them, with `*` for any letters, and `--samples N` how many of each.

This needs PyTorch 2.13, the package expecttest, and difftool with its extra `test`.
"""

from __future__ import annotations

import argparse
import importlib
import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

import numpy as np

from tests import oracle_adapter, test_oracle
from tests.oracle.cases import Array, Case
from tests.oracle.measure import measure

torch: Any = importlib.import_module("torch")

# Draw at random, or are none of the public functions.
LEFT_OUT = "*rand* _[!_]* *jiterator* *.aten.* normal bernoulli multinomial *empty*".split()
# Samples of these have their operands in another order than the function.
TURNED = ("polygamma", "special.polygamma", "where", "nn.functional.embedding*", "einsum")


class Unwritten(Exception):
    """An argument that the language has no words for."""


def expression_of(operation: Any, sample: Any, inputs: dict[str, Array]) -> str:
    """The call of a sample as text; its tensors become `inputs`."""
    operands = [sample.input, *sample.args]
    if any(fnmatchcase(operation.name, name) for name in TURNED):
        operands = [operands[1], operands[0], *operands[2:]]
    if operation.name == "einsum":
        operands = [operands[0], *operands[1]]
    words = [written(operand, inputs) for operand in operands]
    words += [f"{name}={written(value, inputs)}" for name, value in sample.kwargs.items()]
    if operation.name == "__getitem__":
        return f"{words[0]}[{words[1].strip('()').rstrip(',')}]"
    if operation.name in ("T", "mT", "H", "mH"):
        return f"{words[0]}.{operation.name}"
    owner = torch
    for part in operation.name.split("."):
        owner = getattr(owner, part, None)
    if owner is None:
        return f"{words[0]}.{operation.name}({', '.join(words[1:])})"
    return f"torch.{operation.name}({', '.join(words)})"


def written(value: Any, inputs: dict[str, Array]) -> str:
    """An argument as it is typed."""
    if torch.is_tensor(value):
        if value.is_complex() or value.layout is not torch.strided:
            raise Unwritten
        name = f"t{len(inputs)}"
        inputs[name] = value.detach().numpy().copy()
        return name
    if value is None or isinstance(value, bool | int | str):
        return repr(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else str(value)
    if isinstance(value, torch.dtype) and not value.is_complex:
        return str(value)
    if isinstance(value, slice):
        ends = [value.start, value.stop, *([value.step] if value.step else [])]
        return ":".join("" if end is None else str(end) for end in ends)
    if isinstance(value, list):
        return f"[{', '.join(written(item, inputs) for item in value)}]"
    if isinstance(value, tuple):
        return f"({''.join(f'{written(item, inputs)}, ' for item in value)})"
    raise Unwritten


def records(operation: Any, most: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """What PyTorch makes of the samples; of several results each by itself, too."""
    for sample in islice(operation.sample_inputs("cpu", torch.float64), most):
        inputs: dict[str, Array] = {}
        try:
            whole = Case(expression_of(operation, sample, inputs), inputs)
            record = measure(whole)
        # Complex numbers and results within results have no record.
        except (Unwritten, TypeError, AttributeError, RuntimeError):
            continue
        yield whole.name, record
        if isinstance(record.get("output"), list):
            for place in range(len(record["output"])):
                part = Case(f"{whole.expression}[{place}]", inputs)
                yield part.name, measure(part)


def check_chain(case: dict[str, Any]) -> None:
    found = oracle_adapter.chain(case["expression"], test_oracle.inputs_of(case))
    assert found == case["chain"], f"{found} is not {case['chain']}"


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "output": test_oracle.check_value,
    "chain": check_chain,
    "gradients": test_oracle.check_gradients,
    "second": test_oracle.check_second_derivatives,
}


def outcome(record: dict[str, Any]) -> str:
    """What became of a case: "agrees", or the first check that failed and why."""
    if "error" in record:
        return "PyTorch refuses"
    for key, check in CHECKS.items():
        if key in record:
            try:
                check(record)
            except test_oracle.FAULTS as fault:
                return f"{key}: {type(fault).__name__}: {str(fault).strip()[:300]}"
    return "agrees"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", default=["*"])
    parser.add_argument("--samples", type=int, default=10)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    samples = importlib.import_module("torch.testing._internal.common_methods_invocations")
    counts: Counter[str] = Counter()
    for operation in samples.op_db:
        if any(fnmatchcase(operation.name, name) for name in LEFT_OUT):
            continue
        if not any(fnmatchcase(operation.name, name) for name in options.names):
            continue
        if not operation.supports_dtype(torch.float64, "cpu"):
            continue
        with np.errstate(all="ignore"):
            for name, record in records(operation, options.samples):
                found = outcome(record)
                counts[found.partition(":")[0]] += 1
                if found not in ("agrees", "PyTorch refuses"):
                    print(f"{name}\n    {found}")
    print(dict(counts))


if __name__ == "__main__":
    main()
