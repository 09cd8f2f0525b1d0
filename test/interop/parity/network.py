"""Writes a small convolutional network of random weights, whose answers depend on every pixel: python network.py FILE

Input as timm's models have it (float32 NCHW, free batch), output one logit.
"""

import sys

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save


def main(path):
    rng = np.random.default_rng(72)
    nodes, constants, before, channels = [], [], "image", 3
    for index, width in enumerate((8, 12, 16, 24)):
        weights = rng.normal(0, (2 / (channels * 9)) ** 0.5, (width, channels, 3, 3)).astype(np.float32)
        constants.append(numpy_helper.from_array(weights, f"w{index}"))
        nodes.append(helper.make_node("Conv", [before, f"w{index}"], [f"c{index}"], strides=[2, 2], pads=[1] * 4))
        nodes.append(helper.make_node("Relu", [f"c{index}"], [f"r{index}"]))
        before, channels = f"r{index}", width
    head = rng.normal(0, 1.5, (channels, 1)).astype(np.float32)
    constants.append(numpy_helper.from_array(head - head.mean(), "head"))
    nodes.append(helper.make_node("GlobalAveragePool", [before], ["pooled"]))
    nodes.append(helper.make_node("Flatten", ["pooled"], ["flat"]))
    nodes.append(helper.make_node("MatMul", ["flat", "head"], ["logit"]))
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", 3, 224, 224])
    logit = helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["batch", 1])
    graph = helper.make_graph(nodes, "random", [image], [logit], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    checker.check_model(model, full_check=True)
    save(model, path)


if __name__ == "__main__":
    main(sys.argv[1])
