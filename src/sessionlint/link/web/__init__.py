"""What a program has of a web application: its templates, its user, its sessions and who closes them."""
