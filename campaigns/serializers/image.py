"""Codes as pictures: QR codes and Code 128, as SVG or PNG."""

import io
import struct
import zlib

import segno
from barcode.codex import Code128

LONGEST_BARCODE = 80
_QUIET = 10
_HEIGHT = 40
_MAX_WIDTH = 8_000


def qr(code: str, *, kind: str, size: int) -> bytes:
    """`size` is that of a module: pixels of a PNG, units of an SVG."""
    out = io.BytesIO()
    segno.make_qr(code, error="m").save(out, kind=kind, scale=min(size, 40), border=4)
    return out.getvalue()


def barcode(code: str, *, kind: str, size: int) -> bytes:
    """`size` is the width of the thinnest bar in tenths: 10 is one unit or one pixel."""
    bars = f"{'0' * _QUIET}{Code128(code).build()[0]}{'0' * _QUIET}"
    return _svg(bars, size) if kind == "svg" else _png(bars, max(1, round(size / 10)))


def _svg(bars: str, size: int) -> bytes:
    path = "".join(f"M{at} 0h1v{_HEIGHT}h-1z" for at, bar in enumerate(bars) if bar == "1")
    scale = size / 10
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{len(bars) * scale:g}" '
        f'height="{_HEIGHT * scale:g}" viewBox="0 0 {len(bars)} {_HEIGHT}">'
        f'<path fill="#fff" d="M0 0h{len(bars)}v{_HEIGHT}H0z"/><path d="{path}"/></svg>'
    ).encode()


def _png(bars: str, scale: int) -> bytes:
    """Eight bits of gray: there is no picture library to depend on."""
    scale = min(scale, _MAX_WIDTH // len(bars))
    row = b"\0" + b"".join((b"\0" if bar == "1" else b"\xff") * scale for bar in bars)
    width, height = len(bars) * scale, _HEIGHT * scale
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(row * height))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
