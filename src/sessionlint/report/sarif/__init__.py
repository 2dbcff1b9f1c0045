"""The parts of a SARIF log: rules, results, notifications, and what GitHub's limits leave of them."""
