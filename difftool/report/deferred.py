"""Parts of a record that are made when they are first looked at.

Whoever asks Python's `grad` for a gradient seldom reads the text of every node, and in a graph of
small tensors that text costs as much as the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

Item = TypeVar("Item")


class Deferred(Sequence[Item]):
    """A sequence of at least one item that is made when it is first read, and then kept.

    Args:
        make: makes the items; what it holds must not change any more.
    """

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], tuple[Item, ...]]) -> None:
        self._make = make

    def _items(self) -> tuple[Item, ...]:
        items = self._make()
        self._make = lambda: items  # and lets go of what they were made of
        return items

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        return self._items()[place]

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items())

    def __len__(self) -> int:
        return len(self._items())

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return self._items() == (other._items() if isinstance(other, Deferred) else other)

    def __hash__(self) -> int:
        return hash(self._items())

    def __repr__(self) -> str:
        return repr(self._items())

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (self._items(),)
