"""The texts that ship with the program."""
