"""What formats are made of: a finding with where it stands, its lines of source, its story, its fields, and how many there are."""
