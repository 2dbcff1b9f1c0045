"""What codemods read of a program besides its facts: text, and what it has of its own."""
