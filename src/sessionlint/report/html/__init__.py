"""The page of the `html` format."""
