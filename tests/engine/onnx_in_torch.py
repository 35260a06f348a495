"""A network's export records computed by PyTorch: a judge of gradients that shares no code with the engine."""

import torch
from torch.nn import functional

from nnstudio.network import INPUT_ID, infer
from nnstudio.network.ops import INPUT, OUTPUT


class KinkError(Exception):
    """A number lies so near to a kink or a tie that rounding decides about the gradient."""


NEAR = 1e-5


def keep_off(distances, scale):
    """Raises KinkError if one of ``distances`` is small beside ``scale``, but not exactly 0."""
    near = (distances > 0) & (distances < NEAR * scale)
    if bool(near.any()):
        raise KinkError


def scale_of(x):
    return float(x.detach().abs().max()) or 1.0


class Reference:
    """``spec`` in PyTorch: ``gradients(weights, images, labels)`` as the engine names and lays them out.

    After it ``outputs`` and ``arriving`` hold, by node, what it gave and the loss's gradient with
    respect to that, with images first.
    """

    def __init__(self, spec, dtype=torch.float64, careful=True):
        self.spec = spec
        self.dtype = dtype
        self.careful = careful
        self.inference = infer(spec)

    def gradients(self, weights, images, labels):
        """(loss, {name: gradient}) of arrays in the exchange layout; raises KinkError."""
        leaves = {
            name: torch.tensor(array, dtype=self.dtype, requires_grad=True)
            for name, array in weights.items()
        }
        loss = functional.cross_entropy(
            self.logits(leaves, torch.tensor(images, dtype=self.dtype)), torch.tensor(labels)
        )
        for node in self.spec.nodes:
            for parameter in self.inference.parameters(self.spec, node) or ():
                weight = leaves[f"{node.id}.{parameter.name}"]
                loss = loss + parameter.l1 * weight.abs().sum()
                loss = loss + parameter.l2 / 2 * weight.square().sum()
        loss.backward()
        outputs = {name: value for name, value in self.values.items() if name != INPUT_ID}
        self.outputs = {name: value.detach().numpy() for name, value in outputs.items()}
        self.arriving = {
            name: value.grad.numpy() for name, value in outputs.items() if value.grad is not None
        }
        return float(loss.detach()), {
            name: (torch.zeros_like(leaf) if leaf.grad is None else leaf.grad).numpy()
            for name, leaf in leaves.items()
        }

    def logits(self, leaves, images):
        self.values = values = {INPUT_ID: images}
        output = self.spec.output()
        for node in self.spec.ordered():
            if node is output:
                return values[self.spec.inputs_of(node)[0]]
            sources = self.spec.inputs_of(node)
            known = {"": None} | {
                f"{INPUT}{place or ''}": values[source] for place, source in enumerate(sources)
            }
            shapes = self.inference.inputs_of(self.spec, node)
            for parameter in node.layer.parameters(*shapes):
                known[parameter.name] = leaves[f"{node.id}.{parameter.name}"]
            for op in node.layer.ops(*shapes):
                constants = {name: self._constant(value) for name, value in op.constants.items()}
                known |= constants
                known[op.output] = self._run(op, [known[name] for name in op.inputs])
            # A view of its own, so that layers that change nothing have gradients of their own.
            values[node.id] = known[OUTPUT].view_as(known[OUTPUT])
            if values[node.id].requires_grad:
                values[node.id].retain_grad()
        raise AssertionError("no output layer")

    def _constant(self, value):
        first = value[0] if isinstance(value, tuple) else value
        return torch.tensor(value, dtype=torch.int64 if isinstance(first, int) else self.dtype)

    def _run(self, op, inputs):
        if op.kind not in OPS:
            raise AssertionError(f"teach this judge the operator {op.kind}")
        if self.careful and op.kind in CARE:
            CARE[op.kind](op.attributes, *inputs)
        return OPS[op.kind](op.attributes, *inputs)


def padded(x, pads, value=0.0):
    """``x`` (N, C, H, W) with ``pads`` (top, left, bottom, right)."""
    top, left, bottom, right = pads
    return functional.pad(x, (left, right, top, bottom), value=value)


def conv(a, x, weight, bias=None):
    return functional.conv2d(
        padded(x, a.get("pads", (0, 0, 0, 0))),
        weight,
        bias,
        stride=a.get("strides", 1),
        dilation=a.get("dilations", 1),
        groups=a.get("group", 1),
    )


