"""What a person types and sees in a terminal: lines, live answers, tables, progress."""
