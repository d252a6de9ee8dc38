"""What hypothesis feeds difftool: texts of any kind, and well-formed requests over all functions.

The requests are made from the registry, so a new function is among them at once. They are well
formed as texts only: their arguments have every kind, shape and dtype, most of them right.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nan
from typing import Any, TypeAlias

import numpy as np
from hypothesis import strategies as st

from difftool.operations import registry
from difftool.operations.registry import Function
from difftool.operations.signature import REQUIRED, Parameter, parameters_of

Array: TypeAlias = "np.ndarray[Any, Any]"
Draw: TypeAlias = st.DrawFn
Texts: TypeAlias = st.SearchStrategy[str]


def _inputs() -> dict[str, Array]:
    """A tensor of every kind: shapes from 0-d to 3-d, empty, all dtypes, zeros, ties and NaN."""
    source = np.random.default_rng(20)
    square = source.normal(size=(3, 3))
    return {
        "x": source.normal(size=(2, 3)),
        "y": source.normal(size=(2, 3)),
        "v": source.normal(size=3),
        "s": np.array(1.5),
        "one": np.array([0.75]),
        "t": source.normal(size=(2, 3, 4)),
        "A": square,
        "P": square @ square.T + np.eye(3),
        "Z": np.zeros((3, 3)),
        "N": np.array([[[nan, 1.0], [2.0, 3.0]], [[inf, 1.0], [0.0, 2.0]], [[1.0, 0.0], [3.0, 4]]]),
        "ties": np.array([[1.0, 1.0, 0.0], [0.0, -1.0, -1.0]]),
        "odd": np.array([nan, inf, -inf, 0.0, 1e308]),
        "empty": np.zeros((0, 3)),
        "f": source.normal(size=(2, 3)).astype(np.float32),
        "h": source.normal(size=3).astype(np.float16),
        "i": source.integers(-3, 4, (2, 3)),
        "k": np.array([0, 2, 1]),
        "j": np.array([[0, 1, 1], [1, 0, 1]], np.int32),
        "u": np.array([0, 255, 7], np.uint8),
        "b": np.array([[True, False, True], [False, False, True]]),
        "m": np.array([True, False, True]),
    }


INPUTS: Mapping[str, Array] = _inputs()

# ----- Texts of any kind -----


def lines(text: str) -> list[str]:
    """The pieces of text between commas with a blank on both sides, or line ends."""
    return [piece.strip() for line in text.split("\n") for piece in line.split(" , ") if piece]


WORDS = (
    *"+ - * / // % @ ^ ** ( ) [ ] , : ; = == != < <= > >= & | ~ . ...".split(),
    *"and or not if else for while lambda import in is None True False def class".split(),
    *"x y v A mean sum torch np F nn e pi inf nan softmax ones requires_grad dim axis".split(),
    *"0 1 2 3.5 1e-3 .5 1_000 0x1f 1e999 1j 9999999999999999999999 --x @x.npy x.T x[0] 3x".split(),
    *"'mean' \"fro\" ' \"\"\" # \\ ! ? $ ` { } × π − ² é 数 😀 \0 \u200b \ufeff \ud800".split(),
    *("\n", "\t", " ", "\r", "\x0c", "\u2028"),
)

soup: Texts = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(WORDS), max_size=14).map("".join),
    st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join),
)


@st.composite
def mutated(draw: Draw, originals: Texts) -> str:
    """A text with a few pieces left out, doubled, exchanged or put in."""
    text = draw(originals)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 4)))
        piece = draw(st.sampled_from(("", text[start:end] * 2, text[end : end + 3])) | soup)
        text = text[:start] + piece + text[end:]
    return text


# ----- Well-formed requests -----

_small = st.integers(-3, 4).map(str)
_large = st.sampled_from("1e300 10^30 -10^30 2^63 -2^63 2^31 10^10 100000".split())
_numbers = st.one_of(
    _small,
    st.sampled_from("0.5 -1.5 2. 1e-3 0. True pi inf -inf nan e".split()),
    _large,
)
_names = st.sampled_from([*INPUTS, "x", "x", "y", "v", "A", "P", "t"])
_literals = st.sampled_from(
    lines(
        """[1, 2, 3] , [[1, 2, 3], [4, 5, 6]] , [] , [[]] , [True, False, True] , [0.5]
        [x, y] , [[v, v]] , [s, 2] , (x, y) , tensor([0, 2]) , tensor(3) , [[1, 2], [3]]
        tensor([0, 1], dtype=torch.uint8) , ones(2, 3, requires_grad=True) , eye(3) , arange(3)
        zeros(0) , zeros(2, 0, 3) , randn(3) , full((2, 3), 7) , 'sum' , None"""
    )
)
_integers = st.one_of(_small, st.sampled_from("10^10 -10^10 2^63 s 2.0 tensor(1)".split()))
_several = st.lists(_integers, max_size=4)
_dims = st.one_of(_integers, _several.map(lambda dims: f"[{', '.join(dims)}]"), st.just("()"))
_sizes = st.one_of(
    _several.map(lambda sizes: "(" + "".join([f"{size}, " for size in sizes]) + ")"),
    st.sampled_from(lines("(100000, 100000) , (10^6, 10^6, 10^6) , x.shape , (2, 3) , (6,) , -1")),
)
_strings = st.sampled_from(
    lines(
        """mean , sum , none , fro , nuc , tanh , floor , trunc , ij,jk->ik , ij->ji , ii , i,i->
        ...i,ij->...j , ij,kj , ij , -> , a,b->ab , bij,bjk , é"""
    )
).map(repr)
_booleans = st.sampled_from("True False 1 0 b m".split())
_dtypes = st.sampled_from(
    """float64 float32 float16 int64 int32 int8 uint8 bool float int long complex x.dtype
    torch.float torch.long np.float64 torch.bfloat16""".split()
)
_items = st.one_of(
    _integers,
    st.tuples(st.sampled_from(("", "0", "1", "-1", "-9", "9", "2^63")), st.sampled_from("123"))
    .map("::".join),
    st.sampled_from(
        lines(
            """: , ... , None , 1: , :-1 , 2:1 , ::0 , ::-1 , True , False , 1:9:2 , 0.5 , s , u
            [0, 1] , [0, 2, -1] , [] , k , m , b , j , i , x > 0 , [True, False] , zeros(0) , 'a'
            tensor(1) , tensor([[0], [1]]) , 1:2.5"""
        )
    ),
)
_indices = st.lists(_items, min_size=1, max_size=3).map(", ".join)
_examples = st.sampled_from([function.example for function in registry.functions()])
_functions = st.sampled_from(registry.functions())
_scalars = st.sampled_from(lines("s , one , True , 0 , x[0, 0] > 0 , s < 1 and one , x"))

_PLAIN: Mapping[str, Texts] = {
    "int": _integers,
    "float": _numbers,
    "Number": _numbers,
    "Scalar": _numbers,
    "bool": _booleans,
    "str": _strings,
    "Dims": _dims,
    "Size": _sizes,
    "DType": _dtypes,
    "IndexTensor": st.sampled_from(("k", "j", "[0, 1]", "tensor([[0, 1, 0]])", "[[0, 2]]", "i")),
}
_anything = st.one_of(*_PLAIN.values(), _literals, _names)


@st.composite
def _argument(draw: Draw, parameter: Parameter, expressions: Texts) -> str:
    """A value for a parameter, mostly of its kind."""
    fitting = _PLAIN.get(parameter.kind, expressions)
    if parameter.kind == "Tensors":
        fitting = st.lists(expressions, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    wrong = draw(st.integers(0, 15)) == 0
    return draw(_anything) if wrong else draw(fitting)


@st.composite
def _call(draw: Draw, expressions: Texts, functions: st.SearchStrategy[Function]) -> str:
    """A call by one of a function's signatures: positional or by keyword, function or method."""
    function = draw(functions)
    parameters = parameters_of(draw(st.sampled_from(function.signatures)))
    arguments: list[str] = []
    by_keyword = False
    for parameter in parameters:
        needed = parameter.default is REQUIRED or parameter.variadic
        if draw(st.integers(0, 9)) < (1 if needed else 6):
            by_keyword = True
            continue
        by_keyword = by_keyword or parameter.keyword_only and not parameter.variadic
        count = draw(st.integers(0, 3)) if parameter.variadic and not by_keyword else 1
        values = [draw(_argument(parameter, expressions)) for _ in range(count)]
        arguments.extend([f"{parameter.name}={v}" if by_keyword else v for v in values])
    name = draw(st.sampled_from((function.name, function.name, *function.aliases)))
    if arguments and "=" not in arguments[0] and draw(st.booleans()):
        return f"({arguments[0]}).{name}({', '.join(arguments[1:])})"
    prefix = draw(st.sampled_from(("", "", "torch.", "F.", "np.")))
    return f"{prefix}{name}({', '.join(arguments)})"


