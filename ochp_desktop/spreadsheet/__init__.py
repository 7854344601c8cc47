"""Excel, ODS and CSV in and out, column matching."""
