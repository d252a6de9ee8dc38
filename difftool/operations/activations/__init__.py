"""Activation functions of networks, and the softmax family.

`common` has those that networks are mostly made of, `piecewise` those of straight lines, `smooth`
the other curves, `softmax` shares along a dimension; `dropout` is what training does to them.
"""
