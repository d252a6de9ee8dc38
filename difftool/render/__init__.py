"""What people see: views of the records that `report` defines, and of errors.

Everything here turns a record into text for a `screen.Screen`; `view` picks the right one. Nothing
here reads the graph, computes or writes to a stream.
"""
