"""What people call a block: its layer's label, numbered where there are several."""

from __future__ import annotations

from nnstudio.network.spec import NetworkSpec
from nnstudio.text import Text


def titles(spec: NetworkSpec) -> dict[str, Text]:
    """Node id to "Convolution 2". The number is the id's own, so it stays when others come and go."""
    labels = [node.layer.label for node in spec.nodes]
    found: dict[str, Text] = {}
    for node in spec.nodes:
        label = node.layer.label
        number = node.id.removeprefix(node.layer.stem)
        if not number.isdigit():
            number = str(labels[: len(found) + 1].count(label))
        alone = labels.count(label) == 1 and number in ("1", "")
        bare = alone or not node.layer.reads
        found[node.id] = (
            Text(label) if bare else Text("{layer} {number}", layer=Text(label), number=number)
        )
    return found
