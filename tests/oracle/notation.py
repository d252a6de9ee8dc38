"""difftool's language for PyTorch: the text of a case becomes Python over torch's functions.

`measure` uses it to evaluate the cases of the tables. Only these own tables are ever evaluated,
and only here: difftool itself has a parser and no evaluation of Python.

What the language has beyond Python is translated in the syntax tree: `^` is power, a list literal
where a tensor is wanted is a tensor, `torch.`, `np.`, `F.` and their like lead to the same
function, a method and a function of one name are one thing, `axis` and `keepdims` are `dim` and
`keepdim`.
"""

from __future__ import annotations

import ast
import importlib
import math
from typing import Any

torch: Any = importlib.import_module("torch")

_MODULES = {"torch", "np", "numpy", "F", "nn", "linalg", "special"}
_CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}
_DTYPES = {
    "float": torch.float64,
    "int": torch.int64,
    "bool": torch.bool,
    "float32": torch.float32,
    "float64": torch.float64,
    "int32": torch.int32,
    "int64": torch.int64,
}
# Functions whose lists are sequences, shapes or data already.
_LISTS_STAY = {
    "cat",
    "concat",
    "concatenate",
    "stack",
    "tensor",
    "zeros",
    "ones",
    "full",
    "multi_dot",
    "einsum",
    "hstack",
    "vstack",
    "row_stack",
    "dstack",
    "column_stack",
    "block_diag",
    "atleast_1d",
    "atleast_2d",
    "atleast_3d",
    "meshgrid",
    "broadcast_tensors",
    "cartesian_prod",
    "new_tensor",
    "empty",
    "Size",
    "Tensor",
    "DoubleTensor",
    "FloatTensor",
    "HalfTensor",
    "LongTensor",
    "IntTensor",
    "ShortTensor",
    "CharTensor",
    "ByteTensor",
    "BoolTensor",
}
# Functions whose later arguments are tensors as well, by position.
_LATER_TENSORS = {
    "dot": (1,),
    "outer": (1,),
    "matmul": (1,),
    "mm": (1,),
    "mv": (1,),
    "maximum": (1,),
    "minimum": (1,),
    "where": (1, 2),
    "gather": (2,),
    "mse_loss": (1,),
    "cross_entropy": (1,),
    "solve": (1,),
    "atan2": (1,),
    "pow": (1,),
    "clamp": (1, 2),
}
_TENSOR_KEYWORDS = {"weight", "target", "index", "other", "min", "max"}
_DIMS = {"flip", "roll", "permute"}


def evaluate(expression: str, inputs: dict[str, Any]) -> Any:
    """The value of an expression program: its last line, after its other statements ran."""
    tree = ast.parse(expression.replace("^", "**").strip())
    tree = ast.fix_missing_locations(_Translation(set(inputs)).visit(tree))
    *statements, last = tree.body
    if not isinstance(last, ast.Expr):
        raise ValueError(f"the last statement is no expression: {expression!r}")
    names: dict[str, Any] = {
        **_CONSTANTS,
        **_DTYPES,
        **inputs,
        "_function": _function,
        "_method": _method,
        "_tensor": torch.tensor,
    }
    exec(compile(ast.Module(statements, []), "<case>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<case>", "eval"), names)


def _function(name: str) -> Any:
    """The function of a name that has lost its prefix (`linalg.` stays, it tells two apart)."""
    if name == "solve":  # torch.solve is gone, and only says so
        name = "linalg.solve"
    owner = torch
    *path, last = name.split(".")
    for part in path:
        owner = getattr(owner, part)
    for place in (owner, torch.nn.functional, torch.linalg, torch.special, torch.Tensor):
        if hasattr(place, last):
            return getattr(place, last)
    raise NameError(name)


def _method(value: Any, name: str) -> Any:
    """A tensor's own method, or the function of that name with the tensor before the rest."""
    if hasattr(value, name):
        return getattr(value, name)
    function = _function(name)
    return lambda *arguments, **keywords: function(value, *arguments, **keywords)


def _call(helper: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(helper, ast.Load()), list(arguments), [])


def _as_tensor(node: ast.expr) -> ast.expr:
    return _call("_tensor", node) if isinstance(node, ast.List) else node


class _Translation(ast.NodeTransformer):
    """Rewrites one program; `bound` are the names that are tensors, whatever a module is called."""

    def __init__(self, bound: set[str]) -> None:
        self.bound = bound

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        node.value = _as_tensor(node.value)
        self.bound |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        node.value = _as_tensor(node.value)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        node.left, node.right = _as_tensor(node.left), _as_tensor(node.right)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        node.operand = _as_tensor(node.operand)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        node.left = _as_tensor(node.left)
        node.comparators = [_as_tensor(operand) for operand in node.comparators]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        node.value = _as_tensor(node.value)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        path = self._module_path(node)
        if path is not None:
            if path in _DTYPES:
                return ast.Name(path, ast.Load())
            return _call("_function", ast.Constant(path))
        self.generic_visit(node)
        node.value = _as_tensor(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = node.func
        name, method = "", False
        if isinstance(function, ast.Name) and function.id not in self.bound:
            name = function.id
            node.func = _call("_function", ast.Constant(name))
        elif isinstance(function, ast.Attribute):
            path = self._module_path(function)
            name, method = path or function.attr, path is None
            if path is None:
                value = _as_tensor(self.visit(function.value))
                node.func = _call("_method", value, ast.Constant(name))
            else:
                node.func = _call("_function", ast.Constant(path))
        last = name.rpartition(".")[2]
        node.args = [self.visit(argument) for argument in node.args]
        if last not in _LISTS_STAY:
            tensors = {0, *_LATER_TENSORS.get(last, ())}
            for position, argument in enumerate(node.args):
                if position + method in tensors:
                    node.args[position] = _as_tensor(argument)
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
            if keyword.arg in _TENSOR_KEYWORDS:
                keyword.value = _as_tensor(keyword.value)
            elif keyword.arg == "axis":
                keyword.arg = "dims" if last in _DIMS else "dim"
            elif keyword.arg == "keepdims":
                keyword.arg = "keepdim"
        return node

    def _module_path(self, node: ast.expr) -> str | None:
        """`torch.linalg.det` as "linalg.det"; None where the root is no module."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self.bound or node.id not in _MODULES:
            return None
        if node.id in ("linalg", "special"):
            parts.append(node.id)
        if node.id == "F" or "functional" in parts:
            return f"nn.functional.{parts[0]}"
        return ".".join(reversed(parts))
