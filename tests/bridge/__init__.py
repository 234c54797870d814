"""Tests of the room `studio.bridge`."""
