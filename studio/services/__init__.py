"""KEEPING: queue, history, models, settings, and the proxy of an engine that lives in another process.

This room may import `studio.domain`. It knows neither Qt nor torch nor the engine's room: the two meet only
through `studio.domain.ports.Engine`.
"""
