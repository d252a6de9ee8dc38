"""The operations: one declaration each, a file a family. The place to add an operation."""

# Arithmetic fills in the operators of `Node`, which every derivative rule uses.
from difftool.operations.elementwise import arithmetic as arithmetic
