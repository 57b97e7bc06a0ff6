"""The command line for ``python -m hanfix``."""

from hanfix.cli import main

if __name__ == "__main__":
    main()
