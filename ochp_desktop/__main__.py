"""Lets `python -m ochp_desktop` do what the command `ochp-desktop` does."""

from ochp_desktop.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
