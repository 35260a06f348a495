"""The grammar of the command line; ranges and help of training options come from their settings."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from nnstudio import __version__
from nnstudio.cli.say import complain
from nnstudio.cli.watching import quantities, step_count
from nnstudio.engine.observation import QUANTITIES
from nnstudio.engine.training import TrainingSettings
from nnstudio.errors import SettingError
from nnstudio.settings import CHOICE, INTEGER, SWITCH, Setting, check, settings_of
from nnstudio.templates import TEMPLATES

FORMATS = ("onnx", "safetensors")

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other mistake is told."""

    def error(self, message: str) -> NoReturn:
        complain(f"{message}. See {self.prog} --help.")
        self.exit(2)


@dataclass(frozen=True)
class Command:
    """``run`` gives the function that does it: it imports no more than that command needs."""

    summary: str
    declare: Callable[[Parser], None]
    run: Callable[[], Run]


def command_parser(name: str) -> Parser:
    """The parser of one command's arguments."""
    command = COMMANDS[name]
    parser = Parser(prog=f"nnstudio {name}", description=command.summary, allow_abbrev=False)
    command.declare(parser)
    return parser


def window_parser() -> Parser:
    """The parser of everything that does not begin with a command."""
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:<{width}}  {c.summary}" for name, c in COMMANDS.items())
    parser = Parser(
        prog="nnstudio",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="nnstudio [PROJECT] [--demo] [--language en|zh] [--theme light|dark]\n"
        "       nnstudio COMMAND …",
        description="Build a neural network by dragging layers, train it on images, see inside it.",
        epilog=f"commands (nnstudio COMMAND --help explains each):\n{commands}",
    )
    parser.add_argument("project", metavar="PROJECT", nargs="?", type=Path, help="a file to open")
    parser.add_argument("--demo", action="store_true", help="open it training LeNet-5 on digits")
    parser.add_argument("--language", choices=("en", "zh"), help="of the window")
    parser.add_argument("--theme", choices=("light", "dark"), help="of the window")
    parser.add_argument("--screenshot", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--version", action="version", version=f"nnstudio {__version__}")
    return parser


_METAVARS = {INTEGER: "N", CHOICE: "NAME", SWITCH: "YES"}
_SWITCH = {"yes": True, "no": False}


def _train(parser: Parser) -> None:
    _add_task(parser)
    parser.add_argument("--out", metavar="FILE", help="the project to write")
    parser.add_argument(
        "--observe",
        metavar="WHAT",
        type=quantities,
        help=f"look inside while training: one or more of {','.join(QUANTITIES)}, with commas between",
    )
    parser.add_argument(
        "--observe-every",
        metavar="N",
        type=step_count,
        help="look at the first step and at every N-th; without it once an epoch",
    )
    _add_json(parser)


def _lr_range(parser: Parser) -> None:
    _add_task(parser)
    parser.add_argument(
        "--steps", metavar="N", type=step_count, default=100, help="how many rates to try; 100"
    )
    _add_json(parser)


def _add_task(parser: Parser) -> None:
    """What is trained, on what, and how."""
    names = ", ".join(TEMPLATES)
    parser.add_argument("source", metavar="SOURCE", help=f"a template ({names}) or a project")
    _add_data(parser)
    for declared in settings_of(TrainingSettings):
        parser.add_argument(
            f"--{declared.name.replace('_', '-')}",
            metavar=_METAVARS.get(declared.kind, "X"),
            type=_value_of(declared),
            help=_help(declared),
        )


def _evaluate(parser: Parser) -> None:
    _add_project(parser)
    _add_data(parser)
    _add_json(parser)


def _predict(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="picture files of any size")
    _add_json(parser)


def _export(parser: Parser) -> None:
    _add_project(parser)
    parser.add_argument("--to", choices=FORMATS, required=True, help="the format")
    parser.add_argument("--out", metavar="PATH", required=True, help="the file to write")


def _add_project(parser: Parser) -> None:
    parser.add_argument("project", metavar="PROJECT", help="a trained project")


def _add_data(parser: Parser) -> None:
    parser.add_argument(
        "--data", metavar="DATA", required=True, help="a file, a folder, or digits (built in)"
    )


def _add_json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def _value_of(declared: Setting) -> Callable[[str], Any]:
    """What turns the text of an option into a value that the setting allows."""

    def read(text: str) -> Any:
        value: Any
        try:
            if declared.kind == CHOICE:
                value = text
            elif declared.kind == SWITCH:
                value = _SWITCH.get(text, text)
            else:
                value = int(text) if declared.kind == INTEGER else float(text)
        except ValueError:
            kind = "whole number" if declared.kind == INTEGER else "number"
            raise argparse.ArgumentTypeError(f"{text!r:.60} is not a {kind}") from None
        try:
            return check(declared, value)
        except SettingError as error:
            message = f"{error.reason} {error.remedy}".rstrip(".")
            raise argparse.ArgumentTypeError(message) from None

    return read


def _help(declared: Setting) -> str:
    if declared.kind == CHOICE:
        names = ", ".join(value for value, _ in declared.choices)
        return f"{declared.help} One of {names}; {declared.default}, or what the project says."
    if declared.kind == SWITCH:
        default = "yes" if declared.default else "no"
        return f"{declared.help} yes or no; {default}, or what the project says."
    whole = declared.kind == INTEGER
    low, high, default = (
        str(value) if whole else f"{value:g}"
        for value in (declared.minimum, declared.maximum, declared.default)
    )
    text = f"{declared.help} From {low} to {high}; {default}, or what the project says."
    return text.replace("%", "%%")


def _run_train() -> Run:
    from nnstudio.cli.training import train

    return train


def _run_evaluate() -> Run:
    from nnstudio.cli.answers import evaluate

    return evaluate


def _run_predict() -> Run:
    from nnstudio.cli.answers import predict

    return predict


def _run_export() -> Run:
    from nnstudio.cli.answers import export

    return export


def _run_lr_range() -> Run:
    from nnstudio.cli.rates import lr_range

    return lr_range


def _run_layers() -> Run:
    from nnstudio.cli.listing import layers

    return layers


def _run_templates() -> Run:
    from nnstudio.cli.listing import templates

    return templates


COMMANDS: dict[str, Command] = {
    "train": Command("train a template or go on training a project", _train, _run_train),
    "evaluate": Command("judge a trained project on labelled images", _evaluate, _run_evaluate),
    "predict": Command("name what is in pictures", _predict, _run_predict),
    "export": Command("write the trained network for other tools", _export, _run_export),
    "lr-range": Command("find learning rates at which a network learns", _lr_range, _run_lr_range),
    "layers": Command("list the layers there are", _add_json, _run_layers),
    "templates": Command("list the networks to begin with", _add_json, _run_templates),
}
