"""What makes one number of many, and what runs or sorts along a dimension.

One number: `sums_and_products`, `missing`, `extremes`, `variance`, `vector_norm`, and those of two
tensors or more, `covariance` and `difference_norm`. As many numbers: `running_sums`,
`running_extremes`, `differences`, `integrals`, `renorm`. By order: `sorting`, `order_statistics`,
`quantiles`, `searching`, `distinct`, `binning`; `picking` and `partition` serve them.
"""
