"""Layers of networks as functions: convolution, pooling, normalisation, attention.

Windows: `convolution`, which `convolution_forms` calls, `average_pooling`, `max_pooling`,
`max_unpooling`, `patches`. Images: `interpolation`, `affine_grids`, `grid_sampling`. Rows of
tables: `embedding`, `embedding_bag`. The rest are layers as they are called: `layers`, `attention`,
`recurrent`, `normalization`, `batch_normalization`.
"""
