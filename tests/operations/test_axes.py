"""The rules that say how operations are cut, each against its kernel: blocks make up the whole.

No engine takes part. Every node of every check, forward and backward, is cut along every label that
its rule gives, into two blocks of unequal length; its kernel computes them, they are put together.
"""

from __future__ import annotations

from importlib import import_module
from itertools import chain
from math import gcd
from typing import Any, TypeAlias

import numpy as np
import pytest

from difftool.autodiff.reverse import gradients
from difftool.errors import DifftoolError
from difftool.execute.eager import compute
from difftool.execute.kernels import writes_to_out
from difftool.graph.node import Node, Shape
from difftool.graph.walk import ancestors
from difftool.operations.axes import Axes, Labels
from difftool.operations.registry import (
    CONSTANT,
    FAMILIES,
    LEAF,
    Function,
    Operation,
    constant,
    functions,
)
from difftool.session import Session

Array: TypeAlias = "np.ndarray[Any, Any]"
Inputs: TypeAlias = dict[str, Array]

# What has no rule at all, and why.
WHOLE = {
    "LEAF": "it is given",
    "CONSTANT": "it is given",
    "_tensor": "it is given",
    "_rand": "it is drawn already",
    "_randn": "it is drawn already",
    "_rand_like": "it is drawn already",
    "_randn_like": "it is drawn already",
    "_randint": "it is drawn already",
    "_randperm": "it is drawn already",
    "_eye": "an element depends on its place",
    "_arange": "an element depends on its place",
    "_linspace": "an element depends on its place",
    "_logspace": "an element depends on its place",
    "_range": "an element depends on its place",
    "_bartlett_window": "an element depends on its place",
    "_blackman_window": "an element depends on its place",
    "_hamming_window": "an element depends on its place",
    "_hann_window": "an element depends on its place",
    "_kaiser_window": "an element depends on its place",
    "_triangle": "an element depends on its place",
    "_bags_of": "a bag may start anywhere",
    "_largest_of": "an index may be in any bag",
    "_embedding_bag": "an index may be in any bag",
    "trace": "it reads one element of each row",
    "_ctc_loss": "the labels of all sequences may stand in one dimension",
    "_ctc_slopes": "the labels of all sequences may stand in one dimension",
    "_pdist_forward": "an element is of the two rows that its place stands for",
    "block_diag": "its operands stand corner to corner",
    "as_strided": "strides say nothing of dimensions",
    "as_strided_copy": "strides say nothing of dimensions",
    "as_strided_scatter": "strides say nothing of dimensions",
    "_added": "strides say nothing of dimensions",
}

