//! Modules, imports, rules and bodies, of tokens.

use std::sync::Arc;

use super::ast::{
    Annotation, Every, Head, Import, Literal, LiteralKind, Module, Rule, Term, TermKind, With,
};
use super::error::{LoadError, Place, Refusal, Refused};
use super::lexer::{Comment, Token, TokenKind, lex};
use super::value::Value;

/// How deep terms nest in brackets.
pub(super) const NESTING: u32 = 64;

/// The most keys of one reference.
pub(super) const KEYS: usize = 200;

/// The most branches of one `else`.
const BRANCHES: usize = 1000;

/// Which Rego a module is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Rego v1: `if` and `contains` are required.
    #[default]
    V1,
    /// Rego v0: bodies without `if`, sets without `contains`; a module that imports `rego.v1` is v1 all the same.
    V0,
}

/// A module of its text.
pub(in crate::policy) fn parse_module(
    file: &Arc<str>,
    source: &str,
    dialect: Dialect,
) -> Result<Module, LoadError> {
    module(file, source, dialect).map_err(|refusal| refusal.within(file))
}

/// A query: a body.
pub(super) fn parse_query(source: &str) -> Result<(Vec<Literal>, Vec<Term>), Refusal> {
    let mut parser = Parser::new(lex(source)?.0, true);
    let body = parser.literals(&TokenKind::End)?;
    Ok((body, parser.replaced))
}

pub(super) type Parsed<T> = Result<T, Refusal>;

pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    pub(super) depth: u32,
    /// Whether `if`, `contains` are required.
    v1: bool,
    /// What each `with` replaces.
    pub(super) replaced: Vec<Term>,
    /// How many more terms may be tried: a comprehension that turns out to be none is read twice.
    fuel: usize,
    /// Which of the later keywords are none, in v0.
    plain: Vec<&'static str>,
}

const KEYWORDS: [&str; 15] = [
    "as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null",
    "package", "some", "true", "with",
];

const FUTURE: [&str; 4] = ["contains", "every", "if", "in"];

fn module(file: &Arc<str>, source: &str, dialect: Dialect) -> Parsed<Module> {
    let (tokens, comments) = lex(source)?;
    let mut parser = Parser::new(tokens, dialect == Dialect::V1);
    let at = parser.place();
    parser.keyword("package")?;
    let package = parser.path()?;
    let mut imports = Vec::new();
    let mut rules = Vec::new();
    loop {
        while parser.accept(";") {}
        if *parser.kind() == TokenKind::End {
            break;
        }
        if parser.is_keyword("import") {
            let import = parser.import()?;
            parser.switch(&import)?;
            imports.push(import);
        } else {
            rules.append(&mut parser.rules()?);
        }
    }
    let annotations = annotations(&comments);
    Ok(Module {
        file: Arc::clone(file),
        package,
        at,
        imports,
        rules,
        annotations,
        replaced: parser.replaced,
        v1: parser.v1,
    })
}

/// The blocks of comments that start with `METADATA`.
fn annotations(comments: &[Comment]) -> Vec<Annotation> {
    let mut blocks: Vec<Annotation> = Vec::new();
    let mut open = false;
    for comment in comments.iter().filter(|comment| comment.alone) {
        let continues = blocks.last().is_some_and(|block| block.end == comment.at.row);
        if comment.text.trim() == "METADATA" {
            let (at, end) = (comment.at, comment.at.row + 1);
            blocks.push(Annotation { at, end, text: String::new() });
            open = true;
        } else if open && continues {
            if let Some(block) = blocks.last_mut() {
                block.text.push_str(comment.text.strip_prefix(' ').unwrap_or(&comment.text));
                block.text.push('\n');
                block.end += 1;
            }
        } else {
            open = false;
        }
    }
    blocks
}

impl Parser {
    pub(super) fn new(tokens: Vec<Token>, v1: bool) -> Self {
        let plain = if v1 { Vec::new() } else { FUTURE.to_vec() };
        let fuel = tokens.len().saturating_mul(8).saturating_add(4096);
        Self { tokens, at: 0, depth: 0, v1, replaced: Vec::new(), fuel, plain }
    }

    /// A parser of other tokens in the same dialect and at the same depth.
    pub(super) fn nested(&self, tokens: Vec<Token>) -> Self {
        let mut parser = Self::new(tokens, self.v1);
        parser.depth = self.depth;
        parser.plain.clone_from(&self.plain);
        parser
    }

    fn import(&mut self) -> Parsed<Import> {
        let at = self.place();
        self.keyword("import")?;
        let path = self.path()?;
        let alias = if self.is_keyword("as") {
            self.advance();
            Some(self.name()?)
        } else {
            None
        };
        Ok(Import { at, path, alias })
    }

