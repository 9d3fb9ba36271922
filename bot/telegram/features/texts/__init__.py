"""What the texts hold: documents, passages, figures, and targets with their results."""
