"""What the reader gives beside its pages: twins in JSON, what is held and how often it errs, corrections."""
