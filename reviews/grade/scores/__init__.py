"""平时和实地成绩: what is scored beside the ballot, with its source, entered by one person and confirmed by another."""
