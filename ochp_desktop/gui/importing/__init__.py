"""The one dialog in which people look at how a file will be taken, and change it."""
