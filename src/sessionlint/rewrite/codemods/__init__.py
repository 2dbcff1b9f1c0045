"""The codemods, one file or folder each."""
