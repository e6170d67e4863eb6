//! What rules and functions answer for a row, and that they do not contradict one another.

use super::super::code::{NodeCode, RuleCode};
use super::super::tree::{Kind, NodeId};
use super::super::value::Value;
use super::{Condition, Found, Frame, Run, Runner, Term, Ways, halves, known, one};

const PARTS: &str = "a set or an object of rules that depend on the row";

impl<'p> Runner<'_, 'p, '_> {
    /// The values of a rule without arguments, which is found out once.
    pub(super) fn complete(&mut self, id: NodeId) -> Run<Ways> {
        if let Some(ways) = self.complete.get(&id) {
            return Ok(ways.clone());
        }
        // INVARIANT: a package has no rules of its own to tell that it depends on the row, and would be undefined.
        if self.node(id).is_none_or(|node| node.kind != Kind::Complete) {
            return self.refuse(PARTS);
        }
        let ways = self.decide(id, &[])?;
        self.complete.insert(id, ways.clone());
        Ok(ways)
    }

    /// The values of a node's rules, as the machine decides on them.
    pub(super) fn decide(&mut self, id: NodeId, args: &[Term]) -> Run<Ways> {
        let Some(node) = self.node(id) else { return Ok(Ways::new()) };
        if !self.is_touched(id)
            && let Some(values) = known(args)
        {
            return Ok(one(self.machine.call(id, &values)?));
        }
        if !matches!(node.kind, Kind::Complete | Kind::Function) {
            return self.refuse(PARTS);
        }
        self.deeper(|run| {
            let before = run.at;
            let ways = run.decided(node, args);
            // An error keeps its place.
            if ways.is_ok() {
                run.at = before;
            }
            ways
        })
    }

    fn decided(&mut self, node: &'p NodeCode, args: &[Term]) -> Run<Ways> {
        let mut found = Found::default();
        for rule in &node.rules {
            self.rule(rule, args, &mut found)?;
            if node.early && found.settled() {
                break;
            }
        }
        let mut ways = self.finished(found, &Condition::True)?;
        if ways.len() > 1 {
            ways = self.split(ways)?;
        }
        for (at, (condition, _)) in ways.iter().enumerate() {
            for (other, _) in ways.iter().skip(at + 1) {
                self.machine
                    .charge(1 + condition.literals().saturating_mul(other.literals()) / 8)?;
                if !condition.excludes(other) {
                    return self.refuse("rules that may contradict one another for a row");
                }
            }
        }
        if let Some(rule) = &node.default {
            let none = Condition::or(ways.iter().map(|(condition, _)| condition.clone())).not();
            if none != Condition::False {
                let mut found = Found::default();
                for (condition, term) in ways {
                    found.add(condition, term);
                }
                let mut frame = frame(rule, args);
                for (condition, term) in self.term(&rule.value, &mut frame)? {
                    found.add(Condition::and([none.clone(), condition]), term);
                }
                ways = self.finished(found, &Condition::True)?;
            }
        }
        Ok(ways)
    }

    /// Adds what a rule answers; its `else` only where it has no answer.
    fn rule(&mut self, rule: &'p RuleCode, args: &[Term], found: &mut Found) -> Run<()> {
        let mut open = Condition::True;
        let mut branch = Some(rule);
        while let Some(rule) = branch {
            self.at = rule.at;
            let mut frame = frame(rule, args);
            let ways = self.body(&rule.body.instrs, &mut frame, &mut |run, frame| {
                run.term(&rule.value, frame)
            })?;
            let held = Condition::or(ways.iter().map(|(condition, _)| condition.clone()));
            for (condition, term) in ways {
                found.add(Condition::and([open.clone(), condition]), term);
            }
            branch = rule.otherwise.as_deref();
            if branch.is_some() {
                open = self.bounded(Condition::and([open, held.not()]))?;
                if open == Condition::False {
                    break;
                }
            }
        }
        Ok(())
    }

    /// The ways with booleans told apart, each value once.
    fn split(&mut self, ways: Ways) -> Run<Ways> {
        let mut found = Found::default();
        for (condition, term) in ways {
            for (also, term) in halves(term) {
                found.add(Condition::and([condition.clone(), also]), term);
            }
        }
        self.finished(found, &Condition::True)
    }
}

fn frame(rule: &RuleCode, args: &[Term]) -> Frame {
    let mut frame = args.to_vec();
    frame.resize(rule.slots.max(args.len()), Term::Known(Value::Null));
    frame
}
