# SPDX-License-Identifier: MIT
"""Triton's compiler class: Triton's target-independent passes, then TTIR text to libtmjit.

Every `import triton` runs this file: nothing heavy at module level.
"""
from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import os
import pathlib
import re
from typing import TYPE_CHECKING, Any

from triton.backends.compiler import BaseBackend, GPUTarget

from tmjit import config

if TYPE_CHECKING:
    from tmjit.kernels import Pipeline

WARP_SIZE = 32
# Refusals that say a block is too large: autotuning leaves out its configuration.
_TOO_MUCH = ((re.compile(r"(\d+) bytes of threadgroup memory are needed; there are (\d+)"),
              "shared memory"),
             (re.compile(r"(becomes more than) (\d+) instructions"), "instructions"),
             (re.compile(r"(\d+) basic blocks; up to (\d+)"), "basic blocks"))


@dataclasses.dataclass(frozen=True)
class Options:
    """Launch keywords. Those of other vendors are accepted and without effect."""
    num_warps: int = 4
    num_ctas: int = 1
    num_stages: int = 3
    warp_size: int = WARP_SIZE
    debug: bool = False
    sanitize_overflow: bool = True
    instrumentation_mode: str = ""
    fpsan_homomorphic_casts: bool = False
    backend_name: str = "tmjit"
    arch: str = "apple"
    engine: str = "simd"
    math: str = "strict"
    check_bounds: bool = True
    supported_fp8_dtypes: tuple[str, ...] = ("fp8e4nv", "fp8e5", "fp8e4b8", "fp8e5b16")
    deprecated_fp8_dot_operand_dtypes: tuple[str, ...] = ()
    default_dot_input_precision: str = "ieee"
    allowed_dot_input_precisions: tuple[str, ...] = ("tf32", "tf32x3", "ieee", "bf16x3",
                                                     "bf16x6")
    max_num_imprecise_acc_default: int = 0
    enable_fp_fusion: bool = True
    launch_cooperative_grid: bool = False
    launch_pdl: bool = False
    extern_libs: tuple[tuple[str, str], ...] = ()
    maxnreg: int | None = None
    ptx_options: str | None = None
    ir_override: str | None = None
    cluster_dims: tuple[int, ...] = (1, 1, 1)
    matrix_instr_nonkdim: int = 0
    waves_per_eu: int = 0
    kpack: int = 1
    schedule_hint: str = "none"
    clc: bool = False
    min_shared_mem: int = 0

    def __post_init__(self) -> None:
        count = self.num_warps
        if not isinstance(count, int) or not 1 <= count <= 32 or count & (count - 1):
            # Triton's other back ends assert this
            raise AssertionError(f"num_warps must be a power of 2, from 1 to 32; it is {count!r}")
        if self.num_ctas != 1:
            raise ValueError(f"num_ctas is {self.num_ctas}; Apple GPUs have no clusters: 1")
        for name, accepted in (("engine", ("simd", "interp")), ("math", ("strict", "fast"))):
            if getattr(self, name) not in accepted:
                raise ValueError(f"{name} is {getattr(self, name)!r}; {' or '.join(accepted)}")
        if isinstance(self.extern_libs, dict):
            object.__setattr__(self, "extern_libs", tuple(sorted(self.extern_libs.items())))

    def hash(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()


def make_ttir(mod: Any, _metadata: dict[str, Any], _options: Options) -> Any:
    """Triton's own list of passes on its IR, as for every other target."""
    from triton._C.libtriton import ir, passes
    pm = ir.pass_manager(mod.context)
    pm.enable_debug()
    passes.common.add_inliner(pm)
    if hasattr(passes.ttir, "add_rewrite_tensor_pointer"):  # Triton 3.6
        passes.ttir.add_rewrite_tensor_pointer(pm)
    passes.ttir.add_rewrite_tensor_descriptor_to_pointer(pm)
    passes.common.add_canonicalizer(pm)
    passes.ttir.add_combine(pm)
    passes.ttir.add_reorder_broadcast(pm)
    passes.common.add_cse(pm)
    passes.ttir.add_triton_licm(pm)
    passes.common.add_symbol_dce(pm)
    passes.ttir.add_loop_unroll(pm)
    pm.run(mod, "make_ttir")
    return mod


def build(text: str, name: str, num_warps: int, engine: str, math: str,
          check_bounds: bool) -> Pipeline:
    """A pipeline of libtmjit; OutOfResources when the block does not fit."""
    from tmjit import errors, kernels
    try:
        library = kernels.load_source(text, "ttir", name + ".ttir",
                                      num_warps=num_warps, fast_math=math == "fast")
        return library[name].pipeline((num_warps * WARP_SIZE, 1, 1), engine=engine, math=math,
                                      check_bounds=check_bounds)
    except errors.Error as error:
        for pattern, what in _TOO_MUCH:
            found = pattern.search(error.message)
            if found:
                from triton.runtime.errors import OutOfResources
                limit = int(found[2])
                needed = int(found[1]) if found[1].isdigit() else limit + 1  # at least
                raise OutOfResources(needed, limit, what) from error
        if "fp64" in error.message:
            error.args = (f"{error}\n  TMJIT_ALLOW_FP64=1, or the setting allow_fp64, allows it",)
        raise


def make_bundle(src: Any, metadata: dict[str, Any], options: Options) -> bytes:
    """What load_binary builds from: the text and the options that matter. It is built here
    too, so that a refusal is an error of compilation; libtmjit's cache keeps the code."""
    text = str(src)
    found = re.search(r"tt\.func public @([\w$.]+|\"[^\"]+\")", text)
    if found is None:
        raise ValueError("the module has no public function: no kernel")
    name = found[1].strip('"')
    given: dict[str, Any] = {"name": name, "num_warps": options.num_warps, "engine": options.engine,
             "math": options.math, "check_bounds": options.check_bounds, "text": text}
    pipeline = build(**given)
    metadata["name"] = name
    metadata["has_addresses"] = "tt.int_to_ptr" in text
    metadata["shared"] = pipeline.info.static_threadgroup_byte_len
    return json.dumps(given).encode()


@functools.cache
def _identity() -> str:
    """Changes with this package and with the library: what Triton's cache keeps was made by both,
    whatever their versions are."""
    from tmjit import _c
    digest = hashlib.sha256(_c.library().tmjit_version())
    for name in ("compiler.py", "driver.py"):
        digest.update(pathlib.Path(__file__).with_name(name).read_bytes())
    if os.path.exists(_c.library_path()):
        found = os.stat(_c.library_path())
        digest.update(f"{found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()


class TmjitBackend(BaseBackend):  # type: ignore[misc]
    binary_ext = "tmjit"

    def __init__(self, target: GPUTarget) -> None:
        super().__init__(target)
        if target.warp_size != WARP_SIZE:
            raise ValueError(f"{target}: SIMD-groups have {WARP_SIZE} threads")
        self.binary_ext = "tmjit"

    @staticmethod
    def supports_target(target: GPUTarget) -> bool:
        return bool(target.backend == "tmjit")

    def hash(self) -> str:
        floats = "-fp64" if config.settings()["allow_fp64"] else ""
        return f"tmjit-{_identity()}-{self.target}{floats}"

    def parse_options(self, opts: dict[str, Any]) -> Options:
        names = {field.name for field in dataclasses.fields(Options)}
        given = {key: value for key, value in opts.items() if key in names and value is not None}
        given.setdefault("arch", str(self.target.arch))
        given["debug"] = given.get("debug", False) or config.settings()["debug"]
        return Options(**given)

    def add_stages(self, stages: dict[str, Any], options: Options, language: Any = None) -> None:
        if language is not None and language.name != "TRITON":
            raise NotImplementedError(f"tmjit takes Triton's language, not {language.name}")
        from triton import knobs
        if knobs.compilation.store_binary_only:
            raise NotImplementedError("TRITON_STORE_BINARY_ONLY keeps the files of NVIDIA's and "
                                      "AMD's compilers only; tmjit's is lost with it")
        stages["ttir"] = lambda src, metadata: make_ttir(src, metadata, options)
        stages["tmjit"] = lambda src, metadata: make_bundle(src, metadata, options)

    def load_dialects(self, ctx: Any) -> None:
        pass

    def get_module_map(self) -> dict[str, Any]:
        from triton.language.extra.cuda import libdevice
        return {"triton.language.extra.libdevice": libdevice}

    def get_codegen_implementation(self, options: Options) -> dict[str, Any]:
        return {"min_dot_size": lambda _lhs, _rhs: (1, 1, 1)}

    def pack_metadata(self, metadata: Any) -> Any:
        return metadata
