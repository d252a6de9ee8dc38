"""Functions of each element by itself, or of elements that stand in the same place.

What operators mean: `arithmetic`, `division`, `power`, `comparison`. Functions of one number:
`elementary`, `rounding`, `representation`, `integers`, `conversion`. Of several: `selection` and
`bounds` choose one of them, `combination` makes a new number.
"""
