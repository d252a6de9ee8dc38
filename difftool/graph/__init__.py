"""The graph: one intermediate form that is evaluated, differentiated, drawn and printed."""
