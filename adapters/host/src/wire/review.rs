//! What helps those who write policies, as plain data: findings, coverage, explanations; and a policy as a condition over rows.

use serde::{Deserialize, Serialize};
use thalium::policy::coverage::{Coverage, Rows};
use thalium::policy::explain::{Explain, Explanation, Step};
use thalium::policy::filter::{Column, Filter, FilterError, Kind, Parameter, Table};
use thalium::policy::lint::Finding;
use thalium::policy::rego::{Request, Told, Value};

use super::failure::{Failure, UNDECIDED};
use crate::{Asked, Policy, PolicyError};

/// A path whose answer is to be explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskWhy {
    /// The path, such as `aml/verdict`.
    pub path: String,
    /// The input, any JSON. Its numbers are read exactly.
    #[serde(default)]
    pub input: Option<serde_json::Value>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// Whether errors of built-in functions end the evaluation, instead of making the expression undefined.
    #[serde(default)]
    pub strict: bool,
    /// How many steps at most: 1,000 where nothing is said, up to 10,000.
    #[serde(default)]
    pub steps: Option<u32>,
    /// Whether values are left out: then nothing of the input stands in the explanation, and nothing that is printed.
    #[serde(default)]
    pub without_values: bool,
}

/// Why an answer is what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyExplanation {
    /// Whether there is an answer.
    pub defined: bool,
    /// The answer as JSON text, numbers to the digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Why the evaluation came to no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The rules and expressions in the order in which they were run.
    pub steps: Vec<PolicyStep>,
    /// The same as text, a line each, set in by their depth.
    pub text: String,
    /// What `print` and `trace` said, a line each.
    pub said: String,
    /// Whether there were more steps than there was room for.
    pub cut: bool,
}

/// A rule or an expression that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyStep {
    /// How deep it stands in the tree.
    pub depth: u32,
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
    /// What became of it; none of what was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub became: Option<PolicyStepOutcome>,
    /// What it is, with its values.
    pub text: String,
}

/// What became of a rule or an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PolicyStepOutcome {
    /// It held.
    Held,
    /// It did not hold.
    Failed,
    /// It was undefined.
    Undefined,
    /// The evaluation ended in it.
    Ended,
}

/// What is probably wrong in a policy that loads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyFinding {
    /// The linter's rule, such as `unused-import`.
    pub id: String,
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

/// Which rows of the modules the tests ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyCoverage {
    /// Of all rows, those that were run, in hundredths of a percent and rounded down: 10,000 is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_points: Option<u32>,
    /// The modules, by name.
    pub files: Vec<PolicyFileCoverage>,
}

/// Which rows of a module the tests ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyFileCoverage {
    /// The module.
    pub file: String,
    /// Of its rows, those that were run, in hundredths of a percent and rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_points: Option<u32>,
    /// The rows that were run.
    pub covered: Vec<PolicyRows>,
    /// The rows that never were.
    pub not_covered: Vec<PolicyRows>,
}

/// Rows next to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyRows {
    /// The first.
    pub first: u32,
    /// The last.
    pub last: u32,
}

/// A rule whose rows are asked for, as a condition in SQL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AskRows {
    /// The path of a rule that is true of a row, such as `accounts/visible`.
    pub path: String,
    /// The input without the row. Its numbers are read exactly.
    #[serde(default)]
    pub input: Option<serde_json::Value>,
    /// The instant: RFC 3339 or nanoseconds since 1970. By default that of the clock.
    #[serde(default)]
    pub now: Option<String>,
    /// Where a row stands in the input; `input.row`, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The table's name or alias in the query, if its columns are to be told by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// The columns, by the row's keys.
    pub columns: std::collections::BTreeMap<String, RowColumn>,
    /// The number of the first parameter; 1, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_parameter: Option<u16>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RowColumn {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnKind,
    /// Its name in SQL, without quotes; the row's key, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// Whether it may be NULL, which is the row's `null`.
    #[serde(default)]
    pub nullable: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// `text` or `varchar`.
    Text,
    /// `numeric` or a whole number.
    Number,
    /// `boolean`.
    Boolean,
    /// `text[]`.
    Texts,
}

/// Which rows there are for a principal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowFilter {
    /// Whether all rows, none, or those of which the condition is true.
    pub rows: FilteredRows,
    /// The condition in PostgreSQL's SQL, with parameters: true or false of every row. It is there for all and for none, too.
    pub sql: String,
    /// The values of the parameters in their order, each a text or a list of texts: the condition says what they are.
    pub parameters: Vec<RowParameter>,
}

/// Which rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FilteredRows {
    /// All.
    All,
    /// None.
    None,
    /// Those of which the condition is true.
    Some,
}

/// The value of a parameter: one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowParameter {
    /// A text, or an exact decimal as its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A list of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub texts: Option<Vec<String>>,
}

impl Policy {
    /// What is probably wrong in the modules.
    #[must_use]
    pub fn lint(&self) -> Vec<PolicyFinding> {
        let view = |found: Finding| PolicyFinding {
            id: found.id.to_owned(),
            file: found.file,
            row: found.row,
            message: found.message,
            hint: found.hint.to_owned(),
        };
        self.snapshot().lint().into_iter().map(view).collect()
    }

