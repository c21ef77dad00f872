"""The command line: one module a command, each with `add_to(commands)`. Output is in Spanish."""
