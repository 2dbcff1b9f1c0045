def write(beds):
    lines = []
    for bed in beds:
        lines.append(f"bed {bed.code}")
        for plant in bed.plants:  # expect: SES301
            lines.append(f"  {plant.sort}")
    return "\n".join(lines)
