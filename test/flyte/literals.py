"""Writes the inputs of a task, floats and lists of them, from JSON: `write FILE JSON`; prints its only output: `read FILE`."""

import json
import sys

from flyteidl.core.literals_pb2 import Literal, LiteralMap


def literal(value):
    made = Literal()
    if isinstance(value, list):
        made.collection.literals.extend(literal(each) for each in value)
    else:
        made.scalar.primitive.float_value = value
    return made


def plain(value):
    if value.HasField("collection"):
        return [plain(each) for each in value.collection.literals]
    return value.scalar.primitive.float_value


verb, file, *rest = sys.argv[1:]
if verb == "write":
    inputs = LiteralMap(literals={name: literal(value) for name, value in json.loads(rest[0]).items()})
    with open(file, "wb") as target:
        target.write(inputs.SerializeToString())
else:
    with open(file, "rb") as source:
        print(json.dumps(plain(LiteralMap.FromString(source.read()).literals["o0"])))
