"""The canvas document: layers, mask, selection, generation frame; commands, undo and compositing. No Qt, no torch."""
