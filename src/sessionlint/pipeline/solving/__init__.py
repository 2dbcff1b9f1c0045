"""How the walk is shared: with earlier runs, and with other processes."""
