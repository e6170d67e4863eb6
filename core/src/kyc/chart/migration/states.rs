//! Where the states of one chart stand in another, and what can be told of that before any case is moved.

use std::collections::BTreeMap;

use crate::kyc::chart::ChartError;
use crate::kyc::chart::bits::Bits;
use crate::kyc::chart::program::{Handle, Nature, Node, Program};
use crate::kyc::migration::{Beside, History, Mapping, MigrationFinding, Weight};
use crate::kyc::rules::{Code, meant, shown};

/// Two charts, and what leads from one to the other.
pub(super) struct Level<'a> {
    pub(super) old: Handle<'a, Code>,
    pub(super) new: Handle<'a, Code>,
    pub(super) mapping: &'a Mapping,
    /// Of each old state by its number the new one, or why there is none.
    to: Vec<Result<u32, String>>,
    /// The new states that begin where they say.
    pub(super) enter: Bits,
}

/// Old states that are active, by the new ones that they stand for.
pub(super) type Before = BTreeMap<u32, Vec<u32>>;

/// What findings are made of.
pub(super) struct Found(pub(super) Vec<MigrationFinding>);

impl Found {
    pub(super) fn tell(
        &mut self,
        weight: Weight,
        place: &crate::kyc::chart::Place,
        message: impl Into<String>,
    ) {
        self.0.push(MigrationFinding::of(weight, place, message.into()));
    }
}

/// `: did you mean …?`, or nothing.
pub(super) fn near<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    meant(name, names).map(|meant| format!(": {meant}")).unwrap_or_default()
}

/// What a state is, for people.
const fn kind(nature: Nature) -> &'static str {
    match nature {
        Nature::Atomic => "a state without children",
        Nature::Compound => "a state with children",
        Nature::Parallel => "a parallel state",
        Nature::Final => "a final state",
        Nature::Shallow => "a shallow history state",
        Nature::Deep => "a deep history state",
    }
}

/// The state of a name; one without a name is called by its number.
fn named(program: &Program<Code>, name: &str) -> Option<u32> {
    let by_number = || {
        let number = program.nodes.iter().skip(1).position(|node| &*node.name == name)?;
        u32::try_from(number).ok()?.checked_add(1)
    };
    program.names.get(name).copied().or_else(by_number)
}

impl<'a> Level<'a> {
    pub(super) fn new(
        old: Handle<'a, Code>,
        new: Handle<'a, Code>,
        mapping: &'a Mapping,
        found: &mut Found,
    ) -> Self {
        let mut level = Self {
            old: old.clone(),
            new: new.clone(),
            mapping,
            to: vec![Ok(0)],
            enter: Bits::default(),
        };
        for (name, place) in &mapping.enter {
            match named(&new, name).map(|state| (state, new.nature(state))) {
                Some((state, Some(Nature::Atomic | Nature::Compound | Nature::Parallel))) => {
                    level.enter.insert(state);
                }
                Some((_, nature)) => {
                    let kind = nature.map_or("none", kind);
                    let message = format!("`{}` is {kind}: nothing begins in it", shown(name));
                    found.tell(Weight::Wrong, place, message);
                }
                None => {
                    let near = near(name, new.states());
                    let message = format!("the new chart has no state `{}`{near}", shown(name));
                    found.tell(Weight::Wrong, place, message);
                }
            }
        }
        for (name, (_, place)) in &mapping.states {
            if named(&old, name).is_none() {
                let near = near(name, old.states());
                let message = format!("the old chart has no state `{}`{near}", shown(name));
                found.tell(Weight::Wrong, place, message);
            }
        }
        for node in old.nodes.iter().skip(1) {
            let place = level.place_of(node, found);
            level.to.push(place);
        }
        level
    }

    /// The new state of an old one, or why there is none.
    pub(super) fn to(&self, state: u32) -> Result<u32, &str> {
        let held = usize::try_from(state).ok().and_then(|state| self.to.get(state));
        match held {
            Some(Ok(state)) => Ok(*state),
            Some(Err(why)) => Err(why),
            None => Err("there is no such state"),
        }
    }

    /// Of each new state the old ones among these that stand for it: what asks that of every state looks here.
    pub(super) fn before(&self, active: &Bits) -> Before {
        let mut before = Before::new();
        for state in active.iter() {
            if let Ok(target) = self.to(state) {
                before.entry(target).or_default().push(state);
            }
        }
        before
    }

    fn place_of(&self, node: &Node<Code>, found: &mut Found) -> Result<u32, String> {
        let (name, new) = (&*node.name, &*self.new);
        let missing = |why: String| Err(format!("the state `{}` has no place: {why}", shown(name)));
        let (target, told) = match self.mapping.states.get(name) {
            Some((target, place)) => {
                let Some(state) = named(new, target) else {
                    let near = near(target, new.states());
                    let why = format!("the new chart has no state `{}`{near}", shown(target));
                    found.tell(Weight::Wrong, place, why.clone());
                    return missing(why);
                };
                (state, Some(place))
            }
            None => match (new.names.get(name), self.mapping.same) {
                (Some(state), true) => (*state, None),
                (Some(_), false) => {
                    return missing(format!(
                        "write `{0}: {0}` under `states`, or `same: true`",
                        shown(name)
                    ));
                }
                (None, _) => {
                    let near = near(name, new.states());
                    return missing(format!("write `{}: …` under `states`{near}", shown(name)));
                }
            },
        };
        match self.fits(node, target) {
            Ok(()) => Ok(target),
            Err(why) => {
                if let Some(place) = told {
                    found.tell(Weight::Wrong, place, why.clone());
                }
                missing(why)
            }
        }
    }

