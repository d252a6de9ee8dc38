"""Element types and PyTorch's rules for combining them.

PyTorch ranks operands in three classes: tensors with dimensions, 0-d tensors and Python numbers.
A lower class widens a higher one only when it is of a higher category (bool < integer < float), so
`float32 tensor * 2.5` stays float32. Source: "Type promotion" in PyTorch's Tensor Attributes.
"""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np

DType: TypeAlias = "np.dtype[np.generic]"

float64: DType = np.dtype(np.float64)
float32: DType = np.dtype(np.float32)
float16: DType = np.dtype(np.float16)
int64: DType = np.dtype(np.int64)
int32: DType = np.dtype(np.int32)
int16: DType = np.dtype(np.int16)
int8: DType = np.dtype(np.int8)
uint8: DType = np.dtype(np.uint8)
boolean: DType = np.dtype(np.bool_)

# Every spelling PyTorch has for a dtype the language knows. Bare `float` is Python's own type,
# which PyTorch takes for float64; `torch.float` is float32: the interpreter tells them apart.
NAMES: dict[str, DType] = {
    "float64": float64,
    "double": float64,
    "float32": float32,
    "float": float32,
    "float16": float16,
    "half": float16,
    "int64": int64,
    "long": int64,
    "int32": int32,
    "int": int32,
    "int16": int16,
    "short": int16,
    "int8": int8,
    "uint8": uint8,
    "bool": boolean,
}

# PyTorch's classes of tensors, by the types of their elements: `x.type(torch.FloatTensor)`.
TENSOR_TYPES: dict[str, DType] = {
    "DoubleTensor": float64,
    "FloatTensor": float32,
    "HalfTensor": float16,
    "LongTensor": int64,
    "IntTensor": int32,
    "ShortTensor": int16,
    "CharTensor": int8,
    "ByteTensor": uint8,
    "BoolTensor": boolean,
}

PYTHON_TYPES: dict[str, DType] = {"float": float64, "int": int64, "bool": boolean}


@cache
def name_of(dtype: DType) -> str:
    """NumPy's name of a dtype, which NumPy puts together anew each time it is asked."""
    return dtype.name


def is_float(dtype: DType) -> bool:
    """Whether elements of `dtype` are floating-point numbers, the only ones with gradients."""
    return dtype.kind == "f"


def category(dtype: DType) -> int:
    """0 for bool, 1 for integers, 2 for floating point."""
    return _CATEGORY[dtype.kind]


_CATEGORY = {"b": 0, "i": 1, "u": 1, "f": 2}


def promote(first: DType, second: DType) -> DType:
    """The dtype both convert to; unlike NumPy's, an integer never widens a float."""
    if first is second or first == second:
        return first
    if category(first) == category(second):
        return np.promote_types(first, second)
    return first if category(first) > category(second) else second


def combine(higher: DType | None, lower: DType | None) -> DType | None:
    """The dtype of a class of operands (`higher`) joined by a class of lower rank."""
    if higher is None or lower is None:
        return lower if higher is None else higher
    return promote(higher, lower) if category(lower) > category(higher) else higher
