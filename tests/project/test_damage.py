"""Files that are broken, or made to do harm: each is refused in one sentence, none is believed."""

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.errors import ProjectError
from nnstudio.project import Project, archive, load, save

Same = Callable[[Project, Project], None]


def str_only(value: object) -> str:
    """Test names without pages of bytes in them."""
    return value if isinstance(value, str) else "file"


def refused(path: Path, *words: str) -> None:
    with pytest.raises(ProjectError) as caught:
        load(path)
    line = str(caught.value)
    assert str(path) in line
    assert "\n" not in line
    assert caught.value.remedy.template
    for word in words:
        assert word in line


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {n: file.read(n) for n in file.namelist() if n != "manifest.json"}


def rewritten(path: Path, name: str, data: bytes) -> None:
    """As a person with ill will would do it: hashes and all."""
    members = {**members_of(path), name: data}
    path.write_bytes(archive.packed(members, (1, 0), "0.1.0"))


@pytest.fixture
def saved(project: Project, tmp_path: Path) -> Path:
    return save(project, tmp_path / "p.nnstudio")


def test_no_flipped_bit_changes_what_is_read(saved: Path, project: Project, same: Same) -> None:
    whole = saved.read_bytes()
    places = np.linspace(0, len(whole) * 8 - 1, 230).astype(int).tolist()
    # And every byte of the ZIP's own records at the end.
    places += [8 * byte + byte % 8 for byte in range(len(whole) - 120, len(whole))]
    refusals = 0
    for place in places:
        damaged = bytearray(whole)
        damaged[place // 8] ^= 1 << place % 8
        saved.write_bytes(damaged)
        try:
            found = load(saved)
        except ProjectError as error:
            assert str(saved) in str(error)
            refusals += 1
        else:
            same(found, project)
    assert refusals > 200


def test_a_member_that_its_hash_does_not_fit_is_named(saved: Path) -> None:
    members = members_of(saved)
    with zipfile.ZipFile(saved) as file:
        entries = [("manifest.json", file.read("manifest.json"))]
    members["history.json"] = b"null"  # sound by itself, with a checksum of ZIP's own
    saved.write_bytes(zipped([*entries, *members.items()]))
    refused(saved, "history.json has been changed")


def test_a_file_cut_short_anywhere_is_refused(saved: Path) -> None:
    whole = saved.read_bytes()
    for length in range(0, len(whole), len(whole) // 40):
        saved.write_bytes(whole[:length])
        refused(saved)


def test_what_is_no_project_is_called_that(tmp_path: Path) -> None:
    path = tmp_path / "p.nnstudio"
    refused(path, "There is no such file")
    refused(tmp_path, "It is a folder")
    for data in (b"", b"PK", b"hello " * 99, b"\x89PNG\r\n\x1a\n" + bytes(200)):
        path.write_bytes(data)
        refused(path, "not an nnstudio project")
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("word/document.xml", "<x/>")
    path.write_bytes(other.getvalue())
    refused(path, "not an nnstudio project")


def test_a_damaged_project_points_to_its_backup(project: Project, saved: Path) -> None:
    save(project, saved)
    saved.write_bytes(saved.read_bytes()[:-9])
    refused(saved, "damaged", f"{saved}.bak")


def zipped(entries: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names twice are meant
        for name, data in entries:
            file.writestr(name, data)
    return buffer.getvalue()


def manifest(**changes: Any) -> bytes:
    values = {"format": "x", "version": [1, 0], "minimum_reader": "0.1.0", "sha256": {}, **changes}
    return json.dumps(values).encode()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (zipped([("manifest.json", manifest())] * 2), "manifest"),
        (zipped([("manifest.json", manifest()), ("a.json", b""), ("a.json", b"")]), "twice"),
        (zipped([("manifest.json", manifest()), ("../../etc/a.json", b"")]), "name"),
        (zipped([("manifest.json", manifest()), ("a.pkl", b"")]), "name"),
        (
            zipped([("manifest.json", manifest()), *((f"a{n}.json", b"") for n in range(40))]),
            "many",
        ),
        (
            zipped(
                [("manifest.json", manifest()), ("state.json", bytes(1 << 20))],
                zipfile.ZIP_DEFLATED,
            ),
            "compressed",
        ),
        (zipped([("manifest.json", manifest()), ("state.json", bytes(5 << 20))]), "too large"),
        (zipped([("manifest.json", manifest() + b" " * (65 << 10))]), "manifest"),
        (zipped([("manifest.json", manifest(version=[1]))]), "manifest"),
        (zipped([("manifest.json", manifest(version=[True, 0]))]), "manifest"),
        (zipped([("manifest.json", manifest(version=[9, 0], minimum_reader="9\n9"))]), "manifest"),
        (zipped([("manifest.json", b'{"version":[1,0],"version":[1,0]}')]), "twice"),
        (zipped([("manifest.json", b"[" * 5000)]), "deeper"),
        (zipped([("manifest.json", manifest())]), "missing"),
        (zipped([("manifest.json", manifest()), ("a.json", b"1")]), "manifest lists"),
    ],
    ids=str_only,
)
def test_archives_made_to_harm(tmp_path: Path, data: bytes, word: str) -> None:
    path = tmp_path / "p.nnstudio"
    path.write_bytes(data)
    refused(path, word)


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    inner = zipped([("b.json", bytes(5000))])
    path = tmp_path / "p.nnstudio"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("manifest.json", manifest())
        file.writestr("a.json", inner)
        begin = file.getinfo("a.json").header_offset + 30 + len("a.json")
        with zipfile.ZipFile(io.BytesIO(inner)) as other:
            (hidden,) = other.infolist()
        hidden.header_offset = begin
        file.filelist.append(hidden)
        file.NameToInfo["b.json"] = hidden
    with zipfile.ZipFile(path) as file:
        assert len(file.infolist()) == 3
    refused(path, "damaged", "verlap")


def tensors_file(header: str, body: int = 0) -> bytes:
    return struct.pack("<Q", len(header)) + header.encode() + bytes(body)


def entry(shape: str, begin: int, end: int, dtype: str = "F32") -> str:
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{begin},{end}]}}'


