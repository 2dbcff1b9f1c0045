"""How long sessionlint takes beside a process that does nothing but parse, and beside other tools: `make bench`."""
