"""Histograms of activations that begin at zero, for onnxruntime's calibration by percentile.

Its own begin at the least value of the first pictures. A tensor that is all but constant there, as in
transformers, leaves no room for the bins, and numpy refuses; what is smaller later is not counted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np


@contextlib.contextmanager
def from_zero() -> Iterator[None]:
    """While this lasts, onnxruntime's calibration makes such histograms; there is no option for it."""
    from onnxruntime.quantization import calibrate

    class FromZero(calibrate.HistogramCollector):
        def collect_absolute_value(self, name_to_arr: dict[str, Any]) -> None:
            for name, arrays in name_to_arr.items():
                if name not in self.histogram_dict:
                    self.begin(name, np.asarray(arrays))
            super().collect_absolute_value(name_to_arr)

        def begin(self, name: str, values: Any) -> None:  # noqa: ANN401 (an array)
            largest = np.nanmax(np.absolute(values)) if values.size > 0 else 0
            if largest == 0:
                return
            edges = np.linspace(0, largest, self.num_bins + 1, dtype=values.dtype)
            counts = np.zeros(self.num_bins, np.int64)
            self.histogram_dict[name] = (counts, edges, np.nanmin(values), np.nanmax(values))

    theirs = calibrate.HistogramCollector
    calibrate.HistogramCollector = FromZero
    try:
        yield
    finally:
        calibrate.HistogramCollector = theirs
