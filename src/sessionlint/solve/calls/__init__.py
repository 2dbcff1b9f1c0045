"""What a call does: a function of the program, a method of a collection, a library, something unknown."""
