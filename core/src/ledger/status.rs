//! What became of a command: numbered statuses in order of precedence.
//!
//! When several apply, the one that stands first here is returned. A number is a promise: it is stored in the log,
//! sent over every border and never given to another status. Numbers ascend with precedence and leave gaps, so that
//! a later status can take its place. The names and the precedence of the account and transfer statuses are those of
//! TigerBeetle's `create_accounts` and `create_transfers`; the ones that only this ledger has are marked *(own)*.

use crate::statuses::statuses;

statuses! {
    /// What became of a request to open an account.
    AccountStatus {
        /// The account is open.
        0 Created "created",
        /// Another member of the linked chain failed, so all of it did.
        10 LinkedEventFailed "linked_event_failed",
        /// The last command of the request is linked to a next one that does not exist.
        20 LinkedEventChainOpen "linked_event_chain_open",
        /// The first account of the request is imported, so all must be.
        30 ImportedEventExpected "imported_event_expected",
        /// The first account of the request is not imported, so none may be.
        40 ImportedEventNotExpected "imported_event_not_expected",
        /// Only an imported account brings its own timestamp.
        50 TimestampMustBeZero "timestamp_must_be_zero",
        /// An imported account's timestamp is not positive.
        60 ImportedEventTimestampOutOfRange "imported_event_timestamp_out_of_range",
        /// An imported account's timestamp is not in the past.
        70 ImportedEventTimestampMustNotAdvance "imported_event_timestamp_must_not_advance",
        /// A reserved field is not zero.
        80 ReservedField "reserved_field",
        /// A reserved flag is set.
        90 ReservedFlag "reserved_flag",
        /// Id zero means *none*.
        100 IdMustNotBeZero "id_must_not_be_zero",
        /// Id 2¹²⁸−1 is reserved.
        110 IdMustNotBeIntMax "id_must_not_be_int_max",
        /// The account exists with other flags.
        120 ExistsWithDifferentFlags "exists_with_different_flags",
        /// The account exists with another `user_data_128`.
        130 ExistsWithDifferentUserData128 "exists_with_different_user_data_128",
        /// The account exists with another `user_data_64`.
        140 ExistsWithDifferentUserData64 "exists_with_different_user_data_64",
        /// The account exists with another `user_data_32`.
        150 ExistsWithDifferentUserData32 "exists_with_different_user_data_32",
        /// The account exists in another asset.
        160 ExistsWithDifferentLedger "exists_with_different_ledger",
        /// The account exists with another code.
        170 ExistsWithDifferentCode "exists_with_different_code",
        /// *(own)* The account exists with another kind.
        180 ExistsWithDifferentKind "exists_with_different_kind",
        /// *(own)* The account exists under another parent.
        190 ExistsWithDifferentParent "exists_with_different_parent",
        /// *(own)* The account exists with another key, name or metadata; or the key already names another account.
        200 ExistsWithDifferentDetail "exists_with_different_detail",
        /// The account exists, as asked for: a retry.
        210 Exists "exists",
        /// Both limits are set, or two flags contradict each other.
        220 FlagsAreMutuallyExclusive "flags_are_mutually_exclusive",
        /// An account opens empty.
        230 DebitsPendingMustBeZero "debits_pending_must_be_zero",
        /// An account opens empty.
        240 DebitsPostedMustBeZero "debits_posted_must_be_zero",
        /// An account opens empty.
        250 CreditsPendingMustBeZero "credits_pending_must_be_zero",
        /// An account opens empty.
        260 CreditsPostedMustBeZero "credits_posted_must_be_zero",
        /// An account belongs to an asset.
        270 LedgerMustNotBeZero "ledger_must_not_be_zero",
        /// An account has a code.
        280 CodeMustNotBeZero "code_must_not_be_zero",
        /// *(own)* No asset is registered under this ledger number.
        290 AssetNotFound "asset_not_found",
        /// *(own)* The parent does not exist.
        300 ParentNotFound "parent_not_found",
        /// An imported account's timestamp is not after the newest account's, or is a transfer's.
        310 ImportedEventTimestampMustNotRegress "imported_event_timestamp_must_not_regress",
        /// *(own)* The party that the name or the metadata is sealed to does not exist.
        320 SubjectNotFound "subject_not_found",
        /// *(own)* The retention class under which the name or the metadata is sealed does not exist: define it first.
        322 RetentionNotFound "retention_not_found",
        /// *(own)* The party that the name or the metadata is sealed to was merged into another: name that one.
        325 SubjectWasMerged "subject_was_merged",
        /// *(own)* The party that the name or the metadata is sealed to was forgotten.
        330 SubjectWasForgotten "subject_was_forgotten",
        /// *(own)* The key of the party that the name or the metadata is sealed to is not at hand: try again.
        340 SubjectKeyNotAvailable "subject_key_not_available",
    }
}

