"""Special functions, each with its kernels: coefficients, recurrences and series."""
