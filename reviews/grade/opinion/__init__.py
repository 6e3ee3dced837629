"""综合评价意见: a draft out of facts, each sentence with what it rests on; a person edits it and answers for it."""
