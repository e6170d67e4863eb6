//! Modules compiled: every rule resolved, ordered and emitted; what contradicts itself or needs itself refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::ast::{Head, Module, Rule, Term, TermKind};
use super::builtin::Cache;
use super::code::{Block, Comparison, Expr, KeyedCode, NodeCode, RuleCode, Site};
use super::emit::Emitter;
use super::error::{LoadError, Place, Refusal, Refused};
use super::globals::{Globals, Packages};
use super::goal::{Goal, GoalKind, Slot, T};
use super::index::Index;
use super::metadata::Metadata;
use super::needs::{Need, check_foreign};
use super::parser::parse_query;
use super::prepared::{Constant, prepare};
use super::resolve::{REFUSED, Resolver, names};
use super::safety::Bound;
use super::tree::{Foreign, Kind, NodeId, Tree, dotted, ground_prefix};
use super::value::Value;

/// What modules become.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) tree: Tree,
    pub(super) nodes: Vec<NodeCode>,
    mocked: BTreeSet<String>,
    /// The rows of each module's rules and expressions.
    pub(super) rows: Vec<BTreeSet<u32>>,
    /// What built-in functions compile of the modules' constants.
    pub(super) cache: Arc<Cache>,
}

/// What compiling a node's rules tells beside the code.
#[derive(Default)]
struct Notes {
    needs: BTreeSet<Need>,
    constants: Vec<Constant>,
    rows: BTreeSet<u32>,
}

/// What a query becomes.
#[derive(Debug)]
pub(super) struct QueryCode {
    pub(super) body: Block,
    pub(super) slots: usize,
    /// The variables that it binds, by name.
    pub(super) bindings: Vec<(Arc<str>, Slot)>,
}

/// Compiles modules, beside what is foreign to them.
pub(super) fn compile(modules: &[Module], foreign: Vec<Foreign>) -> Result<Compiled, LoadError> {
    let tree = Tree::new(modules, foreign)?;
    let mocked: BTreeSet<String> =
        modules.iter().flat_map(|module| replaced(&module.replaced)).collect();
    let metadata = Metadata::new(modules)?;
    let packages = Packages::new(modules);
    let mut globals = Vec::new();
    for module in modules {
        globals.push(Globals::new(module, &packages).map_err(|e| e.within(&module.file))?);
    }
    let mut nodes = Vec::new();
    let mut needs = Vec::new();
    let mut constants = Vec::new();
    let mut rows = vec![BTreeSet::new(); modules.len()];
    for (id, node) in tree.nodes.iter().enumerate() {
        let mut notes = Notes::default();
        let mut rule_of = |(of, at): (usize, usize)| -> Result<Option<RuleCode>, LoadError> {
            let found = modules.get(of).and_then(|module| Some((module, module.rules.get(at)?)));
            let (Some((module, rule)), Some(globals)) = (found, globals.get(of)) else {
                return Ok(None);
            };
            let metadata = metadata.of(of, at);
            let file = number(of);
            let compiler =
                RuleCompiler { tree: &tree, globals, mocked: &mocked, metadata, file, node: id };
            let code = compiler.rule(rule, &mut notes);
            if let Some(rows) = rows.get_mut(of) {
                rows.append(&mut notes.rows);
            }
            code.map(Some).map_err(|refusal| refusal.within(&module.file))
        };
        let mut rules = Vec::new();
        for id in &node.rules {
            rules.extend(rule_of(*id)?);
        }
        let default = match node.default {
            Some(id) => rule_of(id)?,
            None => None,
        };
        // What one name makes of many rules is all that they make: only a value is settled by the first.
        let settles = matches!(node.kind, Kind::Complete | Kind::Function);
        let early = settles && early(&rules);
        let index = Index::new(&rules, node.arity);
        let keyed = rules.iter().all(|rule| rule.keyed.is_some());
        nodes.push(NodeCode {
            kind: node.kind,
            children: node.children.clone().into(),
            rules: rules.into(),
            default,
            index,
            early,
            keyed,
        });
        needs.push(notes.needs);
        constants.append(&mut notes.constants);
    }
    check_recursion(modules, &tree, &needs)?;
    Ok(Compiled { tree, nodes, mocked, rows, cache: prepare(constants) })
}

