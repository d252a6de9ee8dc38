"""Tensors made of numbers: written, counted, drawn; and what is asked about tensors."""
