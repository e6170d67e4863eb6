//! Expressions of bound variables evaluated: each has one value, or is undefined.

use super::builtin::{Builtin, Exhausted, Fault};
use super::code::{ClosureCode, Comparison, Expr, PieceCode, Site};
use super::error::{EvalError, Failure};
use super::goal::Make;
use super::machine::{Eval, Flow, Machine, Mock, Mocked};
use super::tree::NodeId;
use super::value::{DEPTH, Value};

/// The bytes that an item of a collection is reckoned as.
pub(super) const ITEM: usize = 32;

/// Where a function of the policy is called: it tells its own places.
const NOWHERE: Site = Site { file: u32::MAX, row: 0 };

/// Functions that look at no more of an argument than its own items, whatever is within those.
const SHALLOW: [&str; 12] = [
    "array.concat",
    "array.reverse",
    "array.slice",
    "count",
    "is_array",
    "is_boolean",
    "is_null",
    "is_number",
    "is_object",
    "is_set",
    "is_string",
    "type_name",
];

impl<'p> Machine<'p, '_> {
    /// The value of an expression; none if it is undefined.
    pub(super) fn expr(&mut self, expr: &'p Expr) -> Eval<Option<Value>> {
        match expr {
            Expr::Const(_) | Expr::Slot(_) | Expr::Input(_) => {
                Ok(self.peek(expr).flatten().cloned())
            }
            Expr::Data(reference) => self.data(reference),
            Expr::Index(base, path) => self.nested(|machine| machine.index(base, path)),
            Expr::Array(items) => {
                let items = self.nested(|machine| machine.exprs(items))?;
                self.checked(items.map(Value::array))
            }
            Expr::Set(items) => {
                let items = self.nested(|machine| machine.exprs(items))?;
                let set = items.map(|items| self.set(items)).transpose()?;
                self.checked(set)
            }
            Expr::Object(pairs) => self.nested(|machine| machine.object(pairs)),
            Expr::Builtin(builtin, args, at) => self.builtin(builtin, args, *at),
            Expr::Function(node, args) => self.function(*node, args),
            Expr::Compare(comparison, pair) => {
                Ok(self.compare(*comparison, pair)?.map(Value::Bool))
            }
            Expr::Member(pair) => self.nested(|machine| machine.member(pair)),
            Expr::Closure(code) => self.nested(|machine| machine.closure(code)),
            Expr::Template(pieces) => self.nested(|machine| machine.template(pieces)),
        }
    }

    /// The value where it can be lent: `None` if it must be computed, `Some(None)` if it is undefined.
    pub(super) fn peek<'a>(&'a self, expr: &'a Expr) -> Option<Option<&'a Value>> {
        match expr {
            Expr::Const(value) => Some(Some(value)),
            Expr::Slot(slot) => Some(Some(self.slot(*slot))),
            Expr::Input(path) => {
                let input = self.world.input.as_ref();
                Some(
                    input
                        .and_then(|input| path.iter().try_fold(input, |value, key| value.get(key))),
                )
            }
            _ => None,
        }
    }

    /// Whether two values compare so; none if either is undefined.
    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        pair: &'p (Expr, Expr),
    ) -> Eval<Option<bool>> {
        let (a, b) = pair;
        if let (Some(a), Some(b)) = (self.peek(a), self.peek(b)) {
            let Some((a, b)) = a.zip(b) else { return Ok(None) };
            let mut fuel = self.fuel();
            let order = fuel.compare(a, b);
            return self.burnt(fuel, order).map(|order| Some(comparison.holds(order)));
        }
        self.nested(|machine| {
            let Some(a) = machine.expr(a)? else { return Ok(None) };
            let Some(b) = machine.expr(b)? else { return Ok(None) };
            let mut fuel = machine.fuel();
            let order = fuel.compare(&a, &b);
            machine.burnt(fuel, order).map(|order| Some(comparison.holds(order)))
        })
    }

    fn exprs(&mut self, exprs: &'p [Expr]) -> Eval<Option<Vec<Value>>> {
        let mut values = Vec::with_capacity(exprs.len());
        for expr in exprs {
            match self.expr(expr)? {
                Some(value) => values.push(value),
                None => return Ok(None),
            }
        }
        Ok(Some(values))
    }

    fn index(&mut self, base: &'p Expr, path: &'p [Expr]) -> Eval<Option<Value>> {
        let Some(mut value) = self.expr(base)? else { return Ok(None) };
        for key in path {
            let found = match self.peek(key) {
                Some(Some(key)) if key.is_short() => value.get(key).cloned(),
                Some(None) => None,
                _ => match self.expr(key)? {
                    Some(key) => {
                        self.seek(&key)?;
                        value.get(&key).cloned()
                    }
                    None => None,
                },
            };
            match found {
                Some(found) => value = found,
                None => return Ok(None),
            }
        }
        Ok(Some(value))
    }

    fn object(&mut self, pairs: &'p [(Expr, Expr)]) -> Eval<Option<Value>> {
        let mut values = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let Some(key) = self.expr(key)? else { return Ok(None) };
            let Some(value) = self.expr(value)? else { return Ok(None) };
            values.push((key, value));
        }
        let object = self.object_of(values, false)?;
        self.checked(Some(object))
    }

    fn member(&mut self, pair: &'p (Expr, Expr)) -> Eval<Option<Value>> {
        let Some(item) = self.expr(&pair.0)? else { return Ok(None) };
        let Some(all) = self.expr(&pair.1)? else { return Ok(None) };
        let found = match &all {
            Value::Array(items) => self.any_equal(items.iter(), &item)?,
            Value::Set(items) => {
                self.seek(&item)?;
                items.contains(&item)
            }
            Value::Object(pairs) => self.any_equal(pairs.values(), &item)?,
            _ => false,
        };
        Ok(Some(Value::Bool(found)))
    }

    fn closure(&mut self, code: &'p ClosureCode) -> Eval<Option<Value>> {
        if code.make == Make::Object {
            return self.object_closure(code);
        }
        let mut items = Vec::new();
        self.block(&code.body, &mut |machine| {
            if let Some(head) = code.head.first()
                && let Some(value) = machine.expr(head)?
            {
                machine.allocate(ITEM)?;
                items.push(value);
            }
            Ok(Flow::More)
        })?;
        let value = if code.make == Make::Set { self.set(items)? } else { Value::array(items) };
        self.checked(Some(value))
    }

    fn object_closure(&mut self, code: &'p ClosureCode) -> Eval<Option<Value>> {
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        self.block(&code.body, &mut |machine| {
            if let [key, value] = code.head.as_ref()
                && let Some(key) = machine.expr(key)?
                && let Some(value) = machine.expr(value)?
            {
                machine.allocate(2 * ITEM)?;
                pairs.push((key, value));
            }
            Ok(Flow::More)
        })?;
        let object = self.object_of(pairs, true)?;
        self.checked(Some(object))
    }

    /// The pieces' texts: of an undefined expression `<undefined>`.
    fn template(&mut self, pieces: &'p [PieceCode]) -> Eval<Option<Value>> {
        let mut text = String::new();
        for piece in pieces {
            let before = text.len();
            match piece {
                PieceCode::Text(plain) => text.push_str(plain),
                PieceCode::Expr(expr) => {
                    let values = self.expr(expr)?;
                    let values = values.as_ref().and_then(Value::as_set).map(|set| set.as_slice());
                    match values.unwrap_or_default() {
                        [] => text.push_str("<undefined>"),
                        [Value::String(value)] => text.push_str(value),
                        [value] => {
                            self.weigh(value.size())?;
                            text.push_str(&super::builtin::term(value));
                        }
                        _ => {
                            let message = "template-strings must not produce multiple outputs";
                            return Err(EvalError::new(Failure::Conflict, message));
                        }
                    }
                }
            }
            self.allocate(text.len() - before)?;
        }
        Ok(Some(Value::from(text)))
    }

    /// A built-in function's answer. Those that stand in one another as first arguments, as operators in a row do, are gone through one after the
    /// other: of the longest row none nests deeper.
    pub(super) fn builtin(
        &mut self,
        builtin: &'static Builtin,
        args: &'p [Expr],
        at: Site,
    ) -> Eval<Option<Value>> {
        self.nested(|machine| {
            let (mut call, mut outer) = ((builtin, args, at), Vec::new());
            while let Some(Expr::Builtin(builtin, args, at)) = call.1.first() {
                outer.push(std::mem::replace(&mut call, (builtin, args, *at)));
            }
            let mut first = None;
            loop {
                let (builtin, args, at) = call;
                let mut values = Vec::with_capacity(args.len());
                values.extend(first.take());
                for arg in args.get(values.len()..).unwrap_or_default() {
                    let Some(value) = machine.expr(arg)? else { return Ok(None) };
                    values.push(value);
                }
                first = machine.answer(builtin, &values, at)?;
                match outer.pop() {
                    Some(next) if first.is_some() => call = next,
                    _ => return Ok(first),
                }
            }
        })
    }

    fn answer(
        &mut self,
        builtin: &'static Builtin,
        args: &[Value],
        at: Site,
    ) -> Eval<Option<Value>> {
        if !self.world.mocks.is_empty()
            && let Some(mock) = self.mock(Mocked::Builtin(builtin.name))?
        {
            return self.mocked(mock, args, at);
        }
        self.run(builtin, args, at).map_err(|error| self.located(error, at))
    }

    fn function(&mut self, node: NodeId, args: &'p [Expr]) -> Eval<Option<Value>> {
        self.nested(|machine| {
            let Some(args) = machine.exprs(args)? else { return Ok(None) };
            if !machine.world.mocks.is_empty()
                && let Some(mock) = machine.mock(Mocked::Function(node))?
            {
                return machine.mocked(mock, &args, NOWHERE);
            }
            machine.call(node, &args)
        })
    }

    fn mocked(&mut self, mock: Mock, args: &[Value], at: Site) -> Eval<Option<Value>> {
        match mock {
            Mock::Value(value) => Ok(Some(value)),
            Mock::Builtin(builtin) => self.unmocked(|machine| machine.run(builtin, args, at)),
            Mock::Function(node) => self.unmocked(|machine| machine.call(node, args)),
        }
    }

    pub(super) fn run(
        &mut self,
        builtin: &'static Builtin,
        args: &[Value],
        at: Site,
    ) -> Eval<Option<Value>> {
        if super::compile::is_refused(builtin.name) {
            let message = format!("`{}` reaches outside of the engine", builtin.name);
            return Err(EvalError::new(Failure::Refused, message));
        }
        if self.observer.is_some() && builtin.name == "trace" {
            self.tell_trace(args, at);
        }
        let (least, most) = builtin.arity;
        if args.len() < usize::from(least) || args.len() > usize::from(most) {
            return Ok(None);
        }
        let name = builtin.name;
        let weighed = match name {
            // Only the key is compared.
            "object.get" => args.get(1..2).unwrap_or_default(),
            shallow if SHALLOW.contains(&shallow) => &[],
            _ => args,
        };
        let size = weighed.iter().fold(0_u64, |size, arg| size.saturating_add(arg.size()));
        self.weigh(size)?;
        match (builtin.run)(&mut self.context, args) {
            // A relation's results are one level more than each of them.
            Ok(value) if builtin.relation => Ok(value),
            Ok(value) => self.checked(value),
            Err(Fault::Exhausted(what)) => Err(what.into()),
            Err(_) if !self.strict => Ok(None),
            Err(Fault::Type(message)) => {
                Err(EvalError::new(Failure::Type, format!("{name}: {message}")))
            }
            Err(Fault::Builtin(message)) => {
                Err(EvalError::new(Failure::Builtin, format!("{name}: {message}")))
            }
        }
    }

    /// A value that nests no deeper than it may.
    fn checked(&mut self, value: Option<Value>) -> Eval<Option<Value>> {
        if let Some(value) = &value {
            if value.depth() > DEPTH {
                return Err(Exhausted::Depth.into());
            }
            self.allocate(value.len().saturating_mul(ITEM))?;
        }
        Ok(value)
    }
}
