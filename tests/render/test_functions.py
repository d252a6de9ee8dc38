"""The table of functions at several widths, and one function in full."""

from __future__ import annotations

import pytest

from difftool.render.characters import width
from difftool.render.screen import Screen
from difftool.render.view import text
from difftool.report.record import FunctionRecord, FunctionsRecord

MEAN = FunctionRecord(
    "mean",
    ("average",),
    ("mean(input)", "mean(input, dim, keepdim=False)"),
    "Mean of all elements, or over dim.",
    "mean([[1., 2.], [3., 4.]], dim=1)",
    "reduction",
    "MeanBackward0",
)
MARKUP = FunctionRecord(
    "x", (), ("x([red]y[/])",), "Text such as [bold] :smile: stays.", "x[0]", "other", None
)
LONG = MEAN._replace(
    name="long",
    aliases=(),
    signatures=(f"long({', '.join(f'argument{at}=None' for at in range(9))})",),
    meaning="What it computes, " * 9,
)


def test_one_function_in_full() -> None:
    assert text(FunctionsRecord((MEAN,)), Screen(80)) == (
        "mean(input)\n"
        "mean(input, dim, keepdim=False)\n"
        "  Mean of all elements, or over dim.\n"
        "  also     average\n"
        "  family   reduction\n"
        "  grad_fn  MeanBackward0\n"
        "  example  mean([[1., 2.], [3., 4.]], dim=1)\n"
    )
    plain = text(FunctionsRecord((MARKUP,)), Screen())
    assert plain.splitlines()[:2] == ["x([red]y[/])", "  Text such as [bold] :smile: stays."]
    assert "grad_fn" not in plain


def test_the_table_with_all_columns() -> None:
    lines = text(FunctionsRecord((MEAN, MARKUP)), Screen()).splitlines()
    assert [line.rstrip("─ ") for line in lines] == [
        f"{'function':31}  {'meaning':49}  example",
        "",
        "reduction",
        "mean(input)                      Mean of all elements, or over dim. (also average)"
        "  mean([[1., 2.], [3., 4.]], dim=1)",
        "mean(input, dim, keepdim=False)",
        "",
        "other",
        "x([red]y[/])                     Text such as [bold] :smile: stays.                 x[0]",
    ]


def test_an_example_finds_its_place_below_the_meaning() -> None:
    assert text(FunctionsRecord((MEAN, MARKUP)), Screen(70)).splitlines()[2:] == [
        "reduction",
        "mean(input)       Mean of all elements, or over dim. (also",
        "mean(input, dim,  average)",
        "keepdim=False)    mean([[1., 2.], [3., 4.]], dim=1)",
        "",
        "other",
        "x([red]y[/])      Text such as [bold] :smile: stays.",
        "                  x[0]",
    ]


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
def test_nothing_is_wider_than_the_terminal(columns: int) -> None:
    drawn = text(FunctionsRecord((MEAN, MARKUP, LONG)), Screen(columns))
    assert max(map(width, drawn.splitlines())) <= columns
    assert "argument8" in drawn


def test_ascii() -> None:
    text(FunctionsRecord((MEAN, MARKUP)), Screen(80, "ascii")).encode("ascii")
