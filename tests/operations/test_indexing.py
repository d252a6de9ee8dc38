"""`operations.indexing`: the chain PyTorch makes of `x[...]`, values, gradients and errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from difftool.errors import DifftoolError
from difftool.operations.indexing.brackets import getitem
from difftool.operations.registry import constant, leaf
from tests.operations.chains import chain
from tests.operations.derivatives import assert_derivatives, evaluation, node, value

X = np.array([[-1.0, 2.0, 3.0], [4.0, -5.0, 6.0]])
B = np.arange(24.0).reshape(2, 3, 4)
V = np.array([1.0, -2.0, 3.0])
INPUTS: dict[str, Any] = {
    "x": X,
    "b": B,
    "v": V,
    "s": 2.0,
    "k": np.array([0, 1, 1]),
    "m": np.array([[True, False, True], [False, True, True]]),
    "byte": np.array([1, 0, 1], np.uint8),
    "yes": np.array(True),
    "one": np.array(1),
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x[0]", "SelectBackward0(x)"),
        ("x[-1]", "SelectBackward0(x)"),
        ("x[one]", "SelectBackward0(x)"),
        ("x[0, 1]", "SelectBackward0(SelectBackward0(x))"),
        ("x[:]", "SliceBackward0(x)"),
        ("x[0:2]", "SliceBackward0(x)"),
        ("x[...]", "AliasBackward0(x)"),
        ("x[()]", "AliasBackward0(x)"),
        ("x[:, :]", "AliasBackward0(x)"),
        ("s[...]", "AliasBackward0(s)"),
        ("x[:, 0]", "SelectBackward0(x)"),
        ("x[0:9, 0]", "SelectBackward0(x)"),
        ("x[-2:, 0]", "SelectBackward0(SliceBackward0(x))"),
        ("x[1:, ::2]", "SliceBackward0(SliceBackward0(x))"),
        ("x[None]", "UnsqueezeBackward0(x)"),
        ("x[None, 0]", "SelectBackward0(UnsqueezeBackward0(x))"),
        ("x[0, None]", "UnsqueezeBackward0(SelectBackward0(x))"),
        ("b[0, ..., 1:3]", "SliceBackward0(SelectBackward0(b))"),
        ("x[[0, 1]]", "IndexBackward0(x)"),
        ("x[k]", "IndexBackward0(x)"),
        ("x[[0, 1], [1, 2]]", "IndexBackward0(x)"),
        ("x[[[0, 1], [1, 2]]]", "IndexBackward0(x)"),
        ("x[0, [0, 2]]", "IndexBackward0(SelectBackward0(x))"),
        ("b[[0, 1], None]", "IndexBackward0(UnsqueezeBackward0(b))"),
        ("x[x > 0]", "IndexBackward0(x)"),
        ("b[m, 1]", "IndexBackward0(SelectBackward0(b))"),
        ("x[True]", "IndexBackward0(UnsqueezeBackward0(x))"),
        ("x[yes]", "IndexBackward0(UnsqueezeBackward0(x))"),
        ("s[s > 0]", "IndexBackward0(UnsqueezeBackward0(s))"),
    ],
)
def test_nodes_are_those_of_pytorch(expression: str, expected: str) -> None:
    assert chain(node(expression, **INPUTS)) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x[1]", X[1]),
        ("x[-2, -1]", X[-2, -1]),
        ("x[one, k]", X[1, [0, 1, 1]]),
        ("x[-5:1]", X[-5:1]),
        ("x[5:]", X[5:]),
        ("x[1:0]", X[1:0]),
        ("x[:, -2:9:1]", X[:, -2:9]),
        ("v[:10**30:2]", V[::2]),
        ("b[..., 0]", B[..., 0]),
        ("b[1, ...]", B[1]),
        ("b[..., None, ::3]", B[..., None, ::3]),
        ("x[[1, 0, 1]]", X[[1, 0, 1]]),
        ("x[[-1]]", X[[-1]]),
        ("x[[]]", X[:0]),
        ("x[:, []]", X[:, :0]),
        ("x[[[0, 1], [1, 2]]]", X[[0, 1], [1, 2]]),
        ("x[tensor([[0, 1], [1, 0]])]", X[np.array([[0, 1], [1, 0]])]),
        ("x[:, [[0, 2], [1, 1]]]", X[:, [[0, 2], [1, 1]]]),
        ("x[[[1], [0]], [0, 2]]", X[[[1], [0]], [0, 2]]),
        ("b[[0, 1], :, [1, 2]]", B[[0, 1], :, [1, 2]]),
        ("b[:, [0, 1], [1, 2]]", B[:, [0, 1], [1, 2]]),
        # A whole number is worked off first, and so is no index beside the list, as in PyTorch.
        ("b[0, :, [1, 2]]", B[0][:, [1, 2]]),
        ("b[[0, 1], 1]", B[[0, 1], 1]),
        ("x[x > 0]", X[X > 0]),
        ("x[m]", X[np.array([[True, False, True], [False, True, True]])]),
        ("b[m]", B[np.array([[True, False, True], [False, True, True]])]),
        ("b[m, [1, 0, 1, 3]]", [1.0, 8.0, 17.0, 23.0]),
        ("x[:, byte]", X[:, [0, 2]]),
        ("x[[True, False]]", X[:1]),
        ("x[[1, True]]", X[[1, 1]]),
        ("x[True]", X[None]),
        ("x[False]", np.zeros((0, 2, 3))),
        ("x[:, False, 0]", np.zeros((2, 0))),
        ("s[None, None]", [[2.0]]),
        ("s[True]", [2.0]),
        ("x[[one, 0]]", X[1, 0]),
        ("v[k][k]", [1.0, -2.0, -2.0]),
        ("(x > 0)[0]", [False, True, True]),
        ("k[k > 0]", [1, 1]),
        ("zeros(0, 3)[:, 1]", []),
        ("zeros(0, 3)[[]]", np.zeros((0, 3))),
    ],
)
def test_values(expression: str, expected: Any) -> None:
    np.testing.assert_array_equal(value(expression, **INPUTS), expected)


@pytest.mark.parametrize(
    ("expression", "x", "first", "second"),
    [
        ("x[1] ^ 2", [1, 2, 3], [0, 4, 0], [0, 2, 0]),
        ("x[::2] ^ 2", [1, 2, 3], [2, 0, 6], [2, 0, 2]),
        ("x[None, 1:][..., -1] ^ 2", [1, 2, 3], [0, 0, 6], [0, 0, 2]),
        ("x[[0, 0, 2]] ^ 2", [1, 2, 3], [4, 0, 6], [4, 0, 2]),
        ("x[[-1, 2]] ^ 2", [1, 2, 3], [0, 0, 12], [0, 0, 4]),
        ("x[x > 1] ^ 2", [1, 2, 3], [0, 4, 6], [0, 2, 2]),
        ("x[x > 9] ^ 2", [1, 2, 3], None, None),
        ("x[True] ^ 2", [1, 2], [2, 4], [2, 2]),
        ("x[False] ^ 2", [1, 2], None, None),
        ("x[[0, 1], [1, 1]] ^ 2", [[1, 2], [3, 4]], [[0, 4], [0, 8]], [[0, 2], [0, 2]]),
        ("x[:, [1, 1]] ^ 2", [[1, 2], [3, 4]], [[0, 8], [0, 16]], [[0, 4], [0, 4]]),
        ("x[0] * x[1]", [2, 3], [3, 2], [1, 1]),
        ("x[:] ^ 2", [], [], None),
        ("x[...] ^ 2", 3, 6, 2),
    ],
)
def test_derivatives(expression: str, x: Any, first: Any, second: Any) -> None:
    x = np.asarray(x, float)
    assert_derivatives(expression, x, (value(expression, x=x), first, second))


def test_shapes_are_known_without_the_value_of_an_index() -> None:
    source = leaf("x", (5, 3), np.dtype(float))
    index = leaf("i", (2, 4), np.dtype(np.int64))
    assert getitem(source, (index, slice(1, None))).shape == (2, 4, 2)


def test_a_list_of_32_lists_is_a_tensor_of_indices() -> None:
    """PyTorch reads a list of lists as a tuple only if it is shorter than that."""
    assert value(f"x[{[[0]] * 32}]", x=V).shape == (32, 1)


def test_where_no_value_may_decide_on_the_graph_a_mask_is_refused() -> None:
    source = leaf("x", (3,), np.dtype(float))
    mask = leaf("m", (3,), np.dtype(bool))
    with pytest.raises(DifftoolError, match="depends on values"):
        getitem(source, (mask,))


def test_a_mask_written_as_a_node_of_numbers() -> None:
    source = leaf("x", (3,), np.dtype(float))
    mask = constant(np.array([True, False, True]))
    result = getitem(source, (mask,))
    assert result.shape == (2,)


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        ("x[2]", "index 2 is out of range for dimension 0 of size 2", "-2 to 1"),
        ("x[0, -4]", "index -4 is out of range for dimension 1 of size 3", "-3 to 2"),
        ("x[10**30]", "out of range", "-2 to 1"),
        ("x[[0, 5]]", "index 5 is out of range for dimension 0 of size 2", "-2 to 1"),
        ("zeros(0, 3)[[0]]", "index 0 is out of range", "empty"),
        ("x[0, 0, 0]", "too many indices: 3 for a tensor of 2 dimensions", "(2, 3)"),
        ("b[m, 0, 0]", "too many indices: 4", "(2, 3, 4)"),
        ("s[0]", "too many indices: 1 for a tensor of 0 dimensions", "()"),
        ("s[:]", "0-d", "x[None]"),
        ("x[::-1]", "must be greater than zero, not -1", ".flip(dim)"),
        ("x[::0]", "must be greater than zero, not 0", "leave the step out"),
        ("x[1.5]", "the number 1.5 is no index", "whole number"),
        ("x[v]", "a tensor of dtype float64 is no index", ".long()"),
        ("x['a']", "the string 'a' is no index", "whole number"),
        ("x[[0.5]]", "the number 0.5 in a list is no index", "whole number"),
        ("x[0, [None]]", "None in a list is no index", "whole number"),
        ("x[:, [[0, 1], [2]]]", "different lengths", "equally long"),
        ("x[:, [[0], 1]]", "different lengths", "equally long"),
        ("x[[10**30]]", "beyond 64 bits", "whole number"),
        ("x[..., ...]", "one `...`", "`:`"),
        ("x[v > 0]", "a mask of shape (3,) does not fit dimensions of shape (2,)", "mask"),
        ("v[m]", "too many indices: 2", "(3,)"),
        ("x[[True, False, True]]", "a mask of shape (3,)", "mask"),
        (f"x[0, {'[' * 70}1{']' * 70}]", "nested 70 deep", "whole number"),
    ],
)
def test_errors(expression: str, message: str, hint: str) -> None:
    with pytest.raises(DifftoolError) as caught:
        evaluation(expression, **INPUTS)
    assert caught.value.kind == "index"
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_indices_that_do_not_broadcast() -> None:
    with pytest.raises(DifftoolError, match="as indices, shapes") as caught:
        evaluation("x[[0, 1], [0, 1, 2]]", **INPUTS)
    assert caught.value.kind == "shape"


def test_a_computed_index_is_checked_when_it_is_known() -> None:
    with pytest.raises(DifftoolError, match="index 7 is out of range") as caught:
        value("x[k * 7]", **INPUTS)
    assert caught.value.kind == "index" and caught.value.span is not None