# Forms of operations that no check has, of x of shape (6, 7).
FORMS = (
    "x.roll(1, 1) + x.flip(1) * x.repeat(1, 1) + x.repeat(3, 1)[:6]",
    "stack([x, x], 1)[:, 0] * cat([x, 2 * x, zeros(0)], 1)[:, :7]",
    "gather(x, 0, tensor([[0, 1, 1, 0, 5, 0, 0], [0, 1, 1, 3, 1, 0, 0]]))",
    "gather(x, 1, tensor([[0, 1, 2], [2, 1, 0]]))",
    "gather(x[0], 0, tensor([0, 3, 3, 1, 2]))",
    "scatter_add(x, 1, tensor([[0, 1], [5, 5], [1, 0], [2, 2], [0, 0], [1, 6]]), x)",
    "scatter_add(x, 0, tensor([[0, 1, 2, 3, 4, 5, 0]]), x)",
    "scatter(x, 0, tensor([[0, 1, 2, 3, 4, 5, 0]]), 2.5)",
    "scatter(x, 0, tensor([[5, 1, 1, 0, 2, 3, 4]]), x)",
    "scatter_reduce(x, 0, tensor([[0, 1, 1, 3, 4, 5, 0]]), x, 'mean')",
    "index_select(x, 0, tensor([5, 0, 0, 1])) + index_add(x, 1, tensor([0, 0]), x[:, :2])[:4]",
    "index_fill(x, 0, tensor([1]), 2) * index_copy(x, 1, tensor([3]), x[:, :1])",
    "index_reduce(x, 1, tensor([0, 0]), x[:, :2], 'mean') * take(x, tensor([[3], [1]])).sum()",
    "x[:, tensor([1, 1, 0])] + x[tensor([0, 5, 3]), tensor([1, 2, 3])]",
    "x[:, :, None].expand(6, 7, 4)[tensor([[1], [2]]), :, tensor([0, 1, 1, 3])]",
    "index_put(x, [tensor([[1, 1], [0, 2]])], x[0], True)",
    "index_put(x, [tensor([1, 0])], x[:, :2], False, (1,))",
    "index_put(x, [tensor([1, 0])], x[:1, :2], True, (1,))",
    "x[:, None, :].expand(6, 3, 7).tril() * x[:, None].expand(6, 3, 7).triu(1)",
    "diagonal(x[:, None] * x[:, :6, None], 1, 1, 2)",
    "diag_embed(x, -1, 0, 2)",
    "nll_loss(log_softmax(x, 1), tensor([0, 1, -100, 3, 4, 6]), ones(7))",
    "nll_loss(x, tensor([0, 1, -100, 3, 4, 6]), ones(7), reduction='none')",
    "nll_loss(x, tensor([0, 1, -100, 3, 4, 6]), 2 * ones(7), reduction='sum')",
    "cross_entropy(x[:, :, None] * x[:, None, :4], tensor([[1, 2, -100, 4]]).expand(6, 4))",
    "linear_recurrence(x, x, 1) + cumprod(x, 1) + cumsum(x.float(), 0)",
    "prod(x, 1)[:, None] + prod_others(x, 1) + prod_others(x)",
    "solve(x[:, None, :3] * x[None, :3, :3].mT + 5 * eye(3), x[:, :3])",
    "solve(x[:4, None, :3] * x[None, :3, :3].mT + 5 * eye(3), x[:3, :3])",
    "inv(x[:, None, :3] * x[None, :3, :3].mT + 5 * eye(3))",
    "mse_loss(x, 2 * x, reduction='none')",
    "norm(x, dim=1) * x.var(1) + x.std(1) * x.max(1).values + x.min(1).values * x.argmax(1)",
    "all(x > 0, 1) + any(x > 0, 1) + detach(x).sum(1)",
    "x.expand(3, 6, 7).contiguous() * x.T.contiguous().T * full((6, 7), 2.5)",
    "einsum('ij,kj->ik', x, x) + x @ x.T + (x[None] @ x.T[None])[0] + x @ x[0]",
    "x.half().double() + sigmoid(x.half()) + elu(x.half(), 2) + floor(x.half())",
    "floor((9 * x).long()) + (9 * x).long().sign() + div((9 * x).long(), 3, rounding_mode='trunc')",
    "(9 * x).long() // 2 + (9 * x).long() % 2 + fmod((9 * x).long(), 4) + (x > 0).sign()",
    "masked_fill(x, x > 0, 3) + clamp(x, min=0.5) + clamp(x, x, x + 1) + round(x, 1) + frac(x)",
    "softplus(x, 2, 1) + gelu(x, approximate='tanh') + silu(x) + leaky_relu(x, 0.1) + rsqrt(x)",
    "one_hot((9 * x).long() + 9, 40)[:, :, 9] + gcd((9 * x).long(), tensor(4)) + signbit(x)",
    "bitwise_left_shift((9 * x).long(), 2) + frexp(x).exponent + isposinf(x) + isreal(x.half())",
    "mish(x.half()) + softshrink(x.half()) + hardsigmoid(x.half()) + lerp(x, x[0], 2).half()",
    "fill(x, x[0, 0]) + fill(x, 2) + heaviside(detach(x) - 1, detach(x[0])) + nan_to_num(x / 0, 1)",
    "cosine_similarity(x, x[:1]) + normalize(x, dim=0)[:, 0] + pairwise_distance(x, x[0])",
    "glu(x[:, :6]) + prelu(x, x[0])[:, :3] + threshold((9 * x).long(), 5, 2)[:, :3]",
    "batch_norm(x, detach(x[0]), detach(x[1]), x[2], x[3]) * group_norm(x, 7, x[0], x[1])",
    "layer_norm(x[:, None].expand(6, 3, 7), (3, 7)).sum(1) + layer_norm(x, (7,), x[0])",
    "embedding(x, (9 * x).long() % 6).sum(1)",
    "nn.functional.embedding((9 * x).long() % 6, x, max_norm=1.0)[:, 0]",
    "bilinear(x[:, :2], x[:, 2:5], x[:, :6].reshape(6, 2, 3)) + linear(x, x)",
    "argsort(x, 0) * argsort(x, 1, True) + sort(x, 0)[0] * sort(x, 1, True)[0]",
    "topk(x, 3, 0)[0].sum() + topk(x, 3, 1, False)[0].sum() + kthvalue(x, 2, 0)[0] * x",
    "topk(round(x), 3, 0)[0].sum() + kthvalue(round(x), 2, 1, True)[0] * mode(round(x), 0)[0]",
    "median(x, 0)[0] * x + nanmedian(x, 1, True)[0] * x + median(x) * nanmedian(x)",
    "cummax(x, 0)[0] * cummin(x, 1)[0] + logcumsumexp(x, 1) + logcumsumexp(x.float(), 0)",
    "nansum(x, 0) * nanmean(x, 1)[:, None] + count_nonzero(x, 0) + count_nonzero(x)",
    "var_mean(x, 0)[0] * var_mean(x, 0)[1] + std_mean(x.float(), 0)[1] * aminmax(x, dim=0)[0]",
    "renorm(x, 2, 0, 1.0) * renorm(x.float(), 1, 1, 1.0) + dist(x, x[0])",
    "searchsorted(x.sort(1)[0], x) + bucketize(x, x[0].sort()[0]) * isin(x, x[0])",
    "histc(x, 42) + bincount((9 * x).long()[0]).sum() + unique(x.detach())",
    "histogram(x.detach(), 7)[0] + unique(x.detach(), dim=0, return_counts=True)[1].sum()",
    "conv1d(x[:, :6, None] * x[:, None], x[:, :6, None] * x[:, None, :2], None, 1, 1)",
    "conv1d(x[:, :6, None] * x[:, None], x[:, :6, None] * x[:, None, :2], x[:, 0]).half()",
    "conv1d(x[:, :6, None] * x[:, None], x[:, :2, None] * x[:, None, :2], x[:, 0], groups=3)",
    "conv_transpose1d(x[:, :6, None] * x[:, None], x[:, :6, None] * x[:, None, :2], None, 2, 1)",
    "conv_tbc(x[:, :, None] * x[:, None, :6], x[:, :6, None] * x[:, None, :4], x[0, :4])",
    "F.fold(F.unfold(x[:, None, None], (1, 2), 1, (0, 1)), (1, 7), (1, 2), 1, (0, 1))",
    "F.unfold(x[:, None, None] * x[:, :6, None, None], (1, 3), 2, (0, 1), 2)",
    "F.max_pool1d(x[:, None] * x[:, :6, None], 3, 2, 1) + F.avg_pool1d(x[:, None], 3, 2, 1)",
    "F.adaptive_avg_pool1d(x[:, None] * x[:, :6, None], 3) * F.adaptive_max_pool1d(x[None], 3)",
    "F.interpolate(x[:, None] * x[:, :6, None], 5, mode='linear') + F.interpolate(x[:, None], 5)",
    "F.grid_sample(x[:, None, None] * x[:, :4, None, None], x[:, None, None, :2] - 1)",
    "F.affine_grid(x[:, :6].reshape(6, 2, 3), (6, 1, 2, 2))",
    "gru_cell(x[:, :6], x[:, :2], x[:, :6], x[:, :2], x[0, :6], x[1, :6])",
    "reshape(x, (3, 14)).sum(1) + reshape(x, (3, 2, 7)).sum((1, 2)) + x.T.reshape(14, 3)[0]",
)


