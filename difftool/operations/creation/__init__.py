"""Tensors made of numbers: written, counted, drawn; and what is asked about tensors.

`literal` reads nested lists; `filled`, `new`, `sequences` and `window_functions` make leaves of
sizes and ends; `random` draws from `generator`, which has its bits of the `mersenne_twister`.
`questions` are answered, not computed.
"""
