"""What a request came to: frozen records, their JSON, and the schema of that JSON.

`record` holds the records and `json_lines` writes one as a line of JSON; `schema` describes those
lines. The records are made from graphs and arrays to the left of here, and `render` draws them.
"""
