"""The command line, called as a function: what it prints, where, and with which exit status."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nnstudio import __version__
from nnstudio.cli import main
from nnstudio.data.preprocess import identity
from nnstudio.engine import free_memory
from nnstudio.layers import Conv2D, Dense, Flatten, Softmax
from nnstudio.network import NetworkSpec, Node
from nnstudio.project import Project, Snapshot, load, save

COLOURS = {"blue": (20, 30, 220), "green": (30, 200, 40), "red": (230, 20, 30)}
QUICK = (
    "--epochs",
    "3",
    "--batch-size",
    "8",
    "--learning-rate",
    "0.01",
    "--threads",
    "1",
    "--schedule",
    "constant",
)


class Ran:
    """What one call gave: its exit status, its output, and the objects in it."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Call = Callable[..., Ran]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*arguments: object) -> Ran:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as error:
            status = int(error.code or 0)
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture(scope="module")
def patches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 noisy 16×16 pictures of each of three colours, in class folders."""
    folder = tmp_path_factory.mktemp("patches")
    rng = np.random.default_rng(3)
    for name, colour in COLOURS.items():
        (folder / name).mkdir()
        for number in range(20):
            noise = rng.integers(-20, 21, (16, 16, 3))
            pixels = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


@pytest.fixture(scope="module")
def trained(patches: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained") / "colours.nnstudio"
    arguments = ["train", "lenet5", "--data", str(patches), *QUICK, "--out", str(out)]
    assert main(arguments) == 0
    return out


def mistake(ran: Ran, *words: str) -> None:
    """Exit status 2, nothing on stdout, and one line that holds these words."""
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("nnstudio: ")
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err


def test_training_reports_epochs_and_a_summary_and_evaluate_agrees(
    call: Call, patches: Path, tmp_path: Path
) -> None:
    out = tmp_path / "p.nnstudio"
    ran = call("train", "lenet5", "--data", patches, *QUICK, "--seed", 5, "--out", out, "--json")
    assert (ran.status, ran.err) == (0, "")
    *epochs, summary = ran.objects
    assert [line["epoch"] for line in epochs] == [1, 2, 3]
    assert {line["event"] for line in epochs} == {"epoch"}
    assert epochs[0]["loss"] > epochs[-1]["loss"]
    assert summary["test_accuracy"] == 1.0  # three plain colours
    assert summary["test_images"] == 6  # a tenth of 20, three times
    assert (summary["threads"], summary["seed"], summary["epochs"]) == (1, 5, 3)
    # By hand for 16×16×3 in 3 classes: conv 456 + 2416, dense 64·120+120, 120·84+84, 84·3+3.
    assert summary["parameters"] == 456 + 2416 + 7800 + 10164 + 255
    assert summary["out"] == str(out)
    assert summary["validation_accuracy"] == epochs[-1]["validation_accuracy"]
    assert summary["images_per_second"] > 0
    (judged,) = call("evaluate", out, "--data", patches, "--json").objects
    assert judged["test_accuracy"] == summary["test_accuracy"]
    assert judged["test_loss"] == summary["test_loss"]
    assert (judged["images"], judged["part"]) == (6, "the project's test part")
    assert judged["confusion"] == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]


def test_a_project_remembers_its_settings_and_data(trained: Path, patches: Path) -> None:
    project = load(trained)
    settings = project.snapshot.training
    assert (settings.epochs, settings.batch_size, settings.learning_rate) == (3, 8, 0.01)
    recipe = project.snapshot.recipe
    assert recipe is not None
    assert (recipe.source, recipe.size, recipe.channels) == (str(patches), (16, 16), 3)
    assert project.classes == ("blue", "green", "red")
    assert project.state is not None
    # 48 of the 60 images train, in 6 batches of 8, 3 times.
    assert (project.state.epoch, project.state.position, project.state.step) == (3, 0, 18)
    assert project.history is not None
    assert [point.step for point in project.history.steps] == list(range(1, 19))


def test_going_on_gives_the_weights_of_one_long_training(
    call: Call, trained: Path, patches: Path, tmp_path: Path
) -> None:
    long, short = tmp_path / "long", tmp_path / "short"
    five = ("--epochs", "5", *QUICK[2:])
    assert call("train", "lenet5", "--data", patches, *five, "--out", long).status == 0
    ran = call("train", trained, "--data", patches, "--epochs", 5, "--out", short, "--json")
    assert [line["epoch"] for line in ran.objects[:-1]] == [4, 5]
    first, second = load(long).state, load(short).state
    assert first is not None
    assert second is not None
    for name, array in first.parameters.items():
        assert array.tobytes() == second.parameters[name].tobytes()
    history = load(short).history
    assert history is not None
    assert [point.epoch for point in history.epochs] == [1, 2, 3, 4, 5]
    mistake(call("train", short, "--data", patches), "already trained for 5 epochs", "--epochs")


def test_training_can_go_on_with_other_images_of_the_same_classes(
    call: Call, trained: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    for name in ("red", "blue"):  # one class less, and of another size
        (other / name).mkdir(parents=True)
        for number in range(10):
            Image.new("RGB", (40, 30), COLOURS[name]).save(other / name / f"{number}.png")
    out, halfway = tmp_path / "p", tmp_path / "halfway"
    project = load(trained)
    assert project.state is not None
    # As if it had stopped within an epoch: places in the old images mean nothing among the new.
    state = replace(project.state, position=24, hits=7, loss_sum=9.0)
    save(replace(project, state=state), halfway)
    ran = call("train", halfway, "--data", other, "--epochs", 4, "--out", out, "--json")
    assert ran.status == 0
    history = load(out).history
    assert history is not None
    # 8 of 10 images of each class train: two batches.
    assert [(p.step, p.batch) for p in history.steps[18:]] == [(19, 1), (20, 2)]
    assert history.epochs[-1].accuracy <= 1
    assert load(out).classes == ("blue", "green", "red")
    assert load(out).preprocessing == load(trained).preprocessing
    (judged,) = call("evaluate", trained, "--data", other, "--json").objects
    assert judged["part"] == "all images"
    assert judged["images"] == 20
    assert judged["confusion"] == [[10, 0, 0], [0, 0, 0], [0, 0, 10]]
    (other / "red").rename(other / "mauve")
    mistake(call("evaluate", trained, "--data", other), "mauve", "not among the classes")
    mistake(call("train", trained, "--data", other, "--epochs", 9), "mauve")


def test_evaluate_uses_a_given_test_part_of_other_data(
    call: Call, trained: Path, tmp_path: Path
) -> None:
    for part, number in (("train", 5), ("test", 3)):
        for name, colour in COLOURS.items():
            (tmp_path / part / name).mkdir(parents=True)
            for place in range(number):
                Image.new("RGB", (16, 16), colour).save(tmp_path / part / name / f"{place}.png")
    ran = call("evaluate", trained, "--data", tmp_path)
    assert ran.status == 0
    assert "accuracy 100.00 %" in ran.out
    assert "the given test part" in ran.out
    assert ": 9 images" in ran.out


def test_an_edited_network_begins_afresh(
    call: Call, trained: Path, patches: Path, tmp_path: Path
) -> None:
    project = load(trained)
    spec = NetworkSpec(
        (16, 16, 3),
        (
            Node("flat", Flatten()),
            Node("dense", Dense(3), ("flat",)),
            Node("out", Softmax(), ("dense",)),
        ),
    )
    edited = tmp_path / "edited"
    save(replace(project, snapshot=replace(project.snapshot, spec=spec)), edited)
    ran = call("train", edited, "--data", patches, "--out", tmp_path / "p", "--json")
    assert ran.status == 0
    assert "fresh weights" in ran.err
    assert [line["epoch"] for line in ran.objects[:-1]] == [1, 2, 3]
    found = load(tmp_path / "p")
    assert found.trained_spec == spec
    assert found.history is not None
    assert len(found.history.epochs) == 3


def test_networks_that_do_not_fit_the_data_are_told_in_one_line(
    call: Call, patches: Path, tmp_path: Path
) -> None:
    spec = NetworkSpec(
        (16, 16, 3),
        (
            Node("flat", Flatten()),
            Node("dense", Dense(9), ("flat",)),
            Node("out", Softmax(), ("dense",)),
        ),
    )
    save(Project(Snapshot(spec), (), identity(3)), tmp_path / "nine")
    mistake(call("train", tmp_path / "nine", "--data", patches), "nine", "9 answers", "3 classes")
    half = NetworkSpec((16, 16, 3), (Node("conv", Conv2D(3, 3)),))
    save(Project(Snapshot(half), (), identity(3)), tmp_path / "half")
    mistake(call("train", tmp_path / "half", "--data", patches), "half", "no output layer")
    mistake(call("evaluate", tmp_path / "half", "--data", patches), "not been trained")
    mistake(call("predict", tmp_path / "half", patches / "red" / "0.png"), "not been trained")
    out = tmp_path / "m.onnx"
    mistake(call("export", tmp_path / "half", "--to", "onnx", "--out", out), "Train first")
    assert not out.exists()


def test_predict_names_pictures_of_any_kind_and_goes_on_after_a_broken_one(
    call: Call, trained: Path, tmp_path: Path
) -> None:
    names = []
    for name, colour in COLOURS.items():
        Image.new("RGB", (300, 200), colour).save(tmp_path / f"{name}.jpg")
        names.append(tmp_path / f"{name}.jpg")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n nonsense")
    names.insert(1, tmp_path / "broken.png")
    ran = call("predict", trained, *names, "--json")
    assert ran.status == 2
    assert ran.err.startswith(f"nnstudio: {tmp_path / 'broken.png'}: ")
    assert ran.err.count("\n") == 1
    assert [line["class"] for line in ran.objects] == ["blue", "green", "red"]
    for line in ran.objects:
        assert sum(line["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert line["probability"] == max(line["probabilities"].values())
        assert line["image"].endswith(f"{line['class']}.jpg")
    ran = call("predict", trained, tmp_path / "red.jpg")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"{tmp_path / 'red.jpg'}: red  ")


def test_exports_are_written_and_said(call: Call, trained: Path, tmp_path: Path) -> None:
    for kind in ("onnx", "safetensors"):
        out = tmp_path / f"m.{kind}"
        ran = call("export", trained, "--to", kind, "--out", out)
        assert (ran.status, ran.err) == (0, "")
        assert str(out) in ran.out
        assert out.stat().st_size > 4 * 21091
    mistake(
        call("export", trained, "--to", "onnx", "--out", tmp_path / "no" / "m"), "does not exist"
    )
    mistake(call("export", trained, "--to", "pickle", "--out", tmp_path / "m"), "pickle", "onnx")


def test_without_a_terminal_each_epoch_is_a_line_and_nothing_is_saved_unasked(
    call: Call, patches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = call("train", "mlp", "--data", patches, *QUICK)
    assert ran.status == 0
    memory, *epochs = ran.err.splitlines()
    told = re.fullmatch(r"takes up to (\d+) MB of memory beside the images", memory)
    assert told is not None and 0 < int(told[1]) < 200
    assert [line.split(":")[0] for line in epochs] == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]
    assert "test accuracy" in ran.out
    assert "not saved" in ran.out
    assert not list(tmp_path.iterdir())


def test_what_is_known_comes_from_the_registries(call: Call) -> None:
    from nnstudio.network import layer_types
    from nnstudio.templates import TEMPLATES

    found = call("layers", "--json").objects
    assert [line["name"] for line in found] == list(layer_types())
    (conv,) = (line for line in found if line["name"] == "Conv2D")
    assert [s["name"] for s in conv["settings"]][:2] == ["filters", "kernel"]
    assert "Conv2D  (Convolution)" in call("layers").out
    found = call("templates", "--json").objects
    assert [line["name"] for line in found] == list(TEMPLATES)
    # LeNet-5 by hand: 156 + 2416 + 48120 + 10164 + 850; the MLP: 401920 + 131328 + 2570.
    assert [line["parameters"] for line in found[:2]] == [61706, 535818]
    # running averages are kept, not learned: 2·(3·16 + 3·32 + 3·64) fewer than 78,762 numbers
    assert {line["name"]: line["parameters"] for line in found}["resnet8"] == 78090
    assert "lenet5" in call("templates").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("train", "lenet5"), ("--data",)),
        (("train", "lenet6", "--data", "digits"), ("lenet6", "lenet5, mlp")),
        (("train", "lenet5", "--data", "/no/such"), ("/no/such", "no such file")),
        (("train", "lenet5", "--data", "digits", "--epochs", "0"), ("--epochs", "1 to 100000")),
        (("train", "lenet5", "--data", "digits", "--epochs", "1.5"), ("whole number",)),
        (("train", "lenet5", "--data", "digits", "--learning-rate", "nan"), ("--learning-rate",)),
        (("train", "lenet5", "--data", "digits", "--momentum", "x"), ("'x' is not a number",)),
        (("train", "lenet5", "--data", "digits", "--out", "/no/such/p"), ("/no/such/p", "folder")),
        (("train", "lenet5", "--data", "digits", "--epo", "1"), ("--epo",)),
        (("evaluate", "/no/such", "--data", "digits"), ("/no/such", "no such file")),
        (("predict", "/no/such", "a\nb.png"), ("/no/such",)),
        (("predict", "p"), ("IMAGE",)),
        (("export", "p", "--to", "onnx"), ("--out",)),
        (("layers", "surplus"), ("surplus",)),
        (("--theme", "pink"), ("pink",)),
        (("p.nnstudio", "--demo"), ("not both",)),
    ],
    ids=lambda value: " ".join(value)[:60].replace("\n", " "),
)
def test_mistakes_are_one_line(
    call: Call, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    mistake(call(*arguments), *words)


def test_a_training_that_explodes_is_no_success(call: Call, patches: Path, tmp_path: Path) -> None:
    out = tmp_path / "p"
    ran = call("train", "lenet5", "--data", patches, "--learning-rate", 100, "--out", out, "--json")
    assert ran.status == 2
    last = ran.err.splitlines()[-1]
    assert "smaller learning rate" in last
    assert f"Saved to {out}." in last
    state = load(out).state
    assert state is not None
    assert all(np.isfinite(array).all() for array in state.parameters.values())
    ran = call("train", "lenet5", "--data", patches, "--learning-rate", 100)
    assert "Nothing was saved." in ran.err.splitlines()[-1]


def test_a_target_that_cannot_be_written_is_told_before_the_training(
    call: Call, patches: Path
) -> None:
    # Root may write anywhere but here: a folder of the kernel's own.
    ran = call("train", "lenet5", "--data", patches, *QUICK, "--out", "/proc/p.nnstudio")
    mistake(ran, "/proc/p.nnstudio", "Choose another place")


def test_without_a_display_the_window_says_so(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    mistake(call("p.nnstudio"), "no display", "nnstudio train --help")


def test_help_gives_ranges_and_version_the_version(call: Call) -> None:
    ran = call("train", "--help")
    assert ran.status == 0
    assert "0.999" in ran.out  # momentum's upper limit, declared with the setting
    assert "100000" in ran.out
    listed = call("--help").out
    for command in ("train", "evaluate", "predict", "export", "layers", "templates"):
        assert f"\n  {command} " in listed
    assert call("--version").out == f"nnstudio {__version__}\n"


def test_files_with_bytes_that_no_encoding_knows(call: Call, trained: Path, tmp_path: Path) -> None:
    import os

    odd = os.fsdecode(bytes(tmp_path) + b"/re\xffd.png")
    Image.new("RGB", (16, 16), COLOURS["red"]).save(odd)
    ran = call("predict", trained, odd)
    assert ran.status == 0
    assert ": red  " in ran.out


def test_the_backup_is_of_before_the_run_not_of_its_middle(
    call: Call, patches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnstudio.cli.training.SAVE_EVERY", 0.0)
    out = tmp_path / "p.nnstudio"
    backup = tmp_path / "p.nnstudio.bak"
    assert call("train", "lenet5", "--data", patches, *QUICK, "--out", out).status == 0
    assert not backup.exists()
    before = out.read_bytes()
    ran = call("train", out, "--data", patches, "--epochs", 6, "--out", out)
    assert ran.status == 0
    assert backup.read_bytes() == before != out.read_bytes()


def test_a_disk_that_is_full_for_a_while_does_not_end_the_training(
    call: Call, patches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nnstudio.cli import training
    from nnstudio.errors import ProjectError
    from nnstudio.text import Text

    tries = []

    def full_at_first(project, path, *, backup):
        tries.append(backup)
        if len(tries) == 1:
            raise ProjectError(path, Text("No space left."), Text("Make room."))
        return save(project, path, backup=backup)

    monkeypatch.setattr(training, "save", full_at_first)
    out = tmp_path / "p.nnstudio"
    ran = call("train", "lenet5", "--data", patches, *QUICK, "--out", out)
    assert ran.status == 0
    assert "Make room. The training goes on." in ran.err
    assert load(out).state is not None


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ("--momentum=1.5", "1.5 is out of range"),
        ("--batch-size=-1", "-1 is out of range"),
        ("--learning-rate=nan", "nan does not fit"),
        ("--learning-rate=1e400", "inf does not fit"),
        (f"--epochs={10**400}", "does not fit"),
        (f"--epochs={'9' * 5000}", "is not a whole number"),
    ],
)
def test_options_beyond_all_reason_are_refused_in_a_short_line(call: Call, option, word) -> None:
    ran = call("train", "mlp", "--data", "digits", option)
    assert ran.status == 2 and word in ran.err
    assert ran.err.count("\n") == 1 and len(ran.err) < 250


def test_weights_of_a_project_that_are_no_numbers_are_named(
    call: Call, trained: Path, patches: Path, tmp_path: Path
) -> None:
    project = load(trained)
    assert project.state is not None
    name, first = next(iter(project.state.parameters.items()))
    spoilt = first.copy()
    spoilt.flat[0] = np.nan
    state = replace(project.state, parameters={**project.state.parameters, name: spoilt})
    out = tmp_path / "spoilt.nnstudio"
    save(replace(project, state=state), out)
    picture = next((patches / "red").iterdir())
    for command in (
        ("train", out, "--data", patches, "--epochs", 9),
        ("evaluate", out, "--data", patches),
        ("predict", out, picture),
        ("export", out, "--to", "onnx", "--out", tmp_path / "m.onnx"),
    ):
        ran = call(*command)
        assert (ran.status, ran.err.count("\n"), ran.out) == (2, 1, "")
        assert name in ran.err


def test_a_network_that_was_edited_into_nonsense_is_told_in_one_line(
    call: Call,
    trained: Path,
    patches: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = load(trained)
    spec = project.snapshot.spec
    source = spec.ordered()[-2].inputs[0]
    second = (Node("d9", Dense(3), (source,)), Node("s9", Softmax(), ("d9",)))
    edited = replace(project.snapshot, spec=spec.with_nodes((*spec.nodes, *second)))
    out = tmp_path / "edited.nnstudio"
    save(replace(project, snapshot=edited), out)
    for command in ("train", "lr-range"):
        ran = call(command, out, "--data", patches)
        assert (ran.status, ran.err.count("\n")) == (2, 1)
        assert "one output layer, and this is the second" in ran.err
    # too large for the memory, which is known only when its data is there
    monkeypatch.setattr(free_memory, "available", lambda: 1 << 30)
    huge = Node("h1", Dense(65_536), (source,)), Node("h2", Dense(65_536), ("h1",))
    end = (*huge, Node("d9", Dense(3), ("h2",)), Node("s9", Softmax(), ("d9",)))
    kept = tuple(node for node in spec.nodes if node.id in _before(spec, source))
    edited = replace(project.snapshot, spec=spec.with_nodes((*kept, *end)))
    save(replace(project, snapshot=edited), out)
    ran = call("train", out, "--data", patches)
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "weights; the network needs" in ran.err


def _before(spec: NetworkSpec, last: str) -> set[str]:
    ids = [node.id for node in spec.ordered()]
    return set(ids[: ids.index(last) + 1])
