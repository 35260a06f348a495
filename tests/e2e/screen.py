"""A person at a screen: a display of its own, a mouse, a keyboard, and eyes. It knows nothing of Qt."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageGrab

HERE = Path(__file__).resolve().parent
PATIENCE = 30.0


class Screen:
    """``with Screen(folder) as screen:`` starts a display; ``launch`` the program on it."""

    def __init__(self, folder: Path, size: str = "1280x800x24") -> None:
        self.folder, self._size = folder, size
        self._seen = folder / "seen.json"
        self.program: subprocess.Popen | None = None

    def __enter__(self) -> "Screen":
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", self._size, "-nolisten", "tcp"]
        self._display = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        self.environment = {
            **os.environ,
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
        }
        return self

    def __exit__(self, *_: object) -> None:
        if self.program is not None and self.program.poll() is None:
            self.program.kill()
            self.program.wait()
        self._display.terminate()
        self._display.wait()

    def launch(self, *arguments: str) -> None:
        command = [sys.executable, str(HERE / "seen.py"), str(self._seen), *arguments]
        self.log = self.folder / "program.log"
        with self.log.open("wb") as log:
            self.program = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )

    # Eyes.

    def look(self) -> dict:
        """Where everything was, a tenth of a second ago."""
        assert self.program is not None
        if self.program.poll() is not None:
            raise AssertionError(f"the program has ended: {self.log.read_text()[-2000:]}")
        try:
            return json.loads(self._seen.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"widgets": [], "blocks": {}, "wires": {}, "layers": {}}

    def wait(self, condition, what: str, seconds: float = PATIENCE):
        """The first true answer of ``condition(look())``."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition(self.look())
            if found:
                return found
            time.sleep(0.1)
        self.picture().save(self.folder / "waited-in-vain.png")
        raise AssertionError(f"waited in vain for {what}; see {self.folder}/waited-in-vain.png")

    def find(self, text: str, kind: str = "", *, enabled: bool = True, window: str = "") -> dict:
        """A visible widget with this text (or this beginning, with … at its end)."""

        def matches(one: dict) -> bool:
            told = one["text"].replace("&", "")
            same = told.startswith(text[:-1]) if text.endswith("…") else told == text
            return (
                same
                and kind in one["kind"]
                and window in one["window"]
                and (one["enabled"] or not enabled)
            )

        return self.wait(lambda s: next(filter(matches, s["widgets"]), None), f"“{text}” {kind}")

    def texts(self) -> list[str]:
        return [one["text"] for one in self.look()["widgets"]]

    def picture(self, at: list[int] | None = None) -> Image.Image:
        """The screen, or a part of it: x, y, width, height."""
        image = ImageGrab.grab(xdisplay=self.environment["DISPLAY"]).convert("RGB")
        if at is not None:
            image = image.crop((at[0], at[1], at[0] + at[2], at[1] + at[3]))
        return image

    def pixels(self, at: list[int]) -> np.ndarray:
        return np.asarray(self.picture(at)).astype(int)

    # Hands.

    def click(self, at: list[int]) -> None:
        self._xdo("mousemove", *self._middle(at))
        time.sleep(0.1)
        self._xdo("click", "1")
        time.sleep(0.1)

    def drag(self, start: list[int], end: list[int], moves: int = 12) -> None:
        """Press, move in small steps as a hand does (first down, then across), release."""
        x, y = map(int, self._middle(start))
        self._xdo("mousemove", str(x), str(y))
        self._xdo("mousedown", "1")
        time.sleep(0.15)
        half = moves // 2
        down = [(x, y + (end[1] - y) * step / half) for step in range(1, half + 1)]
        across = [(x + (end[0] - x) * step / half, end[1]) for step in range(1, half + 1)]
        for place in (*down, *across):
            self._xdo("mousemove", *(str(round(value)) for value in place))
            time.sleep(0.05)
        time.sleep(0.2)
        self._xdo("mouseup", "1")

    def press(self, *keys: str) -> None:
        self._xdo("key", "--clearmodifiers", *keys)
        time.sleep(0.15)

    def type(self, text: str) -> None:
        self._xdo("type", "--delay", "8", text)
        time.sleep(0.2)

    def focus(self, title: str) -> None:
        """Give a window the keyboard, as a window manager would."""
        self._xdo("search", "--sync", "--onlyvisible", "--name", title, "windowfocus")
        time.sleep(0.3)

    def title(self) -> str:
        """The title of the program's window, as other programs see it."""
        found = self._xdo("search", "--onlyvisible", "--name", "nnstudio").split()
        return self._xdo("getwindowname", found[0]).strip() if found else ""

    @staticmethod
    def _middle(at: list[int]) -> tuple[str, str]:
        width, height = (at[2], at[3]) if len(at) > 2 else (0, 0)
        return str(at[0] + width // 2), str(at[1] + height // 2)

    def _xdo(self, *words: str) -> str:
        return self._do(["xdotool", *words])

    def _do(self, command: list[str]) -> str:
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=30, check=False
        )
        return done.stdout
