"""Draws the images that both sides decode: python images.py FOLDER

Every kind a server may be sent and some it never will be, of odd sizes, always the same ones.
"""

import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZES = [(224, 224), (333, 251), (97, 403), (640, 360), (225, 223), (1, 1), (17, 1000), (801, 601)]


def scene(rng, width, height):
    """Something with edges, gradients, strong colours and texture."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    base = np.stack([120 + 80 * x / width, 150 - 60 * y / height, 140 + 40 * np.sin(x / 17)], axis=2)
    image = Image.fromarray(base.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        xs = sorted(int(v) for v in rng.integers(-10, width + 10, 2))
        ys = sorted(int(v) for v in rng.integers(-10, height + 10, 2))
        box = (xs[0], ys[0], xs[1], ys[1])
        shape = rng.integers(0, 3)
        if shape == 0:
            draw.ellipse(box, fill=colour)
        elif shape == 1:
            draw.rectangle(box, fill=colour)
        else:
            draw.polygon([(xs[0], ys[1]), (xs[1], ys[1]), ((xs[0] + xs[1]) // 2, ys[0])], fill=colour)
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.6))).astype(np.int16)
    pixels = pixels + rng.normal(0, 6, pixels.shape).astype(np.int16)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def encoded(image, kind="JPEG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png16(pixels):
    """A PNG with 16 bits for each of three channels, which Pillow reads but does not write."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + pixels[y].astype(">u2").tobytes() for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def variants(image, rng):
    grey = image.convert("L")
    plain = encoded(image, quality=75)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "baseline.jpg", plain
    yield "progressive.jpg", encoded(image, quality=75, progressive=True)
    yield "444.jpg", encoded(image, quality=92, subsampling=0)
    yield "rough.jpg", encoded(image, quality=20)
    yield "grey.jpg", encoded(grey, quality=75)
    yield "cmyk.jpg", encoded(image.convert("CMYK"), quality=75)
    yield "exif-rotated.jpg", encoded(image, quality=75, exif=exif)
    yield "truncated.jpg", plain[: int(len(plain) * 0.6)] if image.width > 1 else plain[:-2]
    yield "tail.jpg", plain + b"\0junk after the end" * 20
    yield "rgb.png", encoded(image, "PNG")
    yield "grey16.png", encoded(Image.fromarray(np.asarray(grey).astype(np.uint16) * 257), "PNG")
    yield "faint-grey16.png", encoded(Image.fromarray(np.asarray(grey).astype(np.uint16)), "PNG")
    noise = rng.integers(0, 256, (image.height, image.width, 3))
    yield "rgb16.png", png16(np.asarray(image).astype(np.uint32) * 256 + noise)
    yield "alpha.png", encoded(image.convert("RGBA"), "PNG")
    yield "palette.png", encoded(image.convert("P"), "PNG")
    yield "lossless.webp", encoded(image, "WEBP", lossless=True)
    yield "palette.gif", encoded(image.convert("P"), "GIF")


def main(folder):
    for index, (width, height) in enumerate(SIZES):
        rng = np.random.default_rng(7200 + index)
        image = scene(rng, width, height)
        for name, data in variants(image, rng):
            (folder / f"{width}x{height}-{name}").write_bytes(data)
    for index, (width, height) in enumerate([(1920, 1080), (1081, 1601), (2047, 1535)]):
        image = scene(np.random.default_rng(7300 + index), width, height)
        (folder / f"{width}x{height}-large.jpg").write_bytes(encoded(image, quality=75))
    for index, (width, height) in enumerate([(3265, 2449), (4031, 3023), (4032, 3024), (3001, 2003), (2003, 3001)]):
        image = scene(np.random.default_rng(7303 + index), width, height)
        (folder / f"{width}x{height}-reduced.jpg").write_bytes(encoded(image, quality=75))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
