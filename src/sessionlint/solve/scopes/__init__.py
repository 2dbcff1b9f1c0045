"""Sessions and the blocks that end them: shared, nested, left, and called once too often."""
