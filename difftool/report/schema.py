"""The JSON Schema of everything difftool prints as JSON, as `difftool schema` prints it.

It describes the lines that `report.json_lines` writes, key for key and in their order, and is
strict: a key it does not list is not printed. Only that command and the tests import this module.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from difftool.report.json_lines import SCHEMA_VERSION

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# The kinds of lines, by the names of their definitions.
LINES = (
    *("eval", "grad", "jvp", "vjp", "jacobian", "hessian", "hvp", "run", "functions", "schema"),
    *("check", "error"),
)


def schema() -> Schema:
    """JSON Schema, draft 2020-12, that holds for every line of JSON of every command."""
    return {
        "$schema": DIALECT,
        "title": "difftool",
        "description": f"Everything difftool prints as JSON, version {SCHEMA_VERSION}: "
        "results on standard output, errors on standard error, one object a line.",
        "oneOf": [_reference(name) for name in LINES],
        "$defs": _definitions(),
    }


def schema_line() -> str:
    """The schema as one line of JSON, the newline included."""
    return json.dumps(schema()) + "\n"


def _definitions() -> Schema:
    tensor = {
        "shape": _reference("shape"),
        "dtype": _reference("dtype"),
        "data": _reference("elements"),
    }
    head = {
        "expression": _text("The expression as it was typed."),
        "seed": _reference("seed"),
    }
    return {
        "eval": _command(
            "eval",
            "The value of an expression.",
            **head,
            output=_reference("value"),
        ),
        **_derivatives(head | {"output": _reference("output")}),
        "grad": _command(
            "grad",
            "The value of an expression, its graph and the gradients of its inputs.",
            **head,
            output=_reference("output"),
            nodes={
                "description": "Every node of the graph, inputs before users.",
                "type": "array",
                "items": _reference("node"),
            },
            gradients={
                "description": "The gradient of the output for each input, by name; of an output "
                "that is no scalar, the product of --grad-output with the Jacobian.",
                "type": "object",
                "additionalProperties": _reference("gradient"),
            },
        ),
        "run": _command(
            "run",
            "What a program printed, and what its variables held when it had ended.",
            file=_text('The file of the program as it was named; "-": standard input.'),
            seed=_reference("seed"),
            output={
                "description": "What it printed, line by line.",
                "type": "array",
                "items": {"type": "string"},
            },
            variables={
                "description": "Every variable that held a tensor at the end, by name.",
                "type": "object",
                "additionalProperties": _reference("output"),
            },
            gradients={
                "description": "The gradients (.grad) of those variables that have one.",
                "type": "object",
                "additionalProperties": _reference("tensor"),
            },
        ),
        "check": _command(
            "check",
            "Whether the gradients of an expression hold. One line for each check.",
            name=_or_null(_text("What a check file calls it; null on the command line.")),
            file=_or_null(_text("The check file.")),
            line=_or_null(_count("The line of the check in its file.", minimum=1)),
            expression=_text("The expression as it was typed."),
            against=_or_null(_text("The hand-derived gradient.")),
            seed=_count("The seed of inputs, directions and vectors."),
            trials=_count("How many points were tried.", minimum=1),
            passed={"description": "Whether every comparison holds.", "type": "boolean"},
            comparisons={"type": "array", "items": _reference("comparison")},
            notes={"type": "array", "items": {"type": "string"}},
            error=_or_null(_reference("fault"))
            | {"description": "Why it could not be carried out."},
        ),
        "comparison": _object(
            {
                "input": _text("The input's name."),
                "shape": _reference("shape"),
                "order": {"description": "1: gradient, 2: second derivative.", "enum": [1, 2]},
                "method": {
                    "description": "What reverse mode was compared with: central differences, "
                    "forward mode, or a hand-derived gradient.",
                    "enum": ["numeric", "forward", "against"],
                },
                "passed": {"type": "boolean"},
                "entries": _count("Single entries compared, over all trials."),
                "directions": _count("Random directions compared, over all trials."),
                "failed": _count("How many of both are out of tolerance."),
                "worst": _or_null(_reference("entry")),
                "kinks": {
                    "description": "The first entries at which the function bends or jumps.",
                    "type": "array",
                    "items": _reference("entry"),
                },
                "kink_count": _count("How many there are."),
                "rtol": _reference("number"),
                "atol": _reference("number"),
                "trial": _count("The trial that `worst` is from.", minimum=1),
                "seed": _count("The seed that gives this trial by itself."),
                "notes": {"type": "array", "items": {"type": "string"}},
            },
            "The derivatives by one input, compared in one way.",
        ),
        "entry": _object(
            {
                "index": _or_null({"type": "array", "items": _count("One index.")})
                | {"description": "Null: a derivative along a random direction."},
                "analytic": _reference("number")
                | {"description": "Reverse mode's, or the hand-derived one."},
                "reference": _reference("number") | {"description": "What it was compared with."},
                "absolute": _reference("number") | {"description": "Their difference."},
                "relative": _reference("number") | {"description": "That over the larger one."},
                "uncertainty": _reference("number")
                | {"description": "How far the reference may be off."},
                "left": _or_null(_reference("number"))
                | {"description": "At a kink, the slope on the left."},
                "right": _or_null(_reference("number"))
                | {"description": "At a kink, the slope on the right."},
                "passed": {"type": "boolean"},
            },
            "One entry of a derivative.",
        ),
        "number": {
            "anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}],
        },
        "functions": _command(
            "functions",
            "The functions of the language.",
            functions={"type": "array", "items": _reference("function")},
        ),
        "schema": _object(
            {
                "$schema": {"const": DIALECT},
                "title": {"const": "difftool"},
                "description": {"type": "string"},
                "oneOf": {"type": "array", "items": {"type": "object"}},
                "$defs": {"type": "object"},
            },
            "This schema.",
        ),
        "error": _object({"error": _reference("fault")}, "Why a request can't be met."),
        "fault": _object(
            {
                "kind": {
                    "description": "What sort of fault it is.",
                    "enum": [
                        *("syntax", "name", "shape", "dtype", "argument", "value"),
                        *("index", "file", "limit", "usage", "unsupported", "assertion"),
                        "defect",
                    ],
                },
                "message": _text("One line that says what is wrong."),
                "hint": _or_null(_text("The way out.")),
                "start": _or_null(_count("Where the fault starts, in characters from 0.")),
                "end": _or_null(_count("Where it ends: the character after its last.")),
                "line": _or_null(_count("The line of its start, from 1.", minimum=1)),
                "column": _or_null(_count("The column of its start, from 1.", minimum=1)),
                "place": _or_null(
                    _text('The text that is counted in ("--x", a file); null: the expression.')
                ),
                "notes": {"type": "array", "items": {"type": "string"}},
            }
        ),
        "value": {
            "description": "A tensor, a value that is no tensor, or several of them.",
            "oneOf": [_reference(name) for name in ("output", "text", "tuple")],
        },
        "output": _object(tensor | {"grad_fn": _or_null(_reference("name"))}, "A tensor."),
        "text": _object(
            {"text": {"type": "string"}}, "A value that is no tensor, as PyTorch prints it."
        ),
        "tuple": _object(
            {"tuple": {"type": "array", "items": _reference("value")}}, "Several values."
        ),
        "node": _object(
            {
                "id": _count("Its number; nodes refer to each other by it."),
                "expression": _text("The text the node stands for."),
                "op": _reference("name") | {"description": 'Its operation; "leaf": an input.'},
                "inputs": {"type": "array", "items": _count("The id of an input.")},
                "requires_grad": {"type": "boolean"},
                "grad_fn": _or_null(_reference("name")),
                "next_functions": {"type": "array", "items": _reference("name")},
                "shape": _reference("shape"),
                "dtype": _reference("dtype"),
                "data": _or_null(_reference("elements")),
                "grad": _or_null(_reference("tensor")),
            },
            "A node: its value, and the gradient of the output for it. Both are null where the "
            "values of all nodes together are too many to keep (--keep).",
        ),
        "tensor": _object(tensor, "A tensor without its history."),
        "gradient": _object(
            tensor
            | {
                "used": {
                    "description": "Whether the output depends on the input; zeros otherwise.",
                    "type": "boolean",
                }
            },
            "The gradient of the output for an input.",
        ),
        "function": _object(
            {
                "name": _reference("name"),
                "aliases": {"type": "array", "items": _reference("name")},
                "signatures": {"type": "array", "items": {"type": "string"}},
                "meaning": {"type": "string"},
                "example": {"type": "string"},
                "family": {"type": "string"},
                "grad_fn": _or_null(_reference("name")),
            },
            "A function of the language.",
        ),
        "seed": _or_null(_count("The seed random tensors were drawn with; null: none were.")),
        "shape": {"type": "array", "items": {"type": "integer", "minimum": 0}},
        "dtype": {"description": "NumPy's name of the element type.", "type": "string"},
        "name": {"type": "string", "minLength": 1},
        "elements": {
            "description": "A number for a 0-d tensor, else lists as deep as the shape is long.",
            "anyOf": [
                {"type": "number"},
                {"enum": ["NaN", "Infinity", "-Infinity"]},
                {"type": "boolean"},
                {"type": "array", "items": _reference("elements")},
            ],
        },
    }


def _derivatives(head: Schema) -> Schema:
    """The lines of the commands of products and of whole derivatives."""
    matrix = _object(
        {
            "rows": {"type": "array", "items": _text('What a row stands for, as "x[0]".')},
            "columns": {"type": "array", "items": _text("What a column stands for.")},
            "data": {"type": "array", "items": {"type": "array", "items": _reference("elements")}},
        },
        "All of it as one matrix, if --matrix asks for it.",
    )
    return {
        "jvp": _command(
            "jvp",
            "The value of an expression, and its derivative along the tangents of its inputs.",
            **head,
            tangent=_reference("tensor"),
        ),
        "vjp": _command(
            "vjp",
            "The value of an expression, and the product of a vector with its Jacobians.",
            **head,
            gradients=_by_name("The product for each input, by name.", _reference("gradient")),
        ),
        "jacobian": _command(
            "jacobian",
            "The value of an expression, and its derivatives by every element of its inputs.",
            ("matrix",),
            **head,
            jacobians=_by_name(
                "The Jacobian for each input, by name: the output's shape, then the input's.",
                _reference("tensor"),
            ),
            matrix=matrix,
        ),
        "hessian": _command(
            "hessian",
            "The value of an expression, and its second derivatives by every pair of elements.",
            ("matrix",),
            **head,
            hessians=_by_name(
                "The blocks by the names of two inputs: the shape of the first, then of the other.",
                _by_name("The blocks of the first input, by the second.", _reference("tensor")),
            ),
            matrix=matrix,
        ),
        "hvp": _command(
            "hvp",
            "The value of an expression, and the product of its Hessian with the tangents.",
            **head,
            products=_by_name("The product's part for each input.", _reference("tensor")),
        ),
    }


def _by_name(description: str, one: Schema) -> Schema:
    return {"description": description, "type": "object", "additionalProperties": one}


def _command(
    name: str, description: str, optional: tuple[str, ...] = (), /, **properties: Schema
) -> Schema:
    head = {
        "difftool": {"description": "The version of this schema.", "const": SCHEMA_VERSION},
        "command": {"const": name},
    }
    return _object(head | properties, description, optional)


def _object(
    properties: Schema, description: str | None = None, optional: tuple[str, ...] = ()
) -> Schema:
    about = {} if description is None else {"description": description}
    return about | {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _text(description: str) -> Schema:
    return {"description": description, "type": "string"}


def _count(description: str, minimum: int = 0) -> Schema:
    return {"description": description, "type": "integer", "minimum": minimum}


def _or_null(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "null"}]}