_binary = st.sampled_from("+ - * / // % @ ^ ** & | < >= ==".split())
_attributes = st.sampled_from(
    "T mT shape ndim dtype grad grad_fn requires_grad is_leaf data item() size()".split()
)


def _extended(
    parts: Texts, functions: st.SearchStrategy[Function]
) -> st.SearchStrategy[str]:
    """Expressions made of `parts`."""
    return st.one_of(
        *[_call(parts, functions)] * 8,
        *[st.tuples(parts, _binary, parts).map(lambda p: f"({p[0]} {p[1]} {p[2]})")] * 2,
        st.tuples(st.sampled_from(("-", "+", "~", "not ")), parts).map(lambda p: f"({p[0]}{p[1]})"),
        st.tuples(parts, _indices).map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(parts, _attributes).map(lambda p: f"({p[0]}).{p[1]}"),
        st.tuples(parts, _scalars, parts).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
    )


def requests(functions: st.SearchStrategy[Function] = _functions) -> Texts:
    """Expressions and short programs over `INPUTS`."""
    parts = st.recursive(
        st.one_of(*[_names] * 12, _examples, _numbers, _literals),
        lambda smaller: _extended(smaller, functions),
        max_leaves=4,
    )
    whole = _extended(parts, functions)
    return st.one_of(
        *[whole] * 6,
        whole.map(lambda text: f"sum({text})"),
        st.tuples(whole, whole).map(lambda two: f"x = {two[0]}; {two[1]}"),
        whole.map(lambda text: f"l = sum({text} * x); l.backward(); x.grad"),
    )


