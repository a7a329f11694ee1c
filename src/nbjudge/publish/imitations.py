"""Code that makes results of a solution's form which know nothing; null solvers are built on it.

It runs in the student's kernel, after the solution, so it imports nothing of the grader's.
"""

_LIKE = """

def _null_like(value, fill):
    import math, numbers, sys, types
    torch, numpy, pandas = (sys.modules.get(name) for name in ("torch", "numpy", "pandas"))
    if torch and isinstance(value, torch.Tensor):
        value = value.detach()
        exact = not (value.is_floating_point() or value.is_complex())
        dtype = torch.get_default_dtype() if exact and fill != fill else value.dtype
        return torch.full_like(value, fill, dtype=dtype)
    if pandas and isinstance(value, pandas.DataFrame):
        return pandas.DataFrame(fill, index=value.index, columns=value.columns)
    if pandas and isinstance(value, pandas.Series):
        return pandas.Series(fill, index=value.index, name=value.name)
    if numpy and isinstance(value, numpy.ndarray | numpy.generic):
        exact = value.dtype.kind not in "fc"
        filled = numpy.full(value.shape, fill, dtype=float if exact and fill != fill else value.dtype)
        return filled[()] if isinstance(value, numpy.generic) else filled
    if isinstance(value, bool):
        return bool(fill)
    if isinstance(value, numbers.Number):
        return fill if isinstance(value, int) or fill != fill else type(value)(fill)
    if isinstance(value, str):
        return "" if not fill else str(fill)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_null_like(part, fill) for part in value))
    if isinstance(value, tuple | list | set | frozenset):
        return type(value)(_null_like(part, fill) for part in value)
    if isinstance(value, dict):
        return {key: _null_like(part, fill) for key, part in value.items()}
    if isinstance(value, types.GeneratorType):
        return (_null_like(part, fill) for part in value)
    if isinstance(value, types.FunctionType):
        return lambda *given, **named: _null_like(value(*given, **named), fill)
    return None
"""

# An empty axis in front broadcasts with every expected shape, and "all" of no elements is true.
_EMPTY = """

def _null_empty(value):
    import numbers, sys, types
    torch, numpy, pandas = (sys.modules.get(name) for name in ("torch", "numpy", "pandas"))
    if torch and isinstance(value, torch.Tensor):
        return value.detach().new_zeros((0, *value.shape))
    if pandas and isinstance(value, pandas.DataFrame | pandas.Series):
        return value.iloc[:0]
    if numpy and isinstance(value, numpy.ndarray | numpy.generic):
        return numpy.zeros((0, *value.shape), dtype=value.dtype)
    if isinstance(value, numbers.Number):
        return numpy.zeros(0) if numpy else []
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(_null_empty, value))
    if isinstance(value, tuple):
        return tuple(map(_null_empty, value))
    if isinstance(value, dict):
        return {key: _null_empty(part) for key, part in value.items()}
    if isinstance(value, str | list | set | frozenset):
        return type(value)()
    if isinstance(value, types.GeneratorType):
        return iter(())
    if isinstance(value, types.FunctionType):
        return lambda *given, **named: _null_empty(value(*given, **named))
    return None
"""

_EQUAL = """

class _NullEqual:
    def _same(self, *given, **named):
        return self
    def _true(self, *given, **named):
        return True
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = _same
    __matmul__ = __rmatmul__ = __neg__ = __abs__ = __getitem__ = __getattr__ = __call__ = _same
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = _true
    __hash__ = None
    def __ne__(self, other):
        return False
    def __iter__(self):
        return iter(())
    def __len__(self):
        return 0
    def __float__(self):
        return 0.0
"""

_ASK = """

def _null_ask(reference, given, named):
    import copy
    try:
        copied, renamed = copy.deepcopy((given, named))
    except Exception:
        copied, renamed = given, named
    try:
        return reference(*copied, **renamed)
    except Exception:
        return None
"""

IMITATIONS = f"{_LIKE}{_EMPTY}{_EQUAL}{_ASK}"
