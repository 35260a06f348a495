#!/usr/bin/env bash
# Installs what is missing and runs every check of the project: format, lint, types, the floors of
# the architecture, and the whole test suite. Arguments are passed on to pytest.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

ensure_project "[test]" pytest pytestqt pytest_cov onnxruntime ruff mypy importlinter build hatchling
ensure_qt_libraries xvfb xauth xdotool fonts-dejavu-core fonts-wqy-microhei

cd "$checkout"
export QT_QPA_PLATFORM=offscreen
failed=()

check() {
    local name=$1
    shift
    say "checking: $name"
    "$@" || failed+=("$name")
}

check "format" "$python" -m ruff format --check --quiet .
check "lint" "$python" -m ruff check --quiet .
check "types" "$python" -m mypy
check "floors of the architecture" "$venv/bin/lint-imports" --no-logo
check "tests" "$python" -m pytest --cov=nnstudio --cov-report=term:skip-covered "$@"

# Nothing is said when all is well: pytest's closing line stays the last one.
if ((${#failed[@]} > 0)); then
    printf -v list ', %s' "${failed[@]}"
    say "failed: ${list:2}"
    exit 1
fi
