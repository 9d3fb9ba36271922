"""What weights are fitted with: regressions, listwise rankings, boosted trees; numpy alone."""
