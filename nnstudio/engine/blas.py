"""Matrix products on one thread each: the engine splits the batch over its workers itself."""

from __future__ import annotations

from functools import cache

from threadpoolctl import threadpool_limits


@cache
def hold_to_one_thread() -> None:
    """Set the loaded BLAS to one thread for this process, once.

    Several BLAS threads under the engine's workers slow each other down, and their number changes
    the bits of a result.
    """
    threadpool_limits(limits=1, user_api="blas")
