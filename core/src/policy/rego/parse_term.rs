//! Terms and operators, of tokens.

use std::sync::Arc;

use super::ast::{Part, Term, TermKind};
use super::lexer::{TemplatePart, TokenKind};
use super::parser::{KEYS, Parsed, Parser};
use super::value::Value;

const RELATIONS: [(&str, &str); 6] =
    [("==", "equal"), ("!=", "neq"), ("<=", "lte"), (">=", "gte"), ("<", "lt"), (">", "gt")];

/// How high a term is at most: with brackets also operators in a row count, whose operands stand in one another from the left.
const HEIGHT: u32 = 200;

impl Parser {
    /// An expression of a body: what may also be `k, v in xs`.
    pub(super) fn literal_expr(&mut self) -> Parsed<Term> {
        let term = self.expr()?;
        if !self.is_sign(",") {
            return Ok(term);
        }
        let mark = self.mark();
        self.advance();
        match self.relation(true) {
            Ok(value) if self.is_keyword("in") => {
                self.advance();
                let at = term.at;
                let domain = self.relation(true)?;
                let items = vec![term, value, domain];
                let term = self.term(Term::new(at, TermKind::Op("internal.member_3", items)))?;
                self.membership_of(term, true)
            }
            _ => {
                self.reset(mark);
                Ok(term)
            }
        }
    }

    /// An expression with all operators but `=` and `:=`.
    pub(super) fn expr(&mut self) -> Parsed<Term> {
        self.membership(true)
    }

    fn membership(&mut self, or: bool) -> Parsed<Term> {
        let left = self.relation(or)?;
        self.membership_of(left, or)
    }

    fn membership_of(&mut self, mut left: Term, or: bool) -> Parsed<Term> {
        while self.is_keyword("in") {
            self.advance();
            let right = self.relation(or)?;
            left = self.operation("internal.member_2", left, right)?;
        }
        Ok(left)
    }

    /// What stands on either side of `in`. Without `or` a `|` ends it, as in a comprehension's head.
    pub(super) fn relation(&mut self, or: bool) -> Parsed<Term> {
        let mut left = self.union(or)?;
        while let Some((_, name)) = RELATIONS.iter().find(|(sign, _)| self.is_sign(sign)) {
            self.advance();
            let right = self.union(or)?;
            left = self.operation(name, left, right)?;
        }
        Ok(left)
    }

    fn union(&mut self, or: bool) -> Parsed<Term> {
        let mut left = self.intersection()?;
        while or && self.accept("|") {
            let right = self.intersection()?;
            left = self.operation("or", left, right)?;
        }
        Ok(left)
    }

    fn intersection(&mut self) -> Parsed<Term> {
        let mut left = self.sum()?;
        while self.accept("&") {
            let right = self.sum()?;
            left = self.operation("and", left, right)?;
        }
        Ok(left)
    }

    fn sum(&mut self) -> Parsed<Term> {
        let mut left = self.product()?;
        loop {
            let name = if self.is_sign("+") {
                "plus"
            } else if self.is_sign("-") {
                "minus"
            } else {
                return Ok(left);
            };
            self.advance();
            let right = self.product()?;
            left = self.operation(name, left, right)?;
        }
    }

    fn product(&mut self) -> Parsed<Term> {
        let mut left = self.postfix()?;
        loop {
            let name = if self.is_sign("*") {
                "mul"
            } else if self.is_sign("/") {
                "div"
            } else if self.is_sign("%") {
                "rem"
            } else {
                return Ok(left);
            };
            self.advance();
            let right = self.postfix()?;
            left = self.operation(name, left, right)?;
        }
    }

    /// An operator with its operands: of several in a row the first stand innermost.
    fn operation(&mut self, name: &'static str, left: Term, right: Term) -> Parsed<Term> {
        self.term(Term::new(left.at, TermKind::Op(name, vec![left, right])))
    }

