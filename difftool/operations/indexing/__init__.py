"""Elements by their places: taken, put, added, found."""
