"""The warm, confined process from which every student's kernel is forked, and the kernels themselves."""
