"""One use case per file; window and commands do everything through these."""
