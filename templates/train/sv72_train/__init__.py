"""Trains street-image classifiers, calibrates them and exports them as ONNX."""
