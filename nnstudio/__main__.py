"""So that ``python -m nnstudio`` does what ``nnstudio`` does."""

import sys

from nnstudio.cli import main

if __name__ == "__main__":
    sys.exit(main())
