#!/usr/bin/env bash
# Installs what is missing and starts nnstudio; arguments are passed on. Without a display it does
# the same main job headless: trains LeNet-5 on the built-in digits and leaves the results in build/demo.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

is_headless_command() {
    local argument
    for argument in "$@"; do
        case "$argument" in
            train | evaluate | predict | export | lr-range | layers | templates | -h | --help | --version) return 0 ;;
        esac
    done
    return 1
}

has_display() {
    # Only Linux announces its display in the environment. A Qt platform that was chosen is respected.
    [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]
}

run_main_job() {
    local folder="$checkout/build/demo"
    mkdir -p "$folder"
    "$python" -m nnstudio train lenet5 --data digits --epochs 5 --seed 0 --out "$folder/lenet5.nnstudio"
    "$python" -m nnstudio export "$folder/lenet5.nnstudio" --to onnx --out "$folder/lenet5.onnx"
    QT_QPA_PLATFORM=offscreen "$python" -m nnstudio "$folder/lenet5.nnstudio" \
        --screenshot "$folder/window.png"
    local file
    for file in lenet5.nnstudio lenet5.onnx window.png; do
        [ -s "$folder/$file" ] || fail "$folder/$file was not written."
    done
    say "done. In $folder:"
    printf '          %s\n' "lenet5.nnstudio   the trained project (open it with: packaging/run.sh FILE)" \
        "lenet5.onnx       the model for other tools" "window.png        the main window" >&2
}

ensure_project ""
if is_headless_command "$@"; then
    exec "$python" -m nnstudio "$@"
fi
mapfile -t fonts < <(font_packages)
ensure_qt_libraries "${fonts[@]}"
if has_display; then
    exec "$python" -m nnstudio "$@"
fi
say "there is no display (DISPLAY and WAYLAND_DISPLAY are not set), so no window can open."
if (($# > 0)); then say "not used, because they are for the window: $*"; fi
say "doing the main job without it: training LeNet-5 on the built-in digits."
run_main_job
