//! Policies out of bytes: of what two engines support, and mean alike.

use std::fmt::Write as _;

/// What the input has, whatever the policy.
pub(crate) const INPUT: &str = r#"{"n": 3, "zero": 0, "s": "a,b", "flag": true, "off": false, "nums": [3, 1, 2, 3], "none": [],
    "texts": ["b", "a", "ab", ""], "map": {"a": 1, "b": 5, "c": 0}, "in": {"n": 7, "nums": [8]}}"#;

/// How deep expressions nest.
const DEPTH: u32 = 3;
const TEXTS: [&str; 8] = ["a", "", "ab", "B", "zé", "a,b", " x ", "12"];

/// A module, and the rules that it has.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) module: String,
    pub(crate) rules: Vec<String>,
}

/// What an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Bool,
    Numbers,
    Texts,
    NumberSet,
    TextSet,
    Map,
}

const KINDS: [Kind; 8] = [
    Kind::Number,
    Kind::Text,
    Kind::Bool,
    Kind::Numbers,
    Kind::Texts,
    Kind::NumberSet,
    Kind::TextSet,
    Kind::Map,
];

/// A policy of those that bytes choose; where they end, the first of what there is to choose from.
pub(crate) fn written(bytes: &[u8]) -> Written {
    let mut writer = Writer {
        bytes: bytes.iter(),
        variables: Vec::new(),
        rules: Vec::new(),
        functions: 0,
        made: 0,
    };
    let mut module = "package peer\n\nimport rego.v1\n".to_owned();
    for _ in 0..=writer.below(5) {
        let rule = writer.rule();
        let _ = write!(module, "\n{rule}");
    }
    let rules = writer.rules.into_iter().map(|(name, _)| name).collect();
    Written { module, rules }
}

struct Writer<'b> {
    bytes: std::slice::Iter<'b, u8>,
    /// The variables that are bound, innermost last.
    variables: Vec<(String, Kind)>,
    /// The rules that are there: none reads those behind it.
    rules: Vec<(String, Kind)>,
    functions: usize,
    made: usize,
}