def header_of_project(**changes: str) -> str:
    """What belongs to conv1.weight (18 numbers), conv1.bias (2), dense1.weight (96), dense1.bias (3)."""
    entries = {
        "conv1.weight": entry("[2,1,3,3]", 0, 72),
        "conv1.bias": entry("[2]", 72, 80),
        "dense1.weight": entry("[3,32]", 80, 464),
        "dense1.bias": entry("[3]", 464, 476),
    } | {name.replace("_", "."): value for name, value in changes.items()}
    return "{" + ",".join(f'"{name}":{value}' for name, value in entries.items()) + "}"


def test_the_honest_header_is_accepted(saved: Path) -> None:
    rewritten(saved, "weights.safetensors", tensors_file(header_of_project(), 476))
    state = load(saved).state
    assert state is not None
    assert not state.parameters["dense1.weight"].any()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "too short"),
        (struct.pack("<Q", 1 << 60) + bytes(2000), "header is longer"),
        (tensors_file("[]", 2000), "not an object"),
        (tensors_file(header_of_project(), 475), "length"),
        (tensors_file(header_of_project(), 480), "length"),
        (tensors_file(header_of_project(dense1_bias=entry("[3]", 460, 472)), 476), "overlap"),
        (tensors_file(header_of_project(dense1_bias=entry("[3]", 468, 480)), 480), "gaps"),
        (tensors_file(header_of_project(dense1_bias=entry("[4]", 464, 480)), 480), "shape"),
        (
            tensors_file(header_of_project(dense1_bias=entry("[0,4611686018427387904]", 464, 464))),
            "",
        ),
        (tensors_file(header_of_project(dense1_bias=entry("[3]", 464, 470, "F16")), 470), "kind"),
        (tensors_file(header_of_project(dense1_bias="7"), 476), "not understood"),
        (tensors_file(header_of_project(dense9_bias=entry("[3]", 476, 488)), 488), "dense9.bias"),
        (
            tensors_file(
                header_of_project()[:-1] + ',"conv1.bias":' + entry("[2]", 0, 8) + "}", 476
            ),
            "twice",
        ),
    ],
    ids=str_only,
)
def test_weights_made_to_harm(saved: Path, data: bytes, word: str) -> None:
    rewritten(saved, "weights.safetensors", data)
    refused(saved, "damaged", word)


