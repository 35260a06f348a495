"""IDX files: the right pixels and labels, and every kind of damage named."""

import gzip
import struct
import tracemalloc

import numpy as np
import pytest

from nnstudio.data.loading import Cancelled, load
from nnstudio.errors import DataError

PIXELS = np.random.default_rng(5).integers(0, 256, (6, 3, 4), dtype=np.uint8)
LABELS = [7, 2, 2, 9, 7, 7]


def images_bytes(pixels=PIXELS, magic=0x803):
    return struct.pack(">4I", magic, *pixels.shape) + pixels.tobytes()


def labels_bytes(labels=LABELS, magic=0x801):
    return struct.pack(">2I", magic, len(labels)) + bytes(labels)


def write_pair(folder, prefix="train", *, dash="-", pack=False, pixels=PIXELS, labels=LABELS):
    ending, close = (".gz", gzip.compress) if pack else ("", bytes)
    images = folder / f"{prefix}-images{dash}idx3-ubyte{ending}"
    images.write_bytes(close(images_bytes(pixels)))
    (folder / f"{prefix}-labels{dash}idx1-ubyte{ending}").write_bytes(close(labels_bytes(labels)))
    return images


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("dash", ["-", "."])
def test_an_images_file_finds_its_labels(tmp_path, dash, pack):
    data = load(write_pair(tmp_path, dash=dash, pack=pack))
    assert data.images.tolist() == PIXELS[..., None].tolist()
    assert data.classes == ("2", "7", "9")
    assert data.labels.tolist() == [1, 0, 0, 2, 1, 1]
    assert data.given.tolist() == [0] * 6


def test_a_labels_file_finds_its_images_and_spellings_may_mix(tmp_path):
    write_pair(tmp_path, dash="-").rename(tmp_path / "train-images.idx3-ubyte")
    data = load(tmp_path / "train-labels-idx1-ubyte")
    assert data.labels.tolist() == [1, 0, 0, 2, 1, 1]


def test_plain_names_are_known_by_their_first_bytes(tmp_path):
    (tmp_path / "my images").write_bytes(gzip.compress(images_bytes()))
    (tmp_path / "my labels").write_bytes(labels_bytes())
    assert len(load(tmp_path / "my images")) == 6


def test_a_folder_of_four_keeps_its_structure(tmp_path):
    write_pair(tmp_path)
    write_pair(tmp_path, "t10k", pack=True, pixels=255 - PIXELS[:2], labels=[9, 2])
    (tmp_path / "._train-images-idx3-ubyte").write_bytes(b"litter")
    data = load(tmp_path)
    assert data.given.tolist() == [1] * 6 + [3] * 2
    assert data.images[6:, ..., 0].tolist() == (255 - PIXELS[:2]).tolist()
    assert data.labels.tolist() == [1, 0, 0, 2, 1, 1, 2, 0]


def test_a_folder_of_one_pair_has_no_structure(tmp_path):
    write_pair(tmp_path, "t10k")
    write_pair(tmp_path, "t10k", pack=True)  # the gzipped twin is the same data set
    assert load(tmp_path).given.tolist() == [0] * 6


def test_other_size_and_channels(tmp_path):
    flat = np.repeat(np.array([10, 200], dtype=np.uint8), 12).reshape(2, 3, 4)
    data = load(write_pair(tmp_path, pixels=flat, labels=[0, 1]), size=(6, 8), channels=3)
    assert data.shape == (6, 8, 3)
    assert np.unique(data.images[0]).tolist() == [10]
    assert np.unique(data.images[1]).tolist() == [200]
    assert load(tmp_path, channels=3).images[..., 1].tolist() == flat.tolist()


def refusal(path):
    with pytest.raises(DataError) as caught:
        load(path)
    assert str(caught.value.remedy)
    return caught.value


def test_wrong_magic(tmp_path):
    path = write_pair(tmp_path)
    path.write_bytes(images_bytes(magic=0xD03))
    error = refusal(path)
    assert error.subject == str(path)
    assert "0x00000d03" in str(error)
    assert "0x00000803" in str(error)
    path.write_bytes(labels_bytes())
    assert "0x00000801" in str(refusal(path))


