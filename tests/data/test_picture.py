"""Every kind of picture comes out with the pixels a viewer shows."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from nnstudio.data.loading import read_image
from nnstudio.data.readers.picture import picture_size, read_picture
from nnstudio.errors import DataError

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def apart(a, b):
    """Mean absolute difference of two pictures."""
    return np.abs(a.astype(int) - b.astype(int)).mean()


def test_grey_pixels_are_untouched_at_their_own_size(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (9, 5), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert read_image(tmp_path / "a.png", (9, 5), 1)[..., 0].tolist() == pixels.tolist()
    coloured = read_image(tmp_path / "a.png", (9, 5), 3)
    assert coloured.shape == (9, 5, 3)
    assert coloured[..., 2].tolist() == pixels.tolist()


@pytest.mark.parametrize("ending", ["png", "bmp", "gif", "webp", "tif"])
def test_formats_without_loss(tmp_path, ending):
    pixels = np.array([[RED, GREEN, BLUE], [WHITE, (9, 9, 9), (255, 255, 0)]], dtype=np.uint8)
    path = tmp_path / f"a.{ending}"
    Image.fromarray(pixels).save(path, **({"lossless": True} if ending == "webp" else {}))
    assert read_picture(path, (2, 3)).tolist() == pixels.tolist()


def test_the_content_decides_not_the_ending(tmp_path):
    Image.new("RGB", (4, 4), BLUE).save(tmp_path / "a.jpg", format="PNG")
    assert read_picture(tmp_path / "a.jpg", (4, 4))[0, 0].tolist() == list(BLUE)


def test_grey_is_luma(tmp_path):
    Image.new("RGB", (2, 2), (100, 200, 50)).save(tmp_path / "a.png")
    # 0.299 · 100 + 0.587 · 200 + 0.114 · 50 = 153 (ITU-R BT.601)
    assert read_image(tmp_path / "a.png", (2, 2), 1).ravel().tolist() == [153] * 4


def test_grey_saved_as_colour_is_seen_as_grey_and_one_coloured_pixel_as_colour(tmp_path):
    pixels = np.full((8, 8, 3), 90, dtype=np.uint8)
    pixels[0, 0] = (90, 96, 90)
    Image.fromarray(pixels).save(tmp_path / "grey.png")
    pixels[0, 0] = (90, 140, 90)
    Image.fromarray(pixels).save(tmp_path / "colour.png")
    assert read_picture(tmp_path / "grey.png", (8, 8)).shape == (8, 8, 1)
    assert read_picture(tmp_path / "colour.png", (8, 8)).shape == (8, 8, 3)


def test_transparency_becomes_white(tmp_path):
    image = Image.new("RGBA", (3, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 255))
    image.putpixel((2, 0), (0, 0, 0, 128))
    image.save(tmp_path / "a.png")
    assert read_image(tmp_path / "a.png", (1, 3), 1).ravel().tolist() == [255, 0, 127]


def test_palette_with_a_transparent_colour(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([200, 0, 0, 0, 0, 200])
    image.putpixel((1, 0), 1)
    image.save(tmp_path / "a.png", transparency=0)
    assert read_picture(tmp_path / "a.png", (1, 2)).tolist() == [[[255] * 3, [0, 0, 200]]]


@pytest.mark.parametrize("ending", ["png", "tif"])
def test_sixteen_bits_are_scaled_not_clipped(tmp_path, ending):
    deep = np.array([[0, 257, 32896, 65535, 1000, 30000]], dtype=np.uint16)
    Image.fromarray(deep).save(tmp_path / f"a.{ending}")
    # value · 255 / 65535: 0, 1, 128, 255, 3.89, 116.7
    assert read_picture(tmp_path / f"a.{ending}", (1, 6)).ravel().tolist() == [
        0,
        1,
        128,
        255,
        4,
        117,
    ]


def test_floating_point_pixels_are_refused(tmp_path):
    Image.fromarray(np.ones((2, 2), dtype=np.float32)).save(tmp_path / "a.tif")
    with pytest.raises(DataError, match="floating-point"):
        read_picture(tmp_path / "a.tif", (2, 2))


def test_proportions_are_kept_and_the_rest_filled_with_the_border(tmp_path):
    pixels = np.full((10, 20, 3), 40, dtype=np.uint8)
    pixels[4:6, 8:12] = 250
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found = read_picture(tmp_path / "a.png", (20, 20))[..., 0]
    assert np.unique(found[:5]).tolist() == np.unique(found[15:]).tolist() == [40]
    assert found[5:15].tolist() == pixels[..., 0].tolist()


def test_the_thinnest_picture_keeps_a_pixel(tmp_path):
    Image.new("L", (1, 3000), 77).save(tmp_path / "a.png")
    assert np.unique(read_image(tmp_path / "a.png", (8, 8), 1)).tolist() == [77]


def test_shrinking_averages_instead_of_picking(tmp_path):
    board = np.indices((64, 64)).sum(axis=0) % 2 * 255
    Image.fromarray(board.astype(np.uint8)).save(tmp_path / "a.png")
    assert np.abs(read_image(tmp_path / "a.png", (8, 8), 1).astype(int) - 127.5).max() < 3


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_orientation_six_is_turned_upright(tmp_path, ending, mode):
    # Stored lying on its side: what is stored at the left lies at the top when shown.
    stored = Image.new(mode, (16, 8), "black")
    stored.paste("white", (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / f"a.{ending}"
    stored.save(path, exif=exif)
    if ending != "png":
        assert picture_size(path) == (16, 8)
    shown = read_image(path, (16, 8), 1)[..., 0]
    assert shown[:7].min() > 240
    assert shown[9:].max() < 15


def test_landscapes_are_the_same_whatever_their_orientation(shared_data):
    shown = {}
    for orientation in (1, 3, 6, 8):
        path = shared_data / "oddities" / "exif" / f"Landscape_{orientation}.jpg"
        assert picture_size(path) == (1200, 1800)
        shown[orientation] = read_image(path, (80, 120), 3)
    # A JPEG turned and saved anew differs by a few grey levels; one turned wrongly by dozens.
    for orientation in (3, 6, 8):
        assert apart(shown[orientation], shown[1]) < 2
    assert apart(shown[1][::-1, ::-1], shown[1]) > 20


def test_hoppers_are_the_same_whatever_their_orientation(shared_data):
    upright = read_image(shared_data / "oddities" / "modes" / "hopper.jpg", (128, 128), 3)
    for orientation in range(2, 9):
        path = shared_data / "oddities" / "exif" / f"hopper_orientation_{orientation}.jpg"
        assert apart(read_image(path, (128, 128), 3), upright) < 6


@pytest.mark.parametrize("name", ["exif/Landscape_1.jpg", "modes/flower.jpg", "modes/china.jpg"])
def test_leaving_out_jpeg_detail_does_not_show(shared_data, name):
    path = shared_data / "oddities" / name
    with Image.open(path) as image:
        size = (60 * image.height // image.width, 60)
        full = np.asarray(image.resize(size[::-1], Image.Resampling.LANCZOS))
    assert apart(read_image(path, size, 3), full) < 1.5


@pytest.mark.parametrize("name", ["hopper.bmp", "hopper.gif", "hopper.webp", "hopper.jpg"])
def test_hopper_in_every_format(shared_data, name):
    modes = shared_data / "oddities" / "modes"
    wanted = read_image(modes / "hopper.png", (128, 128), 3)
    assert apart(read_image(modes / name, (128, 128), 3), wanted) < 10


def test_cmyk_shows_the_colours_of_its_rgb_twin(shared_data):
    modes = shared_data / "oddities" / "modes"
    cmyk, rgb = (
        read_image(modes / f"pil_sample_{kind}.jpg", (100, 100), 3) for kind in ("cmyk", "rgb")
    )
    assert apart(cmyk, rgb) < 12
    assert apart(255 - cmyk, rgb) > 60


def test_pngsuite_grey_depths(shared_data):
    suite = shared_data / "oddities" / "pngsuite-basic"
    # n bits a pixel spread evenly over 0 to 255.
    for bits, step in ((1, 255), (2, 85), (4, 17)):
        for kind in ("basn", "basi"):
            found = read_picture(suite / f"{kind}0g0{bits}.png", (32, 32))
            assert found.shape == (32, 32, 1)
            assert set(found.ravel().tolist()) <= set(range(0, 256, step))
            assert len(set(found.ravel().tolist())) >= min(4, 2**bits)
    for depth in ("08", "16"):
        plain, interlaced = (
            read_picture(suite / f"{kind}0g{depth}.png", (32, 32)) for kind in ("basn", "basi")
        )
        assert plain.shape == (32, 32, 1)
        assert plain.tolist() == interlaced.tolist()


@pytest.mark.parametrize("name", ["basn4a08", "basn6a08", "basn4a16", "basn6a16", "basi6a08"])
def test_pngsuite_alpha_is_laid_on_white(shared_data, name):
    path = shared_data / "oddities" / "pngsuite-basic" / f"{name}.png"
    with Image.open(path) as image:
        bands = np.asarray(image.convert("RGBA")).astype(float)
    alpha = bands[..., 3:] / 255
    assert alpha.min() == 0
    wanted = bands[..., :3] * alpha + 255 * (1 - alpha)
    assert np.abs(read_image(path, (32, 32), 3) - wanted).max() <= 1


def test_sixteen_bit_grey_with_a_transparent_value(shared_data):
    path = shared_data / "oddities" / "modes" / "i_trns.png"
    with Image.open(path) as image:
        deep, transparent = np.asarray(image), image.info["transparency"]
    found = read_image(path, deep.shape, 1)[..., 0]
    assert 0 < (deep == transparent).mean() < 1
    assert np.unique(found[deep == transparent]).tolist() == [255]
    assert found[deep != transparent].max() <= 1


def test_sixteen_bit_tiff_of_a_microscope(shared_data):
    path = shared_data / "oddities" / "modes" / "16bit.cropped.tif"
    with Image.open(path) as image:
        deep = np.asarray(image).astype(float)
    found = read_image(path, deep.shape, 1)[..., 0]
    assert np.abs(found - deep * 255 / 65535).max() <= 0.5


def test_broken_metadata_does_not_lose_the_picture(shared_data):
    path = shared_data / "oddities" / "broken" / "hopper_bad_exif.jpg"
    assert read_image(path, (50, 50), 1).std() > 20


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("truncated_jpeg.jpg", "cut off"),
        ("truncated_image.png", "cut off"),
        ("broken.png", "beginning is damaged"),
        ("xs1n0g01.png", "beginning is damaged"),
        ("xcrn0g04.png", "beginning is damaged"),
        ("xlfn0g04.png", "beginning is damaged"),
    ],
)
def test_broken_pictures_say_why(shared_data, name, reason):
    path = shared_data / "oddities" / "broken" / name
    with pytest.raises(DataError, match=reason) as caught:
        read_image(path, (32, 32), 1)
    assert caught.value.subject == str(path)


def test_missing_empty_and_folder(tmp_path):
    (tmp_path / "empty.png").touch()
    for name, reason in (
        ("none.png", "no such file"),
        ("empty.png", "is empty"),
        (".", "a folder"),
    ):
        with pytest.raises(DataError, match=reason):
            read_image(tmp_path / name, (8, 8), 1)


def chunk(kind, body):
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


@pytest.mark.parametrize("side", [8001, 9000, 60000])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(tmp_path, side):
    header = chunk(b"IHDR", struct.pack(">2I5B", side, side, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + body)
    for read in (lambda p: read_image(p, (8, 8), 1), picture_size):
        with pytest.raises(DataError, match="64 million"):
            read(tmp_path / "a.png")
