def describe(entries):
    total = sum(entry.amount for entry in entries)
    return f"{len(entries)} entries, {total}"
