"""What names mean: imports, look-ups, classes, annotations. For the other files of this room only."""
