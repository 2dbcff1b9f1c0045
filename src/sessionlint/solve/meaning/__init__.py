"""What names, annotations and the expressions of a whole program stand for as values."""
