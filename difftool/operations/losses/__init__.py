"""Loss functions, and the similarities and distances they are made of."""
