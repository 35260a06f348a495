"""Matrix products on one thread each: the engine splits the batch over its workers itself."""

from __future__ import annotations

from functools import cache

from threadpoolctl import threadpool_info, threadpool_limits


@cache
def hold_to_one_thread() -> None:
    """Set the loaded BLAS to one thread for this process, once.

    Several BLAS threads under the engine's workers slow each other down, and their number changes
    the bits of a result.
    """
    threadpool_limits(limits=1, user_api="blas")


@cache
def multiplies_small_directly() -> bool:
    """Whether the BLAS has kernels for small matrices that work on them where they lie.

    OpenBLAS has them for processors with AVX-512; elsewhere it copies every operand first, which
    only pays for large matrices.
    """
    return any(
        library.get("internal_api") == "openblas"
        and library.get("architecture") in ("SkylakeX", "Cooperlake", "SapphireRapids")
        for library in threadpool_info()
    )
