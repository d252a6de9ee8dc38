"""Linear algebra: products, factorisations, solutions of equations.

Products: `products`, `added_products`, `vector_products`, `contraction`, `einsum`, `matrix_chain`.
Factors: `lu`, `qr`, `eigenvalues`, `singular_values`, `householder`, each with a kernel if NumPy
has none. Systems: `general_systems`, `unchecked`, `triangular_systems`, `lu_solve`,
`least_squares`, `pseudoinverse`. Numbers of a matrix: `determinant`, `condition`, `matrix_norm`.
`several_results` is how one computation gives several nodes.
"""
