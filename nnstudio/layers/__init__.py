"""The layers, one file each; importing this package registers them all."""

from nnstudio.layers.activations import ReLU, Sigmoid, Tanh
from nnstudio.layers.averagepool2d import AveragePool2D
from nnstudio.layers.conv2d import Conv2D
from nnstudio.layers.convtranspose2d import ConvTranspose2D
from nnstudio.layers.crop2d import Crop2D
from nnstudio.layers.dense import Dense
from nnstudio.layers.dropout import Dropout
from nnstudio.layers.flatten import Flatten
from nnstudio.layers.globalaveragepool import GlobalAveragePool
from nnstudio.layers.globalmaxpool import GlobalMaxPool
from nnstudio.layers.input import Input
from nnstudio.layers.maxpool2d import MaxPool2D
from nnstudio.layers.softmax import Softmax
from nnstudio.layers.upsample2d import Upsample2D
from nnstudio.layers.zeropad2d import ZeroPad2D

__all__ = [
    "AveragePool2D",
    "Conv2D",
    "ConvTranspose2D",
    "Crop2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "Input",
    "MaxPool2D",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Upsample2D",
    "ZeroPad2D",
]
