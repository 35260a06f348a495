"""Every colour and font of the window, light and dark, and the one way to change them at run time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from nnstudio.app.style import StudioStyle
from nnstudio.paths import resource

SYSTEM, LIGHT_CHOICE, DARK_CHOICE = "system", "light", "dark"

SANS = (
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Noto Sans CJK SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)
MONO = (
    "JetBrains Mono",
    "Cascadia Mono",
    "Consolas",
    "Menlo",
    "DejaVu Sans Mono",
    "Noto Sans Mono CJK SC",
    "monospace",
)


@dataclass(frozen=True)
class Tokens:
    """The colours by what they are for, as "#RRGGBB"; categories and runs included."""

    window: str
    panel: str
    raised: str
    canvas: str
    border: str
    strong: str
    grid: str
    hover: str
    text: str
    muted: str
    accent: str
    accentText: str  # noqa: N815  # token names are those of the style sheet
    accentSoft: str  # noqa: N815
    focus: str
    success: str
    successSoft: str  # noqa: N815
    warning: str
    warningSoft: str  # noqa: N815
    danger: str
    dangerSoft: str  # noqa: N815
    train: str
    val: str
    input: str
    conv: str
    pool: str
    dense: str
    act: str
    norm: str
    reg: str
    shape: str
    merge: str
    output: str
    runs: tuple[str, ...]
    dark: bool

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """The token ``name`` as a QColor with ``alpha`` from 0 to 1."""
        colour = QColor(getattr(self, name))
        colour.setAlphaF(alpha)
        return colour


LIGHT = Tokens(
    window="#E8EBEE",
    panel="#F8F9FA",
    raised="#FFFFFF",
    canvas="#F0F2F4",
    border="#D2D7DC",
    strong="#7A828A",
    grid="#DDE1E5",
    hover="#EAEDF0",
    text="#1A1D21",
    muted="#545B63",
    accent="#0B6670",
    accentText="#FFFFFF",
    accentSoft="#D6EAEC",
    focus="#0B6670",
    success="#20703A",
    successSoft="#DDEFE2",
    warning="#855000",
    warningSoft="#FBEBCF",
    danger="#B3261E",
    dangerSoft="#FBE4E1",
    train="#11599C",
    val="#CF6200",
    input="#52627A",
    conv="#1F5FA8",
    pool="#12718A",
    dense="#6A46B0",
    act="#985200",
    norm="#26713F",
    reg="#AB3265",
    shape="#645F57",
    merge="#62660B",
    output="#2A2E34",
    runs=("#11599C", "#CF6200", "#359CB6", "#671E1E", "#A46C46", "#4B204B"),
    dark=False,
)

DARK = Tokens(
    window="#0F1113",
    panel="#181B1E",
    raised="#23272B",
    canvas="#131518",
    border="#31363B",
    strong="#767D85",
    grid="#25292D",
    hover="#2A2F34",
    text="#E8EAEC",
    muted="#A4AAB1",
    accent="#4FC4CA",
    accentText="#05262A",
    accentSoft="#173B3F",
    focus="#86E3E7",
    success="#6FCB83",
    successSoft="#18321F",
    warning="#EBB64E",
    warningSoft="#382B10",
    danger="#FF8B7B",
    dangerSoft="#42201C",
    train="#58A6EE",
    val="#FFBE73",
    input="#A9B8CC",
    conv="#7DB4F5",
    pool="#63C5E0",
    dense="#B79CF2",
    act="#F0AE55",
    norm="#7CCB92",
    reg="#F08DB4",
    shape="#BFB5A2",
    merge="#C5CB62",
    output="#E8EAEC",
    runs=("#58A6EE", "#FFBE73", "#5AF2F2", "#CB4D80", "#8F7E3D", "#B0E8BB"),
    dark=True,
)

_FONTS = {  # role: (pixels, weight)
    "display": (26, QFont.Weight.DemiBold),
    "title": (17, QFont.Weight.DemiBold),
    "body": (13, QFont.Weight.Normal),
    "strong": (13, QFont.Weight.DemiBold),
    "small": (11, QFont.Weight.Normal),
    "figure": (26, QFont.Weight.DemiBold),
    "mono": (12, QFont.Weight.Normal),
    "shape": (11, QFont.Weight.Normal),
}


class Signals(QObject):
    """Told when colours or fonts have changed: whatever draws by itself draws again."""

    changed = Signal()


@dataclass
class _State:
    tokens: Tokens = LIGHT
    chinese: bool = False
    choice: str = SYSTEM
    style: StudioStyle | None = None
    """Kept here, because Qt does not keep the Python half of a style alive."""


signals = Signals()
_state = _State()


def tokens(dark: bool) -> Tokens:
    """The colours of one theme."""
    return DARK if dark else LIGHT


def current() -> Tokens:
    """The colours now in use."""
    return _state.tokens


def font(role: str) -> QFont:
    """The font for a role: display, title, body, strong, small, figure, mono or shape.

    Small type is 11 px, and 12 px in Chinese. Raises KeyError for an unknown role.
    """
    pixels, weight = _FONTS[role]
    if _state.chinese and pixels < 12:
        pixels = 12
    made = QFont()
    made.setFamilies(list(MONO if role in ("mono", "shape") else SANS))
    made.setPixelSize(pixels)
    made.setWeight(strong_weight() if weight == QFont.Weight.DemiBold else weight)
    if role == "figure":
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def strong_weight() -> QFont.Weight:
    """600 where the computer's font has it; else bold, since 600 would be drawn like 400."""
    styles = " ".join(QFontDatabase.styles(available_family())).casefold()
    has_it = "demi" in styles or "semi" in styles
    return QFont.Weight.DemiBold if has_it else QFont.Weight.Bold


