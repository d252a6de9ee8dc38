"""The same elements in another arrangement: views, joins, parts, copies, padding."""
