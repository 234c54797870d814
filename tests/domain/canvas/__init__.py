"""Tests of the canvas document."""