    /// A term that is no higher than it may be.
    // INVARIANT: what walks over a term calls itself no deeper than it is high.
    fn term(&mut self, term: Term) -> Parsed<Term> {
        self.tried(term.height <= HEIGHT).map(|()| term)
    }

    /// A term with what follows it directly: `.name`, `[term]`, `(arguments)`.
    pub(super) fn postfix(&mut self) -> Parsed<Term> {
        self.deeper()?;
        let mut term = self.primary()?;
        loop {
            if !self.token().adjacent {
                break;
            }
            if matches!(&term.kind, TermKind::Ref(_, path) if path.len() > KEYS) {
                return Err(self.refuse("has too many keys"));
            }
            if self.is_sign(".") {
                self.advance();
                let at = self.place();
                let name = Term::new(at, TermKind::Scalar(Value::String(self.name()?)));
                term = extended(term, name);
            } else if self.is_sign("[") {
                self.advance();
                let key = self.expr()?;
                self.expect("]")?;
                term = extended(term, key);
            } else if self.is_sign("(") && callable(&term) {
                self.advance();
                let args = self.list(")")?;
                term = Term::new(term.at, TermKind::Call(Box::new(term), args));
            } else {
                break;
            }
        }
        self.depth -= 1;
        self.term(term)
    }

    fn primary(&mut self) -> Parsed<Term> {
        let at = self.place();
        let kind = match self.kind().clone() {
            TokenKind::Scalar(value) => {
                self.advance();
                TermKind::Scalar(value)
            }
            TokenKind::Template(parts) => {
                self.advance();
                TermKind::Template(self.template(parts)?)
            }
            TokenKind::Word(word) => return self.word(&word),
            TokenKind::Sign("-") => {
                self.advance();
                match self.kind().clone() {
                    // As in OPA white space may stand between them.
                    TokenKind::Scalar(Value::Number(number)) => {
                        self.advance();
                        let text = format!("-{number}");
                        let number = super::number::Number::parse(&text);
                        let number = number.map_err(|error| self.refuse(&error.to_string()))?;
                        TermKind::Scalar(Value::Number(number))
                    }
                    _ => return Err(self.unexpected("a number")),
                }
            }
            TokenKind::Sign("(") => {
                self.advance();
                let inner = self.literal_expr()?;
                self.expect(")")?;
                return Ok(inner);
            }
            TokenKind::Sign("[") => {
                self.advance();
                self.bracket()?
            }
            TokenKind::Sign("{") => {
                self.advance();
                self.brace()?
            }
            _ => return Err(self.unexpected("a term")),
        };
        Ok(Term::new(at, kind))
    }

    fn word(&mut self, word: &Arc<str>) -> Parsed<Term> {
        let at = self.place();
        let dotted = self.second_is_dot();
        let scalar = match word.as_ref() {
            "true" if !dotted => Some(Value::Bool(true)),
            "false" if !dotted => Some(Value::Bool(false)),
            "null" if !dotted => Some(Value::Null),
            _ => None,
        };
        if let Some(value) = scalar {
            self.advance();
            return Ok(Term::new(at, TermKind::Scalar(value)));
        }
        // `contains` is a keyword and a built-in function as well.
        let called = word.as_ref() == "contains" && self.second_is("(");
        if self.reserved(word) && !dotted && !called {
            return Err(self.unexpected("a term"));
        }
        self.advance();
        if word.as_ref() == "set" && self.is_sign("(") && self.token().adjacent {
            let mark = self.mark();
            self.advance();
            if self.accept(")") {
                return Ok(Term::new(at, TermKind::Set(Vec::new())));
            }
            self.reset(mark);
        }
        Ok(Term::new(at, TermKind::Var(Arc::clone(word))))
    }

