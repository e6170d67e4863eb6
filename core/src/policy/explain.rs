//! Why an answer is what it is: every rule and expression that was run for it, as a tree that can be read.

use std::collections::BTreeMap;

use super::rego::{Entered, EvalError, Observer, Place, Policy, Request, Site, Told, Value};
use super::snapshot::{AskError, Snapshot};

/// The most steps of one explanation.
pub const STEPS: usize = 10_000;

/// The longest text of one step, in characters.
const TEXT: usize = 400;

/// The largest value that is shown, in bytes of its text.
const VALUE: u64 = 256;

/// The most notes.
const NOTES: usize = 1000;

/// How an answer is explained.
#[derive(Clone, Copy, Debug)]
pub struct Explain {
    /// The most steps; [`STEPS`] whatever more is said.
    pub steps: usize,
    /// Whether values are shown. Without them only what the policy itself says stands in an explanation, and what it prints does not.
    pub values: bool,
}

impl Default for Explain {
    fn default() -> Self {
        Self { steps: 1000, values: true }
    }
}

/// What an answer follows from.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The answer; none if it is undefined, an error if the question came to no end.
    pub answer: Result<Option<Value>, EvalError>,
    /// What was run, in its order: what stands below a step has a larger depth.
    pub steps: Vec<Step>,
    /// What `print` and `trace` said, wherever they stand.
    pub notes: Vec<Note>,
    /// Whether there were more steps or notes than there is room for.
    pub cut: bool,
}

/// A rule, an expression, or one way in which an expression holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How deep it stands in the tree.
    pub depth: u32,
    /// What it is.
    pub kind: StepKind,
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
    /// What became of it; none of what was not run.
    pub told: Option<Told>,
    /// A rule's value, or the values that an expression is about: of a comparison both sides. Large ones are left out.
    pub values: Vec<Value>,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A rule, by its name, with a function's arguments or the key that was looked up.
    Rule {
        /// Its name, such as `data.aml.verdict`.
        name: String,
        /// A function's arguments, or the key. Large ones are left out.
        args: Vec<Value>,
        /// Whether it is the default.
        default: bool,
    },
    /// A rule that an index left out: it cannot hold.
    Skipped {
        /// Its name.
        name: String,
    },
    /// An expression, by the text of its row.
    Expression {
        /// The row's text.
        text: String,
    },
    /// What belongs to a rule's head: a function's arguments matched.
    Head {
        /// The row's text.
        text: String,
    },
    /// One of the ways in which the expression above holds.
    Way,
    /// One more value of the rule above.
    Value,
    /// What `print` or `trace` said.
    Note {
        /// It.
        text: String,
    },
}

/// What `print` or `trace` said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The module.
    pub file: String,
    /// The row.
    pub row: u32,
    /// What was said.
    pub text: String,
}

impl Explanation {
    /// The steps as text, a line each, indented by their depth.
    #[must_use]
    pub fn full(&self) -> String {
        let mut out: String = self.steps.iter().map(Step::line).collect();
        out.push_str(&self.end());
        out
    }

    /// What `print` and `trace` said as text, a line each.
    #[must_use]
    pub fn said(&self) -> String {
        let note = |note: &Note| format!("{}:{}: {}\n", note.file, note.row, note.text);
        self.notes.iter().map(note).collect()
    }

    fn end(&self) -> String {
        let cut = if self.cut { "… and more than there is room for\n" } else { "" };
        match &self.answer {
            Ok(_) => cut.to_owned(),
            Err(error) => format!("{cut}{error}\n"),
        }
    }
}

impl Step {
    fn line(&self) -> String {
        let indent = "  ".repeat(usize::try_from(self.depth).unwrap_or_default().min(60));
        format!("{indent}{}  ({}:{})\n", self.text(), self.file, self.row)
    }

