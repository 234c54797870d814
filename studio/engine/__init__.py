"""HOW: diffusers pipelines behind the `Engine` port: loading, conditioning, denoising, previews, decoding.

This room may import `studio.domain`, torch, diffusers and transformers. It knows no Qt, no history, no window;
whoever runs it hands in a request, a callback for events and a cancel token.
"""
