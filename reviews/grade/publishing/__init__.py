"""公布: grades told to a stated audience, an act of its own after approval and letters."""
