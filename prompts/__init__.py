"""The words said to a language model, as text files that ship with the program."""
