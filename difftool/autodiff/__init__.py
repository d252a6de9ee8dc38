"""Differentiation: graphs to graphs of the same operations."""
