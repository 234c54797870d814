"""Tests of the tools: what they do to a document, without a window."""
