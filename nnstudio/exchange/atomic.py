"""How a file is replaced: completely and verified, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path


def resolved_target(path: str | Path) -> Path:
    """Where writing to ``path`` ends up: symbolic links followed. Raises OSError when it cannot."""
    try:
        target = Path(path).expanduser().resolve()
    except RuntimeError as error:  # a circle of links, or no home folder
        raise OSError(errno.ELOOP, "Its place cannot be found") from error
    except ValueError as error:  # a zero byte in the name
        raise OSError(errno.EINVAL, "Its name is not possible") from error
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "It is a folder")
    if target.exists():
        if not stat.S_ISREG(target.stat().st_mode):
            raise OSError(errno.EINVAL, "It is a device, not a file")
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "It is write-protected")
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "Its folder does not exist")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "Its folder is write-protected")
    return target


def try_target(path: str | Path) -> None:
    """Find out whether ``path`` can be written by making a file beside it, which is gone again.

    Permissions do not tell all: a disk may be full or mounted for reading. Raises OSError.
    """
    probe = resolved_target(path).parent / f".nnstudio-{secrets.token_hex(6)}.tmp"
    try:
        probe.write_bytes(b"0")
    finally:
        probe.unlink(missing_ok=True)


def write_verified(
    path: str | Path, data: bytes, verify: Callable[[Path], None], *, backup: bool = False
) -> Path:
    """Put ``data`` in the place of ``path`` and return the resolved path.

    It is written to a temporary file beside it, read back and compared, given to ``verify``, flushed
    to the disk and only then renamed; the mode of a file that was there stays, and with ``backup``
    that file itself stays too, with ``.bak`` behind its name. Raises OSError, or whatever ``verify``
    raises; then what was there is untouched and the temporary file is gone.
    """
    target = resolved_target(path)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    temporary = target.parent / f".nnstudio-{secrets.token_hex(6)}.tmp"
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            if mode is not None:
                temporary.chmod(mode)
            os.fsync(stream.fileno())
        if temporary.read_bytes() != data:
            raise OSError(errno.EIO, "What was read back differs from what was written")
        verify(temporary)
        if backup and target.exists():
            _keep(target)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    _flush_folder(target.parent)
    return target


def _keep(target: Path) -> None:
    """Make ``target`` known under its name with ``.bak`` as well, without a moment with neither."""
    second = target.parent / f".nnstudio-{secrets.token_hex(6)}.bak.tmp"
    try:
        try:
            os.link(target, second)
        except OSError:  # a file system without links
            shutil.copy2(target, second)
        second.replace(target.with_name(f"{target.name}.bak"))
    finally:
        second.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    """Make the renaming last through a power cut; only POSIX systems can open a folder for that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
