"""The two synapses of the subnet, as its validators define them on the wire."""

import bittensor


class ImageSynapse(bittensor.Synapse):
    testnet_label: int = -1
    image: str = ""
    prediction: float = -1.0


class ExtendedImageSynapse(ImageSynapse):
    model_url: str = ""


ROUTES: dict[str, type[ImageSynapse]] = {
    "ImageSynapse": ImageSynapse,
    "ExtendedImageSynapse": ExtendedImageSynapse,
}
