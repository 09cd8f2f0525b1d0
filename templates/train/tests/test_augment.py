"""The augmentation against torchvision, and the rules of its random choices."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from sv72_train.augment import (
    LEVELS,
    SIZE,
    Augmentation,
    Crop,
    augment,
    challenge_view,
    distorted,
    draw_augmentation,
    draw_crop,
    fitted,
    keep_point,
    resized,
    rotated,
    through_jpeg,
)

Pixels = NDArray[np.uint8]
CONDITIONS = [(generation, level) for generation in (1, 2) for level in LEVELS]


def picture(width: int = 320, height: int = 240, seed: int = 0) -> Pixels:
    """Soft shapes with some texture, as in a photograph."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (9, 12, 3), np.uint8))
    soft = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), np.int16)
    return np.clip(soft + rng.integers(-12, 12, (height, width, 3)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("width", "height"), [(320, 240), (333, 251), (224, 224), (640, 480)])
def test_rotation_is_torchvisions(width: int, height: int) -> None:
    torch = pytest.importorskip("torch")
    functional = pytest.importorskip("torchvision.transforms.functional")
    rgb = picture(width, height)
    for degrees in (-20.0, -7.3, 0.0, 0.01, 13.7, 19.99):
        tensor = torch.from_numpy(rgb.copy()).permute(2, 0, 1).float().div(255)
        theirs = functional.rotate(tensor, degrees).mul(255).byte().permute(1, 2, 0).numpy()
        # The sum of two products may be rounded once or twice: it decides between two pixels now and then.
        assert np.mean(np.any(rotated(rgb, degrees) != theirs, axis=-1)) < 0.001


def test_a_part_of_the_rotation_is_that_part() -> None:
    rgb, crop = picture(), Crop(31, 17, 187, 187)
    whole = rotated(rgb, 11.5)
    assert np.array_equal(rotated(rgb, 11.5, crop), whole[17:204, 31:218])


@pytest.mark.parametrize("side", [100, 150, 224, 240])
def test_crop_and_resize_are_torchvisions(side: int) -> None:
    torch = pytest.importorskip("torch")
    functional = pytest.importorskip("torchvision.transforms.functional")
    rgb = picture()[:side, :side]
    tensor = torch.from_numpy(rgb.copy()).permute(2, 0, 1).float().div(255)
    scaled = functional.resize(tensor, [SIZE, SIZE], antialias=True).clamp(0, 1)
    theirs = scaled.mul(255).byte().permute(1, 2, 0).numpy()
    gap = np.abs(resized(rgb).astype(int) - theirs.astype(int))
    # Truncation of 99.9999 and of 100.0001.
    assert gap.max() <= 1
    assert np.mean(gap > 0) < 0.01


@pytest.mark.parametrize(("generation", "level"), CONDITIONS)
def test_views_have_the_size_that_is_sent(generation: int, level: int) -> None:
    for width, height in ((320, 240), (97, 301), (224, 224), (30, 20)):
        view = challenge_view(picture(width, height), np.random.default_rng(1), generation, level)
        assert view.shape == (SIZE, SIZE, 3)
        assert view.dtype == np.uint8


@pytest.mark.parametrize("fit", ["stretch", "letterbox", "cover-crop"])
def test_generation_3_is_the_picture_itself(fit: str) -> None:
    rgb = picture()
    view = challenge_view(rgb, np.random.default_rng(1), 3, 0, fit=fit, jpeg=False)
    assert np.array_equal(view, fitted(rgb, fit))
    sent = challenge_view(rgb, np.random.default_rng(1), 3, 0, fit=fit)
    assert np.array_equal(sent, fitted(through_jpeg(rgb), fit))


@pytest.mark.parametrize(("generation", "level"), CONDITIONS)
def test_the_same_random_state_gives_the_same_view(generation: int, level: int) -> None:
    rgb = picture()
    first, again, other = (
        challenge_view(rgb, np.random.default_rng(seed), generation, level) for seed in (5, 5, 6)
    )
    assert np.array_equal(first, again)
    assert np.array_equal(first, other) == (level == 0)


def test_choices_stay_in_their_ranges_and_use_them() -> None:
    rng = np.random.default_rng(2)
    for generation in (1, 2):
        for level, worst in ((1, 0), (2, 1), (3, 2)):
            plans = [draw_augmentation(rng, generation, level, 400, 300) for _ in range(400)]
            assert max(abs(plan.angle) for plan in plans) <= 20
            assert max(plan.angle for plan in plans) > 18
            assert all((plan.crop is None) == (generation == 2) for plan in plans)
            for name in ("saturation", "contrast", "shrink"):
                assert {getattr(plan, name) for plan in plans} == set(range(worst + 1))
            for name in ("noise", "blur"):
                assert {getattr(plan, name) for plan in plans} == (set(range(3)) if level == 3 else {0})


def test_crops_are_squares_inside_of_a_fifth_to_all_of_the_area() -> None:
    rng = np.random.default_rng(3)
    for width, height in ((400, 300), (300, 400), (224, 224), (1000, 100)):
        for _ in range(200):
            crop = draw_crop(rng, width, height)
            assert crop.width == crop.height >= 1
            assert 0 <= crop.left <= width - crop.width
            assert 0 <= crop.top <= height - crop.height
            area = crop.width * crop.height / (width * height)
            assert area >= 0.19 or crop.width == min(width, height)


def test_a_crop_keeps_the_first_object_unless_it_may_fall_anywhere() -> None:
    rng = np.random.default_rng(4)
    missed = 0
    for _ in range(300):
        x, y = float(rng.uniform(0, 400)), float(rng.uniform(0, 300))
        crop = draw_crop(rng, 400, 300)
        kept = keep_point(crop, (x, y), 400, 300)
        assert kept.left - 11 <= x <= kept.left + kept.width + 11
        assert kept.top - 11 <= y <= kept.top + kept.height + 11
        missed += not (crop.left <= x <= crop.left + crop.width)
    assert missed > 0
    plain = draw_augmentation(np.random.default_rng(7), 1, 1, 400, 300)
    assert plain.crop is not None
    corner = (399.0, 299.0) if plain.crop.left < 100 else (0.0, 0.0)
    towards = draw_augmentation(np.random.default_rng(7), 1, 1, 400, 300, corner)
    assert towards.crop != plain.crop


def test_noise_is_asked_for() -> None:
    with pytest.raises(ValueError, match="needs noise"):
        distorted(picture(), Augmentation(2, 3, noise=1), None)
    with pytest.raises(ValueError, match="no augmentation"):
        draw_augmentation(np.random.default_rng(1), 3, 1, 400, 300)


def test_severity_0_leaves_alone() -> None:
    bgr = picture(SIZE, SIZE)
    assert np.array_equal(distorted(bgr, Augmentation(2, 3), None), bgr)


def test_colours_on_bytes_turn_green_and_on_floats_fade() -> None:
    bgr = picture(SIZE, SIZE)
    green = distorted(bgr, Augmentation(2, 2, saturation=1, colours="bytes"), None).astype(int)
    faded = distorted(bgr, Augmentation(2, 2, saturation=1, colours="floats"), None).astype(int)
    assert np.mean(green[:, :, 1] - green[:, :, (0, 2)].max(axis=-1)) > 20
    spread = np.ptp(bgr.astype(int), axis=-1).mean()
    assert np.ptp(faded, axis=-1).mean() < 0.6 * spread


def test_the_input_is_left_as_it_was() -> None:
    rgb = picture()
    before = rgb.copy()
    rng = np.random.default_rng(1)
    for generation, level in CONDITIONS:
        plan = draw_augmentation(rng, generation, level, 320, 240)
        augment(rgb, plan, rng.standard_normal((SIZE, SIZE, 3)))
    assert np.array_equal(rgb, before)
