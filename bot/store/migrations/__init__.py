"""The steps by which stores of earlier programs are brought up, in their order."""
