//! Where a case waits for people, until when, and who is given it.

use super::act::Work;
use super::kind::{Assign, Queue, Ruling};
use super::refusal::Refusal;
use super::registry::Person;
use super::state::InQueue;
use super::told::instant;
use crate::kyc::chart::Event;
use crate::value::Value;

impl<'a> Work<'a> {
    /// A case that waited too long goes on to the next queue, and its chart hears of it.
    pub(super) fn missed(&mut self) -> Result<(), Refusal> {
        // A case goes on to a later queue only, so that this ends; in each its time begins when that of the one before was over, and not when somebody
        // looked.
        while let Some(place) = self.case.place.clone()
            && let Some(due) = place.due.filter(|due| *due <= self.by.at)
            && let Some(queue) = self.queue_named(&place.queue)
        {
            match queue.escalate.as_ref().map(|queue| self.queue_index(queue)).transpose()? {
                Some(index) => self.wait_in(index, due, Some(&place)),
                None => {
                    let missed = place.first_due();
                    self.case.place = Some(InQueue { due: None, missed, ..place.clone() });
                }
            }
            if let Some(missed) = &queue.missed {
                let data = Value::fields([
                    ("queue", Value::from(&*place.queue)),
                    ("since", instant(place.since)),
                    ("due", instant(due)),
                ]);
                self.hear(Event::named(missed.clone()).with(data), None)?;
            }
        }
        Ok(())
    }

    /// Puts the case where it belongs, unless it is there, or went on from there.
    pub(super) fn queue_again(&mut self) -> Result<(), Refusal> {
        // Where time rests, nothing moves.
        if self.case.paused_at.is_some() {
            return Ok(());
        }
        let belongs = self.desk.queue_of(self.case.session(), self.by.at);
        let belongs = belongs.map_err(|fault| self.guard_fault(&fault))?;
        let queue = belongs.and_then(|index| self.desk.kind().queues.get(index));
        let place = self.case.place.as_ref();
        // A queue that another version of the kind does not have any more is nowhere.
        let at = place.and_then(|place| Some((place, self.queue_named(&place.queue)?)));
        let stands = at.map(|(place, _)| place.from.as_ref().unwrap_or(&place.queue));
        let is_gone = place.is_some() && at.is_none();
        if is_gone || stands != queue.map(|queue| &queue.id) {
            // Whatever it rested for, it is another matter now.
            self.case.snoozed_until = None;
            match belongs {
                Some(index) => self.wait_in(index, self.by.at, None),
                None => (self.case.place, self.case.assignee) = (None, None),
            }
        } else if let Some((_, queue)) = at
            && let Some(person) = &self.case.assignee
            && !(self.can_work(queue, person) && self.can_decide(person, &self.open_rulings()))
        {
            // Who is not on the register any more, has another role there, or has nothing left to decide, does not keep the case.
            self.case.assignee = self.next_person(queue);
        }
        Ok(())
    }

    /// Has the case wait in a queue since an instant; where it goes on from another place, with what was known of that.
    pub(super) fn wait_in(&mut self, index: usize, since: i64, before: Option<&InQueue>) {
        let Some(queue) = self.desk.kind().queues.get(index) else { return };
        // No instant is that late: then it is never due.
        let due = queue.within.and_then(|within| within.after(since).ok());
        let from = before.map(|before| before.from.as_ref().unwrap_or(&before.queue).clone());
        let now = self.by.at;
        self.case.place = Some(InQueue {
            queue: queue.id.clone(),
            since,
            due,
            from: from.filter(|from| *from != queue.id),
            waits_since: before.map(InQueue::waits_since),
            missed: before.and_then(|before| before.first_due().filter(|due| *due <= now)),
        });
        let still = self.case.assignee.take().filter(|person| self.can_work(queue, person));
        self.case.assignee = still.or_else(|| self.next_person(queue));
    }

    /// Who gets the next case of a queue.
    fn next_person(&self, queue: &Queue) -> Option<String> {
        if queue.assign == Assign::Nobody {
            return None;
        }
        let open = self.open_rulings();
        let people = self.cases.people().filter(|(name, person)| {
            person.is_present && self.can_work(queue, name) && self.can_decide(name, &open)
        });
        let next = match queue.assign {
            Assign::Nobody => None,
            Assign::LeastLoaded => people.min_by_key(|(name, _)| (self.cases.load_of(name), *name)),
            Assign::RoundRobin => people.min_by_key(|(name, person)| (person.given, *name)),
        };
        next.map(|(name, _)| name.to_owned())
    }

    /// What can be decided now.
    fn open_rulings(&self) -> Vec<&'a Ruling> {
        self.desk.open_rulings(self.case.session())
    }

    /// Whether somebody can vote for something of what can be decided, as far as their part in the case goes; where there is nothing, anybody can.
    fn can_decide(&self, person: &str, open: &[&Ruling]) -> bool {
        let mut votes = self.case.pending.iter().flat_map(|pending| &pending.votes);
        let mut may = open.iter().map(|ruling| self.part_of(&ruling.not_by, person).is_none());
        open.is_empty() || !votes.any(|vote| vote.by == person) && may.any(|may| may)
    }

    /// Whether who works on the case can go on with it: they are there, and can decide.
    pub(super) fn is_at_work(&self, person: &str) -> bool {
        self.cases.person(person).is_ok_and(|person| person.is_present)
            && self.may_work(person).is_ok()
            && self.can_decide(person, &self.open_rulings())
    }

    fn can_work(&self, queue: &Queue, person: &str) -> bool {
        let of = |person: &Person| {
            queue.roles.is_empty() || queue.roles.iter().any(|role| person.roles.contains(role))
        };
        self.cases.person(person).is_ok_and(of)
    }

    /// That somebody may work on the case where it waits.
    pub(super) fn may_work(&self, person: &str) -> Result<(), Refusal> {
        let place = self.case.place.as_ref();
        let queue = place.and_then(|place| self.queue_named(&place.queue));
        let Some(queue) = queue else { return Err(self.no_place()) };
        self.role_of(person, "work on it", &queue.roles).map(|_| ())
    }

    /// The queue of a name, if the kind has one.
    fn queue_named(&self, name: &str) -> Option<&'a Queue> {
        self.desk.kind().queues.iter().find(|queue| queue.id == name)
    }

    pub(super) fn queue_index(&self, name: &str) -> Result<usize, Refusal> {
        let queues = &self.desk.kind().queues;
        let found = queues.iter().position(|queue| queue.id == name);
        found.ok_or_else(|| self.unknown("queue", name, queues.iter().map(|queue| &queue.id)))
    }

    /// That the case waits nowhere.
    pub(super) fn no_place(&self) -> Refusal {
        let what = format!("`{}` waits in no queue: nobody has to work on it", self.case.key);
        Refusal::Text { field: "case", what }
    }
}
