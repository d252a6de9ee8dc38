"""Loss functions, and the similarities and distances they are made of.

Of predicted numbers: `regression`, `likelihood`. Of classes: `classification`,
`linear_classification`, `binary`, `margins`, `ctc`. Of how near things are: `similarity`,
`pairs_and_triples`. `torch_forms` are those that `torch` has beside torch.nn.functional;
`loss_reduction` is what they share.
"""