impl Compiled {
    /// Compiles a query.
    pub(super) fn query(&self, text: &str) -> Result<QueryCode, Refusal> {
        let (literals, with) = parse_query(text)?;
        let mut mocked = self.mocked.clone();
        for name in replaced(&with) {
            if Comparison::of(&name).is_some() || name == "internal.member_2" {
                let message = format!("operator `{name}` can be replaced in modules only");
                return Err(Refusal::new(Refused::Unsupported, Default::default(), message));
            }
            mocked.insert(name);
        }
        let globals = Globals::default();
        let mut resolver = Resolver::new(&globals, &self.tree, &mocked);
        resolver.query = true;
        let goals = resolver.body(&literals, &[], &BTreeSet::new())?;
        let bindings = resolver.bindings();
        let names = std::mem::take(&mut resolver.names);
        let mut emitter = Emitter {
            tree: &self.tree,
            names,
            needs: BTreeSet::new(),
            constants: Vec::new(),
            mocked: &mocked,
            file: u32::MAX,
            head: Place::default(),
            rows: BTreeSet::new(),
        };
        let at = literals.first().map_or_else(Default::default, |literal| literal.at);
        let (body, _) = emitter.block(goals, Vec::new(), &mut Bound::default(), at)?;
        check_foreign(&emitter.needs, &self.tree, "the query", at)?;
        Ok(QueryCode { body, slots: emitter.names.len(), bindings })
    }
}

struct RuleCompiler<'a> {
    tree: &'a Tree,
    globals: &'a Globals,
    mocked: &'a BTreeSet<String>,
    metadata: Option<(Value, Value)>,
    file: u32,
    node: NodeId,
}

fn number(file: usize) -> u32 {
    u32::try_from(file).unwrap_or(u32::MAX)
}

impl RuleCompiler<'_> {
    /// A rule with its `else` branches, the last first.
    fn rule(&self, rule: &Rule, notes: &mut Notes) -> Result<RuleCode, Refusal> {
        let mut branches = vec![rule];
        while let Some(next) = branches.last().and_then(|rule| rule.otherwise.as_deref()) {
            branches.push(next);
        }
        let mut code: Option<Box<RuleCode>> = None;
        for branch in branches.into_iter().rev() {
            let mut compiled = self.branch(branch, notes)?;
            compiled.otherwise = code.take();
            code = Some(Box::new(compiled));
        }
        code.map(|code| *code).ok_or_else(|| Refusal::new(Refused::Compile, rule.at, "no rule"))
    }

    fn branch(&self, rule: &Rule, notes: &mut Notes) -> Result<RuleCode, Refusal> {
        let mut resolver = Resolver::new(self.globals, self.tree, self.mocked);
        resolver.metadata.clone_from(&self.metadata);
        let none = Vec::new();
        let args = rule.args.as_ref().unwrap_or(&none);
        // The arguments stand in the first slots, whatever patterns they must match.
        let argument: Arc<str> = Arc::from("_");
        let slots: Vec<Slot> = args.iter().map(|_| resolver.fresh(&argument)).collect();
        let given = resolver.args(args)?;
        let mut patterns = Vec::new();
        for (arg, slot) in args.iter().zip(&slots) {
            let kind = GoalKind::Unify(resolver.term(arg)?, T::Var(*slot));
            patterns.push(Goal { at: rule.at, kind });
        }
        let (value, contains) = match &rule.head {
            Head::Value(term) => (term, false),
            Head::Contains(term) => (term, true),
        };
        let dynamic: Vec<&Term> = rule.path.iter().skip(ground_prefix(rule).count()).collect();
        let heads: Vec<&Term> = dynamic.iter().copied().chain([value]).collect();
        let goals = resolver.body(&rule.body, &heads, &given)?;
        let mut head = Vec::new();
        for term in &heads {
            head.push(resolver.term(term)?);
        }
        if rule.default {
            check_default(value)?;
        }
        let names = std::mem::take(&mut resolver.names);
        let bound: Bound = slots.into_iter().collect();
        patterns.extend(goals);
        let keyed = self.keyed(rule, (&patterns, &head), &names);
        let mut emitter = self.emitter(names, rule.at);
        let (body, mut exprs) = emitter.block(patterns, head, &mut bound.clone(), rule.at)?;
        let own = self.tree.node(self.node).map_or_else(String::new, |node| dotted(&node.path));
        check_foreign(&emitter.needs, self.tree, &format!("`{own}`"), rule.at)?;
        notes.needs.append(&mut emitter.needs);
        notes.constants.append(&mut emitter.constants);
        notes.rows.append(&mut emitter.rows);
        notes.rows.insert(rule.at.row);
        let value = exprs.pop().unwrap_or(Expr::Const(Value::Bool(true)));
        let slots = emitter.names.len();
        let at = Site { file: self.file, row: rule.at.row };
        let path = exprs.into();
        let node = self.node;
        Ok(RuleCode { at, node, slots, body, path, contains, value, otherwise: None, keyed })
    }

    fn emitter(&self, names: Vec<Arc<str>>, head: Place) -> Emitter<'_> {
        let (tree, mocked, file) = (self.tree, self.mocked, self.file);
        let (needs, constants) = (BTreeSet::new(), Vec::new());
        Emitter { tree, names, needs, constants, mocked, file, head, rows: BTreeSet::new() }
    }

    /// The rule for a key that is known before: OPA unifies it with the head's before it runs the body.
    fn keyed(
        &self,
        rule: &Rule,
        (goals, head): (&[Goal], &[T]),
        names: &[Arc<str>],
    ) -> Option<Box<KeyedCode>> {
        let has_keys = head.len() > 1 || matches!(rule.head, Head::Contains(_));
        if !has_keys || rule.args.is_some() || rule.otherwise.is_some() {
            return None;
        }
        let mut names = names.to_vec();
        let (mut goals, mut head) = (goals.to_vec(), head.to_vec());
        let first = head.first_mut()?;
        let key = if let T::Var(slot) = first {
            *slot
        } else {
            let slot = Slot::try_from(names.len()).ok()?;
            names.push(Arc::from("_"));
            let term = std::mem::replace(first, T::Var(slot));
            goals.insert(0, Goal { at: rule.at, kind: GoalKind::Unify(T::Var(slot), term) });
            slot
        };
        let mut emitter = self.emitter(names, rule.at);
        let mut bound = Bound::from_iter([key]);
        let (body, mut exprs) = emitter.block(goals, head, &mut bound, rule.at).ok()?;
        let value = exprs.pop()?;
        let slots = emitter.names.len();
        Some(Box::new(KeyedCode { key, slots, body, path: exprs.into(), value }))
    }
}

