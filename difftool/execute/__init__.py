"""Execution: a plan of the graph, and the engines that run it on NumPy."""
