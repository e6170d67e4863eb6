//! A document, validated.

use super::super::Exhausted;
use super::super::{Object, Value};
use super::node::{At, Dependency, Items, More, Node, Type};
use super::report::{self, Path, Report, Violation};
use super::{Charge, scalars};

/// So many schemas may be one within the other, on one way into the document: what goes deeper goes round in circles.
const DEPTH: u32 = 512;

/// What of the document the nodes do not admit.
pub(super) fn validate(
    nodes: &[Node],
    document: &Value,
    charge: &mut Charge<'_>,
) -> Result<Vec<Violation>, Exhausted> {
    let mut validator = Validator { nodes, charge, depth: 0 };
    Ok(validator.report(0, document, &Path::ROOT)?.violations)
}

/// Whether a member of a document is as the root's node has it, where that depends on no other member. It takes as many steps as it needs.
pub(super) fn admits(nodes: &[Node], name: &str, member: &Value) -> bool {
    let Some(root) = nodes.first() else { return false };
    let mut validator = Validator { nodes, charge: &mut |_| Ok(()), depth: 1 };
    let mut report = Report::default();
    let (path, named) = (Path::ROOT, root.object.members.get(name));
    let mut asked = Ok(());
    if named.is_none() || !root.object.patterns.is_empty() {
        asked = validator.member(&mut report, root, name, member, &path);
    }
    if let Some(at) = named {
        asked = asked.and_then(|()| validator.add(&mut report, *at, member, &path.at(name)));
    }
    asked.is_ok() && report.is_valid()
}

struct Validator<'a, 'c> {
    nodes: &'a [Node],
    charge: &'a mut Charge<'c>,
    depth: u32,
}

type Done = Result<(), Exhausted>;

impl Validator<'_, '_> {
    /// What a value has wrong by a node.
    fn report(&mut self, at: At, value: &Value, path: &Path<'_>) -> Result<Report, Exhausted> {
        let mut report = Report::default();
        self.add(&mut report, at, value, path)?;
        Ok(report)
    }

    /// The same, into a report that is there.
    fn add(&mut self, report: &mut Report, at: At, value: &Value, path: &Path<'_>) -> Done {
        (self.charge)(1)?;
        if self.depth >= DEPTH {
            return Err(Exhausted::Depth);
        }
        let nodes = self.nodes;
        let Some(mut node) = nodes.get(at) else { return Ok(()) };
        // More references in a row than there are nodes go round in circles.
        let mut left = nodes.len();
        while let Some(next) = node.reference.and_then(|at| nodes.get(at)) {
            left = left.checked_sub(1).ok_or(Exhausted::Depth)?;
            node = next;
        }
        self.depth += 1;
        self.node(report, node, value, path)?;
        self.depth -= 1;
        Ok(())
    }

    fn merge(&mut self, report: &mut Report, at: At, value: &Value, path: &Path<'_>) -> Done {
        let other = self.report(at, value, path)?;
        report.merge(other);
        Ok(())
    }

