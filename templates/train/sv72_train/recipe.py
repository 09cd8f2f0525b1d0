"""A recipe as src/training checks and completes it; here only its shape is checked again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from sv72_train.augment import ColourMaths, Fit
from sv72_train.progress import TrainError


class Fields(Protocol):
    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]


T = TypeVar("T", bound=Fields)


@dataclass(frozen=True)
class Backbone:
    """`id`: one of this package's own nets, or a timm id."""

    id: str
    pretrained: bool = True
    drop_path: float = 0.0


@dataclass(frozen=True)
class Optimizer:
    lr: float
    weight_decay: float = 0.05
    """Each layer below the head learns at this much of the rate above it."""
    layer_decay: float = 1.0
    """Share of the steps in which the rate rises."""
    warm_up: float = 0.1
    clip: float = 1.0


@dataclass(frozen=True)
class Views:
    """Weights of the validators' generations 1, 2 and 3."""

    generations: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Weights of the levels 0 to 3 of generations 1 and 2."""
    levels: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    colours: ColourMaths | Literal["mixed"] = "mixed"
    """Share of generation 1's crops that may lose the objects."""
    free_crop: float = 0.0
    """0: a new view each time; n: n views of each picture, made once and stored."""
    stored: int = 0
    flip: bool = True
    """A brightness factor between 1 - b and 1 + b."""
    brightness: float = 0.0


@dataclass(frozen=True)
class HardNegatives:
    """How much of the negatives of an epoch come from the pool."""

    share: float
    """How much of all negatives the pool holds."""
    pool: float
    """Epochs between two looks at all negatives; the first look comes after as many."""
    every: int = 2


@dataclass(frozen=True)
class Curriculum:
    """Share of the steps in which only the levels up to `levels` are seen."""

    share: float
    levels: int = 1


@dataclass(frozen=True)
class Lora:
    rank: int = 16
    alpha: float = 32.0
    dropout: float = 0.05
    targets: str = r".*\.attn\.(qkv|proj)|.*\.mlp\.fc[12]"


@dataclass(frozen=True)
class Distill:
    """Share of the loss that the teacher's soft label has."""

    weight: float = 0.3
    temperature: float = 2.0


@dataclass(frozen=True)
class Recipe:
    name: str
    kind: Literal["head", "finetune", "lora", "distill"]
    backbone: Backbone
    epochs: int
    batch: int
    optimizer: Optimizer
    views: Views = field(default_factory=Views)
    balanced: bool = True
    label_smoothing: float = 0.0
    ema: float = 0.0
    precision: Literal["fp32", "bf16"] = "fp32"
    seed: int = 72
    hard_negatives: HardNegatives | None = None
    curriculum: Curriculum | None = None
    lora: Lora | None = None
    distill: Distill | None = None
    """Views of each validation and test picture; every level of the generations is met alike."""
    measured_views: int = 4
    """Shorter side of cached pictures, pixels; 0: pictures are read as they are."""
    cache_side: int = 768
    fit: Fit = "letterbox"

    def fingerprint(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()


def read_recipe(path: Path) -> Recipe:
    try:
        return build(Recipe, json.loads(path.read_text()))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise TrainError("recipe", f"{path.name} is not a recipe: {error}") from error


def build(kind: type[T], values: dict[str, object]) -> T:
    """A dataclass from JSON: camelCase names, nothing unknown; `null` and the absent are the default."""
    hints = typing.get_type_hints(kind)
    given = {snake(name): value for name, value in values.items() if value is not None}
    unknown = given.keys() - {f.name for f in dataclasses.fields(kind)} - {"format", "description"}
    if unknown:
        raise ValueError(f"unknown field {sorted(unknown)[0]}")
    return kind(**{name: convert(hints[name], value) for name, value in given.items() if name in hints})


def convert(hint: object, value: object) -> object:
    hints = (hint, *typing.get_args(hint))
    nested = [h for h in hints if isinstance(h, type) and dataclasses.is_dataclass(h)]
    if nested and isinstance(value, dict):
        return build(nested[0], value)
    return tuple(value) if isinstance(value, list) else value


def snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda m: f"_{m[0].lower()}", name)
