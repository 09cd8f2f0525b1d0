"""What a net says to views that were stored, or to pictures of a lesson."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import DataLoader

from sv72_train.device import Place
from sv72_train.fit import Lesson, out_of_memory, whole
from sv72_train.model import Net
from sv72_train.parallel import start_loader
from sv72_train.progress import Meter
from sv72_train.views import StoredViews, array_of

"""Stands for an epoch that no training reaches."""
NO_EPOCH = 1 << 30


class Reader:
    """Runs nets over inputs in pieces that fit into memory."""

    def __init__(self, place: Place, *, bf16: bool = False, batch: int = 128, workers: int = 0) -> None:
        self.place, self.batch, self.workers = place, batch, workers
        self.bf16 = bf16 and place.device.type == "cuda"

    def __call__(self, call: nn.Module | None, inputs: Tensor, forward: str = "forward") -> Tensor:
        """Outputs of a module's method for one batch, on the CPU, as float32."""
        while True:
            try:
                parts = [
                    self.once(call, inputs[at : at + self.batch], forward)
                    for at in range(0, len(inputs), self.batch)
                ]
                return torch.cat(parts)
            except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
                if not out_of_memory(error) or self.batch == 1:
                    raise
                self.batch //= 2
                torch.cuda.empty_cache()

    def once(self, module: nn.Module | None, inputs: Tensor, forward: str) -> Tensor:
        device = self.place.device
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=self.bf16):
            result: Tensor = getattr(module, forward)(inputs.to(device))
        return result.float().cpu()

    def logits(self, model: nn.Module, views: StoredViews) -> NDArray[np.float64]:
        """(pictures, views)."""
        model.eval()
        shape = views.levels.shape
        flat = views.pixels.reshape(shape[0] * shape[1], *views.pixels.shape[2:])
        parts = [
            self(model, torch.from_numpy(np.ascontiguousarray(flat[at : at + 1024])))
            for at in range(0, len(flat), 1024)
        ]
        return torch.cat(parts).double().numpy().reshape(shape)

    def scores(self, model: nn.Module, lesson: Lesson, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Logits of one view of each of some pictures, the same view whenever it is asked for."""
        model.eval()
        keys = [(int(n), NO_EPOCH, int(n), 3) for n in numbers]
        loader = DataLoader(
            lesson.inputs,
            batch_sampler=[keys[at : at + 256] for at in range(0, len(keys), 256)],
            num_workers=self.workers,
            collate_fn=whole,
            worker_init_fn=start_loader,
        )
        return torch.cat([self(model, batch) for batch in loader]).double().numpy()

    def features(self, net: Net, views: StoredViews, name: str, stem: str) -> StoredViews:
        """The same views as the head sees them; what was computed before an interruption is kept."""
        net.eval().to(self.place.device)
        pictures, count = views.levels.shape
        width = net.head.in_features
        values = array_of(f"{stem}.bin", (pictures, count, width * 4)).view(np.float32)
        made = array_of(f"{stem}.made", (pictures,))
        missing = np.flatnonzero(made == 0)
        meter = Meter(f"features for {name}", pictures, "views", origin=pictures - len(missing))
        per = max(1, 256 // count)
        for at in range(0, len(missing), per):
            numbers = missing[at : at + per]
            flat = views.pixels[numbers].reshape(-1, *views.pixels.shape[2:])
            values[numbers] = self(net, torch.from_numpy(flat), "features").reshape(
                len(numbers), count, width
            )
            made[numbers] = 1
            meter.add(pictures - len(missing) + min(len(missing), at + per), len(flat))
        return views.with_pixels(values)
