"""Records and errors as JSON: one object a line, its keys in the order `report.schema` lists them.

A record is given in pieces, so that a million numbers are never held as one text beside the array
they come from. `tensors.json_numbers` writes the numbers; whoever holds a stream writes the pieces
to it. The json module is imported only for texts that need escapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from difftool.errors import DifftoolError
from difftool.graph.dtype import name_of
from difftool.report.record import (
    EvalRecord,
    FunctionRecord,
    FunctionsRecord,
    GradientRecord,
    GradRecord,
    NodeRecord,
    Output,
    OutputRecord,
    Record,
    RunRecord,
    TextRecord,
)
from difftool.tensors.json_numbers import json_pieces

if TYPE_CHECKING:
    from difftool.report.derivatives import DerivativeRecord
    from difftool.report.record import Array

# The version of the schema: the value of the key "difftool".
SCHEMA_VERSION = 1


def pieces(record: Record) -> Iterator[str]:
    """The line of JSON that stands for `record`, in pieces, the newline included.

    The text is ASCII and valid under RFC 8259 whatever the record holds: numbers that are not
    finite are the strings "NaN", "Infinity" and "-Infinity".
    """
    yield f'{{"difftool": {SCHEMA_VERSION}, "command": {_text(record.command)}, '
    if isinstance(record, RunRecord):
        yield from _run(record)
    elif isinstance(record, FunctionsRecord):
        yield '"functions": ['
        for position, function in enumerate(record.functions):
            yield (", " if position else "") + _function(function)
        yield "]"
    else:
        seed = _number(record.seed)
        yield f'"expression": {_text(record.expression)}, "seed": {seed}, "output": '
        yield from _output(record.output)
        if isinstance(record, GradRecord):
            yield from _grad(record)
        elif not isinstance(record, EvalRecord):
            yield from _derivatives(record)
    yield "}\n"


def error_line(error: DifftoolError) -> str:
    """The line of JSON that stands for `error`, the newline included.

    `start` and `end` count characters of the text that `place` names: an option's value or a
    program's file (null: the expression);
    `line` and `column` count from 1.
    """
    start, end = (None, None) if error.span is None else error.span
    return (
        f'{{"error": {{"kind": {_text(error.kind)}, "message": {_text(error.message)}, '
        f'"hint": {_text(error.hint)}, "start": {_number(start)}, "end": {_number(end)}, '
        f'"line": {_number(error.line)}, "column": {_number(error.column)}, '
        f'"place": {_text(error.place)}, "notes": {_texts(error.notes)}}}}}\n'
    )


def _output(output: Output) -> Iterator[str]:
    if isinstance(output, OutputRecord):
        yield "{"
        yield from _tensor(output.shape, output.dtype, output.data)
        yield f', "grad_fn": {_text(output.grad_fn)}}}'
    elif isinstance(output, TextRecord):
        yield f'{{"text": {_text(output.text)}}}'
    else:
        yield '{"tuple": ['
        for position, item in enumerate(output.items):
            if position:
                yield ", "
            yield from _output(item)
        yield "]}"


def _grad(record: GradRecord) -> Iterator[str]:
    yield ', "nodes": ['
    for position, node in enumerate(record.nodes):
        if position:
            yield ", "
        yield from _node(node)
    yield '], "gradients": '
    yield from _gradients(record.gradients)


def _gradients(gradients: Mapping[str, GradientRecord]) -> Iterator[str]:
    yield "{"
    for position, (name, gradient) in enumerate(gradients.items()):
        array = gradient.array
        yield f"{', ' if position else ''}{_text(name)}: {{"
        yield from _tensor(array.shape, array.dtype.name, array)
        yield f', "used": {_boolean(gradient.used)}}}'
    yield "}"


def _derivatives(record: DerivativeRecord) -> Iterator[str]:
    from difftool.report.derivatives import HessianRecord, HvpRecord, JacobianRecord, JvpRecord

    if isinstance(record, JvpRecord):
        tangent = record.tangent
        yield ', "tangent": {'
        yield from _tensor(tangent.shape, tangent.dtype.name, tangent)
        yield "}"
    elif isinstance(record, HvpRecord):
        yield ', "products": '
        yield from _tensors(record.products)
    elif isinstance(record, JacobianRecord | HessianRecord):
        if isinstance(record, JacobianRecord):
            yield ', "jacobians": '
            yield from _tensors(record.jacobians)
        else:
            yield ', "hessians": {'
            for position, (name, row) in enumerate(record.hessians.items()):
                yield f"{', ' if position else ''}{_text(name)}: "
                yield from _tensors(row)
            yield "}"
        if record.matrix is not None:
            rows, columns, data = record.matrix
            yield f', "matrix": {{"rows": {_texts(rows)}, "columns": {_texts(columns)}, "data": '
            yield from json_pieces(data)
            yield "}"
    else:
        yield ', "gradients": '
        yield from _gradients(record.gradients)


def _tensors(tensors: Mapping[str, Array]) -> Iterator[str]:
    yield "{"
    for position, (name, array) in enumerate(tensors.items()):
        yield f"{', ' if position else ''}{_text(name)}: {{"
        yield from _tensor(array.shape, array.dtype.name, array)
        yield "}"
    yield "}"


def _run(record: RunRecord) -> Iterator[str]:
    yield f'"file": {_text(record.file)}, "seed": {_number(record.seed)}, "output": '
    yield f'{_texts(_lines(record.output))}, "variables": {{'
    for position, (name, variable) in enumerate(record.variables.items()):
        yield f"{', ' if position else ''}{_text(name)}: "
        yield from _output(variable)
    yield '}, "gradients": {'
    for position, (name, gradient) in enumerate(record.gradients.items()):
        yield f"{', ' if position else ''}{_text(name)}: {{"
        yield from _tensor(gradient.shape, gradient.dtype, gradient.data)
        yield "}"
    yield "}"


def _lines(printed: str) -> list[str]:
    """The lines of a text; str.splitlines would also break them at characters within a line."""
    lines = printed.split("\n")
    return lines if lines[-1] else lines[:-1]


def _node(node: NodeRecord) -> Iterator[str]:
    yield (
        f'{{"id": {node.id}, "expression": {_text(node.expression)}, "op": {_text(node.op)}, '
        f'"inputs": {list(node.inputs)}, "requires_grad": {_boolean(node.requires_grad)}, '
        f'"grad_fn": {_text(node.grad_fn)}, "next_functions": {_texts(node.next_functions)}, '
    )
    yield from _tensor(node.shape, node.dtype, node.data)
    if node.grad is None:
        yield ', "grad": null}'
    else:
        yield ', "grad": {'
        yield from _tensor(node.grad.shape, name_of(node.grad.dtype), node.grad)
        yield "}}"


def _function(function: FunctionRecord) -> str:
    return (
        f'{{"name": {_text(function.name)}, "aliases": {_texts(function.aliases)}, '
        f'"signatures": {_texts(function.signatures)}, "meaning": {_text(function.meaning)}, '
        f'"example": {_text(function.example)}, "family": {_text(function.family)}, '
        f'"grad_fn": {_text(function.grad_fn)}}}'
    )


def _tensor(shape: tuple[int, ...], dtype: str, data: Array | None) -> Iterator[str]:
    yield f'"shape": {list(shape)}, "dtype": {_text(dtype)}, "data": '
    if data is None:
        yield "null"
    else:
        yield from json_pieces(data)


def _text(text: str | None) -> str:
    if text is None:
        return "null"
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    from json import dumps

    # Half of a surrogate pair, as undecodable arguments bring it, is no character to other readers.
    return dumps(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _texts(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _number(number: int | None) -> str:
    return "null" if number is None else str(number)


def _boolean(value: bool) -> str:
    return "true" if value else "false"
