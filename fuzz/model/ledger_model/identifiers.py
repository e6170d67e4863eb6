"""Identifiers in their one form, by which a party is found however it is written."""

import re
import unicodedata

KINDS = {
    "name": 1, "email": 2, "phone": 3, "iban": 4, "tax_number": 5, "passport": 6, "national_id": 7,
    "company_number": 8, "lei": 9, "wallet": 10, "other": 11,
}
LONGEST = 1_024
# Letters that have no parts of their own.
PLAIN = str.maketrans({
    "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d", "œ": "oe", "þ": "th", "ð": "d", "ı": "i",
})
SEPARATORS = re.compile(r"[\s().\-/]")
PHONE = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
LEI = re.compile(r"[A-Z0-9]{18}\d{2}", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{40}", re.ASCII)


def normalise(kind, text):
    """The one form, or None where the text is none of that kind."""
    if len(text.encode()) > LONGEST:
        return None
    form = READERS.get(kind, _number)(text)
    return form if form and len(form.encode()) <= LONGEST else None


def _name(text):
    letters = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    letters = letters.lower().translate(PLAIN)
    return " ".join("".join(char if char.isalnum() else " " for char in letters).split())


def _email(text):
    form = unicodedata.normalize("NFKC", text).strip().lower()
    return form if EMAIL.fullmatch(form) else None


def _phone(text):
    # A national prefix that is dialled in some countries only.
    if "(0)" in text:
        return None
    form = SEPARATORS.sub("", text)
    form = "+" + form[2:] if form.startswith("00") else form
    return form if PHONE.fullmatch(form) else None


def _checked(pattern, ahead):
    def read(text):
        form = "".join(text.split()).upper()
        if not pattern.fullmatch(form):
            return None
        turned = form[ahead:] + form[:ahead]
        return form if int("".join(str(int(char, 36)) for char in turned)) % 97 == 1 else None

    return read


def _number(text):
    form = "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())
    return form if 3 <= len(form) <= 40 else None


def _wallet(text):
    form = text.strip()
    if any(char.isspace() for char in form):
        return None
    return form.lower() if ADDRESS.fullmatch(form) or form.startswith(("BC1", "TB1")) and form.isupper() else form


def _other(text):
    return " ".join(unicodedata.normalize("NFKC", text).split()).lower()


READERS = {
    "name": _name, "email": _email, "phone": _phone, "iban": _checked(IBAN, 4), "lei": _checked(LEI, 0),
    "wallet": _wallet, "other": _other,
}
