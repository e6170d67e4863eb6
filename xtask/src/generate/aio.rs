//! The awaited variant of Python's ledger, made of the other one: the same methods with the same arguments.
//!
//! A public method becomes `async`, and what it calls of the native module or of another such method is awaited. What stands
//! behind the line `# Only where nothing has to be awaited.` of a class has no such variant.

const HEAD: &str = r#""""The ledger for asyncio: the same methods, awaited. Made of `_ledger.py` by `cargo xtask generate`.

Each call runs in a thread of the ledger's own pool, without the interpreter's lock, so that many can wait at once and
become durable together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
"#;

const OPEN: &str = r#"

async def open_ledger(place: str, options: str) -> AsyncThalium:
    """Opens a ledger without blocking the loop."""
    opened = asyncio.get_running_loop().run_in_executor(None, _native.Ledger, place, options)
    return AsyncThalium(await opened, place)
"#;

const CALL: &str = r#"    async def _run(self, call: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(call, *arguments))

    async def _call(self, request: str) -> Any:
        return json.loads(await self._run(self._ledger.call, request))

    async def __aenter__(self) -> AsyncThalium:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
"#;

const CLOSE: &str = r#"    async def close(self) -> None:
        """Closes the ledger when the calls that are under way have ended. Closing again does nothing."""
        await asyncio.get_running_loop().run_in_executor(None, self._ledger.close)
        self._threads.shutdown(wait=False)
"#;

const SYNC_ONLY: &str = "    # Only where nothing has to be awaited.";

pub(super) fn module(ledger: &str) -> String {
    let body =
        ledger.split_once("from __future__ import annotations\n").map_or("", |(_, body)| body);
    let mut out = String::from(HEAD);
    let mut skipping = Skip::No;
    let mut is_ledger = false;
    for line in body.lines() {
        match skipping {
            Skip::Class if is_top(line) && !line.starts_with(')') => skipping = Skip::No,
            Skip::Method if line.starts_with("    def ") || is_top(line) => skipping = Skip::No,
            Skip::No => {}
            _ => continue,
        }
        if line == SYNC_ONLY {
            skipping = Skip::Class;
            continue;
        }
        if line.starts_with("class ") {
            is_ledger = line.starts_with("class Thalium");
        }
        if is_ledger && line.starts_with("    def _call(") {
            out.push_str(CALL);
            out.push('\n');
            skipping = Skip::Method;
            continue;
        }
        if line.starts_with("    def __enter__") || line.starts_with("    def __exit__") {
            skipping = Skip::Method;
            continue;
        }
        if line.starts_with("    def close(") {
            out.push_str(CLOSE);
            out.push('\n');
            skipping = Skip::Method;
            continue;
        }
        if line.starts_with("def _request(")
            || line.starts_with("def _open_options(")
            || line.starts_with("def _reading(")
            || line.starts_with("def _page_limit")
            || line.starts_with("TableForm:")
        {
            skipping = Skip::Class;
            continue;
        }
        if line.starts_with("_PAGE =") || line.starts_with("__all__") {
            continue;
        }
        out.push_str(&awaited(line));
        out.push('\n');
        if line.trim_start() == "self._ledger = ledger" {
            out.push_str(
                "        self._threads = ThreadPoolExecutor(32, thread_name_prefix=\"thalium\")\n",
            );
        }
    }
    let out = out.replace(
        "from .commands import",
        "from ._ledger import _PAGE, TableForm, _page_limit, _reading, _request\nfrom .commands import",
    );
    let out = out.replace(
        "from collections.abc import Iterable, Iterator, Mapping, Sequence",
        "from collections.abc import Callable, Iterable, Mapping",
    );
    let mut out = squeeze(&out);
    out.push_str(OPEN);
    out
}

enum Skip {
    No,
    /// Up to the next method or class.
    Method,
    /// Up to the next line at the margin.
    Class,
}

fn is_top(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(' ')
}

/// A line with what it defines or calls awaited.
fn awaited(line: &str) -> String {
    let mut line = line.to_owned();
    for (plain, other) in [
        ("Thalium", "AsyncThalium"),
        ("Accounts", "AsyncAccounts"),
        ("Assets", "AsyncAssets"),
        ("BrokerView", "AsyncBrokerView"),
        ("Transfers", "AsyncTransfers"),
        ("TransferList", "AsyncTransferList"),
        ("SeenAccounts", "AsyncSeenAccounts"),
        ("SeenAssets", "AsyncSeenAssets"),
        ("SeenBooks", "AsyncSeenBooks"),
        ("SeenParties", "AsyncSeenParties"),
        ("SeenTransferList", "AsyncSeenTransferList"),
        ("SeenTransfers", "AsyncSeenTransfers"),
    ] {
        line = renamed(&line, plain, other);
    }
    if let Some(rest) = line.strip_prefix("    def ") {
        let name = rest.split('(').next().unwrap_or_default();
        // What asks nothing has nothing to be awaited.
        if name != "seen_by" && (!name.starts_with("__") || name == "__iter__") {
            line = format!("    async def {}", rest.replace("__iter__", "__aiter__"));
        }
    }
    line = line.replace("Iterator[", "AsyncIterator[");
    for call in [
        "self._call(",
        "self._paged(",
        "self._of._call(",
        "self._of._do(",
        "self._do(",
        "self.submit(",
        "self.page(",
        "self.history_page(",
        "self.holds_page(",
        "self._post_columns(",
    ] {
        line = line.replace(call, &format!("await {call}"));
    }
    line = line.replace("await self.submit([command])[0]", "(await self.submit([command]))[0]");
    line = line.replace("for page in self._pages()", "async for page in self._pages()");
    for call in [
        "self._ledger.post_columns(",
        "self._of._ledger.account_columns(",
        "self._of._ledger.ingest_columns(",
        "self._of._ledger.transfer_columns(",
    ] {
        if let Some((before, after)) = line.split_once(call) {
            let (owner, method) =
                call.trim_end_matches('(').rsplit_once("._ledger.").unwrap_or_default();
            let comma = if after.starts_with(')') { "" } else { ", " };
            line = format!("{before}await {owner}._run({owner}._ledger.{method}{comma}{after}");
        }
    }
    line
}

/// A name where it stands alone.
fn renamed(line: &str, plain: &str, other: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(plain) {
        let (before, after) = rest.split_at(at);
        let after = after.get(plain.len()..).unwrap_or_default();
        let joins =
            |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
        let alone = !joins(before.chars().next_back())
            && !joins(after.chars().next().filter(|c| *c != '.'));
        out.push_str(before);
        out.push_str(if alone { other } else { plain });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// No more than two empty lines in a row, none at the end.
fn squeeze(text: &str) -> String {
    let mut out = String::new();
    let mut empty = 0;
    for line in text.trim_end().lines() {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty <= 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
