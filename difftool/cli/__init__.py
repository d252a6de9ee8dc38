"""The command line: words in, one call of the session, one writer, an exit status.

`main` is the entry point; `program` holds the commands, `words` takes the expression out of the
arguments, `options` declares what is left, `inputs` turns values into arrays, `output` writes the
result, and `ending` and `failure` say how the run ended.
"""