def operations() -> dict[str, Operation]:
    """Every operation of the families by the name it is bound to, private ones too."""
    found = {"LEAF": LEAF, "CONSTANT": CONSTANT}
    for family in (*FAMILIES, "linear.row_exchanges", "fused", "overwriting", "with_number"):
        for name, value in vars(import_module(f"difftool.operations.{family}")).items():
            if isinstance(value, Operation):
                found.setdefault(name, value)
    return found


def test_every_operation_has_a_rule_or_a_reason_to_be_whole() -> None:
    without = {name for name, operation in operations().items() if operation.axes is None}
    assert without == set(WHOLE)


def test_what_has_parts_has_a_rule_that_says_when_they_are_needed() -> None:
    for operation in operations().values():
        assert operation.parts is None or operation.axes is not None


# ----- The nodes -----


def as_it_is(shape: Shape) -> Shape:
    return shape


def enlarged(shape: Shape) -> Shape:
    return tuple([{2: 6, 3: 7}.get(length, length) for length in shape])


def nodes_of(expression: str, inputs: Inputs) -> list[Node]:
    """The nodes of an expression and of its gradients, inputs before users."""
    problem = Session(seed=0).problem(expression, inputs, None)
    seed = np.random.default_rng(2).standard_normal(problem.output.shape)
    adjoints = gradients(problem.output, constant(seed)) if problem.output.requires_grad else {}
    return ancestors([problem.output, *adjoints.values()])


