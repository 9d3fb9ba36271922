"""An answer while it is being made: previews, the sign that it was seen, and how it is stopped."""
