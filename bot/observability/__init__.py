"""What became of each question, as logs, metrics and traces, with secrets taken out."""
