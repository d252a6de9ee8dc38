"""Functions of each element by itself, or of elements that stand in the same place."""
