"""The fixtures of layers.py, for the tests of this folder."""

from layers import empty_layers, layers

__all__ = ["empty_layers", "layers"]
