"""Tables of pictures and labels: as people export them, and as they should not be."""

import numpy as np
import pytest
from PIL import Image

from nnstudio.data.loading import load
from nnstudio.data.split import split
from nnstudio.errors import DataError


@pytest.fixture
def folder(tmp_path):
    for number in range(6):
        pixels = np.full((4, 5), 40 * number, np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"p{number}.png")
    return tmp_path


def table(folder, text, name="labels.csv", encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def reasons(data):
    return {one.file: str(one.reason) for one in data.skipped}


@pytest.mark.parametrize(
    "text",
    [
        "p0.png,cat\np1.png,dog\np2.png,cat\n",
        "file,label\np0.png,cat\np1.png,dog\np2.png,cat",
        "﻿Datei;Klasse\r\np0.png;cat\r\np1.png; dog\r\n\r\np2.png;cat\r\n",
        'p0.png\tcat\n"p1.png"\tdog\np2.png\tcat\n',
    ],
)
def test_words_are_classes(folder, text):
    data = load(table(folder, text))
    assert data.classes == ("cat", "dog") and data.labels.tolist() == [0, 1, 0]
    assert data.images[:, 0, 0, 0].tolist() == [0, 40, 80]
    assert not data.skipped


def test_the_folder_that_holds_the_table_is_as_good(folder):
    path = table(folder, "p0.png,cat\np1.png,dog\n")
    assert load(folder).classes == load(path).classes == ("cat", "dog")


def test_numbers_are_classes_in_their_order(folder):
    data = load(table(folder, "p0.png,10\np1.png,-2.5\np2.png,9\np3.png,1e1\n"))
    assert data.classes == ("-2.5", "9", "10") and data.labels.tolist() == [2, 0, 1, 2]


def test_minus_zero_is_zero(folder):
    data = load(table(folder, "p0.png,-0.0\np1.png,0\np2.png,1\n"))
    assert data.classes == ("0", "1") and data.labels.tolist() == [0, 0, 1]


def test_names_with_digits_stay_names(folder):
    data = load(table(folder, "p0.png,1_0\np1.png,10\np2.png,1_1\np3.png,1_0\n"))
    assert data.classes == ("1_0", "1_1", "10") and data.labels.tolist() == [0, 2, 1, 0]


def test_what_cannot_be_used_is_named_by_its_line(folder):
    (folder / "broken.png").write_text("no picture")
    lines = [
        "p0.png,1",
        "p1.png,2",
        "p2.png,nan",
        "p3.png,1e400",
        "p4.png,soon",
        "p5.png",
        "p5.png,3,4",
        "gone.png,3",
        "../outside.png,3",
        "broken.png,4",
        "x" * 300 + ".png,5",
    ]
    data = load(table(folder, "\n".join(lines)))
    assert data.classes == ("1", "2") and len(data) == 2
    found = reasons(data)
    assert "“nan” is not a finite number" in found["labels.csv, line 3"]
    assert "“1e400” is not a finite number" in found["labels.csv, line 4"]
    assert "“soon” is not a finite number" in found["labels.csv, line 5"]
    assert "1 entries" in found["labels.csv, line 6"]
    assert "3 entries" in found["labels.csv, line 7"]
    assert "no file “gone.png”" in found["labels.csv, line 8"]
    assert "outside the folder" in found["labels.csv, line 9"]
    assert "broken.png" in found
    assert "labels.csv, line 11" in found


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "no lines"),
        ("p0.png,Stra\xdfe\n".encode("latin-1"), "not UTF-8"),
        (b"p0.png,\0cat\n", "zero bytes"),
        (b"p0.png,cat\np1.png,cat\n", "one class only"),
        (b"gone.png,cat\n", "None of its files"),
    ],
)
def test_useless_tables_are_refused_by_name(folder, raw, word):
    (folder / "labels.csv").write_bytes(raw)
    with pytest.raises(DataError, match=word) as caught:
        load(folder / "labels.csv")
    assert caught.value.subject.endswith("labels.csv")
    assert "folder" not in str(caught.value.remedy)


def test_many_numbers_are_divided_all_together(tmp_path):
    lines = []
    for number in range(120):
        Image.fromarray(np.full((2, 2), number, np.uint8)).save(tmp_path / f"{number}.png")
        lines.append(f"{number}.png,{number / 7}")
    parts = split(load(table(tmp_path, "\n".join(lines))), validation=0.25, test=0.1, seed=1)
    assert [len(p) for p in (parts.train, parts.validation, parts.test)] == [78, 30, 12]
