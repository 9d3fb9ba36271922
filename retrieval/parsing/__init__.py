"""The structure of a text: ``parser`` finds documents, heads, sections and lists, ``passages`` cuts them."""
