"""Elements by their places: taken, put, added, found.

`brackets` says what `x[...]` is made of: `slicing` and `index_tensors`. The other functions differ
in what an index names: `slices_by_index`, `elements_by_index` and `place_reduction` along a
dimension, `flat_places` in the whole tensor, `masks` by truth values. `positions` finds places.
"""
