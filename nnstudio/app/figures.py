"""How figures are written everywhere in the window."""


def grouped(count: int) -> str:
    """Thousands apart, as the house style writes them: 61 706."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
