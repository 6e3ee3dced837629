"""反馈: letters, receipts, objections."""
