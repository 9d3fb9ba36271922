"""What the judge's network of meaning learns from, and its fitting."""
