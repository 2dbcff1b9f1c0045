"""The state of one path: values, heap objects, variables, and what can be reached in it."""
