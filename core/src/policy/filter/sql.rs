//! A condition as PostgreSQL has it: every value is a parameter, and what reads a NULL is told what then.

use std::collections::BTreeSet;

use super::condition::{Atom, Condition, Operand, Order, Part, Place};
use super::{FilterError, Kind, Parameter, Sql, Table};
use crate::policy::rego::Value;

/// The last parameter that PostgreSQL counts to.
const LAST: usize = 65_535;

/// The text of a condition, with parameters from `first` on.
pub(super) fn sql(condition: &Condition, table: &Table, first: u16) -> Result<Sql, FilterError> {
    let mut writer =
        Writer { table, next: usize::from(first), text: String::new(), parameters: Vec::new() };
    if first == 0 {
        return Err(FilterError::Parameters);
    }
    writer.condition(condition, false)?;
    Ok(Sql { text: writer.text, parameters: writer.parameters })
}

struct Writer<'a> {
    table: &'a Table,
    next: usize,
    text: String,
    parameters: Vec<Parameter>,
}

type Written = Result<(), FilterError>;

impl Writer<'_> {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn condition(&mut self, condition: &Condition, inner: bool) -> Written {
        let (all, between) = match condition {
            Condition::True | Condition::False => {
                self.push(if *condition == Condition::True { "true" } else { "false" });
                return Ok(());
            }
            Condition::Is(sign, atom) => return self.atom(atom, *sign),
            Condition::And(all) => (all, " and "),
            Condition::Or(all) => (all, " or "),
        };
        if inner {
            self.push("(");
        }
        for (at, one) in all.iter().enumerate() {
            if at > 0 {
                self.push(between);
            }
            self.condition(one, true)?;
        }
        if inner {
            self.push(")");
        }
        Ok(())
    }

    fn atom(&mut self, atom: &Atom, sign: bool) -> Written {
        match atom {
            Atom::IsNull(place) => {
                self.column(*place);
                self.push(if sign { " is null" } else { " is not null" });
                Ok(())
            }
            Atom::OneOf(place, values) => self.one_of(*place, values, sign),
            Atom::Ordered(a, order, b) => self.guarded(&[a, b], sign, |writer| {
                let operator = match (order, sign) {
                    (Order::Equal, true) => " = ",
                    (Order::Equal, false) => " <> ",
                    (Order::Less, true) => " < ",
                    (Order::Less, false) => " >= ",
                    (Order::LessOrEqual, true) => " <= ",
                    (Order::LessOrEqual, false) => " > ",
                };
                // With a known text a column is compared in its own collation, whose indexes serve: one that is deterministic takes the same texts for equal.
                let is_known = |operand: &Operand| matches!(operand, Operand::Value(_));
                if *order == Order::Equal && (is_known(a) || is_known(b)) {
                    writer.operand(a)?;
                } else {
                    writer.compared(a)?;
                }
                writer.push(operator);
                writer.operand(b)
            }),
            Atom::Texts(part, a, b) => self.guarded(&[a, b], sign, |writer| {
                if !sign {
                    writer.push("not ");
                }
                writer.part(*part, a, b)
            }),
            Atom::Has(place, item) => {
                self.push("(");
                self.compared(item)?;
                self.push(" = any(");
                self.column(*place);
                // An array with a NULL in it would else answer NULL where it has no such item.
                self.push(if sign { ")) is true" } else { ")) is not true" });
                Ok(())
            }
            Atom::HasNull(place) => {
                self.push("array_position(");
                self.column(*place);
                self.push(if sign { ", null) is not null" } else { ", null) is null" });
                Ok(())
            }
        }
    }

    /// No `like`: what a text has of `%` and `_` counts as it stands.
    fn part(&mut self, part: Part, a: &Operand, b: &Operand) -> Written {
        match part {
            Part::Start => {
                self.push("starts_with(");
                self.compared(a)?;
                self.push(", ");
                self.operand(b)?;
                self.push(")");
            }
            Part::End => {
                self.push("right(");
                self.operand(a)?;
                self.push(", length(");
                self.operand(b)?;
                self.push(")) = ");
                self.again(b);
                self.push(" collate \"C\"");
            }
            Part::Within => {
                // `not` binds less than `>`.
                self.push("strpos(");
                self.compared(a)?;
                self.push(", ");
                self.operand(b)?;
                self.push(") > 0");
            }
        }
        Ok(())
    }

    fn one_of(&mut self, place: Place, values: &BTreeSet<Value>, sign: bool) -> Written {
        let kind = self.table.column(place).map(|column| column.kind);
        if kind == Some(Kind::Boolean) {
            return self.boolean(place, values, sign);
        }
        self.guarded(&[&Operand::Column(place)], sign, |writer| {
            writer.column(place);
            let mut all = values.iter();
            if let (Some(value), None) = (all.next(), all.next()) {
                writer.push(if sign { " = " } else { " <> " });
                return writer.operand(&Operand::Value(value.clone()));
            }
            writer.push(if sign { " = any(" } else { " <> all(" });
            let (parameter, cast) = if kind == Some(Kind::Number) {
                let numbers = values.iter().filter_map(Value::as_number);
                (
                    Parameter::Numbers(numbers.map(ToString::to_string).collect()),
                    "::text[]::numeric[])",
                )
            } else {
                let texts = values.iter().filter_map(Value::as_str);
                (Parameter::Texts(texts.map(str::to_owned).collect()), "::text[])")
            };
            writer.parameter(parameter)?;
            writer.push(cast);
            Ok(())
        })
    }

    fn boolean(&mut self, place: Place, values: &BTreeSet<Value>, sign: bool) -> Written {
        self.column(place);
        let (yes, no) = (values.contains(&Value::Bool(true)), values.contains(&Value::Bool(false)));
        self.push(match (yes, no, sign) {
            (true, true, true) | (false, false, false) => " is not null",
            (true, true, false) | (false, false, true) => " is null",
            (true, false, true) => " is true",
            (true, false, false) => " is not true",
            (false, true, true) => " is false",
            (false, true, false) => " is not false",
        });
        Ok(())
    }

    /// What is false where one of the operands is NULL, or its opposite.
    fn guarded(
        &mut self,
        operands: &[&Operand],
        sign: bool,
        write: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        let mut nullable: Vec<Place> = Vec::new();
        for operand in operands {
            if let Operand::Column(place) = operand
                && self.table.column(*place).is_some_and(|column| column.nullable)
                && !nullable.contains(place)
            {
                nullable.push(*place);
            }
        }
        if nullable.is_empty() {
            return write(self);
        }
        self.push("(");
        for place in nullable {
            self.column(place);
            self.push(if sign { " is not null and " } else { " is null or " });
        }
        write(self)?;
        self.push(")");
        Ok(())
    }

    /// The first of what is compared. Texts are in order by their bytes, whatever the columns' collations; of two columns nobody knows whose is meant.
    fn compared(&mut self, operand: &Operand) -> Written {
        self.operand(operand)?;
        if self.is_text(operand) {
            self.push(" collate \"C\"");
        }
        Ok(())
    }

    fn is_text(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Column(place) => {
                self.table.column(*place).is_some_and(|column| column.kind == Kind::Text)
            }
            Operand::Value(value) => value.as_str().is_some(),
        }
    }

    fn column(&mut self, place: Place) {
        if let Some(column) = self.table.column(place) {
            let name = column.quoted(self.table.alias.as_deref());
            self.push(&name);
        }
    }

    fn operand(&mut self, operand: &Operand) -> Written {
        match operand {
            Operand::Column(place) => {
                self.column(*place);
                Ok(())
            }
            Operand::Value(Value::Number(number)) => {
                self.parameter(Parameter::Number(number.to_string()))?;
                self.push("::text::numeric");
                Ok(())
            }
            Operand::Value(value) => {
                self.parameter(Parameter::Text(value.as_str().unwrap_or_default().to_owned()))?;
                self.push("::text");
                Ok(())
            }
        }
    }

    /// The operand that was written last.
    fn again(&mut self, operand: &Operand) {
        match operand {
            Operand::Column(place) => self.column(*place),
            Operand::Value(_) => {
                let text = format!("${}::text", self.next.saturating_sub(1));
                self.push(&text);
            }
        }
    }

    fn parameter(&mut self, parameter: Parameter) -> Written {
        if self.next > LAST {
            return Err(FilterError::Parameters);
        }
        let text = format!("${}", self.next);
        self.push(&text);
        self.next += 1;
        self.parameters.push(parameter);
        Ok(())
    }
}
