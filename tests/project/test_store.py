"""The project file: it brings everything back, and no failure costs anything."""

import errno
import json
import os
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnstudio.engine.schedules import Standing
from nnstudio.errors import ProjectError
from nnstudio.exchange import atomic
from nnstudio.network import NetworkSpec
from nnstudio.project import Project, Snapshot, archive, load, save, store

Same = Callable[[Project, Project], None]
GOLDEN = Path(__file__).parent / "golden" / "small-v1.zip"


def test_everything_comes_back(project: Project, same: Same, tmp_path: Path) -> None:
    save(project, tmp_path / "p.nnstudio")
    same(load(tmp_path / "p.nnstudio"), project)


def test_the_golden_file_of_version_1_always_opens(project: Project, same: Same) -> None:
    same(load(GOLDEN), project)


def test_the_same_project_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    first, second = (save(project, tmp_path / name).read_bytes() for name in ("a", "b"))
    assert first == second


def test_members_are_stored_uncompressed_and_weights_are_plain_safetensors(
    project: Project, tmp_path: Path
) -> None:
    from safetensors.numpy import load as read

    with zipfile.ZipFile(save(project, tmp_path / "p")) as file:
        assert {entry.compress_type for entry in file.infolist()} == {zipfile.ZIP_STORED}
        assert file.namelist() == [
            "manifest.json",
            "network.json",
            "training.json",
            "history.json",
            "state.json",
            "weights.safetensors",
            "optimizer.safetensors",
        ]
        weights = read(file.read("weights.safetensors"))
        assert json.loads(file.read("manifest.json"))["version"] == [1, 1]
    assert weights["dense1.bias"].tolist() == [1.0, 1.125, 1.25]


def test_a_half_built_untrained_network_is_kept_too(same: Same, tmp_path: Path) -> None:
    from nnstudio.data.preprocess import identity

    bare = Project(Snapshot(NetworkSpec((3, 3, 3))), (), identity(3))
    save(bare, tmp_path / "p")
    same(load(tmp_path / "p"), bare)


def test_a_loss_that_is_no_number_is_kept_as_that(project: Project, tmp_path: Path) -> None:
    assert project.history is not None
    last = replace(project.history.steps[-1], loss=float("inf"))
    project.history.steps.append(last)
    save(project, tmp_path / "p")
    found = load(tmp_path / "p").history
    assert found is not None
    assert np.isnan(found.steps[-1].loss)


def test_the_best_weights_and_every_memory_come_back(project: Project, tmp_path: Path) -> None:
    assert project.state is not None
    state = replace(
        project.state,
        memory={"mean": project.state.memory["velocity"], "square": project.state.parameters},
        standing=Standing(0.25, epoch=1, waited=1, stalled=1, reductions=3),
        best={name: array + 1 for name, array in project.state.parameters.items()},
    )
    save(replace(project, state=state), tmp_path / "p")
    found = load(tmp_path / "p").state
    assert found is not None
    assert found.best is not None
    assert found.standing == state.standing
    for name, array in project.state.parameters.items():
        assert found.memory["square"][name].tobytes() == array.tobytes()
        assert found.memory["mean"][name].tobytes() == state.memory["mean"][name].tobytes()
        assert found.best[name].tobytes() == (array + 1).tobytes()