fn check_default(value: &Term) -> Result<(), Refusal> {
    let refuse = |what: &str| {
        let message = format!("illegal default rule (value cannot contain {what})");
        Err(Refusal::new(Refused::Parse, value.at, message))
    };
    match &value.kind {
        TermKind::Var(_) => refuse("var"),
        TermKind::Ref(..) => refuse("ref"),
        TermKind::Call(..) | TermKind::Op(..) => refuse("call"),
        TermKind::Array(items) | TermKind::Set(items) => items.iter().try_for_each(check_default),
        TermKind::Object(pairs) => {
            pairs.iter().try_for_each(|(k, v)| check_default(k).and_then(|()| check_default(v)))
        }
        _ => Ok(()),
    }
}

/// The dotted names of what `with`s replace.
fn replaced(targets: &[Term]) -> impl Iterator<Item = String> {
    targets.iter().filter_map(|target| Some(names(target)?.join(".")))
}

fn early(rules: &[RuleCode]) -> bool {
    let mut first: Option<&Value> = None;
    rules.iter().all(|rule| {
        let Expr::Const(value) = &rule.value else { return false };
        let same = first.is_none_or(|first| first == value);
        first = Some(value);
        same && rule.otherwise.is_none()
    })
}

/// Refuses rules that need themselves.
fn check_recursion(
    modules: &[Module],
    tree: &Tree,
    needs: &[BTreeSet<Need>],
) -> Result<(), LoadError> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; needs.len()];
    for start in 0..needs.len() {
        // Each entry: a node, and those of its needs that are still to be looked at.
        let mut path: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
        let mut next = Some(start);
        loop {
            if let Some(node) = next.take() {
                match marks.get_mut(node) {
                    Some(mark @ Mark::New) => {
                        *mark = Mark::Open;
                        path.push((node, expand(tree, needs.get(node))));
                    }
                    Some(Mark::Open) => return Err(recursion(modules, tree, node)),
                    _ => {}
                }
            }
            let Some((node, rest)) = path.last_mut() else { break };
            match rest.pop() {
                Some(need) => next = Some(need),
                None => {
                    if let Some(mark) = marks.get_mut(*node) {
                        *mark = Mark::Done;
                    }
                    path.pop();
                }
            }
        }
    }
    Ok(())
}

/// The nodes with rules that needs mean.
fn expand(tree: &Tree, needs: Option<&BTreeSet<Need>>) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    for need in needs.into_iter().flatten() {
        match need {
            Need::Own(node) => nodes.push(*node),
            // Refused before.
            Need::Foreign(_) => {}
            Need::All(top) => {
                let mut open = vec![*top];
                while let Some(id) = open.pop() {
                    let Some(node) = tree.node(id) else { continue };
                    if node.kind != Kind::Function && node.kind != Kind::Package {
                        nodes.push(id);
                    }
                    open.extend(node.children.iter().map(|(_, child)| *child));
                }
            }
        }
    }
    nodes
}

fn recursion(modules: &[Module], tree: &Tree, node: NodeId) -> LoadError {
    let found = tree.node(node).and_then(|node| {
        let (of, at) = node.rules.first().or(node.default.as_ref())?;
        let module = modules.get(*of)?;
        Some((&module.file, module.rules.get(*at)?.at, dotted(&node.path)))
    });
    match found {
        Some((file, at, name)) => {
            let message = format!("rule `{name}` is recursive");
            Refusal::new(Refused::Recursion, at, message).within(file)
        }
        None => Refusal::new(Refused::Recursion, Default::default(), "a rule is recursive")
            .within(&Arc::from("")),
    }
}

/// Whether a built-in function is refused unless it is replaced.
pub(super) fn is_refused(name: &str) -> bool {
    REFUSED.contains(&name)
}
