//! List filters: the rule that decides on one row made into the SQL condition for all rows that it allows.
//!
//! What is known (the principal, the documents) is evaluated as for any question; what touches the row becomes a condition over the table's
//! columns. The condition allows exactly the rows for which the rule is `true`, NULL being JSON's `null`. What has no exact condition is refused,
//! with its place. This is no query builder: joins, order and pages are the caller's.

mod condition;
mod sql;

use std::sync::Arc;

use super::rego::{EvalError, Request, Value};
use super::snapshot::{Entry, Snapshot};

pub(super) use self::condition::{Atom, Condition, LITERALS, Operand, Order, Part, Place, VALUES};

/// The most columns of a table: PostgreSQL's.
const COLUMNS: usize = 1_600;

/// The longest name of a table or column that PostgreSQL does not cut, in bytes.
const NAME: usize = 63;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `text` or `varchar`, in UTF-8 and with a deterministic collation, as all are that were not made otherwise. An order of texts is that of their
    /// bytes, for which an index needs `collate "C"`.
    Text,
    /// `numeric` or a whole number; neither NaN nor infinite. Not a float, which is no decimal.
    Number,
    /// `boolean`.
    Boolean,
    /// `text[]` of one dimension; items may be NULL.
    Texts,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub(super) name: Arc<str>,
    sql: Box<str>,
    pub(super) kind: Kind,
    pub(super) nullable: bool,
}

impl Column {
    /// A column that is never NULL: the row's key for it, and its name in SQL, without quotes.
    #[must_use]
    pub fn new(name: &str, sql: &str, kind: Kind) -> Self {
        Self { name: Arc::from(name), sql: Box::from(sql), kind, nullable: false }
    }

    /// The same, and it may be NULL.
    #[must_use]
    pub fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    fn quoted(&self, alias: Option<&str>) -> String {
        let name = quoted(&self.sql);
        alias.map_or_else(|| name.clone(), |alias| format!("{}.{name}", quoted(alias)))
    }
}

/// The table whose rows are asked for: where a row stands in the input, and its columns. A row is the object of these columns and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub(super) row: Vec<Value>,
    alias: Option<Box<str>>,
    columns: Vec<Column>,
}

impl Table {
    /// Of the row's place in the input, such as `input.row`, and the columns.
    ///
    /// # Errors
    ///
    /// The place is none below `input`; a name is empty, has a zero byte or more than 63 bytes, or stands there twice; there are more than 1,600.
    pub fn new(row: &str, columns: impl IntoIterator<Item = Column>) -> Result<Self, FilterError> {
        let refuse = |message: String| Err(FilterError::Table(message));
        let keys = row.strip_prefix("input.").unwrap_or_default();
        if keys.split('.').any(str::is_empty) {
            return refuse(format!("a row stands at a place such as `input.row`, not at `{row}`"));
        }
        let mut table = Self {
            row: keys.split('.').map(Value::from).collect(),
            alias: None,
            columns: Vec::new(),
        };
        for column in columns {
            if table.columns.len() == COLUMNS {
                return refuse(format!("there are more than {COLUMNS} columns"));
            }
            named(&column.sql)?;
            if table.place(&column.name).is_some() {
                return refuse(format!("column `{}` stands there twice", column.name));
            }
            table.columns.push(column);
        }
        Ok(table)
    }

    /// The same, its columns told by the table's name or alias in the query.
    ///
    /// # Errors
    ///
    /// The name is empty, has a zero byte or more than 63 bytes.
    pub fn alias(self, alias: &str) -> Result<Self, FilterError> {
        named(alias)?;
        Ok(Self { alias: Some(Box::from(alias)), ..self })
    }

    pub(super) fn column(&self, place: Place) -> Option<&Column> {
        self.columns.get(place)
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(super) fn place(&self, name: &str) -> Option<Place> {
        self.columns.iter().position(|column| column.name.as_ref() == name)
    }
}

/// Which rows there are for a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// All.
    All,
    /// None.
    None,
    /// Those of which a condition is true.
    Where(Where),
}

/// A condition over a table's columns: true or false of every row, and never NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Where {
    condition: Condition,
    table: Arc<Table>,
}

impl Filter {
    /// The condition as PostgreSQL has it, with parameters from `$first` on. It stands in brackets, so that it can be joined to another.
    ///
    /// # Errors
    ///
    /// `first` is 0, or there are more parameters than PostgreSQL counts: up to 65,535.
    pub fn sql(&self, first: u16) -> Result<Sql, FilterError> {
        let told = |text: &str| Ok(Sql { text: text.to_owned(), parameters: Vec::new() });
        match self {
            Self::All => told("true"),
            Self::None => told("false"),
            Self::Where(filter) => {
                let written = sql::sql(&filter.condition, &filter.table, first)?;
                Ok(Sql { text: format!("({})", written.text), ..written })
            }
        }
    }
}