    /// What stands at a path, and why.
    ///
    /// # Errors
    /// A path that leads nowhere, an input that is no JSON. That the evaluation came to no end is told in the explanation.
    pub fn explain(
        &self,
        path: &str,
        asked: &Asked<'_>,
        how: Explain,
    ) -> Result<PolicyExplanation, PolicyError> {
        self.explain_for(path, asked.request()?, how)
    }

    pub(super) fn explain_for(
        &self,
        path: &str,
        request: Request,
        how: Explain,
    ) -> Result<PolicyExplanation, PolicyError> {
        let why = self.snapshot().explain(path, request, how)?;
        let (text, said) = (why.full(), why.said());
        let Explanation { answer, steps, cut, .. } = why;
        let (answer, error) = match answer {
            Ok(answer) => (answer, None),
            Err(error) => (None, Some(error.to_string())),
        };
        Ok(PolicyExplanation {
            defined: answer.is_some(),
            result: answer.as_ref().map(Value::to_json),
            error,
            steps: steps.iter().map(step_view).collect(),
            text,
            said,
            cut,
        })
    }

    /// Which rows of a table a rule is true for: a condition in SQL that is equal to deciding on each.
    ///
    /// # Errors
    /// A path that leads nowhere, an input that is no JSON, a table that is none, or a rule that has no exact condition, with its place. Whoever
    /// asked must show nothing.
    pub fn filter(
        &self,
        path: &str,
        table: &Table,
        asked: &Asked<'_>,
    ) -> Result<Filter, PolicyError> {
        self.filter_for(path, table, asked.request()?)
    }

    fn filter_for(
        &self,
        path: &str,
        table: &Table,
        request: Request,
    ) -> Result<Filter, PolicyError> {
        Ok(self.snapshot().filter(&*self.entry(path)?, table, request)?)
    }

    pub(super) fn rows(&self, call: &AskRows, request: Request) -> Result<RowFilter, Failure> {
        let column = |(key, column): (&String, &RowColumn)| {
            let kind = match column.kind {
                ColumnKind::Text => Kind::Text,
                ColumnKind::Number => Kind::Number,
                ColumnKind::Boolean => Kind::Boolean,
                ColumnKind::Texts => Kind::Texts,
            };
            let made = Column::new(key, column.sql.as_deref().unwrap_or(key), kind);
            if column.nullable { made.nullable() } else { made }
        };
        let row = call.row.as_deref().unwrap_or("input.row");
        let table = Table::new(row, call.columns.iter().map(column));
        let table = match &call.alias {
            Some(alias) => table.and_then(|table| table.alias(alias)),
            None => table,
        };
        let table = table.map_err(PolicyError::from)?;
        let filter = self.filter_for(&call.path, &table, request)?;
        let sql = filter.sql(call.first_parameter.unwrap_or(1)).map_err(PolicyError::from)?;
        Ok(RowFilter {
            rows: FilteredRows::from(&filter),
            sql: sql.text,
            parameters: sql.parameters.into_iter().map(RowParameter::from).collect(),
        })
    }
}

impl From<&Filter> for FilteredRows {
    fn from(filter: &Filter) -> Self {
        match filter {
            Filter::All => Self::All,
            Filter::None => Self::None,
            Filter::Where(_) => Self::Some,
        }
    }
}

impl From<Parameter> for RowParameter {
    fn from(parameter: Parameter) -> Self {
        let (text, texts) = match parameter {
            Parameter::Text(text) | Parameter::Number(text) => (Some(text), None),
            Parameter::Texts(texts) | Parameter::Numbers(texts) => (None, Some(texts)),
        };
        Self { text, texts }
    }
}

fn step_view(step: &Step) -> PolicyStep {
    PolicyStep {
        depth: step.depth,
        file: step.file.clone(),
        row: step.row,
        became: step.told.map(|told| match told {
            Told::Held => PolicyStepOutcome::Held,
            Told::Failed => PolicyStepOutcome::Failed,
            Told::Undefined => PolicyStepOutcome::Undefined,
            Told::Ended => PolicyStepOutcome::Ended,
        }),
        text: step.text(),
    }
}

impl From<Coverage> for PolicyCoverage {
    fn from(coverage: Coverage) -> Self {
        let rows = |rows: &Vec<Rows>| {
            rows.iter().map(|rows| PolicyRows { first: rows.first, last: rows.last }).collect()
        };
        let basis_points = coverage.basis_points();
        let files = coverage.files.into_iter().map(|(file, own)| PolicyFileCoverage {
            file,
            basis_points: own.basis_points(),
            covered: rows(&own.covered),
            not_covered: rows(&own.not_covered),
        });
        Self { basis_points, files: files.collect() }
    }
}

/// The code of a failure, and the field at fault.
pub(super) const fn of_filter(error: &FilterError) -> (&'static str, Option<&'static str>) {
    match error {
        FilterError::Table(_) => (super::failure::INVALID, Some("columns")),
        FilterError::Input(_) => (super::failure::INVALID, Some("input")),
        FilterError::Parameters => (super::failure::INVALID, Some("first_parameter")),
        FilterError::Rule { .. } => (super::failure::UNSUPPORTED, Some("path")),
        FilterError::Eval(_) => (UNDECIDED, None),
    }
}
