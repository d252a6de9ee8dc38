"""The same elements in another arrangement: views, joins, parts, copies, padding.

Another shape: `reshaping`, `size_one`, `reshaping_like`. Another order: `reordering`, `turning`,
`diagonal`, `pixels`. Several tensors of one, or one of several: `splitting`, `sections`, `joining`,
`stacking`, `grids`. More elements than before: `repetition`, `padding`, `sliding`, `strided`,
`vandermonde`. `copies` has views as tensors of their own.
"""