    /// What it is and what became of it, with its values.
    #[must_use]
    pub fn text(&self) -> String {
        let told = match self.told {
            Some(Told::Held) => "held",
            Some(Told::Failed) => "failed",
            Some(Told::Undefined) => "undefined",
            Some(Told::Ended) => "ended",
            None => "",
        };
        let what = match &self.kind {
            StepKind::Rule { name, args, default } => {
                let args =
                    if args.is_empty() { String::new() } else { format!("({})", list(args)) };
                format!("{}{name}{args}", if *default { "default " } else { "" })
            }
            StepKind::Skipped { name } => format!("{name}: left out, it cannot hold"),
            StepKind::Expression { text } | StepKind::Head { text } => text.clone(),
            StepKind::Way => "so".to_owned(),
            StepKind::Value => "and".to_owned(),
            StepKind::Note { text } => format!("note: {text}"),
        };
        let of = if told.is_empty() { String::new() } else { format!("{told}: ") };
        let values = match (&self.kind, self.values.as_slice()) {
            (_, []) => String::new(),
            (StepKind::Rule { .. }, values) => format!(" = {}", list(values)),
            (_, values) => format!("  [{}]", list(values)),
        };
        format!("{of}{what}{values}")
    }
}

fn list(values: &[Value]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Snapshot {
    /// What stands at a path such as `aml/verdict` for a request, as [`Snapshot::evaluate`] answers it, and why.
    ///
    /// ```
    /// use thalium::policy::bundle::{Bundle, File};
    /// use thalium::policy::explain::Explain;
    /// use thalium::policy::rego::{Request, Value};
    /// use thalium::policy::snapshot::Snapshot;
    ///
    /// let module = "package access\n\nallow if {\n\tinput.role == \"teller\"\n\tinput.amount <= 100\n}\n";
    /// let snapshot = Snapshot::new(&Bundle::read(&[File::new("access.rego", module)], None)?)?;
    /// let input = Some(Value::from_json(r#"{"role": "teller", "amount": 500}"#)?);
    /// let request = Request { input, ..Request::default() };
    /// let why = snapshot.explain("access/allow", request, Explain::default())?;
    /// assert_eq!(why.answer, Ok(None));
    /// assert_eq!(
    ///     why.full(),
    ///     "failed: data.access.allow  (access.rego:3)\n\
    ///     \x20 held: input.role == \"teller\"  [\"teller\", \"teller\"]  (access.rego:4)\n\
    ///     \x20 failed: input.amount <= 100  [500, 100]  (access.rego:5)\n"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There is neither a rule nor a document at the path. That the question itself came to no end is told in the explanation.
    pub fn explain(
        &self,
        path: &str,
        request: Request,
        how: Explain,
    ) -> Result<Explanation, AskError> {
        let entry = self.entry(path)?;
        let Some((query, _)) = entry.rego() else {
            // The reasons of typed rules say it all.
            let answer = self.evaluate(&entry, request);
            return Ok(Explanation { answer, steps: Vec::new(), notes: Vec::new(), cut: false });
        };
        let mut record = Record::new(self.policy(), how);
        let answer = self.evaluate_watched(query, request, Some(&mut record));
        record.close(0);
        let Record { steps, notes, cut, .. } = record;
        Ok(Explanation { answer, steps, notes, cut })
    }
}

/// What writes the steps down.
struct Record<'a> {
    policy: &'a Policy,
    how: Explain,
    steps: Vec<Step>,
    notes: Vec<Note>,
    /// The steps that have not ended, the outermost first; none where nothing was written.
    open: Vec<Option<(usize, Site)>>,
    /// The rows of the modules that were looked at.
    rows: BTreeMap<u32, Vec<&'a str>>,
    cut: bool,
}

impl<'a> Record<'a> {
    fn new(policy: &'a Policy, how: Explain) -> Self {
        let how = Explain { steps: how.steps.min(STEPS), ..how };
        let (steps, notes, open) = (Vec::new(), Vec::new(), Vec::new());
        Self { policy, how, steps, notes, open, rows: BTreeMap::new(), cut: false }
    }

    /// Writes a step down; answers its place.
    fn push(&mut self, at: Site, kind: StepKind, told: Option<Told>) -> Option<usize> {
        if self.steps.len() >= self.how.steps {
            self.cut = true;
            return None;
        }
        let depth = u32::try_from(self.open.iter().flatten().count()).unwrap_or(u32::MAX);
        let file = self.policy.file(at).to_owned();
        let place = self.steps.len();
        self.steps.push(Step { depth, kind, file, row: at.row, told, values: Vec::new() });
        Some(place)
    }

    fn open(&mut self, at: Site, kind: StepKind) -> usize {
        let mark = self.open.len();
        let place = self.push(at, kind, Some(Told::Ended));
        self.open.push(place.map(|place| (place, at)));
        mark
    }

    /// What begins and is not written down.
    fn pass(&mut self) -> usize {
        self.open.push(None);
        self.open.len() - 1
    }

