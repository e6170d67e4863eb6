//! What the tables are: their columns, in order, with what each holds.

use thalium::time::{format_date, format_instant};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    Text,
    /// A whole number of 64 bits.
    Count,
    /// A count of an asset's smallest units.
    Units,
    /// Nanoseconds of UTC since 1970.
    Instant,
    /// A civil date.
    Date,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
}

/// What stands in a column; `Nothing` where there is nothing to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Nothing,
    /// Text.
    Text(String),
    /// A whole number.
    Count(u64),
    /// Smallest units.
    Units(u128),
    /// Nanoseconds since 1970.
    Instant(i64),
    /// Days since 1970.
    Date(i32),
}

impl Cell {
    /// The cell as text, as CSV has it.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Units(units) => units.to_string(),
            Self::Instant(nanos) => format_instant(*nanos),
            Self::Date(days) => format_date(*days).unwrap_or_default(),
        }
    }

    /// Text, or nothing where it is empty.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Nothing } else { Self::Text(text) }
    }
}

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Accounts with their balances.
    Accounts,
    /// Transfers.
    Transfers,
    /// Candles.
    Klines,
}

macro_rules! columns {
    ($($name:literal $shape:ident),* $(,)?) => {
        &[$(Column { name: $name, shape: Shape::$shape }),*]
    };
}

impl Table {
    /// Its columns.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Accounts => columns![
                "id" Text, "key" Text, "name" Text, "asset" Text, "asset_kind" Text, "scale" Count, "kind" Text,
                "parent" Text, "code" Count, "flags" Text, "opened_at" Instant, "debits_pending" Units,
                "debits_posted" Units, "credits_pending" Units, "credits_posted" Units, "balance" Text,
                "available" Text, "user_data_128" Text, "user_data_64" Count, "user_data_32" Count, "metadata" Text,
            ],
            Self::Transfers => columns![
                "sequence" Count, "timestamp" Instant, "effective_date" Date, "id" Text, "key" Text, "from" Text,
                "to" Text, "asset" Text, "scale" Count, "units" Units, "amount" Text, "state" Text, "pending" Text,
                "timeout" Count, "code" Count, "flags" Text, "transaction" Count, "user_data_128" Text,
                "user_data_64" Count, "user_data_32" Count, "description" Text, "metadata" Text,
            ],
            Self::Klines => columns![
                "symbol" Text, "width" Text, "start" Instant, "end" Instant, "open" Text, "high" Text, "low" Text,
                "close" Text, "volume" Text, "turnover" Text, "average" Text, "trades" Count, "buy_volume" Text,
                "buy_turnover" Text, "sell_volume" Text, "sell_turnover" Text, "closed" Text, "revision" Count,
            ],
        }
    }
}
