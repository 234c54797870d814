"""One set of promises, kept by every way to run an engine."""
