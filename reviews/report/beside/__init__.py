"""随报告提交: what stands beside the text: answers to old problems, content items, attachments, the data annex."""