statuses! {
    /// What became of a request to book a transfer.
    TransferStatus {
        /// The transfer is booked.
        0 Created "created",
        /// Another member of the linked chain failed, so all of it did.
        10 LinkedEventFailed "linked_event_failed",
        /// The last command of the request is linked to a next one that does not exist.
        20 LinkedEventChainOpen "linked_event_chain_open",
        /// The first transfer of the request is imported, so all must be.
        30 ImportedEventExpected "imported_event_expected",
        /// The first transfer of the request is not imported, so none may be.
        40 ImportedEventNotExpected "imported_event_not_expected",
        /// Only an imported transfer brings its own timestamp.
        50 TimestampMustBeZero "timestamp_must_be_zero",
        /// An imported transfer's timestamp is not positive.
        60 ImportedEventTimestampOutOfRange "imported_event_timestamp_out_of_range",
        /// An imported transfer's timestamp is not in the past.
        70 ImportedEventTimestampMustNotAdvance "imported_event_timestamp_must_not_advance",
        /// A reserved flag is set.
        80 ReservedFlag "reserved_flag",
        /// Id zero means *none*.
        90 IdMustNotBeZero "id_must_not_be_zero",
        /// Id 2¹²⁸−1 is reserved.
        100 IdMustNotBeIntMax "id_must_not_be_int_max",
        /// The transfer exists with other flags.
        110 ExistsWithDifferentFlags "exists_with_different_flags",
        /// The transfer exists for another pending transfer.
        120 ExistsWithDifferentPendingId "exists_with_different_pending_id",
        /// The transfer exists with another timeout.
        130 ExistsWithDifferentTimeout "exists_with_different_timeout",
        /// The transfer exists with another debit account.
        140 ExistsWithDifferentDebitAccountId "exists_with_different_debit_account_id",
        /// The transfer exists with another credit account.
        150 ExistsWithDifferentCreditAccountId "exists_with_different_credit_account_id",
        /// The transfer exists with another amount.
        160 ExistsWithDifferentAmount "exists_with_different_amount",
        /// The transfer exists with another `user_data_128`.
        170 ExistsWithDifferentUserData128 "exists_with_different_user_data_128",
        /// The transfer exists with another `user_data_64`.
        180 ExistsWithDifferentUserData64 "exists_with_different_user_data_64",
        /// The transfer exists with another `user_data_32`.
        190 ExistsWithDifferentUserData32 "exists_with_different_user_data_32",
        /// The transfer exists in another asset.
        200 ExistsWithDifferentLedger "exists_with_different_ledger",
        /// The transfer exists with another code.
        210 ExistsWithDifferentCode "exists_with_different_code",
        /// *(own)* The transfer exists with another effective date.
        220 ExistsWithDifferentEffectiveDate "exists_with_different_effective_date",
        /// *(own)* The transfer exists with another key, description or metadata; or the key names another transfer.
        230 ExistsWithDifferentDetail "exists_with_different_detail",
        /// *(own)* The id is that of a transaction with other legs, or of one of its legs.
        240 ExistsWithDifferentLegs "exists_with_different_legs",
        /// The transfer exists, as asked for: a retry.
        250 Exists "exists",
        /// An earlier attempt with this id failed for a reason that may pass; the id is spent, so that a retry can
        /// not succeed where the caller has seen a failure.
        260 IdAlreadyFailed "id_already_failed",
        /// Two flags contradict each other.
        270 FlagsAreMutuallyExclusive "flags_are_mutually_exclusive",
        /// The debit account is id zero.
        280 DebitAccountIdMustNotBeZero "debit_account_id_must_not_be_zero",
        /// The debit account is id 2¹²⁸−1.
        290 DebitAccountIdMustNotBeIntMax "debit_account_id_must_not_be_int_max",
        /// The credit account is id zero.
        300 CreditAccountIdMustNotBeZero "credit_account_id_must_not_be_zero",
        /// The credit account is id 2¹²⁸−1.
        310 CreditAccountIdMustNotBeIntMax "credit_account_id_must_not_be_int_max",
        /// Money moves between two accounts.
        320 AccountsMustBeDifferent "accounts_must_be_different",
        /// Only a post or a void names a pending transfer.
        330 PendingIdMustBeZero "pending_id_must_be_zero",
        /// A post or a void names a pending transfer.
        340 PendingIdMustNotBeZero "pending_id_must_not_be_zero",
        /// The pending id is 2¹²⁸−1.
        350 PendingIdMustNotBeIntMax "pending_id_must_not_be_int_max",
        /// A transfer does not resolve itself.
        360 PendingIdMustBeDifferent "pending_id_must_be_different",
        /// Only a pending transfer has a timeout.
        370 TimeoutReservedForPendingTransfer "timeout_reserved_for_pending_transfer",
        /// Only a pending transfer closes an account, so that a void can open it again.
        380 ClosingTransferMustBePending "closing_transfer_must_be_pending",
        /// A transfer belongs to an asset.
        390 LedgerMustNotBeZero "ledger_must_not_be_zero",
        /// A transfer has a code.
        400 CodeMustNotBeZero "code_must_not_be_zero",
        /// *(own)* A transaction has no legs, or one that moves nothing.
        402 LegsMustNotBeEmpty "legs_must_not_be_empty",
        /// *(own)* The debits and credits of a transaction differ in some asset.
        404 LegsMustBalance "legs_must_balance",
        /// The debit account does not exist (yet).
        410 DebitAccountNotFound "debit_account_not_found",
        /// The credit account does not exist (yet).
        420 CreditAccountNotFound "credit_account_not_found",
        /// The accounts hold different assets.
        430 AccountsMustHaveTheSameLedger "accounts_must_have_the_same_ledger",
        /// The transfer names another asset than its accounts hold.
        440 TransferMustHaveTheSameLedgerAsAccounts "transfer_must_have_the_same_ledger_as_accounts",
        /// The pending transfer does not exist (yet).
        450 PendingTransferNotFound "pending_transfer_not_found",
        /// The transfer named is not a pending one.
        460 PendingTransferNotPending "pending_transfer_not_pending",
        /// The pending transfer debits another account.
        470 PendingTransferHasDifferentDebitAccountId "pending_transfer_has_different_debit_account_id",
        /// The pending transfer credits another account.
        480 PendingTransferHasDifferentCreditAccountId "pending_transfer_has_different_credit_account_id",
        /// The pending transfer is in another asset.
        490 PendingTransferHasDifferentLedger "pending_transfer_has_different_ledger",
        /// The pending transfer has another code.
        500 PendingTransferHasDifferentCode "pending_transfer_has_different_code",
        /// More is posted than was held.
        510 ExceedsPendingTransferAmount "exceeds_pending_transfer_amount",
        /// A void releases the whole amount.
        520 PendingTransferHasDifferentAmount "pending_transfer_has_different_amount",
        /// The pending transfer was posted before.
        530 PendingTransferAlreadyPosted "pending_transfer_already_posted",
        /// The pending transfer was voided before.
        540 PendingTransferAlreadyVoided "pending_transfer_already_voided",
        /// The pending transfer timed out.
        550 PendingTransferExpired "pending_transfer_expired",
        /// An imported transfer's timestamp is not after the newest transfer's, or is an account's.
        560 ImportedEventTimestampMustNotRegress "imported_event_timestamp_must_not_regress",
        /// An imported transfer is older than its debit account.
        570 ImportedEventTimestampMustPostdateDebitAccount "imported_event_timestamp_must_postdate_debit_account",
        /// An imported transfer is older than its credit account.
        580 ImportedEventTimestampMustPostdateCreditAccount "imported_event_timestamp_must_postdate_credit_account",
        /// An imported pending transfer has no timeout.
        590 ImportedEventTimeoutMustBeZero "imported_event_timeout_must_be_zero",
        /// The debit account is closed.
        600 DebitAccountAlreadyClosed "debit_account_already_closed",
        /// The credit account is closed.
        610 CreditAccountAlreadyClosed "credit_account_already_closed",
        /// The debit account's pending debits would pass 2¹²⁸−1.
        620 OverflowsDebitsPending "overflows_debits_pending",
        /// The credit account's pending credits would pass 2¹²⁸−1.
        630 OverflowsCreditsPending "overflows_credits_pending",
        /// The debit account's posted debits would pass 2¹²⁸−1.
        640 OverflowsDebitsPosted "overflows_debits_posted",
        /// The credit account's posted credits would pass 2¹²⁸−1.
        650 OverflowsCreditsPosted "overflows_credits_posted",
        /// The debit account's debits would pass 2¹²⁸−1 in all.
        660 OverflowsDebits "overflows_debits",
        /// The credit account's credits would pass 2¹²⁸−1 in all.
        670 OverflowsCredits "overflows_credits",
        /// The timeout ends after the last instant that can be written.
        680 OverflowsTimeout "overflows_timeout",
        /// The debit account would owe more than it has.
        690 ExceedsCredits "exceeds_credits",
        /// The credit account would receive more than it has given.
        700 ExceedsDebits "exceeds_debits",
        /// *(own)* The party that the description or the metadata is sealed to does not exist.
        710 SubjectNotFound "subject_not_found",
        /// *(own)* The retention class under which the description or the metadata is sealed does not exist: define it first.
        712 RetentionNotFound "retention_not_found",
        /// *(own)* The party that the description or the metadata is sealed to was merged into another: name that one.
        715 SubjectWasMerged "subject_was_merged",
        /// *(own)* The party that the description or the metadata is sealed to was forgotten.
        720 SubjectWasForgotten "subject_was_forgotten",
        /// *(own)* The key of the party that the description or the metadata is sealed to is not at hand: try again.
        730 SubjectKeyNotAvailable "subject_key_not_available",
    }
}