def assert_blocks_make_up_the_whole(expression: str, inputs: Inputs) -> None:
    values: dict[Node, Array] = {}
    with np.errstate(all="ignore"):
        for node in nodes_of(expression, inputs):
            if node.operation is LEAF:
                values[node] = np.asarray(inputs[node.parameters["name"]])
                continue
            operands = [values[source] for source in node.inputs]
            values[node] = compute(node, operands)
            # The block of a value that shows its operand's memory must not outlive it unseen.
            shared = any([np.may_share_memory(values[node], operand) for operand in operands])
            assert node.operation.view or node.ndim == 0 or not shared, node
            if node.operation.axes is not None:
                check_cuts(node, node.operation.axes(node), operands, values[node])


# ----- Cutting them -----


def check_cuts(node: Node, rule: Axes, operands: list[Array], whole: Array) -> None:
    """Cut a node along each label of its rule, and compare with its whole value."""
    groups = (rule.result, *rule.inputs)
    assert [len(group) for group in groups] == [whole.ndim, *[x.ndim for x in operands]]
    for label in {label for label in chain(*groups) if label is not None}:
        lengths = [
            array.shape[group.index(label)]
            for array, group in zip((whole, *operands), groups, strict=True)
            if label in group
        ]
        units = gcd(*lengths)
        if units > 1:
            cuts = [(0, 1, units), (1, units, units)]
            given = list(zip(operands, rule.inputs, strict=True))
            blocks = [[part(x, group, label, *cut) for x, group in given] for cut in cuts]
            if label in rule.result:
                parts = [part(whole, rule.result, label, *cut) for cut in cuts]
                for own, expected in zip(blocks, parts, strict=True):
                    check_mapped(node, rule, own, expected)
            elif node.operation.accumulation is not None:
                check_accumulated(node, blocks, whole)


def part(x: Array, labels: Labels, label: int, start: int, stop: int, units: int) -> Array:
    """An array from unit `start` to `stop` along a label; all of it where it has no such label."""
    if label not in labels:
        return x
    dim = labels.index(label)
    unit = x.shape[dim] // units
    return x[(slice(None),) * dim + (slice(start * unit, stop * unit),)]


def check_mapped(node: Node, rule: Axes, blocks: list[Array], expected: Array) -> None:
    parameters = dict(node.parameters)
    if rule.sized is not None:
        parameters[rule.sized] = expected.shape
    operation, dtype = node.operation, node.operand_dtype
    block = Node(operation, node.inputs, parameters, expected.shape, node.dtype, dtype, False)
    same(compute(block, blocks), expected, node)
    if writes_to_out(node):
        out = np.full(expected.shape, 77, node.dtype)
        operands = [x if dtype is None else x.astype(dtype) for x in blocks]
        value = operation.kernel(*operands, out=out, **parameters)
        same(value, expected, node)


def check_accumulated(node: Node, blocks: list[list[Array]], whole: Array) -> None:
    accumulation, dtype = node.operation.accumulation, node.operand_dtype
    assert accumulation is not None
    first, second = [
        accumulation.share(
            *[x if dtype is None else x.astype(dtype) for x in block], **node.parameters
        )
        for block in blocks
    ]
    total = accumulation.finish(node, accumulation.combine(first, second))
    same(np.asarray(total).astype(node.dtype).reshape(whole.shape), whole, node)


def same(found: Any, expected: Array, node: Node) -> None:
    tolerance = {"float16": 2e-3, "float32": 1e-5}.get(expected.dtype.name, 1e-12)
    message = f"{node.operation.name} of {[x.shape for x in node.inputs]}, {node.parameters}"
    np.testing.assert_allclose(found, expected, tolerance, 1e-14, err_msg=message)


# ----- The tests -----


@pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
def test_blocks_of_what_each_function_makes_are_blocks_of_its_value(function: Function) -> None:
    source = np.random.default_rng(1)
    for check in function.checks:
        for resize in (as_it_is, enlarged):
            inputs = {
                name: source.uniform(*check.domain, resize(shape))
                for name, shape in check.shapes.items()
            }
            try:
                assert_blocks_make_up_the_whole(check.expression, inputs)
            except DifftoolError:  # numbers in the text that don't fit other shapes
                assert resize is enlarged


@pytest.mark.parametrize("expression", FORMS)
def test_blocks_of_further_forms_are_blocks_of_their_values(expression: str) -> None:
    source = np.random.default_rng(3)
    assert_blocks_make_up_the_whole(expression, {"x": source.uniform(0.5, 2.0, (6, 7))})
