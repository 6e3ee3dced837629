"""测评: made when scoring has its box."""
