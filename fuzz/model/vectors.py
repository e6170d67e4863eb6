"""Answers the vectors of core/vectors by a model of the ledger that shares no code with the library.

    python3 fuzz/model/vectors.py             tells where a file says something else than the model
    python3 fuzz/model/vectors.py --write     writes the answers and ends of all files anew
    python3 fuzz/model/vectors.py --statuses  tells which statuses no step gives
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

from ledger_model import sealing_check, status
from ledger_model.device import OPERATIONS, Device
from ledger_model.party import CHANGES
from ledger_model.wire import Failure, Ledger

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "core" / "vectors"
# What is written for people, and may be worded otherwise.
WORDED = ("reason", "message")
# Stands for what the step before answered: its request, or all of it.
LAST = "$last"


def plain(value):
    """A value without what is worded and what is null."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items() if item is not None and name not in WORDED}
    return [plain(item) for item in value] if isinstance(value, list) else value


def run(vector):
    """The vector with the answers and the end that the model gives."""
    ledger, device = Ledger(vector.get("tenant", "default"), vector.get("seed")), Device()
    steps, last = [], None
    for step in vector["steps"]:
        told = {"call": step["call"]}
        call = json.loads(json.dumps(step["call"]))
        # What the device sends and what it is told is what the step before answered.
        for name in ("request", "reply"):
            if call.get(name) == LAST:
                call[name] = last
        try:
            last = (device if call.get("op") in OPERATIONS else ledger).call(call)
            told["answer"] = plain(json.loads(json.dumps(last)))
            last = last.get("request", last) if isinstance(last, dict) else last
        except Failure as failure:
            told["failure"] = plain({"code": failure.code, "field": failure.field})
        steps.append(told)
    return {**vector, "steps": steps, "end": {**ledger.root(), **ledger.check()}}


def differences(at, expected, found):
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted(expected.keys() | found.keys()):
            yield from differences(f"{at}.{name}", expected.get(name), found.get(name))
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, pair in enumerate(zip(expected, found)):
            yield from differences(f"{at}[{index}]", *pair)
    elif expected != found or type(expected) is not type(found):
        yield f"{at}: the file says {json.dumps(expected)}, the model {json.dumps(found)}"


def pretty(vector):
    """JSON with a line for a call, and one for each member of an answer that is a list."""

    def line(value):
        return json.dumps(value, ensure_ascii=False)

    def several(values, indent):
        if not values:
            return "[]"
        inner = ",\n".join(" " * (indent + 2) + line(value) for value in values)
        return "[\n" + inner + "\n" + " " * indent + "]"

    def call(value):
        if len(value.get("commands", ())) < 2 or not isinstance(value["commands"], list):
            return line(value)
        rest = {name: item for name, item in value.items() if name != "commands"}
        return line(rest)[:-1] + ', "commands": ' + several(value["commands"], 6) + "}"

    def step(value):
        kind = "answer" if "answer" in value else "failure"
        told = value[kind]
        told = several(told, 6) if isinstance(told, list) and len(told) > 1 else line(told)
        return f'    {{ "call": {call(value["call"])},\n      "{kind}": {told} }}'

    head = "".join(f"  {line(name)}: {line(vector[name])},\n" for name in ("about", "tenant", "seed") if name in vector)
    steps = ",\n".join(map(step, vector["steps"]))
    return f'{{\n{head}  "steps": [\n{steps}\n  ],\n  "end": {line(vector["end"])}\n}}\n'


def unseen(vectors):
    """The statuses that no outcome of a submit has."""
    families = {"asset": status.ASSET, "account": status.ACCOUNT, "transfer": status.TRANSFER, "party": status.PARTY}
    for vector in vectors:
        for step in vector["steps"]:
            if step["call"].get("op") == "submit" and "answer" in step:
                for command, told in zip(step["call"]["commands"], step["answer"]):
                    kind = "party" if command["op"] in CHANGES else command["op"]
                    kind = kind if kind in families else "transfer"
                    families[kind] = {name: known for name, known in families[kind].items() if name != told["status"]}
    return [f"{kind} {name}" for kind, names in families.items() for name in names]


def main(flags):
    sealing_check.check()
    paths = sorted([*FOLDER.glob("*.json"), *FOLDER.glob("device/*.json")])
    told, vectors = [], []
    for path in paths:
        vector = json.loads(path.read_text())
        found = run(vector)
        vectors.append(found)
        if "--write" in flags:
            path.write_text(pretty(found))
        else:
            told += differences(path.stem, {"end": None, **vector}, found)
    if "--statuses" in flags:
        print("\n".join(unseen(vectors)))
    steps = sum(len(vector["steps"]) for vector in vectors)
    print("\n".join([*told, f"{len(paths)} files, {steps} steps, {len(told)} differences"]))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