    /// What an import of `rego.v1` or `future.keywords` does to the dialect.
    fn switch(&mut self, import: &Import) -> Parsed<()> {
        let path: Vec<&str> = import.path.iter().map(AsRef::as_ref).collect();
        match path.as_slice() {
            ["rego", "v1"] => {
                self.v1 = true;
                self.plain.clear();
            }
            ["future", "keywords"] => self.plain.clear(),
            ["future", "keywords", word] => {
                if !FUTURE.contains(word) && *word != "not" {
                    let message = format!("unexpected keyword, must be one of {FUTURE:?}");
                    return Err(Refusal::new(Refused::Parse, import.at, message));
                }
                self.plain.retain(|plain| plain != word && !(*word == "every" && *plain == "in"));
            }
            ["data" | "input", ..] => {}
            [other, ..] => {
                let message = format!(
                    "unexpected import path, must begin with one of: {{data, future, input, rego}}, got: `{other}`"
                );
                return Err(Refusal::new(Refused::Parse, import.at, message));
            }
            [] => {}
        }
        Ok(())
    }

    /// `a.b["c"]`: only names.
    fn path(&mut self) -> Parsed<Vec<Arc<str>>> {
        let mut path = vec![self.name()?];
        loop {
            if self.is_sign(".") {
                self.advance();
                path.push(self.name()?);
            } else if self.is_sign("[") && self.token().adjacent {
                self.advance();
                let TokenKind::Scalar(Value::String(text)) = self.kind().clone() else {
                    return Err(self.unexpected("a string"));
                };
                self.advance();
                path.push(text);
                self.expect("]")?;
            } else {
                return Ok(path);
            }
            if path.len() > KEYS {
                return Err(self.refuse("has too many keys"));
            }
        }
    }

    /// One rule; a rule with several bodies is several.
    fn rules(&mut self) -> Parsed<Vec<Rule>> {
        let at = self.place();
        let default = self.is_keyword("default");
        if default {
            self.advance();
        }
        let (name, mut path) = self.head_ref()?;
        let args = if self.is_sign("(") && self.token().adjacent {
            self.advance();
            Some(self.list(")")?)
        } else {
            None
        };
        let mut valued = true;
        let mut assigned = false;
        let head = if self.is_keyword("contains") {
            self.advance();
            Head::Contains(self.expr()?)
        } else if self.is_sign(":=") || self.is_sign("=") {
            assigned = true;
            self.advance();
            Head::Value(self.expr()?)
        } else {
            valued = false;
            Head::Value(Term::new(at, TermKind::Scalar(Value::Bool(true))))
        };
        if default && !assigned {
            return Err(self.unexpected("`:=`"));
        }
        // In v0 `p[x] { … }` makes a set; with an `if` it is an object of `true`.
        let head = match head {
            Head::Value(_) if !self.v1 && !valued && path.len() == 1 && !self.is_keyword("if") => {
                path.pop().map_or(head, Head::Contains)
            }
            other => other,
        };
        let braces = !self.v1 && self.is_sign("{");
        let body = if default {
            Vec::new()
        } else if self.is_keyword("if") {
            self.advance();
            self.if_body()?
        } else if braces {
            self.braced()?
        } else {
            if !assigned && matches!(head, Head::Value(_)) && (self.v1 || args.is_some()) {
                return Err(self.unexpected("`if`, `contains` or a value"));
            }
            Vec::new()
        };
        let mut rule = Rule { at, default, name, path, args, head, body, otherwise: None };
        let mut rules = Vec::new();
        if self.is_keyword("else") {
            if matches!(rule.head, Head::Contains(_)) || default {
                return Err(self.unexpected("no `else` after a set's or a default rule"));
            }
            rule.otherwise = self.branches(&rule)?;
            rules.push(rule);
            return Ok(rules);
        }
        // A body that follows another is a rule of its own with the same head.
        while !rule.body.is_empty() && self.is_sign("{") {
            let mut other = rule.clone();
            other.at = self.place();
            other.body = self.braced()?;
            rules.push(other);
        }
        rules.insert(0, rule);
        Ok(rules)
    }

    /// The branches of an `else`, each the next one's.
    fn branches(&mut self, of: &Rule) -> Parsed<Option<Box<Rule>>> {
        let mut branches = Vec::new();
        while self.is_keyword("else") {
            if branches.len() >= BRANCHES {
                return Err(self.refuse("has too many branches"));
            }
            branches.push(self.branch(of)?);
        }
        Ok(branches.into_iter().rev().fold(None, |next, mut branch| {
            branch.otherwise = next;
            Some(Box::new(branch))
        }))
    }

