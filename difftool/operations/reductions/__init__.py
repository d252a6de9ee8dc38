"""What makes one number of many, and what runs or sorts along a dimension."""
