"""What a run leaves for the next one, and what is only made when somebody asks for it."""