    /// Ends all that began after a mark.
    fn close(&mut self, mark: usize) {
        self.open.truncate(mark);
    }

    fn step(&mut self, mark: usize) -> Option<&mut Step> {
        let (place, _) = self.open.get(mark).copied().flatten()?;
        self.steps.get_mut(place)
    }

    fn shown(&self, values: &[Value]) -> Vec<Value> {
        let fits = |value: &&Value| value.fits(VALUE);
        if self.how.values { values.iter().filter(fits).cloned().collect() } else { Vec::new() }
    }

    fn text(&mut self, at: Site) -> String {
        let rows =
            self.rows.entry(at.file).or_insert_with(|| self.policy.text(at).lines().collect());
        let row = usize::try_from(at.row).unwrap_or_default().wrapping_sub(1);
        rows.get(row).map_or("", |row| row.trim()).chars().take(TEXT).collect()
    }

    /// The innermost rule that is open.
    fn rule(&mut self) -> Option<&mut Step> {
        let steps = &self.steps;
        let is_rule = |(place, _): &(usize, Site)| {
            steps.get(*place).is_some_and(|step| matches!(step.kind, StepKind::Rule { .. }))
        };
        let (place, _) = self.open.iter().rev().copied().flatten().find(is_rule)?;
        self.steps.get_mut(place)
    }
}

impl Observer for Record<'_> {
    fn enter(&mut self, rule: &Entered<'_>) -> usize {
        if self.cut {
            return self.pass();
        }
        let (name, args) = (self.policy.name_of(rule.node), self.shown(rule.args));
        self.open(rule.at, StepKind::Rule { name, args, default: rule.default })
    }

    fn held(&mut self, at: Site, value: &Value) {
        let values = self.shown(std::slice::from_ref(value));
        if self.open.is_empty() || self.cut {
            return;
        }
        match self.rule() {
            Some(step) if step.told == Some(Told::Ended) => {
                step.told = Some(Told::Held);
                step.values = values;
            }
            Some(step) if step.values == values => {}
            Some(_) => {
                if let Some(step) =
                    self.push(at, StepKind::Value, None).and_then(|at| self.steps.get_mut(at))
                {
                    step.values = values;
                }
            }
            None => {}
        }
    }

    fn leave(&mut self, mark: usize) {
        if let Some(step) = self.step(mark)
            && step.told == Some(Told::Ended)
        {
            step.told = Some(Told::Failed);
        }
        self.close(mark);
    }

    fn skip(&mut self, node: usize, at: Site) {
        if !self.cut {
            let name = self.policy.name_of(node);
            self.push(at, StepKind::Skipped { name }, None);
        }
    }

    fn begin(&mut self, file: u32, at: Place) -> usize {
        let site = Site { file, row: at.row };
        // The question itself is no step.
        if self.cut || self.policy.file(site).is_empty() {
            return self.pass();
        }
        let text = self.text(site);
        let kind =
            if at.column == 0 { StepKind::Head { text } } else { StepKind::Expression { text } };
        self.open(site, kind)
    }

    fn way(&mut self, mark: usize, values: &[Value]) {
        let Some(Some((_, at))) = self.open.get(mark).copied() else { return };
        self.close(mark + 1);
        let values = self.shown(values);
        let way = self.open(at, StepKind::Way);
        if let Some(step) = self.step(way) {
            step.told = None;
            step.values = values;
        }
    }

    fn end(&mut self, mark: usize, told: Told, values: &[Value]) {
        let values = self.shown(values);
        let last = self.steps.len().saturating_sub(1);
        let is_last = self.open.get(mark).copied().flatten().is_some_and(|(at, _)| at == last);
        if let Some(step) = self.step(mark) {
            step.told = Some(told);
            step.values = values;
            if is_last && told == Told::Held && matches!(step.kind, StepKind::Head { .. }) {
                // That arguments match is worth a line only where they do not.
                self.steps.pop();
            }
        }
        self.close(mark);
    }

    fn note(&mut self, at: Site, text: String) {
        if !self.how.values {
            return;
        }
        let text: String = text.chars().take(TEXT).collect();
        self.push(at, StepKind::Note { text: text.clone() }, None);
        if self.notes.len() >= NOTES {
            self.cut = true;
            return;
        }
        let file = self.policy.file(at).to_owned();
        self.notes.push(Note { file, row: at.row, text });
    }
}

#[cfg(test)]
#[path = "explain_tests.rs"]
mod tests;
