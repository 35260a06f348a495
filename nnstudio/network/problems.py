"""What keeps a network from being computed: which block, the numbers, why, and edits that mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnstudio.text import Text

if TYPE_CHECKING:
    from nnstudio.network.spec import NetworkSpec


@dataclass(frozen=True)
class Mend:
    """A one-click remedy: its label ("Insert Flatten") and a pure edit of (spec, node id)."""

    label: Text
    edit: Callable[[NetworkSpec, str], NetworkSpec]


@dataclass(frozen=True)
class Problem:
    """One reason, at one node, why the network cannot be computed or trained.

    ``what`` is one sentence with the numbers, ``why`` the rule behind it, ``mends`` the remedies,
    best first. An empty ``node`` means the network as a whole. ``label`` is what the wire into the
    node should say ("5×5×16 ≠ 400"), empty for none.
    """

    node: str
    what: Text
    why: Text
    mends: tuple[Mend, ...] = ()
    label: str = ""


class ShapeError(Exception):
    """Raised by a layer's shape rule; shape inference turns it into a Problem at that node."""

    def __init__(self, what: Text, why: Text, *mends: Mend, label: str = "") -> None:
        super().__init__(f"{what} {why}")
        self.what = what
        self.why = why
        self.mends = mends
        self.label = label
