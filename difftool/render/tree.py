"""The grad_fn chain as a small tree of text.

A chain without branches is one line, `MeanBackward0 ← MulBackward0 ← AccumulateGrad(x)`, and so is
every such run inside a tree; what doesn't fit goes on below in the same column. Where a function
passes gradients to several others, they hang below it:

    AddBackward0 ← MulBackward0
    ├─ SinBackward0 ← AccumulateGrad(x) #0
    └─ ExpBackward0 ← AccumulateGrad(x) (see #0)

A function that several others lead to is drawn once; the number is its node's. A deep tree does
not drift to the right: where branches nest deeper than `DEEPEST`, the longest stays in its
function's column (its line starts with the arrow), the others hang off it. The depth of the
drawing then grows with the logarithm of the number of functions. `table` draws the nodes' values.
"""

from __future__ import annotations

from collections.abc import Sequence

from difftool.render.characters import width
from difftool.render.screen import Screen
from difftool.report.record import ChainEntry

# Branches nested deeper than this continue in the column of the function they belong to.
DEEPEST = 4

# More lines than this are not read; the first and the last of them stay.
MOST_LINES = 48
FIRST_LINES = 30
LAST_LINES = 12

# Lines break here where the stream has no edge of its own.
WIDTH_WITHOUT_EDGE = 160


def tree(chain: Sequence[ChainEntry], screen: Screen, *, indent: str = "  ") -> list[str]:
    """The lines of the tree of `chain`, its first entry at the top; none for an empty chain."""
    if not chain:
        return []
    lines = _Drawing(chain, screen, indent).lines
    if len(lines) > MOST_LINES:
        left_out = len(lines) - FIRST_LINES - LAST_LINES
        note = f"{indent}{screen.symbol('…')} {left_out:,} lines left out; --json has every node"
        lines[FIRST_LINES:-LAST_LINES] = [screen.paint(note, "dim")]
    return lines


class _Drawing:
    """One tree being drawn; `lines` holds it.

    The graph may share functions: the first function that leads to one, going down from the top
    in the order of the operands, owns it (`branches`), and every other only mentions it.
    """

    def __init__(self, chain: Sequence[ChainEntry], screen: Screen, indent: str) -> None:
        self.entries = {entry.id: entry for entry in chain}
        self.screen = screen
        self.room = screen.width or WIDTH_WITHOUT_EDGE
        self.arrow = screen.symbol(" ← ")
        self.onward = self.arrow.lstrip()
        self.last_branch = screen.symbol("└─ ")
        self.inner_branch = screen.symbol("├─ ")
        self.rail = screen.symbol("│  ")
        self.own, self.order = self._ownership(chain[0].id)
        self.shared = self._shared()
        self.size, self.depth = self._measures()
        self.lines: list[str] = []
        self._draw(chain[0].id, indent)

    def _ownership(self, root: int) -> tuple[dict[int, list[int]], list[int]]:
        """Which functions each owns, and all of them, owners before what they own."""
        own: dict[int, list[int]] = {root: []}
        order = [root]
        stack = [(root, iter(self.entries[root].next))]
        while stack:
            owner, following = stack[-1]
            for identity in following:
                if identity not in own:
                    own[identity] = []
                    own[owner].append(identity)
                    order.append(identity)
                    stack.append((identity, iter(self.entries[identity].next)))
                    break
            else:
                stack.pop()
        return own, order

    def _shared(self) -> set[int]:
        mentioned: set[int] = set()
        twice: set[int] = set()
        for identity in self.order:
            for following in self.entries[identity].next:
                (twice if following in mentioned else mentioned).add(following)
        return twice

    def _measures(self) -> tuple[dict[int, int], dict[int, int]]:
        """For each function, how many it owns in all, and how deep branches below it nest."""
        size: dict[int, int] = {}
        depth: dict[int, int] = {}
        for identity in reversed(self.order):
            own = self.own[identity]
            size[identity] = 1 + sum(size[owned] for owned in own)
            below = max((depth[owned] for owned in own), default=0)
            depth[identity] = below + (1 if len(self.entries[identity].next) > 1 else 0)
        return size, depth

    def _draw(self, root: int, indent: str) -> None:
        """Draw what `root` owns. A loop: the stack holds what still hangs below."""
        # Each item: the function, whether its owner owns it, what its first line and all lines
        # after it start with.
        stack = [(root, True, indent, indent)]
        while stack:
            identity, owned, first, margin = stack.pop()
            run = [self._label(identity, owned)]
            while owned and len(self.entries[identity].next) == 1:
                following = self.entries[identity].next[0]
                owned = following in self.own[identity]
                run.append(self._label(following, owned))
                identity = following
            self._write(run, first, margin)
            if owned:
                stack.extend(reversed(self._hanging(identity, margin)))

    def _hanging(self, identity: int, margin: str) -> list[tuple[int, bool, str, str]]:
        """What hangs below a function, in the order of drawing."""
        unclaimed = set(self.own[identity])
        branches = []
        for following in self.entries[identity].next:
            branches.append((following, following in unclaimed))
            unclaimed.discard(following)
        if not branches:
            return []
        stays = None
        if self.depth[identity] > DEEPEST:
            stays = max(self.own[identity], key=self.size.__getitem__)
            branches.remove((stays, True))
        items = []
        for position, (following, owned) in enumerate(branches):
            if position == len(branches) - 1 and stays is None:
                items.append(
                    (following, owned, margin + self.last_branch, margin + " " * len(self.rail))
                )
            else:
                items.append((following, owned, margin + self.inner_branch, margin + self.rail))
        if stays is not None:
            items.append((stays, True, margin + self.onward, margin))
        return items

    def _write(self, run: Sequence[tuple[str, str]], first: str, margin: str) -> None:
        """Write functions that lead to one another, as many on a line as fit."""
        # Everything the tree is drawn with is one column a character wide.
        line, column = first, len(first)
        begun = False
        for plain, painted in run:
            columns = width(plain)
            if begun and column + len(self.arrow) + columns > self.room:
                self.lines.append(line)
                line = margin + self.onward
                column, begun = len(line), False
            if begun:
                line += self.arrow
                column += len(self.arrow)
            line += painted
            column += columns
            begun = True
        self.lines.append(line)

    def _label(self, identity: int, owned: bool) -> tuple[str, str]:
        """A function's text without and with colour."""
        entry = self.entries[identity]
        plain = painted = entry.name
        if entry.variable is not None:
            variable = self.screen.shown(entry.variable)
            plain += f"({variable})"
            painted += f"({self.screen.paint(variable, 'name')})"
        if identity in self.shared:
            mark = f" #{identity}" if owned else f" (see #{identity})"
            plain += mark
            painted += self.screen.paint(mark, "dim")
        return plain, painted