    fn branch(&mut self, of: &Rule) -> Parsed<Rule> {
        let at = self.place();
        self.keyword("else")?;
        let value = if self.is_sign(":=") || self.is_sign("=") {
            self.advance();
            self.expr()?
        } else {
            Term::new(at, TermKind::Scalar(Value::Bool(true)))
        };
        let body = if self.is_keyword("if") {
            self.advance();
            self.if_body()?
        } else if self.is_sign("{") && !self.v1 {
            self.braced()?
        } else {
            Vec::new()
        };
        Ok(Rule {
            at,
            default: false,
            name: Arc::clone(&of.name),
            path: of.path.clone(),
            args: of.args.clone(),
            head: Head::Value(value),
            body,
            otherwise: None,
        })
    }

    /// After `if`: one literal, or a body in braces. A literal is tried first, as OPA does, so that `if {x | …}` is a comprehension; a set is none.
    fn if_body(&mut self) -> Parsed<Vec<Literal>> {
        if !self.is_sign("{") {
            return Ok(vec![self.literal()?]);
        }
        let (before, depth) = (self.at, self.depth);
        let literal = self.literal();
        if self.fuel == 0 {
            return literal.map(|literal| vec![literal]);
        }
        if let Ok(literal) = literal {
            let set = matches!(&literal.kind, LiteralKind::Term(term) if matches!(term.kind, TermKind::Set(_)));
            if !set {
                return Ok(vec![literal]);
            }
        }
        (self.at, self.depth) = (before, depth);
        self.braced()
    }

    pub(super) fn braced(&mut self) -> Parsed<Vec<Literal>> {
        self.expect("{")?;
        let body = self.literals(&TokenKind::Sign("}"))?;
        Ok(body)
    }

    /// `p.q[r]` of a head.
    fn head_ref(&mut self) -> Parsed<(Arc<str>, Vec<Term>)> {
        let name = if self.second_is_dot() { self.name()? } else { self.variable()? };
        let mut path = Vec::new();
        loop {
            if self.is_sign(".") && self.token().adjacent {
                self.advance();
                let at = self.place();
                path.push(Term::new(at, TermKind::Scalar(Value::String(self.name()?))));
            } else if self.is_sign("[") && self.token().adjacent {
                self.advance();
                path.push(self.expr()?);
                self.expect("]")?;
            } else {
                return Ok((name, path));
            }
            if path.len() > KEYS {
                return Err(self.refuse("has too many keys"));
            }
        }
    }

    /// Literals to the token that ends them, which is taken: at least one.
    pub(super) fn literals(&mut self, end: &TokenKind) -> Parsed<Vec<Literal>> {
        let mut body = Vec::new();
        loop {
            while self.accept(";") {}
            if self.kind() == end {
                if body.is_empty() {
                    return Err(self.unexpected("an expression"));
                }
                self.advance();
                return Ok(body);
            }
            body.push(self.literal()?);
            let separated = self.token().newline || self.is_sign(";") || self.kind() == end;
            if !separated {
                return Err(self.unexpected("`;` or a new line"));
            }
        }
    }

    pub(super) fn literal(&mut self) -> Parsed<Literal> {
        let at = self.place();
        let negated = self.is_keyword("not");
        if negated {
            self.advance();
        }
        let kind = if self.is_keyword("some") {
            if negated {
                return Err(self.unexpected("no `some` after `not`"));
            }
            self.some()?
        } else if self.is_keyword("every") {
            if negated {
                return Err(self.unexpected("no `every` after `not`"));
            }
            self.every()?
        } else {
            let left = self.literal_expr()?;
            if self.accept(":=") {
                LiteralKind::Assign(left, self.literal_expr()?)
            } else if self.accept("=") {
                LiteralKind::Unify(left, self.literal_expr()?)
            } else {
                LiteralKind::Term(left)
            }
        };
        let mut with = Vec::new();
        while self.is_keyword("with") {
            let at = self.place();
            self.advance();
            let target = self.postfix()?;
            self.replaced.push(target.clone());
            self.keyword("as")?;
            with.push(With { at, target, value: self.expr()? });
        }
        if !with.is_empty() && matches!(kind, LiteralKind::Declare(_)) {
            return Err(self.unexpected("no `with` after `some`"));
        }
        Ok(Literal { at, negated, kind, with })
    }

    fn some(&mut self) -> Parsed<LiteralKind> {
        self.advance();
        let mut terms = vec![self.relation(true)?];
        while self.accept(",") {
            terms.push(self.relation(true)?);
        }
        if self.is_keyword("in") {
            self.advance();
            let domain = self.relation(true)?;
            let value = terms.pop();
            return match (value, terms.pop(), terms.is_empty()) {
                (Some(value), key, true) => Ok(LiteralKind::SomeIn(key, value, domain)),
                _ => Err(self.unexpected("one or two terms before `in`")),
            };
        }
        let names = terms.into_iter().map(|term| match term.kind {
            TermKind::Var(name) => Ok(name),
            _ => Err(Refusal::new(Refused::Parse, term.at, "expected a variable after `some`")),
        });
        names.collect::<Parsed<Vec<_>>>().map(LiteralKind::Declare)
    }

