# What run.sh and test.sh share: a Python environment and the system libraries of the window.
# Sourced by them, never run by itself. Every step first looks whether there is anything to do.

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv="$checkout/.venv"
python="$venv/bin/python"
oldest_python="3.11"

# Without these, importing Qt fails; the xcb ones are needed for a window on an X11 screen.
qt_packages=(
    libgl1 libegl1 libxkbcommon0 libfontconfig1 libglib2.0-0 libdbus-1-3
    libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
)

say() { printf '%s\n' "nnstudio: $*" >&2; }

fail() {
    say "$1"
    shift
    local line
    for line in "$@"; do printf '          %s\n' "$line" >&2; done
    exit 1
}

# Runs a command without its output; when it fails, shows the end of it (the complaints, where a line
# is marked as one), keeps all of it in $said, and returns its status.
quietly() {
    local status=0
    said=$("$@" 2>&1 </dev/null) || status=$?
    if ((status != 0)); then
        { grep -E '^ *(E:|ERROR:|error:|Error:)' <<<"$said" || printf '%s\n' "$said"; } | tail -n 8 >&2
    fi
    return "$status"
}

# Says whether the failed command complained about the network.
is_offline() {
    grep -qiE 'name resolution|could not resolve|unreachable|NewConnectionError|timed out|ConnectTimeout|proxy' \
        <<<"$said"
}

is_debian() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# Prints those of the named packages that are not installed. A package that was renamed for 64-bit
# time (libglib2.0-0t64) counts as the one it replaced.
missing_packages() {
    local installed name
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
    for name in "$@"; do
        grep -qxF -e "$name" -e "${name}t64" <<<"$installed" || printf '%s\n' "$name"
    done
}

# Installs Debian packages, as root or through sudo; fails when it may not or cannot.
install_packages() {
    local elevate=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || return 1
        if sudo -n true 2>/dev/null; then
            elevate=(sudo -n)
        elif [ -t 0 ]; then
            say "the next step needs your password for: apt-get install $*"
            sudo -v || return 1
            elevate=(sudo -n)
        else
            return 1
        fi
    fi
    say "installing system packages: $*"
    local apt=("${elevate[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
    # One unreachable source need not hold up the packages that the others have.
    "${apt[@]}" update >/dev/null 2>&1 </dev/null || true
    quietly "${apt[@]}" install -y --no-install-recommends "$@" && return 0
    if is_offline; then say "the package server cannot be reached: connect to the network."; fi
    return 1
}

# Makes the libraries there that Qt needs, and the further Debian packages that are named.
ensure_qt_libraries() {
    local missing=() reason
    if is_debian; then
        mapfile -t missing < <(missing_packages "${qt_packages[@]}" "$@")
        if ((${#missing[@]} > 0)) && ! install_packages "${missing[@]}"; then
            say "could not install the missing system packages. As an administrator, run:"
            printf '          %s\n' "apt-get update && apt-get install -y ${missing[*]}" >&2
        fi
    fi
    # What counts is whether Qt loads: its libraries may have come another way.
    if ! reason=$("$python" -c 'import PySide6.QtWidgets' 2>&1); then
        fail "Qt, which draws the window, does not load: ${reason##*$'\n'}" \
            "Install the system libraries named above, or on a system other than Debian its" \
            "packages for: OpenGL, EGL, xkbcommon, fontconfig, GLib, D-Bus, xcb-cursor. Then start again."
    fi
}

# Names of the packages for fonts that are not there yet: Latin, and Chinese for the translation.
font_packages() {
    if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=en family)" ]; then
        printf '%s\n' fonts-dejavu-core
    fi
    if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=zh-cn family)" ]; then
        printf '%s\n' fonts-wqy-microhei
    fi
}

is_new_enough() {
    "$1" -c "import sys; sys.exit(sys.version_info < (${oldest_python/./, }))" 2>/dev/null
}

# Prints the command of a Python that is new enough.
find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$candidate" >/dev/null && is_new_enough "$candidate"; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    local base version
    base=$(find_python) || fail "Python $oldest_python or newer was not found on this computer." \
        "Install it (on Debian 12 or Ubuntu 24.04: apt-get install -y python3 python3-venv), then start again."
    version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        if ! is_debian || ! install_packages "python$version-venv"; then
            fail "Python's venv module is missing." \
                "As an administrator, run: apt-get install -y python$version-venv   Then start again."
        fi
    fi
    say "making a Python $version environment in $venv"
    quietly "$base" -m venv --clear "$venv" || fail "could not make the Python environment in $venv." \
        "Is the folder writable, and is there space on the disk?"
}

# Says whether nnstudio of this very checkout and everything it needs can be imported.
is_importable() {
    (cd / && "$python" - "$checkout" "$@") 2>/dev/null <<'PYTHON'
import importlib.util
import pathlib
import sys

checkout, *further = sys.argv[1:]
found = importlib.util.find_spec("nnstudio")
if found is None or found.origin is None or not pathlib.Path(found.origin).is_relative_to(checkout):
    sys.exit(1)
names = ["numpy", "PySide6", "pyqtgraph", "PIL", "threadpoolctl", "safetensors", "onnx", *further]
sys.exit(any(importlib.util.find_spec(name) is None for name in names))
PYTHON
}

# Installs the project, editable, into .venv: ensure_project "" or ensure_project "[test]" and the
# modules that this extra must bring. A stamp keeps the checksum of the pyproject.toml it was made from.
ensure_project() {
    local extra=$1 stamp declared
    shift
    stamp="$venv/installed${extra//[\[\]]/-}"
    declared=$(cksum <"$checkout/pyproject.toml")
    if [ "$(cat "$stamp" 2>/dev/null)" = "$declared" ] && is_importable "$@"; then return 0; fi
    if ! is_new_enough "$python" || ! "$python" -m pip --version >/dev/null 2>&1; then make_venv; fi
    rm -f "$stamp"
    say "installing nnstudio and what it needs (about 400 MB the first time)"
    if ! quietly "$python" -m pip install --quiet --disable-pip-version-check --editable "$checkout$extra"; then
        if is_offline; then
            fail "the package index cannot be reached, so the Python packages could not be installed." \
                "Connect to the network (or set pip's proxy or index), then start again."
        fi
        fail "could not install the Python packages; pip's complaint is above." \
            "When it is mended, start again; what is done already is kept."
    fi
    is_importable "$@" || fail "the packages were installed, but nnstudio cannot be imported from $venv." \
        "Remove that folder and start again."
    printf '%s\n' "$declared" >"$stamp"
}
