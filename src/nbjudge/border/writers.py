"""Student's side of the border: NumPy's, torch's and pandas' values as trees, without importing any of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from nbjudge.border.bounds import CannotCross, Tree

Inner = Callable[[Any], Tree]


def write_numpy(value: Any, inner: Inner) -> Tree | None:
    """The tree of a NumPy array, scalar, element type or polynomial; None for anything else."""
    np = sys.modules["numpy"]
    if issubclass(type(value), np.ndarray):
        if issubclass(type(value), np.ma.MaskedArray):
            return None
        plain = np.asarray(value)
        if plain.dtype.hasobject:
            return ["objects", list(plain.shape), [inner(item) for item in plain.ravel().tolist()]]
        packed = _packed(plain)
        return ["array", _dtype(packed.dtype), list(packed.shape), packed.tobytes()]
    if issubclass(type(value), np.generic) and not value.dtype.hasobject:
        packed = _packed(np.asarray(value))
        return ["scalar", _dtype(packed.dtype), packed.tobytes()]
    if issubclass(type(value), np.dtype):
        return ["dtype", _dtype(value)]
    if type(value) is np.poly1d:
        return ["poly1d", inner(value.coeffs), str(value.variable)]
    polynomials = sys.modules.get("numpy.polynomial")  # NumPy imports it at first use
    if polynomials and type(value) in tuple(getattr(polynomials, name) for name in _POLYNOMIALS):
        return [
            "polynomial",
            type(value).__name__,
            inner(value.coef),
            inner(value.domain),
            inner(value.window),
        ]
    return None


_POLYNOMIALS = ("Polynomial", "Chebyshev", "Legendre", "Hermite", "HermiteE", "Laguerre")


def _packed(array: Any) -> Any:
    """The array without the gaps that a structured type can have between its fields."""
    if array.dtype.names is None:
        return array
    import numpy.lib.recfunctions as recfunctions

    return recfunctions.repack_fields(array, recurse=True)


def _dtype(dtype: Any) -> Any:
    """A type's short name, or for a structured one each field's name, type and shape."""
    if dtype.names is None:
        return dtype.str
    fields = ((name, dtype[name]) for name in dtype.names)
    return [[name, _dtype(field.base), list(field.shape)] for name, field in fields]


def write_torch(value: Any, inner: Inner) -> Tree | None:
    """The tree of a torch tensor, element type or device; None for anything else."""
    torch = sys.modules["torch"]
    if issubclass(type(value), torch.Tensor):
        if value.layout is not torch.strided or value.is_quantized or value.device.type == "meta":
            raise CannotCross(f"a tensor of layout {value.layout} stays on its side: return a dense one")
        grad = value.grad if value.is_leaf and value.requires_grad else None
        return [
            "tensor",
            str(value.dtype).removeprefix("torch."),
            list(value.shape),
            tensor_bytes(value).numpy().tobytes(),
            bool(value.requires_grad),
            value.device.type,
            None if grad is None else inner(torch.Tensor.detach(grad)),
        ]
    if issubclass(type(value), torch.dtype):
        return ["torch.dtype", str(value).removeprefix("torch.")]
    if issubclass(type(value), torch.device):
        return ["torch.device", str(value)]
    return None


def tensor_bytes(tensor: Any) -> Any:
    """A dense tensor's elements in order, as a 1-D uint8 tensor on the CPU."""
    torch = sys.modules["torch"]
    plain = torch.Tensor.detach(tensor).cpu().resolve_conj().resolve_neg()
    if not plain.is_contiguous() or plain.stride()[-1:] not in ((), (1,)):
        # contiguous() would keep the odd stride of an axis of length one.
        plain = torch.empty(plain.shape, dtype=plain.dtype).copy_(plain)
    return plain.reshape(-1).view(torch.uint8) if plain.numel() else torch.empty(0, dtype=torch.uint8)


def write_pandas(value: Any, inner: Inner) -> Tree | None:
    """The tree of a pandas frame, series, index, time or missing value; None for anything else."""
    pd = sys.modules["pandas"]
    if not hasattr(pd, "DataFrame"):
        return None  # a half-imported or replaced module
    if issubclass(type(value), pd.DataFrame):
        columns = [_column(value.iloc[:, i], inner) for i in range(value.shape[1])]
        return ["frame", _index(value.columns, inner), _index(value.index, inner), columns]
    if issubclass(type(value), pd.Series):
        return ["series", _column(value, inner), _index(value.index, inner), inner(value.name)]
    if issubclass(type(value), pd.Index):
        return ["index", _index(value, inner)]
    if issubclass(type(value), pd.Timestamp):
        return ["timestamp", value.isoformat()]
    if value is pd.NA or value is pd.NaT:
        return ["missing", "NA" if value is pd.NA else "NaT"]
    return None


def _column(series: Any, inner: Inner) -> Tree:
    np, pd = sys.modules["numpy"], sys.modules["pandas"]
    if isinstance(series.dtype, pd.CategoricalDtype):
        codes = series.cat.codes.to_numpy()
        return ["category", inner(codes), _index(series.cat.categories, inner), bool(series.cat.ordered)]
    if isinstance(series.dtype, np.dtype) and not series.dtype.hasobject:
        return [str(series.dtype), inner(series.to_numpy())]
    return [str(series.dtype), inner(list(series))]


def _index(index: Any, inner: Inner) -> Tree:
    pd = sys.modules["pandas"]
    if isinstance(index, pd.RangeIndex):
        return ["range", index.start, index.stop, index.step, inner(index.name)]
    if isinstance(index, pd.MultiIndex):
        return ["multi", [inner(tuple(row)) for row in index], [inner(name) for name in index.names]]
    return ["plain", _column(index.to_series(), inner), inner(index.name)]
