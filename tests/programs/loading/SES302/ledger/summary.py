def describe(entries):
    total = sum(entry.amount for entry in entries)  # expect: SES302
    return f"{len(entries)} entries, {total}"
