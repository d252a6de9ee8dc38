"""Files and standard input to arrays, and back.

The command line hands over what the user wrote after an option: `read` gives the array of `@FILE`,
`@FILE:key` or `-`, `read_inputs` all arrays of a file by name, `write` the file of `--out`. The
readers know nothing of the graph and never load a pickle. `json_numbers` says how a number looks
in JSON, here and in the records of the report.
"""

from difftool.tensors.mapped import MappedFile as MappedFile
from difftool.tensors.reading import read as read
from difftool.tensors.reading import read_inputs as read_inputs
from difftool.tensors.source import StandardInput as StandardInput
from difftool.tensors.writing import check_writable as check_writable
from difftool.tensors.writing import write as write
