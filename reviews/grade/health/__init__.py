"""测评质量: whether a round was done with care. Figures over many, never about one voter, leader or secretary."""