    /// After `[`: an array or an array comprehension.
    fn bracket(&mut self) -> Parsed<TermKind> {
        if self.accept("]") {
            return Ok(TermKind::Array(Vec::new()));
        }
        let mark = self.mark();
        let mut head = self.membership(false)?;
        if self.accept("|") {
            if let Some(body) = self.attempt(&TokenKind::Sign("]"))? {
                return Ok(TermKind::ArrayOf(Box::new(head), body));
            }
            self.reset(mark);
            head = self.expr()?;
        }
        let mut items = vec![head];
        if self.accept(",") {
            items.append(&mut self.list("]")?);
        } else {
            self.expect("]")?;
        }
        Ok(TermKind::Array(items))
    }

    /// After `{`: an object, a set, or a comprehension of either.
    fn brace(&mut self) -> Parsed<TermKind> {
        if self.accept("}") {
            return Ok(TermKind::Object(Vec::new()));
        }
        let mark = self.mark();
        let mut head = self.membership(false)?;
        if self.accept("|") {
            if let Some(body) = self.attempt(&TokenKind::Sign("}"))? {
                return Ok(TermKind::SetOf(Box::new(head), body));
            }
            self.reset(mark);
            head = self.expr()?;
        }
        if self.accept(":") {
            let mark = self.mark();
            let mut value = self.membership(false)?;
            if self.accept("|") {
                if let Some(body) = self.attempt(&TokenKind::Sign("}"))? {
                    return Ok(TermKind::ObjectOf(Box::new((head, value)), body));
                }
                self.reset(mark);
                value = self.expr()?;
            }
            return self.object(head, value);
        }
        let mut items = vec![head];
        if self.accept(",") {
            items.append(&mut self.list("}")?);
        } else {
            self.expect("}")?;
        }
        Ok(TermKind::Set(items))
    }

    /// After an object's first pair.
    fn object(&mut self, key: Term, value: Term) -> Parsed<TermKind> {
        let mut pairs = vec![(key, value)];
        while self.accept(",") {
            if self.is_sign("}") {
                break;
            }
            let key = self.expr()?;
            self.expect(":")?;
            pairs.push((key, self.expr()?));
        }
        self.expect("}")?;
        Ok(TermKind::Object(pairs))
    }

    /// Terms between commas to the bracket that closes them; a comma may stand last.
    pub(super) fn list(&mut self, close: &str) -> Parsed<Vec<Term>> {
        let mut items = Vec::new();
        loop {
            if self.accept(close) {
                return Ok(items);
            }
            items.push(self.expr()?);
            if !self.accept(",") {
                self.expect(close)?;
                return Ok(items);
            }
        }
    }

    fn template(&mut self, parts: Vec<TemplatePart>) -> Parsed<Vec<Part>> {
        let mut out = Vec::new();
        for part in parts {
            out.push(match part {
                TemplatePart::Text(text) => Part::Text(text),
                TemplatePart::Tokens(tokens) => {
                    let mut parser = self.nested(tokens);
                    parser.deeper()?;
                    let literal = parser.literal()?;
                    parser.end()?;
                    self.replaced.append(&mut parser.replaced);
                    Part::Expr(Box::new(literal))
                }
            });
        }
        Ok(out)
    }
}

fn extended(term: Term, key: Term) -> Term {
    let at = term.at;
    let kind = match term.kind {
        TermKind::Ref(head, mut path) => {
            path.push(key);
            TermKind::Ref(head, path)
        }
        kind => TermKind::Ref(Box::new(Term::new(at, kind)), vec![key]),
    };
    Term::new(at, kind)
}

/// Whether a term can name a function: a name, or a name with names after dots.
fn callable(term: &Term) -> bool {
    let is_name = |term: &Term| matches!(term.kind, TermKind::Scalar(Value::String(_)));
    match &term.kind {
        TermKind::Var(_) => true,
        TermKind::Ref(head, path) => {
            matches!(head.kind, TermKind::Var(_)) && path.iter().all(is_name)
        }
        _ => false,
    }
}