/// A condition in SQL, and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    /// The text.
    pub text: String,
    /// The values of its parameters in their order: each is bound as a text, or as an array of texts.
    pub parameters: Vec<Parameter>,
}

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// A text: `$1::text`.
    Text(String),
    /// An exact decimal, bound as its text: `$1::text::numeric`.
    Number(String),
    /// Texts: `$1::text[]`.
    Texts(Vec<String>),
    /// Exact decimals, bound as their texts: `$1::text[]::numeric[]`.
    Numbers(Vec<String>),
}

/// Why there is no filter. Whoever asked must show nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// The table is wrong.
    #[error("{0}")]
    Table(String),
    /// The input is wrong.
    #[error("{0}")]
    Input(String),
    /// The rule asks of a row what no condition is exact for.
    #[error("{file}:{row}: cannot become a condition: {message}")]
    Rule {
        /// The file.
        file: String,
        /// The row in it where the rule begins, or the call.
        row: u32,
        /// What it is.
        message: String,
    },
    /// What does not depend on the row did not come to an end.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// The parameters do not fit.
    #[error("parameters are numbered from 1 to 65535")]
    Parameters,
}

impl Snapshot {
    /// Which rows of a table the rule at a path is `true` for. `request` has all of the input but the row.
    ///
    /// ```
    /// use thalium::policy::bundle::{Bundle, File};
    /// use thalium::policy::filter::{Column, Kind, Parameter, Table};
    /// use thalium::policy::rego::{Request, Value};
    /// use thalium::policy::snapshot::Snapshot;
    ///
    /// let module = r#"
    /// package accounts
    ///
    /// visible if input.row.owner == input.user
    ///
    /// visible if {
    ///     input.row.branch in input.branches
    ///     input.row.balance < 10000
    /// }
    /// "#;
    /// let files = [File::new("accounts/accounts.rego", module)];
    /// let snapshot = Snapshot::new(&Bundle::read(&files, None)?)?;
    /// let table = Table::new("input.row", [
    ///     Column::new("owner", "owner_id", Kind::Text),
    ///     Column::new("branch", "branch", Kind::Text).nullable(),
    ///     Column::new("balance", "balance", Kind::Number),
    /// ])?;
    /// let input = Value::from_json(r#"{"user": "ana", "branches": ["north", "south"]}"#)?;
    /// let asked = Request { input: Some(input), ..Request::default() };
    /// let filter = snapshot.filter(&snapshot.entry("accounts/visible")?, &table, asked)?;
    /// let sql = filter.sql(1)?;
    /// assert_eq!(
    ///     sql.text,
    ///     r#"("owner_id" = $1::text or (("branch" is not null and "branch" = any($2::text[])) and "balance" < $3::text::numeric))"#
    /// );
    /// assert_eq!(sql.parameters[0], Parameter::Text("ana".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The input has something where the row stands; what does not depend on the row ends in an error; or what does has no exact condition, such as
    /// a sum of columns. The same rule may still decide on one row.
    pub fn filter(
        &self,
        entry: &Entry,
        table: &Table,
        request: Request,
    ) -> Result<Filter, FilterError> {
        let request = Request { data: self.data().clone(), ..request };
        let Some((_, keys)) = entry.rego() else {
            let file = entry.typed().map(|typed| typed.file().to_owned()).unwrap_or_default();
            let message = "typed rules have a verdict for one request".to_owned();
            return Err(FilterError::Rule { file, row: 1, message });
        };
        let condition = super::rego::condition(self.policy(), keys, table, &request)?;
        Ok(match condition {
            Condition::True => Filter::All,
            Condition::False => Filter::None,
            condition => Filter::Where(Where { condition, table: Arc::new(table.clone()) }),
        })
    }
}

fn named(name: &str) -> Result<(), FilterError> {
    if name.is_empty() || name.len() > NAME || name.contains('\0') {
        let name: String = name.chars().take(NAME).collect();
        let message =
            format!("`{name}` is no name in SQL: from 1 to {NAME} bytes, none of them zero");
        return Err(FilterError::Table(message));
    }
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
#[path = "filter/cases.rs"]
mod cases;
#[cfg(test)]
#[path = "filter/property_tests.rs"]
mod property_tests;
#[cfg(test)]
#[path = "filter/table_tests.rs"]
mod tests;
