"""What holds for the house as a whole: imports, sizes, style, files and versions."""
