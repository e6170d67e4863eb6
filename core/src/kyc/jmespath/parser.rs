//! Reads a JMESPath text: a parser by binding powers, after the grammar of the specification.

use super::fault::{Fault, column};
use super::function::Function;
use super::lexer::{Token, words};
use super::node::{Comparison, Node, Over, Slice};
use crate::value::Value;

/// The longest text, in bytes.
pub const TEXT: usize = 64 << 10;

/// How deep expressions may stand in one another.
pub const NESTING: u32 = 100;

/// Below it a projection ends: what follows is asked of the whole list.
const PROJECTION_ENDS: u8 = 10;

/// An expression and how deep it nests.
struct Tree {
    node: Node,
    depth: u32,
}

struct Parser<'a> {
    text: &'a str,
    words: Vec<(Token, usize)>,
    next: usize,
    depth: u32,
}

/// Reads a text.
pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    if text.len() > TEXT {
        return Err(Fault::new(TEXT, format!("the text is longer than {TEXT} bytes")));
    }
    let mut parser = Parser { text, words: words(text)?, next: 0, depth: 0 };
    let tree = parser.expression(0)?;
    match parser.peek() {
        Token::End => Ok(tree.node),
        _ => Err(parser.unexpected("the end or an operator")),
    }
}

impl Parser<'_> {
    fn expression(&mut self, power: u8) -> Result<Tree, Fault> {
        self.depth += 1;
        if self.depth > NESTING {
            return Err(self.deep());
        }
        let mut left = self.first()?;
        while power < binding(self.peek()) {
            left = self.following(left)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// What an expression begins with.
    fn first(&mut self) -> Result<Tree, Fault> {
        let at = self.at();
        let token = self.take();
        let current = Tree { node: Node::Current, depth: 0 };
        match token {
            Token::Literal(value) => Ok(Tree { node: Node::Literal(value), depth: 0 }),
            Token::Current => Ok(current),
            Token::Name(name) if *self.peek() == Token::OpenParenthesis => self.call(&name, at),
            Token::Name(name) => Ok(Tree { node: Node::Fields(vec![name]), depth: 0 }),
            Token::Quoted(_) if *self.peek() == Token::OpenParenthesis => {
                Err(Fault::new(at, "the name of a function has no quotes"))
            }
            Token::Quoted(name) => Ok(Tree { node: Node::Fields(vec![name]), depth: 0 }),
            Token::Star => {
                let then = self.projected(binding(&Token::Star))?;
                self.each(Over::Values, current, then)
            }
            Token::Filter => self.filter(current),
            Token::Flatten => self.flatten(current),
            Token::OpenBrace => self.object(),
            Token::OpenParenthesis => {
                let inner = self.expression(0)?;
                self.eat(&Token::CloseParenthesis, "`)`")?;
                Ok(inner)
            }
            Token::Not => {
                let inner = self.expression(binding(&Token::Not))?;
                self.over(Node::Not(Box::new(inner.node)), inner.depth)
            }
            Token::Open => match (self.peek(), self.peek_second()) {
                (Token::Number(_) | Token::Colon, _) => self.index(current),
                (Token::Star, Token::Close) => self.items(current),
                _ => self.list(),
            },
            Token::Expression => {
                Err(Fault::new(at, "`&` stands before an argument of a function only"))
            }
            Token::Number(number) => {
                let told =
                    "stands where an expression should; a number is written in backticks, as `1`";
                Err(Fault::new(at, format!("`{number}` {told}")))
            }
            _ => {
                self.next = self.next.saturating_sub(usize::from(token != Token::End));
                Err(self.unexpected("an expression"))
            }
        }
    }

    /// What follows an expression.
    fn following(&mut self, left: Tree) -> Result<Tree, Fault> {
        let token = self.take();
        let power = binding(&token);
        let comparison = match token {
            Token::Dot if *self.peek() == Token::Star => {
                self.take();
                let then = self.projected(binding(&Token::Star))?;
                return self.each(Over::Values, left, then);
            }
            Token::Dot => {
                let right = self.after_dot(power)?;
                return self.then(left, right);
            }
            Token::Pipe => {
                let right = self.expression(power)?;
                return self.then(left, right);
            }
            Token::Or | Token::And => {
                let right = self.expression(power)?;
                return self.joined(left, right, token == Token::Or);
            }
            Token::Filter => return self.filter(left),
            Token::Flatten => return self.flatten(left),
            Token::Open => {
                return match self.peek() {
                    Token::Number(_) | Token::Colon => self.index(left),
                    Token::Star => self.items(left),
                    _ => Err(self.unexpected("an index, a slice or `*`")),
                };
            }
            Token::Equal => Comparison::Equal,
            Token::Unequal => Comparison::Unequal,
            Token::Less => Comparison::Less,
            Token::LessEqual => Comparison::LessEqual,
            Token::Greater => Comparison::Greater,
            Token::GreaterEqual => Comparison::GreaterEqual,
            _ => {
                self.next = self.next.saturating_sub(1);
                return Err(self.unexpected("an operator"));
            }
        };
        let right = self.expression(power)?;
        let depth = left.depth.max(right.depth);
        self.over(Node::Compare(comparison, Box::new((left.node, right.node))), depth)
    }

    /// `a || b || c` is one node, so that a long list of alternatives does not nest.
    fn joined(&self, left: Tree, right: Tree, any: bool) -> Result<Tree, Fault> {
        let depth = left.depth.max(right.depth);
        match (left.node, any) {
            (Node::Any(mut nodes), true) => {
                nodes.push(right.node);
                let depth = left.depth.max(right.depth + 1);
                self.bounded(Tree { node: Node::Any(nodes), depth })
            }
            (Node::All(mut nodes), false) => {
                nodes.push(right.node);
                let depth = left.depth.max(right.depth + 1);
                self.bounded(Tree { node: Node::All(nodes), depth })
            }
            (node, true) => self.over(Node::Any(vec![node, right.node]), depth),
            (node, false) => self.over(Node::All(vec![node, right.node]), depth),
        }
    }

    fn then(&self, left: Tree, right: Tree) -> Result<Tree, Fault> {
        let depth = left.depth.max(right.depth);
        let node = left.node.then(right.node);
        if let Node::Fields(_) = node { Ok(Tree { node, depth }) } else { self.over(node, depth) }
    }

    fn each(&self, over: Over, left: Tree, then: Tree) -> Result<Tree, Fault> {
        let depth = left.depth.max(then.depth);
        self.over(Node::Each(over, Box::new((left.node, then.node))), depth)
    }

    /// After `[?`.
    fn filter(&mut self, left: Tree) -> Result<Tree, Fault> {
        let condition = self.expression(0)?;
        self.eat(&Token::Close, "`]`")?;
        let then = if *self.peek() == Token::Flatten {
            Tree { node: Node::Current, depth: 0 }
        } else {
            self.projected(binding(&Token::Filter))?
        };
        let depth = condition.depth.max(left.depth).max(then.depth);
        let over = Over::Filter(Box::new(condition.node));
        self.over(Node::Each(over, Box::new((left.node, then.node))), depth)
    }

    /// After `[]`.
    fn flatten(&mut self, left: Tree) -> Result<Tree, Fault> {
        let flat = self.over(Node::Flatten(Box::new(left.node)), left.depth)?;
        let then = self.projected(binding(&Token::Flatten))?;
        self.each(Over::Items, flat, then)
    }

    /// `*]` after `[`.
    fn items(&mut self, left: Tree) -> Result<Tree, Fault> {
        self.take();
        self.eat(&Token::Close, "`]`")?;
        let then = self.projected(binding(&Token::Star))?;
        self.each(Over::Items, left, then)
    }

    /// A number or a slice after `[`.
    fn index(&mut self, left: Tree) -> Result<Tree, Fault> {
        if let (Token::Number(number), Token::Close) = (self.peek().clone(), self.peek_second()) {
            self.next += 2;
            return self.then(left, Tree { node: Node::Index(number), depth: 0 });
        }
        let at = self.at();
        let mut parts = [None; 3];
        for (part, bound) in parts.iter_mut().enumerate() {
            if let Token::Number(number) = *self.peek() {
                self.take();
                *bound = Some(number);
            }
            if *self.peek() != Token::Colon || part == 2 {
                break;
            }
            self.take();
        }
        self.eat(&Token::Close, "`]` or a slice of whole numbers, as `[0:2]`")?;
        let [start, stop, step] = parts;
        if step == Some(0) {
            return Err(Fault::new(at, "the step of a slice is not zero"));
        }
        let slice = Tree { node: Node::Slice(Slice { start, stop, step }), depth: 0 };
        let sliced = self.then(left, slice)?;
        let then = self.projected(binding(&Token::Star))?;
        self.each(Over::Items, sliced, then)
    }

    /// What is asked of each part of a projection.
    fn projected(&mut self, power: u8) -> Result<Tree, Fault> {
        match self.peek() {
            Token::Open | Token::Filter => self.expression(power),
            Token::Dot => {
                self.take();
                self.after_dot(power)
            }
            other if binding(other) < PROJECTION_ENDS => Ok(Tree { node: Node::Current, depth: 0 }),
            _ => Err(self.unexpected("`.`, `[` or the end")),
        }
    }

    fn after_dot(&mut self, power: u8) -> Result<Tree, Fault> {
        match self.peek() {
            Token::Name(_) | Token::Quoted(_) | Token::Star => self.expression(power),
            Token::Open => {
                self.take();
                self.list()
            }
            Token::OpenBrace => {
                self.take();
                self.object()
            }
            _ => Err(self.unexpected("a name, `*`, `[` or `{`")),
        }
    }

    /// After the `[` of `[a, b]`.
    fn list(&mut self) -> Result<Tree, Fault> {
        let (mut nodes, mut depth) = (Vec::new(), 0);
        loop {
            let item = self.expression(0)?;
            depth = item.depth.max(depth);
            nodes.push(item.node);
            if !self.more(&Token::Close, "`,` or `]`")? {
                return self.over(Node::List(nodes), depth);
            }
        }
    }

    /// After the `{` of `{a: b}`.
    fn object(&mut self) -> Result<Tree, Fault> {
        let (mut pairs, mut depth) = (Vec::new(), 0);
        loop {
            let (Token::Name(name) | Token::Quoted(name)) = self.peek().clone() else {
                return Err(self.unexpected("a name"));
            };
            self.take();
            self.eat(&Token::Colon, "`:`")?;
            let value = self.expression(0)?;
            depth = value.depth.max(depth);
            pairs.push((Value::from(&*name), value.node));
            if !self.more(&Token::CloseBrace, "`,` or `}`")? {
                return self.over(Node::Object(pairs), depth);
            }
        }
    }

    /// After the name of a function.
    fn call(&mut self, name: &str, at: usize) -> Result<Tree, Fault> {
        let function = Function::named(name).map_err(|message| Fault::new(at, message))?;
        self.take();
        let (mut arguments, mut depth) = (Vec::new(), 0);
        if *self.peek() == Token::CloseParenthesis {
            self.take();
        } else {
            loop {
                let expression = *self.peek() == Token::Expression;
                self.next += usize::from(expression);
                // A reference takes all that stands in its argument, even alternatives.
                let argument = self.expression(0)?;
                depth = argument.depth.max(depth);
                arguments.push(match (argument.node, expression) {
                    (node, true) => Node::Expression(Box::new(node)),
                    (node, false) => node,
                });
                if !self.more(&Token::CloseParenthesis, "`,` or `)`")? {
                    break;
                }
            }
        }
        function.check(&arguments).map_err(|message| Fault::new(at, message))?;
        self.over(Node::Call(function, arguments, column(self.text, at)), depth + 1)
    }

    /// Whether another part follows: after a comma it does, after the bracket it does not.
    fn more(&mut self, close: &Token, wanted: &str) -> Result<bool, Fault> {
        if *self.peek() == Token::Comma {
            self.take();
            return Ok(true);
        }
        self.eat(close, wanted)?;
        Ok(false)
    }

    fn eat(&mut self, token: &Token, wanted: &str) -> Result<(), Fault> {
        if self.peek() != token {
            return Err(self.unexpected(wanted));
        }
        self.take();
        Ok(())
    }

    fn peek(&self) -> &Token {
        self.words.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn peek_second(&self) -> &Token {
        self.words.get(self.next + 1).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> usize {
        self.words.get(self.next).map_or(self.text.len(), |(_, at)| *at)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        if token != Token::End {
            self.next += 1;
        }
        token
    }

    fn over(&self, node: Node, depth: u32) -> Result<Tree, Fault> {
        self.bounded(Tree { node, depth: depth + 1 })
    }

    fn bounded(&self, tree: Tree) -> Result<Tree, Fault> {
        if tree.depth > NESTING { Err(self.deep()) } else { Ok(tree) }
    }

    fn deep(&self) -> Fault {
        Fault::new(self.at(), format!("expressions stand deeper than {NESTING} in one another"))
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let at = self.at();
        let end = self.words.get(self.next + 1).map_or(self.text.len(), |(_, end)| *end);
        let found = self.text.get(at..end).unwrap_or_default().trim_end();
        let shown: String = found.chars().take(40).collect();
        let message = if found.is_empty() {
            format!("the text ends where {wanted} should stand")
        } else {
            format!("`{shown}` stands where {wanted} should")
        };
        Fault::new(at, message)
    }
}

/// How strongly a word binds what is before it.
const fn binding(token: &Token) -> u8 {
    match token {
        Token::Pipe => 1,
        Token::Or => 2,
        Token::And => 3,
        Token::Equal
        | Token::Unequal
        | Token::Less
        | Token::LessEqual
        | Token::Greater
        | Token::GreaterEqual => 5,
        Token::Flatten => 9,
        Token::Star => 20,
        Token::Filter => 21,
        Token::Dot => 40,
        Token::Not => 45,
        Token::OpenBrace => 50,
        Token::Open => 55,
        Token::OpenParenthesis => 60,
        _ => 0,
    }
}

#[cfg(test)]
#[path = "parser_tests.rs"]
mod tests;