def system_is_dark(app: QApplication) -> bool:
    """Whether the desktop asks for dark windows."""
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def choose(app: QApplication, choice: str) -> None:
    """Wear "light" or "dark", or follow the desktop with "system", now and when it changes."""
    _state.choice = choice
    apply(app, system_is_dark(app) if choice == SYSTEM else choice == DARK_CHOICE)


def chosen() -> str:
    """What :func:`choose` was last told: "system", "light" or "dark"."""
    return _state.choice


def set_language(app: QApplication, language: str) -> None:
    """Fit the fonts to a language ("zh_CN", "en"): Chinese needs larger small type."""
    _state.chinese = language.startswith("zh")
    apply(app, _state.tokens.dark)


def apply(app: QApplication, dark: bool) -> None:
    """Dress the whole application; may be called again at any time."""
    _state.tokens = tokens(dark)
    if _state.style is None:
        _state.style = StudioStyle(current)
        app.setStyle(_state.style)
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: _on_system_changed(app))
    app.setPalette(palette(_state.tokens))
    app.setFont(font("body"))
    app.setStyleSheet(sheet(_state.tokens))
    signals.changed.emit()


def _on_system_changed(app: QApplication) -> None:
    if _state.choice == SYSTEM:
        apply(app, system_is_dark(app))


def sheet(of: Tokens) -> str:
    """The style sheet with the colours of ``of`` filled in."""
    text = resource("themes", "studio.qss").read_text(encoding="utf-8")
    mono = ", ".join(f'"{family}"' for family in MONO)
    small = font("small").pixelSize()
    return Template(text).substitute(
        asdict(of), mono=mono, small=small, strongWeight=strong_weight().value
    )


def palette(of: Tokens) -> QPalette:
    """The Fusion palette with the colours of ``of``."""
    made = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: "window",
        role.Base: "raised",
        role.AlternateBase: "hover",
        role.Button: "raised",
        role.Text: "text",
        role.WindowText: "text",
        role.ButtonText: "text",
        role.BrightText: "danger",
        role.PlaceholderText: "muted",
        role.Highlight: "accent",
        role.HighlightedText: "accentText",
        role.Accent: "accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.Light: "hover",
        role.Midlight: "hover",
        role.Mid: "border",
        role.Dark: "strong",
        role.Shadow: "border",
    }
    for which, name in pairs.items():
        made.setColor(which, of.colour(name))
    for which in (role.Text, role.WindowText, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, of.colour("muted", 0.6))
    return made


def available_family(mono: bool = False) -> str:
    """The family of the stack that this computer has, for text drawn by other libraries."""
    families = set(QFontDatabase.families())
    stack = MONO if mono else SANS
    return next((family for family in stack if family in families), stack[-1])
