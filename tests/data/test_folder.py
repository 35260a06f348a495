"""Folders of pictures: classes, parts, what is skipped and why, and what cannot be used at all."""

import os

import numpy as np
import pytest
from PIL import Image

from nnstudio.data.loading import Cancelled, load, picture_files, read_images
from nnstudio.errors import DataError, SettingError


def put(folder, name="a.png", colour=128, side=(8, 6), mode=None):
    """Save a picture of one colour; ``side`` is (H, W)."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = mode or ("L" if isinstance(colour, int) else "RGB")
    Image.new(kind, side[::-1], colour).save(folder / name)
    return folder / name


def refusal(path, **asked):
    with pytest.raises(DataError) as caught:
        load(path, **asked)
    assert str(caught.value.remedy)
    assert caught.value.subject == str(path)
    return str(caught.value.reason)


def reasons(data):
    return {skipped.file: str(skipped.reason) for skipped in data.skipped}


def test_classes_in_natural_order_and_the_pictures_with_them(tmp_path):
    for name, colour in (("10", 100), ("2", 20), ("1", 10), ("b", 3), ("A", 2)):
        put(tmp_path / name, colour=colour)
    data = load(tmp_path)
    assert data.classes == ("1", "2", "10", "A", "b")
    assert data.labels.tolist() == [0, 1, 2, 3, 4]
    assert data.images[:, 0, 0, 0].tolist() == [10, 20, 100, 2, 3]
    assert data.shape == (8, 6, 1)
    assert data.given.tolist() == [0] * 5
    assert data.source == str(tmp_path)


def test_pictures_deeper_inside_a_class(tmp_path):
    put(tmp_path / "a" / "one" / "two", colour=5)
    put(tmp_path / "b")
    assert load(tmp_path).counts == (1, 1)


@pytest.mark.parametrize(
    ("names", "given"),
    [
        (("train", "test"), [1, 1, 3, 3]),
        (("Training", "Testing"), [1, 1, 3, 3]),
        (("train", "val"), [1, 1, 2, 2]),
        (("train", "valid"), [1, 1, 2, 2]),
        (("train", "validation", "test"), [1, 1, 2, 2, 3, 3]),
        (("train",), [1, 1]),
    ],
)
def test_train_and_test_folders_are_the_structure(tmp_path, names, given):
    for name in names:
        put(tmp_path / name / "cat", colour=50)
        put(tmp_path / name / "dog", colour=70)
    (tmp_path / "__MACOSX" / "train").mkdir(parents=True)
    data = load(tmp_path)
    assert data.classes == ("cat", "dog")
    assert sorted(data.given.tolist()) == given
    assert set(data.images[data.labels == 1].ravel().tolist()) == {70}


def test_vehicles_may_have_a_class_named_train(tmp_path):
    put(tmp_path / "train")
    put(tmp_path / "bus")
    assert load(tmp_path).classes == ("bus", "train")


def test_a_class_that_is_only_tested_is_refused(tmp_path):
    for name in ("train/cat", "train/dog", "test/cat", "test/emu"):
        put(tmp_path / name)
    assert "“emu” has no pictures in the training" in refusal(tmp_path)


def test_sizes(tmp_path):
    for number, side in enumerate([(10, 30), (20, 40), (90, 50)]):
        put(tmp_path / "a", f"{number}.png", side=side)
    put(tmp_path / "b", side=(20, 40))
    assert load(tmp_path).shape == (20, 40, 1)
    assert load(tmp_path, size=(16, 12)).shape == (16, 12, 1)


def test_large_pictures_are_scaled_to_64_on_the_longer_side(tmp_path):
    put(tmp_path / "a", side=(300, 400))
    put(tmp_path / "b", side=(300, 400))
    assert load(tmp_path).shape == (48, 64, 1)


def test_one_coloured_picture_makes_all_coloured(tmp_path):
    put(tmp_path / "a", "1.png", colour=30)
    put(tmp_path / "a", "2.png", colour=(30, 30, 30))
    put(tmp_path / "b", "1.png", colour=(200, 0, 0))
    put(tmp_path / "b", "2.png", colour=60)
    data = load(tmp_path)
    assert data.images[:, 0, 0].tolist() == [[30] * 3, [30] * 3, [200, 0, 0], [60] * 3]
    assert load(tmp_path, channels=1).shape[2] == 1


def test_grey_saved_as_colour_stays_grey(tmp_path):
    put(tmp_path / "a", colour=(30, 30, 30))
    put(tmp_path / "b", colour=60)
    assert load(tmp_path).shape[2] == 1
    assert load(tmp_path, channels=3).images[0, 0, 0].tolist() == [30] * 3


def test_what_is_skipped_is_listed_with_the_reason(tmp_path):
    put(tmp_path / "a", "good.png")
    whole = put(tmp_path / "a", "cut.png", side=(90, 90)).read_bytes()
    (tmp_path / "a" / "cut.png").write_bytes(whole[:-30])
    (tmp_path / "a" / "text.jpg").write_text("no picture")
    (tmp_path / "a" / "notes.txt").write_text("notes")
    (tmp_path / "a" / ".hidden.png").write_text("hidden")
    (tmp_path / "a" / "Thumbs.db").write_text("litter")
    (tmp_path / ".git").mkdir()
    put(tmp_path, "loose.png")
    (tmp_path / "README.md").write_text("beside the classes")
    put(tmp_path / "b", "good.png")
    (tmp_path / "empty").mkdir()
    data = load(tmp_path)
    assert data.counts == (1, 1)
    found = reasons(data)
    assert set(found) == {"a/cut.png", "a/text.jpg", "a/notes.txt", "loose.png", "empty"}
    assert "cut off" in found["a/cut.png"]
    assert "beginning is damaged" in found["a/text.jpg"]
    assert ".jpeg" in found["a/notes.txt"]
    assert "outside the class folders" in found["loose.png"]
    assert "no pictures" in found["empty"]


def test_links_cannot_go_in_circles(tmp_path):
    put(tmp_path / "a")
    put(tmp_path / "b")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "b" / "self").symlink_to(tmp_path / "b" / "self")
    (tmp_path / "b" / "lost.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    data = load(tmp_path)
    assert data.counts == (1, 1)
    assert set(reasons(data)) >= {"a/up", "b/lost.png", "round"}


def test_a_class_folder_may_be_a_link_to_elsewhere(tmp_path):
    put(tmp_path / "elsewhere", colour=9)
    put(tmp_path / "here" / "a")
    (tmp_path / "here" / "b").symlink_to(tmp_path / "elsewhere")
    assert load(tmp_path / "here").images[1, 0, 0, 0] == 9


def test_a_pipe_does_not_block(tmp_path):
    put(tmp_path / "a")
    put(tmp_path / "b")
    os.mkfifo(tmp_path / "b" / "pipe.png")
    assert "not an ordinary file" in reasons(load(tmp_path))["b/pipe.png"]


def test_names_that_are_not_unicode(tmp_path):
    put(tmp_path / "a")
    try:
        put(tmp_path / os.fsdecode(b"b\xff"))
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    assert load(tmp_path).classes == ("a", "b�")


def test_empty_folder(tmp_path):
    assert "no class folders" in refusal(tmp_path)


def test_folders_without_pictures(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert "None of its files can be used" in refusal(tmp_path)


def test_pictures_without_class_folders(tmp_path):
    put(tmp_path, "1.png")
    put(tmp_path, "2.png")
    assert "2 pictures, but no class folders" in refusal(tmp_path)


def test_one_class_only(tmp_path):
    put(tmp_path / "a")
    assert "one class only, “a”" in refusal(tmp_path)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "bad.png").write_text("bad")
    assert "one class only, “a”" in refusal(tmp_path)


def test_every_picture_broken(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.png").write_text("bad")
    assert "the first of 2, a/1.png: It is not a picture" in refusal(tmp_path)


def test_too_large_to_hold(tmp_path):
    for number in range(1000):
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "a" / f"{number}.png").touch()
    put(tmp_path / "b")
    assert "GiB" in refusal(tmp_path, size=(1024, 1024), channels=3)


def test_no_such_path_and_other_files(tmp_path):
    assert "no such file" in refusal(tmp_path / "none")
    assert "single picture" in refusal(put(tmp_path, "a.png"))
    (tmp_path / "notes.txt").write_text("1,2\n")
    assert "known kind" in refusal(tmp_path / "notes.txt")


@pytest.mark.parametrize(
    "asked", [{"size": (0, 8)}, {"size": (8, 2000)}, {"channels": 2}, {"count": 0}, {"seed": -1}]
)
def test_impossible_requests(tmp_path, asked):
    with pytest.raises(SettingError):
        load(tmp_path, **asked)


def test_progress_is_told_often_and_can_cancel(tmp_path):
    for number in range(60):
        put(tmp_path / "ab"[number % 2], f"{number}.png")
    calls = []
    load(tmp_path, size=(8, 8), progress=lambda *at: calls.append(at) or True)
    assert calls[0] == (0, 60)
    assert calls[-1] == (60, 60)
    assert np.diff([done for done, _ in calls]).max() <= 50
    calls.clear()
    with pytest.raises(Cancelled):
        load(tmp_path, progress=lambda *at: calls.append(at) or len(calls) < 3)
    assert len(calls) == 3


def test_files_for_prediction(tmp_path):
    put(tmp_path, "10.png", colour=10)
    put(tmp_path, "2.png", colour=2)
    put(tmp_path / "deep", "3.png", colour=3)
    (tmp_path / "4.png").write_text("bad")
    (tmp_path / "notes.txt").touch()
    paths = picture_files(tmp_path)
    assert [path.name for path in paths] == ["2.png", "4.png", "10.png", "3.png"]
    images, kept, skipped = read_images(paths, (5, 5), 1)
    assert images[:, 0, 0, 0].tolist() == [2, 10, 3]
    assert [path.name for path in kept] == ["2.png", "10.png", "3.png"]
    assert [item.file for item in skipped] == [str(tmp_path / "4.png")]
    with pytest.raises(Cancelled):
        read_images(paths, (5, 5), 1, progress=lambda done, total: False)


def test_real_mnist_pictures_are_the_idx_pixels(shared_data):
    data = load(shared_data / "mnist" / "png2000")
    assert data.shape == (28, 28, 1)
    assert data.counts == (200,) * 10
    assert data.classes == tuple("0123456789")
    assert data.images.mean() / 255 == pytest.approx(0.1307, abs=0.005)  # MNIST's known mean


def test_real_colour_pictures(shared_data):
    data = load(shared_data / "cifar10" / "jpg1000")
    assert data.shape == (32, 32, 3)
    assert data.counts == (100,) * 10
    # CIFAR-10's known channel means.
    means = data.images.mean(axis=(0, 1, 2)) / 255
    assert means == pytest.approx((0.4914, 0.4822, 0.4465), abs=0.02)


def test_real_photos(shared_data):
    data = load(shared_data / "photos-clothing")
    assert data.classes == ("dress", "hat", "pants", "shoes", "t-shirt")
    assert data.counts == (40,) * 5
    assert data.shape == (64, 48, 3)  # most are 533×400
    assert data.skipped == ()


def test_real_oddities(shared_data):
    data = load(shared_data / "oddities", size=(32, 32))
    assert data.classes == ("broken", "exif", "modes", "pngsuite-basic")
    found = reasons(data)
    assert "cut off" in found["broken/truncated_jpeg.jpg"]
    assert "broken/xs1n0g01.png" in found
    assert "broken/hopper_bad_exif.jpg" not in found
    assert data.counts == (1, 11, 27, 31)