def test_a_long_curve_is_thinned_and_keeps_its_newest_point(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnstudio.project.progress_record.MOST_STEPS", 10)
    assert project.history is not None
    first = project.history.steps[0]
    project.history.steps[:] = [replace(first, step=n) for n in range(1, 27)]
    save(project, tmp_path / "p")
    found = load(tmp_path / "p").history
    assert found is not None
    assert [point.step for point in found.steps] == [2, 5, 8, 11, 14, 17, 20, 23, 26]


def test_saving_keeps_one_backup_the_mode_and_the_link(
    project: Project, same: Same, tmp_path: Path
) -> None:
    folder = tmp_path / "real"
    folder.mkdir()
    target = folder / "p.nnstudio"
    link = tmp_path / "link.nnstudio"
    link.symlink_to(target)
    assert save(project, link) == target
    target.chmod(0o640)
    second = replace(project, classes=("x", "y", "z"))
    save(second, link)
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["p.nnstudio", "p.nnstudio.bak"]
    same(load(folder / "p.nnstudio.bak"), project)
    third = replace(project, classes=("1", "2", "3"))
    save(third, link)
    assert load(folder / "p.nnstudio.bak").classes == ("x", "y", "z")
    assert load(link).classes == ("1", "2", "3")


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("call", ["fsync", "link", "replace"])
def test_a_failure_leaves_the_old_file_and_no_litter(
    project: Project, same: Same, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    target = tmp_path / "p.nnstudio"
    save(project, target)
    before = target.read_bytes()
    if call == "replace":
        monkeypatch.setattr(Path, "replace", full_disk)
    else:
        monkeypatch.setattr(atomic.os, call, full_disk)
    if call == "link":  # a file system without links: the backup is a copy
        save(replace(project, classes=("x", "y", "z")), target)
        same(load(tmp_path / "p.nnstudio.bak"), project)
        return
    with pytest.raises(ProjectError, match="No space left on device"):
        save(replace(project, classes=("x", "y", "z")), target)
    monkeypatch.undo()
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["p.nnstudio"]


def test_what_the_disk_garbles_is_noticed_before_the_old_file_goes(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = save(project, tmp_path / "p")
    before = target.read_bytes()
    honest = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: honest(path)[:-1] + b"?")
    with pytest.raises(ProjectError, match="differs from what was written"):
        save(project, target)
    monkeypatch.undo()
    assert target.read_bytes() == before


def test_targets_that_cannot_be_written_are_told_why(project: Project, tmp_path: Path) -> None:
    for target, reason in (
        (tmp_path, "It is a folder"),
        (tmp_path / "no" / "p", "Its folder does not exist"),
        ("/dev/null", "It is a device"),
        (tmp_path / ("n" * 300), "File name too long"),
    ):
        with pytest.raises(ProjectError) as caught:
            save(project, target)
        assert reason in str(caught.value)
        assert str(target) in str(caught.value)
    assert not stat.S_ISREG(os.stat("/dev/null").st_mode)  # noqa: PTH116


def test_a_newer_format_is_refused_by_name_and_never_written_over(
    project: Project, tmp_path: Path
) -> None:
    target = tmp_path / "p.nnstudio"
    target.write_bytes(archive.packed({"brain.json": b"{}"}, (2, 0), "3.1"))
    before = target.read_bytes()
    for attempt in (lambda: load(target), lambda: save(project, target)):
        with pytest.raises(ProjectError) as caught:
            attempt()
        assert "format 2" in str(caught.value)
        assert "nnstudio 3.1 or newer" in str(caught.value)
        assert str(target) in str(caught.value)
    with pytest.raises(ProjectError):
        store.check_target(target)
    assert target.read_bytes() == before


def test_older_formats_pass_through_the_migrations_one_by_one(
    project: Project, same: Same, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = save(project, tmp_path / "p")

    def renamed(members: dict[str, bytes]) -> dict[str, bytes]:
        return {name.removeprefix("old-"): data for name, data in members.items()}

    with zipfile.ZipFile(target) as file:
        members = {f"old-{n}": file.read(n) for n in file.namelist() if n != "manifest.json"}
    target.write_bytes(archive.packed(members, (0, 0), "0.0.1"))
    with pytest.raises(ProjectError, match="damaged"):
        load(target)
    monkeypatch.setitem(store.MIGRATIONS, 0, renamed)
    same(load(target), project)


def test_a_later_minor_format_with_more_in_it_still_opens(
    project: Project, same: Same, tmp_path: Path
) -> None:
    target = save(project, tmp_path / "p")
    with zipfile.ZipFile(target) as file:
        members = {n: file.read(n) for n in file.namelist() if n != "manifest.json"}
    target.write_bytes(archive.packed({**members, "notes.json": b"[]"}, (1, 7), "0.1.0"))
    same(load(target), project)
