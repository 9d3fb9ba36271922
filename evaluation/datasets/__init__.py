"""The texts, questions and vectors that are measured on, read from the shared folder."""
