"""How figures are written everywhere in the window."""

import math


def grouped(count: int) -> str:
    """Thousands apart, as the house style writes them: 61 706."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def precise(value: float, places: int) -> str:
    """So many places behind the point, and few signs however large it is: 0.258, 2.08e10."""
    if not math.isfinite(value) or abs(value) < 1e4:
        return f"{value:.{places}f}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def size(count: int) -> str:
    """So many bytes: 4.9 KB, 0.25 MB."""
    return f"{count / 1e3:.1f} KB" if count < 100_000 else f"{count / 1e6:.2f} MB"
