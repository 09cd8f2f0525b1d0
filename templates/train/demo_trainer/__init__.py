"""Trains a small classifier on views of drawn scenes and exports it as ONNX."""