    fn every(&mut self) -> Parsed<LiteralKind> {
        self.advance();
        let mut value = self.relation(true)?;
        let mut key = None;
        if self.accept(",") {
            key = Some(std::mem::replace(&mut value, self.relation(true)?));
        }
        self.keyword("in")?;
        let domain = self.relation(true)?;
        self.deeper()?;
        let body = self.braced()?;
        self.depth -= 1;
        Ok(LiteralKind::Every(Box::new(Every { key, value, domain, body })))
    }

    /// A name, and no keyword.
    pub(super) fn variable(&mut self) -> Parsed<Arc<str>> {
        match self.kind() {
            TokenKind::Word(word) if !self.reserved(word) => self.name(),
            _ => Err(self.unexpected("a name")),
        }
    }

    /// A name, or a keyword where a name must stand.
    pub(super) fn name(&mut self) -> Parsed<Arc<str>> {
        let TokenKind::Word(word) = self.kind().clone() else {
            return Err(self.unexpected("a name"));
        };
        self.advance();
        Ok(word)
    }

    pub(super) fn reserved(&self, word: &str) -> bool {
        KEYWORDS.contains(&word) && !self.plain.contains(&word)
    }

    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.kind(), TokenKind::Word(word) if word.as_ref() == keyword)
            && !self.plain.contains(&keyword)
            && !self.second_is_dot()
    }

    /// Whether a dot follows directly: then a keyword is a name.
    pub(super) fn second_is_dot(&self) -> bool {
        self.second_is(".")
    }

    /// Whether a sign follows directly.
    pub(super) fn second_is(&self, sign: &str) -> bool {
        let second = self.tokens.get(self.at + 1);
        second.is_some_and(|token| {
            token.adjacent && matches!(token.kind, TokenKind::Sign(found) if found == sign)
        })
    }

    /// A body that may turn out to be none: then what stands there is read in another way.
    pub(super) fn attempt(&mut self, end: &TokenKind) -> Parsed<Option<Vec<Literal>>> {
        match self.literals(end) {
            Ok(body) => Ok(Some(body)),
            Err(refusal) if self.fuel == 0 => Err(refusal),
            Err(_) => Ok(None),
        }
    }

    pub(super) fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        self.tried(self.depth <= NESTING)
    }

    pub(super) fn tried(&mut self, fits: bool) -> Parsed<()> {
        // Where it is too much, nothing else is tried.
        self.fuel = if fits { self.fuel.saturating_sub(1) } else { 0 };
        if self.fuel == 0 { Err(self.refuse("nests too deep")) } else { Ok(()) }
    }

    fn keyword(&mut self, keyword: &str) -> Parsed<()> {
        if !self.is_keyword(keyword) {
            return Err(self.unexpected(&format!("`{keyword}`")));
        }
        self.advance();
        Ok(())
    }

    pub(super) fn end(&self) -> Parsed<()> {
        if *self.kind() == TokenKind::End { Ok(()) } else { Err(self.unexpected("the end")) }
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.kind(), TokenKind::Sign(found) if *found == sign)
    }

    pub(super) fn accept(&mut self, sign: &str) -> bool {
        let is = self.is_sign(sign);
        if is {
            self.advance();
        }
        is
    }

    pub(super) fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.accept(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    pub(super) fn kind(&self) -> &TokenKind {
        self.tokens.get(self.at).map_or(&TokenKind::End, |token| &token.kind)
    }

    pub(super) fn token(&self) -> Token {
        let at = self.tokens.get(self.at).or(self.tokens.last());
        let (at, adjacent, newline) = at.map_or((Place::default(), false, true), |token| {
            (token.at, token.adjacent, token.newline)
        });
        Token { at, kind: TokenKind::End, adjacent, newline }
    }

    pub(super) fn place(&self) -> Place {
        self.token().at
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) const fn mark(&self) -> (usize, u32) {
        (self.at, self.depth)
    }

    pub(super) const fn reset(&mut self, mark: (usize, u32)) {
        (self.at, self.depth) = mark;
    }

    pub(super) fn unexpected(&self, wanted: &str) -> Refusal {
        let found = match self.kind() {
            TokenKind::Word(word) => format!("`{word}`"),
            TokenKind::Scalar(value) => format!("`{value}`"),
            TokenKind::Template(_) => "a template string".to_owned(),
            TokenKind::Sign(sign) => format!("`{sign}`"),
            TokenKind::End => "the end".to_owned(),
        };
        self.refuse(&format!("expected {wanted}, found {found}"))
    }

    pub(super) fn refuse(&self, message: &str) -> Refusal {
        Refusal::new(Refused::Parse, self.place(), message)
    }
}
