"""Damaged pictures, and pictures made to do harm, as small files; `make` writes them anew, the same each time."""
