import numpy as np
import torch

from demo_trainer.fit import Recipe, calibrate, fit, logits_of
from demo_trainer.views import Views


def test_learns_what_is_easy(views: Views) -> None:
    torch.set_num_threads(1)
    recipe = Recipe(epochs=4, batch=32, average=0.8)
    net = fit(views, recipe, lambda _: None)
    logits = logits_of(net, views.pixels)
    said = logits > calibrate(logits, views.labels)[0]
    assert np.mean(said == (views.labels > 0.5)) > 0.95


def test_the_same_seed_gives_the_same_weights(views: Views) -> None:
    torch.set_num_threads(1)
    recipe = Recipe(epochs=1, batch=128)
    first, second = (logits_of(fit(views, recipe, lambda _: None), views.pixels[:8]) for _ in range(2))
    assert np.array_equal(first, second)


def test_calibration_moves_the_decision_to_one_half() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, 4000).astype(np.float32)
    logits = 3 + 4 * ((labels * 2 - 1) + rng.normal(0, 1, 4000))
    bias, temperature = calibrate(logits, labels)
    assert abs(bias - 3) < 0.3
    # Unit-variance classes at -1 and 1 have a log-odds slope of 2 per unit, that is 4 units of logit.
    assert abs(temperature - 2) < 0.2