# ----- Requests that are right -----

# Functions of one floating-point tensor, whatever its shape, with a derivative nearly everywhere.
_SMOOTH = """
exp sin cos tanh sigmoid relu silu gelu softplus elu leaky_relu square abs erf atan x.T sum mean
logsumexp(dim=0) softmax(dim=0) log_softmax(dim=-1) cumsum(dim=0) cumprod(dim=-1) prod amax max min
var std norm flatten() flip(0) roll(1) unsqueeze(0) tril triu diag reshape(-1) clone() clamp(-1,1)
asinh expm1 cosh norm(1) norm(3,dim=0) max(dim=0).values var(dim=0) mean(dim=-1,keepdim=True)
prod(dim=0) amin(dim=-1)
""".split()


def _applied(name: str, operand: str) -> str:
    if name.startswith("x."):
        return f"({operand}){name[1:]}"
    return f"({operand}).{name}" if "(" in name else f"({operand}).{name}()"


def _steps(parts: Texts) -> Texts:
    return st.one_of(
        st.tuples(st.sampled_from(_SMOOTH), parts).map(lambda p: _applied(*p)),
        st.tuples(parts, st.sampled_from(("+", "-", "*", "/", "@")), parts).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        parts.map(lambda part: f"({part} % 1.5)"),
        st.tuples(parts, st.sampled_from(("0", "1", "2", "3", "-1", "2.5"))).map(
            lambda p: f"({p[0]})^{p[1]}"
        ),
        st.tuples(parts, _indices).map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(parts, parts).map(lambda p: f"where({p[0]} > 0, {p[0]}, {p[1]})"),
        st.tuples(parts, parts).map(lambda p: f"maximum({p[0]}, {p[1]})"),
        st.tuples(parts, parts).map(lambda p: f"cat([{p[0]}, {p[1]}])"),
    )


# Expressions that are differentiable nearly everywhere wherever their shapes fit.
smooth: Texts = st.recursive(
    st.sampled_from(("x", "x", "y", "v", "s", "one", "A", "P", "2", "0.5")), _steps, max_leaves=5
).map(lambda text: f"sum({text})")
