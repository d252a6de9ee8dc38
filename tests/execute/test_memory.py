"""The estimate that --max-memory goes by against the memory that a computation fills."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Mapping
from functools import cache

import numpy as np
import pytest

from difftool.autodiff.reverse import at_full_size
from difftool.execute import blocked, eager
from difftool.execute.lower import lowered
from difftool.execute.plan import plan
from difftool.execute.schedule import passes
from difftool.graph.node import Node
from difftool.problem import Problem
from difftool.session import Session
from tests.execute.blocks import Array

ROWS, COLUMNS = 1024, 1024


@cache
def drawn(name: str) -> Array:
    """Inputs by name: x is one row, X to Z are matrices, f is single and h half precision."""
    source = np.random.default_rng(3)
    matrix: Array = source.standard_normal((ROWS, COLUMNS))
    others: Mapping[str, Callable[[], Array]] = {
        "x": lambda: matrix.reshape(-1),
        "w": lambda: matrix[0],
        "W": lambda: matrix[:, :64],
        "f": lambda: matrix.astype(np.float32),
        "h": lambda: matrix.astype(np.float16),
        "m": lambda: matrix > 0,
        "k": lambda: source.integers(0, COLUMNS, ROWS),
        "n": lambda: source.integers(0, COLUMNS, (ROWS, COLUMNS)),
        "B": lambda: matrix.reshape(256, 64, 64) + 9 * np.eye(64),
        "C": lambda: matrix.reshape(32, 32, 32, 32),
    }
    return np.array(others[name]() if name in others else matrix)


def inputs_of(expression: str) -> dict[str, Array]:
    names = dict.fromkeys(re.findall(r"\b[A-Za-z]\b", expression))
    return {name: drawn(name) for name in names}


ELEMENTWISE = """
mean(3*(x+2)^3) sum(sin(x)*exp(-x^2)+tanh(x)) x^4 sum(abs(x)^2.5) sum(2^x) softplus(x) sum(gelu(x))
sum(gelu(x,approximate='tanh')) sum(silu(x)) sum(elu(x)) sigmoid(x) sum(leaky_relu(x)) sum(erf(x))
erfc(x) sum(where(x>0,x,-x)) where(m,X,Y) sum(masked_fill(X,m,0.0)) sum(clamp(x,-1,1)) abs(X)
sum(clamp(X,Y-1,Y+1)) sum(minimum(X,Y)) sum(softplus(X)*sigmoid(Y)) round(X,decimals=2) frac(X)
rsqrt(X) sum(atan2(X,Y)) add(X,Y,alpha=2) isclose(X,Y)*w (x*x).sum()+x.exp().sum() remainder(X,2)
lgamma(X) sum(sinc(X)) xlogy(X,Y)
""".split()
REDUCTIONS = """
logsumexp(x,0) logsumexp(X,1).sum() logsumexp(X,0).sum() var(x) std(X,1).sum() var(X,0).sum()
norm(x) norm(x,1) norm(x,3) norm(x,inf) vector_norm(X,2,1).sum() vector_norm(X,3,0).sum() prod(x)
linalg.norm(X,1) prod(X,1).sum() max(x) max(X,1).values.sum() max(X,0).values.sum() amin(X,0).sum()
softmax(X,1) sum(softmax(x,0)*x) mean((softmax(X,1)-Y)^2) softmax(x,0)[3] log_softmax(X,1).mean()
log_softmax(X,0) cumsum(X,1) sum(cumsum(x,0)^2) sum(cumprod(X,0)) linear_recurrence(X,Y,1)
sum((X/X.sum(1,keepdim=True)).log()*Y) prod_others(X) sum(argmax(X,0)*X[0])
""".split()
RANKS = """
sort(X,1)[0].sum() argsort(X,0,True)*X topk(X,9)[0].sum() mode(X)[0].sum() median(x) cummax(X,1)[0]
logcumsumexp(f,0) nansum(X,1).sum() var_mean(X,1)[0].sum() renorm(X,2,0,1.) dist(X,Y) isin(X,w)*X
sum(X*histc(X,1024)) trapezoid(X,w).sum()
""".split()
LOSSES = """
mse_loss(X,Y) mse_loss(X,Y,reduction='none') cross_entropy(X,softmax(Y,1)) cross_entropy(X,k)
huber_loss(X,Y,reduction='none') binary_cross_entropy(sigmoid(X),sigmoid(Y)) multi_margin_loss(X,k)
binary_cross_entropy_with_logits(X,Y,w.detach(),pos_weight=w.detach()) gaussian_nll_loss(X,Y,X^2)
nll_loss(log_softmax(X,1),k) mean((X-X.mean(0))^2/(X.var(0)+1e-5))
mean(((X-X.mean(0))/sqrt(X.var(0)+1e-5)*w+w)^2)
mean(((X-X.mean(1,keepdim=True))/sqrt(X.var(1,keepdim=True)+1e-5))^3)
mean(((C-C.mean((0,2,3),keepdim=True))/sqrt(C.var((0,2,3),keepdim=True)+1e-5))^3)
""".split()
PRODUCTS = """
sum(relu(X@W+w[:64])^2) X@W sum((X@W)^2) X.T@Y sum(tanh(X@W)@W.T*Y) einsum('bij,bjk->bik',B,B)
einsum('ij,kj->ik',X,Y) sum(einsum('ij,ij->i',X,Y)^2) sum(outer(w,w)^2) inv(B).sum() trace(X@Y)
addmm(X,W,W.T,beta=2,alpha=3) addr(X,w,w,beta=0) addbmm(X[:64,:64],B,B) cdist(X[:64],W.T[:64])
solve(B,B).sum() cholesky(B@B.mT).sum()
""".split()
PLACES = """
sum(X.T.reshape(-1)*x) sum(X.T.flatten()^2) X.T.contiguous() sum(X.T*Y.T) softplus(X.T) x[n]
sum(X.roll(3)^2) X.roll(3,1) sum(x.repeat(2)^2) X.repeat(2,2) sum(X[k]^2) X[:,k] sum(X[m]^2)
sum(X[::2]^2) X[:,1:]*2 sum(gather(X,1,n)^2) scatter_add(X,1,n,Y) cat([x,x]) sum(tril(X)^2)
sum(stack([X,Y],2)^2) sum(flip(X,0)^2) sum(expand(w,(1024,1024))*X) sum(X+eye(1024))
sum(arange(1048576)*x) sum(linspace(0,1,1048576)*x) put(X,n,Y) sum(index_add(X,1,k,Y)^2)
sum(masked_select(X,m)^2) scatter_reduce(X,1,n,Y,'mean') isin(X,Y)*X index_fill(X,1,k,2)
sum(pad(X,(9,9),'reflect')^2)
sum(X.unfold(1,4,2)^2) sum(X.as_strided((512,512),(1,2))^2) block_diag(X,Y) x*hann_window(1048576)
""".split()
DTYPES = """
X.float().sum() X.half().sum() sum(X*f) mean(exp(f)) sum(f*h) sum(h*h) mean(exp(h)) softmax(h,1)
softplus(f) softplus(h) gelu(f) erf(f).sum() sum(sigmoid(h)) norm(h) var(f,0).sum() std(f,1).sum()
cumsum(f,1) sum(X*n) sum((X>0)*Y) sum(n)*w mean((softmax(f,1)-Y)^2)
""".split()
WINDOWS = """
sum(conv2d(C,C[:8,:,:3,:3])^2) sum(conv_transpose2d(C,C[:,:8,:2,:2],stride=2)^2)
sum(avg_pool2d(C,3,1,1)^2) max_pool2d(C,2).sum() sum(interpolate(C,48,mode='bilinear')^2)
""".split()
EXPRESSIONS = (
    *ELEMENTWISE,
    *REDUCTIONS,
    *RANKS,
    *LOSSES,
    *PRODUCTS,
    *PLACES,
    *DTYPES,
    *WINDOWS,
)

# The bytes of a block: less than that is next to nothing.
BLOCK = 2**20


def targets_of(problem: Problem, gradients: bool) -> list[Node]:
    if not gradients:
        return [problem.output]
    output = problem.output
    seed = None if output.shape == () else np.ones(output.shape, output.dtype)
    adjoints = problem.adjoints(seed)
    sources = [node for node in problem.sources.values() if node in adjoints]
    return [output, *[at_full_size(adjoints[node], node.shape) for node in sources]]


def filled(compute: Callable[[], object]) -> int:
    """The most bytes that were filled at any time while `compute` ran."""
    tracemalloc.start()
    try:
        compute()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def run_eagerly(targets: Iterable[Node], known: dict[Node, Array]) -> tuple[int, int]:
    steps = plan(targets, known)
    return steps.peak_bytes, filled(lambda: eager.run(steps, known))


def assert_near(expression: str, estimate: int, peak: int, least: int | None = None) -> None:
    """Assert that the estimate is within 25 % of the peak, which may be as low as `least`'s."""
    if max(estimate, peak) > BLOCK:
        assert 0.8 * peak <= estimate, (expression, estimate, peak)
        assert (estimate if least is None else least) <= 1.25 * peak, (expression, estimate, peak)


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("gradients", [False, True], ids=["value", "gradients"])
def test_the_estimate_is_the_memory_that_is_filled(expression: str, gradients: bool) -> None:
    problem = Session().problem(expression, inputs_of(expression), None)
    targets, known = targets_of(problem, gradients), problem.evaluation.values
    assert_near(expression, *run_eagerly(targets, dict(known)))
    new = lowered(targets, known)
    found = passes([new.get(node, node) for node in targets], known)
    if found is not None:
        one = found.peak_bytes(1)
        assert_near(expression, one, filled(lambda: blocked.run(found, dict(known), 1)))
        # The second thread may come so late that the first one has computed all blocks.
        two = found.peak_bytes(2)
        assert_near(expression, two, filled(lambda: blocked.run(found, dict(known), 2)), least=one)


