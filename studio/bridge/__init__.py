"""JOINING: the one worker thread, controllers with typed signals, item models, arrays to QImage.

This room may import `studio.domain`, `studio.services`, QtCore and QtGui. It knows no widgets, no torch.
Requests go down through it, events come up through it, and nothing else crosses between the two sides.
"""
