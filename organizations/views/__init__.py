"""The rooms of the ground floor, one file a room."""
