"""What every node of the syntax tree is: frozen, comparable and printable at any depth.

`kinds` defines the kinds of node on top of this. A tree can be 100,000 nodes deep (a sum of as
many terms is), so nothing here, and nothing that reads a tree, recurses on its depth.
"""

from __future__ import annotations

from collections.abc import Iterator

from difftool.errors import Span

NOWHERE = Span(0, 0)  # the span of a node that no text was typed for

write = object.__setattr__  # how a node's `__init__` sets what is frozen from then on

# What `repr` shows of a tree: enough for a debugger's line, however large the tree is.
NODES_SHOWN = 40


class Tree:
    """A node of the syntax tree; its parts are named by `__match_args__`, in order."""

    __slots__ = ("span",)
    __match_args__: tuple[str, ...] = ()
    span: Span

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a {type(self).__name__} is frozen: {name} can't be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} is frozen: {name} can't be deleted")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tree):
            return NotImplemented
        if self is other:
            return True
        return all(one == two for one, two in zip(_outline(self), _outline(other), strict=False))

    def __hash__(self) -> int:
        return hash(tuple(_outline(self)))

    def __repr__(self) -> str:
        pieces: list[str] = []
        waiting: list[object] = [self]
        shown = 0
        while waiting:
            part = waiting.pop()
            if isinstance(part, _Text):
                pieces.append(part)
            elif isinstance(part, Tree):
                shown += 1
                if shown > NODES_SHOWN:
                    return "".join(pieces) + "..."
                pieces.append(f"{type(part).__name__}(")
                waiting.append(_Text(")"))
                waiting += _separated([getattr(part, name) for name in part.__match_args__])
            elif isinstance(part, tuple):
                pieces.append("(")
                waiting.append(_Text(",)" if len(part) == 1 else ")"))
                waiting += _separated(part[: NODES_SHOWN + 1])
            else:
                pieces.append(repr(part))
        return "".join(pieces)


class _Text(str):
    """Punctuation that `repr` has still to write, as opposed to a string of the tree."""


def _separated(parts: list[object] | tuple[object, ...]) -> Iterator[object]:
    """`parts` in reverse, for a stack, with commas between them."""
    for position in range(len(parts) - 1, -1, -1):
        yield parts[position]
        if position:
            yield _Text(", ")


def _outline(tree: Tree) -> Iterator[object]:
    """The tree from the top down as a flat sequence, in which equal trees, and only they, agree.

    A class says how many parts follow it and a tuple how long it is, so that the sequence of no
    tree begins another's. 1, 1.0 and True differ, as they do in the language; so do 0.0 and -0.0.
    """
    waiting: list[object] = [tree]
    while waiting:
        part = waiting.pop()
        yield type(part)
        if isinstance(part, Tree):
            waiting += [getattr(part, name) for name in part.__match_args__]
        elif isinstance(part, tuple):
            yield len(part)
            waiting += part
        else:
            yield repr(part) if isinstance(part, float) else part
