"""审核把关: the queue, the margin, remarks, rounds, opinions, extensions, taking back."""
