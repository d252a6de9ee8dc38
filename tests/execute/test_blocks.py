"""How blocks are run: sums in a fixed order, failures, buffers, and the cut itself."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from threading import Event
from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.execute.blocked import _Sum
from difftool.execute.cut import LARGE, cut
from difftool.execute.engine import Engine
from difftool.graph.node import Node
from difftool.operations.accumulation import Accumulation
from difftool.operations.declare import elementwise
from difftool.operations.overwriting import revalued
from difftool.operations.registry import Operation, Type, leaf, ops
from difftool.report.record import OutputRecord
from difftool.session import Session
from tests.execute.blocks import session, tiny_blocks, values

FLOAT = np.dtype(np.float64)


def tensor(*shape: int) -> Node:
    return leaf("x", shape, FLOAT)


# ----- Sums -----


def joining() -> Node:
    """A node whose shares are texts, which show how they were combined."""
    operation = Operation(
        ("join(input)",),
        lambda x: x,
        lambda x: Type((), FLOAT),
        accumulation=Accumulation(
            lambda x: x,
            lambda first, second: f"({first}{second})",
            lambda node, total: total,
        ),
        meaning="",
        example="",
    )
    return operation(tensor(9))


def combined(node: Node, order: Sequence[int]) -> Any:
    total = _Sum(node, len(order))
    for number in order:
        total.add(number, str(number))
    ((_, text),) = total._waiting.items()
    return text


@pytest.mark.parametrize(
    ("count", "tree"),
    [
        (1, "0"),
        (2, "(01)"),
        (3, "((01)2)"),
        (4, "((01)(23))"),
        (5, "(((01)(23))4)"),
        (6, "(((01)(23))(45))"),
    ],
)
def test_shares_are_combined_pair_by_pair_in_whatever_order_they_come(
    count: int, tree: str
) -> None:
    node = joining()
    for order in permutations(range(count)):
        assert combined(node, order) == tree


def test_no_share_is_left_behind_in_a_sum_of_many_blocks() -> None:
    node = joining()
    source = np.random.default_rng(0)
    for count in (7, 8, 9, 63, 64, 100):
        expected = combined(node, range(count))
        for _ in range(3):
            assert combined(node, source.permutation(count).tolist()) == expected


def test_a_sum_of_many_blocks_is_as_exact_as_a_pairwise_sum() -> None:
    x = np.full(10**5, 0.1, np.float32)
    with tiny_blocks(block_bytes=64):
        value, gradient = values("blocked", "sum(x)", {"x": x})
    assert abs(value - 1e4) < 0.01
    assert gradient.dtype == np.float32


# ----- Failures -----


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_of_several_blocks_that_fail_the_first_is_named(threads: int) -> None:
    index = np.zeros(1000, np.int64)
    index[[300, 600, 999]] = 7, 8, 9
    with tiny_blocks(), pytest.raises(DifftoolError, match="index 7 is out of range") as caught:
        session("blocked", threads).evaluate("sum(gather(y, 0, x))", {"x": index, "y": np.ones(3)})
    assert caught.value.span is not None


def test_a_failure_is_the_first_of_those_at_the_same_time_whoever_ends_first() -> None:
    second_failed = Event()

    def fail(x: Any) -> Any:
        if x[0] > 0:
            second_failed.set()
            raise DifftoolError("second", kind="value")
        second_failed.wait(10)
        raise DifftoolError("first", kind="value")

    failing = elementwise("fail(input)", fail, meaning="", example="")
    x = tensor(40)
    with tiny_blocks(block_bytes=160), pytest.raises(DifftoolError, match="first"):
        Engine("blocked", 2).compute([ops.sum(failing(x))], {x: np.arange(40.0)})


# ----- Memory that is used twice -----


@pytest.mark.parametrize("wrt", [["x", "y"], ["y", "x"]])
def test_what_is_kept_in_a_result_is_read_before_that_is_written(wrt: list[str]) -> None:
    source = np.random.default_rng(0)
    inputs = {name: source.normal(size=(20, 3)) for name in "xy"}
    for expression in ("sum(exp(x) * y)^2", "logsumexp(x * y, (0, 1))", "sum(exp(x) / (y^2+1))^3"):
        expected = session("eager").grad(expression, inputs, wrt, keep=0).gradients
        with tiny_blocks(kept_bytes=0):
            found = session("blocked").grad(expression, inputs, wrt, keep=0).gradients
        for name in wrt:
            np.testing.assert_allclose(found[name].array, expected[name].array, 1e-12)


@pytest.mark.parametrize(
    "expression",
    "sigmoid(x) softmax(x,0) silu(x) gelu(x,approximate='tanh') rsqrt(x) elu(x) tanh(x)".split(),
)
def test_half_precision_is_rounded_once(expression: str) -> None:
    x = np.random.default_rng(0).uniform(0.5, 5, (20, 9)).astype(np.float16)
    expected, *_ = values("eager", expression, {"x": x})
    with tiny_blocks():
        found, *_ = values("blocked", expression, {"x": x})
    np.testing.assert_array_equal(found, expected)


def test_a_value_that_is_a_parameter_is_not_taken_for_its_block() -> None:
    x = tensor(40)
    other = np.arange(40.0)
    target = revalued(ops.exp(x), other) * 2
    given = {x: np.ones(40)}
    with tiny_blocks():
        Engine("blocked").compute([target], given)
    np.testing.assert_array_equal(given[target], 2 * other)


def test_inputs_are_never_written_to() -> None:
    x = np.random.default_rng(0).normal(size=(20, 3))
    before = x.copy()
    with tiny_blocks():
        for expression in ("sum(exp(x))", "floor(x) + x", "x.T", "sum((x.T @ x)^2)", "detach(x)*x"):
            for array in values("blocked", expression, {"x": x}):
                assert not np.may_share_memory(array, x) or expression == "x.T"
    np.testing.assert_array_equal(x, before)


# ----- The cut -----


def cut_of(*nodes: Node) -> list[tuple[int | None, int | None]]:
    """The axis and the dimension of each node."""
    return [role[:2] for role in cut(nodes, {x for node in nodes for x in node.inputs}).roles]


def test_rows_are_preferred_to_columns_which_lie_scattered() -> None:
    ((axis, dim),) = cut_of(ops.exp(tensor(LARGE, 10)))
    assert axis is not None and dim == 0


def test_a_mean_over_rows_is_accumulated_along_the_axis_of_its_users() -> None:
    x = tensor(LARGE, 10)
    mean = ops.mean(x, dim=0)
    centred = x - mean
    found = cut([mean, centred], {x}).roles
    assert found[0].axis == found[1].axis and found[0].axis is not None
    assert (found[0].dim, found[1].dim) == (None, 0)
    assert found[1].inputs == (0, None)


def test_a_transpose_is_cut_along_the_same_axis_as_its_tensor() -> None:
    x = ops.exp(tensor(LARGE, 10))
    turned = ops.transpose(x, dim0=0, dim1=1)
    assert [role.dim for role in cut([x, turned], set(x.inputs)).roles] == [0, 1]


def test_a_flattening_is_cut_in_units_of_its_rows() -> None:
    x = ops.exp(tensor(LARGE, 10))
    flat = ops.sin(ops.reshape(x, (LARGE * 10,)))
    cuts = cut([x, *flat.inputs, flat], set(x.inputs))
    assert [role.dim for role in cuts.roles] == [0, 0, 0]
    assert cuts.lengths[cuts.roles[0].axis or 0] == LARGE


def test_small_tensors_and_single_elements_are_left_whole() -> None:
    small = ops.exp(tensor(LARGE // 2))
    assert cut_of(small) == [(None, None)]
    assert cut_of(ops.tril(tensor(300, 300))) == [(None, None)]


def test_a_large_result_is_not_accumulated() -> None:
    # Shares of it would fill more memory than its operands do.
    product = ops.mm(tensor(1000, 10), tensor(10, 1000))
    ((_, dim),) = cut_of(product)
    assert dim is not None


@pytest.mark.parametrize("length", [1000, 1024, 1025, 4096])
def test_sums_of_products_of_single_precision_keep_their_digits(length: int) -> None:
    x = np.random.default_rng(3).random((600, length)).astype(np.float32)
    found = Session(engine="blocked").evaluate("sum(x * x, 1)", {"x": x}).output
    exact = np.sum(x.astype(np.float64) ** 2, axis=1)
    assert isinstance(found, OutputRecord)
    np.testing.assert_allclose(found.data, exact, rtol=3e-7)
