"""The rules, one a file. A file that is added here is found by its name."""
