"""Special functions, each with its kernels: coefficients, recurrences and series.

`error_functions` and the `normal_distribution`, `logarithms`, `gamma`, `bessel` and `polynomials`
declare them; the modules named `..._kernel` compute them in double precision, by what
`approximation` has.
"""
