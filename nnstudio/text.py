"""A sentence with its values kept apart, so that the window can say it in another language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, init=False)
class Text:
    """An English template and the values that fill it: ``Text("{given} > {size}", given=7, size=5)``.

    ``str(text)`` is the English sentence. A translator looks up ``template`` and fills the same
    ``values``; a value that is itself a ``Text`` is translated first.
    """

    template: str
    values: tuple[tuple[str, object], ...]

    def __init__(self, template: str, **values: object) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", tuple(values.items()))

    def __str__(self) -> str:
        return self.template.format(**dict(self.values)) if self.values else self.template