def test_wrong_magic_of_labels(tmp_path):
    path = write_pair(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(labels_bytes(magic=0x803))
    assert refusal(path).subject.endswith("train-labels-idx1-ubyte")


@pytest.mark.parametrize("kept", [0, 3, 10, 16, 16 + 71])
@pytest.mark.parametrize("pack", [False, True])
def test_cut_off(tmp_path, kept, pack):
    path = write_pair(tmp_path, pack=pack)
    whole = images_bytes()[:kept]
    path.write_bytes(gzip.compress(whole) if pack else whole)
    assert "cut off" in str(refusal(path))


@pytest.mark.parametrize("pack", [False, True])
def test_something_behind_the_pixels(tmp_path, pack):
    path = write_pair(tmp_path, pack=pack)
    whole = images_bytes() + b"\0"
    path.write_bytes(gzip.compress(whole) if pack else whole)
    assert "after the 88 bytes" in str(refusal(path))


def test_counts_that_differ(tmp_path):
    path = write_pair(tmp_path, labels=LABELS[:5])
    error = refusal(path)
    assert "5 labels" in str(error)
    assert "6 images" in str(error)


def test_labels_missing(tmp_path):
    path = write_pair(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    assert "train-labels-idx1-ubyte" in str(refusal(path).remedy)
    assert "no labels" in str(refusal(tmp_path))


def test_images_missing(tmp_path):
    write_pair(tmp_path).unlink()
    assert "no images" in str(refusal(tmp_path))
    assert "no images" in str(refusal(tmp_path / "train-labels-idx1-ubyte"))


def test_one_class_only(tmp_path):
    assert "one class only, “4”" in str(refusal(write_pair(tmp_path, labels=[4] * 6)))


def test_no_images_at_all(tmp_path):
    path = write_pair(tmp_path, pixels=PIXELS[:0], labels=[])
    assert "0×3×4" in str(refusal(path))


def test_parts_of_different_sizes(tmp_path):
    write_pair(tmp_path)
    write_pair(tmp_path, "t10k", pixels=PIXELS[:, :2], labels=LABELS)
    assert "2×4" in str(refusal(tmp_path))
    assert "3×4" in str(refusal(tmp_path))


def test_two_data_sets_in_a_folder(tmp_path):
    write_pair(tmp_path, "emnist-letters-train")
    write_pair(tmp_path, "emnist-digits-train")
    assert "several data sets" in str(refusal(tmp_path))
    assert len(load(tmp_path / "emnist-letters-train-images-idx3-ubyte")) == 6


@pytest.mark.parametrize("damage", ["cut", "flip", "not gzip", "empty"])
def test_gzip_damage(tmp_path, damage):
    noise = np.random.default_rng(0).integers(0, 256, (60, 30, 30), dtype=np.uint8)
    path = write_pair(tmp_path, pack=True, pixels=noise, labels=LABELS * 10)
    packed = bytearray(path.read_bytes())
    if damage == "flip":
        packed[len(packed) // 2] ^= 0x10
    path.write_bytes(
        {"cut": packed[:-2000], "flip": packed, "not gzip": b"hello" * 50, "empty": b""}[damage]
    )
    assert "gzip file is" in str(refusal(path))


def test_gzip_bomb_allocates_no_more_than_its_header_announces(tmp_path):
    path = write_pair(tmp_path, pack=True)
    path.write_bytes(gzip.compress(images_bytes() + bytes(200_000_000), 1))
    tracemalloc.start()
    error = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "after the 88 bytes" in str(error)
    assert peak < 5_000_000


@pytest.mark.parametrize("shape", [(2**32 - 1, 28, 28), (10, 2**31, 2**31), (2_000_000, 28, 28)])
@pytest.mark.parametrize("pack", [False, True])
def test_a_header_that_promises_too_much_allocates_nothing(tmp_path, shape, pack):
    path = write_pair(tmp_path, pack=pack)
    whole = struct.pack(">4I", 0x803, *shape) + bytes(1000)
    path.write_bytes(gzip.compress(whole) if pack else whole)
    tracemalloc.start()
    error = refusal(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert str(path) in str(error)
    assert peak < 5_000_000


def test_progress_and_cancelling(tmp_path):
    pixels = np.zeros((400, 100, 100), dtype=np.uint8)
    path = write_pair(tmp_path, pixels=pixels, labels=[0, 1] * 200)
    calls = []
    load(path, progress=lambda *at: calls.append(at) or True)
    assert calls[-1] == (400, 400)
    assert len(calls) >= 3
    with pytest.raises(Cancelled):
        load(path, progress=lambda done, total: done < 200)
    with pytest.raises(Cancelled):
        load(path, size=(20, 20), progress=lambda done, total: done in (0, 400) or done > 100)


def test_real_mnist(shared_data):
    data = load(shared_data / "mnist" / "idx")
    assert data.shape == (28, 28, 1)
    # Counts of the published test set, and its first labels (LeCun, Cortes and Burges).
    assert data.counts == (980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009)
    assert data.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert data.classes == tuple("0123456789")
    # The published test set's mean and deviation.
    assert data.images.mean() / 255 == pytest.approx(0.13251, abs=1e-4)
    assert data.images.std() / 255 == pytest.approx(0.31048, abs=1e-4)
