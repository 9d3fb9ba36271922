"""Answers in the documents' words, each of the extent that its kind of question asks for."""
