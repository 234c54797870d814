"""WHAT: requests, events, errors, samplers, families, metadata, settings.

This room may import the standard library, numpy, Pillow and pydantic, and no other room.
Everything in it is a value or a rule; nothing in it waits, draws, computes tensors or touches a disk.
"""
