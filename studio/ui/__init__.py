"""SEEING: widgets.

This room may import `studio.bridge`, `studio.domain` and the types of `studio.services`. It knows no torch and no
engine. Widgets talk up by signals and down by calls; panels, canvas and gallery do not know each other.
"""