def changed(path: Path, member: str, *keys: Any, to: Any) -> None:
    values = json.loads(members_of(path)[member])
    inner = values
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to
    rewritten(path, member, json.dumps(values).encode())


@pytest.mark.parametrize(
    ("member", "keys", "to"),
    [
        ("network.json", ("network", "nodes", 1, "layer"), "os.system"),
        ("network.json", ("network", "nodes", 1, "settings"), {"filters": 10**9}),
        ("network.json", ("network", "nodes", 1, "settings"), ["filters"]),
        ("network.json", ("network", "nodes", 1, "settings"), {"__class__": 1}),
        ("network.json", ("network", "input_shape"), [10**9, 10**9, 1]),
        ("network.json", ("network", "nodes"), [{}] * 2001),
        ("network.json", ("network",), 7),
        ("network.json", ("positions",), [["conv1", "a", 2]]),
        ("network.json", ("trained",), None),
        ("network.json", ("trained", "nodes", 1, "settings", "filters"), 2000),
        ("network.json", ("trained", "nodes", 1, "inputs"), ["dense1"]),
        ("training.json", ("settings", "epochs"), -1),
        ("training.json", ("settings", "speed"), 1),
        ("training.json", ("settings", "learning_rate"), "0.1"),
        ("training.json", ("recipe", "size"), [0, 0]),
        ("training.json", ("recipe", "source"), 5),
        ("training.json", ("classes",), ["a", "b"]),
        ("training.json", ("classes",), ["a", "a", "b"]),
        ("training.json", ("classes",), "abc"),
        ("training.json", ("preprocessing", "deviation"), [0]),
        ("training.json", ("preprocessing",), {"mean": [0, 0, 0], "deviation": [1, 1, 1]}),
        ("history.json", ("steps", "loss"), [1.0]),
        ("history.json", ("steps", "loss"), ["1.0", "2"]),
        ("history.json", ("steps",), []),
        ("history.json", ("versions",), {"a": 1}),
        ("state.json", ("step",), -1),
        ("state.json", ("position",), 1.5),
        ("state.json", ("loss_sum",), "1"),
        ("state.json", ("standing",), {}),
        ("state.json", ("standing", "waited"), -1),
        ("state.json", ("standing", "loss"), "low"),
    ],
)
def test_members_made_to_harm(saved: Path, member: str, keys: tuple[Any, ...], to: Any) -> None:
    changed(saved, member, *keys, to=to)
    refused(saved, "damaged")


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"{",
        b'{"step": NaN}',
        b'{"step": Infinity}',
        b'{"step": 1e999}',
        b'{"step": 1, "step": 2}',
        b'{"step": ' + b"9" * 5000 + b"}",
        b"[" * 40 + b"]" * 40,
        b'{"a":' * 100_000,
        b'"' + b'\\"' * 200_000,
        b"7",
    ],
    ids=str_only,
)
def test_json_made_to_harm(saved: Path, data: bytes) -> None:
    rewritten(saved, "state.json", data)
    refused(saved, "damaged")


def test_brackets_inside_a_text_are_no_depth(saved: Path) -> None:
    changed(saved, "history.json", "versions", to={"note": '[[{"\\' * 50})
    history = load(saved).history
    assert history is not None
    assert history.versions["note"].startswith("[[{")