def conv_transpose(a, x, weight, bias=None):
    top, left, bottom, right = a.get("pads", (0, 0, 0, 0))
    assert "output_shape" not in a
    y = functional.conv_transpose2d(
        x,
        weight,
        bias,
        stride=a.get("strides", 1),
        output_padding=a.get("output_padding", 0),
        groups=a.get("group", 1),
    )
    return y[:, :, top : y.shape[2] - bottom, left : y.shape[3] - right]


def windows(a, x, value):
    """(N, C, rows, columns, places): what each pooling window holds."""
    assert not a.get("ceil_mode") and set(a.get("dilations", (1,))) == {1}
    x = padded(x, a.get("pads", (0, 0, 0, 0)), value)
    rows, columns = a["kernel_shape"]
    down, right = a.get("strides", (1, 1))
    return x.unfold(2, rows, down).unfold(3, columns, right).flatten(-2)


def average_pool(a, x):
    sums = windows(a, x, 0.0).sum(dim=-1)
    counted = torch.ones_like(x) if not a.get("count_include_pad") else None
    if counted is None:
        return sums / (a["kernel_shape"][0] * a["kernel_shape"][1])
    return sums / windows(a, counted, 0.0).sum(dim=-1)


def resize(a, x, roi, scales):
    factors = tuple(float(s) for s in scales[2:])
    if a["mode"] == "nearest":
        return functional.interpolate(x, scale_factor=factors, mode="nearest")
    assert a["coordinate_transformation_mode"] == "half_pixel"
    return functional.interpolate(x, scale_factor=factors, mode="bilinear", align_corners=False)


def pad(a, x, pads, value=None):
    half = len(pads) // 2
    both = [int(p) for axis in reversed(range(half)) for p in (pads[axis], pads[half + axis])]
    return functional.pad(x, both, value=0.0 if value is None else float(value))


def cut(a, x, starts, ends, axes):
    for start, end, axis in zip(starts.tolist(), ends.tolist(), axes.tolist(), strict=True):
        x = x[(slice(None),) * axis + (slice(start, end),)]
    return x


def gemm(a, x, weight, bias=None):
    assert set(a) <= {"transB"}
    y = x @ (weight.T if a.get("transB") else weight)
    return y if bias is None else y + bias


def batch_norm(a, x, scale, shift, *averages):
    """As in training: by the statistics of this batch."""
    return functional.batch_norm(x, None, None, scale, shift, training=True, eps=a["epsilon"])


def layer_norm(a, x, scale, shift=None):
    axes = tuple(range(a.get("axis", -1) % x.ndim, x.ndim))
    mean = x.mean(dim=axes, keepdim=True)
    variance = (x - mean).square().mean(dim=axes, keepdim=True)
    y = (x - mean) / torch.sqrt(variance + a["epsilon"]) * scale
    return y if shift is None else y + shift


def instance_norm(a, x, scale, shift):
    return functional.instance_norm(x, weight=scale, bias=shift, eps=a["epsilon"])


def unsqueezed(a, x, axes):
    for axis in axes.tolist():
        x = x.unsqueeze(axis)
    return x


def reduced(function):
    def run(a, x, axes=None):
        dims = a["axes"] if axes is None else tuple(axes.tolist())
        return function(x, dims, bool(a.get("keepdims", 1)))

    return run


