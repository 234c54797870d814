"""The engine on diffusers' real classes at tiny size."""
