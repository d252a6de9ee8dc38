"""The grad_fn chain as text: shared functions once, deep and long chains without drift."""

from __future__ import annotations

import pytest

from difftool.render.screen import Screen
from difftool.render.tree import tree
from difftool.report.record import ChainEntry


def chain(*entries: tuple[int, str, tuple[int, ...]]) -> list[ChainEntry]:
    """Entries of a chain; a name in lower case is that of a variable."""
    return [
        ChainEntry(identity, "AccumulateGrad", name, following)
        if name.islower()
        else ChainEntry(identity, f"{name}Backward0", None, following)
        for identity, name, following in entries
    ]


CUBIC = chain((6, "Mean", (5,)), (5, "Mul", (4,)), (4, "Pow", (2,)), (2, "Add", (0,)), (0, "x", ()))


@pytest.mark.parametrize(
    ("entries", "screen", "lines"),
    [
        ([], Screen(80), []),
        (chain((0, "x", ())), Screen(80), ["  AccumulateGrad(x)"]),
        (
            CUBIC,
            Screen(80),
            ["  MeanBackward0 ← MulBackward0 ← PowBackward0 ← AddBackward0 ← AccumulateGrad(x)"],
        ),
        (
            CUBIC,
            Screen(79),
            [
                "  MeanBackward0 ← MulBackward0 ← PowBackward0 ← AddBackward0",
                "  ← AccumulateGrad(x)",
            ],
        ),
        (
            CUBIC,
            Screen(40, "ascii"),
            [
                "  MeanBackward0 <- MulBackward0",
                "  <- PowBackward0 <- AddBackward0",
                "  <- AccumulateGrad(x)",
            ],
        ),
        (
            chain((1, "Mul", (0, 0)), (0, "x", ())),
            Screen(80),
            [
                "  MulBackward0",
                "  ├─ AccumulateGrad(x) #0",
                "  └─ AccumulateGrad(x) (see #0)",
            ],
        ),
        (
            chain(
                (5, "Mean", (4,)),
                (4, "Mul", (3, 2)),
                (3, "Mul", (2, 2)),
                (2, "Add", (0,)),
                (0, "x", ()),
            ),
            Screen(80),
            [
                "  MeanBackward0 ← MulBackward0",
                "  ├─ MulBackward0",
                "  │  ├─ AddBackward0 #2 ← AccumulateGrad(x)",
                "  │  └─ AddBackward0 (see #2)",
                "  └─ AddBackward0 (see #2)",
            ],
        ),
        (
            chain((9, "Add", (8, 7)), (8, "Sin", (1,)), (7, "Cos", (1,)), (1, "x", ())),
            Screen(80, "ascii"),
            [
                "  AddBackward0",
                "  |- SinBackward0 <- AccumulateGrad(x) #1",
                "  `- CosBackward0 <- AccumulateGrad(x) (see #1)",
            ],
        ),
    ],
)
def test_small_trees(entries: list[ChainEntry], screen: Screen, lines: list[str]) -> None:
    assert tree(entries, screen) == lines


def test_names_of_variables_are_shown_as_typed_or_escaped() -> None:
    entries = [ChainEntry(0, "AccumulateGrad", "[red]\x1b√", ())]
    assert tree(entries, Screen(80, "ascii")) == ["  AccumulateGrad([red]\\x1b\\u221a)"]


def test_colour_marks_variables_and_numbers() -> None:
    (line,) = tree(CUBIC, Screen(80, color=True))
    assert line.endswith("AccumulateGrad(\x1b[36mx\x1b[0m)")


def sum_of_leaves(terms: int) -> list[ChainEntry]:
    """x0 + x1 + x2 ...: a function nested in the first operand of the one above."""
    entries = chain(
        *((2 * at, "Add", (2 * at - 2 if at > 1 else 1, 2 * at + 1)) for at in range(terms, 0, -1))
    )
    leaves = [ChainEntry(2 * at + 1, "AccumulateGrad", f"x{at}", ()) for at in range(terms + 1)]
    return entries + leaves


def test_a_deep_tree_keeps_to_its_column() -> None:
    assert tree(sum_of_leaves(6), Screen(80)) == [
        "  AddBackward0",
        "  ├─ AccumulateGrad(x6)",
        "  ← AddBackward0",
        "  ├─ AccumulateGrad(x5)",
        "  ← AddBackward0",
        "  ├─ AddBackward0",
        "  │  ├─ AddBackward0",
        "  │  │  ├─ AddBackward0",
        "  │  │  │  ├─ AccumulateGrad(x0)",
        "  │  │  │  └─ AccumulateGrad(x1)",
        "  │  │  └─ AccumulateGrad(x2)",
        "  │  └─ AccumulateGrad(x3)",
        "  └─ AccumulateGrad(x4)",
    ]


def line_of(count: int) -> list[ChainEntry]:
    following = [(at, "Add", (at - 1,)) for at in range(count, 0, -1)]
    return chain(*following, (0, "x", ()))


def doubled(count: int) -> list[ChainEntry]:
    """x + x, that plus itself, and so on: two ways down at every function."""
    following = [(at, "Add", (at - 1, at - 1)) for at in range(count, 0, -1)]
    return chain(*following, (0, "x", ()))


@pytest.mark.parametrize("make", [line_of, sum_of_leaves, doubled])
def test_a_hundred_thousand_functions(make: object) -> None:
    assert callable(make)
    lines = tree(make(100_000), Screen(80))
    assert len(lines) == 43
    assert max(map(len, lines)) <= 80
    (note,) = [line for line in lines if "left out" in line]
    assert note.endswith("lines left out; --json has every node")
    assert any("AccumulateGrad" in line for line in lines[31:])


def test_a_pipe_breaks_long_lines_for_reading_and_loses_nothing() -> None:
    lines = tree(line_of(40), Screen())
    assert 80 < max(map(len, lines)) <= 160
    assert " ".join(lines).count("AddBackward0") == 40


def test_every_function_is_named_once_in_full() -> None:
    # Three layers of eight functions, each passing gradients to all of the next layer.
    entries = []
    for layer in range(3, 0, -1):
        for at in range(8):
            following = tuple(8 * (layer - 1) + other for other in range(8))
            entries.append((8 * layer + at, "Mm", following))
    leaves = [(at, f"w{'abcdefgh'[at]}", ()) for at in range(8)]
    root = (99, "Stack", tuple(8 * 3 + at for at in range(8)))
    text = "\n".join(tree(chain(root, *entries[:8], *entries[8:], *leaves), Screen(200)))
    assert text.count("StackBackward0") == 1


def test_marks_tell_shared_functions_apart() -> None:
    entries = chain(
        (4, "Add", (3, 2)), (3, "Mul", (1, 0)), (2, "Mul", (1, 0)), (1, "x", ()), (0, "y", ())
    )
    text = "\n".join(tree(entries, Screen(80)))
    for mark in ("(x) #1", "(x) (see #1)", "(y) #0", "(y) (see #0)"):
        assert text.count(mark) == 1