OPS = {
    "Identity": lambda a, x: x,
    "Flatten": lambda a, x: x.flatten(a.get("axis", 1)),
    "Reshape": lambda a, x, shape: x.reshape([int(s) or x.shape[i] for i, s in enumerate(shape)]),
    "Unsqueeze": unsqueezed,
    "Transpose": lambda a, x: x.permute(*a["perm"]),
    "Gemm": gemm,
    "MatMul": lambda a, x, y: x @ y,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "MaxPool": lambda a, x: windows(a, x, float("-inf")).max(dim=-1).values,
    "AveragePool": average_pool,
    "GlobalAveragePool": lambda a, x: x.mean(dim=(2, 3), keepdim=True),
    "GlobalMaxPool": lambda a, x: x.amax(dim=(2, 3), keepdim=True),
    "Resize": resize,
    "Pad": pad,
    "Slice": cut,
    "Relu": lambda a, x: functional.relu(x),
    "Tanh": lambda a, x: torch.tanh(x),
    "Sigmoid": lambda a, x: torch.sigmoid(x),
    "LeakyRelu": lambda a, x: functional.leaky_relu(x, a.get("alpha", 0.01)),
    "PRelu": lambda a, x, slope: torch.where(x > 0, x, slope * x),
    "Elu": lambda a, x: functional.elu(x, a.get("alpha", 1.0)),
    "Selu": lambda a, x: functional.selu(x),
    "Softplus": lambda a, x: functional.softplus(x, threshold=50),
    "Softsign": lambda a, x: functional.softsign(x),
    "HardSigmoid": lambda a, x: (a.get("alpha", 0.2) * x + a.get("beta", 0.5)).clamp(0, 1),
    "HardSwish": lambda a, x: x * (x / 6 + 0.5).clamp(0, 1),
    "Clip": lambda a, x, low=None, high=None: x.clamp(low, high),
    "Erf": lambda a, x: torch.erf(x),
    "Exp": lambda a, x: torch.exp(x),
    "Log": lambda a, x: torch.log(x),
    "Sqrt": lambda a, x: torch.sqrt(x),
    "Abs": lambda a, x: torch.abs(x),
    "Neg": lambda a, x: -x,
    "Reciprocal": lambda a, x: 1 / x,
    "Pow": lambda a, x, y: x**y,
    "Softmax": lambda a, x: torch.softmax(x, dim=a.get("axis", -1)),
    "LogSoftmax": lambda a, x: torch.log_softmax(x, dim=a.get("axis", -1)),
    "Add": lambda a, x, y: x + y,
    "Sub": lambda a, x, y: x - y,
    "Mul": lambda a, x, y: x * y,
    "Div": lambda a, x, y: x / y,
    "Sum": lambda a, *xs: sum(xs),
    "Mean": lambda a, *xs: sum(xs) / len(xs),
    "Max": lambda a, *xs: torch.stack(torch.broadcast_tensors(*xs)).amax(dim=0),
    "Min": lambda a, *xs: torch.stack(torch.broadcast_tensors(*xs)).amin(dim=0),
    "Concat": lambda a, *xs: torch.cat(xs, dim=a["axis"]),
    "BatchNormalization": batch_norm,
    "LayerNormalization": layer_norm,
    "InstanceNormalization": instance_norm,
    "ReduceMean": reduced(lambda x, dims, keep: x.mean(dim=dims, keepdim=keep)),
    "ReduceSum": reduced(lambda x, dims, keep: x.sum(dim=dims, keepdim=keep)),
}


def care_of_kinks(*places):
    def care(a, x, *rest):
        for place in places:
            keep_off((x.detach() - place).abs(), scale_of(x))

    return care


def care_of_hard_sigmoid(a, x):
    y = a.get("alpha", 0.2) * x.detach() + a.get("beta", 0.5)
    keep_off(y.abs(), 1.0)
    keep_off((y - 1).abs(), 1.0)


def care_of_clip(a, x, low=None, high=None):
    for bound in (low, high):
        if bound is not None:
            keep_off((x.detach() - bound).abs(), scale_of(x))


def apart(candidates, scale):
    """The largest of ``candidates`` (…, places) must lead by more than rounding; zeros may tie.

    Numbers that are zero together are so because nothing flows through them, ReLU's or a border's.
    """
    if candidates.shape[-1] < 2:
        return
    first, second = candidates.topk(2, dim=-1).values.unbind(-1)
    if bool(((first == second) & (first != 0)).any()):
        raise KinkError
    keep_off(first - second, scale)


def care_of_merge(sign):
    def care(a, *xs):
        stacked = torch.stack(torch.broadcast_tensors(*xs), dim=-1).detach()
        apart(sign * stacked, scale_of(stacked))

    return care


def care_of_cancelling(x, centred, dims):
    """What is left after the mean is taken off must not be little beside what there was."""
    before, after = (v.detach().square().mean(dim=dims).sqrt() for v in (x, centred))
    if bool(((after > 0) & (after < before / 20)).any()):
        raise KinkError


def care_of_batch_norm(a, x, *rest):
    dims = (0, *range(2, x.ndim))
    care_of_cancelling(x, x - x.mean(dim=dims, keepdim=True), dims)


CARE = {
    "BatchNormalization": care_of_batch_norm,
    "Sub": lambda a, x, mean: care_of_cancelling(x, x - mean, tuple(range(1, x.ndim))),
    "Relu": care_of_kinks(0),
    "LeakyRelu": care_of_kinks(0),
    "PRelu": care_of_kinks(0),
    "Abs": care_of_kinks(0),
    "Selu": care_of_kinks(0),
    "Elu": care_of_kinks(0),
    "HardSigmoid": care_of_hard_sigmoid,
    "HardSwish": care_of_kinks(-3, 3),
    "Clip": care_of_clip,
    "MaxPool": lambda a, x: apart(windows(a, x.detach(), float("-inf")), scale_of(x)),
    "GlobalMaxPool": lambda a, x: apart(x.detach().flatten(2), scale_of(x)),
    "Max": care_of_merge(1),
    "Min": care_of_merge(-1),
}
