"""Speed as ratios to a stated limit, measured in the same run."""
