"""Memory that the processes of one training share, and messages through it."""

from __future__ import annotations

import math
import mmap
import os
import pickle
import select
import socket
import struct
import tempfile
from typing import Any

import numpy as np
import numpy.typing as npt

from nnstudio.engine.buffers import ALIGNMENT
from nnstudio.network.layer import Array, Shape

SPINS = 2000
"""Looks at a counter, about a millisecond, before its reader sleeps: a training step waits less."""


class SharedBlock:
    """One mapping that hands out zero-filled aligned arrays, in the same order on every side.

    ``file`` is its descriptor; no name in the file system leads to it, so nothing can be left behind.
    """

    def __init__(self, size: int, file: int | None = None) -> None:
        """``file``: another process's block. Raises OSError where there is no room for ``size`` bytes."""
        self.size = max(1, size)
        self.file = _nameless() if file is None else file
        if file is None:
            try:
                # Taken now: without room this is an error here, and not a signal at some later write.
                os.posix_fallocate(self.file, 0, self.size)
            except OSError:
                os.close(self.file)
                raise
        self._map = mmap.mmap(self.file, self.size)
        self._used = 0

    def array(self, shape: Shape, dtype: npt.DTypeLike) -> Array:
        """The next ``shape`` of the block, beginning on a cache line."""
        kind = np.dtype(dtype)
        count = math.prod(shape)
        if self._used + count * kind.itemsize > self.size:
            raise ValueError("the block is smaller than what is asked of it")
        array = np.frombuffer(self._map, kind, count, self._used).reshape(shape)
        self._used += aligned(count * kind.itemsize)
        return array

    def __del__(self) -> None:
        os.close(self.file)


def _nameless() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("nnstudio")
    number, name = tempfile.mkstemp(prefix="nnstudio-")
    os.unlink(name)  # noqa: PTH108 - a descriptor is all that is wanted
    return number


def aligned(size: int) -> int:
    """``size`` bytes rounded up to whole cache lines."""
    return -(-size // ALIGNMENT) * ALIGNMENT


class Link:
    """A socket between two processes, for what memory cannot do: waking a sleeper, handing over a file."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._files: list[int] = []
        self._poll = select.poll()
        self._poll.register(end, select.POLLIN)

    def wake(self) -> None:
        """End the other side's :meth:`wait`. Raises EOFError when it is gone."""
        try:
            self._end.send(b".")
        except ConnectionError:
            raise EOFError from None

    def wait(self, milliseconds: int) -> None:
        """Until the other side wakes this one, or the time is over. Raises EOFError when it is gone."""
        if self._poll.poll(milliseconds):
            # A file may travel with a byte: it would be lost to a reader that asks for bytes only.
            try:
                data, files, _, _ = socket.recv_fds(self._end, 4096, 4)
            except ConnectionError:
                raise EOFError from None
            self._files += files
            if not data:
                raise EOFError

    def send_file(self, file: int) -> None:
        """Hand over an open file by its descriptor."""
        socket.send_fds(self._end, [b"."], [file])

    def file(self) -> int:
        """The descriptor that the other side sends, waited for."""
        while not self._files:
            self.wait(1000)
        return self._files.pop(0)

    def send(self, data: bytes) -> None:
        """All of ``data``, whose length the other side must learn first."""
        self._end.sendall(struct.pack("q", len(data)) + data)

    def receive(self) -> bytes:
        """What the other side sends, whole. Raises EOFError when it is gone."""
        (length,) = struct.unpack("q", self._exactly(8))
        return self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = self._end.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data


class Mailbox:
    """Messages one way between two processes: a counter, a length, and the pickled message.

    The reader looks at the counter for about a millisecond, then sleeps until the writer, who sees
    that from a cell, sends a byte through the socket. Both sides count the messages.
    """

    CAPACITY = 65_536
    BYTES = 3 * ALIGNMENT + CAPACITY

    def __init__(self, cells: Array, link: Link) -> None:
        """``cells``: uint8 (BYTES,) of a shared block."""
        whole = cells.data
        self._count = whole[:8].cast("q")
        self._asleep = whole[ALIGNMENT : ALIGNMENT + 8].cast("q")
        self._length = whole[2 * ALIGNMENT : 2 * ALIGNMENT + 8].cast("q")
        self._bytes = whole[3 * ALIGNMENT :]
        self._link = link
        self._seen = 0

    def put(self, message: object) -> None:
        """Send ``message``; the reader must have taken the one before."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._bytes[: len(data)] = data
        self._length[0] = len(data)
        self._seen += 1
        self._count[0] = self._seen
        if self._asleep[0]:
            self._link.wake()

    def waiting(self) -> bool:
        """Whether there is a message to take."""
        return self._count[0] > self._seen

    def take(self) -> Any:
        """The next message. Raises EOFError when the other process is gone."""
        for look in range(SPINS):
            if self.waiting():
                break
            if look % 16 == 15:
                self._link.wait(0)  # lets other threads of this process run
        else:
            self._sleep()
        self._seen += 1
        return pickle.loads(self._bytes[: self._length[0]])

    def _sleep(self) -> None:
        self._asleep[0] = 1
        try:
            while not self.waiting():
                # The timeout covers a writer that looked just before the cell was set.
                self._link.wait(20)
        finally:
            self._asleep[0] = 0
