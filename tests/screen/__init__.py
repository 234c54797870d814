"""Tests under a real X server: real drags between processes, a real clipboard, a real window manager."""
