"""What a record says in words, beside its key: public, or sealed to a party."""

from dataclasses import dataclass

from . import events, sealing
from .party import BASES, YEARS_DEFAULT, YEARS_MAX
from .text import Invalid

KEY_MAX, DESCRIPTION_MAX, METADATA_MAX = 256, 1_024, 4_096


@dataclass(frozen=True)
class Sealed:
    subject: int
    years: int | None  # for how many a law has it kept; None: by consent
    bytes: bytes  # empty where there was no key

    @property
    def basis(self):
        return "consent" if self.years is None else "law"


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
        if "basis" in c or "years" in c or c.get("public"):
            raise Invalid("subject")
        return
    if not c["subject"]:
        raise Invalid("subject")
    if "years" in c and (c.get("basis") == "consent" or c["years"] > YEARS_MAX):
        raise Invalid("years")
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
    basis, subject = c.get("basis", "law"), names.subject(c["subject"])
    key, plain = names.subject_key(subject, BASES[basis]), events.present({2: words, 3: hidden})
    sealed = sealing.seal(key, what, subject, events.big(id), plain) if key else b""
    years = c.get("years", YEARS_DEFAULT) if basis == "law" else None
    return told | {"description": "", "sealed": Sealed(subject, years, sealed)}


def opened(keys, what, record):
    """The description and the metadata that were sealed, or None where the key is gone."""
    sealed = record.sealed
    key = keys.subject(sealed.subject, BASES[sealed.basis])
    if key is None:
        return None
    plain = sealing.open_sealed(key, what, sealed.subject, events.big(record.id), sealed.bytes)
    fields = events.read_cbor(plain)
    return fields.get(2, ""), fields.get(3, {})
