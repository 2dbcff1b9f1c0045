"""How the program comes by its sessions: acquirers and scopes. For the other files of this room only."""
