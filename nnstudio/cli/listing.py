"""The commands that say what there is: layers and templates, from their registries."""

from __future__ import annotations

import argparse
import inspect
import math

import nnstudio.layers  # noqa: F401  (registers them)
from nnstudio.cli.say import emit
from nnstudio.network import infer, layer_types, shape_text
from nnstudio.network.layer import CATEGORIES
from nnstudio.settings import Setting, settings_of
from nnstudio.templates import ACTIVATIONS, TEMPLATES, build


def layers(given: argparse.Namespace) -> int:
    """Print every registered layer with its settings."""
    categories = dict(CATEGORIES)
    for name, kind in layer_types().items():
        explained = inspect.getdoc(kind) or ""
        if given.json:
            emit(
                {
                    "name": name,
                    "label": kind.label,
                    "category": categories[kind.category],
                    "about": explained,
                    "settings": [_described(declared) for declared in settings_of(kind)],
                }
            )
            continue
        print(f"{name}  ({categories[kind.category]})\n    {explained.splitlines()[0]}")
        for declared in settings_of(kind):
            print(f"    {declared.name} = {_shown(declared)}  {declared.help}")
    return 0


def templates(given: argparse.Namespace) -> int:
    """Print every template with what it consists of at its usual size."""
    for name, template in TEMPLATES.items():
        spec = build(name)
        inference = infer(spec)
        learned = sum(
            math.prod(parameter.shape)
            for node in spec
            for parameter in inference.learned(spec, node) or ()
        )
        chain = [f"{type(n.layer).__name__} {n.layer.summary()}".strip() for n in spec]
        if given.json:
            emit(
                {
                    "name": name,
                    "title": template.title,
                    "summary": template.summary,
                    "activations": ACTIVATIONS,
                    "input_shape": spec.input_shape,
                    "layers": chain,
                    "parameters": learned,
                }
            )
            continue
        print(f"{name}  {template.title}: {template.summary}")
        print(f"    {shape_text(spec.input_shape)} → {' → '.join(chain)}")
        print(f"    {learned:,} parameters; image size and classes follow the data")
    return 0


def _described(declared: Setting) -> dict[str, object]:
    return {
        "name": declared.name,
        "kind": declared.kind,
        "default": declared.default,
        "minimum": declared.minimum,
        "maximum": declared.maximum,
        "unit": declared.unit,
        "choices": [value for value, _ in declared.choices],
        "help": declared.help,
    }


def _shown(declared: Setting) -> str:
    value = declared.default
    text = shape_text(value) if isinstance(value, tuple) else str(value)
    if declared.choices:
        return f"{text}  ({' | '.join(choice for choice, _ in declared.choices)})"
    if declared.minimum is None or declared.maximum is None:
        return text
    return f"{text}  ({declared.minimum:g} to {declared.maximum:g})"
