"""The language: text to syntax tree and back, and the interpreter that builds the graph from it."""