    fn node(&mut self, report: &mut Report, node: &Node, value: &Value, path: &Path<'_>) -> Done {
        if let Some(verdict) = node.verdict {
            if !verdict {
                report.add("false", path, "False always fails validation");
            }
            return Ok(());
        }
        let given = Type::of(value);
        let fits =
            |kind: &Type| *kind == given || (*kind == Type::Number && given == Type::Integer);
        if !node.types.is_empty() && !node.types.iter().any(fits) {
            let (expected, given) = (report::types(&node.types), given.name());
            let what = format!("Invalid type. Expected: {expected}, given: {given}");
            report.add("invalid_type", path, what);
            return Ok(());
        }
        self.logic(report, node, value, path)?;
        match value {
            Value::Number(number) => scalars::number(report, &node.number, number, path)?,
            Value::Array(_) | Value::Set(_) => {
                self.array(report, node, value.as_elements().unwrap_or_default(), path)?;
            }
            Value::Object(members) => self.object(report, node, members, path)?,
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
        scalars::common(report, node, value, path, self.charge)?;
        match value {
            Value::String(text) => {
                scalars::text(report, &node.text, text, path, self.charge)?;
            }
            Value::Object(members) => {
                for (name, at) in &node.object.members {
                    if let Some(member) = members.get_str(name) {
                        self.add(report, *at, member, &path.at(name))?;
                    }
                }
            }
            _ => {}
        }
        report.fits();
        Ok(())
    }

    fn logic(&mut self, report: &mut Report, node: &Node, value: &Value, path: &Path<'_>) -> Done {
        let logic = &node.logic;
        self.any_of(report, &logic.any_of, value, path)?;
        self.one_of(report, &logic.one_of, value, path)?;
        let mut failed = false;
        for at in &logic.all_of {
            let part = self.report(*at, value, path)?;
            failed |= !part.is_valid();
            report.merge(part);
        }
        if failed {
            report.add("number_all_of", path, "Must validate all the schemas (allOf)");
        }
        if let Some(not) = logic.not
            && self.report(not, value, path)?.is_valid()
        {
            report.add("number_not", path, "Must not validate the schema (not)");
        }
        self.dependencies(report, node, value, path)?;
        if let Some(condition) = logic.condition {
            let holds = self.report(condition, value, path)?.is_valid();
            let (branch, kind, what) = if holds {
                (logic.then, "condition_then", "Must validate \"then\" as \"if\" was valid")
            } else {
                (
                    logic.otherwise,
                    "condition_else",
                    "Must validate \"else\" as \"if\" was not valid",
                )
            };
            if let Some(branch) = branch {
                let part = self.report(branch, value, path)?;
                if !part.is_valid() {
                    report.add(kind, path, what);
                    report.merge(part);
                }
            }
        }
        report.fits();
        Ok(())
    }

    fn any_of(&mut self, report: &mut Report, any: &[At], value: &Value, path: &Path<'_>) -> Done {
        let mut best = None;
        for at in any {
            let part = self.report(*at, value, path)?;
            if part.is_valid() {
                return Ok(());
            }
            best = report::better(best, part);
        }
        if let Some(best) = best {
            report.add("number_any_of", path, "Must validate at least one schema (anyOf)");
            report.merge(best);
        }
        Ok(())
    }

    fn one_of(&mut self, report: &mut Report, one: &[At], value: &Value, path: &Path<'_>) -> Done {
        let (mut valid, mut best) = (0_usize, None);
        for at in one {
            let part = self.report(*at, value, path)?;
            if part.is_valid() {
                valid = valid.saturating_add(1);
            } else if valid == 0 {
                best = report::better(best, part);
            }
        }
        if one.is_empty() || valid == 1 {
            return Ok(());
        }
        report.add("number_one_of", path, "Must validate one and only one schema (oneOf)");
        if let Some(best) = best.filter(|_| valid == 0) {
            report.merge(best);
        }
        Ok(())
    }

    fn dependencies(
        &mut self,
        report: &mut Report,
        node: &Node,
        value: &Value,
        path: &Path<'_>,
    ) -> Done {
        let Value::Object(members) = value else { return Ok(()) };
        for (name, dependency) in &node.object.dependencies {
            if members.get_str(name).is_none() {
                continue;
            }
            match dependency {
                Dependency::Like(at) => self.add(report, *at, value, path)?,
                Dependency::Members(names) => {
                    for name in names.iter().filter(|name| members.get_str(name).is_none()) {
                        let what = format!("Has a dependency on {name}");
                        report.add("missing_dependency", path, what);
                    }
                }
            }
        }
        Ok(())
    }

    fn array(
        &mut self,
        report: &mut Report,
        node: &Node,
        items: &[Value],
        path: &Path<'_>,
    ) -> Done {
        let of = &node.array;
        let named = |at: usize| at.to_string();
        match &of.items {
            Items::Any => {}
            Items::Each(each) => {
                for (at, item) in items.iter().enumerate() {
                    self.merge(report, *each, item, &path.at(&named(at)))?;
                }
            }
            Items::Placed(placed) => {
                for (at, (item, node)) in items.iter().zip(placed).enumerate() {
                    self.merge(report, *node, item, &path.at(&named(at)))?;
                }
                match of.more {
                    More::None if items.len() > placed.len() && !placed.is_empty() => {
                        let what = "No additional items allowed on array";
                        report.add("array_no_additional_items", path, what);
                    }
                    More::Like(node) if !placed.is_empty() => {
                        for (at, item) in items.iter().enumerate().skip(placed.len()) {
                            self.merge(report, node, item, &path.at(&named(at)))?;
                        }
                    }
                    _ => {}
                }
            }
        }
        scalars::count(report, node, items, path, self.charge)?;
        if let Some(contains) = of.contains {
            self.contains(report, contains, items, path)?;
        }
        report.fits();
        Ok(())
    }

    fn contains(
        &mut self,
        report: &mut Report,
        node: At,
        items: &[Value],
        path: &Path<'_>,
    ) -> Done {
        let mut best = None;
        for (at, item) in items.iter().enumerate() {
            let part = self.report(node, item, &path.at(&at.to_string()))?;
            if part.is_valid() {
                return Ok(());
            }
            best = report::better(best, part);
        }
        report.add("contains", path, "At least one of the items must match");
        if let Some(best) = best {
            report.merge(best);
        }
        Ok(())
    }

    fn object(
        &mut self,
        report: &mut Report,
        node: &Node,
        members: &Object,
        path: &Path<'_>,
    ) -> Done {
        let of = &node.object;
        let len = i64::try_from(members.len()).unwrap_or(i64::MAX);
        if let Some(min) = of.min.filter(|min| len < *min) {
            let what = format!("Must have at least {min} properties");
            report.add("array_min_properties", path, what);
        }
        if let Some(max) = of.max.filter(|max| len > *max) {
            let what = format!("Must have at most {max} properties");
            report.add("array_max_properties", path, what);
        }
        for name in &of.required {
            if members.get_str(name).is_some() {
                report.fits();
            } else {
                report.add("required", path, format!("{name} is required"));
            }
        }
        for (name, member) in members.iter() {
            let name = name.as_str().unwrap_or_default();
            self.member(report, node, name, member, path)?;
        }
        if let Some(names) = of.names {
            for name in members.keys() {
                let part = self.report(names, name, path)?;
                if !part.is_valid() {
                    let name = name.as_str().unwrap_or_default();
                    let what = format!("Property name of \"{name}\" does not match");
                    report.add("invalid_property_name", path, what);
                    report.merge(part);
                }
            }
        }
        report.fits();
        Ok(())
    }

    /// A member by the patterns of names, and by what holds for members that nothing names.
    fn member(
        &mut self,
        report: &mut Report,
        node: &Node,
        name: &str,
        member: &Value,
        path: &Path<'_>,
    ) -> Done {
        let of = &node.object;
        let within = path.at(name);
        let mut matched = false;
        for (pattern, at) in &of.patterns {
            (self.charge)((name.len() / 16).saturating_add(1))?;
            if pattern.is_match(name) {
                matched = true;
                self.merge(report, *at, member, &within)?;
            }
        }
        if matched {
            report.fits();
        } else if !of.members.contains_key(name) {
            match of.more {
                More::Any => {}
                More::None => {
                    let what = format!("Additional property {name} is not allowed");
                    report.add("additional_property_not_allowed", path, what);
                }
                More::Like(at) => self.merge(report, at, member, &within)?,
            }
        }
        Ok(())
    }
}
