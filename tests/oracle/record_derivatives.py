"""Record torch.func's derivatives for tests/test_derivatives.py.

Run `python -m tests.oracle.record_derivatives` at the top of the repository with PyTorch 2.13 and
NumPy 2; it writes tests/data/derivatives.json. A case has

    name, expression, inputs    as in `record`
    output          a tensor
    tangents        input to nested list: the direction of jvp and hvp
    tangent         jvp along it
    grad_output     nested list; left out for a scalar output
    gradients       vjp: input to nested list
    jacobians       jacrev: input to nested list, the output's shape, then the input's
    products        hvp: input to nested list; this and the next for scalar outputs only
    hessians        hessian: input to input to nested list; these two are left out at points
                    where a derivative is infinite: what infinity times zero leaves off the
                    diagonal depends on which of the two derivatives was taken forward

Only floating inputs are differentiated by.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tests.oracle.cases import Case, Specification, group, unique, without_second
from tests.oracle.measure import direction, numpy, plain, tensor_record, torch
from tests.oracle.notation import evaluate

RECORD = Path(__file__).parent.parent / "data" / "derivatives.json"

Record = dict[str, Any]

SMOOTH = """
x^2
x^3 - 2*x
sin(x)*x
exp(x)/(1 + exp(x))
log(1 + x^2)
tanh(x) + atan(x)
x*y
x/y
x^y
x@y
outer(x, y)
sum(x)*y
x[1:]*x[:-1]
cumsum(x, dim=0)
flip(x, [0])*x
softmax(x, dim=0)
log_softmax(x, dim=0)
logsumexp(x, dim=0)
cat([x, y*x])
stack([x, y], dim=1)
x[[0, 2, 0]]
x.sum()
mean(x^2)
var(x)
std(x)
prod(x)
norm(x)
sum(x^4)
sum(sin(x)*y)
sum(exp(x*y))
(x@y)^2
sum(outer(x, y)^2)
x@x*sum(y)
sum((x[1:] - x[:-1]^2)^2 + (1 - x[:-1])^2)
sum(erf(x))
sum(log1p(exp(x)))
gelu(x)
silu(x)
softplus(x)
"""

MATRICES = """
W@x
W@x + b
tanh(W@x + b)
sum(tanh(W@x + b)^2)
mean((W@x - b)^2)
softmax(W@x, dim=0)
W*x
W.T*2
W.sum(dim=0)
W.mean(dim=1, keepdim=True)
W[0, 1]*W
W[:, 1]
x@W.T@b
sum(W^2)*s
s*W
s^3
s*x
exp(s)*sum(x)
W.reshape(3, 2)
W.reshape(-1)[::2]^2
W@W.T
trace(W@W.T)
sum(W@W.T)
max(W, dim=1)[0]
amax(W)
einsum('ij,j->i', W, x)
logsumexp(W, dim=1)
(W - W.mean(dim=1, keepdim=True))/W.std(dim=1, keepdim=True)
var(W, dim=0)
norm(W)
norm(W, dim=1)
"""

SQUARE = """
x@A@x
A@x
inverse(A)
solve(A, x)
det(A)
logdet(A@A.T)
trace(inverse(A))
x@inverse(A)@x
A@A@x
linalg.cholesky(A@A.T + eye(3))
"""

KINKS = """
relu(x)
abs(x)
sum(relu(x))
sum(relu(x)^2)
sum(abs(x)^3)
clamp(x, -1, 1)
maximum(x, 0*x)
minimum(x, y)
sum(maximum(x, y)^2)
where(x > 0, x^2, -x)
leaky_relu(x)
sign(x)*x
sum(clamp(x, -1, 2)^2)
amax(x)
max(x, dim=0)[0]
prod(x)
sum(x^2*(x > 0))
sqrt(abs(x) + 1)
elu(x)
"""

INFINITE = """
sqrt(x)
sum(sqrt(x))
x^0.5
sum(x^1.5)
sum(x*log(x))
1/x
sum(1/x)
norm(x - x)
norm(x - 4)
sum(x^y)
"""

UNUSED = """
x^2
sum(x^2)
sum(x*x.detach())
x@x
0*x
sum(x)
"""

REDUCED = """
x*y
x@y
sum(x^2*y)
tanh(x)*s
sum(exp(x))*s
"""


def cases() -> list[Case]:
    found = [
        *group(SMOOTH, x="normal(3)", y="positive(3)"),
        *group("x^2\nsin(x)*y\nx*y\nexp(x*y)\natan2(x, y)", x="normal()", y="positive()"),
        *group(MATRICES, W="normal(2,3)", x="normal(3)", b="normal(2)", s="positive()"),
        *group(SQUARE, A="matrix(3)", x="normal(3)"),
        *group(KINKS, x=[0.0, -1.0, 2.0, 1.0], y=[0.0, 1.0, 2.0, -1.0]),
        *without_second(group(INFINITE, x=[4.0, 0.0], y=[0.0, 2.0])),
        *group("x*2\nsum(x)\nx^2", x=[]),
        *group("cross_entropy(W, t)\nW*k\nsum(W*k)", W="normal(2,3)", t="ints(2; 0..2)", k=2),
    ]
    # Inputs that the expression does not name, or that no gradient reaches.
    for one in group(UNUSED, x="normal(2)"):
        found.append(one._replace(inputs={**one.inputs, "y": np.ones((2, 2)), "s": np.array(2.0)}))
    single: dict[str, Specification] = {
        "x": "normal(3) float32",
        "y": "normal(3) float32",
        "s": ("float32", 1.5),
    }
    return [*found, *group(REDUCED, **single)]


def measure(case: Case) -> Record:
    """The record of one case, without its name."""
    inputs = {name: torch.tensor(array) for name, array in case.inputs.items()}
    moving = {name: t for name, t in inputs.items() if t.is_floating_point()}
    still = {name: t for name, t in inputs.items() if name not in moving}

    def function(sources: dict[str, Any]) -> Any:
        return evaluate(case.expression, {**still, **sources})

    output, product = torch.func.vjp(function, moving)
    record: Record = {
        "expression": case.expression,
        "inputs": {name: tensor_record(array) for name, array in case.inputs.items()},
        "output": tensor_record(numpy(output)),
    }
    directions = {name: direction(tuple(t.shape)) for name, t in moving.items()}
    along = {name: torch.tensor(directions[name], dtype=t.dtype) for name, t in moving.items()}
    record["tangents"] = {name: plain(array) for name, array in directions.items()}
    record["tangent"] = plain(numpy(torch.func.jvp(function, (moving,), (along,))[1]))
    seed = torch.ones_like(output)
    if output.ndim:
        ramp = (np.arange(output.numel()) + 1) / 4
        record["grad_output"] = plain(ramp.reshape(output.shape))
        seed = torch.tensor(ramp, dtype=output.dtype).reshape(output.shape)
    (gradients,) = product(seed)
    record["gradients"] = {name: plain(numpy(g)) for name, g in gradients.items()}
    jacobians = torch.func.jacrev(function)(moving)
    record["jacobians"] = {name: plain(numpy(j)) for name, j in jacobians.items()}
    if output.ndim == 0 and case.second:
        slope = torch.func.grad(function)
        products = torch.func.jvp(slope, (moving,), (along,))[1]
        record["products"] = {name: plain(numpy(p)) for name, p in products.items()}
        record["hessians"] = {
            first: {second: plain(numpy(block)) for second, block in row.items()}
            for first, row in torch.func.hessian(function)(moving).items()
        }
    return record


def main() -> None:
    assert torch.__version__.startswith("2.13."), torch.__version__
    lines = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, case in unique(cases()):
            one = {"name": name, **measure(case)}
            lines.append(json.dumps(one, separators=(",", ":"), allow_nan=False))
    release = torch.__version__.partition("+")[0]
    text = ",\n".join(lines)
    RECORD.write_text(f'{{"torch": "{release}", "cases": [\n{text}\n]}}\n', encoding="utf-8")
    print(f"{len(lines)} cases, {len(text) // 1024} KiB", file=sys.stderr)


if __name__ == "__main__":
    main()
