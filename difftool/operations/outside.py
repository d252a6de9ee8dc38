"""What PyTorch has and difftool has not, and why: the reasons for names that people paste.

A group of names has one reason. A name may be a pattern, with a `*` for any letters. What stands
in no group and is no function here is unknown; `unknown` then names the nearest function.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from re import sub
from typing import NamedTuple

from difftool.errors import DifftoolError
from difftool.operations.registry import NEAR, find, names


class Reason(NamedTuple):
    """Why some names of PyTorch's are not in difftool.

    Attributes:
        why: completes "`name` is not in difftool: ...".
        way_out: what to do instead.
        names: the names, or patterns of them, between blanks.
    """

    why: str
    way_out: str
    names: str


REASONS = (
    Reason(
        "it draws random numbers anew",
        "rand, randn, rand_like, randn_like, randint and randperm draw them from --seed: "
        "rand_like(x) < p is a mask that is true with probability p",
        "bernoulli binomial multinomial normal poisson gumbel_softmax fractional_max_pool* "
        "native_dropout randint_like uniform_ normal_ exponential_ cauchy_ log_normal_ geometric_ "
        "random_ bernoulli_ pca_lowrank svd_lowrank alpha_dropout_ dropout_ rrelu_",
    ),
    Reason(
        "its numbers are complex, and difftool's tensors are real",
        "for a symmetric matrix there are linalg.eigh and linalg.eigvalsh",
        "eig eigvals",
    ),
    Reason(
        "its numbers are complex, and difftool's tensors are real",
        "hold the real and the imaginary part as two tensors",
        "complex* polar imag view_as_complex* view_as_real* cdouble cfloat chalf stft istft fft* "
        "ifft* rfft* irfft* hfft* ihfft*",
    ),
    Reason(
        "its numbers are of a type that NumPy does not have",
        "the types are float16, float32, float64, bool and the integers: x.half(), x.to(float32)",
        "bfloat16 *quantize* int_repr q_* qscheme quantized_* empty_quantized choose_qparams* "
        "fused_moving_avg* fbgemm_* scaled_mm scaled_grouped_mm grouped_mm",
    ),
    Reason(
        "it is about where a tensor lies in memory, and a tensor here is its values",
        "reshape, view, expand and indexing give the same elements in another arrangement",
        "set_ resize resize_ resize_as resize_as_ storage untyped_storage storage_type data_ptr "
        "const_data_ptr storage_offset is_set_to is_shared share_memory_ as_subclass new "
        "empty_strided new_empty_strided empty_permuted slice_inverse module_load to_padded_tensor "
        "dim_order "
        "is_pinned pin_memory record_stream is_storage as_strided* rename* names align_* "
        "refine_names swap_tensors get_file_path from_dlpack to_dlpack",
    ),
    Reason(
        "difftool computes on the processor, with NumPy",
        "leave it out",
        "cuda xpu ipu mtia hpu to_mkldnn get_device get_device_module is_vulkan_available is_cuda "
        "get_default_device set_default_device cudnn_* miopen_* mkldnn_* synchronize Stream Event",
    ),
    Reason(
        "difftool's tensors are dense",
        "write the tensor with its zeros",
        "sparse_* to_sparse* coalesce is_coalesced indices values dense_dim crow_indices "
        "col_indices row_indices ccol_indices to_dense smm spmm sspaddmm hspmm hsmm saddmm dsmm "
        "crow_indices_copy col_indices_copy row_indices_copy ccol_indices_copy indices_copy "
        "values_copy nested_tensor",
    ),
    Reason(
        "it would need a program of its own",
        "compose it from the functions there are, or compute it elsewhere and pass it as an input",
        "grid_sampler* cudnn_grid_sampler multi_head_attention_forward lobpcg segment_reduce "
        "hash_tensor",
    ),
    Reason(
        "it is a network of many steps, which a program writes as a loop",
        "write the loop with for, and a step with lstm_cell, gru_cell or rnn_tanh_cell",
        "lstm gru rnn_tanh rnn_relu",
    ),
    Reason(
        "expressions open no files",
        "give the tensor on the command line: --x data.npy",
        "load save from_file from_numpy frombuffer",
    ),
    Reason(
        "difftool differentiates the whole expression itself",
        "difftool grad, jvp, vjp, jacobian, hessian and hvp; in programs y.backward() and "
        "torch.autograd.grad",
        "vmap register_hook register_post_accumulate_grad_hook reinforce functional_call "
        "vjp jvp jacrev jacfwd jacobian hessian hvp checkpoint gradcheck gradgradcheck",
    ),
    Reason(
        "what is compiled or traced there is a Python function",
        "difftool.compile(expression) in Python prepares an expression for many calls",
        "compile cond while_loop fork wait script import_ir_module* parse_* "
        "merge_type_from_type_comment unify_type_list classproperty typename sym_*",
    ),
    Reason(
        "it changes settings of PyTorch's own",
        "leave it out; difftool's settings are options: --dtype, --seed, --threads, --precision",
        "set_* get_* is_anomaly* is_autocast* is_inference* is_distributed seed initial_seed "
        "init_num_threads thread_safe_generator autocast* clear_autocast_cache use_deterministic* "
        "are_deterministic* is_deterministic* is_warn_always_enabled compiled_with_cxx11_abi "
        "prepare_multiprocessing_environment profiler* is_grad_enabled",
    ),
    Reason(
        "it is a part of PyTorch's own code, not of its documented functions",
        "call the function it is a part of",
        "batch_norm_* native_* *_jvp Optional assert_int_or_pair boolean_dispatch unsafe_* "
        "detach_copy handle_torch_function has_torch_function* cudnn_is_acceptable sparse_mask "
        "sparse_dim",
    ),
    Reason(
        "its arrays are NumPy's already",
        "leave it out, or write .tolist() for lists of numbers",
        "numpy",
    ),
    Reason(
        "PyTorch has removed it",
        "linalg.eigh, linalg.lstsq and linalg.matrix_rank took its place",
        "symeig lstsq matrix_rank",
    ),
)

# The module classes whose function has another name than theirs in small letters.
MODULE_FUNCTIONS = {
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "CrossMapLRN2d": "local_response_norm",
    "KLDivLoss": "kl_div",
    "LayerNorm": "layer_norm",
    "MultiheadAttention": "scaled_dot_product_attention",
    "Softmax2d": "softmax",
    "SyncBatchNorm": "batch_norm",
    "UpsamplingBilinear2d": "interpolate",
    "UpsamplingNearest2d": "interpolate",
    "Upsample": "interpolate",
}

# Namespaces of PyTorch that hold none of the language's functions.
NAMESPACES = {
    "fft": "its numbers are complex, and difftool's tensors are real",
    "cuda": "difftool computes on the processor, with NumPy",
    "backends": "difftool computes on the processor, with NumPy",
    "mps": "difftool computes on the processor, with NumPy",
    "sparse": "difftool's tensors are dense",
    "masked": "where(mask, x, 0) and masked_fill say what stands for elements that don't count",
    "nested": "difftool's tensors are dense",
    "signal": "hann_window, hamming_window, blackman_window, bartlett_window and kaiser_window are "
    "functions",
    "optim": "an optimiser is a line or two: w = w - 0.1 * w.grad",
    "distributions": "it draws random numbers; rand and randn draw them from --seed",
    "nn.init": "a value is given by an expression or a file: --w 'randn(2, 3)'",
    "nn.utils": "it works on modules, which hold state; difftool has functions",
    "nn.parameter": "every input of difftool can require a gradient",
    "func": "difftool has jvp, vjp, jacobian, hessian and hvp as commands",
    "autograd.functional": "difftool has jvp, vjp, jacobian, hessian and hvp as commands",
    "jit": "difftool.compile(expression) in Python prepares an expression for many calls",
    "utils": "difftool reads tensors from files: --x data.npy",
    "distributed": "difftool computes on one machine",
    "quantization": "its numbers are of a type that NumPy does not have",
    "onnx": "difftool has no models to save",
    "hub": "difftool has no models to load",
}

# Arguments of PyTorch's functions that mean nothing here, and what is said of them.
ARGUMENTS = {
    "out": "a result goes into no tensor that is there already: y = add(x, x)",
    "device": "difftool computes on the processor: device='cpu', or nothing",
    "layout": "difftool's tensors are dense: leave it out",
    "pin_memory": "difftool computes on the processor: leave it out",
    "memory_format": "where elements lie in memory changes no value: leave it out",
    "non_blocking": "difftool computes on the processor: leave it out",
    "generator": "random numbers are drawn from --seed, or from torch.manual_seed in programs",
    "names": "dimensions are counted: leave it out",
    "complex": "difftool's tensors are real",
}
# PyTorch's constants for how tensors lie in memory that describe every tensor here; they stand for
# their own names.
MEMORY = {
    name: f"torch.{name}" for name in ("strided", "preserve_format", "contiguous_format")
}
# The values of them that say what is so anyway.
USUAL: dict[str, tuple[object, ...]] = {
    "out": (None,),
    "device": (None, "cpu"),
    "layout": (None, MEMORY["strided"]),
    "pin_memory": (None, False),
    "memory_format": (None, MEMORY["preserve_format"], MEMORY["contiguous_format"]),
    "non_blocking": (True, False),
    "generator": (None,),
    "names": (None,),
}


def reason(name: str) -> Reason | None:
    """Why `name`, without modules in front, is not in difftool; None if no reason is on record."""
    plain = name.removesuffix("_") if name.endswith("_") else name
    for known in (name, plain):
        for one in REASONS:
            if any([fnmatchcase(known, pattern) for pattern in one.names.split()]):
                return one
    return None


def unknown(name: str, path: Sequence[str] = ()) -> DifftoolError:
    """The error for a function that is not in difftool, with a reason or the nearest one."""
    dotted = ".".join((*path, name))
    known = reason(name)
    if known is not None:
        return _absent(dotted, known.why, known.way_out)
    if name[:1].isupper() and (not path or path[-1] == "nn"):
        return _absent(dotted, "it makes a module, which holds state", _function_for(name))
    if name.startswith("__"):
        return _absent(dotted, None, "write what it stands for: an operator, x[...] or a function")
    # Each function has an in-place form in programs, with an underscore behind its name.
    plain = name.removesuffix("_")
    if plain != name and find(plain) is not None:
        return _absent(dotted, "it changes a tensor in place", f"call `{plain}`")
    near = get_close_matches(plain, names(), n=1, cutoff=NEAR)
    hint = "`difftool functions` lists them all"
    if near:
        hint = f"did you mean `{near[0]}{name[len(plain):]}`?"
    return _absent(dotted, None, hint)


def unknown_namespace(path: Sequence[str]) -> DifftoolError:
    """The error for a function behind modules that difftool does not know."""
    dotted = ".".join(path)
    inside = path[1:] if path[0] == "torch" else path
    for length in range(len(inside), 0, -1):
        why = NAMESPACES.get(".".join(inside[:length]))
        if why is not None:
            return _absent(dotted, None, why)
    return DifftoolError(
        f"`{dotted}` is no module difftool knows",
        kind="name",
        hint="torch., np., F., linalg. and special. may stand before a function's name",
    )


def _absent(name: str, why: str | None, hint: str) -> DifftoolError:
    message = f"`{name}` is not in difftool" + (f": {why}" if why else "")
    return DifftoolError(message, kind="name", hint=hint)


def _function_for(module: str) -> str:
    """Which function does what a module class does."""
    words = sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", module).lower()
    tries = (MODULE_FUNCTIONS.get(module, ""), words, words.replace("_", ""))
    for name in (*tries, words.removesuffix("_loss"), *_shortened(words)):
        function = find(name) if name else None
        if function is not None:
            return (
                f"F.{function.name} is the function; `difftool functions {function.name}` "
                "shows how it is called"
            )
    return "difftool has functions: linear, conv2d, relu, cross_entropy, ..."


@cache
def _shortened(words: str) -> tuple[str, ...]:
    """`lazy_conv2d` and `zero_pad2d` without what stands before or behind the function's name."""
    plain = words.removeprefix("lazy_").removeprefix("max_un")
    without_size = sub(r"_?[123]d$", "", plain)
    return plain, without_size, without_size.rpartition("_")[2], without_size.partition("_")[0]
