//! Calls made into instructions. Those that stand in one another as first arguments, as operators in a row do, are gone through one after the
//! other, so that a long row takes no more of the stack than a short one.

use super::builtin::Builtin;
use super::code::{Comparison, Expr};
use super::emit::{Emitted, Emitter, is_dynamic};
use super::error::Place;
use super::goal::{Callee, Goal, T};
use super::prepared::compiled_argument;
use super::safety::Bound;

impl Emitter<'_> {
    /// A call, and those that stand in its first argument, without what holds in several ways.
    pub(super) fn pull_calls(
        &mut self,
        mut call: (Callee, Vec<T>, u32),
        at: Place,
        out: &mut Vec<Goal>,
    ) -> T {
        let mut outer = Vec::new();
        while let Some(first) = call.1.first_mut()
            && !is_dynamic(first)
            && let T::Call(callee, args, row) = first
        {
            let inner = (*callee, std::mem::take(args), *row);
            outer.push(std::mem::replace(&mut call, inner));
        }
        let mut pulled = None;
        loop {
            let (callee, args, row) = call;
            let after = usize::from(pulled.is_some());
            let args = args.into_iter().skip(after).map(|arg| self.pull(arg, at, out));
            let term = T::Call(callee, pulled.into_iter().chain(args).collect(), row);
            match outer.pop() {
                Some(next) => (pulled, call) = (Some(term), next),
                None => return term,
            }
        }
    }

    /// A built-in's call, and those that stand in its first argument.
    pub(super) fn builtin(
        &mut self,
        builtin: &'static Builtin,
        args: Vec<T>,
        row: u32,
        bound: &Bound,
    ) -> Emitted<Expr> {
        let (mut call, mut outer) = ((builtin, args, row), Vec::new());
        while let Some(T::Call(Callee::Builtin(builtin), args, row)) = call.1.first_mut() {
            let inner = (*builtin, std::mem::take(args), *row);
            outer.push(std::mem::replace(&mut call, inner));
        }
        let mut first = None;
        loop {
            let (builtin, args, row) = call;
            let mut exprs = Vec::with_capacity(args.len());
            exprs.extend(first.take());
            for arg in args.into_iter().skip(exprs.len()) {
                exprs.push(self.expr(arg, bound)?);
            }
            let expr = self.builtin_of(builtin, exprs.into(), row);
            match outer.pop() {
                Some(next) => (first, call) = (Some(expr), next),
                None => return Ok(expr),
            }
        }
    }

    fn builtin_of(&mut self, builtin: &'static Builtin, args: Box<[Expr]>, row: u32) -> Expr {
        if let Some(Expr::Const(constant)) =
            compiled_argument(builtin.name).and_then(|at| args.get(at))
        {
            self.constants.push((builtin, constant.clone()));
        }
        if self.mocked.contains(builtin.name) {
            return Expr::Builtin(builtin, args, self.site(row));
        }
        let pair: Result<Box<[Expr; 2]>, Box<[Expr]>> = args.try_into();
        match pair {
            Ok(pair) => {
                let [a, b] = *pair;
                if let Some(comparison) = Comparison::of(builtin.name) {
                    Expr::Compare(comparison, Box::new((a, b)))
                } else if builtin.name == "internal.member_2" {
                    Expr::Member(Box::new((a, b)))
                } else {
                    Expr::Builtin(builtin, Box::new([a, b]), self.site(row))
                }
            }
            Err(args) => Expr::Builtin(builtin, args, self.site(row)),
        }
    }
}
