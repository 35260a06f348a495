"""A table of file names and labels beside the pictures: words are classes, numbers may be learned as such."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

from nnstudio.data.dataset import NOT_GIVEN, Dataset
from nnstudio.data.progress import Progress
from nnstudio.data.readers.folder import read_found
from nnstudio.data.readers.survey import Found, Survey, printable, visible
from nnstudio.errors import DataError
from nnstudio.network.heads import number_of
from nnstudio.text import Text

ENDINGS = frozenset({".csv", ".tsv"})
LARGEST = 64 << 20
"""Bytes of a table: about a million lines."""
_FORM = Text("Give a file name and a label in each line: cat1.png,cat – or cat1.png,3.5.")


def is_table(path: Path) -> bool:
    """Whether the name of ``path`` is that of a table."""
    return path.suffix.lower() in ENDINGS


def table_of(folder: Path) -> Path | None:
    """The table in a folder that has exactly one, and pictures beside it but no folders of classes."""
    shown = visible(folder)
    tables = [path for path in shown if is_table(path) and path.is_file()]
    loose = [path for path in shown if path not in tables]
    plain = bool(loose) and not any(path.is_dir() for path in loose)
    return tables[0] if len(tables) == 1 and plain else None


def read_table(
    path: Path,
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    progress: Progress | None = None,
) -> Dataset:
    """Read the pictures that the table ``path``, or the one in the folder ``path``, names.

    File names are relative to the table's folder. A first line whose file does not exist is a
    heading. If most labels are numbers, all must be: the classes are then these numbers in their
    order. Lines that cannot be used are listed in ``skipped`` with their number.

    Raises DataError when nothing is left, or for a table that is no text; Cancelled.
    """
    table = path
    if path.is_dir():
        found = table_of(path)
        assert found is not None
        table = found
    seen = Survey(table.parent, table=table)
    lines = list(_lines(table))
    if lines and _is_heading(lines[0][1], table.parent):
        lines = lines[1:]
    labelled = [(number, cells) for number, cells in lines if _usable(seen, table, number, cells)]
    texts = [cells[1].strip() for _, cells in labelled]
    as_numbers = sum(number_of(text) is not None for text in texts) * 2 > len(texts)
    for number, cells in labelled:
        label = cells[1].strip()
        if as_numbers:
            value = number_of(label)
            if value is None or not math.isfinite(value):
                reason = Text("“{label}” is not a finite number, as the others are.", label=label)
                seen.skip(_place(table, number), reason)
                continue
            label = f"{value + 0.0:.12g}"  # −0 is 0
        _add(seen, table, number, (cells[0].strip(), label))
    if not seen.found and not seen.skipped:
        raise DataError(printable(table), Text("It has no lines."), _FORM)
    return read_found(seen, size, channels, progress)


def _lines(table: Path) -> Iterator[tuple[int, list[str]]]:
    """(number from 1, cells) of each line that is not empty."""
    if table.stat().st_size > LARGEST:
        raise DataError(
            printable(table),
            Text("It is larger than {limit} MB.", limit=LARGEST >> 20),
            Text("Split it."),
        )
    raw = table.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            printable(table),
            Text("It is not UTF-8 text (byte {place}).", place=error.start),
            Text("Save the table as CSV in UTF-8."),
        ) from error
    if "\0" in text:
        raise DataError(printable(table), Text("It holds zero bytes: it is no text."), _FORM)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise DataError(
            printable(table), Text("It is no table ({detail}).", detail=str(error)), _FORM
        ) from error


def _is_heading(cells: list[str], folder: Path) -> bool:
    name = cells[0].strip()
    return not _exists(folder, name) and not Path(name).suffix


def _exists(folder: Path, name: str) -> bool:
    try:
        return (folder / name).is_file()
    except (OSError, ValueError):  # a name too long, or one that no file can have
        return False


def _place(table: Path, number: int) -> Path:
    return table.with_name(f"{table.name}, line {number}")


def _usable(seen: Survey, table: Path, number: int, cells: list[str]) -> bool:
    if len(cells) == 2 and all(cell.strip() for cell in cells):
        return True
    reason = Text("It has {count} entries; a file name and a label are needed.", count=len(cells))
    seen.skip(_place(table, number), reason)
    return False


def _add(seen: Survey, table: Path, number: int, entry: tuple[str, str]) -> None:
    name, label = entry
    path = table.parent / name
    inside = not Path(name).is_absolute() and ".." not in Path(name).parts
    if not inside:
        seen.skip(_place(table, number), Text("“{name}” lies outside the folder.", name=name))
    elif not _exists(table.parent, name):
        seen.skip(_place(table, number), Text("There is no file “{name}”.", name=name))
    else:
        seen.found.append(Found(path, label, NOT_GIVEN))