    /// Whether a case that is in the one can be in the other.
    fn fits(&self, old: &Node<Code>, target: u32) -> Result<(), String> {
        let Some(new) = self.new.node(target) else { return Err("there is none".to_owned()) };
        let is_last = |node: &Node<Code>| node.nature == Nature::Final && node.parent == 0;
        let fits = match (old.nature, new.nature) {
            (Nature::Atomic, Nature::Compound | Nature::Parallel) => {
                if self.enter.contains(target) {
                    return Ok(());
                }
                return Err(format!(
                    "`{0}` has children now: name one of them, or write `{0}: initial` under `enter`",
                    shown(&new.name)
                ));
            }
            (Nature::Final, Nature::Final) => is_last(old) == is_last(new),
            (
                Nature::Atomic | Nature::Compound | Nature::Parallel,
                Nature::Compound | Nature::Parallel | Nature::Atomic,
            ) => true,
            (one, other) => one == other,
        };
        if fits {
            return Ok(());
        }
        Err(format!(
            "it is {}, and `{}` is {}{}: a migration brings no case to its end, and none back from it",
            kind(old.nature),
            shown(&new.name),
            kind(new.nature),
            if is_last(old) == is_last(new) { "" } else { " in another place" }
        ))
    }

    /// What a case could be refused for.
    pub(super) fn check(&self, found: &mut Found, beside: Beside<'_>) {
        let place = &self.mapping.place;
        let mut reached = Bits::default();
        for (state, node) in (0_u32..).zip(&self.old.nodes).skip(1) {
            // A case there has ended.
            if node.nature == Nature::Final && node.parent == 0 {
                continue;
            }
            let is_needed = match node.nature {
                Nature::Atomic | Nature::Final => true,
                Nature::Compound | Nature::Parallel => {
                    !node.timers.is_empty() || !node.invokes.is_empty()
                }
                Nature::Shallow | Nature::Deep => self.mapping.history == History::Keep,
            };
            match self.to(state) {
                Ok(target) if !node.nature.is_history() => {
                    let mut at = target;
                    while reached.insert(at) {
                        at = self.new.node(at).map_or(0, |node| node.parent);
                    }
                }
                Err(why)
                    if is_needed
                        // What was told of the text is not told of its state again.
                        && !found.0.iter().any(|told| why.ends_with(&told.error.message)) =>
                {
                    found.tell(Weight::Refused, place, why.to_owned());
                }
                _ => {}
            }
        }
        self.check_regions(&reached, found);
        self.check_timers(found);
        self.check_invoked(found, beside);
    }

    /// Whether something leads into every region of the parallel states that cases come to.
    fn check_regions(&self, reached: &Bits, found: &mut Found) {
        for state in reached.iter() {
            let Some(node) = self.new.node(state).filter(|node| node.nature == Nature::Parallel)
            else {
                continue;
            };
            let is_free = self.enter.contains(state)
                || self.enter.iter().any(|around| self.new.is_within(state, around));
            for child in node.children.iter().filter(|_| !is_free) {
                if !reached.contains(*child) && !self.enter.contains(*child) {
                    found.tell(Weight::Refused, &self.mapping.place, self.uncovered(*child));
                }
            }
        }
    }

    /// That nothing is active in a region.
    pub(super) fn uncovered(&self, region: u32) -> String {
        let node = self.new.node(region);
        let around = node.map_or("", |node| self.new.name_of(node.parent));
        let name = shown(self.new.name_of(region));
        format!(
            "nothing leads into `{name}`, a part of `{}` that is active with it: map a state into it, or write `{name}: initial` under `enter`",
            shown(around)
        )
    }
}

impl Program<Code> {
    /// What can be told of a move from this chart to another one, before any session is moved.
    pub(in crate::kyc) fn check_move(
        &self,
        new: &Self,
        mapping: &Mapping,
        beside: Beside<'_>,
    ) -> Vec<MigrationFinding> {
        let mut found = Found(Vec::new());
        let level = Level::new(Handle::Lent(self), Handle::Lent(new), mapping, &mut found);
        drop(level.assignments(beside, &mut found));
        level.check(&mut found, beside);
        found.0
    }
}

/// That what stands in another chart is told with its name.
pub(super) fn of_chart(found: Vec<MigrationFinding>, chart: &str) -> Vec<MigrationFinding> {
    let named = found.into_iter().map(|finding| {
        let message = format!("{} (in the chart `{}`)", finding.error.message, shown(chart));
        let error = ChartError { message, ..finding.error };
        MigrationFinding { error, ..finding }
    });
    named.collect()
}
