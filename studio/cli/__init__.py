"""The command line: joins the rooms without Qt and holds no logic of theirs.

It prints what was asked for to standard output and everything else to standard error. numpy, pydantic and torch are
imported only by the commands that need them, after the arguments were understood: a wrong option is answered at once.
"""
