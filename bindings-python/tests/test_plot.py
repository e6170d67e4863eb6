"""Pictures."""

import pytest

import thalium
from thalium import plot


@pytest.fixture
def t():
    with thalium.open("memory:") as ledger:
        for key, kind in [("bank", "asset"), ("c1", "liability"), ("c2", "liability")]:
            ledger.accounts.create(key=key, asset="ZAR", kind=kind)
        ledger.post(key="a", src="bank", dst="c1", amount="10.00")
        ledger.hold(key="h", src="c1", dst="c2", amount="4.00")
        yield ledger


def test_matplotlib_draws_balance_and_available(t):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    ax = plot.balance(t, "c1")
    balance, available = ax.get_lines()
    assert (list(balance.get_ydata()), list(available.get_ydata())) == ([10.0, 10.0], [10.0, 6.0])
    assert (ax.get_title(), ax.get_ylabel()) == ("c1", "ZAR")
    assert plot.balance(t.statement("bank"), ax=ax, available=False) is ax
    with pytest.raises(ValueError, match="nothing to draw"):
        plot.balance(t, "c2", end="2020-01-01")
    with pytest.raises(TypeError):
        plot.balance(t)


def test_plotly_draws_balance_and_available(t):
    pytest.importorskip("plotly")
    figure = plot.balance_figure(t, "c1")
    assert [list(trace.y) for trace in figure.data] == [[10.0, 10.0], [10.0, 6.0]]
    assert "post a" in figure.data[0].text[0]
