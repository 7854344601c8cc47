"""What a token and a CDR are: fields, value types, rules and repairs. Pure Python, no files, no network."""
