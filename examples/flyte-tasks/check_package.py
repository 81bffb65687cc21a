"""Fails unless the tasks of a package run in exactly the images that were built: check_package.py PACKAGE NAME=IMAGE…"""

import sys
import tarfile

from flyteidl.admin.task_pb2 import TaskSpec


def main(package: str, *built: str) -> None:
    wanted = {image.partition("=")[2] for image in built}
    found = {}
    with tarfile.open(package) as archive:
        for member in archive:
            # pyflyte ends the names of tasks with _1, of workflows with _2, of launch plans with _3.
            if not member.name.endswith("_1.pb"):
                continue
            spec = TaskSpec.FromString(archive.extractfile(member).read())
            found[spec.template.id.name] = spec.template.container.image
    for task, image in sorted(found.items()):
        print(f"{task}: {image}")
    strangers = [task for task, image in found.items() if image not in wanted]
    if strangers:
        sys.exit(f"No image of this run: {', '.join(strangers)}. Give each task a container_image of the matrix.")
    if unused := wanted - set(found.values()):
        sys.exit(f"No task uses {', '.join(sorted(unused))}. Remove it from the matrix, or name it in a task.")


main(*sys.argv[1:])