# ----- What LAPACK fills, which Python doesn't see -----

RESIDENT = """
import numpy as np, sys
from difftool.execute import eager
from difftool.execute.plan import plan
from difftool.session import Session

def status(name):
    for line in open("/proc/self/status"):
        if line.startswith(name):
            return int(line.split()[1]) * 1024

rows = np.random.default_rng(0).standard_normal((600, 600))
S = rows @ rows.T / 600 + np.eye(600)
np.linalg.svd(S[:99, :99]), np.linalg.inv(S), S @ S
for expression in sys.argv[1:]:
    problem = Session().problem(expression, {"S": S}, None)
    adjoints = problem.adjoints(np.ones(problem.output.shape))
    targets = [problem.output, *[adjoints[node] for node in problem.sources.values()]]
    steps = plan(targets, problem.evaluation.values)
    values = dict(problem.evaluation.values)
    open("/proc/self/clear_refs", "w").write("5")
    before = status("VmRSS")
    eager.run(steps, values)
    print(steps.peak_bytes, status("VmHWM") - before)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="asks Linux's /proc")
def test_the_copies_that_lapack_works_in_are_counted() -> None:
    expressions = ["inv(S)", "solve(S, S)", "det(S)", "cholesky(S)", "logdet(S)", "solve(S, S[0])"]
    expressions += ["linalg.qr(S).R", "linalg.svd(S).S", "linalg.eigh(S)[1]", "linalg.lu(S).U"]
    # Memory that is free again goes back to the system at once, so that what is resident is used.
    settings = {"MALLOC_MMAP_THRESHOLD_": "65536", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RESIDENT, *expressions],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    for expression, line in zip(expressions, lines, strict=True):
        assert_near(expression, *[int(figure) for figure in line.split()])
