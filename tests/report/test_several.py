"""What records say of a function with several results: one computation, one grad_fn, no holder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import difftool
from difftool.report.record import ChainEntry
from difftool.session import Session

X = np.array([[1.0, 2.0], [3.0, 4.0]])
FACTORS = "q = linalg.qr(x); sum(q.Q) * sum(q.R)"


def chain_of(expression: str) -> list[ChainEntry]:
    return list(Session().grad(expression, {"x": X}).chain)


def test_the_node_that_holds_the_results_is_not_shown() -> None:
    nodes = Session().grad(FACTORS, {"x": X}).nodes
    assert [node.id for node in nodes] == list(range(len(nodes)))
    factors = [node for node in nodes if node.op == "qr"]
    assert len(factors) == 2
    for node in factors:
        assert [nodes[source].expression for source in node.inputs] == ["x"]
        assert node.grad_fn == "LinalgQrBackward0"
    assert [node.expression for node in factors] == ["linalg.qr(x)[0]", "linalg.qr(x)[1]"]


def test_the_results_of_one_call_share_a_grad_fn() -> None:
    chain = chain_of(FACTORS)
    (shared,) = [entry for entry in chain if entry.name == "LinalgQrBackward0"]
    users = [entry for entry in chain if shared.id in entry.next]
    assert [entry.name for entry in users] == ["SumBackward0", "SumBackward0"]


def test_those_of_two_calls_do_not() -> None:
    chain = chain_of("sum(linalg.qr(x).Q) * sum(linalg.qr(x).R)")
    assert [entry.name for entry in chain].count("LinalgQrBackward0") == 2


def test_value_and_gradient_take_one_decomposition(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    decompose = np.linalg.qr

    def counted(*arguments: Any) -> Any:
        calls.append(arguments)
        return decompose(*arguments)

    monkeypatch.setattr(np.linalg, "qr", counted)
    difftool.grad(FACTORS, {"x": X})
    assert len(calls) == 1


def test_a_result_that_nobody_uses_has_no_gradient() -> None:
    """The vectors' gradients divide by the differences of singular values, which are 0 here."""
    gradients = difftool.grad("sum(linalg.svd(x).S)", {"x": np.eye(2)}).gradients
    np.testing.assert_allclose(gradients["x"], np.eye(2), atol=1e-15)


@pytest.mark.parametrize(
    ("expression", "name", "fields"),
    [
        ("linalg.svd(x)", "torch.return_types.linalg_svd", ("U", "S", "Vh")),
        ("svd(x)", "torch.return_types.svd", ("U", "S", "V")),
        ("linalg.lu_factor(x)", "torch.return_types.linalg_lu_factor", ("LU", "pivots")),
        ("linalg.slogdet(x)", "torch.return_types.linalg_slogdet", ("sign", "logabsdet")),
        ("lu(x, True, True)", "torch.return_types._lu_with_info", ("LU", "pivots", "info")),
        ("torch.lu(x)", None, ()),
    ],
)
def test_tuples_are_named_as_in_pytorch(
    expression: str, name: str | None, fields: tuple[str, ...]
) -> None:
    output: Any = Session().evaluate(expression, {"x": X}).output
    assert (output.type_name, output.fields) == (name, fields)
