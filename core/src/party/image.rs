//! The registry written out, and the digest that tells two registries apart.

use minicbor::Encoder;
use sha2::{Digest, Sha256};

use super::change::{Amendment, Assignment, Forget, LegalHold, Merge, NewParty, Relation};
use super::registry::{Party, Registry};
use crate::Id;
use crate::codec::Canonical;

impl Registry {
    /// The registry as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // INVARIANT: the writer is memory, which takes every byte.
        let _ = Encoder::new(&mut bytes).encode(self);
        bytes
    }

    /// Reads what [`Registry::to_bytes`] wrote.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut read: Self = minicbor::decode(bytes).map_err(|_| "the parties are unreadable")?;
        let parties: Vec<_> = read.parties.iter().map(|(id, one)| (*id, one.clone())).collect();
        for (id, party) in parties {
            if id != party.id {
                return Err("a party stands under another id");
            }
            let named = Id::from_key("party", &party.key);
            if !party.key.is_empty() && named != id {
                read.aliases.insert(named, id);
            }
            read.clients.insert((party.broker, id));
            if let Some((_, at)) = party.forgotten {
                read.forgotten.insert((at.sequence, id));
            }
            if let Some(into) = party.merged_into {
                read.merged.entry(into).or_default().insert(id);
            }
        }
        let chains = read.parties.keys().map(|id| read.ends(*id));
        if !chains.into_iter().all(|ends| ends) {
            return Err("parties are merged in a circle, or into none");
        }
        read.relations_to =
            read.relations.keys().map(|(from, role, to)| (*to, *role, *from)).collect();
        read.holders =
            read.accounts.keys().map(|(party, account, role)| (*account, *party, *role)).collect();
        read.names.index();
        if read.to_bytes() == bytes {
            Ok(read)
        } else {
            Err("the parties are not in their canonical form")
        }
    }

    /// SHA-256 over the changes that would lead to this registry, in a fixed order: `docs/format.md` writes them down.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"thalium.parties.v1\0");
        for party in self.parties.values() {
            self.hash_party(party, &mut hash);
        }
        for ((from, role, to), span) in &self.relations {
            let (from, role, to) = (*from, *role, *to);
            let (since, until, share) = (span.since, span.until, span.share);
            hash.update(Relation { from, to, role, since, until, share }.to_bytes());
        }
        for ((party, account, role), span) in &self.accounts {
            let (party, account, role) = (*party, *account, *role);
            let (since, until) = (span.since, span.until);
            hash.update(Assignment { party, account, role, since, until }.to_bytes());
        }
        for (grant, _) in self.grants() {
            hash.update(grant.to_bytes());
        }
        for (class, _) in self.retentions() {
            hash.update(class.to_bytes());
        }
        hash.finalize().into()
    }

    /// Whether going from one to that into which it was merged comes to an end.
    fn ends(&self, mut id: Id) -> bool {
        for _ in 0..=self.parties.len() {
            match self.parties.get(&id).map(|party| party.merged_into) {
                Some(None) => return true,
                Some(Some(into)) => id = into,
                None => return false,
            }
        }
        false
    }

    fn hash_party(&self, party: &Party, hash: &mut Sha256) {
        let id = party.id;
        let broker = (party.broker != Id::ZERO).then_some(party.broker);
        let key = Some(party.key.clone()).filter(|key| !key.is_empty());
        hash.update(NewParty { id, kind: party.kind, broker, key }.to_bytes());
        let amendment = Amendment {
            party: id,
            kyc_level: Some(party.kyc_level),
            risk: party.risk,
            set: Some(party.flags.iter().cloned().collect::<Vec<_>>())
                .filter(|set| !set.is_empty()),
            clear: None,
            ended: party.ended,
            resumed: None,
        };
        hash.update(amendment.to_bytes());
        if let Some(into) = party.merged_into {
            hash.update(Merge { into, party: id }.to_bytes());
        }
        if let Some((scope, _)) = party.forgotten {
            hash.update(Forget { party: id, scope }.to_bytes());
        }
        for (name, hold) in &party.holds {
            let reason = Some(hold.reason.clone()).filter(|reason| !reason.is_empty());
            hash.update(
                LegalHold { party: id, name: name.clone(), until: hold.until, reason }.to_bytes(),
            );
        }
        // What may be forgotten, and when, follows from it.
        if let Some(years) = party.law_years {
            hash.update([b'y', years]);
        }
        // Numbers of names depend on what was taken down first, and are no part of the state.
        let mut classes: Vec<_> =
            party.retentions.iter().map(|name| self.names.text(*name)).collect();
        classes.sort_unstable();
        for name in classes {
            hash.update(b"r");
            hash.update(name.as_bytes());
            hash.update([0]);
        }
        let mut fields: Vec<_> =
            party.fields.iter().map(|(name, at)| (self.names.text(*name), at.sequence)).collect();
        fields.sort_unstable();
        for (name, sequence) in fields {
            hash.update(name.as_bytes());
            hash.update([0]);
            hash.update(sequence.to_le_bytes());
        }
    }
}

#[cfg(test)]
#[path = "image_tests.rs"]
mod tests;
