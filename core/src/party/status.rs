//! What became of a change of the registry: numbered statuses in order of precedence.

use crate::statuses::statuses;

statuses! {
    /// What became of a request to change the registry.
    PartyStatus {
        /// It is done.
        0 Created "created",
        /// Another member of the linked chain failed, so all of it did.
        10 LinkedEventFailed "linked_event_failed",
        /// Id zero means *none*.
        20 IdMustNotBeZero "id_must_not_be_zero",
        /// Id 2¹²⁸−1 is reserved.
        30 IdMustNotBeIntMax "id_must_not_be_int_max",
        /// The party is registered as another kind.
        40 ExistsWithDifferentKind "exists_with_different_kind",
        /// The party is registered as the client of another broker, or of none.
        50 ExistsWithDifferentBroker "exists_with_different_broker",
        /// The party is registered under another key, or the key names another party.
        60 ExistsWithDifferentKey "exists_with_different_key",
        /// A person can only be one person; two parties were named that are one.
        70 PartiesMustBeDifferent "parties_must_be_different",
        /// A flag is both set and cleared.
        80 FlagsAreMutuallyExclusive "flags_are_mutually_exclusive",
        /// It ends before it begins.
        90 UntilMustNotPrecedeSince "until_must_not_precede_since",
        /// The instant until which it is granted has passed.
        100 UntilMustNotBePast "until_must_not_be_past",
        /// The party does not exist.
        110 PartyNotFound "party_not_found",
        /// The other party does not exist.
        120 OtherPartyNotFound "other_party_not_found",
        /// The broker does not exist, or is no broker.
        130 BrokerNotFound "broker_not_found",
        /// The account does not exist.
        140 AccountNotFound "account_not_found",
        /// There is no such hold.
        150 HoldNotFound "hold_not_found",
        /// The field was never taken down.
        160 FieldNotFound "field_not_found",
        /// There is no such retention class: define it first.
        165 RetentionNotFound "retention_not_found",
        /// The party was merged into another: name that one.
        170 PartyWasMerged "party_was_merged",
        /// The party was not merged into another.
        180 PartyWasNotMerged "party_was_not_merged",
        /// The parties are of different kinds, or clients of different brokers.
        190 PartiesMustBeAlike "parties_must_be_alike",
        /// The party was forgotten: nothing more can be known of it.
        200 PartyWasForgotten "party_was_forgotten",
        /// The field is kept by a law, and cannot be held by consent: take it down under another name.
        203 FieldIsKeptByLaw "field_is_kept_by_law",
        /// The party's key is not there, as where it was registered at the same moment by another request: try again.
        205 KeyNotAvailable "key_not_available",
        /// It is so already: a retry.
        210 Exists "exists",
        /// The party has as many flags, relations, accounts or holds as it may have.
        220 TooMany "too_many",
        /// A legal hold is in force.
        230 LegalHoldInForce "legal_hold_in_force",
        /// What the law has kept is still needed for a relationship that has not ended.
        240 RelationshipHasNotEnded "relationship_has_not_ended",
        /// The time for which the law has it kept has not passed.
        250 RetentionHasNotPassed "retention_has_not_passed",
    }
}
