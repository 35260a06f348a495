"""From a network's spec to a Program: walks the graph once and lets each layer tell its calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnstudio.engine.builder import CallBuilder, Emit, GraphValue, Parameter
from nnstudio.engine.losses import Objective
from nnstudio.engine.losses.objective import plain_objective
from nnstudio.engine.parameters import Layout
from nnstudio.engine.program import Program
from nnstudio.engine.rules import feeds_maximum
from nnstudio.engine.tuning import tuned
from nnstudio.errors import NetworkError
from nnstudio.network import INPUT_ID, Inference, NetworkSpec, Node, infer
from nnstudio.network.layer import Array
from nnstudio.network.titles import titles
from nnstudio.text import Text


@dataclass(frozen=True)
class Blueprint:
    """A checked network, ready to be compiled for any batch size.

    ``nodes``: those that the answer depends on, each after what it reads, without the output layer;
    ``answer``: the node whose output the loss reads; ``output``: the node behind it, if any.
    """

    spec: NetworkSpec
    layout: Layout
    nodes: tuple[Node, ...]
    answer: str
    output: Node | None
    objective: Objective
    outputs: int
    """How many numbers the answer has."""
    largest: int
    """The most numbers that one node gives for one image."""
    multiply_adds: int
    """Multiplications with a learned weight for one image, forward."""

    @property
    def mixes_images(self) -> bool:
        """Whether a layer's output for one image depends on the other images of its batch."""
        return any(node.layer.mixes_images for node in self.nodes)


def check(spec: NetworkSpec, objective: Objective | None = None) -> Blueprint:
    """Raises NetworkError with the first problem if ``spec`` cannot be computed.

    ``objective``: what it is trained for; by default cross-entropy over its answers.
    """
    inference = infer(spec)
    output = spec.output()
    names = titles(spec)
    if inference.problems:
        problem = inference.problems[0]
        raise NetworkError(str(names.get(problem.node, "network")), problem.what, problem.why)
    if output is None:
        raise NetworkError(
            "network", Text("It has no layers."), Text("Add layers or begin with a template.")
        )
    answer = spec.inputs_of(output)[0] if output.layer.is_output else output.id
    final = output.id if output.layer.is_output else ""
    if objective is not None:
        answer, final = objective.answer, objective.final
    shape = inference.shapes[answer]
    if shape is None or len(shape) != 1:
        raise NetworkError(
            str(names.get(answer, answer)),
            Text("The network must end in one number per class."),
            Text("Add Flatten and a dense layer with one unit per class."),
        )
    _check_one_end(spec, inference, output)
    needed = _ancestors(spec, answer)
    nodes = tuple(node for node in spec.ordered() if node.id in needed)
    reads = {node.id: inference.inputs_of(spec, node) or () for node in nodes}
    work = sum(node.layer.multiply_adds(*reads[node.id]) for node in nodes if node.layer.reads)
    sizes = [int(np.prod(s)) for s in (inference.shapes[node.id] for node in nodes) if s]
    return Blueprint(
        spec,
        Layout(spec, inference),
        nodes,
        answer,
        spec.node(final) if final else None,
        objective or plain_objective(answer, final, shape[0]),
        shape[0],
        max([int(np.prod(spec.input_shape)), *sizes]),
        work,
    )


def _check_one_end(spec: NetworkSpec, inference: Inference, output: Node) -> None:
    """Raises NetworkError when another layer that nothing reads could be the answer as well.

    An output layer leaves no doubt.
    """
    if output.layer.is_output:
        return
    for node in spec.nodes:
        shape = inference.shapes[node.id]
        if node.id == output.id or spec.consumers(node.id) or shape is None or len(shape) != 1:
            continue
        names = titles(spec)
        raise NetworkError(
            str(names[node.id]),
            Text(
                "Nothing reads this layer, so the network has two ends: it and {other}.",
                other=names[output.id],
            ),
            Text("A network gives one answer. Remove one of the two, or join them by a merge."),
        )


