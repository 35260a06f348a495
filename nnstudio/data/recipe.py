"""What is needed to get the same images, parts and scaling again: kept in a project instead of the images."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnstudio.data.dataset import Dataset
from nnstudio.data.loading import DIGITS, Progress, check_request, load
from nnstudio.data.preprocess import Preprocessing, fit
from nnstudio.data.split import Split, check_fractions, split
from nnstudio.errors import DataError
from nnstudio.text import Text


@dataclass(frozen=True)
class DataRecipe:
    """Where images come from and how they are divided; see ``loading.load`` and ``split.split``.

    ``seed`` draws the digits and divides into parts. Raises SettingError for impossible values.
    """

    source: str = DIGITS
    size: tuple[int, int] | None = None
    channels: int | None = None
    count: int = 6000
    seed: int = 0
    validation: float = 0.1
    test: float = 0.1

    def __post_init__(self) -> None:
        check_request(self.size, self.channels, self.count, self.seed)
        check_fractions(self.validation, self.test)

    def as_dict(self) -> dict[str, Any]:
        """For JSON; :func:`from_dict` gives the same back."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {**values, "size": list(self.size) if self.size else None}


@dataclass(frozen=True, eq=False)
class Prepared:
    """A data set, its parts, and the scaling that its training part gave."""

    dataset: Dataset
    split: Split
    preprocessing: Preprocessing


def prepare(recipe: DataRecipe, progress: Progress | None = None) -> Prepared:
    """Load, divide, and measure the training images. Raises DataError, Cancelled."""
    dataset = load(
        recipe.source,
        size=recipe.size,
        channels=recipe.channels,
        count=recipe.count,
        seed=recipe.seed,
        progress=progress,
    )
    parts = split(dataset, validation=recipe.validation, test=recipe.test, seed=recipe.seed)
    return Prepared(dataset, parts, fit(dataset.images, parts.train))


def from_dict(values: object) -> DataRecipe:
    """Read :meth:`DataRecipe.as_dict` back. Raises DataError for anything else, or SettingError."""
    names = {f.name for f in dataclasses.fields(DataRecipe)}
    if not isinstance(values, Mapping) or set(values) != names:
        raise _nonsense(Text("It needs exactly {names}.", names=", ".join(sorted(names))))
    size, channels = values["size"], values["channels"]
    if size is not None:
        if not isinstance(size, list | tuple) or len(size) != 2 or not all(map(_whole, size)):
            raise _unfit("size", size)
        size = (size[0], size[1])
    if channels is not None and not _whole(channels):
        raise _unfit("channels", channels)
    if not isinstance(values["source"], str) or not values["source"] or "\0" in values["source"]:
        raise _unfit("source", values["source"])
    for name in ("count", "seed"):
        if not _whole(values[name]) or values[name] < 0:
            raise _unfit(name, values[name])
    for name in ("validation", "test"):
        if isinstance(values[name], bool) or not isinstance(values[name], int | float):
            raise _unfit(name, values[name])
    return DataRecipe(**{**values, "size": size})


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _unfit(name: str, value: object) -> DataError:
    return _nonsense(Text("Its {name} is {value}.", name=name, value=repr(value)[:80]))


def _nonsense(reason: Text) -> DataError:
    return DataError("data recipe", reason, Text("Load the data set again."))
