"""Benchmarks: our own code beside its peers, in one run, as ratios."""
