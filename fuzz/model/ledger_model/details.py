"""What a record says in words, beside its key: public, or sealed to a party."""

from dataclasses import dataclass

from . import events, sealing
from .party import BASES, grounds
from .text import Invalid

KEY_MAX, DESCRIPTION_MAX, METADATA_MAX = 256, 1_024, 4_096
# Of what names none: records of transactions are kept.
BASIS = "law"


@dataclass(frozen=True)
class Sealed:
    subject: int
    basis: str
    years: int | None  # for how many a law has it kept
    retention: str | None  # or the class that says so
    bytes: bytes  # empty where there was no key


def check(c, text, keys):
    """Refuses what is too long, and what does not say to whom it is sealed. `text` is the field of the description."""
    metadata = c.get("metadata", {})
    all_of_it = sum(len(key.encode()) + len(value.encode()) for key, value in metadata.items())
    sizes = (
        ("key", len(c.get("key", "").encode()), KEY_MAX), (text, len(c.get(text, "").encode()), DESCRIPTION_MAX),
        ("metadata", all_of_it, METADATA_MAX),
    )
    for field, size, limit in sizes:
        if size > limit:
            raise Invalid(field)
    if "subject" not in c:
        if c.keys() & {"basis", "years", "retention"} or c.get("public"):
            raise Invalid("subject")
        return
    if not c["subject"]:
        raise Invalid("subject")
    grounds(c, BASIS)
    if set(c.get("public", ())) - metadata.keys():
        raise Invalid("public")
    if keys is None:
        raise Invalid("subject")


def detail(c, text, what, id, names):
    """The fields of a record that were checked. `names` knows the parties, and their keys."""
    words, public = c.get(text, ""), c.get("metadata", {})
    hidden = {}
    if "subject" in c:
        hidden = {name: value for name, value in public.items() if name not in c.get("public", ())}
        public = {name: value for name, value in public.items() if name not in hidden}
    told = {"key": c.get("key", ""), "description": words, "metadata": public, "sealed": None}
    # Nothing is to be sealed.
    if "subject" not in c or not (words or hidden):
        return told
    ground, subject = grounds(c, BASIS), names.subject(c["subject"])
    key, plain = names.subject_key(subject, BASES[ground["basis"]]), events.present({2: words, 3: hidden})
    sealed = sealing.seal(key, what, subject, events.big(id), plain) if key else b""
    return told | {"description": "", "sealed": Sealed(subject, **ground, bytes=sealed)}


def opened(keys, what, record):
    """The description and the metadata that were sealed, or None where the key is gone."""
    sealed = record.sealed
    key = keys.subject(sealed.subject, BASES[sealed.basis])
    if key is None:
        return None
    plain = sealing.open_sealed(key, what, sealed.subject, events.big(record.id), sealed.bytes)
    fields = events.read_cbor(plain)
    return fields.get(2, ""), fields.get(3, {})