statuses! {
    /// What became of a request to register an asset.
    AssetStatus {
        /// The asset is registered.
        0 Created "created",
        /// Another member of the linked chain failed, so all of it did.
        10 LinkedEventFailed "linked_event_failed",
        /// Ledger number zero means *none*.
        30 LedgerMustNotBeZero "ledger_must_not_be_zero",
        /// The code is registered with another scale.
        40 ExistsWithDifferentScale "exists_with_different_scale",
        /// The code is registered with another kind.
        50 ExistsWithDifferentKind "exists_with_different_kind",
        /// The code is registered under another ledger number.
        60 ExistsWithDifferentLedger "exists_with_different_ledger",
        /// The ledger number belongs to another asset.
        70 LedgerAlreadyTaken "ledger_already_taken",
        /// The asset is registered, as asked for: a retry.
        80 Exists "exists",
    }
}

impl TransferStatus {
    /// Whether a failure may pass by itself, so that its id is spent (`id_already_failed` ever after).
    ///
    /// Without this a retry could succeed after its caller was told that it failed.
    #[must_use]
    #[rustfmt::skip]
    pub const fn is_transient(self) -> bool {
        use TransferStatus as S;
        match self {
            S::DebitAccountNotFound | S::CreditAccountNotFound | S::PendingTransferNotFound
            | S::ExceedsCredits | S::ExceedsDebits
            | S::DebitAccountAlreadyClosed | S::CreditAccountAlreadyClosed => true,
            S::Created | S::LinkedEventFailed | S::LinkedEventChainOpen | S::ImportedEventExpected
            | S::ImportedEventNotExpected | S::TimestampMustBeZero | S::ImportedEventTimestampOutOfRange
            | S::ImportedEventTimestampMustNotAdvance | S::ReservedFlag | S::IdMustNotBeZero | S::IdMustNotBeIntMax
            | S::ExistsWithDifferentFlags | S::ExistsWithDifferentPendingId | S::ExistsWithDifferentTimeout
            | S::ExistsWithDifferentDebitAccountId | S::ExistsWithDifferentCreditAccountId
            | S::ExistsWithDifferentAmount | S::ExistsWithDifferentUserData128 | S::ExistsWithDifferentUserData64
            | S::ExistsWithDifferentUserData32 | S::ExistsWithDifferentLedger | S::ExistsWithDifferentCode
            | S::ExistsWithDifferentEffectiveDate | S::ExistsWithDifferentDetail | S::ExistsWithDifferentLegs
            | S::Exists | S::IdAlreadyFailed | S::FlagsAreMutuallyExclusive | S::DebitAccountIdMustNotBeZero
            | S::DebitAccountIdMustNotBeIntMax | S::CreditAccountIdMustNotBeZero
            | S::CreditAccountIdMustNotBeIntMax | S::AccountsMustBeDifferent | S::PendingIdMustBeZero
            | S::PendingIdMustNotBeZero | S::PendingIdMustNotBeIntMax | S::PendingIdMustBeDifferent
            | S::TimeoutReservedForPendingTransfer | S::ClosingTransferMustBePending | S::LedgerMustNotBeZero
            | S::CodeMustNotBeZero | S::LegsMustNotBeEmpty | S::LegsMustBalance | S::AccountsMustHaveTheSameLedger
            | S::TransferMustHaveTheSameLedgerAsAccounts | S::PendingTransferNotPending
            | S::PendingTransferHasDifferentDebitAccountId | S::PendingTransferHasDifferentCreditAccountId
            | S::PendingTransferHasDifferentLedger | S::PendingTransferHasDifferentCode
            | S::ExceedsPendingTransferAmount | S::PendingTransferHasDifferentAmount
            | S::PendingTransferAlreadyPosted | S::PendingTransferAlreadyVoided | S::PendingTransferExpired
            | S::ImportedEventTimestampMustNotRegress | S::ImportedEventTimestampMustPostdateDebitAccount
            | S::ImportedEventTimestampMustPostdateCreditAccount | S::ImportedEventTimeoutMustBeZero
            | S::OverflowsDebitsPending | S::OverflowsCreditsPending | S::OverflowsDebitsPosted
            | S::OverflowsCreditsPosted | S::OverflowsDebits | S::OverflowsCredits | S::OverflowsTimeout
            | S::SubjectNotFound | S::RetentionNotFound | S::SubjectWasMerged | S::SubjectWasForgotten
            | S::SubjectKeyNotAvailable => false,
        }
    }

    /// Whether this is the answer to a retry of something that was booked.
    #[must_use]
    pub const fn is_replay(self) -> bool {
        matches!(self, Self::Exists)
    }
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
