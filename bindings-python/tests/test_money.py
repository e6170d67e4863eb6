"""Money: what it takes, what it refuses, and that arithmetic is exact."""

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thalium import Money, currency

zar = currency("ZAR")


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("250", "250 ZAR"),
        ("250.00", "250.00 ZAR"),
        ("-0.50", "-0.50 ZAR"),
        ("00.10", "0.10 ZAR"),
        (Decimal("1.50"), "1.50 ZAR"),
        (Decimal("1E+3"), "1000 ZAR"),
        (Decimal("-5E-4"), "-0.0005 ZAR"),
        ("340282366920938463463374607431768211455", "340282366920938463463374607431768211455 ZAR"),
    ],
)
def test_amounts_are_read_as_they_are_written(amount, text):
    assert str(zar(amount)) == text
    assert Money(text) == zar(amount)


@pytest.mark.parametrize("amount", [1.5, True, False, 1, float("nan"), 2**70, None, b"1", [], Fraction(1, 2), 1j])
def test_what_cannot_hold_money_is_a_type_error(amount):
    with pytest.raises(TypeError):
        zar(amount)


@pytest.mark.parametrize(
    "amount",
    ["", " 1", "1 ", "1,5", "1.", ".5", "+1", "1e3", "--1", "\u0661", "NaN", "1_000", "9" * 81, Decimal("NaN"), Decimal("inf"), Decimal("1E+90")],
)
def test_what_is_no_amount_is_a_value_error(amount):
    with pytest.raises(ValueError):
        zar(amount)


@pytest.mark.parametrize("code", ["", "zar", "A B", "-A", "A" * 17])
def test_a_code_is_a_code(code):
    with pytest.raises(ValueError):
        Money("1", code)
    with pytest.raises(ValueError):
        currency(code)


def test_units_are_explicit():
    assert Money(units=25_000, scale=2, asset="ZAR") == zar("250.00")
    assert zar.units(5, 1) == zar("0.5")
    assert zar("250.1").units(2) == 25_010
    with pytest.raises(ValueError):
        zar("0.005").units(2)
    for wrong in [{"units": 1.0, "scale": 2}, {"units": True, "scale": 2}, {"units": 1, "scale": 2.0}, {"units": 1}]:
        with pytest.raises(TypeError):
            Money(asset="ZAR", **wrong)
    with pytest.raises(ValueError):
        Money(units=1, scale=-1, asset="ZAR")


def test_it_does_not_change_and_does_not_mix():
    one = zar("1.00")
    with pytest.raises(AttributeError):
        one._units = 5
    for mix in [lambda: one + Money("1", "USD"), lambda: one < Money("1", "USD"), lambda: one - Money("1", "USD")]:
        with pytest.raises(ValueError):
            mix()
    for wrong in [lambda: one + 1, lambda: one * 1.5, lambda: one * True, lambda: one < 1, lambda: one / 2]:
        with pytest.raises(TypeError):
            wrong()
    assert one != Money("1.00", "USD")
    assert one == zar("1") and hash(one) == hash(zar("1"))
    assert pickle.loads(pickle.dumps(one)) == one and pickle.loads(pickle.dumps(zar)) == zar
    assert f"{one:>10}".endswith("1.00 ZAR") and f"{zar('1234.5'):,.2f}" == "1,234.50 ZAR"
    assert not zar("0.00") and bool(one)


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**20), max_value=10**20)


@given(decimals, decimals, st.integers(-(10**9), 10**9))
def test_arithmetic_is_that_of_fractions(a, b, n):
    x, y = zar(a), zar(b)
    exact = lambda money: Fraction(money.amount)  # noqa: E731
    assert exact(x + y) == Fraction(a) + Fraction(b)
    assert exact(x - y) == Fraction(a) - Fraction(b)
    assert exact(x * n) == Fraction(a) * n == exact(n * x)
    assert exact(-x) == -Fraction(a) and exact(abs(x)) == abs(Fraction(a))
    assert (x < y, x <= y, x == y, x > y, x >= y) == (a < b, a <= b, a == b, a > b, a >= b)
    assert Money(str(x)) == x
