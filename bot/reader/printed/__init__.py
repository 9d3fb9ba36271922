"""How a text is laid out on its page: blocks, marked words, tables, pictures of scanned pages."""
