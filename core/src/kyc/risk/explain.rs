//! A score as lines for people, and as a value for what stores it.

use super::rational::Rational;
use super::score::{Bounded, Point, Score, Side};
use super::{Override, To};
use crate::audit::merkle::hex;
use crate::kyc::logic::decimal::plain;
use crate::time::format_instant;
use crate::value::Value;

impl Score {
    /// What the score was made of, one step a line.
    #[must_use]
    pub fn explain(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.points.iter().map(Point::told).collect();
        lines.push(format!("total: {}", self.total));
        let mut reached = self.total.clone();
        if self.bounds.iter().all(|bound| !bound.moved) && self.computed != self.total {
            lines.push(format!("the scale: {}", self.computed));
            reached = self.computed.clone();
        }
        lines.extend(self.bounds.iter().map(Bounded::told));
        if reached != self.computed {
            lines.push(format!("within the scale, caps and floors: {}", self.computed));
        }
        if let Some(applied) = &self.overridden {
            let held = match applied.held_by.as_slice() {
                [] => String::new(),
                reasons => format!("; held by {}", reasons.join(", ")),
            };
            lines.push(format!("override {}{held}: {}", applied.given.told(), self.score));
        }
        lines.extend(self.expired.iter().map(|it| format!("expired override {}", it.told())));
        lines.extend(self.pending.iter().map(|it| format!("override to come {}", it.told())));
        let refuse = if self.refuse { ", refused" } else { "" };
        let refresh = self.refresh_by.map(|by| format!(", refresh by {}", format_instant(by)));
        let refresh = refresh.unwrap_or_default();
        lines.push(format!("score {}: {}{refuse}{refresh}", self.score, self.level));
        lines
    }

    /// The score as an object. Numbers have at most six digits behind the point; where that is not all, the fraction stands beside it, as
    /// `total_exact: "125/3"`. Instants are texts of RFC 3339, the digest is hexadecimal, and what there is none of is left out.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut fields = vec![
            ("model", Value::from(self.model.as_str())),
            ("digest", Value::from(hex(&self.digest))),
            ("now", Value::from(format_instant(self.now))),
            ("level", Value::from(self.level.as_str())),
            ("refuse", Value::from(self.refuse)),
            ("points", Value::array(self.points.iter().map(Point::to_value))),
            ("bounds", Value::array(self.bounds.iter().map(Bounded::to_value))),
            ("expired", Value::array(self.expired.iter().map(Override::to_value))),
            ("pending", Value::array(self.pending.iter().map(Override::to_value))),
        ];
        fields.extend(exact("total", "total_exact", &self.total));
        fields.extend(exact("computed", "computed_exact", &self.computed));
        fields.extend(exact("score", "score_exact", &self.score));
        fields.extend(self.refresh.as_deref().map(|it| ("refresh", Value::from(it))));
        fields.extend(self.refresh_by.map(|by| ("refresh_by", Value::from(format_instant(by)))));
        if let Some(applied) = &self.overridden {
            let held = applied.held_by.iter().map(|reason| Value::from(reason.as_str()));
            fields.push(("override", applied.given.to_value()));
            fields.push(("held_by", Value::array(held)));
        }
        Value::fields(fields)
    }
}

/// A number, and all of it where that is more than is printed.
fn exact<'n>(
    name: &'n str,
    exact: &'n str,
    number: &Rational,
) -> impl Iterator<Item = (&'n str, Value)> {
    let whole = (!number.is_printed_exactly())
        .then(|| (exact, Value::from(format!("{}/{}", number.numerator(), number.denominator()))));
    [(name, Value::Number(number.to_number()))].into_iter().chain(whole)
}

impl Point {
    fn told(&self) -> String {
        let read: Vec<String> =
            self.read.iter().map(|(path, value)| format!("{path} = {}", value.to_json())).collect();
        let read = if read.is_empty() { String::new() } else { format!(" [{}]", read.join(", ")) };
        format!(
            "{}: {} ({} points, weight {}): {}{read}",
            self.factor,
            self.contribution,
            plain(&self.points),
            plain(&self.weight),
            self.why
        )
    }

    fn to_value(&self) -> Value {
        let read = self.read.iter().map(|(path, value)| (path.as_str(), value.clone()));
        let mut fields = vec![
            ("factor", Value::from(self.factor.as_str())),
            ("read", Value::fields(read)),
            ("points", Value::Number(self.points.clone())),
            ("weight", Value::Number(self.weight.clone())),
            ("why", Value::from(self.why.as_str())),
        ];
        fields.extend(exact("contribution", "contribution_exact", &self.contribution));
        Value::fields(fields)
    }
}

impl Bounded {
    fn told(&self) -> String {
        let (side, at) = match self.side {
            Side::Floor if self.hard => ("hard floor", "at least"),
            Side::Floor => ("floor", "at least"),
            Side::Cap => ("cap", "at most"),
        };
        let kept = if self.moved { "" } else { ", which it is" };
        format!("{side} {}: {at} {}{kept}", self.reason, plain(&self.score))
    }

    fn to_value(&self) -> Value {
        Value::fields([
            ("side", Value::from(if self.side == Side::Floor { "floor" } else { "cap" })),
            ("reason", Value::from(self.reason.as_str())),
            ("score", Value::Number(self.score.clone())),
            ("hard", Value::from(self.hard)),
            ("moved", Value::from(self.moved)),
        ])
    }
}

impl Override {
    fn told(&self) -> String {
        let to = match &self.to {
            To::Level(name) => name.clone(),
            To::Score(score) => plain(score),
        };
        let expires = format_instant(self.expires);
        format!("to {to} by {} until {expires} ({})", self.by, self.reason)
    }
}
