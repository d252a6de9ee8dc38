"""Record PyTorch's answers for difftool's tests: `python -m tests.oracle.record [FAMILY ...]`.

Run this at the top of the repository with PyTorch 2.13 and NumPy 2 installed (difftool itself is
not used); it evaluates the cases of the tables beside it and writes one file a family into
`tests/data/oracle`. The tests
(`tests/test_oracle.py`) compare difftool with these files and need no PyTorch. Record again when
a table changes, or for another release of PyTorch: the release stands at the head of each file.

A file is one JSON object, `{"torch": release, "family": name, "cases": [case, ...]}`. A case has

    name            expression and input shapes; unique in its family
    expression      in difftool's language
    inputs          name to {"shape", "dtype", "data"}; every floating one requires a gradient
    error           {"type", "message"} where PyTorch refuses the expression; nothing else follows
    output          a tensor as above, or a list of tensors for a tuple (then nothing else follows)
    chain           the grad_fn graph: a list of [name, [indices of the next nodes]], root first,
                    depth first, a shared node once, leaves as "AccumulateGrad(x)", edges to
                    constants left out; null where the output has no grad_fn
    grad_output     nested list; left out for a scalar output (it is 1)
    gradients       input to nested list; null where the output does not depend on the input
    gradient_error  instead of these, where PyTorch refuses to differentiate
    directions      input to nested list: the direction of the second derivative
    second          input to nested list, the gradient of sum_j <gradient_j, direction_j>;
                    null where that does not depend on the input (a zero); the key is left out
                    where PyTorch's second derivative is no measure (the table says why)
    second_error    instead of `second`, where PyTorch has none

Without a floating input a case ends after `chain`. Numbers are written in their shortest exact
form, NaN and infinity as "NaN", "Infinity", "-Infinity".
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from tests.oracle.cases import Case, unique
from tests.oracle.measure import measure, torch

FAMILIES = (
    "arithmetic",
    "comparison",
    "elementary",
    "activation",
    "activation_line",
    "combination",
    "representation",
    "similarity",
    "normalization",
    "layers",
    "reduction",
    "sorting",
    "running",
    "differences",
    "quantile",
    "counting",
    "norm",
    "matmul",
    "shape",
    "splitting",
    "stacking",
    "padding",
    "views",
    "grids",
    "numbers",
    "assembly",
    "layout",
    "indexing",
    "scattering",
    "masks",
    "linear",
    "factorization",
    "systems",
    "matrix_functions",
    "einsum",
    "interpolation",
    "loss",
    "sequence_loss",
    "classification_loss",
    "regression_loss",
    "margin_loss",
    "binary_loss",
    "embedding_loss",
    "likelihood_loss",
    "distances",
    "products",
    "convolution",
    "creation",
    "pooling",
    "promotion",
    "corner",
    "program",
    "recurrent",
    "composed",
    "special",
    "bessel",
    "argument_refusal",
    "dims_refusal",
    "shape_refusal",
    "indexing_refusal",
    "elementwise_refusal",
    "reduction_refusal",
    "product_refusal",
    "matrix_refusal",
    "loss_refusal",
    "network_refusal",
)
DATA = Path(__file__).parent.parent / "data" / "oracle"


def table(family: str) -> list[Case]:
    """The cases of one family, from `table_<family>.py`."""
    cases: list[Case] = importlib.import_module(f"tests.oracle.table_{family}").CASES
    return cases


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def facts(family: str) -> list[dict[str, Any]]:
    """The records of one family; families of refusals hold nothing else, the others none."""
    records = [{"name": name, **measure(case)} for name, case in unique(table(family))]
    for one in records:
        if ("error" in one) != family.endswith("refusal"):
            raise ValueError(f"not a case for {family}: {one['name']}: {one.get('error')}")
    return records


def lines(family: str, records: list[dict[str, Any]]) -> list[str]:
    """The file of one family, a line for each fact, so that a difference shows what moved."""
    release = torch.__version__.partition("+")[0]
    text = ["{", f'"torch":"{release}",', f'"family":"{family}",', '"cases":[']
    for number, one in enumerate(records, start=1):
        body = [f"{compact(key)}:{compact(value)}" for key, value in one.items()]
        text.append("{" + ",\n ".join(body) + ("}" if number == len(records) else "},"))
    return [*text, "]}"]


def main(families: list[str]) -> None:
    DATA.mkdir(parents=True, exist_ok=True)
    for family in families or FAMILIES:
        records = facts(family)
        text = "\n".join(lines(family, records)) + "\n"
        (DATA / f"{family}.json").write_text(text, encoding="utf-8")
        print(f"{family}: {len(records)} cases, {len(text) // 1024} KiB", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
