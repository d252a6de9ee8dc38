"""Linear algebra: products, factorisations, solutions of equations."""
