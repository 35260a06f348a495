"""The one controller: what is open, what is loaded, what is trained, and every change to it.

Views show what it holds and ask it for changes; it asks the model, and tells whoever listens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from nnstudio import engine, templates
from nnstudio.app.beginnings import empty, fitted, preprocessing_of, told_of
from nnstudio.app.formats import EXPORTERS
from nnstudio.app.jobs import Jobs
from nnstudio.app.runner import IDLE, PAUSED, Runner
from nnstudio.app.trained import Trained, judged, live_only
from nnstudio.app.translate import say
from nnstudio.data.loading import DIGITS
from nnstudio.data.recipe import DataRecipe, Prepared, prepare
from nnstudio.engine.training import NOT_FINITE, Stopped, TrainingSettings
from nnstudio.errors import NNStudioError
from nnstudio.network import Inference, NetworkSpec, Problem, infer, training_problems
from nnstudio.network.heads import answers_of
from nnstudio.project import store
from nnstudio.project.document import Document, Snapshot
from nnstudio.project.store import Project
from nnstudio.text import Text


class Session(QObject):
    """Document, data, training and the current file.

    Every method that can fail tells ``failed(error, details)`` and leaves all as it was.
    """

    network_changed = Signal()
    data_changed = Signal()
    file_changed = Signal()
    training_changed = Signal()
    opened = Signal()
    """Another network is open (new, template or file)."""
    told = Signal(object)
    """A Text for the status bar."""
    failed = Signal(object, str)
    tested = Signal()
    """``test`` holds a new result, or None."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = Jobs(self)
        self.runner = Runner(engine.make_plan, engine.train, engine.sample, self)
        self.jobs.failed.connect(self.failed)
        self.runner.failed.connect(self.failed)
        self.runner.state_changed.connect(self.training_changed)
        self.runner.ended.connect(self._on_ended)
        self.is_open = False
        self._closed = False
        self.path: Path | None = None
        self.prepared: Prepared | None = None
        self.test: Any = None
        self._cached: dict[DataRecipe, Prepared] = {}
        self._project: Project | None = None
        self._untouched: NetworkSpec | None = None
        self._trained: Trained | None = None
        self._open_document(empty())

    # What is open.

    @property
    def snapshot(self) -> Snapshot:
        return self.document.current

    @property
    def spec(self) -> NetworkSpec:
        return self.document.current.spec

    @property
    def unsaved(self) -> bool:
        """Whether closing would lose something: an edit, or weights that were trained since."""
        return self.is_open and (not self.document.is_saved or self._weights_unsaved)

    @property
    def classes(self) -> tuple[str, ...]:
        if self.prepared is not None:
            return self.prepared.dataset.classes
        return self._project.classes if self._project is not None else ()

    @property
    def settings(self) -> TrainingSettings:
        return self.snapshot.training

    def new(self, template: str | None) -> None:
        """Begin with a template and the drawn digits, or with an empty canvas."""
        if template is None:
            self._begin(empty(), None, None)
            self._untouched = None
        else:
            spec = templates.build(template)
            snapshot = replace(empty(), spec=spec, recipe=DataRecipe(DIGITS))
            self._begin(snapshot, None, None)
            self._untouched = spec

    def open(self, path: Path) -> None:
        """Read a project; what is open stays when that fails."""
        title = Text("Opening {name}", name=path.name)
        self.jobs.start(
            title, lambda _progress: store.load(path), lambda p: self._begin(p.snapshot, p, path)
        )

    def save(self, path: Path | None = None, then: Callable[[], None] | None = None) -> None:
        """Write the project to ``path``, or to where it came from; then call ``then``."""
        target = path or self.path
        if target is None:
            return
        snapshot, mark = self.snapshot, self.runner.steps_done

        def job(_progress: object) -> None:
            store.save(self._as_project(snapshot), target)

        def saved(_result: object) -> None:
            self.path = target
            if self.snapshot == snapshot:
                self.document.mark_saved()
            self._saved_steps = mark
            self.file_changed.emit()
            self.told.emit(Text("Saved {name}.", name=target.name))
            if then is not None:
                then()

        self.jobs.start(Text("Saving {name}", name=target.name), job, saved)

    def export(self, kind: str, path: Path) -> None:
        """Write the model in a format of ``formats``."""
        snapshot = self.snapshot

        def job(_progress: object) -> None:
            EXPORTERS[kind](self._as_project(snapshot), path)

        def exported(_result: object) -> None:
            self.told.emit(Text("Exported {name}.", name=path.name))

        self.jobs.start(Text("Exporting {name}", name=path.name), job, exported)

    @property
    def has_weights(self) -> bool:
        """Whether there are trained weights that fit the network as it stands."""
        return self._trained is not None and self._trained.spec == self.spec

    def weights(self) -> dict[str, Any]:
        """Node id to trained weights, (out, in, kh, kw) or (out, in); empty before a training."""
        return self._trained.weights() if self._trained is not None else {}

    # Edits of the network and of the settings.

    def edit(
        self, label: Text, change: Callable[[NetworkSpec], NetworkSpec], key: str = ""
    ) -> None:
        """Apply a pure edit of the network as one step of undo; equal keys in a row are folded."""
        try:
            spec = change(self.spec)
        except (NNStudioError, KeyError) as error:
            self.failed.emit(error, "")
            return
        if spec != self.spec:
            ids = {node.id for node in spec.nodes}
            kept = tuple(place for place in self.snapshot.positions if place[0] in ids)
            self.document.apply(
                label, replace(self.snapshot, spec=spec, positions=kept), key or None
            )

    def change_training(self, name: str, value: Any, key: str = "") -> None:
        """Change one training setting; live ones reach a running training."""
        try:
            settings = self.settings.replaced(**{name: value})
        except NNStudioError as error:
            self.failed.emit(error, "")
            return
        label = Text("Change the training settings")
        self.document.apply(label, replace(self.snapshot, training=settings), key or None)

    def undo(self) -> None:
        self.document.undo()

    def redo(self) -> None:
        self.document.redo()

    # Data.

    def load_data(self, recipe: DataRecipe, prepared: Prepared | None = None) -> None:
        """Load images and use them; a network that is still an untouched template is fitted."""
        if prepared is not None:
            self._use(recipe, prepared)
            return
        document, before = self.document, self.snapshot.recipe

        def loaded(found: Prepared) -> None:
            # Nothing else was opened or loaded in the meantime.
            if self.document is document and self.snapshot.recipe == before:
                self._use(recipe, found)

        title = Text("Loading {name}", name=Path(recipe.source).name)
        self.jobs.start(title, lambda progress: prepare(recipe, progress), loaded)

    def _use(self, recipe: DataRecipe, prepared: Prepared) -> None:
        self._keep(recipe, prepared)
        snapshot = replace(self.snapshot, recipe=recipe)
        fitted = self._fitted(prepared)
        if fitted is not None:
            data = prepared.dataset
            training = templates.suited(snapshot.training, data.classes, images=len(data))
            snapshot = replace(snapshot, spec=fitted, training=training)
        if snapshot == self.snapshot:
            self._take_data()
            self._derive()
        else:
            self.document.apply(Text("Load images"), snapshot)
        if fitted is not None:
            self._untouched = fitted
        self.told.emit(told_of(prepared.dataset))
        self._look()

    def _fitted(self, prepared: Prepared) -> NetworkSpec | None:
        """The untouched template for these images, or None when a person has changed the network."""
        untouched = self._untouched is not None and self._untouched == self.spec
        return fitted(self.spec, prepared.dataset) if untouched else None

    def _keep(self, recipe: DataRecipe, prepared: Prepared) -> None:
        """Remember the two latest, so that undo finds the images it came from."""
        self._cached = {**dict(list(self._cached.items())[-1:]), recipe: prepared}

    def _take_data(self) -> None:
        """Have the images that the snapshot names, from memory or from disk."""
        recipe = self.snapshot.recipe
        found = self._cached.get(recipe) if recipe is not None else None
        if found is not self.prepared:
            self.prepared = found
            self.data_changed.emit()
        if recipe is not None and found is None:
            self.load_data(recipe)

    # Training.

    @property
    def can_start(self) -> bool:
        return self.is_open and not self.problems and self.prepared is not None

    @property
    def can_resume(self) -> bool:
        """Whether Start goes on from the weights at hand instead of beginning afresh."""
        return self._trained is not None and self._trained.continues(self.snapshot)

    def start(self, *, afresh: bool = False) -> None:
        """Start, or go on after a pause or a stop; ``afresh`` forgets the weights."""
        if self.runner.state == PAUSED and not afresh:
            self.runner.resume()
        elif self.can_start and (afresh or self.runner.state == IDLE):
            self._begin_run(paused=False, afresh=afresh)

    def step(self) -> None:
        """Train one batch and wait."""
        if self.runner.state == IDLE:
            if self.can_start:
                self._begin_run(paused=True, afresh=False)
        else:
            self.runner.step()

    def pause(self) -> None:
        self.runner.pause()

    def stop(self) -> None:
        self.runner.stop()

    def close(self) -> None:
        """End all threads, for good; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        self.runner.ended.disconnect(self._on_ended)
        self.runner.stop()
        self.jobs.finish()

    def _begin_run(self, *, paused: bool, afresh: bool) -> None:
        state = self._trained.state if self.can_resume and not afresh else None
        if self._trained is not None and state is None:
            self.told.emit(Text("Training starts afresh, from new weights."))
        self._trained = Trained(self.spec, self.settings, self.snapshot.recipe)
        self._set_test(None)
        self.runner.begin(self.spec, self.settings, self.prepared, state, paused=paused)

    def _on_ended(self, stopped: Stopped | None) -> None:
        if self.runner.plan is not None and self._trained is not None:
            self._trained = replace(self._trained, state=self.runner.plan.state())
        if stopped is None:
            self.told.emit(Text("Stopped. The weights are kept; Resume goes on from here."))
        elif stopped.reason == NOT_FINITE:
            remedy = Text(
                "Then press Resume. If it stops again at once, the weights themselves have grown too "
                "large: choose Train ▸ Start afresh."
            )
            title = say(Text("Training was stopped"))
            self.failed.emit(NNStudioError(title, stopped.message, remedy), "")
        else:
            self.told.emit(stopped.message)
            self._evaluate()
        self.training_changed.emit()

    def _evaluate(self) -> None:
        """Judge the finished network on the test images that it has never seen."""
        prepared, plan = self.prepared, self.runner.plan
        if prepared is not None and len(prepared.split.test):
            self.jobs.start(
                Text("Testing"), lambda _: judged(plan.network, prepared), self._set_test
            )

    def _look(self) -> None:
        """Have weights that were read from a file shown at work, as a training shows its own."""
        trained, prepared, document = self._trained, self.prepared, self.document
        if prepared is None or self.problems or self.runner.busy or not self.has_weights:
            return
        image = self.runner.watched

        def looked(sampled: Any) -> None:
            if self.document is document and not self.runner.busy and self._trained is trained:
                self.runner.show(sampled)

        if trained.state is not None:
            title = Text("Reading the weights")
            self.jobs.start(title, lambda _: trained.sampled(prepared, image), looked)

    def _set_test(self, result: Any) -> None:
        self.test = result
        self.tested.emit()

    # How a project is put together and taken apart.

    @property
    def _weights_unsaved(self) -> bool:
        return self.has_weights and self.runner.steps_done != self._saved_steps

    def _as_project(self, snapshot: Snapshot) -> Project:
        """All that is known, with the weights as they are between two steps; called in a job."""
        trained = self._trained
        preprocessing = preprocessing_of(snapshot, self.prepared, self._project)
        state = self.runner.training_state() or (trained.state if trained is not None else None)
        if state is None or trained is None:
            return Project(snapshot, self.classes, preprocessing)
        # The window goes on adding to its own lists while these are written.
        shown = self.runner.history
        history = replace(shown, steps=list(shown.steps), epochs=list(shown.epochs))
        return Project(snapshot, self.classes, preprocessing, state, history, trained.spec)

    def _begin(self, snapshot: Snapshot, project: Project | None, path: Path | None) -> None:
        """Open something else."""
        self.runner.restore(project.history if project is not None else None)
        self._project, self.path, self._untouched = project, path, None
        self._open_document(snapshot)
        if project is not None and project.state is not None and project.trained_spec is not None:
            spec, state = project.trained_spec, project.state
            self._trained = Trained(spec, snapshot.training, snapshot.recipe, state)
            self._saved_steps = self.runner.steps_done
        self.is_open = True
        self._set_test(None)
        self.opened.emit()
        self.file_changed.emit()
        self._take_data()
        self._derive()
        self._look()

    def _open_document(self, snapshot: Snapshot) -> None:
        self.document = Document(snapshot)
        self.document.subscribe(self._on_changed)
        self._trained = None
        self._saved_steps = 0
        self.inference: Inference = infer(snapshot.spec)
        self.problems: tuple[Problem, ...] = ()

    def _on_changed(self, old: Snapshot, new: Snapshot) -> None:
        if old.spec != new.spec and self.runner.busy:
            self.runner.stop()
            self.told.emit(Text("The network has changed, so training has stopped."))
        if old.training != new.training:
            if live_only(old.training, new.training):
                self.runner.change(new.training)
            elif self.runner.busy:
                self.runner.stop()
                self.told.emit(Text("This setting takes effect when training starts afresh."))
        if old.recipe != new.recipe:
            self.runner.stop()
            self._take_data()
        self._derive()
        self.file_changed.emit()

    @property
    def objective(self) -> engine.Objective | None:
        """What training would make small; None while network and images do not fit."""
        if self.prepared is None or self.problems:
            return None
        return engine.objective_of(self.spec, self.prepared.dataset.classes, self.settings)

    def _derive(self) -> None:
        """Work out again what follows from the network and the images."""
        shape = self.prepared.dataset.shape if self.prepared is not None else None
        asked = answers_of(self.prepared.dataset.classes) if self.prepared is not None else None
        self.inference = infer(self.spec)
        self.problems = training_problems(self.spec, shape, asked, self.snapshot.training.loss)
        self.network_changed.emit()
        self.training_changed.emit()
