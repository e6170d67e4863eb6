//! Parties as plain data.

mod command;
mod detail;
mod personal;
mod question;
mod reason;
mod resolve;
mod view;

pub use command::{
    AmendParty, AssignAccount, DefineRetention, ForgetParty, GrantAccess, LiftHold, MergeParties,
    PersonalField, PersonalText, PlaceHold, RegisterParty, RelateParties, RevokeAccess, SealData,
    SplitParty,
};
pub(super) use detail::SealTo;
pub use personal::{
    DetailView, Found, PersonalData, PersonalView, ReadData, ToOpen, check_reason, identifiers_in,
};
pub use question::{
    AccessPage, AccessQuery, AccessView, GrantView, HoldersQuery, ListGrants, ListRetentions,
    PartyPage, PartyQuery, RetentionView, accesses_of, find_accesses, find_holders, find_parties,
    get_party, list_grants, list_retentions, the_party,
};
pub(super) use reason::explain;
pub use resolve::{VALUE_MAX, party_id};
pub use view::{
    AccountOfView, FieldView, ForgottenView, HolderView, LegalHoldView, PartyView, RelationView,
    party_view,
};
