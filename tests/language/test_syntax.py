"""The tree itself: frozen, compared by meaning, printable; and the free names of programs."""

from __future__ import annotations

import pytest

from difftool.errors import Span
from difftool.language import syntax
from difftool.language.parser import parse
from difftool.language.syntax import (
    NOWHERE,
    Binary,
    Compare,
    List,
    Literal,
    Name,
    Number,
    Program,
    String,
    Tree,
    Tuple,
    Unary,
    free_names,
)

KINDS = [
    kind
    for kind in vars(syntax).values()
    if isinstance(kind, type) and issubclass(kind, Tree) and kind is not Tree
]


def test_nodes_are_frozen() -> None:
    node = Unary("neg", Name("x"))
    with pytest.raises(AttributeError, match="frozen"):
        node.operator = "pos"
    with pytest.raises(AttributeError, match="frozen"):
        node.span = Span(0, 1)
    with pytest.raises(AttributeError, match="frozen"):
        del node.operand
    assert (node.operator, node.span) == ("neg", NOWHERE)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_has_slots_only(kind: type[Tree]) -> None:
    assert not hasattr(kind, "__dict__") or "__dict__" not in dir(kind)
    assert kind.__slots__ == kind.__match_args__
    assert kind.__doc__


def test_there_are_eighteen_kinds() -> None:
    assert len(KINDS) == 18


def test_equality_is_of_meaning_and_not_of_place() -> None:
    assert parse("x+2*y") == parse(" x + (2*y) ")
    assert hash(parse("x+2*y")) == hash(parse(" x + (2*y) "))
    assert len({parse("x"), parse("(x)"), parse("y")}) == 2
    assert parse("x") != "x"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Number(1), Number(1.0)),
        (Number(0.0), Number(-0.0)),
        (Number(1), Literal(True)),
        (String("x"), Name("x")),
        (List(()), Tuple(())),
        (List((Name("x"),)), List((Name("x"), Name("x")))),
        (Binary("sub", Name("x"), Name("y")), Binary("sub", Name("y"), Name("x"))),
        (parse("a < b < c"), parse("(a < b) < c")),
        (parse("f(a, b)"), parse("f(a, b=b)")),
        (parse("x[1:]"), parse("x[:1]")),
        (parse("x[0, 1]"), parse("x[0][1]")),
        (parse("x; y"), parse("y; x")),
    ],
)
def test_what_means_something_else_differs(one: Tree, two: Tree) -> None:
    assert one != two
    assert two != one


def test_nan_is_the_same_number_as_itself() -> None:
    assert Number(float("nan")) == Number(float("nan"))


def test_repr_is_the_construction() -> None:
    tree = parse("y = -x[0, :2]; y < 'a'")
    assert repr(tree) == (
        "Program((Assign(Name('y'), Unary('neg', Subscript(Name('x'), "
        "Tuple((Number(0), Slice(None, Number(2), None)))))), "
        "Compare(('lt',), (Name('y'), String('a')))))"
    )
    assert repr(Tuple((Literal(...),))) == "Tuple((Literal(Ellipsis),))"


@pytest.mark.parametrize(
    "text", ["+".join("x" * 1000), "[" + "1," * 100_000 + "]", "-" * 9000 + "1"]
)
def test_repr_is_bounded(text: str) -> None:
    shown = repr(parse(text))
    assert shown.endswith("...") and len(shown) < 3_000


def test_nodes_match_by_their_parts() -> None:
    match parse("a < b").statements[0]:
        case Compare((operator,), (Name(left), Name(right))):
            assert (operator, left, right) == ("lt", "a", "b")
        case _:
            raise AssertionError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mean(3*(x+2)^3)", "x"),
        ("b + a*b", "b a"),
        ("y = x + 2; z = y*y; mean(z)", "x"),
        ("y = y + 1; y", "y"),
        ("y; y = 1", "y"),
        ("x = 1; y = x; z", "z"),
        ("z.mean() + f(z)", "z"),
        ("mean(mean)", "mean"),
        ("f(dim=d)", "d"),
        ("a if c else b", "a c b"),
        ("x[i, j:k:m]", "x i j k m"),
        ("[a, (b, 'c')]", "a b"),
        ("not a < b <= c", "a b c"),
        ("torch.mean(x) + np.pi + F.relu(y)", "x y"),
        ("torch.nn.functional.relu(x)", "x"),
        ("linalg.det(A) + special.erf(nn)", "A nn"),
        ("torch.tensor([a], dtype=torch.float32)", "a"),
        ("F * np", "F np"),
        ("F.T @ F.shape", "F"),
        ("x.grad_fn", "x"),
        ("torch.ones(2).T.sum(n)", "n"),
        ("pi*e + inf", "pi e inf"),
        ("tensor([1], dtype=float)", "float"),
        ("(x + y).f(z).g(w)", "x y z w"),
        ("f = 1; f(2)", ""),
        ("True", ""),
    ],
)
def test_free_names(text: str, expected: str) -> None:
    assert free_names(parse(text)) == tuple(expected.split())


def test_programs_made_without_a_text() -> None:
    x = Name("x")
    program = Program((Binary("mul", Number(3), Binary("add", x, Number(2))),))
    assert program == parse("3*(x+2)")
    assert syntax.unparse(program) == "3 * (x + 2)"
