"""One declaration of a setting gives its type, default, range, unit, label and help, everywhere.

The form in the window, the check of a value, the command line and the reference read it here.
"""

from __future__ import annotations

import dataclasses
import math
import typing
from dataclasses import dataclass
from numbers import Real
from typing import Any

from nnstudio.errors import SettingError
from nnstudio.text import Text

INTEGER, NUMBER, PAIR, CHOICE, SWITCH = "integer", "number", "pair", "choice", "switch"


@dataclass(frozen=True)
class Setting:
    """What is known of one setting.

    ``kind`` is one of "integer", "number", "pair" (two integers, rows × columns), "choice" and
    "switch". ``minimum`` and ``maximum`` are inclusive (for a pair: of each half).
    ``choices`` holds ``(value, label)``. ``live`` settings take effect in a running training;
    the others restart it. ``only_for`` names another setting and the values of it with which this
    one matters: a form hides it otherwise. ``group`` is the heading that a form shows it under.
    """

    name: str
    kind: str
    default: Any
    label: str
    help: str
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    live: bool = False
    follows: str = ""
    only_for: tuple[str, tuple[str, ...]] | None = None
    group: str = ""


def setting(
    default: Any,
    *,
    label: str,
    help: str,
    minimum: float | None = None,
    maximum: float | None = None,
    unit: str = "",
    choices: tuple[tuple[str, str], ...] = (),
    pair: bool = False,
    live: bool = False,
    follows: str = "",
    only_for: tuple[str, tuple[str, ...]] | None = None,
    group: str = "",
) -> Any:
    """Declare a setting as a field of a frozen dataclass that derives from :class:`Settings`.

    A setting that ``follows`` an earlier one takes its value when it is not given.
    """
    if choices:
        kind = CHOICE
    elif pair:
        kind = PAIR
    elif isinstance(default, bool):
        kind = SWITCH
    elif isinstance(default, int):
        kind = INTEGER
    else:
        kind = NUMBER
    declared = Setting(
        name="",
        kind=kind,
        default=default,
        label=label,
        help=help,
        minimum=minimum,
        maximum=maximum,
        unit=unit,
        choices=choices,
        live=live,
        follows=follows,
        only_for=only_for,
        group=group,
    )
    absent = None if follows else default
    return dataclasses.field(default=absent, metadata={"setting": declared})


def settings_of(cls: type) -> tuple[Setting, ...]:
    """The settings that ``cls`` declares, in order."""
    found = []
    for field in dataclasses.fields(cls):
        declared = field.metadata.get("setting")
        if declared is not None:
            found.append(dataclasses.replace(declared, name=field.name))
    return tuple(found)


def check(declared: Setting, value: Any) -> Any:
    """``value`` in the setting's own type (3 becomes (3, 3) for a pair).

    Raises SettingError, naming the setting, the value and what is allowed.
    """
    if declared.kind == CHOICE:
        allowed = [choice for choice, _ in declared.choices]
        if value not in allowed:
            raise SettingError(
                declared.label,
                Text("{value} is not one of the choices.", value=f"{value!r:.60}"),
                Text("Choose one of: {choices}.", choices=", ".join(allowed)),
            )
        return value
    if declared.kind == SWITCH:
        if not isinstance(value, bool):
            raise _mismatch(declared, value, Text("true or false"))
        return value
    if declared.kind == PAIR:
        halves = value if isinstance(value, tuple | list) else (value, value)
        if len(halves) != 2:
            raise _mismatch(declared, value, Text("one whole number, or two"))
        return tuple(_number(declared, half, whole=True) for half in halves)
    return _number(declared, value, whole=declared.kind == INTEGER)


def _number(declared: Setting, value: Any, *, whole: bool) -> int | float:
    wanted = Text("a whole number") if whole else Text("a number")
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _mismatch(declared, value, wanted)
    try:
        value = value if isinstance(value, int) else float(value)
        finite = math.isfinite(value)
    except OverflowError:  # a whole number beyond what can be computed with
        finite = False
    if not finite or (whole and value != int(value)):
        raise _mismatch(declared, value, wanted)
    low, high = declared.minimum, declared.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        if high is None:
            remedy = Text("Give at least {low}.", low=low)
        else:
            remedy = Text("Give a value from {low} to {high}.", low=low, high=high)
        raise SettingError(declared.label, Text("{value} is out of range.", value=value), remedy)
    return int(value) if whole else float(value)


def _mismatch(declared: Setting, value: Any, wanted: Text) -> SettingError:
    return SettingError(
        declared.label,
        Text("{value} does not fit.", value=f"{value!r:.60}"),
        Text("Give {wanted}.", wanted=wanted),
    )


def matters(settings: object, declared: Setting) -> bool:
    """Whether a setting means anything beside the others' values; see ``only_for``."""
    if declared.only_for is None:
        return True
    other, values = declared.only_for
    return getattr(settings, other) in values


class Settings:
    """Base of frozen dataclasses whose fields are settings: values are checked when they are made."""

    def __post_init__(self) -> None:
        for declared in settings_of(type(self)):
            value = getattr(self, declared.name)
            if value is None and declared.follows:
                value = getattr(self, declared.follows)
            object.__setattr__(self, declared.name, check(declared, value))

    def replaced(self, **changes: Any) -> typing.Self:
        """A copy with some settings changed. Raises SettingError for a value that is not allowed."""
        unknown = sorted(set(changes) - {declared.name for declared in settings_of(type(self))})
        if unknown:
            raise SettingError(
                type(self).__name__,
                Text("It has no setting called {names}.", names=", ".join(unknown)),
                Text(
                    "Choose one of: {choices}.",
                    choices=", ".join(declared.name for declared in settings_of(type(self))),
                ),
            )
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]

    def as_dict(self) -> dict[str, Any]:
        """Setting name to value; pairs as lists, so that JSON gives the same back."""
        values = {s.name: getattr(self, s.name) for s in settings_of(type(self))}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