impl Writer<'_> {
    fn below(&mut self, end: usize) -> usize {
        usize::from(*self.bytes.next().unwrap_or(&0)) % end
    }

    fn is(&mut self) -> bool {
        self.below(2) == 1
    }

    fn kind(&mut self) -> Kind {
        KINDS[self.below(KINDS.len())]
    }

    fn variable(&mut self, kind: Kind) -> String {
        self.made += 1;
        let name = format!("v{}", self.made);
        self.variables.push((name.clone(), kind));
        name
    }

    fn rule(&mut self) -> String {
        let name = format!("r{}", self.rules.len());
        let mut out = String::new();
        let kind = match self.below(5) {
            0 => {
                let kind = self.kind();
                let literal = self.literal(kind);
                let _ = writeln!(out, "default {name} := {literal}\n");
                let ways: Vec<String> = (0..=self.below(3))
                    .map(|_| {
                        self.within(|it| {
                            let body = it.body();
                            format!("{} if {{ {body} }}", it.expression(kind, DEPTH))
                        })
                    })
                    .collect();
                let _ = writeln!(out, "{name} := {}", ways.join(" else := "));
                kind
            }
            1 | 2 => {
                let (kind, of) = match self.is() {
                    true => (Kind::TextSet, Kind::Text),
                    false => (Kind::NumberSet, Kind::Number),
                };
                for _ in 0..=self.below(2) {
                    let way = self.within(|it| {
                        let body = it.body();
                        format!("{} if {{ {body} }}", it.expression(of, DEPTH))
                    });
                    let _ = writeln!(out, "{name} contains {way}");
                }
                kind
            }
            3 => {
                let way = self.within(|it| {
                    let map = it.expression(Kind::Map, 1);
                    let (key, value) = (it.variable(Kind::Text), it.variable(Kind::Number));
                    let body = it.body();
                    let told = it.expression(Kind::Number, DEPTH);
                    format!("{name}[{key}] := {told} if {{ some {key}, {value} in {map}; {body} }}")
                });
                out.push_str(&way);
                out.push('\n');
                Kind::Map
            }
            _ => {
                // A function, and what it comes to.
                let function = format!("f{}", self.functions);
                let ways = self.within(|it| {
                    it.variables.clear();
                    it.variables
                        .extend([("x".to_owned(), Kind::Number), ("y".to_owned(), Kind::Text)]);
                    let ways: Vec<String> = (0..=it.below(2))
                        .map(|_| {
                            it.within(|it| {
                                let body = it.body();
                                format!("{} if {{ {body} }}", it.expression(Kind::Number, 2))
                            })
                        })
                        .collect();
                    // It comes to something whatever it is asked.
                    format!("{} else := {}", ways.join(" else := "), it.literal(Kind::Number))
                });
                self.functions += 1;
                let _ = writeln!(out, "{function}(x, y) := {ways}\n");
                let told = self.within(|it| it.expression(Kind::Number, DEPTH));
                let _ = writeln!(out, "{name} := {told}");
                Kind::Number
            }
        };
        self.rules.push((name, kind));
        out
    }

    /// Writes what binds variables of its own.
    fn within(&mut self, write: impl FnOnce(&mut Self) -> String) -> String {
        let outer = self.variables.clone();
        let written = write(self);
        self.variables = outer;
        written
    }

    fn body(&mut self) -> String {
        let statements: Vec<String> = (0..=self.below(3)).map(|_| self.statement()).collect();
        statements.join("; ")
    }

    fn statement(&mut self) -> String {
        match self.below(9) {
            0 => self.expression(Kind::Bool, 2),
            1 => {
                let (of, kind) = self.listed();
                let list = self.expression(of, 2);
                let item = self.variable(kind);
                format!("some {item} in {list}")
            }
            2 => {
                let (of, kind) = self.listed();
                let list = self.expression(of, 2);
                let index = if matches!(of, Kind::Numbers | Kind::Texts) {
                    self.variable(Kind::Number)
                } else {
                    "_".to_owned()
                };
                let item = self.variable(kind);
                format!("some {index}, {item} in {list}")
            }
            3 => {
                let map = self.expression(Kind::Map, 2);
                let (key, value) = (self.variable(Kind::Text), self.variable(Kind::Number));
                format!("some {key}, {value} in {map}")
            }
            4 | 5 => {
                let kind = self.kind();
                let told = self.expression(kind, DEPTH);
                format!("{} := {told}", self.variable(kind))
            }
            6 => {
                // What is undefined within a negation fails the body, and with the other one the negation.
                let told = self.expression(Kind::Bool, 1);
                let name = self.variable(Kind::Bool);
                format!("{name} := {told}; not {name}")
            }
            7 => {
                let (of, kind) = self.listed();
                let list = self.expression(of, 2);
                self.within(|it| {
                    let item = it.variable(kind);
                    format!("every {item} in {list} {{ {} }}", it.expression(Kind::Bool, 2))
                })
            }
            _ => {
                let Some((rule, kind)) = self.earlier() else {
                    return self.expression(Kind::Bool, 1);
                };
                let other = self.expression(kind, 1);
                let number = self.literal(Kind::Number);
                match self.below(3) {
                    0 => format!("{other} != {rule} with input.n as {number}"),
                    1 => format!("{rule} == {other} with input.map as {{\"b\": {number}}}"),
                    // What is not there holds for nobody, and negated for everybody.
                    _ => ["input.missing", "not input.missing", "not input.missing.deeper"]
                        [self.below(3)]
                    .to_owned(),
                }
            }
        }
    }

    fn listed(&mut self) -> (Kind, Kind) {
        [
            (Kind::Numbers, Kind::Number),
            (Kind::Texts, Kind::Text),
            (Kind::NumberSet, Kind::Number),
            (Kind::TextSet, Kind::Text),
        ][self.below(4)]
    }

    fn earlier(&mut self) -> Option<(String, Kind)> {
        let at = self.below(self.rules.len().max(1));
        self.rules.get(at).cloned()
    }

    fn literal(&mut self, kind: Kind) -> String {
        let text = |it: &mut Self| format!("{:?}", TEXTS[it.below(TEXTS.len())]);
        match kind {
            Kind::Number => self.below(21).to_string(),
            Kind::Text => text(self),
            Kind::Bool => self.is().to_string(),
            Kind::Numbers => format!("[{}, {}]", self.below(5), self.below(5)),
            Kind::Texts => format!("[{}, {}]", text(self), text(self)),
            Kind::NumberSet => format!("{{{}, {}}}", self.below(5), self.below(5)),
            Kind::TextSet => format!("{{{}, {}}}", text(self), text(self)),
            Kind::Map => format!("{{\"a\": {}, \"d\": {}}}", self.below(5), self.below(5)),
        }
    }

    /// A variable, a part of the input or a rule.
    fn named(&mut self, kind: Kind) -> String {
        let mut known: Vec<String> = self
            .variables
            .iter()
            .chain(&self.rules)
            .filter(|(_, of)| *of == kind)
            .map(|(name, _)| name.clone())
            .collect();
        let given: &[&str] = match kind {
            Kind::Number => &["input.n", "input.zero", "input.in.n"],
            Kind::Text => &["input.s"],
            Kind::Bool => &["input.flag", "input.off"],
            Kind::Numbers => &["input.nums", "input.none", "input.in.nums"],
            Kind::Texts => &["input.texts"],
            Kind::Map => &["input.map"],
            Kind::NumberSet | Kind::TextSet => &[],
        };
        known.extend(given.iter().map(|&name| name.to_owned()));
        if known.is_empty() {
            self.literal(kind)
        } else {
            known.swap_remove(self.below(known.len()))
        }
    }

    fn expression(&mut self, kind: Kind, depth: u32) -> String {
        match (depth, self.below(4)) {
            (0, choice) if choice % 2 == 0 => self.literal(kind),
            (0, _) | (_, 1) => self.named(kind),
            (_, 0) => self.literal(kind),
            _ => self.compound(kind, depth - 1),
        }
    }

    fn compound(&mut self, kind: Kind, depth: u32) -> String {
        let of = |it: &mut Self, kind| it.expression(kind, depth);
        match kind {
            Kind::Number => match self.below(19) {
                0 => format!("({} + {})", of(self, kind), of(self, kind)),
                1 => format!("({} - {})", of(self, kind), of(self, kind)),
                2 => format!("({} * {})", of(self, kind), of(self, kind)),
                3 => format!("(abs({}) % {})", of(self, kind), 2 + self.below(6)),
                4 => format!("count({})", of(self, Kind::Numbers)),
                5 => format!("count({})", of(self, Kind::TextSet)),
                6 => format!("count({})", of(self, Kind::Text)),
                7 => format!("sum({})", of(self, Kind::Numbers)),
                8 => format!("max({} | {{0}})", of(self, Kind::NumberSet)),
                9 => format!("min(array.concat([1], {}))", of(self, Kind::Numbers)),
                10 => format!(
                    "object.get({}, {}, {})",
                    of(self, Kind::Map),
                    of(self, Kind::Text),
                    of(self, kind)
                ),
                // Nothing is looked for nowhere: an error here.
                11 => format!(
                    "indexof({}, {:?})",
                    of(self, Kind::Text),
                    ["a", "b", "é"][self.below(3)]
                ),
                12 if self.functions > 0 => {
                    let function = self.below(self.functions);
                    format!("f{function}({}, {})", of(self, kind), of(self, Kind::Text))
                }
                13 => format!("to_number(format_int({}, 10))", of(self, kind)),
                14 => format!("floor({})", of(self, kind)),
                15 => format!("bits.and(abs({}), {})", of(self, kind), self.below(16)),
                16 => format!("bits.lsh(abs({}), {})", of(self, kind), self.below(4)),
                17 => format!("count({})", of(self, Kind::Map)),
                _ => format!("product({})", of(self, Kind::NumberSet)),
            },
            Kind::Text => match self.below(14) {
                0 => format!("concat({}, {})", of(self, kind), of(self, Kind::Texts)),
                1 => format!("lower({})", of(self, kind)),
                2 => format!("upper({})", of(self, kind)),
                3 => format!("trim({}, {})", of(self, kind), of(self, kind)),
                4 => format!(
                    "replace({}, {}, {})",
                    of(self, kind),
                    self.literal(kind),
                    of(self, kind)
                ),
                5 => format!("substring({}, {}, {})", of(self, kind), self.below(3), self.below(4)),
                6 => {
                    format!(
                        "sprintf(\"%d-%s\", [abs({}), {}])",
                        of(self, Kind::Number),
                        of(self, kind)
                    )
                }
                7 => format!("json.marshal({})", of(self, Kind::Numbers)),
                8 => format!("strings.reverse({})", of(self, kind)),
                9 => format!("trim_prefix({}, {})", of(self, kind), self.literal(kind)),
                10 => format!("trim_suffix({}, {})", of(self, kind), self.literal(kind)),
                11 => format!("trim_space({})", of(self, kind)),
                12 => format!("trim_left({}, {})", of(self, kind), self.literal(kind)),
                _ => format!("format_int({}, 10)", of(self, Kind::Number)),
            },
            Kind::Bool => match self.below(10) {
                0..=2 => {
                    let kind = self.kind();
                    let sign = ["==", "!=", "<", "<=", ">", ">="][self.below(6)];
                    format!("{} {sign} {}", of(self, kind), of(self, kind))
                }
                3 => format!("startswith({}, {})", of(self, Kind::Text), of(self, Kind::Text)),
                4 => format!("endswith({}, {})", of(self, Kind::Text), of(self, Kind::Text)),
                5 => format!("contains({}, {})", of(self, Kind::Text), of(self, Kind::Text)),
                6 => format!("{} in {}", of(self, Kind::Number), of(self, Kind::Numbers)),
                7 => format!("{} in {}", of(self, Kind::Text), of(self, Kind::TextSet)),
                8 => format!("{} in {}", of(self, Kind::Number), of(self, Kind::Map)),
                _ => format!("is_string({})", of(self, Kind::Text)),
            },
            Kind::Numbers => match self.below(6) {
                0 => format!("[{}, {}]", of(self, Kind::Number), of(self, Kind::Number)),
                1 => format!("array.concat({}, {})", of(self, kind), of(self, kind)),
                2 => {
                    format!("array.slice({}, {}, {})", of(self, kind), self.below(3), self.below(4))
                }
                3 => format!("sort({})", of(self, Kind::NumberSet)),
                4 => format!("numbers.range({}, {})", self.below(5), self.below(5)),
                _ => self.comprehension(Kind::Number, depth, "[", "]"),
            },
            Kind::Texts => match self.below(4) {
                0 => format!("[{}, {}]", of(self, Kind::Text), of(self, Kind::Text)),
                1 => format!("split({}, {})", of(self, Kind::Text), self.literal(Kind::Text)),
                2 => format!("sort({})", of(self, Kind::TextSet)),
                _ => self.comprehension(Kind::Text, depth, "[", "]"),
            },
            Kind::NumberSet | Kind::TextSet => {
                let item = if kind == Kind::NumberSet { Kind::Number } else { Kind::Text };
                match self.below(7) {
                    0 => format!("{{{}, {}}}", of(self, item), of(self, item)),
                    1 => format!("({} | {})", of(self, kind), of(self, kind)),
                    2 => format!("({} & {})", of(self, kind), of(self, kind)),
                    3 => format!("({} - {})", of(self, kind), of(self, kind)),
                    4 => format!("union({{{}, {}}})", of(self, kind), of(self, kind)),
                    5 if item == Kind::Text => format!("object.keys({})", of(self, Kind::Map)),
                    _ => self.comprehension(item, depth, "{", "}"),
                }
            }
            Kind::Map => match self.below(5) {
                0 => format!(
                    "{{\"a\": {}, \"b\": {}}}",
                    of(self, Kind::Number),
                    of(self, Kind::Number)
                ),
                1 => format!("object.union({}, {})", of(self, kind), of(self, kind)),
                2 => format!("object.remove({}, {})", of(self, kind), of(self, Kind::Texts)),
                3 => format!("object.filter({}, {})", of(self, kind), of(self, Kind::TextSet)),
                _ => {
                    let map = of(self, kind);
                    self.within(|it| {
                        let (key, value) = (it.variable(Kind::Text), it.variable(Kind::Number));
                        let told = it.expression(Kind::Number, depth);
                        let condition = it.expression(Kind::Bool, depth);
                        format!("{{{key}: {told} | some {key}, {value} in {map}; {condition}}}")
                    })
                }
            },
        }
    }

    fn comprehension(&mut self, item: Kind, depth: u32, open: &str, close: &str) -> String {
        let (of, kind) = self.listed();
        let list = self.expression(of, depth);
        self.within(|it| {
            let each = it.variable(kind);
            let condition = it.expression(Kind::Bool, depth);
            let told = it.expression(item, depth);
            format!("{open}{told} | some {each} in {list}; {condition}{close}")
        })
    }
}