def _ancestors(spec: NetworkSpec, node_id: str) -> set[str]:
    seen: set[str] = set()
    waiting = [node_id]
    while waiting:
        current = waiting.pop()
        if current in seen or current not in spec:
            continue
        seen.add(current)
        waiting += spec.inputs_of(spec.node(current))
    return seen


@dataclass(frozen=True)
class Target:
    """What to compile for: ``gradient`` (a flat vector) to train, ``observing`` to see every node.

    ``tuning``: whether it is worth finding out which cutting of its products is fastest.
    ``leads`` and ``add_up``: of the worker that will run it, see :class:`~nnstudio.network.layer.Builder`.
    """

    batch: int
    values: Array
    gradient: Array | None = None
    dropping: bool = False
    observing: bool = False
    leads: bool = True
    add_up: Callable[[Array], None] | None = None
    tuning: bool = False


def compile_program(plan: Blueprint, target: Target, generator: np.random.Generator) -> Program:
    """The calls of ``plan`` on fresh buffers for ``target.batch`` images.

    ``generator`` gives the dropout masks. Weights are read from ``target.values`` at each run.
    """
    spec = plan.spec
    b = _builder(plan, target, generator)
    source = b.new(spec.input_shape, kept=True)
    source.grad = None
    values: dict[str, GraphValue] = {INPUT_ID: source}
    late: dict[str, list[tuple[str, Emit]]] = {}
    for node in plan.nodes:
        inputs = spec.inputs_of(node)
        before = late.pop(inputs[0], []) if inputs else []
        b.postpones = not target.observing and feeds_maximum(spec, node)
        if b.postpones and node.layer.monotone:
            late[node.id] = [*before, (node.id, node.layer.emit)]
            values[node.id] = values[inputs[0]]
            continue
        value = _emit(b, node, [values[i] for i in inputs] or [source])
        for owner, emit in before:
            value = _follow(b, owner, emit, value)
        late[node.id], b.postponed = b.postponed, []
        value.uses = max(1, _uses(plan, node.id))
        values[node.id] = value
    logits = values[plan.answer]
    loss = None
    if target.gradient is not None:
        objective = plan.objective
        loss = b.run_stage("", lambda: objective.rule.emit(b, logits, objective.targets))
    elif target.observing and plan.output is not None:
        values[plan.output.id] = _emit(b, plan.output, [logits])
    program = Program(
        target.batch,
        source.value,
        logits.value,
        tuned(b.forward_calls) if target.tuning else b.forward_calls,
        tuned(b.backward_calls) if target.tuning else b.backward_calls,
        loss,
        draws=b.draws,
    )
    if target.observing:
        program.values = {name: value.value for name, value in values.items()}
        program.gradients = {n: v.grad for n, v in values.items() if v.grad is not None}
    return program


def _uses(plan: Blueprint, node_id: str) -> int:
    """How many times the output of a node is read on the way to the answer."""
    return sum(plan.spec.inputs_of(reader).count(node_id) for reader in plan.nodes)


def _builder(plan: Blueprint, target: Target, generator: np.random.Generator) -> CallBuilder:
    def parameter(name: str) -> Parameter:
        grad = None
        if target.gradient is not None and plan.layout.slots[name].spec.learned:
            grad = plan.layout.view(target.gradient, name)
        return Parameter(plan.layout.view(target.values, name), grad)

    return CallBuilder(
        target.batch,
        target.values.dtype,
        training=target.gradient is not None,
        dropping=target.dropping,
        observing=target.observing,
        leads=target.leads,
        add_up=target.add_up,
        generator=generator,
        parameters=parameter,
    )


def _emit(b: CallBuilder, node: Node, inputs: list[GraphValue]) -> GraphValue:
    value = b.run_stage(node.id, lambda: node.layer.emit(b, *inputs))
    assert isinstance(value, GraphValue)
    return value


def _follow(b: CallBuilder, node_id: str, emit: Emit, x: GraphValue) -> GraphValue:
    value = b.run_stage(node_id, lambda: emit(b, x))
    assert isinstance(value, GraphValue)
    return value
