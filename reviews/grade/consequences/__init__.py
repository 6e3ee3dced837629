"""结果运用: what follows from a grade, as tasks with a day, an owner and a proof. Never a penalty by itself."""
