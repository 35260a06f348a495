"""The layers, one file each; importing this package registers them all."""

from nnstudio.layers.add import Add
from nnstudio.layers.averagepool2d import AveragePool2D
from nnstudio.layers.batchnorm import BatchNorm
from nnstudio.layers.concatenate import Concatenate
from nnstudio.layers.conv2d import Conv2D
from nnstudio.layers.convtranspose2d import ConvTranspose2D
from nnstudio.layers.crop2d import Crop2D
from nnstudio.layers.dense import Dense
from nnstudio.layers.dropout import Dropout
from nnstudio.layers.elu import ELU
from nnstudio.layers.flatten import Flatten
from nnstudio.layers.gaussiannoise import GaussianNoise
from nnstudio.layers.gelu import GELU
from nnstudio.layers.globalaveragepool import GlobalAveragePool
from nnstudio.layers.globalmaxpool import GlobalMaxPool
from nnstudio.layers.hardsigmoid import HardSigmoid
from nnstudio.layers.input import Input
from nnstudio.layers.layernorm import LayerNorm
from nnstudio.layers.leakyrelu import LeakyReLU
from nnstudio.layers.maxpool2d import MaxPool2D
from nnstudio.layers.multiply import Multiply
from nnstudio.layers.relu import ReLU
from nnstudio.layers.reshape import Reshape
from nnstudio.layers.selu import SELU
from nnstudio.layers.sigmoid import Sigmoid
from nnstudio.layers.silu import SiLU
from nnstudio.layers.softmax import Softmax
from nnstudio.layers.softplus import Softplus
from nnstudio.layers.spatialdropout import SpatialDropout
from nnstudio.layers.tanh import Tanh
from nnstudio.layers.upsample2d import Upsample2D
from nnstudio.layers.zeropad2d import ZeroPad2D

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "Add",
    "AveragePool2D",
    "BatchNorm",
    "Concatenate",
    "Conv2D",
    "ConvTranspose2D",
    "Crop2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GaussianNoise",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "HardSigmoid",
    "Input",
    "LayerNorm",
    "LeakyReLU",
    "MaxPool2D",
    "Multiply",
    "ReLU",
    "Reshape",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "SpatialDropout",
    "Tanh",
    "Upsample2D",
    "ZeroPad2D",
]
