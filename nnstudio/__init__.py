"""Build a neural network by dragging layers, train it on images, see inside it, take it away."""

__version__ = "0.1.0"
