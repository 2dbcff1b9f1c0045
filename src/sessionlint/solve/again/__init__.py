"""What roots gave, kept from one run to the next: packed, aligned with edited files, and found to hold or not."""
