"""Keeping: files, models, jobs and what was painted."""
