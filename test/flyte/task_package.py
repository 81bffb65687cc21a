"""Reads an archive of `pyflyte package` by flyteidl alone, and prints each task's name, image and arguments as JSON."""

import json
import sys
import tarfile

from flyteidl.admin.task_pb2 import TaskSpec
from flyteidl.core.identifier_pb2 import TASK

tasks = []
with tarfile.open(sys.argv[1]) as archive:
    for member in archive:
        if not member.name.endswith("_1.pb"):
            continue
        template = TaskSpec.FromString(archive.extractfile(member).read()).template
        assert template.id.resource_type == TASK, member.name
        tasks.append({"name": template.id.name, "image": template.container.image, "args": list(template.container.args)})
print(json.dumps(tasks))
