"""All scenes, by name."""

from __future__ import annotations

from isadma_cli.scenes.machines import MACHINES
from isadma_cli.scenes.scene import Scene
from isadma_cli.scenes.services import SERVICES

__all__ = ["SCENES"]

SCENES: dict[str, Scene] = {scene.name: scene for scene in (*SERVICES, *MACHINES)}
