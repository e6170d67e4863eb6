//! `thalium policy filter`.

use std::path::PathBuf;

use clap::Args;
use thalium_host::policy::filter::{Column, Kind, Parameter, Table};
use thalium_host::wire::FilteredRows;

use super::{AskedArgs, BundleArgs, text_of, word};
use crate::failure::Failure;
use crate::session::Global;

/// Make a rule that decides on one row a condition in SQL for all rows that it allows
#[derive(Args, Debug)]
#[command(after_help = "\
The rule at the path is true of a row that stands in the input at `input.row`. The rest of the input is given, and the columns:
NAME=TYPE, with TYPE text, number, boolean or texts, and a `?` behind it where the column may be NULL. The condition is PostgreSQL's, with
parameters; it is true for exactly the rows that the rule allows. A rule that has no exact condition is refused.

Examples:
  thalium policy filter policies/ accounts/visible --input principal.json --column owner=text --column branch=text? --column balance=number
  thalium policy filter policies/ accounts/visible --columns columns.txt --alias a --first 3")]
pub(crate) struct Filter {
    #[command(flatten)]
    bundle: BundleArgs,
    /// The path of a rule that is true of a row, such as `accounts/visible`
    path: String,
    /// A column by the row's key, and its type; repeat it. With another name in SQL: `owner:owner_id=text`
    #[arg(long = "column", value_name = "NAME=TYPE")]
    given: Vec<String>,
    /// A file with a column on each line
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
    /// Where a row stands in the input
    #[arg(long, value_name = "PLACE", default_value = "input.row")]
    row: String,
    /// The table's name or alias in the query
    #[arg(long, value_name = "NAME")]
    alias: Option<String>,
    /// The number of the first parameter
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    first: u16,
    #[command(flatten)]
    asked: AskedArgs,
}

impl Filter {
    pub(crate) fn run(&self, global: &Global) -> Result<(), Failure> {
        let policy = self.bundle.open()?;
        let input = self.asked.text()?;
        let filter =
            policy.filter(&self.path, &self.table()?, &self.asked.asked(input.as_deref()))?;
        let sql = filter.sql(self.first).map_err(Failure::usage)?;
        let output = global.output();
        if output.json {
            let parameters: Vec<_> = sql.parameters.iter().map(value).collect();
            return output.json(&serde_json::json!({
                "rows": word(&FilteredRows::from(&filter)), "sql": sql.text, "parameters": parameters,
            }));
        }
        output.line(&sql.text)?;
        sql.parameters.iter().zip(u32::from(self.first)..).try_for_each(|(parameter, number)| {
            output.line(format!("  ${number}  {}", value(parameter)))
        })
    }

    fn table(&self) -> Result<Table, Failure> {
        let text = self.columns.as_deref().map(text_of).transpose()?.unwrap_or_default();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let columns = lines.chain(self.given.iter().map(String::as_str)).map(column);
        let table = Table::new(&self.row, columns.collect::<Result<Vec<_>, _>>()?);
        let table = match &self.alias {
            Some(alias) => table.and_then(|table| table.alias(alias)),
            None => table,
        };
        table.map_err(Failure::usage)
    }
}

/// A column: `branch=text?`, or `branch:branch_id=text?`.
fn column(text: &str) -> Result<Column, Failure> {
    let is_none = || {
        Failure::usage(format!(
            "`{text}` is no column: write NAME=TYPE, with text, number, boolean or texts, and a `?` where it may be NULL"
        ))
    };
    let (name, kind) = text.rsplit_once('=').ok_or_else(is_none)?;
    let (key, sql) = name.split_once(':').unwrap_or((name, name));
    let (kind, nullable) = kind.strip_suffix('?').map_or((kind, false), |kind| (kind, true));
    let kind = match kind {
        "text" => Kind::Text,
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "texts" => Kind::Texts,
        _ => return Err(is_none()),
    };
    let column = Column::new(key, sql, kind);
    Ok(if nullable { column.nullable() } else { column })
}

fn value(parameter: &Parameter) -> serde_json::Value {
    match parameter {
        Parameter::Text(text) | Parameter::Number(text) => text.as_str().into(),
        Parameter::Texts(texts) | Parameter::Numbers(texts) => texts.clone().into(),
    }
}
