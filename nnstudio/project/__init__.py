"""A piece of work: the document with its undo, and the file that keeps it."""

from nnstudio.project.document import Document, Snapshot
from nnstudio.project.store import Project, load, save

__all__ = ["Document", "Project", "Snapshot", "load", "save"]
