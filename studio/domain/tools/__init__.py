"""One file per tool: what the pointer does to the document. `TOOLS` lists them in the order of the tool bar."""
