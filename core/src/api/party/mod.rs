//! Parties as plain data.

mod command;
mod personal;
mod question;
mod reason;
mod resolve;
mod view;

pub use command::{
    AmendParty, AssignAccount, ForgetParty, GrantAccess, LiftHold, MergeParties, PersonalField,
    PersonalText, PlaceHold, RegisterParty, RelateParties, RevokeAccess, SealData, SplitParty,
};
pub use personal::{Found, PersonalData, PersonalView, ReadData, identifiers_in, open_fields};
pub use question::{
    AccessPage, AccessQuery, AccessView, GrantView, HoldersQuery, ListGrants, PartyPage,
    PartyQuery, accesses_of, find_accesses, find_holders, find_parties, get_party, list_grants,
    the_party,
};
pub(super) use reason::explain;
pub use resolve::{VALUE_MAX, party_id};
pub use view::{
    AccountOfView, FieldView, ForgottenView, HolderView, LegalHoldView, PartyView, RelationView,
    party_view,
};
